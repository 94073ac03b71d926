package repair

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"weir/ingest"
	"weir/internal/lang"
	"weir/internal/store"
)

// TestAWorkbookGoesOutAndComesBack repairs one row in a workbook, as a spreadsheet program would, and one of JSON.
func TestAWorkbookGoesOutAndComesBack(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	st, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	settings := ingest.Settings{Key: []byte("k")}
	for name, text := range map[string]string{
		"department.csv":     "department_id,name\nMZ,民政局\nJY,教育局\n",
		"usage_event.csv":    "event_id,occurred_at,resource_id,provider_id,consumer_id,ok,person_key,purpose\nE1,2026-02-30,R,JY,MZ,true,510101199001011234,\"=cmd|' /C calc'!A0\"\nE2,昨天,R,JY,MZ,true,,\n",
		"zero_report.ndjson": `{"department_id":"无此局","day":"2026-10-01"}` + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	clock := func() time.Time { return time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC) }
	if _, err := ingest.Files(ctx, st, settings, []string{filepath.Join(dir, "department.csv"), filepath.Join(dir, "usage_event.csv"), filepath.Join(dir, "zero_report.ndjson")}, ingest.Options{Now: clock}); err != nil {
		t.Fatal(err)
	}
	waiting := func() []ingest.Unrepaired {
		rows, err := ingest.UnrepairedRows(ctx, st, settings, ingest.QuarantineFilter{})
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	files, err := Write(filepath.Join(dir, "out"), "xlsx", lang.En, waiting())
	if err != nil || len(files) != 2 {
		t.Fatalf("%+v %v", files, err)
	}
	event, report := filepath.Join(dir, "out", "quarantine-JY-usage_event.xlsx"), filepath.Join(dir, "out", "quarantine-unassigned-zero_report.xlsx")
	edit := func(path string, cells map[string]string) {
		t.Helper()
		book, err := excelize.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows(book.GetSheetName(0))
		if err != nil || strings.Contains(strings.Join(rows[1], "|"), "510101") {
			t.Fatalf("a personal code went out: %v %v", rows, err)
		}
		if formula, _ := book.GetCellFormula(book.GetSheetName(0), "O2"); formula != "" {
			t.Errorf("a text became a formula: %s", formula)
		}
		for cell, value := range cells {
			if err := book.SetCellStr(book.GetSheetName(0), cell, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := book.Save(); err != nil {
			t.Fatal(err)
		}
		if err := book.Close(); err != nil {
			t.Fatal(err)
		}
	}
	// Seven columns lead; occurred_at is the second of the file: I. The JSON row stands in weir_raw: H.
	edit(event, map[string]string{"I2": "2026-03-02 08:00:00"})
	edit(report, map[string]string{"H2": `{"department_id":"民政局","day":"2026-10-01"}`})
	var repairs []ingest.Repair
	for _, path := range []string{event, report} {
		read, passed, err := Read(path, waiting())
		if err != nil || passed != 0 {
			t.Fatal(passed, err)
		}
		repairs = append(repairs, read...)
	}
	done, err := ingest.Replay(ctx, st, settings, repairs, ingest.Options{Now: clock})
	if err != nil || len(done) != 2 || len(done[0].In) != 1 || len(done[0].Left) != 1 || len(done[1].In) != 1 {
		t.Fatalf("%+v %v", done, err)
	}
	r, err := st.Query(ctx, "SELECT (SELECT purpose || ' ' || length(person_key) || ' ' || occurred_at FROM usage_event), (SELECT department_id FROM zero_report)", nil)
	if err != nil || r.Rows[0][0] != "=cmd|' /C calc'!A0 18 2026-03-02 00:00:00" || r.Rows[0][1] != "MZ" {
		t.Errorf("%v %v", r, err)
	}
	// What went in is passed over when the same file comes once more.
	read, passed, err := Read(report, waiting())
	if err != nil || len(read) != 0 || passed != 1 {
		t.Errorf("%v %d %v", read, passed, err)
	}
}

func TestAFileThatIsNoneOfOursIsRefused(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct{ text, want string }{
		"empty.csv":   {"", "empty"},
		"other.csv":   {"a,b\n1,2\n", "weir_load"},
		"place.csv":   {"weir_load,weir_line\nx,2\n", "place.csv:2"},
		"column.csv":  {"weir_load,weir_line,a\n1,2,3\n", `the column "b" is missing`},
		"quote.csv":   {"weir_load,weir_line\n\"1,2\n", "quote"},
		"broken.xlsx": {"not a workbook", "cannot be read"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		waiting := []ingest.Unrepaired{{Quarantined: ingest.Quarantined{LoadID: 1, Line: 2}, Columns: []string{"a", "b"}}}
		if _, _, err := Read(path, waiting); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
