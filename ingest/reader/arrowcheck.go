package reader

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	flatbuffers "github.com/google/flatbuffers/go"
)

// The decoder of Arrow believes the lengths of lists that a file states and allocates for them, which ends the
// process where a file states billions. So all that describes the data is checked before it sees it.

// Bounds of sound files.
const (
	maxFields      = 100_000
	maxDescription = 64 << 20
	maxBatchRows   = 1 << 26
	fieldDepth     = 32
)

var errDescription = errors.New("the description of the data is not sound")

// checkStream walks over the messages of a stream from an offset on.
func checkStream(content io.ReaderAt, size, at int64) error {
	for at < size {
		next, end, err := checkMessage(content, size, at)
		if err != nil || end {
			return err
		}
		at = next
	}
	return nil
}

// checkFile checks the footer of the file format and every message that it refers to.
func checkFile(content io.ReaderAt, size int64) error {
	tail := make([]byte, 10)
	if size < 18 {
		return errDescription
	}
	if _, err := content.ReadAt(tail, size-10); err != nil {
		return err
	}
	n := int64(binary.LittleEndian.Uint32(tail))
	if string(tail[4:]) != "ARROW1" || n < 4 || n > min(maxDescription, size-18) {
		return errors.New("the end of the file is missing")
	}
	footer := make([]byte, n)
	if _, err := content.ReadAt(footer, size-10-n); err != nil {
		return err
	}
	var offsets []int64
	err := described(footer, func(root description) {
		root.schema(root.table(6))
		for _, slot := range []flatbuffers.VOffsetT{8, 10} {
			start, count := root.vector(slot, 24)
			for i := range count {
				offsets = append(offsets, int64(binary.LittleEndian.Uint64(footer[start+24*i:])))
			}
		}
		root.vector(12, 4)
	})
	for _, at := range offsets {
		if err == nil && (at < 8 || at >= size) {
			err = errDescription
		}
		if err == nil {
			_, _, err = checkMessage(content, size, at)
		}
	}
	return err
}

// checkMessage checks the message at the offset and gives that of the next one.
func checkMessage(content io.ReaderAt, size, at int64) (next int64, end bool, err error) {
	head := make([]byte, 8)
	if n, err := content.ReadAt(head, at); n < 4 {
		return 0, false, err
	}
	prefix, length := int64(4), binary.LittleEndian.Uint32(head)
	if length == 0xFFFFFFFF {
		prefix, length = 8, binary.LittleEndian.Uint32(head[4:])
	}
	if length == 0 {
		return 0, true, nil
	}
	if length < 4 || length > maxDescription || at+prefix+int64(length) > size {
		return 0, false, errDescription
	}
	text := make([]byte, length)
	if _, err := content.ReadAt(text, at+prefix); err != nil {
		return 0, false, err
	}
	body := int64(0)
	err = described(text, func(root description) {
		root.vector(12, 4)
		body = root.number(10)
		header := root.table(8)
		switch kind := root.byte(6); kind {
		case 1:
			root.schema(header)
		case 2:
			header.batch(header.table(6))
		case 3:
			header.batch(header)
		}
	})
	next = at + prefix + int64(length) + body
	if err == nil && (body < 0 || next < at || next > size) {
		err = errDescription
	}
	return next, false, err
}

// described runs a check over a description whose offsets may point anywhere.
func described(text []byte, check func(root description)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errDescription
			if e, ok := p.(error); ok && errors.Is(e, errDescription) {
				err = e
			}
		}
	}()
	fields := 0
	check(description{flatbuffers.Table{Bytes: text, Pos: flatbuffers.GetUOffsetT(text)}, &fields})
	return nil
}

// description is a table of a flatbuffer. Its slots are those of Arrow's Message.fbs, Schema.fbs and File.fbs.
type description struct {
	flatbuffers.Table
	fields *int
}

// table follows a slot; a slot without a value gives a table without slots.
func (d description) table(slot flatbuffers.VOffsetT) description {
	at := flatbuffers.UOffsetT(d.Offset(slot))
	if at == 0 {
		return description{fields: d.fields}
	}
	return description{flatbuffers.Table{Bytes: d.Bytes, Pos: d.Indirect(at + d.Pos)}, d.fields}
}

func (d description) byte(slot flatbuffers.VOffsetT) byte {
	return d.GetByteSlot(slot, 0)
}

func (d description) number(slot flatbuffers.VOffsetT) int64 {
	return d.GetInt64Slot(slot, 0)
}

// vector gives start and length of a list whose elements have the size, all of which must lie in the text.
func (d description) vector(slot flatbuffers.VOffsetT, size int) (start, count int) {
	if d.Bytes == nil {
		return 0, 0
	}
	at := flatbuffers.UOffsetT(d.Offset(slot))
	if at == 0 {
		return 0, 0
	}
	start, count = int(d.Vector(at)), d.VectorLen(at)
	if start < 0 || count < 0 || count > len(d.Bytes)/size || start+count*size > len(d.Bytes) {
		panic(fmt.Errorf("%w: a list of %d", errDescription, count))
	}
	return start, count
}

// schema checks the fields of a schema.
func (d description) schema(s description) {
	if s.Bytes == nil {
		panic(errDescription)
	}
	s.children(6, 0)
	s.vector(8, 4)
	s.vector(10, 8)
}

// children checks a list of fields and those below them.
func (d description) children(slot flatbuffers.VOffsetT, depth int) {
	start, count := d.vector(slot, 4)
	if *d.fields += count; *d.fields > maxFields || depth > fieldDepth {
		panic(fmt.Errorf("%w: more than %d fields, or fields more than %d deep", errDescription, maxFields, fieldDepth))
	}
	for i := range count {
		field := description{flatbuffers.Table{Bytes: d.Bytes, Pos: d.Indirect(flatbuffers.UOffsetT(start + 4*i))}, d.fields}
		field.vector(16, 4)
		field.children(14, depth+1)
		if field.byte(8) == unionType {
			field.table(10).vector(6, 4)
		}
	}
}

// unionType is the number of unions among the types of fields.
const unionType = 14

// batch checks the lists of a batch of rows.
func (d description) batch(b description) {
	if b.Bytes == nil {
		panic(errDescription)
	}
	_, nodes := b.vector(6, 16)
	_, buffers := b.vector(8, 16)
	start, views := b.vector(12, 8)
	if rows := b.number(4); rows < 0 || rows > maxBatchRows || nodes > maxFields {
		panic(fmt.Errorf("%w: a batch of %d rows", errDescription, rows))
	}
	for i := range views {
		if n := int64(binary.LittleEndian.Uint64(b.Bytes[start+8*i:])); n < 0 || n > int64(buffers) {
			panic(errDescription)
		}
	}
}
