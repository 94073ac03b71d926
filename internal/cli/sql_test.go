package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"weir/internal/runner/attacks"
	"weir/internal/store"
	"weir/internal/workspace"
)

// secret stands in a file, in the environment and in a column that is not published.
const secret = "stored-in-a-place-no-query-may-read"

// smallWorkspace has three departments and a person whose key no query may see.
func smallWorkspace(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	w, err := workspace.Init(dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(context.Background(), w.Database(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO department (department_id, name, load_id, source_line) VALUES ('GA', '公安局', 1, 1), ('MZ', '民政局', 1, 2), ('RS', '人社局', 1, 3)`,
		`INSERT INTO staff (staff_id, department_id, is_data_post, joined_on, load_id, source_line) VALUES ('` + secret + `', 'MZ', true, DATE '2026-01-01', 1, 4)`,
	} {
		if _, err := s.Query(context.Background(), statement, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// weir runs a command line and gives its exit code and outputs.
func weir(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, messages bytes.Buffer
	code = Run(args, strings.NewReader(stdin), &out, &messages)
	return code, out.String(), messages.String()
}

func TestSQLFormats(t *testing.T) {
	dir := smallWorkspace(t)
	query := "SELECT name, length(name) AS n, CAST(1.50 AS DECIMAL(5, 2)) AS money, [1, 2] AS list, DATE '2026-10-01' AS day FROM department ORDER BY department_id"
	for format, want := range map[string]string{
		"csv":      "name,n,money,list,day\n公安局,3,1.50,\"[1,2]\",2026-10-01\n民政局,3,1.50,\"[1,2]\",2026-10-01\n",
		"json":     "[\n  {\"name\": \"公安局\", \"n\": 3, \"money\": 1.50, \"list\": [1,2], \"day\": \"2026-10-01\"},\n  {\"name\": \"民政局\", \"n\": 3, \"money\": 1.50, \"list\": [1,2], \"day\": \"2026-10-01\"}\n]\n",
		"markdown": "| name | n | money | list | day |\n|---|---|---|---|---|\n| 公安局 | 3 | 1.50 | [1,2] | 2026-10-01 |\n| 民政局 | 3 | 1.50 | [1,2] | 2026-10-01 |\n",
		"table":    "name    n  money  list   day\n──────  ─  ─────  ─────  ──────────\n公安局  3   1.50  [1,2]  2026-10-01\n民政局  3   1.50  [1,2]  2026-10-01\n",
	} {
		code, stdout, stderr := weir("", "--dir", dir, "--lang", "en", "--format", format, "sql", "--limit", "2", query)
		if code != 0 || stdout != want || !strings.Contains(stderr, "cut at 2 rows") {
			t.Errorf("%s: exit %d, stderr %q\n got %q\nwant %q", format, code, stderr, stdout, want)
		}
	}
	code, stdout, _ := weir("", "--dir", dir, "--format", "arrow", "sql", query)
	if code != 0 || store.ArrowSupported && !strings.HasPrefix(stdout, "\xff\xff\xff\xff") {
		t.Errorf("arrow: exit %d, %d bytes", code, len(stdout))
	}
}

func TestSQLParameters(t *testing.T) {
	dir := smallWorkspace(t)
	list := filepath.Join(t.TempDir(), "ids.json")
	ids := make([]string, 10_000)
	for i := range ids {
		ids[i] = strconv.Itoa(i) + `'; DROP TABLE "department"; -- {}`
	}
	ids[5_000] = "RS"
	text, err := json.Marshal(ids)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, text, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-p", "v='; DROP VIEW department; --", "SELECT $v AS v, count(*) AS n FROM department"}, "v,n\n'; DROP VIEW department; --,3\n"},
		{[]string{"-p", "n:=2", "SELECT $n + 1 AS n, typeof($n) AS t"}, "n,t\n3,BIGINT\n"},
		{[]string{"-p", "d:=null", "SELECT count(*) AS n FROM department WHERE $d IS NULL OR department_id = $d"}, "n\n3\n"},
		{[]string{"-p", "ids:=@" + list, "SELECT name, len($ids) AS n FROM department WHERE list_contains($ids, department_id)"}, "name,n\n人社局,10000\n"},
	} {
		code, stdout, stderr := weir("", append([]string{"--dir", dir, "--format", "csv", "sql"}, c.args...)...)
		if code != 0 || stdout != c.want {
			t.Errorf("%v: exit %d, %q, %s", c.args, code, stdout, stderr)
		}
	}
	for _, wrong := range []string{"novalue", "=x", "n:=[1, \"a\"]", "n:={}", "n:=text", "n:=@/does/not/exist"} {
		if code, _, stderr := weir("", "--dir", dir, "sql", "-p", wrong, "SELECT 1"); code != exitUsage || !strings.Contains(stderr, "-p") {
			t.Errorf("-p %s: exit %d, %s", wrong, code, stderr)
		}
	}
	if code, stdout, _ := weir("SELECT 7 AS x", "--dir", dir, "--format", "csv", "sql", "-"); code != 0 || stdout != "x\n7\n" {
		t.Errorf("from standard input: exit %d, %q", code, stdout)
	}
}

// eachAttack is how many attacks stand for one that is tried: internal/runner tries all of them, and what the command
// line adds to it does not depend on the text.
const eachAttack = 8

// TestSQLAttacks runs attacks through the command line. None but the harmless ones may succeed, every refusal says
// something, and the workspace stays as it was.
func TestSQLAttacks(t *testing.T) {
	dir := smallWorkspace(t)
	file := filepath.Join(dir, "secret.csv")
	t.Setenv("WEIR_TEST_SECRET", secret)
	if err := os.WriteFile(file, []byte("a\n"+secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := filesOf(t, dir)
	t.Run("group", func(t *testing.T) {
		for i, a := range attacks.Read(file, dir, filepath.Join(dir, "weir.duckdb")) {
			if i%eachAttack != 0 {
				continue
			}
			t.Run(strconv.Itoa(a.Line), func(t *testing.T) {
				t.Parallel()
				limit := "30s"
				if slices.Contains(a.Reasons, "time") {
					limit = "2s"
				}
				code, stdout, stderr := weir(a.SQL, "--dir", dir, "--format", "csv", "sql", "--timeout", limit, "--memory", "64", "-")
				shown := a.SQL[:min(len(a.SQL), 100)]
				// A person at a terminal may ask for larger answers than the suite's limits.
				harmless := slices.Contains(a.Reasons, "ok") || slices.Contains(a.Reasons, "too_large")
				if code == 0 && !harmless {
					t.Errorf("%s\nwas answered: %.200s", shown, stdout)
				}
				if code != 0 && (code != exitFailed || len(stderr) < 10 || len(stderr) > 2000) {
					t.Errorf("%s\nexit %d, message %.200s", shown, code, stderr)
				}
				if strings.Contains(stdout+stderr, secret) {
					t.Errorf("%s\ngave the secret away", shown)
				}
			})
		}
	})
	if after := filesOf(t, dir); !slices.Equal(before, after) {
		t.Errorf("the workspace changed:\n%v\n%v", before, after)
	}
}

// filesOf lists the files of a workspace with size and time; what the runner leaves behind would be among them.
func filesOf(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		list = append(list, path+" "+strconv.FormatInt(info.Size(), 10)+" "+info.ModTime().String())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestSchemaNeedsNoWorkspace(t *testing.T) {
	code, stdout, stderr := weir("", "--dir", t.TempDir(), "--format", "markdown", "schema")
	for _, want := range []string{"### `usage_event`", "### `indicator_value`", "### `mart_usage_day`", "数据使用事件", "| `share_attribute` | `U` | 无条件共享 |", "`working_days(earlier, later)`"} {
		if code != 0 || !strings.Contains(stdout, want) {
			t.Errorf("exit %d, %s: no %s", code, stderr, want)
		}
	}
	if strings.Contains(stdout, "person_key") {
		t.Error("a personal column is published")
	}
	if code, _, stderr := weir("", "schema", "usage_evnt"); code != exitUsage || !strings.Contains(stderr, "usage_event") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}
