package live_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"weir/internal/lake"
)

// monthRun gives a workspace in which the timetable has a month to run as soon as the service starts: a file lies in the
// inbox, the run of the month before last is known, that of the last month was missed.
func monthRun(t *testing.T) (dir string, a *accounts) {
	t.Helper()
	dir, a = workspace(t, `calendar: [days.json]
inbox: {settle_seconds: 0}
reporting: {kinds: [monthly_overview], formats: [html, xlsx], languages: [zh]}
server: {schedule: {month: "1 00:00", backup: "", inbox_minutes: 0, retention_days: 0}}
`)
	type year struct {
		Year   int    `json:"year"`
		Notice string `json:"notice"`
		URL    string `json:"url"`
	}
	var years []year // the test runs in any year, and the built-in calendar ends with the last one announced
	for y := 2022; y <= time.Now().Year()+1; y++ {
		years = append(years, year{y, "every weekday", "https://example.org"})
	}
	text, err := json.Marshal(map[string]any{"name": "weekdays", "years": years})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"days.json": text, "inbox/usage_event.ndjson": events(0, 50_000)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before(t, dir, func(ctx context.Context, c *sql.Conn) error {
		at := time.Now().UTC().AddDate(0, -2, 0)
		_, err := c.ExecContext(ctx, "INSERT INTO job (job_id, kind, argument, requested_by, key, state, due_at, queued_at, started_at, finished_at, result, error) VALUES (1, 'month', '{}', 'schedule', 'month', 'done', ?, ?, ?, ?, '', '')", at, at, at, at)
		return err
	})
	return dir, a
}

// TestKilledDuringTheMonth kills the service while its timetable ingests, closes and renders the month that is due. After
// the restart the run ends as it does without a kill: the file is in once, the month is closed once, the reports are whole.
func TestKilledDuringTheMonth(t *testing.T) {
	plain, accounts := monthRun(t)
	began := time.Now()
	s := serve(t, plain)
	finished := func(s *service, a string) {
		t.Helper()
		for _, j := range s.signIn(accounts, "operator").settled(t) {
			if j.State != "done" {
				t.Errorf("%s: job %+v", a, j)
			}
		}
		if code := s.stop(); code != 0 {
			t.Fatalf("%s: exit %d\n%s", a, code, s.messages())
		}
	}
	finished(s, "without a kill")
	pause := pauses(t, 10*time.Millisecond, max(time.Second, time.Since(began)))
	queries := []string{"SELECT count(*) FROM usage_event", "SELECT count(*) FROM quarantine", "SELECT count(*) FROM load", "SELECT count(*) FROM month_close", "SELECT count(*) FROM indicator_value",
		"SELECT count(*) FROM department_score", "SELECT count(*) FROM job WHERE kind = 'month' AND state = 'done'"}
	type outcome struct {
		stamps  []string
		counts  map[string]int64
		reports map[string]string
	}
	look := func(dir string) outcome {
		t.Helper()
		o := outcome{counts: map[string]int64{}}
		l, err := lake.Open(filepath.Join(dir, "lake"))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range l.Closes() {
			o.stamps = append(o.stamps, c.Name()+" "+c.Stamp)
			o.reports = wholeReports(t, filepath.Join(dir, "reports", c.Month))
			left(t, filepath.Join(dir, "reports", c.Month), ".*")
		}
		db := database(t, dir)
		for _, q := range queries {
			o.counts[q] = count(t, db, q)
		}
		left(t, dir, "lake/.*", "inbox/usage_event*")
		if files, err := filepath.Glob(filepath.Join(dir, "inbox", "done", "*", "usage_event.ndjson")); err != nil || len(files) != 1 {
			t.Errorf("taken in: %v %v", files, err)
		}
		return o
	}
	want := look(plain)
	if len(want.stamps) != 1 || len(want.reports) != 2 || want.counts[queries[0]] != 49_500 {
		t.Fatalf("without a kill: %+v", want)
	}
	for range *kills {
		dir, _ := monthRun(t)
		s := serve(t, dir)
		time.AfterFunc(pause(), func() { s.command.Process.Kill() })
		<-s.ended
		s = serve(t, dir)
		finished(s, "after a kill")
		got := look(dir)
		if fmt.Sprint(got.stamps) != fmt.Sprint(want.stamps) {
			t.Errorf("closed %s, without a kill %s", got.stamps, want.stamps)
		}
		if !maps.Equal(got.counts, want.counts) {
			t.Errorf("%v, without a kill %v", got.counts, want.counts)
		}
		if !maps.Equal(got.reports, want.reports) {
			t.Errorf("reports %v, without a kill %v", got.reports, want.reports)
		}
	}
}
