package runner

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

// Tags of cells in a frame of rows. A row is its cells one after the other; the frame of columns says how many.
const (
	tagNull = iota
	tagFalse
	tagTrue
	tagInteger
	tagFloat
	tagText
	tagNumber
	tagTime
	tagJSON
)

// appendCell writes a cell.
func appendCell(b []byte, cell any) ([]byte, error) {
	switch v := cell.(type) {
	case nil:
		return append(b, tagNull), nil
	case bool:
		if v {
			return append(b, tagTrue), nil
		}
		return append(b, tagFalse), nil
	case int64:
		return binary.AppendVarint(append(b, tagInteger), v), nil
	case float64:
		return binary.LittleEndian.AppendUint64(append(b, tagFloat), math.Float64bits(v)), nil
	case string:
		return appendText(append(b, tagText), v), nil
	case json.Number:
		return appendText(append(b, tagNumber), string(v)), nil
	case json.RawMessage:
		return appendText(append(b, tagJSON), string(v)), nil
	case time.Time:
		b = binary.AppendVarint(append(b, tagTime), v.Unix())
		return binary.AppendUvarint(b, uint64(v.Nanosecond())), nil
	}
	return b, fmt.Errorf("no way to send a %T", cell)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

var errCells = errors.New("the rows of the answer cannot be read")

// cells reads the rows of a frame.
type cells struct{ rest []byte }

// row reads the next row; ok is false at the end of the frame.
func (c *cells) row(columns int) (row []any, ok bool, err error) {
	if len(c.rest) == 0 || columns == 0 {
		return nil, false, nil
	}
	row = make([]any, columns)
	for i := range row {
		if row[i], err = c.cell(); err != nil {
			return nil, false, err
		}
	}
	return row, true, nil
}

func (c *cells) cell() (any, error) {
	if len(c.rest) == 0 {
		return nil, errCells
	}
	tag := c.rest[0]
	c.rest = c.rest[1:]
	switch tag {
	case tagNull:
		return nil, nil
	case tagFalse, tagTrue:
		return tag == tagTrue, nil
	case tagInteger:
		return c.varint()
	case tagFloat:
		if len(c.rest) < 8 {
			return nil, errCells
		}
		bits := binary.LittleEndian.Uint64(c.rest)
		c.rest = c.rest[8:]
		return math.Float64frombits(bits), nil
	case tagTime:
		seconds, err := c.varint()
		if err != nil {
			return nil, err
		}
		nanoseconds, err := c.uvarint()
		if err != nil || nanoseconds >= 1e9 {
			return nil, errCells
		}
		return time.Unix(seconds, int64(nanoseconds)).UTC(), nil
	case tagText, tagNumber, tagJSON:
		s, err := c.text()
		if err != nil {
			return nil, err
		}
		switch tag {
		case tagNumber:
			return json.Number(s), nil
		case tagJSON:
			return json.RawMessage(s), nil
		}
		return s, nil
	}
	return nil, errCells
}

func (c *cells) varint() (int64, error) {
	v, n := binary.Varint(c.rest)
	if n <= 0 {
		return 0, errCells
	}
	c.rest = c.rest[n:]
	return v, nil
}

func (c *cells) uvarint() (uint64, error) {
	v, n := binary.Uvarint(c.rest)
	if n <= 0 {
		return 0, errCells
	}
	c.rest = c.rest[n:]
	return v, nil
}

func (c *cells) text() (string, error) {
	n, err := c.uvarint()
	if err != nil || n > uint64(len(c.rest)) {
		return "", errCells
	}
	s := string(c.rest[:n])
	c.rest = c.rest[n:]
	return s, nil
}
