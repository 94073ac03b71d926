package server

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"io"
	"net/http"
	"sync"
)

// rendered is the main part of a page, kept with its compressed form: a page is read far more often than it is made,
// and compressing it is most of the work of answering.
type rendered struct {
	plain    []byte
	deflated []byte // as a part of a stream that goes on; nil where the part is not kept
}

// size is what the part takes.
func (r *rendered) size() int { return len(r.plain) + len(r.deflated) }

// deflate compresses the part for those who will ask for it again.
func (r *rendered) deflate() error {
	var out bytes.Buffer
	z, err := flate.NewWriter(&out, flate.DefaultCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(r.plain); err != nil {
		return err
	}
	if err := z.Flush(); err != nil {
		return err
	}
	r.deflated = out.Bytes()
	return nil
}

// gzipHead is the head of a gzip stream without name and time (RFC 1952, 2.3).
var gzipHead = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}

var deflaters = sync.Pool{New: func() any {
	z, _ := flate.NewWriter(io.Discard, flate.BestSpeed)
	return z
}}

// writeAssembled answers with head, main part and tail as one gzip stream, of which only head and tail are compressed
// now. Each part ends at a byte of its own (RFC 1951, 3.2.4) and refers to nothing before it, so that they can be joined.
func writeAssembled(w http.ResponseWriter, head []byte, main *rendered, tail []byte) (err error) {
	var out bytes.Buffer
	out.Grow(len(gzipHead) + len(head) + len(main.deflated) + len(tail) + 8)
	out.Write(gzipHead)
	z := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(z)
	z.Reset(&out)
	if _, err := z.Write(head); err != nil {
		return err
	}
	if err := z.Flush(); err != nil {
		return err
	}
	out.Write(main.deflated)
	z.Reset(&out)
	if _, err := z.Write(tail); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	for _, part := range [][]byte{head, main.plain, tail} {
		sum.Write(part)
	}
	var end [8]byte
	binary.LittleEndian.PutUint32(end[:], sum.Sum32())
	binary.LittleEndian.PutUint32(end[4:], uint32(len(head)+len(main.plain)+len(tail)))
	out.Write(end[:])
	w.Header().Set("Content-Encoding", "gzip")
	_, err = w.Write(out.Bytes())
	return err
}
