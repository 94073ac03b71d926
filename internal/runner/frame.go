package runner

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// A frame is a kind, a length of four bytes and that many bytes. The child writes frames; the parent takes nothing
// else from it.
type frameKind byte

const (
	frameColumns frameKind = 'C' // JSON: columns of the answer
	frameRows    frameKind = 'R' // rows, see cell.go
	frameBytes   frameKind = 'B' // a part of a file or stream
	frameFailure frameKind = 'F' // JSON: Failure
	frameInspect frameKind = 'I' // JSON: what each text names
	framePlan    frameKind = 'P' // JSON: what each text would give
	frameDone    frameKind = 'D' // JSON: Summary
)

const (
	maxFrame    = 16 << 20 // bytes of one frame
	rowsPerSend = 64 << 10 // bytes of rows after which a frame is sent
)

// frameWriter writes frames.
type frameWriter struct{ w *bufio.Writer }

func newFrameWriter(w io.Writer) *frameWriter { return &frameWriter{bufio.NewWriterSize(w, 128<<10)} }

func (f *frameWriter) write(kind frameKind, payload []byte) error {
	if len(payload) > maxFrame {
		return fmt.Errorf("frame %c of %d bytes", kind, len(payload))
	}
	var head [5]byte
	head[0] = byte(kind)
	binary.LittleEndian.PutUint32(head[1:], uint32(len(payload)))
	if _, err := f.w.Write(head[:]); err != nil {
		return err
	}
	_, err := f.w.Write(payload)
	return err
}

func (f *frameWriter) flush() error { return f.w.Flush() }

// frameReader reads frames; a frame that is too long or cut short is an error.
type frameReader struct{ r *bufio.Reader }

func newFrameReader(r io.Reader) *frameReader { return &frameReader{bufio.NewReaderSize(r, 128<<10)} }

// read gives the next frame; io.EOF when the child has closed its output between frames.
func (f *frameReader) read() (frameKind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(f.r, head[:1]); err != nil {
		return 0, nil, err
	}
	if _, err := io.ReadFull(f.r, head[1:]); err != nil {
		return 0, nil, io.ErrUnexpectedEOF
	}
	n := binary.LittleEndian.Uint32(head[1:])
	if n > maxFrame {
		return 0, nil, fmt.Errorf("frame of %d bytes", n)
	}
	payload := make([]byte, n)
	if _, err := io.ReadFull(f.r, payload); err != nil {
		return 0, nil, io.ErrUnexpectedEOF
	}
	return frameKind(head[0]), payload, nil
}
