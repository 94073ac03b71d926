package ingest

import (
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"weir/internal/store"
)

// open gives an empty store in memory whose departments are D1 甲局 and D2 乙局.
func open(t *testing.T) *store.Store {
	t.Helper()
	st, err := store.Open(context.Background(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

func withDepartments(t *testing.T) *store.Store {
	t.Helper()
	st := open(t)
	ingestFile(t, st, Options{}, write(t, "department.csv", "department_id,name,district\nD1,甲局,\nD2,乙局,\nD3,财政局,东区\nD4,财政局,西区\n"))
	ingestFile(t, st, Options{}, write(t, "department_alias.csv", "name,department_id\n甲局（原）,D1\n"))
	return st
}

func clock() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

var settings = Settings{Key: []byte("key of the tests")}

// ingestFile loads one file that must be accepted.
func ingestFile(t *testing.T, st *store.Store, o Options, path string) Result {
	t.Helper()
	o.Now = clock
	results, err := Files(context.Background(), st, settings, []string{path}, o)
	if err != nil {
		t.Fatal(err)
	}
	r := results[0]
	if r.RowsIn != r.RowsLoaded+r.RowsDuplicate+r.RowsQuarantined {
		t.Errorf("the sum does not hold: %+v", r)
	}
	return r
}

// refuse loads one file that must be refused, and checks that nothing of it is left.
func refuse(t *testing.T, st *store.Store, o Options, path string) string {
	t.Helper()
	before := number(t, st, "SELECT count(*) FROM usage_event") + number(t, st, "SELECT count(*) FROM quarantine") + number(t, st, "SELECT count(*) FROM load")
	o.Now = clock
	_, err := Files(context.Background(), st, settings, []string{path}, o)
	if err == nil {
		t.Fatalf("%s was accepted", path)
	}
	after := number(t, st, "SELECT count(*) FROM usage_event") + number(t, st, "SELECT count(*) FROM quarantine") + number(t, st, "SELECT count(*) FROM load")
	if before != after {
		t.Errorf("%s left %d rows behind", path, after-before)
	}
	return err.Error()
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// public is a file of testdata/public.
func public(name string) string {
	return filepath.Join("..", "testdata", "public", filepath.FromSlash(name))
}

// text is the content of a compressed file of testdata/public.
func text(t *testing.T, name string) string {
	t.Helper()
	f, err := os.Open(public(name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func number(t *testing.T, st *store.Store, query string) int64 {
	t.Helper()
	conn, err := st.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var n int64
	if err := conn.QueryRowContext(context.Background(), query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// list gives the rows of a query, their values joined by bars.
func list(t *testing.T, st *store.Store, query string) []string {
	t.Helper()
	r, err := st.Query(context.Background(), "SELECT concat_ws('|', *COLUMNS(*)) FROM ("+query+")", nil)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	rows := make([]string, len(r.Rows))
	for i, row := range r.Rows {
		rows[i], _ = row[0].(string)
	}
	return rows
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q does not say %q", text, p)
		}
	}
}

// english joins the warnings of a load.
func english(r Result) string {
	var lines []string
	for _, w := range r.Warnings {
		lines = append(lines, w.En)
	}
	return strings.Join(lines, "\n")
}
