package reader

import "bytes"

// valueScan finds the end of a JSON value in a text that arrives in pieces. It looks at brackets and strings only:
// whether the value is well formed is seen when it is parsed.
type valueScan struct {
	at      int
	depth   int
	text    bool // inside a string
	escaped bool
	begun   bool
}

// scan goes on behind what was looked at before; b begins with the value. Done gives the value's length.
func (s *valueScan) scan(b []byte) (length int, done bool) {
	for ; s.at < len(b); s.at++ {
		c := b[s.at]
		if s.text {
			switch {
			case s.escaped:
				s.escaped = false
			case c == '\\':
				s.escaped = true
			case c == '"':
				s.text = false
				if s.depth == 0 {
					return s.at + 1, true
				}
			}
			continue
		}
		switch c {
		case '"':
			s.text, s.begun = true, true
		case '{', '[':
			s.depth++
			s.begun = true
		case '}', ']':
			if s.depth == 0 {
				return s.at, true // the end of what surrounds a bare number or word
			}
			s.depth--
			if s.depth == 0 {
				return s.at + 1, true
			}
		case ',', ':', ' ', '\t', '\r', '\n':
			if s.depth == 0 && s.begun {
				return s.at, true
			}
		default:
			s.begun = true
		}
	}
	return 0, false
}

// atEnd is the length of a bare number or word that the text ends with, 0 where a bracket or string is open.
func (s *valueScan) atEnd(length int) int {
	if s.depth > 0 || s.text || !s.begun {
		return 0
	}
	return length
}

// valueEnd finds the end of the value at the start of a line: end is -1 when its brackets do not close on it.
func valueEnd(line []byte) (end int, complete bool) {
	// An object on one line ends in a bracket: the usual case needs no scan.
	if t := bytes.TrimRight(line, " \t\r"); len(t) > 1 && t[len(t)-1] == '}' {
		return len(t), true
	}
	s := valueScan{}
	if end, done := s.scan(line); done {
		return end, true
	}
	return -1, false
}
