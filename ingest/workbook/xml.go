package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// What a token is.
type kind int

const (
	opening kind = iota + 1 // <name …>, or <name …/>, which a closing token follows
	closing
	text
)

// token is a piece of an XML text; its bytes are valid until the next one is read.
type token struct {
	kind       kind
	name       []byte // local name of a tag
	attributes []byte
	text       []byte
	plain      bool // the text is a CDATA section: nothing in it is escaped
}

// scanner cuts XML into tags and texts. It knows what spreadsheet programs write: UTF-8, no document type. Names are
// taken without their prefix, since programs differ in those.
type scanner struct {
	from  io.Reader
	buf   []byte
	start int
	end   int
	eof   bool
	close []byte // name of a tag <name/> that was opened and has yet to be closed
	last  []byte
}

// maxToken bounds a tag or a text: a cell holds 32,767 characters at most.
const maxToken = 4 << 20

func newScanner(from io.Reader) *scanner { return &scanner{from: from, buf: make([]byte, 256<<10)} }

var (
	errCut      = errors.New("the XML breaks off")
	errTooLong  = fmt.Errorf("a value is longer than %d MB", maxToken>>20)
	errDocument = errors.New("the XML has a document type, which no workbook has")
)

// next gives the next tag or text, io.EOF at the end.
func (s *scanner) next() (token, error) {
	if s.close != nil {
		t := token{kind: closing, name: s.close}
		s.close = nil
		return t, nil
	}
	for {
		if s.start == s.end {
			if more, err := s.fill(); err != nil || !more {
				return token{}, orEOF(err)
			}
		}
		if s.buf[s.start] != '<' {
			return s.characters()
		}
		if t, ok, err := s.tag(); err != nil || ok {
			return t, err
		}
	}
}

func orEOF(err error) error {
	if err == nil {
		return io.EOF
	}
	return err
}

// characters gives what stands before the next tag.
func (s *scanner) characters() (token, error) {
	n, err := s.find(0, []byte{'<'})
	if err == errCut {
		n, err = s.end-s.start, nil
	}
	if err != nil {
		return token{}, err
	}
	t := token{kind: text, text: s.buf[s.start : s.start+n]}
	s.start += n
	return t, nil
}

// tag reads what begins with <; ok is false for comments and instructions.
func (s *scanner) tag() (t token, ok bool, err error) {
	for _, special := range []struct{ begin, end string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}} {
		begins, err := s.begins(special.begin)
		if err != nil {
			return t, false, err
		}
		if !begins {
			continue
		}
		n, err := s.find(len(special.begin), []byte(special.end))
		if err != nil {
			return t, false, err
		}
		inner := s.buf[s.start+len(special.begin) : s.start+n]
		s.start += n + len(special.end)
		return token{kind: text, text: inner, plain: true}, special.begin == "<![CDATA[", nil
	}
	n, err := s.tagEnd()
	if err != nil {
		return t, false, err
	}
	inner := s.buf[s.start+1 : s.start+n]
	s.start += n + 1
	switch {
	case len(inner) == 0:
		return t, false, errCut
	case inner[0] == '!':
		return t, false, errDocument
	case inner[0] == '/':
		return token{kind: closing, name: local(bytes.TrimRight(inner[1:], " \t\r\n"))}, true, nil
	}
	empty := inner[len(inner)-1] == '/'
	if empty {
		inner = inner[:len(inner)-1]
	}
	name := inner
	if i := bytes.IndexAny(inner, " \t\r\n"); i >= 0 {
		name = inner[:i]
	}
	t = token{kind: opening, name: local(name), attributes: inner[len(name):]}
	if empty {
		s.last = append(s.last[:0], t.name...)
		s.close = s.last
	}
	return t, true, nil
}

func (s *scanner) begins(with string) (bool, error) {
	for s.end-s.start < len(with) {
		if more, err := s.fill(); err != nil || !more {
			return false, err
		}
	}
	return string(s.buf[s.start:s.start+len(with)]) == with, nil
}

// find gives the place of what from the window's start on, looking behind offset.
func (s *scanner) find(offset int, what []byte) (int, error) {
	for {
		if i := bytes.Index(s.buf[s.start+offset:s.end], what); i >= 0 {
			return offset + i, nil
		}
		offset = max(offset, s.end-s.start-len(what)+1)
		more, err := s.fill()
		if err != nil {
			return 0, err
		}
		if !more {
			return 0, errCut
		}
	}
}

// tagEnd gives the place of the > that ends the tag at hand: one inside quotes does not.
func (s *scanner) tagEnd() (int, error) {
	quote := byte(0)
	for i := 1; ; i++ {
		if s.start+i >= s.end {
			more, err := s.fill()
			if err != nil {
				return 0, err
			}
			if !more {
				return 0, errCut
			}
		}
		switch c := s.buf[s.start+i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i, nil
		}
	}
}

// fill reads more behind the window.
func (s *scanner) fill() (bool, error) {
	if s.eof {
		return false, nil
	}
	if s.start > 0 {
		copy(s.buf, s.buf[s.start:s.end])
		s.end -= s.start
		s.start = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= maxToken {
			return false, errTooLong
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for {
		n, err := s.from.Read(s.buf[s.end:])
		s.end += n
		if err == io.EOF {
			s.eof = true
			return n > 0, nil
		}
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
}

// skipBehind moves behind the next place of what; false where there is none.
func (s *scanner) skipBehind(what string) (bool, error) {
	for {
		if i := bytes.Index(s.buf[s.start:s.end], []byte(what)); i >= 0 {
			s.start += i + len(what)
			return true, nil
		}
		s.start = max(s.start, s.end-len(what)+1)
		if more, err := s.fill(); err != nil || !more {
			return false, err
		}
	}
}

func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// attribute finds the value of an attribute by its local name.
func (t token) attribute(name string) ([]byte, bool) {
	rest := t.attributes
	for {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		i := bytes.IndexByte(rest, '=')
		if i < 0 {
			return nil, false
		}
		key := local(bytes.TrimRight(rest[:i], " \t\r\n"))
		rest = bytes.TrimLeft(rest[i+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil, false
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil, false
		}
		if string(key) == name {
			return rest[1 : 1+end], true
		}
		rest = rest[end+2:]
	}
}

// value is an attribute as text, "" where it is missing.
func (t token) value(name string) string {
	v, _ := t.attribute(name)
	return string(unescape(nil, v))
}

// number is an attribute as a whole number, -1 where it is missing or none.
func (t token) number(name string) int {
	v, _ := t.attribute(name)
	n, err := strconv.Atoi(string(v))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// appendText appends the characters of a text.
func (t token) appendText(to []byte) []byte {
	if t.plain {
		return append(to, t.text...)
	}
	return unescape(to, t.text)
}

var entities = map[string]byte{"lt": '<', "gt": '>', "amp": '&', "quot": '"', "apos": '\''}

// unescape appends a text with its entities resolved; what is no entity stays as it is.
func unescape(to, from []byte) []byte {
	for {
		i := bytes.IndexByte(from, '&')
		if i < 0 {
			return append(to, from...)
		}
		to, from = append(to, from[:i]...), from[i:]
		end := bytes.IndexByte(from[:min(len(from), 12)], ';')
		if end < 0 {
			to, from = append(to, '&'), from[1:]
			continue
		}
		name := string(from[1:end])
		if c, ok := entities[name]; ok {
			to, from = append(to, c), from[end+1:]
			continue
		}
		if r, ok := character(name); ok {
			to, from = utf8.AppendRune(to, r), from[end+1:]
			continue
		}
		to, from = append(to, '&'), from[1:]
	}
}

// character reads #20013 and #x4E2D.
func character(name string) (rune, bool) {
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0, false
	}
	return rune(n), true
}
