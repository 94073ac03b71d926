package echarts

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"

	"modernc.org/quickjs"
)

// cached returns the bytecode from the directory, or compiles and keeps it. A
// file that is cut or damaged is made anew; a directory that cannot be written
// costs time, not the report.
func cached(dir string, script []byte, compile func([]byte) ([]byte, error)) ([]byte, error) {
	if dir == "" {
		return compile(script)
	}
	key := sha256.Sum256(append([]byte(quickjs.Version()+"\x00"), script...))
	file := filepath.Join(dir, "echarts-"+hex.EncodeToString(key[:8])+".bytecode")
	if kept, err := os.ReadFile(file); err == nil && len(kept) > sha256.Size {
		sum := sha256.Sum256(kept[sha256.Size:])
		if bytes.Equal(sum[:], kept[:sha256.Size]) {
			return kept[sha256.Size:], nil
		}
	}
	code, err := compile(script)
	if err != nil {
		return nil, err
	}
	keep(file, code)
	return code, nil
}

// keep writes the bytecode behind its SHA-256, whole or not at all.
func keep(file string, code []byte) {
	dir := filepath.Dir(file)
	if os.MkdirAll(dir, 0o700) != nil {
		return
	}
	temporary, err := os.CreateTemp(dir, ".bytecode-*")
	if err != nil {
		return
	}
	defer os.Remove(temporary.Name())
	sum := sha256.Sum256(code)
	_, err1 := temporary.Write(sum[:])
	_, err2 := temporary.Write(code)
	if err3 := temporary.Close(); err1 == nil && err2 == nil && err3 == nil {
		os.Rename(temporary.Name(), file)
	}
}
