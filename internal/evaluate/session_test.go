package evaluate

import (
	"context"
	"testing"
	"time"

	"weir/internal/calendar"
	"weir/internal/store"
	"weir/metrics/scoring"
	"weir/queries/indicators"
)

func newEvaluator(t *testing.T, zone, rows string, settings Settings) (*store.Store, *Evaluator) {
	t.Helper()
	s, err := store.Open(context.Background(), "", store.Options{TimeZone: zone})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	execAll(t, s, rows)
	e, err := New(s, indicators.BuiltIn(), settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s, e
}

func run(t *testing.T, e *Evaluator, month calendar.Month, asOf time.Time, indicator string) *Result {
	t.Helper()
	s, err := e.Open(context.Background(), month, asOf)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p, ok := s.Indicator(indicator)
	if !ok {
		t.Fatalf("no page %s", indicator)
	}
	r, err := s.Run(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func value(t *testing.T, r *Result, department string) (scoring.State, float64) {
	t.Helper()
	row, ok := r.Find(department)
	if !ok {
		t.Fatalf("no row of %s", department)
	}
	v, _ := row.Float()
	return row.State, v
}

const twoDepartments = `
INSERT INTO department (department_id, name, line_code, load_id, source_line) VALUES ('A', '甲', 'X', 1, 1), ('B', '乙', 'Y', 1, 2), ('C', '丙', 'Y', 1, 3);
INSERT INTO dataset (dataset_id, department_id, title, share_attribute, cadence, load_id, source_line) VALUES ('D', 'A', 'd', 'C', 'P1M', 1, 1);
INSERT INTO resource (resource_id, dataset_id, department_id, mounted_at, load_id, source_line) VALUES ('R', 'D', 'A', TIMESTAMP '2025-01-01', 1, 1);
`

// The four states from the tables: a value, nothing to measure, data that should be there, a source nobody delivers.
func TestFourStates(t *testing.T) {
	october := calendar.Month{Year: 2026, Month: time.October}
	_, bare := newEvaluator(t, "Asia/Shanghai", twoDepartments+"SELECT 1", DefaultSettings())
	r := run(t, bare, october, time.Time{}, "active_flow_rate")
	if state, _ := value(t, r, "A"); r.Measured || state != scoring.NotMeasured || r.Total.State != scoring.NotMeasured {
		t.Errorf("without any usage event: measured %v, %s", r.Measured, state)
	}
	_, e := newEvaluator(t, "Asia/Shanghai", twoDepartments+`INSERT INTO usage_event (event_id, occurred_at, resource_id, provider_id, consumer_id, ok, load_id, source_line) VALUES ('E', TIMESTAMP '2026-10-08', 'R', 'A', 'B', true, 1, 1);
INSERT INTO usage_event (event_id, occurred_at, resource_id, provider_id, consumer_id, ok, data_as_of, load_id, source_line) VALUES ('F', TIMESTAMP '2026-09-08', 'R', 'A', 'B', true, TIMESTAMP '2026-09-08', 1, 2)`, DefaultSettings())
	r = run(t, e, october, time.Time{}, "active_flow_rate")
	if state, v := value(t, r, "A"); state != scoring.HasValue || v != 100 {
		t.Errorf("value: %s %v", state, v)
	}
	if state, _ := value(t, r, "B"); state != scoring.NotApplicable {
		t.Errorf("a consumer has no stock of its own: %s", state)
	}
	if state, _ := value(t, r, "C"); state != scoring.NotApplicable {
		t.Errorf("a department without any part: %s", state)
	}
	// The source states dates (in September), the exchange of October does not.
	if state, _ := value(t, run(t, e, october, time.Time{}, "freshness_index"), "A"); state != scoring.Missing {
		t.Errorf("undated exchanges: %s", state)
	}
	if state, _ := value(t, run(t, e, calendar.Month{Year: 2026, Month: time.August}, time.Time{}, "active_flow_rate"), "A"); state != scoring.NotMeasured {
		t.Errorf("a month before the first event of anybody: %s", state)
	}
}

// An event at midnight belongs to one month, in the zone of the workspace; the hour that a clock repeats in autumn
// is two hours.
func TestLimitsAndHoursInTheWorkspaceZone(t *testing.T) {
	rows := twoDepartments + `INSERT INTO usage_event (event_id, occurred_at, resource_id, provider_id, consumer_id, ok, load_id, source_line) VALUES
		('M', TIMESTAMP '2026-09-30 22:00:00', 'R', 'A', 'B', true, 1, 1),
		('N', TIMESTAMP '2026-09-30 21:59:59', 'R', 'A', 'B', true, 1, 2),
		('O', TIMESTAMP '2026-10-25 00:30:00', 'R', 'A', 'B', true, 1, 3),
		('P', TIMESTAMP '2026-10-25 01:30:00', 'R', 'A', 'B', true, 1, 4),
		('Q', TIMESTAMP '2026-10-25 01:59:00', 'R', 'A', 'B', true, 1, 5)`
	// Berlin: 1 October begins at 22:00 UTC; on 25 October 2:30 comes twice, at 0:30 and at 1:30 UTC.
	_, e := newEvaluator(t, "Europe/Berlin", rows, DefaultSettings())
	october := run(t, e, calendar.Month{Year: 2026, Month: time.October}, time.Time{}, "cross_line_flow_share")
	if row, _ := october.Find("A"); row.N != 3 {
		t.Errorf("October has %d exchanges, want midnight and two hours of the 25th", row.N)
	}
	september := run(t, e, calendar.Month{Year: 2026, Month: time.September}, time.Time{}, "cross_line_flow_share")
	if row, _ := september.Find("A"); row.N != 1 {
		t.Errorf("September has %d exchanges, want the one before midnight", row.N)
	}
}

// An as-of evaluation sees nothing that came later, leaves no trace, and two of them do not disturb one another.
func TestAsOfLeavesNoTrace(t *testing.T) {
	ctx := context.Background()
	rows := twoDepartments + `INSERT INTO usage_event (event_id, occurred_at, resource_id, provider_id, consumer_id, ok, load_id, source_line) VALUES
		('M', TIMESTAMP '2026-10-08', 'R', 'A', 'B', true, 1, 1), ('N', TIMESTAMP '2026-10-20', 'R', 'A', 'C', true, 1, 2)`
	s, e := newEvaluator(t, "Asia/Shanghai", rows, DefaultSettings())
	month := calendar.Month{Year: 2026, Month: time.October}
	at := func(day int) time.Time { return time.Date(2026, 10, day, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		asOf time.Time
		n    int64
	}{{at(15), 1}, {at(5), 0}, {time.Time{}, 2}, {at(15), 1}, {at(25), 2}} {
		if row, _ := run(t, e, month, c.asOf, "cross_line_flow_share").Find("A"); row.N != c.n {
			t.Errorf("as of %s: %d exchanges, want %d", c.asOf, row.N, c.n)
		}
	}
	r, err := s.Query(ctx, "SELECT count(*) FROM duckdb_tables() WHERE temporary AND table_name LIKE 'mart_%'", nil)
	if err != nil || r.Rows[0][0] != int64(0) {
		t.Errorf("temporary marts left: %v %v", r.Rows, err)
	}
	if _, err := e.Open(ctx, month, at(0)); err == nil {
		t.Error("an instant before the month must be refused")
	}
}
