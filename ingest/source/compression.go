package source

import (
	"bufio"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"weir/internal/lang"
	"weir/internal/problem"
)

// maxLayers bounds how often a file may be packed: compressed, with an attachment that is compressed again.
const maxLayers = 4

// unpack takes off gzip, zstd and the envelope of a security server's answer, recognised by their first bytes,
// whatever the file is called.
func (f *File) unpack(packed *bufio.Reader) (*bufio.Reader, error) {
	attached := false
	for range maxLayers {
		inner, ok, err := f.attachment(packed)
		if err != nil {
			return nil, err
		}
		if !ok {
			if inner, ok, err = f.decompress(packed, attached); err != nil {
				return nil, err
			}
		} else {
			attached = true
		}
		if !ok {
			return packed, nil
		}
		packed = bufio.NewReaderSize(inner, bufferSize)
	}
	return nil, problem.Of(f.Path, lang.T("文件被压缩了两层以上", "the file is compressed more than twice over"), lang.T("先解压", "unpack it first"))
}

// decompress recognises gzip and zstd. Several members one after the other are one file, as both formats define; but
// behind an attachment its boundary follows.
func (f *File) decompress(packed *bufio.Reader, attached bool) (io.Reader, bool, error) {
	head, _ := packed.Peek(4)
	switch {
	case len(head) >= 2 && head[0] == 0x1F && head[1] == 0x8B:
		f.Compression = "gzip"
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, false, f.explain(err)
		}
		z.Multistream(!attached)
		return &explained{Reader: z, file: f}, true, nil
	case len(head) == 4 && head[0] == 0x28 && head[1] == 0xB5 && head[2] == 0x2F && head[3] == 0xFD:
		f.Compression = "zstd"
		z, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(512<<20))
		if err != nil {
			return nil, false, f.explain(err)
		}
		f.OnClose(func() error { z.Close(); return nil })
		return &explained{Reader: z, file: f}, true, nil
	}
	return nil, false, nil
}

// explained words the errors of a decompressor, and refuses a trap.
type explained struct {
	io.Reader
	file     *File
	unfolded int64
}

func (e *explained) Read(b []byte) (int, error) {
	n, err := e.Reader.Read(b)
	if e.unfolded += int64(n); e.unfolded > max(unfoldAlways, e.file.Size*unfoldText) {
		return 0, e.file.trap(e.unfolded)
	}
	if err != nil && err != io.EOF {
		err = e.file.explain(err)
	}
	return n, err
}
