package testcity

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"weir/ingest/source"
)

// notSources are directories of the module from which no package is built.
var notSources = []string{"bin", "docs", "testdata", "node_modules", "weir-demo", "look"}

// errNewer says that sources have changed since this test program was built.
var errNewer = errors.New("sources are newer than the test program")

// sourceKey is a hash of everything that the program is built from: every file of the module that is no test, whatever
// its kind, since pages, SQL and templates are built in. Where a file is newer than this test program it may not be in
// it: then the key is the hash of the program itself, which tests of other packages do not share.
func sourceKey() (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	program, err := os.Stat(self)
	if err != nil {
		return "", err
	}
	key, err := hashSources(root, program.ModTime())
	if errors.Is(err, errNewer) {
		key, err = source.Hash(self)
	}
	return key, err
}

func hashSources(root string, built time.Time) (string, error) {
	all := sha256.New()
	fmt.Fprintln(all, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || slices.Contains(notSources, d.Name())):
			return filepath.SkipDir
		case !d.Type().IsRegular(), strings.HasPrefix(d.Name(), "."), strings.HasSuffix(path, "_test.go"), strings.HasSuffix(path, ".test"), strings.HasSuffix(path, ".prof"):
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.ModTime().After(built) {
			return errNewer
		}
		sum, err := source.Hash(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		fmt.Fprintf(all, "%s %s\n", sum, filepath.ToSlash(name))
		return err
	})
	return hex.EncodeToString(all.Sum(nil)), err
}

// moduleRoot is the directory of go.mod above the working directory, which of a test is that of its package.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			err = errors.New("no go.mod above the working directory: run the test in its package")
		}
		dir = parent
	}
	return "", err
}
