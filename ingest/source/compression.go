package source

import (
	"bufio"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// decompress recognises gzip and zstd by their first bytes, whatever the file is called. Several members one after
// the other are one file, as both formats define.
func (f *File) decompress(raw *bufio.Reader) (io.Reader, error) {
	head, _ := raw.Peek(4)
	switch {
	case len(head) >= 2 && head[0] == 0x1F && head[1] == 0x8B:
		f.Compression = "gzip"
		z, err := gzip.NewReader(raw)
		if err != nil {
			return nil, f.explain(err)
		}
		return explained{z, f}, nil
	case len(head) == 4 && head[0] == 0x28 && head[1] == 0xB5 && head[2] == 0x2F && head[3] == 0xFD:
		f.Compression = "zstd"
		z, err := zstd.NewReader(raw, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(512<<20))
		if err != nil {
			return nil, f.explain(err)
		}
		f.close = z.Close
		return explained{z, f}, nil
	}
	return raw, nil
}

// explained words the errors of a decompressor.
type explained struct {
	io.Reader
	file *File
}

func (e explained) Read(b []byte) (int, error) {
	n, err := e.Reader.Read(b)
	if err != nil && err != io.EOF {
		err = e.file.explain(err)
	}
	return n, err
}
