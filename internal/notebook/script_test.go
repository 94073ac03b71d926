package notebook

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"weir/internal/lang"
	"weir/internal/store"
)

// script runs the SQL export unchanged, in an engine that knows nothing of Weir, in the directory of the lake.
func script(t *testing.T, h *Host, r *Run, lake string) {
	text, err := h.Script(context.Background(), r, lake, lang.En)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text, lake) {
		t.Error("the script names a directory of this machine")
	}
	t.Chdir(lake)
	box, err := store.Open(context.Background(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	conn, err := box.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	shown := 0
	for _, statement := range strings.SplitAfter(text, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		answer, err := store.Collect(context.Background(), conn, statement, nil)
		if err != nil {
			t.Fatalf("%v\n%.500s", err, statement)
		}
		if isQuery.MatchString(statement) {
			for r.Cells[shown].Chart == "hidden" {
				shown++
			}
			same(t, r.Cells[shown], answer)
			shown++
		}
	}
	for ; shown < len(r.Cells); shown++ {
		if r.Cells[shown].Chart != "hidden" {
			t.Errorf("the script does not ask %s", r.Cells[shown].Name)
		}
	}
}

var isQuery = regexp.MustCompile(`(?m)\A(?:--.*\n|\s)*(?:EXECUTE|SELECT|WITH)\b`)

// same compares an answer of the bare engine with that of the runner in all cells that both give as texts or whole
// numbers.
func same(t *testing.T, c Cell, answer *store.Result) {
	t.Helper()
	if len(answer.Rows) != len(c.Result.Rows) {
		t.Errorf("%s: %d rows, want %d", c.Name, len(answer.Rows), len(c.Result.Rows))
		return
	}
	for i, row := range answer.Rows {
		for j, cell := range row {
			switch cell.(type) {
			case string, int64, nil:
				if !cmp.Equal(cell, c.Result.Rows[i][j]) {
					t.Errorf("%s row %d column %s: %v, want %v", c.Name, i+1, c.Result.Columns[j].Name, cell, c.Result.Rows[i][j])
				}
			}
		}
	}
}
