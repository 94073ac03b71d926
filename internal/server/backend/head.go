package backend

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// mostHead bounds the line of column names.
const mostHead = 1 << 20

// keepHead keeps the first line of a file that is about to be loaded, since repaired rows are read under the same
// names after the file is gone.
func (l *Loads) keepHead(path string) error {
	head, err := firstLine(path)
	if err != nil || head == "" {
		return nil // no text: its rows stand alone
	}
	directory := filepath.Join(l.Directory, "heads")
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return err
	}
	sha, err := hashOf(path)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(directory, sha), []byte(head), 0o600)
}

// Head finds the line of column names of a load: as kept at the upload, or of the file where it still lies in inbox/.
func (l *Loads) Head(ctx context.Context, load int64) (string, error) {
	r, err := l.Store.Query(ctx, "SELECT file, sha256 FROM load WHERE load_id = $load", map[string]any{"load": load})
	if err != nil {
		return "", err
	}
	if len(r.Rows) == 0 {
		return "", fmt.Errorf("there is no load %d", load)
	}
	name, sha := filepath.Base(r.Rows[0][0].(string)), r.Rows[0][1].(string)
	kept, err := os.ReadFile(filepath.Join(l.Directory, "heads", sha))
	if err == nil {
		return string(kept), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	head, err := firstLine(filepath.Join(l.Inbox, name))
	if err != nil || head == "" {
		return "", fmt.Errorf("the column names of load %d (%s) are not at hand; put the repaired rows into a file with its head and load that", load, name)
	}
	return head, nil
}

// firstLine reads the first line of a text file, also of a compressed one; "" for what is no text.
func firstLine(path string) (_ string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var in io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return "", err
		}
		in = z
	}
	line, err := bufio.NewReader(io.LimitReader(in, mostHead)).ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	line = bytes.TrimRight(bytes.TrimPrefix(line, []byte("\ufeff")), "\r\n")
	if bytes.IndexByte(line, 0) >= 0 {
		return "", nil
	}
	if !utf8.Valid(line) {
		if line, err = simplifiedchinese.GB18030.NewDecoder().Bytes(line); err != nil {
			return "", nil
		}
	}
	return string(line), nil
}

// hashOf is the SHA-256 of a file, by which the register of loads knows it.
func hashOf(path string) (_ string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
