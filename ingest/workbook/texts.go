package workbook

import (
	"bytes"
	"io"
	"strconv"
	"unicode/utf8"
)

// texts are the texts that cells share, one behind the other.
type texts struct {
	bytes []byte
	ends  []int
}

func (t *texts) at(i int) ([]byte, bool) {
	if i < 0 || i >= len(t.ends) {
		return nil, false
	}
	from := 0
	if i > 0 {
		from = t.ends[i-1]
	}
	return t.bytes[from:t.ends[i]], true
}

func (b *Book) readTexts(part string) error {
	content, err := b.open(part, maxTexts)
	if err != nil {
		return err
	}
	defer content.Close()
	s := newScanner(content)
	for {
		t, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return worded(part, err)
		}
		if t.kind != opening || t.name != "si" {
			continue
		}
		if b.shared.bytes, err = richText(s, "si", b.shared.bytes); err != nil {
			return worded(part, err)
		}
		b.shared.ends = append(b.shared.ends, len(b.shared.bytes))
	}
}

// richText appends the text of the element that was opened, which may be cut into runs; the reading aids of Japanese
// texts are no part of it.
func richText(s *scanner, element string, to []byte) ([]byte, error) {
	from, inText, aside := len(to), false, 0
	for {
		t, err := s.next()
		if err == io.EOF {
			err = errCut
		}
		if err != nil {
			return to, err
		}
		switch name := t.name; {
		case t.kind == text:
			if inText && aside == 0 {
				to = append(to, t.text...)
			}
		case name == "rPh":
			if t.kind == opening {
				aside++
			} else {
				aside--
			}
		case name == "t":
			inText = t.kind == opening
		case name == element && t.kind == closing:
			return append(to[:from], controls(to[from:])...), nil
		}
	}
}

// controls resolves _x000D_, the way in which workbooks write characters that XML does not allow.
func controls(b []byte) []byte {
	if !bytes.Contains(b, []byte("_x")) {
		return b
	}
	var out []byte
	for i := 0; i < len(b); {
		if i+7 <= len(b) && b[i] == '_' && b[i+1] == 'x' && b[i+6] == '_' {
			if n, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 32); err == nil && utf8.ValidRune(rune(n)) {
				out = utf8.AppendRune(out, rune(n))
				i += 7
				continue
			}
		}
		out = append(out, b[i])
		i++
	}
	return out
}
