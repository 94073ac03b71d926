package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"weir/ingest/source"
	"weir/internal/lang"
	"weir/internal/problem"
)

// standardInput is the argument that stands for it, and the name that its rows are known by.
const standardInput, standardName = "-", "stdin"

// withStandardInput replaces the argument - by a private file in the folder that holds what was read; remove deletes
// it. What a process that was killed left there a day ago and more is deleted too.
func withStandardInput(arguments []string, from io.Reader, temp string) (_ []string, remove func() error, err error) {
	remove = func() error { return nil }
	at := slices.Index(arguments, standardInput)
	if at < 0 {
		return arguments, remove, nil
	}
	if old, err := filepath.Glob(filepath.Join(temp, standardName+"-*")); err == nil {
		for _, dir := range old {
			if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
				if err := os.RemoveAll(dir); err != nil {
					return nil, remove, err
				}
			}
		}
	}
	if err := os.MkdirAll(temp, 0o700); err != nil {
		return nil, remove, err
	}
	dir, err := os.MkdirTemp(temp, standardName+"-*")
	if err != nil {
		return nil, remove, err
	}
	remove = func() error { return os.RemoveAll(dir) }
	spool, err := source.Spool(from, dir)
	if err != nil {
		return nil, remove, err
	}
	path := filepath.Join(dir, standardName)
	if err := spool.Close(); err != nil {
		return nil, remove, err
	}
	replaced := slices.Clone(arguments)
	replaced[at] = path
	return replaced, remove, os.Rename(spool.Name(), path)
}

// shownName is how a file is called in what people read: standard input by its own name.
func shownName(path string) string {
	if filepath.Base(path) == standardName && strings.HasPrefix(filepath.Base(filepath.Dir(path)), standardName+"-") {
		return standardName
	}
	return path
}

// shownError writes the error with the names that people know the files by, in a language.
func shownError(err error, files []string, l lang.Lang) error {
	for _, f := range files {
		if name := shownName(f); err != nil && name != f {
			err = errors.New(strings.ReplaceAll(problem.In(err, l), f, name))
		}
	}
	return err
}
