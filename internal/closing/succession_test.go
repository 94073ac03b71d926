package closing

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"weir/internal/calendar"
	"weir/internal/lang"
	"weir/internal/store"
	"weir/metrics"
)

// TestAMonthKeepsWhoCountsForWhom closes months on both sides of two mergers, A into B and B into C, and of a rename. A
// close keeps names and days as they stood; later ones change nothing of it.
func TestAMonthKeepsWhoCountsForWhom(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	exec(t, s, `INSERT INTO department (department_id, name, name_en, line_code, successor_id, valid_to, load_id, source_line) VALUES
		('A', '文化馆', 'Cultural Centre', 'CITY', 'B', DATE '2026-06-01', 1, 1), ('B', '文旅中心', NULL, 'CITY', 'C', DATE '2026-07-15', 1, 2),
		('C', '旅游局', NULL, 'CITY', NULL, NULL, 1, 3)`)
	c, err := New(s, cityRules(), t.TempDir(), clock)
	if err != nil {
		t.Fatal(err)
	}
	closed := func(name string) *metrics.Month {
		t.Helper()
		month, err := calendar.ParseMonth(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Close(ctx, month, ""); err != nil {
			t.Fatal(err)
		}
		m, err := Read(ctx, s, name)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	a := metrics.Predecessor{ID: "A", Name: lang.T("文化馆", "Cultural Centre"), Successor: "B", Until: "2026-05-31"}
	b := metrics.Predecessor{ID: "B", Name: lang.T("文旅中心", ""), Successor: "C", Until: "2026-07-14"}
	ac := a
	ac.Successor = "C"
	want := map[string][]metrics.Predecessor{"2026-05": {}, "2026-06": {a}, "2026-07": {a}, "2026-08": {ac, b}}
	for _, month := range []string{"2026-05", "2026-06", "2026-07", "2026-08"} {
		if month == "2026-07" {
			exec(t, s, `UPDATE department SET name = '文化和旅游局' WHERE department_id = 'C'`)
		}
		if got := closed(month).Predecessors; !reflect.DeepEqual(got, want[month]) {
			t.Errorf("%s: %#v, want %#v", month, got, want[month])
		}
	}
	exec(t, s, `UPDATE department SET name = '群艺馆' WHERE department_id = 'A'`)
	if m, err := Read(ctx, s, "2026-06"); err != nil || !reflect.DeepEqual(m.Predecessors, want["2026-06"]) {
		t.Errorf("after a rename: %+v, %v", m.Predecessors, err)
	}
	exec(t, s, `UPDATE department SET name = '文化馆' WHERE department_id = 'A'`)

	// A month that was closed before this was kept opens without, and nothing of it is called altered.
	exec(t, s, `UPDATE month_close SET content = json_merge_patch(content, '{"Predecessors": null}') WHERE month = '2026-08'`)
	m, err := Read(ctx, s, "2026-08")
	if err != nil || m.Predecessors != nil || len(m.Departments) != 1 {
		t.Errorf("%+v, %v", m, err)
	}
	v, err := c.Verify(ctx, "2026-08", 0)
	if err != nil || strings.Contains(lines(v), "figure |") {
		t.Errorf("%v, %s", err, lines(v))
	}
	// Elsewhere who counts for whom is verified like all that was frozen.
	exec(t, s, `UPDATE month_close SET content = replace(CAST(content AS VARCHAR), '2026-05-31', '2026-05-30') WHERE month = '2026-07'`)
	if v, err = c.Verify(ctx, "2026-07", 0); err != nil || !strings.Contains(lines(v), "figure | predecessors | ") {
		t.Errorf("%v, %s", err, lines(v))
	}
}
