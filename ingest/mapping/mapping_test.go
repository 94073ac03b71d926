package mapping

import (
	"strings"
	"testing"

	"weir/queries/schema"
)

// Every mistake is reported with its line, and the nearest right word.
func TestProblemsOfMappings(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"unknown key":      {"target: catalogue_entry\nfiels: [a]\ncolumns: {entry_id: a, department: b, title: c}\n", `m.yaml:2:1: unknown key "fiels"; did you mean "files"?`},
		"unknown target":   {"target: catalog_entry\ncolumns: {a: b}\n", `m.yaml:1:9: unknown target "catalog_entry"; did you mean "catalogue_entry"?`},
		"unknown column":   {"target: catalogue_entry\ncolumns:\n  entry_id: a\n  department: b\n  titel: c\n  title: c\n", `m.yaml:5:3: catalogue_entry has no column "titel"; did you mean "title"?`},
		"required missing": {"target: catalogue_entry\ncolumns:\n  entry_id: a\n  department: b\n", "the required column title is not mapped"},
		"two sources":      {"target: catalogue_entry\ncolumns:\n  entry_id: a\n  department: b\n  title: {column: c, sql: c}\n", "m.yaml:5:10: title needs exactly one of column, sql and value"},
		"bad YAML":         {"target: [\n", "m.yaml"},
		"format":           {"target: catalogue_entry\nformat: cvs\ncolumns: {entry_id: a, department: b, title: c}\n", `did you mean "csv"?`},
		"twice":            {"target: catalogue_entry\ntarget: dataset\ncolumns: {entry_id: a, department: b, title: c}\n", "given twice"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, problems := Parse("m.yaml", []byte(c.text), schema.Default())
			if len(problems) == 0 || !strings.Contains(problems.Error(), c.want) {
				t.Errorf("got %q, want %q", problems.Error(), c.want)
			}
		})
	}
}

func TestWordsAreComparedWithoutRemarks(t *testing.T) {
	words := Vocabulary(schema.Default(), schema.Column{Name: Cadence}, map[string]string{"其他": "irregular"})
	for word, want := range map[string]string{
		"每月(更新说明:暂无新业务数据产生)": "P1M", "每月（暂无）": "P1M", " Monthly ": "P1M", "其他": "irregular", "实时": "PT1S", "不更新": "static", "每週": "P1W",
	} {
		if got := words[Compared(word)]; got != want {
			t.Errorf("%q means %q, want %q", word, got, want)
		}
	}
	share := Vocabulary(schema.Default(), schema.Column{Name: "share_attribute"}, nil)
	for word, want := range map[string]string{"无条件共享": "U", "有条件共享（审批）": "C", "u": "U"} {
		if got := share[Compared(word)]; got != want {
			t.Errorf("%q means %q, want %q", word, got, want)
		}
	}
}

func TestFilesAreMatchedByName(t *testing.T) {
	m := &Mapping{Files: []string{"guizhou_*.json"}}
	for file, want := range map[string]bool{"/data/Guizhou_Zunyi.json": true, "guizhou_x.json.gz": true, `C:\in\guizhou_x.json`: true, "guizhou.json": false} {
		if m.Matches(file) != want {
			t.Errorf("%s: %v", file, !want)
		}
	}
}
