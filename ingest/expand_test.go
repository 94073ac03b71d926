package ingest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestFoldersAndPatterns(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b/usage_event_2.csv", "a/deep/usage_event_3.csv", "usage_event_1.csv", "README.md", ".hidden/x.csv", "a/~$open.xlsx", "a/[1].csv", "w/weir.yaml", "w/x.csv"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for argument, want := range map[string][]string{
		"a":                     {"a/[1].csv", "a/deep/usage_event_3.csv"},
		"./a/":                  {"a/[1].csv", "a/deep/usage_event_3.csv"},
		"a/[1].csv":             {"a/[1].csv"},
		"*.csv":                 {"usage_event_1.csv"},
		"*/usage_event_?.csv":   {"b/usage_event_2.csv"},
		"**/usage_event_*.csv":  {"a/deep/usage_event_3.csv", "b/usage_event_2.csv", "usage_event_1.csv"},
		"a/**/*":                {"a/[1].csv", "a/deep/usage_event_3.csv"},
		"a/**/usage_event_3.*":  {"a/deep/usage_event_3.csv"},
		"nowhere.csv":           {"nowhere.csv"},
		"nowhere*.csv":          nil,
		"w":                     nil,
		filepath.Join(dir, "b"): {filepath.Join(dir, "b", "usage_event_2.csv")},
	} {
		got, _, err := Expand([]string{argument})
		if len(got) != len(want) || (err != nil) != (want == nil) {
			t.Errorf("%s: %v, %v, want %v", argument, got, err, want)
			continue
		}
		for i := range got {
			if filepath.Clean(got[i]) != filepath.FromSlash(want[i]) {
				t.Errorf("%s: %v, want %v", argument, got, want)
			}
		}
	}
	files, skipped, err := Expand([]string{"usage_event_1.csv", "a", "*.csv"})
	if err != nil || len(files) != 3 || !slices.Equal(skipped, []string{"a/~$open.xlsx"}) {
		t.Errorf("%v, skipped %v, %v", files, skipped, err)
	}
}
