package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"weir/internal/lang"
)

// kind is what a token is, as far as the guard needs to know.
type kind int

const (
	word      kind = iota // identifier, keyword or number
	quoted                // string or quoted identifier
	parameter             // $name
	open                  // ( [ {
	closing               // ) ] }
	semicolon
	other // any other character
)

// token is a piece of the text that is neither space nor comment.
type token struct {
	kind       kind
	start, end int // bytes
}

// scanner cuts a text into tokens by the rules of DuckDB's lexer.
type scanner struct {
	text string
	at   int
}

// clean replaces space characters other than the ASCII ones by blanks of the same length, outside of strings: the
// engine would do so with blanks of one byte, after which its positions no longer fit the text. Full-width
// punctuation, the commonest slip of a Chinese keyboard, is refused by name.
func clean(text string) (string, []token, *Refusal) {
	if i := strings.IndexByte(text, 0); i >= 0 {
		return "", nil, refuse(text, i, lang.T("含有空字符", "the text holds a zero byte"), lang.Text{})
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 {
			return "", nil, refuse(text, i, lang.T("不是有效的 UTF-8 文本", "the text is not valid UTF-8"),
				lang.T("请以 UTF-8 编码保存", "save it as UTF-8"))
		}
		i += n
	}
	s := scanner{text: text}
	var b strings.Builder
	var tokens []token
	copied := 0
	for {
		t, ok, refusal := s.next()
		if refusal != nil {
			return "", nil, refusal
		}
		if !ok {
			break
		}
		r, n := utf8.DecodeRuneInString(text[t.start:])
		switch {
		case t.kind == other && n > 1 && unicode.IsSpace(r), t.kind == other && (r == '\u200b' || r == '\ufeff'):
			b.WriteString(text[copied:t.start] + strings.Repeat(" ", n))
			copied = t.start + n
			continue
		case t.kind == other && n > 1:
			return "", nil, refuse(text, t.start, lang.T("引号之外有字符“"+string(r)+"”", "the character “"+string(r)+"” stands outside of quotes"),
				lang.T("标点请用半角", "write punctuation in its half-width form, such as , ( ) ' ;"))
		}
		tokens = append(tokens, t)
	}
	b.WriteString(text[copied:])
	return b.String(), tokens, nil
}

// next gives the next token.
func (s *scanner) next() (token, bool, *Refusal) {
	if refusal := s.skip(); refusal != nil || s.at >= len(s.text) {
		return token{}, false, refusal
	}
	start := s.at
	rest := s.text[start:]
	c := rest[0]
	t := token{kind: other, start: start}
	var refusal *Refusal
	switch {
	case c == '\'' || c == '"':
		t.kind, refusal = quoted, s.quote(start, c, false)
	case (c == 'e' || c == 'E') && len(rest) > 1 && rest[1] == '\'':
		s.at++
		t.kind, refusal = quoted, s.quote(start, '\'', true)
	case c == '$':
		t.kind, refusal = s.dollar(start)
	case strings.IndexByte("([{", c) >= 0:
		t.kind, s.at = open, start+1
	case strings.IndexByte(")]}", c) >= 0:
		t.kind, s.at = closing, start+1
	case c == ';':
		t.kind, s.at = semicolon, start+1
	default:
		if n := wordLength(rest); n > 0 {
			t.kind, s.at = word, start+n
		} else {
			_, n := utf8.DecodeRuneInString(rest)
			s.at = start + n
		}
	}
	t.end = s.at
	return t, true, refusal
}

// skip passes over ASCII space and comments; block comments nest.
func (s *scanner) skip() *Refusal {
	for s.at < len(s.text) {
		rest := s.text[s.at:]
		switch {
		case strings.IndexByte(" \t\n\r\f\v", rest[0]) >= 0:
			s.at++
		case strings.HasPrefix(rest, "--"):
			if i := strings.IndexAny(rest, "\n\r"); i >= 0 {
				s.at += i
			} else {
				s.at = len(s.text)
			}
		case strings.HasPrefix(rest, "/*"):
			if refusal := s.block(); refusal != nil {
				return refusal
			}
		default:
			return nil
		}
	}
	return nil
}

func (s *scanner) block() *Refusal {
	start, depth := s.at, 0
	for s.at < len(s.text) {
		rest := s.text[s.at:]
		switch {
		case strings.HasPrefix(rest, "/*"):
			depth++
			s.at += 2
		case strings.HasPrefix(rest, "*/"):
			depth--
			s.at += 2
			if depth == 0 {
				return nil
			}
		default:
			s.at++
		}
	}
	return refuse(s.text, start, lang.T("注释没有结束", "the comment does not end"), lang.T("补上 */", "close it with */"))
}

// quote passes over a string or quoted name that begins at the scanner's place; a doubled quote stands for itself.
func (s *scanner) quote(start int, mark byte, backslash bool) *Refusal {
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case backslash && c == '\\':
			s.at++
		case c == mark && s.at+1 < len(s.text) && s.text[s.at+1] == mark:
			s.at++
		case c == mark:
			s.at++
			return nil
		}
	}
	s.at = len(s.text)
	return refuse(s.text, start, lang.T("引号没有结束", "the quotation does not end"), lang.T("补上右引号", "close it with "+string(mark)))
}

// dollar reads $name, or a string between $tag$ marks.
func (s *scanner) dollar(start int) (kind, *Refusal) {
	rest := s.text[start+1:]
	n := wordLength(rest)
	tag := rest[:n]
	if i := strings.IndexByte(tag, '$'); i >= 0 {
		tag, n = tag[:i], i
	}
	if len(rest) > n && rest[n] == '$' && (n == 0 || tag[0] < '0' || tag[0] > '9') {
		mark := "$" + tag + "$"
		end := strings.Index(rest[n+1:], mark)
		if end < 0 {
			return quoted, refuse(s.text, start, lang.T("引号没有结束", "the quotation does not end"), lang.T("补上 "+mark, "close it with "+mark))
		}
		s.at = start + 1 + n + 1 + end + len(mark)
		return quoted, nil
	}
	s.at = start + 1 + n
	if n == 0 {
		return other, nil
	}
	return parameter, nil
}

// wordLength is the length of the identifier or number at the beginning of a text. Letters of every script may
// stand in a name.
func wordLength(text string) int {
	for i, r := range text {
		if r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || i > 0 && r == '$' {
			continue
		}
		return i
	}
	return len(text)
}

// Place gives line and column of a byte offset, counted in characters from 1.
func Place(text string, offset int) (line, column int) {
	if offset < 0 || offset > len(text) {
		return 0, 0
	}
	before := text[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}

func refuse(text string, offset int, what, cure lang.Text) *Refusal {
	line, column := Place(text, offset)
	return &Refusal{Line: line, Column: column, What: what, Cure: cure}
}
