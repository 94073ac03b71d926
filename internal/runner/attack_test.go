package runner

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"weir/internal/lang"
	"weir/internal/runner/attacks"
	"weir/internal/store"
)

// secret stands in a file, in the environment and in an unpublished table. No answer may hold it.
const secret = "stored-in-a-place-no-query-may-read"

// fortress is a workspace with something to steal.
type fortress struct {
	dir, database, file string
	source              Source
}

func newFortress(t *testing.T) fortress {
	t.Helper()
	f := fortress{dir: t.TempDir()}
	f.database = filepath.Join(f.dir, "weir.duckdb")
	f.file = filepath.Join(f.dir, "secret.csv")
	t.Setenv("WEIR_TEST_SECRET", secret)
	if err := os.WriteFile(f.file, []byte("a\n"+secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(context.Background(), f.database, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"CREATE TABLE person AS SELECT '" + secret + "' AS name",
		"CREATE TABLE office AS SELECT * FROM (VALUES ('MZ', '民政局', 12), ('RS', '人社局', 30)) AS d(department_id, name, staff)",
		"CREATE TABLE call AS SELECT i AS event, i % 3 AS kind FROM range(100000) AS r(i)",
	} {
		if _, err := s.Query(context.Background(), statement, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	f.source = Source{Database: f.database, Views: []View{
		{Name: "department", SQL: "SELECT * FROM workspace.office"}, {Name: "usage", SQL: "SELECT * FROM workspace.call"}}}
	return f
}

// TestAttacks runs every statement under small limits. Each must be answered by one of its reasons, in both languages,
// within a multiple of its time limit, and give nothing away; the parent, the database and its directory stay as they
// were.
func TestAttacks(t *testing.T) {
	f := newFortress(t)
	before := snapshot(t, f.dir)
	r := newRunner(t)
	list := attacks.Read(f.file, f.dir, f.database)
	if len(list) < 150 {
		t.Fatalf("only %d attacks", len(list))
	}
	t.Run("group", func(t *testing.T) {
		for _, a := range list {
			t.Run(strconv.Itoa(a.Line), func(t *testing.T) {
				t.Parallel()
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				// Only what is meant to run into its limit is held to a short one, whatever else the machine does.
				limit := 30 * time.Second
				if slices.Contains(a.Reasons, "time") {
					limit = 2 * time.Second
				}
				result, err := r.Query(ctx, Request{SQL: a.SQL, Source: f.source, Parameters: map[string]any{"given": "x"},
					Limits: Limits{Time: limit, Memory: 64 << 20, TempDisk: 16 << 20, Rows: 10_000, Bytes: 4 << 20}})
				judge(t, a, result, err)
			})
		}
	})
	if after := snapshot(t, f.dir); !slices.Equal(before, after) {
		t.Errorf("the directory changed:\n%v\n%v", before, after)
	}
}

func judge(t *testing.T, a attacks.Attack, result *Result, err error) {
	t.Helper()
	shown := a.SQL[:min(len(a.SQL), 100)]
	if err == nil {
		if !slices.Contains(a.Reasons, "ok") {
			t.Errorf("%s\nwas answered: %v", shown, result.Rows[:min(3, len(result.Rows))])
		}
		for _, row := range result.Rows {
			for i, cell := range row {
				if strings.Contains(FormatCell(cell, result.Columns[i].Type), secret) {
					t.Errorf("%s\ngave the secret away", shown)
				}
			}
		}
		return
	}
	var failure *Failure
	if !errors.As(err, &failure) {
		t.Errorf("%s\nended in %v", shown, err)
		return
	}
	if !slices.Contains(a.Reasons, string(failure.Reason)) {
		t.Errorf("%s\nwas answered by %s, want %v: %v\n%s", shown, failure.Reason, a.Reasons, err, failure.Detail)
	}
	t.Logf("%s: %v", failure.Reason, failure)
	if failure.In(lang.Zh) == "" || failure.In(lang.En) == "" || len(err.Error()) > 2000 {
		t.Errorf("%s\nhas no clear message: %v", shown, err)
	}
	if strings.Contains(err.Error()+failure.Detail, secret) {
		t.Errorf("%s\ngave the secret away in a message", shown)
	}
}

// snapshot lists the files of a directory with size and time.
func snapshot(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e.Name()+" "+strconv.FormatInt(info.Size(), 10)+" "+info.ModTime().String())
	}
	return list
}
