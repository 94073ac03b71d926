package evidence_test

import (
	"bytes"
	"context"
	"database/sql"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"weir/ingest"
	"weir/internal/calendar"
	"weir/internal/closing"
	"weir/internal/evaluate"
	"weir/internal/evidence"
	"weir/internal/store"
	"weir/metrics/scoring"
	"weir/queries/indicators"
)

func clock() time.Time { return time.Date(2026, 11, 5, 0, 0, 0, 0, time.UTC) }

// TestEveryFigureIsExplainedByTheRowsOfItsClose closes October 2026 of the sample city, with no month before it closed,
// and finds behind every figure the rows that the database gave at that moment; then the data change, and the rows
// behind the closed figures stay.
func TestEveryFigureIsExplainedByTheRowsOfItsClose(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "weir.duckdb"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	files, err := filepath.Glob("../../testdata/city/*.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ingest.Files(ctx, s, ingest.Settings{Key: bytes.Repeat([]byte{7}, 32)}, files, ingest.Options{Now: clock}); err != nil {
		t.Fatal(err)
	}
	october := calendar.Month{Year: 2026, Month: time.October}
	lake := t.TempDir()
	closer, err := closing.New(s, closing.Rules{Pages: indicators.BuiltIn(), Settings: evaluate.DefaultSettings(), Bands: scoring.DefaultBands()}, lake, clock)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := closer.Close(ctx, october, ""); err != nil {
		t.Fatal(err)
	}
	evaluator, err := evaluate.New(s, indicators.BuiltIn(), evaluate.DefaultSettings(), nil)
	if err != nil {
		t.Fatal(err)
	}
	session, err := evaluator.Open(ctx, october, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	reader := evidence.New(lake, evaluator)
	defer reader.Close()
	compared, kept := 0, map[string][][]any{}
	for _, p := range session.Indicators() {
		if p.Evidence.Text == "" {
			continue
		}
		for i, d := range session.Departments() {
			if i%8 != 0 && d.ID != "MZ" {
				continue // the others are alike
			}
			want, _, err := session.Evidence(ctx, p, d.ID, 0)
			if err != nil {
				t.Fatal(err)
			}
			got, _, err := reader.Rows(ctx, "2026-10", 1, p, d.ID, 0, 0)
			if err != nil {
				t.Fatalf("%s of %s: %v", p.ID, d.ID, err)
			}
			if !reflect.DeepEqual(got.Rows, want.Rows) {
				t.Errorf("%s of %s: %d rows in the lake, %d in the database", p.ID, d.ID, len(got.Rows), len(want.Rows))
			}
			compared += len(got.Rows)
			kept[p.ID+" "+d.ID] = got.Rows
		}
	}
	// The sample city is deterministic; most of its indicators have rows behind them.
	if compared < 1000 || len(kept) < 150 {
		t.Fatalf("only %d rows of %d figures were compared", compared, len(kept))
	}
	if err := session.Close(); err != nil {
		t.Fatal(err)
	}

	err = s.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
		_, err := c.ExecContext(ctx, "DELETE FROM request; DELETE FROM resource; DELETE FROM usage_event")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"reply_on_time_rate MZ", "flow_turnover MZ", "cross_line_flow_share MZ"} {
		indicator, department, _ := strings.Cut(name, " ")
		p, _ := indicators.BuiltIn().On(indicator, october.Day())
		got, _, err := reader.Rows(ctx, "2026-10", 1, p, department, 0, 0)
		if err != nil || len(got.Rows) == 0 || !reflect.DeepEqual(got.Rows, kept[name]) {
			t.Errorf("%s: %d rows after the data changed, %d before: %v", name, len(got.Rows), len(kept[name]), err)
		}
	}

	// Pages of rows follow one another.
	p, _ := indicators.BuiltIn().On("reply_on_time_rate", october.Day())
	all := kept["reply_on_time_rate MZ"]
	first, more, err := reader.Rows(ctx, "2026-10", 1, p, "MZ", 0, 2)
	if err != nil || !more || !reflect.DeepEqual(first.Rows, all[:2]) {
		t.Errorf("the first page: %v more %v %v", first, more, err)
	}
	next, more, err := reader.Rows(ctx, "2026-10", 1, p, "MZ", 2, 1000)
	if err != nil || more || !reflect.DeepEqual(next.Rows, all[2:]) {
		t.Errorf("the next page: %d rows more %v %v", len(next.Rows), more, err)
	}

	for _, c := range []struct {
		month    string
		revision int
		query    string
		says     string
	}{
		{"2026-09", 1, "SELECT 1", "2026-09.1"},
		{"2026-10", 2, "SELECT 1", "2026-10.2"},
		{"2026-10", 1, "SELECT nonsense FROM request", `"nonsense"`},
		{"2026-10", 1, "SELECT * FROM read_csv('/etc/passwd')", "disabled by configuration"},
	} {
		if _, err := reader.Query(ctx, c.month, c.revision, c.query, nil); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s of %s.%d: %v", c.query, c.month, c.revision, err)
		}
	}
}
