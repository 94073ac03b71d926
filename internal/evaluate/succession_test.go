package evaluate

import (
	"context"
	"testing"
	"time"

	"weir/internal/calendar"
	"weir/internal/store"
)

// merged is two departments, of which one went into the other on 15 March 2026, and a third that uses the resources of
// both all the time. The platform goes on to name the old department.
const merged = `
INSERT INTO department (department_id, name, successor_id, valid_to, load_id, source_line) VALUES
	('OLD', '粮食局', 'NEW', DATE '2026-03-15', 1, 1), ('NEW', '发展改革委', NULL, NULL, 1, 2), ('USER', '财政局', NULL, NULL, 1, 3);
INSERT INTO dataset (dataset_id, department_id, title, share_attribute, load_id, source_line) VALUES ('S1', 'OLD', '库存', 'U', 2, 1), ('S2', 'NEW', '项目', 'U', 2, 2);
INSERT INTO resource (resource_id, dataset_id, department_id, mounted_at, bytes, load_id, source_line) VALUES
	('R1', 'S1', 'OLD', TIMESTAMP '2025-01-01', 10, 3, 1), ('R2', 'S2', 'NEW', TIMESTAMP '2025-01-01', 10, 3, 2);
INSERT INTO usage_event (event_id, occurred_at, resource_id, provider_id, consumer_id, ok, "rows", load_id, source_line)
	SELECT 'U' || i, TIMESTAMP '2026-01-05 02:00:00' + to_days(CAST(i * 7 AS INTEGER)), 'R1', 'OLD', 'USER', true, 1, 4, i FROM range(16) t(i)
	UNION ALL SELECT 'N' || i, TIMESTAMP '2026-01-06 02:00:00' + to_days(CAST(i * 7 AS INTEGER)), 'R1', 'OLD', 'NEW', true, 1, 5, i FROM range(16) t(i)`

// TestValuesFollowTheSuccessor counts what is left of a merged department for the one that took it over, from the first
// whole month on; months before keep both.
func TestValuesFollowTheSuccessor(t *testing.T) {
	s, e := newEvaluator(t, "Asia/Shanghai", merged, DefaultSettings())
	ctx := context.Background()
	ask := func(asOf time.Time, m time.Month, query string) string {
		t.Helper()
		session, err := e.Open(ctx, calendar.Month{Year: 2026, Month: m}, asOf)
		if err != nil {
			t.Fatal(err)
		}
		defer session.Close()
		r, err := session.Query(ctx, "SELECT coalesce(string_agg(x, ' ' ORDER BY x), '') FROM ("+query+") AS q(x)", nil)
		if err != nil {
			t.Fatal(err)
		}
		return r.Rows[0][0].(string)
	}
	const resources = "SELECT resource_id || ':' || department_id FROM mart_resource WHERE month = $month"
	const exchanges = "SELECT provider_id || '>' || consumer_id || ':' || sum(exchanges) FROM mart_usage_month WHERE month BETWEEN CAST($month AS DATE) - INTERVAL 12 MONTH AND CAST($month AS DATE) AND exchanges > 0 GROUP BY provider_id, consumer_id"
	for _, c := range []struct {
		month       time.Month
		query, want string
	}{
		{1, resources, "R1:OLD R2:NEW"},
		{3, resources, "R1:OLD R2:NEW"}, // its last day lies in the month
		{4, resources, "R1:NEW R2:NEW"},
		{1, "SELECT department_id FROM mart_department WHERE month = $month", "NEW OLD USER"},
		{4, "SELECT department_id FROM mart_department WHERE month = $month", "NEW USER"},
		{4, "SELECT DISTINCT consumer_id FROM usage_event", "NEW USER"}, // checks read events by the same rule
		{3, exchanges, "OLD>NEW:13 OLD>USER:13"},                        // the first 13 weeks of each series lie before April
		// What NEW drew from OLD is its own data now.
		{4, exchanges, "NEW>USER:16"},
		{4, "SELECT sum(self_events)::VARCHAR FROM mart_usage_day WHERE month = $month", "3"},
	} {
		for _, asOf := range []time.Time{{}, time.Date(2026, c.month+1, 1, 0, 0, 0, 0, time.FixedZone("", 8*3600))} {
			if got := ask(asOf, c.month, c.query); got != c.want {
				t.Errorf("month %d, as of %v: %s\ngot  %s\nwant %s", c.month, asOf, c.query, got, c.want)
			}
		}
	}
	// Nothing stays on the connections, and the tables themselves keep what the platform named.
	r, err := s.Query(ctx, "SELECT (SELECT count(*) FROM duckdb_views() WHERE temporary AND NOT internal), (SELECT count(*) FROM usage_event WHERE provider_id = 'OLD')", nil)
	if err != nil || r.Rows[0][0].(int64) != 0 || r.Rows[0][1].(int64) != 32 {
		t.Errorf("%v %v", r, err)
	}
}

func TestAChainOfMergersIsFollowedToItsEnd(t *testing.T) {
	s, _ := newEvaluator(t, "Asia/Shanghai", `
INSERT INTO department (department_id, name, successor_id, valid_to, load_id, source_line) VALUES
	('A', 'A', 'B', DATE '2025-01-01', 1, 1), ('B', 'B', 'C', DATE '2026-01-01', 1, 2), ('C', 'C', NULL, NULL, 1, 3),
	('X', 'X', 'Y', DATE '2025-01-01', 1, 4), ('Y', 'Y', 'X', DATE '2025-01-01', 1, 5),
	('Z', 'Z', 'C', NULL, 1, 6)`, DefaultSettings())
	for month, want := range map[int]string{0: "", 1: "A→B", 12: "A→B", 13: "A→C B→C"} {
		got, err := SuccessionOf(func(q string, p map[string]any) (*store.Result, error) { return s.Query(context.Background(), q, p) },
			"department", calendar.Month{Year: 2024, Month: 12}.Add(month))
		if err != nil || got.text() != want {
			t.Errorf("%d months on: %q, want %q (%v)", month, got.text(), want, err)
		}
	}
}
