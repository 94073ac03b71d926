package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"weir/internal/store"
)

// make test-kill runs this with -kills 100 -kill-rows 1000000.
var (
	kills    = flag.Int("kills", 5, "instants at which an ingesting process is killed")
	killRows = flag.Int("kill-rows", 40_000, "rows that it ingests, in four files")
	killSeed = flag.Uint64("kill-seed", 1, "seed of the instants")
)

// A process that is killed while it ingests leaves each file wholly in or wholly out, with sums that hold; the same
// command again completes the load, and the tables are those of a run that nothing disturbed.
func TestKilledIngestLeavesFilesWhole(t *testing.T) {
	fresh := newWorkspace(t)
	files := make([]string, 4)
	for i := range files {
		// Neighbours overlap by a tenth.
		files[i] = usageFile(t, fmt.Sprintf("usage_event_%d.csv", i+1), i*(*killRows/4), *killRows/4+*killRows/40)
	}
	ingest := append([]string{"ingest"}, files...)
	undisturbed := copyOf(t, fresh)
	lasts := mayFind(t, undisturbed, ingest)
	want := stateOf(t, undisturbed)
	if len(want.loads) != 4 || want.orphans != 0 {
		t.Fatalf("undisturbed: %+v", want)
	}
	random := rand.New(rand.NewPCG(*killSeed, 0))
	landed := make([]int, len(files)+1)
	for done, tries := 0, 0; done < *kills && tries < 4**kills; tries++ {
		dir := copyOf(t, fresh)
		instant := time.Duration(random.Int64N(int64(lasts)))
		if !kill(t, dir, ingest, instant) {
			continue // it had ended by itself
		}
		done++
		got := stateOf(t, dir)
		if got.orphans != 0 {
			t.Errorf("killed after %v: %d rows belong to no load, or a sum does not hold", instant, got.orphans)
		}
		for k, load := range got.loads {
			if load != want.loads[k] {
				t.Errorf("killed after %v: load %q, want %q", instant, load, want.loads[k])
			}
		}
		landed[len(got.loads)]++
		mayFind(t, dir, ingest)
		if after := stateOf(t, dir); !slices.Equal(after.loads, want.loads) || after.content != want.content || after.orphans != 0 {
			t.Errorf("killed after %v and run again: %+v, want %+v", instant, after, want)
		}
		t.Logf("%d: killed after %v of %v, %d of 4 files were in", done, instant.Round(time.Millisecond), lasts.Round(time.Millisecond), len(got.loads))
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("of the runs that were killed, %v had 0, 1, 2, 3 and 4 of the files in", landed)
}

// mayFind runs a command that may end with findings, exit code 3, since rows were quarantined.
func mayFind(t *testing.T, dir string, arguments []string) time.Duration {
	t.Helper()
	start := time.Now()
	output, err := weir(t, dir, arguments...).CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 3) {
		t.Fatalf("weir %v: %v\n%s", arguments, err, output)
	}
	return time.Since(start)
}

// kill starts the command and kills it at the instant; false when it had ended by itself.
func kill(t *testing.T, dir string, arguments []string, instant time.Duration) bool {
	t.Helper()
	c := weir(t, dir, arguments...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(instant)
	_ = c.Process.Kill()
	exit := (*exec.ExitError)(nil)
	return errors.As(c.Wait(), &exit) && exit.ExitCode() == -1
}

// state is what a database holds.
type state struct {
	loads   []string // file, sums and content of each load, in order
	content string   // of the events and the quarantine, whatever load brought them
	orphans int64    // rows without load, and loads of which a sum does not hold
}

// stateOf opens the database of a workspace, as the next command would.
func stateOf(t *testing.T, dir string) state {
	t.Helper()
	st, err := store.Open(context.Background(), filepath.Join(dir, "weir.duckdb"), store.Options{})
	if err != nil {
		t.Fatalf("the database does not open: %v", err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	conn, err := st.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var s state
	scan := func(into any, query string) {
		if err := conn.QueryRowContext(context.Background(), query).Scan(into); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	scan(&s.content, `SELECT (SELECT count(*) || ' events ' || coalesce(sum(hash(u)), 0) FROM (SELECT * EXCLUDE (load_id, source_line) FROM usage_event) u)
		|| (SELECT count(*) || ' quarantined ' || coalesce(sum(hash(q)), 0) FROM (SELECT file, line, code, raw FROM quarantine) q)`)
	scan(&s.orphans, `SELECT (SELECT count(*) FROM usage_event WHERE load_id NOT IN (SELECT load_id FROM load)) + (SELECT count(*) FROM quarantine WHERE load_id NOT IN (SELECT load_id FROM load))
		+ (SELECT count(*) FROM load l WHERE rows_in <> rows_loaded + rows_duplicate + rows_quarantined
			OR table_name = 'usage_event' AND rows_loaded <> (SELECT count(*) FROM usage_event u WHERE u.load_id = l.load_id)
			OR rows_quarantined <> (SELECT count(*) FROM quarantine q WHERE q.load_id = l.load_id))`)
	rows, err := conn.QueryContext(context.Background(), `SELECT concat_ws(' ', file, sha256, rows_in, rows_loaded, rows_duplicate, rows_quarantined,
		(SELECT sum(hash(u)) FROM (SELECT * EXCLUDE (load_id) FROM usage_event WHERE load_id = l.load_id) u)) FROM load l WHERE table_name = 'usage_event' ORDER BY load_id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var load string
		if err := rows.Scan(&load); err != nil {
			t.Fatal(err)
		}
		s.loads = append(s.loads, load)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

// copyOf copies a workspace.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(to, "hash.key"), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}
