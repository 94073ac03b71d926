package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOpenCreatesEveryTableWithBilingualComments(t *testing.T) {
	s := open(t, "")
	defer s.Close()
	r, err := s.Query(context.Background(), `SELECT table_name || '.' || column_name FROM duckdb_columns()
		WHERE NOT internal AND table_name <> 'schema_migration' AND coalesce(comment, '') NOT LIKE '% | %'
		UNION ALL SELECT table_name FROM duckdb_tables() WHERE NOT internal AND table_name <> 'schema_migration' AND coalesce(comment, '') NOT LIKE '% | %'`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Rows) > 0 {
		t.Errorf("without a comment in both languages: %v", r.Rows)
	}
	r, err = s.Query(context.Background(), "SELECT count(*) FROM duckdb_tables() WHERE table_name IN ('usage_event', 'load', 'indicator_value')", nil)
	if err != nil || r.Rows[0][0] != int64(3) {
		t.Errorf("tables: %v %v", r, err)
	}
}

func TestReopenAddsColumnsAndKeepsRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weir.duckdb")
	s := open(t, path)
	ctx := context.Background()
	err := s.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
		if _, err := c.ExecContext(ctx, "INSERT INTO department (department_id, name, load_id, source_line) VALUES ('MZ', '民政局', 1, 2)"); err != nil {
			return err
		}
		_, err := c.ExecContext(ctx, "ALTER TABLE department DROP COLUMN name_en")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	defer s.Close()
	r, err := s.Query(ctx, "SELECT name, name_en FROM department WHERE department_id = $id", map[string]any{"id": "MZ", "unused": 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Rows) != 1 || r.Rows[0][0] != "民政局" || r.Rows[0][1] != nil {
		t.Errorf("rows: %v", r.Rows)
	}
}

func TestWriteRollsBackOnError(t *testing.T) {
	s := open(t, "")
	defer s.Close()
	ctx := context.Background()
	broken := errors.New("broken")
	err := s.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
		if _, err := c.ExecContext(ctx, "INSERT INTO department (department_id, name, load_id, source_line) VALUES ('A', 'a', 1, 1)"); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("error %v", err)
	}
	r, err := s.Query(ctx, "SELECT count(*) FROM department", nil)
	if err != nil || r.Rows[0][0] != int64(0) {
		t.Errorf("rows left: %v %v", r, err)
	}
}

func TestNaiveTimestampsAreReadInTheWorkspaceZone(t *testing.T) {
	s := open(t, "")
	defer s.Close()
	r, err := s.Query(context.Background(), "SELECT CAST(TIMESTAMPTZ '2026-10-01 00:00:00' AT TIME ZONE 'UTC' AS VARCHAR), CAST(TIMESTAMPTZ '2026-10-01T00:00:00+09:00' AT TIME ZONE 'UTC' AS VARCHAR)", nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Rows[0][0] != "2026-09-30 16:00:00" || r.Rows[0][1] != "2026-09-30 15:00:00" {
		t.Errorf("got %v", r.Rows[0])
	}
}

func TestBindIgnoresStringsAndComments(t *testing.T) {
	query := "SELECT $a, '$b', \"$c\" -- $d\n, /* $e */ $a, $f"
	var names []string
	for _, v := range Bind(query, map[string]any{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}) {
		names = append(names, v.(sql.NamedArg).Name)
	}
	if got := strings.Join(names, ","); got != "a,f" {
		t.Errorf("bound %s", got)
	}
}

// TestLockedFileNamesTheHolder opens the file in a second process, which is this test binary.
func TestLockedFileNamesTheHolder(t *testing.T) {
	if path := os.Getenv("WEIR_TEST_LOCKED"); path != "" {
		_, err := Open(context.Background(), path, Options{})
		if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "process ") {
			t.Fatalf("want ErrLocked with the holder, got %v", err)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "weir.duckdb")
	s := open(t, path)
	defer s.Close()
	child := exec.Command(os.Args[0], "-test.run=TestLockedFileNamesTheHolder")
	child.Env = append(os.Environ(), "WEIR_TEST_LOCKED="+path)
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
