package source

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"weir/internal/lang"
	"weir/internal/problem"
)

// OpenDisk opens a file for a format that seeks, such as a workbook. Compressed content is unpacked into a private
// file in dir, which is gone when the file is closed. Finish gives the SHA-256 of the file as it lies on the disk.
func OpenDisk(path, dir string) (*File, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	f.Encoding = UTF8
	f.disk, f.diskSize = f.file, f.Size
	packed := bufio.NewReaderSize(f.hashed, bufferSize)
	f.text = packed
	plain, err := f.unpack(packed)
	if err == nil && f.Compression != "" {
		f.text = plain
		err = f.unfold(dir)
	}
	if err != nil {
		return nil, errors.Join(err, f.shut())
	}
	return f, nil
}

// A compressed file of a binary format unfolds little, since such formats are compact; more is a trap for the disk. Logs
// unfold 5 to 50 times, the most repetitive ones 100 times; more is a trap for memory and database.
const (
	unfoldAlways = 256 << 20
	unfoldRatio  = 100
	unfoldText   = 250
	unfoldMost   = 16 << 30
)

// trap is the refusal of a file that unfolds beyond all measure.
func (f *File) trap(size int64) problem.Problem {
	return problem.Of(f.Path, lang.T(fmt.Sprintf("%s 数据解压后超过 %d MB，按压缩炸弹拒收", f.Compression, size>>20), fmt.Sprintf("the %s data unfold to more than %d MB: they were refused as a compression bomb", f.Compression, size>>20)),
		lang.T("若文件无误，请先解压", "unpack the file first, if it is sound"))
}

// unfold writes the unpacked content to the disk.
func (f *File) unfold(dir string) error {
	limit := min(max(unfoldAlways, f.Size*unfoldRatio), unfoldMost)
	spool, err := Spool(io.LimitReader(f.text, limit+1), dir)
	if err != nil {
		return err
	}
	// Where the system allows it the name goes at once: nothing is left when the process is killed.
	gone := os.Remove(spool.Name()) == nil
	f.OnClose(func() error {
		err := spool.Close()
		if !gone {
			err = errors.Join(err, os.Remove(spool.Name()))
		}
		return err
	})
	info, err := spool.Stat()
	if err != nil {
		return err
	}
	if info.Size() > limit {
		return f.trap(limit)
	}
	f.disk, f.diskSize = spool, info.Size()
	return nil
}

// Spool writes what r gives to a private file in dir, which is made where it is missing. The caller removes it.
func Spool(r io.Reader, dir string) (_ *os.File, err error) {
	if dir == "" {
		dir = os.TempDir()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	spool, err := os.CreateTemp(dir, "spool-*")
	if err != nil {
		return nil, err
	}
	if _, err = io.CopyBuffer(spool, struct{ io.Reader }{r}, make([]byte, bufferSize)); err == nil {
		return spool, nil
	}
	if p := (problem.Problem{}); !errors.As(err, &p) {
		err = problem.Of(dir, lang.T("数据无法暂存以供读取："+err.Error()+"，未装入任何内容", "the data could not be kept for reading: "+err.Error()+"; nothing was loaded"),
			lang.T("在该磁盘上腾出空间，或在别处解压", "free some space on this disk, or unpack the file elsewhere"))
	}
	return nil, errors.Join(err, spool.Close(), os.Remove(spool.Name()))
}

// Head gives the first bytes of a file without its compression, and that compression.
func Head(path string, n int) (head []byte, compression string, err error) {
	f, err := open(path)
	if err != nil {
		return nil, "", err
	}
	plain, err := f.unpack(bufio.NewReaderSize(f.hashed, bufferSize))
	if err == nil {
		head, _ = plain.Peek(n)
		head = append([]byte(nil), head...)
	}
	return head, f.Compression, errors.Join(err, f.shut())
}
