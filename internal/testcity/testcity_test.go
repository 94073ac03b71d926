package testcity

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The key changes with every file that is built in and with no other.
func TestTheKeyFollowsTheSources(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "a", "a.go"), "package a")
	later := time.Now().Add(time.Hour)
	key := func() string {
		k, err := hashSources(root, later)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	first := key()
	for _, path := range []string{"a/a_test.go", "docs/a.md", "a/testdata/a.csv", ".git/index", "a.prof"} {
		if write(t, filepath.Join(root, path), "text"); key() != first {
			t.Errorf("%s changed the key", path)
		}
	}
	seen := map[string]string{first: "a/a.go"}
	for _, path := range []string{"queries/page.md", "a/a.sql", "go.sum", "a/b/c.yaml"} {
		write(t, filepath.Join(root, path), "text")
		if other, known := seen[key()]; known {
			t.Errorf("%s gives the key of %s", path, other)
		}
		seen[key()] = path
	}
	if _, err := hashSources(root, time.Now().Add(-time.Hour)); !errors.Is(err, errNewer) {
		t.Errorf("sources newer than the program: %v", err)
	}
}

// Many that ask at once get what one of them made; one broken off is made anew; old ones go.
func TestACityIsMadeOnceAndOldOnesGo(t *testing.T) {
	root := t.TempDir()
	unlock, err := lock(filepath.Join(root, "lock"))
	if errors.Is(err, errNotShared) {
		t.Skip("no locks on this system")
	}
	unlock()
	write(t, filepath.Join(root, "unfinished", "half"), "")
	made := 0
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			dir, err := keep(root, "key", func(dir string) error {
				made++ // under the lock
				return os.Mkdir(dir, 0o755)
			})
			if _, stat := os.Stat(filepath.Join(dir, "half")); err != nil || dir != filepath.Join(root, "key") || stat == nil {
				t.Errorf("%s: %v", dir, err)
			}
		})
	}
	all.Wait()
	if made != 1 {
		t.Errorf("made %d times", made)
	}
	broken := func(dir string) error { return errors.Join(os.Mkdir(dir, 0o755), errors.New("broken off")) }
	if _, err := keep(root, "failing", broken); err == nil {
		t.Error("a city that failed was given out")
	}
	if _, err := os.Stat(filepath.Join(root, "failing")); err == nil {
		t.Error("a city that failed is kept")
	}
	for i := range 5 {
		dir, err := keep(root, fmt.Sprint(i), func(dir string) error { return os.Mkdir(dir, 0o755) })
		if err != nil {
			t.Fatal(err)
		}
		if used := time.Now().Add(time.Duration(i-10) * time.Hour); i < 4 {
			if err := os.Chtimes(dir, used, used); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := keep(root, "key", nil); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"key": true, "4": true, "3": true, "2": false, "1": false, "0": false} {
		if _, err := os.Stat(filepath.Join(root, name)); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", name, err == nil, want)
		}
	}
}
