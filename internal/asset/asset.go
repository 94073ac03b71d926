// Package asset unpacks the files of others that are embedded compressed, and checks that each is the one whose
// SHA-256 was recorded when it was taken. Licences lie beside the files.
package asset

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Unpack gives the content of directory/name, which lies there as name.zst. It is an error if its SHA-256 is not the
// one that directory/SHA256SUMS records for name.
func Unpack(files fs.FS, directory, name string) ([]byte, error) {
	packed, err := fs.ReadFile(files, path.Join(directory, name+".zst"))
	if err != nil {
		return nil, err
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer decoder.Close()
	content, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("embedded %s: %w", name, err)
	}
	want, err := Sum(files, directory, name)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != want {
		return nil, fmt.Errorf("embedded %s: its SHA-256 is not the recorded one", name)
	}
	return content, nil
}

// Sum is the SHA-256, in hexadecimal digits, that directory/SHA256SUMS records for name.
func Sum(files fs.FS, directory, name string) (string, error) {
	text, err := fs.ReadFile(files, path.Join(directory, "SHA256SUMS"))
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 2 && fields[1] == name {
			return fields[0], nil
		}
	}
	return "", fmt.Errorf("embedded %s: no SHA-256 is recorded", name)
}
