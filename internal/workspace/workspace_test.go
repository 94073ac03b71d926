package workspace

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInitMakesAWorkspaceOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "city")
	w, err := Init(dir)
	if err != nil {
		t.Fatal(err)
	}
	key, err := w.HashKey()
	if err != nil || len(key) != 32 {
		t.Errorf("key of %d bytes, %v", len(key), err)
	}
	if info, err := os.Stat(filepath.Join(dir, "hash.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key must be readable by its owner only: %v %v", info.Mode(), err)
	}
	if _, err := Init(dir); err == nil {
		t.Error("a second init must be refused")
	}
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrNone) {
		t.Errorf("want ErrNone, got %v", err)
	}
}

func TestParseReportsEveryProblem(t *testing.T) {
	_, problems := Parse("weir.yaml", []byte("langauge: zh\ntime_zone: Asia/Shanghai\n"))
	if got := problems.Error(); !strings.Contains(got, `weir.yaml:1:1: unknown key "langauge"`) || !strings.Contains(got, `"language"`) {
		t.Error(got)
	}
	_, problems = Parse("weir.yaml", []byte("language: fr\ntime_zone: Mars/Olympus\nfiscal_year_start: 13\ngrades: [{grade: 优, min: 90}]\n"))
	if len(problems) != 4 {
		t.Errorf("want 4 problems, got\n%v", problems)
	}
}

func TestSettingsTellTheirOrigin(t *testing.T) {
	w, err := Init(filepath.Join(t.TempDir(), "city"))
	if err != nil {
		t.Fatal(err)
	}
	settings, err := w.Settings()
	if err != nil {
		t.Fatal(err)
	}
	origin := map[string]string{}
	for _, s := range settings {
		origin[s.Key] = s.Origin
	}
	if !strings.HasPrefix(origin["name.zh"], "weir.yaml:") || origin["grades.1.grade"] != "default" {
		t.Errorf("origins: %v", origin)
	}
}
