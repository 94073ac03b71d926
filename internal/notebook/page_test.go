package notebook

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"weir/internal/lang"
	"weir/internal/runner"
	"weir/queries/page"
)

const sample = `---
id: sample
title: {zh: 样例, en: Sample}
---
## 谁依赖谁 Who depends on whom

中文一段，
换行。

An English paragraph.

* 第一
* First

` + "```sql name=one\nSELECT 1 AS n\n```\n\n```sql name=two chart=hidden\nSELECT n\nFROM one\n```\n\n```sql name=three\nSELECT *\nFROM two\n```\n"

func parse(t *testing.T, text string) *page.Notebook {
	t.Helper()
	n, problems := page.ParseNotebook("sample.md", []byte(text))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCellsAreComposedAndLeadBackToTheirLines(t *testing.T) {
	n := parse(t, sample)
	c := compose(n, n.Cells[2])
	want := "WITH\n\"one\" AS (\nSELECT 1 AS n\n),\n\"two\" AS (\nSELECT n\nFROM one\n)\nSELECT * FROM (\nSELECT *\nFROM two\n)"
	if c.sql != want {
		t.Errorf("composed\n%s", c.sql)
	}
	lines := strings.Split(sample, "\n")
	for i, line := range strings.Split(c.sql, "\n") {
		switch line {
		case "SELECT 1 AS n", "FROM one", "FROM two":
			if cell, at := c.place(i + 1); lines[at-1] != line || cell == "" {
				t.Errorf("line %d of the query leads to line %d of the page: %q", i+1, at, lines[at-1])
			}
		}
	}
	if c := compose(n, n.Cells[0]); c.sql != "SELECT 1 AS n\n" {
		t.Errorf("a cell by itself becomes %q", c.sql)
	}
}

func TestProseIsTakenInOneLanguage(t *testing.T) {
	n := parse(t, sample)
	for l, want := range map[lang.Lang]string{lang.Zh: "谁依赖谁|中文一段，换行。|* 第一|0|1|2", lang.En: "Who depends on whom|An English paragraph.|* First|0|1|2"} {
		var got []string
		for _, p := range pieces(n.Body, l) {
			switch {
			case p.heading > 0:
				got = append(got, p.title)
			case p.block != nil:
				got = append(got, markdownOf(p.block))
			default:
				got = append(got, string(rune('0'+p.cell)))
			}
		}
		if strings.Join(got, "|") != strings.ReplaceAll(want, "* ", "* ") {
			t.Errorf("%s: %s", l, strings.Join(got, "|"))
		}
	}
}

func TestDiffMatchesRowsByTheirWords(t *testing.T) {
	columns := []runner.Column{{Name: "department", Type: "VARCHAR"}, {Name: "n", Type: "BIGINT"}}
	run := func(rows ...[]any) *Run {
		return &Run{Notebook: &page.Notebook{ID: "x"}, Cells: []Cell{{Cell: page.Cell{Name: "c"}, Result: &runner.Result{Columns: columns, Rows: rows}}}}
	}
	changes, err := Diff(run([]any{"a", int64(1)}, []any{"b", int64(2)}), run([]any{"c", int64(3)}, []any{"b", int64(5)}))
	if err != nil {
		t.Fatal(err)
	}
	want := []Change{{Cell: "c", Key: "c", Kind: "added"}, {Cell: "c", Key: "b", Kind: "changed", Column: "n", Before: int64(2), After: int64(5)}, {Cell: "c", Key: "a", Kind: "removed"}}
	if diff := cmp.Diff(want, changes); diff != "" {
		t.Error(diff)
	}
}

func TestAWorkspacesNotebookReplacesTheShippedOne(t *testing.T) {
	shipped := fstest.MapFS{"sample.md": {Data: []byte(sample)}, "README.md": {Data: []byte("no notebook")}}
	own := fstest.MapFS{"mine.md": {Data: []byte(strings.Replace(sample, "en: Sample", "en: Mine", 1))}}
	set, problems := Load(shipped, own)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	n, err := set.Find("sample")
	if err != nil || n.Title.En != "Mine" || len(set.All()) != 1 {
		t.Errorf("%v %v", n, err)
	}
	if _, err := set.Find("sampel"); err == nil || !strings.Contains(err.Error(), `did you mean "sample"`) {
		t.Error(err)
	}
	if _, problems := Load(fstest.MapFS{"a.md": {Data: []byte(sample)}, "b.md": {Data: []byte(sample)}}); len(problems) != 1 {
		t.Errorf("the same id twice: %v", problems)
	}
}

func TestTheTemplateIsANotebook(t *testing.T) {
	text, err := Template("my_notebook")
	if err != nil {
		t.Fatal(err)
	}
	if n := parse(t, text); n.ID != "my_notebook" || len(n.Cells) != 2 {
		t.Errorf("%+v", n)
	}
	if _, err := Template("My notebook"); err == nil {
		t.Error("an id with a space was taken")
	}
}
