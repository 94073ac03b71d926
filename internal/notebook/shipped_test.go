package notebook

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"weir/internal/lang"
	"weir/internal/runner"
	"weir/queries/notebooks"
	"weir/queries/page"
	"weir/queries/views"
)

// TestShippedNotebooks runs the shipped notebooks on the sample city: their answers are those of testdata/golden, and
// they can be written in every form. go test -update writes the answers anew, after the city or an indicator changed;
// look at the difference before you commit it.
func TestShippedNotebooks(t *testing.T) {
	c := newCity(t)
	h := c.host(t, "")
	all := c.set.All()
	if len(all) < 12 {
		t.Fatalf("only %d notebooks", len(all))
	}
	runs := map[string]*Run{}
	for _, n := range all {
		t.Run(n.ID, func(t *testing.T) {
			problems, err := h.Check(context.Background(), n, lang.En)
			if err != nil || len(problems) > 0 {
				t.Fatalf("check: %v %v", err, problems)
			}
			r := c.run(t, h, n, nil)
			runs[n.ID] = r
			golden(t, r)
			namedColumns(t, r)
			t.Run("script", func(t *testing.T) { script(t, h, r, c.lake) })
			t.Run("jupyter", func(t *testing.T) { jupyterFile(t, h, r, c.lake) })
			t.Run("data", func(t *testing.T) { dataForms(t, h, r) })
		})
	}
	t.Run("documents", func(t *testing.T) { documents(t, h, runs) })
	t.Run("survival", func(t *testing.T) { survivalAgrees(t, c, h) })
	t.Run("forecast", func(t *testing.T) { forecastAgrees(t, c, h) })
	t.Run("diff", func(t *testing.T) { diffOfCloses(t, c) })
	t.Run("values", func(t *testing.T) { chosenValues(t, c, h) })
	t.Run("replay", func(t *testing.T) { replay(t, c) })
	t.Run("codes", func(t *testing.T) { codesAreListed(t, h) })
}

// Each page says how it is read and what it does not tell, in both languages.
func TestShippedNotebooksSayHowToReadThem(t *testing.T) {
	set, problems := Load(notebooks.Files())
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	for _, n := range set.All() {
		for l, wanted := range map[lang.Lang][]string{lang.Zh: {"怎么读", "局限"}, lang.En: {"How to read", "Limits"}} {
			blocks := map[string]int{}
			last := ""
			for _, p := range pieces(n.Body, l) {
				if p.heading > 0 {
					last = p.title
				} else if p.block != nil {
					blocks[last]++
				}
			}
			for _, title := range wanted {
				if blocks[title] == 0 {
					t.Errorf("%s: nothing stands below %q", n.ID, title)
				}
			}
		}
	}
}

// codesAreListed wants every code of the city's tables to stand in the published list of its column.
func codesAreListed(t *testing.T, h *Host) {
	var queries []string
	for _, v := range views.All() {
		for _, c := range v.Columns {
			if c.Codes != "" && !strings.HasPrefix(v.Name, "access_") {
				queries = append(queries, fmt.Sprintf(`SELECT DISTINCT '%s.%s: ' || "%s" FROM "%s" WHERE "%s" <> '' AND "%s" NOT IN (SELECT code FROM code WHERE list = '%s')`,
					v.Name, c.Name, c.Name, v.Name, c.Name, c.Name, c.Codes))
			}
		}
	}
	rows, err := h.ask(context.Background(), strings.Join(queries, "\nUNION ALL "))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		t.Errorf("%v stands in no list", row[0])
	}
	if len(queries) < 30 {
		t.Errorf("only %d columns have codes", len(queries))
	}
}

// golden compares the answers with those kept.
func golden(t *testing.T, r *Run) {
	t.Helper()
	path := filepath.Join("testdata", "golden", r.Notebook.ID+".csv")
	var b bytes.Buffer
	for _, c := range r.Cells {
		if c.Chart == "hidden" {
			continue
		}
		if c.Result.Cut {
			t.Errorf("%s is cut", c.Name)
		}
		fmt.Fprintf(&b, "# %s\n", c.Name)
		lines := append([][]string{header(c.Result)}, printed(c.Result)...)
		w := csv.NewWriter(&b)
		for _, line := range lines {
			if err := w.Write(line); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
	}
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("answers of %s (-want +got):\n%.3000s", r.Notebook.ID, diff)
	}
}

func header(r *runner.Result) []string {
	names := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		names[i] = c.Name
	}
	return names
}

func printed(r *runner.Result) [][]string {
	lines := make([][]string, len(r.Rows))
	for i, row := range r.Rows {
		for j, cell := range row {
			lines[i] = append(lines[i], runner.FormatCell(cell, r.Columns[j].Type))
		}
	}
	return lines
}

// namedColumns wants every column that is shown to have a name in both languages.
func namedColumns(t *testing.T, r *Run) {
	t.Helper()
	l := newLabels(r.Notebook, lang.En)
	for _, c := range r.Cells {
		if c.Chart == "hidden" {
			continue
		}
		if c.Title == "" || !strings.Contains(c.Title, " | ") {
			t.Errorf("cell %s has no title in both languages", c.Name)
		}
		for _, column := range c.Result.Columns {
			if !l.named(column.Name) {
				t.Errorf("cell %s: column %s has no name in both languages", c.Name, column.Name)
			}
		}
	}
}

func find(t *testing.T, c *city, id string) *page.Notebook {
	t.Helper()
	n, err := c.set.Find(id)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func cellOf(t *testing.T, r *Run, name string) *Cell {
	t.Helper()
	c, err := r.Cell(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
