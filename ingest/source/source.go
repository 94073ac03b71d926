// Package source opens a file that is to be ingested: it decompresses, turns any encoding into UTF-8, computes the
// SHA-256 of the bytes on disk as they pass, and notices when the file changes while it is read.
//
// It knows nothing of rows, and it never writes, except for the spool of standard input.
package source

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/internal/problem"
)

// Options say how to read; the zero value detects everything.
type Options struct {
	Encoding string // utf-8, utf-16le, utf-16be, gb18030, gbk, big5, cp950; "" detects
}

// File is an open file. It is read once, from start to end.
type File struct {
	Path        string
	Size        int64
	Compression string // gzip, zstd or ""
	Encoding    string // as decided, see Options
	Detected    bool   // the encoding was guessed from the content
	Stated      int64  // records that the answer of a security server says it holds; -1 where nothing says

	file   *os.File
	before os.FileInfo
	hash   hash.Hash
	hashed *countingReader
	text   *bufio.Reader

	disk     *os.File // for formats that seek: the file, or what it unfolds to
	diskSize int64
	close    []func() error
}

// bufferSize is large enough to detect an encoding and to keep system calls few.
const bufferSize = 1 << 20

// Open opens the file for reading as text. Errors are problem.Problem with file and cure.
func Open(path string, o Options) (*File, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	raw := bufio.NewReaderSize(f.hashed, bufferSize)
	plain, err := f.unpack(raw)
	if err == nil {
		err = f.decode(plain, o.Encoding)
	}
	if err != nil {
		return nil, errors.Join(err, f.shut())
	}
	return f, nil
}

// OpenBinary opens the file as it stands, for formats that are not text.
func OpenBinary(path string) (*File, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	f.text = bufio.NewReaderSize(f.hashed, bufferSize)
	return f, nil
}

// Check says what stands against reading the path as a file, nil for nothing.
func Check(path string) error {
	_, err := stat(path)
	return err
}

func stat(path string) (os.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, problem.Of(path, lang.T("没有这个文件", "there is no such file"), lang.T("检查文件名与文件夹", "check the name and the folder"))
		}
		return nil, problem.Of(path, lang.T("无法读取："+err.Error(), err.Error()), lang.T("检查权限", "check the permissions"))
	}
	switch {
	case info.IsDir():
		return nil, problem.Of(path, lang.T("这是文件夹，不是文件", "this is a folder, not a file"), lang.T("写出其中的文件，如 folder/*.csv", "name the files in it, such as folder/*.csv"))
	case !info.Mode().IsRegular():
		return nil, problem.Of(path, lang.T("这不是普通文件", "this is not a regular file"), lang.T("先复制为文件，或以 - 从标准输入读取", "copy it to a file first, or pass - to read standard input"))
	case info.Size() == 0:
		return nil, problem.Of(path, lang.T("文件为空", "the file is empty"), lang.T("重新导出；没有数据的部门可报送零报告，或只有列名的文件", "export it again; a department without events sends a zero report or a file with only the header"))
	}
	return info, nil
}

func open(path string) (*File, error) {
	info, err := stat(path)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, problem.Of(path, lang.T("无法读取："+err.Error(), err.Error()), lang.T("检查权限", "check the permissions"))
	}
	f := &File{Path: path, Size: info.Size(), Stated: -1, file: file, before: info, hash: sha256.New()}
	f.hashed = &countingReader{from: file, hash: f.hash}
	return f, nil
}

// Read gives the text in UTF-8, without byte order mark.
func (f *File) Read(b []byte) (int, error) { return f.text.Read(b) }

// Text is the buffered reader behind Read.
func (f *File) Text() *bufio.Reader { return f.text }

// Disk is the content on the disk, for formats that seek; only of a file that OpenDisk opened. It is to be read at
// offsets, never from where it stands.
func (f *File) Disk() *os.File { return f.disk }

// DiskSize is the size of Disk.
func (f *File) DiskSize() int64 { return f.diskSize }

// OnClose has something released before the file is.
func (f *File) OnClose(release func() error) { f.close = append(f.close, release) }

// Finish reads what is left, so that the hash covers the whole file, checks that the file did not change, and gives
// the SHA-256 in hexadecimal. The file stays open until Close.
func (f *File) Finish() (string, error) {
	if _, err := io.Copy(io.Discard, f.text); err != nil {
		return "", f.explain(err)
	}
	if _, err := io.Copy(io.Discard, f.hashed); err != nil {
		return "", f.explain(err)
	}
	if err := f.Unchanged(); err != nil {
		return "", err
	}
	return hex.EncodeToString(f.hash.Sum(nil)), nil
}

// Unchanged checks size, time of change and identity of the file against those at opening.
func (f *File) Unchanged() error {
	after, err := os.Stat(f.Path)
	if err != nil || !os.SameFile(f.before, after) || after.Size() != f.before.Size() || !after.ModTime().Equal(f.before.ModTime()) ||
		f.hashed.count > 0 && f.hashed.count > f.before.Size() {
		return problem.Of(f.Path, lang.T("读取时文件发生变化，未装入任何内容", "the file changed while it was read; nothing of it was loaded"), lang.T("待导出完成后再装入", "wait until the export has ended, then ingest it again"))
	}
	return nil
}

// Watch has progress called with the bytes read so far, once in some megabytes.
func (f *File) Watch(progress func(done int64)) { f.hashed.progress = progress }

// Close releases the file.
func (f *File) Close() error { return f.shut() }

func (f *File) shut() error {
	var err error
	for _, release := range slices.Backward(f.close) {
		err = errors.Join(err, release())
	}
	return errors.Join(err, f.file.Close())
}

// explain turns an error of the decompressor or decoder into one that a person can act on.
func (f *File) explain(err error) error {
	if p := (problem.Problem{}); errors.As(err, &p) {
		return err
	}
	if f.Compression != "" {
		return problem.Of(f.Path, lang.T(fmt.Sprintf("%s 压缩数据中断或损坏（%v），未装入任何内容", f.Compression, err), fmt.Sprintf("the %s data break off or are damaged (%v); nothing of the file was loaded", f.Compression, err)),
			lang.T("重新传输或压缩该文件", "transfer or compress the file again"))
	}
	return problem.Of(f.Path, lang.T("读取中断："+err.Error(), err.Error()), lang.T("检查磁盘与权限", "check the disk and the permissions"))
}

// countingReader hashes and counts the bytes on their way from the disk.
type countingReader struct {
	from     io.Reader
	hash     hash.Hash
	count    int64
	told     int64
	progress func(done int64)
}

// step is how many bytes pass between two calls of progress.
const step = 4 << 20

func (r *countingReader) Read(b []byte) (int, error) {
	n, err := r.from.Read(b)
	_, _ = r.hash.Write(b[:n])
	r.count += int64(n)
	if r.progress != nil && (r.count-r.told >= step || err == io.EOF) {
		r.told = r.count
		r.progress(r.count)
	}
	return n, err
}

// Hash gives the SHA-256 of a file in hexadecimal without reading it as anything.
func Hash(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.CopyBuffer(h, struct{ io.Reader }{file}, make([]byte, bufferSize))
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, file.Close())
}

// BaseName is the file name without folder, compression and format endings, in lower case: usage_event_2026-10 for
// /data/usage_event_2026-10.csv.gz. The second result is the format's ending, such as csv.
func BaseName(path string) (name, format string) {
	name = strings.ToLower(filepath.Base(path))
	for _, ending := range []string{".gz", ".gzip", ".zst", ".zstd"} {
		name = strings.TrimSuffix(name, ending)
	}
	ext := filepath.Ext(name)
	return strings.TrimSuffix(name, ext), strings.TrimPrefix(ext, ".")
}
