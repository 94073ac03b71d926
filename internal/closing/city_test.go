package closing

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"weir/ingest"
	"weir/internal/calendar"
	"weir/internal/evaluate"
	"weir/internal/store"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/indicators"
	"weir/queries/page"
)

// cityStore ingests the sample city into a database of its own; further calls copy the first.
func cityStore(t *testing.T) *store.Store {
	t.Helper()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "weir.duckdb")
	if loadedCity == nil {
		s, err := store.Open(ctx, path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob("../../testdata/city/*.csv.gz")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ingest.Files(ctx, s, ingest.Settings{Key: bytes.Repeat([]byte{7}, 32)}, files, ingest.Options{Now: clock}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if loadedCity, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, loadedCity, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

var loadedCity []byte // a database file with the sample city

func clock() time.Time { return time.Date(2026, 11, 5, 0, 0, 0, 0, time.UTC) }

func cityRules() Rules {
	return Rules{Pages: indicators.BuiltIn(), Settings: evaluate.DefaultSettings(), Bands: scoring.DefaultBands(), LeakCap: "中", Integrity: DefaultIntegrity()}
}

func closeMonths(t *testing.T, s *store.Store, rules Rules, months ...string) []*metrics.Month {
	t.Helper()
	c, err := New(s, rules, t.TempDir(), clock)
	if err != nil {
		t.Fatal(err)
	}
	var list []*metrics.Month
	for _, name := range months {
		month, err := calendar.ParseMonth(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Close(context.Background(), month, ""); err != nil {
			t.Fatal(err)
		}
		m, err := Read(context.Background(), s, name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, m)
	}
	return list
}

// plainMonth is October 2026 of the sample city, closed once for all tests that only read it.
func plainMonth(t *testing.T) *metrics.Month {
	t.Helper()
	if plain == nil {
		plain = closeMonths(t, cityStore(t), cityRules(), "2026-10")[0]
	}
	return plain
}

var plain *metrics.Month

// exec changes rows as an update of the data would.
func exec(t *testing.T, s *store.Store, statements ...string) {
	t.Helper()
	err := s.Write(context.Background(), func(ctx context.Context, c *sql.Conn) error {
		for _, statement := range statements {
			if _, err := c.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestIntervalsHoldTheirValues(t *testing.T) {
	m := plainMonth(t)
	methods := map[metrics.IntervalMethod]int{}
	for _, v := range m.Values {
		switch {
		case v.State != scoring.HasValue && (v.Low != nil || v.Method != ""):
			t.Errorf("%s of %s is %s and has an interval", v.Indicator, v.Department, v.State)
		case v.Low == nil:
			if v.High != nil || v.Method != "" || v.StandardError != nil {
				t.Errorf("%s of %s: half an interval", v.Indicator, v.Department)
			}
		case !(*v.Low <= *v.Value+1e-9 && *v.Value <= *v.High+1e-9) || *v.Low < 0 || v.Unit == "%" && *v.High > 100:
			t.Errorf("%s of %s: %v in %v to %v %s", v.Indicator, v.Department, *v.Value, *v.Low, *v.High, v.Unit)
		case (v.Method == metrics.Wilson) != (v.StandardError == nil) || v.StandardError != nil && (!(*v.StandardError > 0) || v.Cases == nil):
			t.Errorf("%s of %s: standard error of a %s interval", v.Indicator, v.Department, v.Method)
		}
		if v.Department == metrics.City && v.DataKind == "" {
			methods[v.Method]++
		}
	}
	// The city as a whole has enough cases for every figure that consists of cases.
	for _, id := range []string{"reply_on_time_rate", "freshness_index", "flow_turnover", "time_to_first_use", "propagation_lag", "rule_pass_rate",
		"detail_retention_rate", "entity_link_coverage", "linked_consistency_rate", "satisfaction", "software_iteration_age"} {
		if v, ok := m.Find(id, metrics.City); !ok || v.Low == nil {
			t.Errorf("%s of the city has no interval: %+v", id, v)
		}
	}
	if methods[metrics.KaplanMeier] == 0 || methods[metrics.RatioTotals] == 0 || methods[metrics.Wilson] == 0 {
		t.Errorf("methods in use: %v", methods)
	}
}

func TestStandings(t *testing.T) {
	m := plainMonth(t)
	if len(m.Standings) != len(m.Scores) || len(m.Scores) == 0 {
		t.Fatalf("%d standings of %d scores", len(m.Standings), len(m.Scores))
	}
	for _, r := range m.Scores {
		s, ok := m.Standing(r.Department)
		if !ok {
			t.Fatalf("no standing of %s", r.Department)
		}
		if !(s.Data.Score.Low <= r.Total.Score && r.Total.Score <= s.Data.Score.High) {
			t.Errorf("%s: score %v outside of %+v", r.Department, r.Total.Score, s.Data.Score)
		}
		if s.Data.Score.Low == s.Data.Score.High {
			t.Errorf("%s: the data leave nothing open", r.Department)
		}
		if rank := float64(r.Rank); rank < s.Data.Rank.Low || rank > s.Data.Rank.High || rank < s.Weights.Rank.Low || rank > s.Weights.Rank.High {
			t.Errorf("%s: rank %d outside of %+v or %+v", r.Department, r.Rank, s.Data.Rank, s.Weights.Rank)
		}
		var sum float64
		for _, g := range s.Data.Grades {
			sum += g.Probability
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s: probabilities sum to %v", r.Department, sum)
		}
	}
}

// The same files close to the same figures, bit for bit, in another database and at another time.
func TestClosingIsReproducible(t *testing.T) {
	a, err := json.Marshal(plainMonth(t))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(closeMonths(t, cityStore(t), cityRules(), "2026-10")[0])
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("two closes of the same data differ")
	}
}

// A department's score, grade, interval and probabilities do not move because another department's data changed; its
// rank may.
func TestScoresDoNotDependOnOthers(t *testing.T) {
	s := cityStore(t)
	// Public Security answers nothing any more, its resources lose their bytes, its people their posts.
	exec(t, s,
		"UPDATE request SET replied_at = NULL, delivered_at = NULL WHERE provider_id = 'GA'",
		"UPDATE resource SET bytes = bytes * 1000 WHERE department_id = 'GA'",
		"UPDATE spend SET amount = amount / 7 WHERE department_id = 'GA'",
		"DELETE FROM update_event WHERE resource_id IN (SELECT resource_id FROM resource WHERE department_id = 'GA')",
		"DELETE FROM survey WHERE department_id = 'GA'",
		"DELETE FROM staff WHERE department_id = 'GA'")
	changed := closeMonths(t, s, cityRules(), "2026-10")[0]
	moved := false
	for _, r := range plainMonth(t).Scores {
		other, ok := changed.Score(r.Department)
		if !ok {
			t.Fatalf("no score of %s", r.Department)
		}
		a, _ := plainMonth(t).Standing(r.Department)
		b, _ := changed.Standing(r.Department)
		if r.Department == "GA" {
			moved = r.Total.Score != other.Total.Score
			continue
		}
		a.Data.Rank, a.Weights.Rank, a.Choices.Rank = b.Data.Rank, b.Weights.Rank, b.Choices.Rank
		if id := depends(r, other); id != "" {
			t.Errorf("%s of %s changed: the test must change data of Public Security only", id, r.Department)
		}
		if r.Total.Score != other.Total.Score || r.Grade != other.Grade || !reflect.DeepEqual(a, b) {
			t.Errorf("%s moved from %v %s to %v %s though only Public Security changed", r.Department, r.Total.Score, r.Grade, other.Total.Score, other.Grade)
		}
	}
	if !moved {
		t.Error("the score of Public Security did not move")
	}
}

// depends names a value of the department that changed, "" where none did.
func depends(a, b scoring.Result) string {
	for i, line := range a.Total.Lines {
		if !reflect.DeepEqual(line.Observed.Value, b.Total.Lines[i].Observed.Value) {
			return line.Indicator
		}
	}
	return ""
}

// The one way in which others reach a department's score: targets frozen from last year's values of a class hold from
// January on. Through the year they stay.
func TestFrozenTargetsMoveAtTheTurnOfTheYear(t *testing.T) {
	rules := cityRules()
	var pages []*page.Indicator
	for _, id := range []string{"flow_turnover", "unit_share_cost"} {
		pages = append(pages, rules.Pages.Versions(id)...)
	}
	rules.Pages = page.NewSet(pages...)
	rules.Integrity = Integrity{}
	months := []string{"2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12", "2026-01"}
	plain := closeMonths(t, cityStore(t), rules, months...)
	s := cityStore(t)
	exec(t, s, `UPDATE usage_event SET "rows" = "rows" * 50 WHERE provider_id = 'GA' AND occurred_at < TIMESTAMP '2025-12-31 16:00:00'`,
		"UPDATE spend SET amount = amount * 50 WHERE department_id IN ('GA', 'JY', 'WJ', 'MZ', 'RS') AND fiscal_year = 2025 AND service_life_months IS NULL")
	changed := closeMonths(t, s, rules, months...)
	for i, name := range months {
		moved := 0
		for _, r := range plain[i].Scores {
			other, _ := changed[i].Score(r.Department)
			if r.Total.Score == other.Total.Score || depends(r, other) != "" {
				continue
			}
			moved++
			for k, line := range r.Total.Lines {
				if line.Points != other.Total.Lines[k].Points && line.Rule.Target == other.Total.Lines[k].Rule.Target {
					t.Errorf("%s: points of %s of %s moved under the same value and target", name, line.Indicator, r.Department)
				}
			}
		}
		if turn := name == "2026-01"; (moved > 0) != turn {
			t.Errorf("%s: %d departments moved by the data of others", name, moved)
		}
	}
}
