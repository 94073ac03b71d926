package live_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"weir/internal/store"
)

// TestTheTimetableCatchesUpOnce starts a service that was down for three days, then kills it and starts it again: what
// was missed is done once, a dropped file is loaded once, and what is older than is kept is forgotten.
func TestTheTimetableCatchesUpOnce(t *testing.T) {
	dir, accounts := workspace(t, "server: {schedule: {backup: \"00:00\", inbox_minutes: 1, retention_days: 30}}\n")
	before(t, dir, func(ctx context.Context, c *sql.Conn) error {
		for id, j := range []struct {
			kind string
			days int
		}{{"backup", 100}, {"backup", 3}, {"retention", 3}} {
			at := time.Now().UTC().AddDate(0, 0, -j.days)
			if _, err := c.ExecContext(ctx, "INSERT INTO job (job_id, kind, argument, requested_by, key, state, due_at, queued_at, started_at, finished_at, result, error) VALUES (?, ?, '{}', 'schedule', ?, 'done', ?, ?, ?, ?, '', '')",
				id+1, j.kind, fmt.Sprint(j.kind, j.days), at, at, at, at); err != nil {
				return err
			}
		}
		return nil
	})
	dropped := filepath.Join(dir, "inbox", "usage_event.ndjson")
	if err := os.WriteFile(dropped, events(0, 98), 0o600); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-time.Hour) // files that still grow are left alone
	if err := os.Chtimes(dropped, long, long); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s := serve(t, dir)
		operator := s.signIn(accounts, "operator")
		runs := map[string]int{}
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
			clear(runs)
			for _, j := range operator.settled(t) {
				if j.State != "done" {
					t.Fatalf("job %+v", j)
				}
				if time.Since(j.DueAt) < 48*time.Hour {
					runs[j.Kind]++
				}
			}
			if runs["backup"] > 0 && runs["inbox"] > 0 && runs["retention"] > 0 {
				break
			}
		}
		if runs["backup"] != 1 || runs["inbox"] != 1 || runs["retention"] != 1 {
			t.Errorf("runs: %v, want one of each kind\n%s", runs, firstError(s.messages()))
		}
		s.kill()
	}
	if copies, err := filepath.Glob(filepath.Join(dir, "backups", "*")); err != nil || len(copies) != 1 {
		t.Errorf("backups: %v %v", copies, err)
	}
	db := database(t, dir)
	if n := count(t, db, "SELECT count(*) FROM usage_event"); n != 98 {
		t.Errorf("%d events of the dropped file", n)
	}
	if n := count(t, db, "SELECT count(*) FROM job WHERE job_id = 1"); n != 0 {
		t.Error("a job of a hundred days ago is still known")
	}
}

// before changes the database of a workspace before its service starts.
func before(t *testing.T, dir string, change func(context.Context, *sql.Conn) error) {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(dir, "weir.duckdb"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(context.Background(), change); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestAnOpenAddressIsRefused asks for addresses that other machines reach.
func TestAnOpenAddressIsRefused(t *testing.T) {
	dir, _ := workspace(t, "")
	for _, args := range [][]string{{"--addr", "0.0.0.0:0"}, {"--addr", ":0"}, {"--addr", "0.0.0.0:0", "--tls-cert", "missing.pem", "--tls-key", "missing.key"}, {"--addr", "0.0.0.0:0", "--tls-cert", "missing.pem"}} {
		code, _, messages := weir(t, "", append([]string{"--dir", dir, "--lang", "en", "serve"}, args...)...)
		if code == 0 || !strings.Contains(messages, "--tls-cert") && !strings.Contains(messages, "missing.pem") {
			t.Errorf("%s: exit %d %s", args, code, messages)
		}
	}
	s := serve(t, dir, "--addr", "0.0.0.0:0", "--behind-proxy")
	if code := s.stop(); code != 0 {
		t.Errorf("behind a gateway: exit %d", code)
	}
}
