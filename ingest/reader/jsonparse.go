package reader

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"weir/ingest/record"
)

// member is a node of the tree of wanted members.
type member struct {
	column   int    // column that takes the value, -1: only members inside it are wanted
	name     string // full dotted name
	children map[string]*member
	// guess remembers in which order members came, since the records of a file share it.
	guess []guess
}

type guess struct {
	key   []byte
	node  *member
	plain bool   // the name is written without escapes
	token []byte // the name as it stands in the text, with quotes and colon
}

func newGuess(key []byte, node *member) guess {
	return guess{key: bytes.Clone(key), node: node, plain: !bytes.ContainsAny(key, `"\`), token: fmt.Appendf(nil, `"%s":`, key)}
}

func newMember() *member { return &member{column: -1} }

func (m *member) add(path []string, name string, column int) {
	if m.children == nil {
		m.children = map[string]*member{}
	}
	// A member whose own name has dots is found under its whole name too.
	if len(path) > 1 {
		m.child(name).column = column
	}
	node := m
	for _, p := range path {
		node = node.child(p)
	}
	node.column, node.name = column, name
}

func (m *member) child(name string) *member {
	if m.children == nil {
		m.children = map[string]*member{}
	}
	c, ok := m.children[name]
	if !ok {
		c = newMember()
		c.name = name
		m.children[name] = c
	}
	return c
}

// find looks a key up, first at the place it had in the record before.
func (m *member) find(key []byte, position int) *member {
	if m.children == nil {
		return nil
	}
	if position < len(m.guess) && bytes.Equal(m.guess[position].key, key) {
		return m.guess[position].node
	}
	node := m.children[string(key)]
	if position < len(m.guess) {
		m.guess[position] = newGuess(key, node)
	} else if position == len(m.guess) && position < 256 {
		m.guess = append(m.guess, newGuess(key, node))
	}
	return node
}

// parser reads one object into the writer.
type parser struct {
	writer  *record.Writer
	place   []int
	strict  bool
	b       []byte
	at      int
	scratch []byte
}

type (
	unknownMember string
	syntaxError   struct {
		at   int
		what string
	}
)

func (u unknownMember) Error() string { return "unknown member " + string(u) }
func (s syntaxError) Error() string   { return fmt.Sprintf("at byte %d: %s", s.at+1, s.what) }

func (p *parser) fail(what string) error { return syntaxError{p.at, what} }

// object parses a whole record.
func (p *parser) object(raw []byte, m *member) error {
	p.b, p.at = raw, 0
	p.blank()
	if p.at == len(p.b) || p.b[p.at] != '{' {
		return p.fail("not an object")
	}
	if err := p.members(m, 0); err != nil {
		return err
	}
	if p.blank(); p.at < len(p.b) {
		return p.fail("text behind the object")
	}
	return nil
}

const maxDepth = 64

// members parses the object at hand.
func (p *parser) members(m *member, depth int) error {
	if depth > maxDepth {
		return p.fail("nested too deeply")
	}
	p.at++ // {
	p.blank()
	if p.at < len(p.b) && p.b[p.at] == '}' {
		p.at++
		return nil
	}
	for position := 0; ; position++ {
		node, ok := p.expected(m, position)
		if !ok {
			key, err := p.text()
			if err != nil {
				return err
			}
			node = m.find(key, position)
			if node == nil && p.strict {
				return unknownMember(string(key))
			}
			p.blank()
			if p.at == len(p.b) || p.b[p.at] != ':' {
				return p.fail("no colon behind the name")
			}
			p.at++
		}
		p.blank()
		if err := p.value(node, depth); err != nil {
			return err
		}
		p.blank()
		if p.at == len(p.b) {
			return p.fail("the object is not closed")
		}
		switch p.b[p.at] {
		case ',':
			p.at++
			p.blank()
		case '}':
			p.at++
			return nil
		default:
			return p.fail("no comma between members")
		}
	}
}

// expected tells whether the name at hand is the one that the record before had at this place, and steps over it and
// the colon behind it.
func (p *parser) expected(m *member, position int) (*member, bool) {
	if position >= len(m.guess) {
		return nil, false
	}
	g := &m.guess[position]
	if g.node == nil && p.strict || !g.plain || !bytes.HasPrefix(p.b[p.at:], g.token) {
		return nil, false
	}
	p.at += len(g.token)
	return g.node, true
}

// value parses the value at hand and hands it over if it is wanted.
func (p *parser) value(m *member, depth int) error {
	if p.at == len(p.b) {
		return p.fail("no value")
	}
	switch c := p.b[p.at]; c {
	case '"':
		text, err := p.text()
		if err == nil {
			p.deliver(m, text)
		}
		return err
	case '{':
		start := p.at
		inner := m
		if m == nil || m.children == nil {
			inner = nothing
		}
		strict := p.strict
		p.strict = false
		err := p.members(inner, depth+1)
		p.strict = strict
		if err == nil {
			p.deliver(m, p.b[start:p.at])
		}
		return err
	case '[':
		start := p.at
		if err := p.elements(depth + 1); err != nil {
			return err
		}
		p.deliver(m, p.b[start:p.at])
		return nil
	default:
		return p.word(m)
	}
}

// nothing is the tree in which no member is wanted.
var nothing = newMember()

func (p *parser) elements(depth int) error {
	if depth > maxDepth {
		return p.fail("nested too deeply")
	}
	p.at++ // [
	p.blank()
	if p.at < len(p.b) && p.b[p.at] == ']' {
		p.at++
		return nil
	}
	for {
		if err := p.value(nil, depth); err != nil {
			return err
		}
		p.blank()
		if p.at == len(p.b) {
			return p.fail("the array is not closed")
		}
		switch p.b[p.at] {
		case ',':
			p.at++
			p.blank()
		case ']':
			p.at++
			return nil
		default:
			return p.fail("no comma between elements")
		}
	}
}

// word parses a number, true, false or null.
func (p *parser) word(m *member) error {
	start := p.at
	for p.at < len(p.b) && inWord[p.b[p.at]] {
		p.at++
	}
	word := p.b[start:p.at]
	if len(word) == 0 {
		return p.fail("not a value")
	}
	switch word[0] {
	case 'n':
		if string(word) == "null" {
			return nil
		}
	case 't', 'f':
		if string(word) == "true" || string(word) == "false" {
			p.deliver(m, word)
			return nil
		}
	default:
		if number(word) {
			p.deliver(m, word)
			return nil
		}
	}
	p.at = start
	return p.fail("not a value")
}

// inWord holds the bytes of numbers, true, false and null.
var inWord = func() (in [256]bool) {
	for _, c := range []byte("0123456789abcdefghijklmnopqrstuvwxyz-+.E") {
		in[c] = true
	}
	return in
}()

// number checks the grammar of RFC 8259.
func number(b []byte) bool {
	i := 0
	digits := func() bool {
		from := i
		for i < len(b) && b[i] >= '0' && b[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(b) && b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if !digits() {
		return false
	}
	if i < len(b) && b[i] == '.' {
		i++
		if !digits() {
			return false
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(b)
}

func (p *parser) deliver(m *member, value []byte) {
	if m != nil && m.column >= 0 {
		if place := p.place[m.column]; place >= 0 {
			p.writer.Field(place, value)
		}
	}
}

func (p *parser) blank() {
	for p.at < len(p.b) {
		switch p.b[p.at] {
		case ' ', '\t', '\r', '\n':
			p.at++
		default:
			return
		}
	}
}

// text parses the string at hand. The result is valid until the next call.
func (p *parser) text() ([]byte, error) {
	if p.at == len(p.b) || p.b[p.at] != '"' {
		return nil, p.fail("no quoted name")
	}
	b, start := p.b, p.at+1
	at := start
	for at+8 <= len(b) {
		if found := special(binary.LittleEndian.Uint64(b[at:])); found != 0 {
			at += bits.TrailingZeros64(found) / 8
			break
		}
		at += 8
	}
	for at < len(b) && b[at] >= ' ' && b[at] != '"' && b[at] != '\\' {
		at++
	}
	p.at = at
	switch {
	case at == len(b):
		return nil, p.fail("the string is not closed")
	case b[at] == '"':
		p.at++
		return b[start:at], nil
	case b[at] == '\\':
		return p.escapedText(start)
	}
	return nil, p.fail("a control character inside a string")
}

// special marks the first of eight bytes that is a quote, a backslash or a control character by its high bit, by the
// usual bit tricks (a byte is zero exactly where subtracting one borrows from its own high bit, if no byte below it
// borrowed); 0 where there is none. Marks behind the first mean nothing.
func special(w uint64) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	quote, slash := w^(ones*'"'), w^(ones*'\\')
	return ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*' ')&^w) & highs
}

func (p *parser) escapedText(start int) ([]byte, error) {
	p.scratch = append(p.scratch[:0], p.b[start:p.at]...)
	for p.at < len(p.b) {
		c := p.b[p.at]
		switch {
		case c == '"':
			p.at++
			return p.scratch, nil
		case c < ' ':
			return nil, p.fail("a control character inside a string")
		case c != '\\':
			p.scratch = append(p.scratch, c)
			p.at++
		default:
			if err := p.escape(); err != nil {
				return nil, err
			}
		}
	}
	return nil, p.fail("the string is not closed")
}

func (p *parser) escape() error {
	if p.at+1 >= len(p.b) {
		return p.fail("the string is not closed")
	}
	c := p.b[p.at+1]
	p.at += 2
	switch c {
	case '"', '\\', '/':
		p.scratch = append(p.scratch, c)
	case 'n':
		p.scratch = append(p.scratch, '\n')
	case 't':
		p.scratch = append(p.scratch, '\t')
	case 'r':
		p.scratch = append(p.scratch, '\r')
	case 'b':
		p.scratch = append(p.scratch, '\b')
	case 'f':
		p.scratch = append(p.scratch, '\f')
	case 'u':
		r, ok := p.unit()
		if !ok {
			return p.fail("four hexadecimal digits must follow \\u")
		}
		if utf16.IsSurrogate(r) {
			low := rune(utf8.RuneError)
			if p.at+1 < len(p.b) && p.b[p.at] == '\\' && p.b[p.at+1] == 'u' {
				p.at += 2
				if low, ok = p.unit(); !ok {
					return p.fail("four hexadecimal digits must follow \\u")
				}
			}
			r = utf16.DecodeRune(r, low)
		}
		p.scratch = utf8.AppendRune(p.scratch, r)
	default:
		p.at -= 2
		return p.fail("an escape that JSON does not have")
	}
	return nil
}

func (p *parser) unit() (rune, bool) {
	if p.at+4 > len(p.b) {
		return 0, false
	}
	v, err := strconv.ParseUint(string(p.b[p.at:p.at+4]), 16, 16)
	p.at += 4
	return rune(v), err == nil
}

// unquote gives the value of a JSON string, or its text when it is broken.
func unquote(quoted []byte) string {
	p := parser{b: quoted}
	text, err := p.text()
	if err != nil {
		return string(quoted)
	}
	return string(text)
}
