package workbook

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// What a token is.
type kind int

const (
	opening kind = iota + 1
	closing
	text
)

// token is a tag or a text of an XML part; its bytes are valid until the next one is read. Names are taken without
// their prefix, since programs differ in those.
type token struct {
	kind       kind
	name       string
	attributes []xml.Attr
	text       []byte
}

// scanner gives the tags and texts of a part. It bounds how long one may be.
type scanner struct {
	decoder *xml.Decoder
	from    *bounded
}

// maxToken bounds a tag or a text: a cell holds 32,767 characters at most.
const maxToken = 4 << 20

var (
	errCut      = errors.New("the XML breaks off")
	errTooLong  = fmt.Errorf("a value is longer than %d MB", maxToken>>20)
	errDocument = errors.New("the XML has a document type, which no workbook has")
)

// bounded stops where a token takes more bytes than it may.
type bounded struct {
	*bufio.Reader
	left int
}

func (b *bounded) ReadByte() (byte, error) {
	if b.left--; b.left < 0 {
		return 0, errTooLong
	}
	return b.Reader.ReadByte()
}

func newScanner(from io.Reader) *scanner {
	b := &bounded{Reader: bufio.NewReaderSize(from, 64<<10)}
	return &scanner{xml.NewDecoder(b), b}
}

// next gives the next tag or text, io.EOF at the end.
func (s *scanner) next() (token, error) {
	for {
		s.from.left = maxToken
		t, err := s.decoder.RawToken()
		if err != nil {
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) && syntax.Msg == "unexpected EOF" {
				err = errCut
			}
			return token{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			return token{kind: opening, name: t.Name.Local, attributes: t.Attr}, nil
		case xml.EndElement:
			return token{kind: closing, name: t.Name.Local}, nil
		case xml.CharData:
			return token{kind: text, text: t}, nil
		case xml.Directive:
			return token{}, errDocument
		}
	}
}

// skipBehind moves behind the next place of a text that ends in >; false where there is none. The parts before it are
// not looked at.
func (s *scanner) skipBehind(what string) (bool, error) {
	var tail []byte
	for {
		piece, err := s.from.ReadSlice('>')
		tail = append(tail, piece...)
		if bytes.HasSuffix(tail, []byte(what)) {
			return true, nil
		}
		if err == io.EOF {
			return false, nil
		}
		if err != nil && err != bufio.ErrBufferFull {
			return false, err
		}
		tail = append(tail[:0], tail[max(0, len(tail)-len(what)):]...)
	}
}

// attribute finds the value of an attribute by its local name.
func (t token) attribute(name string) (string, bool) {
	for _, a := range t.attributes {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

// value is an attribute as text, "" where it is missing.
func (t token) value(name string) string {
	v, _ := t.attribute(name)
	return v
}

// number is an attribute as a whole number, -1 where it is missing or none.
func (t token) number(name string) int {
	n, err := strconv.Atoi(t.value(name))
	if err != nil || n < 0 {
		return -1
	}
	return n
}
