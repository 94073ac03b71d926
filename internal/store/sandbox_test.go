package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func sandbox(t *testing.T, o SandboxOptions) *Sandbox {
	t.Helper()
	if o.TempDirectory == "" {
		o.TempDirectory = t.TempDir()
	}
	s, err := OpenSandbox(context.Background(), o)
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

func one(t *testing.T, s *Sandbox, query string) (any, error) {
	t.Helper()
	r, err := Collect(context.Background(), s.Conn(), query, nil)
	if err != nil {
		return nil, err
	}
	return r.Rows[0][0], nil
}

func TestSandboxReadsPublishedViewsOfTheWorkspace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weir.duckdb")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	s := sandbox(t, SandboxOptions{Database: path, Views: []SandboxView{{Name: "department", SQL: "SELECT department_id FROM workspace.department"}}})
	if n, err := one(t, s, "SELECT count(*) FROM department"); err != nil || n != int64(0) {
		t.Errorf("count %v %v", n, err)
	}
	if _, err := one(t, s, "DELETE FROM workspace.department"); err == nil {
		t.Error("the workspace could be written")
	}
}

func TestSandboxReadsOnlyTheFilesItWasGiven(t *testing.T) {
	dir := t.TempDir()
	s := open(t, "")
	for _, name := range []string{"given", "secret"} {
		if _, err := s.Query(context.Background(), "COPY (SELECT 7 AS x) TO '"+filepath.Join(dir, name+".parquet")+"'", nil); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	given := filepath.Join(dir, "given.parquet")
	box := sandbox(t, SandboxOptions{Files: []string{given}, Views: []SandboxView{{Name: "given", SQL: "SELECT * FROM read_parquet(['" + given + "'])"}}})
	if x, err := one(t, box, "SELECT x FROM given"); err != nil || x != int32(7) {
		t.Errorf("given: %v %v", x, err)
	}
	for _, query := range []string{
		"SELECT x FROM read_parquet('" + filepath.Join(dir, "secret.parquet") + "')",
		"SELECT x FROM read_parquet('" + filepath.Join(dir, "x", "..", "secret.parquet") + "')",
		"SELECT content FROM read_text('/etc/hostname')",
		"SELECT count(*) FROM glob('" + dir + "/*')",
		"COPY (SELECT 1) TO '" + filepath.Join(dir, "new.csv") + "'",
		"ATTACH '" + filepath.Join(dir, "other.duckdb") + "'",
		"SET enable_external_access = true",
		"SET allowed_paths = ['/']",
		"INSTALL httpfs",
		"LOAD httpfs",
	} {
		if _, err := one(t, box, query); err == nil {
			t.Errorf("%s: not refused", query)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("files were made: %v", entries)
	}
}

func TestSyntaxTreeRunsNothing(t *testing.T) {
	s := sandbox(t, SandboxOptions{})
	tree, err := s.SyntaxTree(context.Background(), "SELECT 1; SELECT 2")
	if err != nil || strings.Count(tree, "SELECT_NODE") != 2 {
		t.Errorf("tree %s %v", tree, err)
	}
	tree, err = s.SyntaxTree(context.Background(), "CREATE TABLE made AS SELECT 1")
	if err != nil || !strings.Contains(tree, `"error":true`) {
		t.Errorf("tree %s %v", tree, err)
	}
	if _, err := one(t, s, "SELECT * FROM made"); err == nil {
		t.Error("the statement was run")
	}
}

func TestEngineErrorsTellTheirPlace(t *testing.T) {
	s := sandbox(t, SandboxOptions{})
	_, err := one(t, s, "SELECT nothing FROM range(1)")
	e, ok := ParseEngineError(err)
	if !ok || e.Type != "Binder" || e.Position != 7 || !strings.Contains(e.Message, "nothing") {
		t.Errorf("parts %+v of %v", e, err)
	}
	if _, ok := ParseEngineError(errors.New("other")); ok {
		t.Error("an error of another kind was taken apart")
	}
}

func TestWriteArrow(t *testing.T) {
	if !ArrowSupported {
		t.Skip("built without duckdb_arrow")
	}
	s := sandbox(t, SandboxOptions{})
	var out bytes.Buffer
	if err := s.WriteArrow(context.Background(), "SELECT i, 'x' || i AS s FROM range(5000) r(i)", &out); err != nil {
		t.Fatal(err)
	}
	// An IPC stream begins with the continuation mark and ends with a length of zero.
	if b := out.Bytes(); !bytes.HasPrefix(b, []byte{255, 255, 255, 255}) || !bytes.HasSuffix(b, []byte{255, 255, 255, 255, 0, 0, 0, 0}) {
		t.Errorf("%d bytes are no Arrow stream", len(b))
	}
}

func TestSandboxTakesTheOtherDefinitionWhereATableIsMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weir.duckdb")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	missing := SandboxView{Name: "mart_later", SQL: "SELECT n FROM workspace.mart_later", Else: "SELECT 1 AS n WHERE false"}
	s := sandbox(t, SandboxOptions{Database: path, Views: []SandboxView{missing}, Macros: []string{"CREATE MACRO rows() AS (SELECT count(*) FROM mart_later)"}})
	if n, err := one(t, s, "SELECT rows()"); err != nil || n != int64(0) {
		t.Errorf("rows %v %v", n, err)
	}
	missing.Else = ""
	if _, err := OpenSandbox(context.Background(), SandboxOptions{Database: path, Views: []SandboxView{missing}}); err == nil {
		t.Error("a view over nothing was made")
	}
}
