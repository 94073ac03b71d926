package testcity

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// notSources are directories of the module from which no package is built.
var notSources = []string{"bin", "docs", "testdata", "node_modules", "weir-demo", "look"}

// sourceKey is a hash of everything that the program is built from: every file of the module that is no test, whatever
// its kind, since pages, SQL and templates are built in. A file that is newer than this test program may not be in it:
// then the city is not shared, since it would be kept under the key of sources that did not make it.
func sourceKey() (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	built, err := builtAt()
	if err != nil {
		return "", err
	}
	return hashSources(root, built)
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
			return errNotShared
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		one := sha256.New()
		if _, err := io.Copy(one, file); err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		fmt.Fprintf(all, "%x %s\n", one.Sum(nil), filepath.ToSlash(name))
		return err
	})
	return hex.EncodeToString(all.Sum(nil))[:32], err
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

func builtAt() (time.Time, error) {
	self, err := os.Executable()
	if err != nil {
		return time.Time{}, err
	}
	info, err := os.Stat(self)
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}
