// Package testcity prepares the workspace of the sample city, with all its months closed, once for all tests of the
// module. It is used by tests only.
//
// The city lies in the user's cache, under a key of the sources that made it: another state of the sources makes
// another city. Test processes that need it at the same time wait for the first of them.
package testcity

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"weir/ingest"
	"weir/internal/calendar"
	"weir/internal/closing"
	"weir/internal/simulate"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/queries/indicators"
)

// kept is how many cities stay in the cache: switching between branches should not build one anew each time.
const kept = 3

// recent is how long a city stays after its last use, whatever others there are: a test may still be copying it.
const recent = time.Hour

// config names the city as weir demo does.
const config = `name: {zh: 清澜市, en: Qinglan City}
organisation: {zh: 清澜市大数据局, en: Qinglan Data Bureau}
language: zh
time_zone: Asia/Shanghai
`

// Copy makes dir a workspace of the city, which the test may change: inbox, database and lake of eighteen closed months,
// May 2025 to October 2026, without reports.
func Copy(t testing.TB, dir string) {
	t.Helper()
	if err := os.CopyFS(dir, os.DirFS(Shared(t))); err != nil {
		t.Fatal(err)
	}
	// The key of pseudonyms may be read by nobody else, and copies take the mode of the process.
	if err := os.Chmod(filepath.Join(dir, "hash.key"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Shared is the directory of the city that all tests share: nothing may be written there, nor its database be opened.
func Shared(t testing.TB) string {
	t.Helper()
	dir, err := shared()
	if errors.Is(err, errNotShared) {
		dir = filepath.Join(t.TempDir(), "city")
		err = build(context.Background(), dir)
	}
	if err != nil {
		t.Fatalf("sample city: %v", err)
	}
	return dir
}

// errNotShared says that a city cannot be kept for others; the test makes its own.
var errNotShared = errors.New("the city cannot be shared")

func shared() (string, error) {
	key, err := sourceKey()
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", errNotShared
	}
	return keep(filepath.Join(cache, "weir-test", "city"), key, func(dir string) error { return build(context.Background(), dir) })
}

// keep gives the directory of a key below root. It is made when it is not there, by one process at a time; one that was
// broken off is made anew. Other keys are removed but for the newest.
func keep(root, key string, make func(dir string) error) (string, error) {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return "", errors.Join(errNotShared, err)
	}
	unlock, err := lock(filepath.Join(root, "lock"))
	if err != nil {
		return "", err
	}
	defer unlock()
	dir, unfinished := filepath.Join(root, key), filepath.Join(root, "unfinished")
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := os.RemoveAll(unfinished); err != nil {
			return "", err
		}
		if err := make(unfinished); err != nil {
			return "", err
		}
		if err := os.Rename(unfinished, dir); err != nil {
			return "", err
		}
	}
	now := time.Now()
	return dir, errors.Join(os.Chtimes(dir, now, now), prune(root, now))
}

// prune removes the cities that were used longest ago.
func prune(root string, now time.Time) error {
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	var cities []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && e.IsDir() {
			cities = append(cities, info)
		}
	}
	slices.SortFunc(cities, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for _, c := range cities[min(kept, len(cities)):] {
		if now.Sub(c.ModTime()) > recent {
			err = errors.Join(err, os.RemoveAll(filepath.Join(root, c.Name())))
		}
	}
	return err
}

// build makes the workspace: the city is invented, loaded and its months are closed by the workspace's own rules.
func build(ctx context.Context, dir string) (err error) {
	w, err := workspace.Init(dir)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, workspace.ConfigFile), []byte(config), 0o644); err != nil {
		return err
	}
	if w, err = workspace.Open(dir); err != nil {
		return err
	}
	summary, err := simulate.Generate(simulate.Dir(w.Inbox()), simulate.Options{})
	if err != nil {
		return err
	}
	var files []string
	for _, name := range summary.Files {
		if filepath.Base(name) != simulate.TruthFile {
			files = append(files, filepath.Join(w.Inbox(), name))
		}
	}
	s, err := store.Open(ctx, w.Database(), store.Options{TimeZone: w.Config.TimeZone})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	key, err := w.HashKey()
	if err != nil {
		return err
	}
	if _, err := ingest.Files(ctx, s, ingest.Settings{Key: key, Temp: w.Temp()}, files, ingest.Options{Now: time.Now}); err != nil {
		return err
	}
	rules := closing.Rules{Pages: indicators.BuiltIn(), Settings: w.Config.Settings, Calendar: calendar.China(), Bands: w.Config.Grades, LeakCap: w.Config.LeakCap,
		Uncertainty: w.Config.Uncertainty, Integrity: w.Config.Integrity}
	closer, err := closing.New(s, rules, w.Lake(), time.Now)
	if err != nil {
		return err
	}
	sheet, err := simulate.ReadTruths(filepath.Join(w.Inbox(), simulate.TruthFile))
	if err != nil {
		return err
	}
	month, err := calendar.ParseMonth(sheet.From)
	if err != nil {
		return err
	}
	for ; month.String() <= sheet.To; month = month.Add(1) {
		if _, err := closer.Close(ctx, month, ""); err != nil {
			return fmt.Errorf("close %s: %w", month, err)
		}
	}
	return nil
}
