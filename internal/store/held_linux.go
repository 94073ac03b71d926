package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// holds tells whether this process has the file open.
func holds(path string) (bool, error) {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return false, err
	}
	const open = "/proc/self/fd"
	entries, err := os.ReadDir(open)
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		target, err := os.Readlink(filepath.Join(open, e.Name()))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
		if err == nil && target == path {
			return true, nil
		}
	}
	return false, nil
}
