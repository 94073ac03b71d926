package runner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"weir/internal/lang"
	"weir/internal/runner/guard"
)

// TestMain makes this test binary its own child, as cmd/weir does.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == WorkerCommand {
		os.Exit(Worker(os.Args[2:], os.Stdin, os.Stdout))
	}
	if len(os.Args) > 1 && os.Args[1] == "probe" {
		probe(os.Args[2:])
		return
	}
	os.Exit(m.Run())
}

func newRunner(t *testing.T) *Runner {
	t.Helper()
	root := t.TempDir()
	r, err := New(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.Close()
		if left, _ := os.ReadDir(root); len(left) > 0 {
			t.Errorf("private directories are left behind: %v", left)
		}
	})
	return r
}

// sample publishes two small tables.
var sample = Source{Views: []View{
	{Name: "department", SQL: "SELECT * FROM (VALUES ('MZ', '民政局', 12), ('RS', '人社局', 30), ('GA', '公安局', NULL)) AS d(department_id, name, staff)"},
	{Name: "usage", SQL: "SELECT i AS event, i % 3 AS kind FROM range(100000) AS r(i)"},
}}

func query(t *testing.T, r *Runner, sql string, parameters map[string]any) *Result {
	t.Helper()
	result, err := r.Query(context.Background(), Request{SQL: sql, Parameters: parameters, Source: sample})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return result
}

func TestQueryKeepsTypesAndOrder(t *testing.T) {
	r := newRunner(t)
	result := query(t, r, `SELECT name, staff, staff / 4 AS quarter, CAST(1.50 AS DECIMAL(9, 2)) AS money,
		sum(CAST(staff AS BIGINT)) OVER () AS total, DATE '2026-10-01' AS day, TIMESTAMP '2026-10-01 08:30:00.5' AS moment,
		[1, NULL] AS list, {'a': 1} AS pair, staff > 20 AS large, CAST(0.1 AS FLOAT) AS small,
		170141183460469231731687303715884105727::HUGEINT AS huge, INTERVAL 3 DAY AS span
		FROM department ORDER BY department_id DESC; -- the end`, nil)
	want := []any{"人社局", int64(30), 7.5, json.Number("1.50"), int64(42), time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 10, 1, 8, 30, 0, 500_000_000, time.UTC), json.RawMessage("[1,null]"), json.RawMessage(`{"a":1}`), true, 0.1,
		json.Number("170141183460469231731687303715884105727"), "3 days"}
	if len(result.Rows) != 3 {
		t.Fatalf("rows: %v", result.Rows)
	}
	if diff := cmp.Diff(want, result.Rows[0]); diff != "" {
		t.Errorf("first row (-want +got):\n%s", diff)
	}
	if name := result.Rows[2][0]; name != "公安局" {
		t.Errorf("last row %v: the order is lost", name)
	}
	if got := FormatCell(result.Rows[0][5], result.Columns[5].Type) + " " + FormatCell(result.Rows[0][6], result.Columns[6].Type); got != "2026-10-01 2026-10-01 08:30:00.5" {
		t.Errorf("formatted %q", got)
	}
	if !result.Ordered || result.Cut || result.Summary.Rows != 3 || result.PeakBytes < 10<<20 {
		t.Errorf("summary %+v", result.Summary)
	}
}

func TestTheRowLimitIsStated(t *testing.T) {
	r := newRunner(t)
	for limit, cut := range map[int64]bool{99_999: true, 100_000: false} {
		result, err := r.Query(context.Background(), Request{SQL: "SELECT event FROM usage ORDER BY event", Source: sample, Limits: Limits{Rows: limit}})
		if err != nil {
			t.Fatal(err)
		}
		if result.Cut != cut || int64(len(result.Rows)) != limit || result.Rows[limit-1][0] != limit-1 {
			t.Errorf("limit %d: cut %v, %d rows, last %v", limit, result.Cut, len(result.Rows), result.Rows[limit-1])
		}
	}
}

func TestParametersAreBoundNeverPasted(t *testing.T) {
	r := newRunner(t)
	nasty := []string{
		"'; DROP TABLE department; --", `"quoted" and 'single'`, "{{braces}} ${month} {0}", "semi;colon", "back\\slash\nnew line", "$name", "民政局",
		"", "NULL", "/* comment", "%_", "\u0000zero byte",
	}
	for _, value := range nasty {
		result := query(t, r, "SELECT $v AS v, length($v) AS n, count(*) AS rows FROM department WHERE name <> $v", map[string]any{"v": value})
		if result.Rows[0][0] != value || result.Rows[0][1] != int64(len([]rune(value))) {
			t.Errorf("%q came back as %v", value, result.Rows[0])
		}
	}
	many := make([]string, 10_000)
	for i := range many {
		many[i] = nasty[i%len(nasty)]
	}
	many[9_999] = "MZ"
	result := query(t, r, "SELECT name FROM department WHERE list_contains($ids, department_id)", map[string]any{"ids": many})
	if diff := cmp.Diff([][]any{{"民政局"}}, result.Rows); diff != "" {
		t.Error(diff)
	}
	result = query(t, r, "SELECT len($ids) AS n, (SELECT count(*) FROM department WHERE department_id IN (SELECT unnest($ids))) AS found", map[string]any{"ids": many})
	if diff := cmp.Diff([][]any{{int64(10_000), int64(1)}}, result.Rows); diff != "" {
		t.Error(diff)
	}
}

func TestParameterTypes(t *testing.T) {
	r := newRunner(t)
	day := Date(time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC))
	result := query(t, r, `SELECT $day + INTERVAL 1 DAY AS next, $n + 1 AS n, $share * 2 AS share, $yes AND true AS yes,
		list_sum($whole) AS whole, list_sum($parts) AS parts, len($none) AS none, $moment AS moment,
		(SELECT count(*) FROM department WHERE $department IS NULL OR department_id = $department) AS everyone`,
		map[string]any{"day": day, "n": 41, "share": 0.25, "yes": true, "whole": []int64{1, 2}, "parts": []float64{0.5, 0.25}, "none": []string{},
			"moment": time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), "department": nil, "unused": "x"})
	want := []any{time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), int64(42), 0.5, true, int64(3), 0.75, int64(0),
		time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), int64(3)}
	if diff := cmp.Diff(want, result.Rows[0]); diff != "" {
		t.Error(diff)
	}
	if _, err := r.Query(context.Background(), Request{SQL: "SELECT 1", Parameters: map[string]any{"f": func() {}}}); err == nil {
		t.Error("a function was bound")
	}
}

func TestPlanReadsNothingAndTellsColumns(t *testing.T) {
	r := newRunner(t)
	texts := []string{
		"SELECT name AS 名称, staff * 1.5 AS x FROM department",
		"SELECT 1\nFROM nowhere",
		"SELECT\n nothing FROM department",
		"SELECT $n + 1 AS n, count(*) AS c FROM department GROUP BY ALL",
	}
	planned, err := r.Plan(context.Background(), Request{Source: sample, Parameters: map[string]any{"n": int64(1)}}, texts...)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]Column{{{"名称", "VARCHAR"}, {"x", "DECIMAL(12,1)"}}, nil, nil, {{"n", "BIGINT"}, {"c", "BIGINT"}}} {
		if diff := cmp.Diff(want, planned[i].Columns); diff != "" {
			t.Errorf("%s: %s", texts[i], diff)
		}
	}
	// Each that fails says why and where; the others are planned.
	for i, want := range []Failure{1: {Reason: Refused, Refusal: guard.Refusal{Line: 2}}, 2: {Reason: Faulty, Refusal: guard.Refusal{Line: 2}}, 3: {}} {
		if f := planned[i].Failure; (f == nil) != (want.Reason == "") || f != nil && (f.Reason != want.Reason || f.Line != want.Line) {
			t.Errorf("%s: %+v, want %s in line %d", texts[i], f, want.Reason, want.Line)
		}
	}
}

func TestStreamFormats(t *testing.T) {
	r := newRunner(t)
	read := func(format Format, limit int64) (string, *Summary) {
		var out bytes.Buffer
		summary, err := r.Stream(context.Background(), Request{SQL: "SELECT department_id, staff, staff AS department_id FROM department WHERE staff > $least ORDER BY 1",
			Parameters: map[string]any{"least": int64(1)}, Source: sample, Format: format, Limits: Limits{Rows: limit}}, &out)
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		return out.String(), summary
	}
	if got, _ := read(CSV, 0); got != "department_id,staff,department_id_1\nMZ,12,12\nRS,30,30\n" {
		t.Errorf("csv %q", got)
	}
	got, summary := read(JSON, 1)
	var rows []map[string]any
	if err := json.Unmarshal([]byte(got), &rows); err != nil || len(rows) != 1 || rows[0]["staff"] != 12.0 || !summary.Cut || summary.Rows != 1 {
		t.Errorf("json %s %v %+v", got, err, summary)
	}
	// The Parquet file is read back through the runner itself.
	file := filepath.Join(t.TempDir(), "answer.parquet")
	got, _ = read(Parquet, 0)
	if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
		t.Fatal(err)
	}
	back, err := r.Query(context.Background(), Request{SQL: "SELECT count(*), sum(staff) FROM answer", Source: Source{Files: []string{file},
		Views: []View{{Name: "answer", SQL: "SELECT * FROM read_parquet(['" + file + "'])"}}}})
	if err != nil || !cmp.Equal(back.Rows, [][]any{{int64(2), int64(42)}}) {
		t.Errorf("parquet %v %v", back, err)
	}
}

func TestErrorsTellTheirPlaceInTheUsersText(t *testing.T) {
	r := newRunner(t)
	for sql, want := range map[string]string{
		"SELECT name\nFROM department\nWHERE 部门 = 1":             "line 3, column 7: ",
		"SELECT CAST(name AS INTEGER) FROM department":           "line 1, column 8: Could not convert",
		"SELECT name,\n  stuff FROM department":                  "line 2, column 3: ",
		"SELECT 民政 FROM\n department,, usage":                    "line 2, column 13: syntax error",
		"SELECT $month, $mnth FROM department":                   "line 1, column 16: the parameter $mnth has no value; did you mean $month?",
		"SELECT * FROM departmant":                               "line 1, column 15: there is no table departmant to read; did you mean department?",
		"SELECT lenght(name) FROM department":                    "line 1, column 8: there is no function lenght; did you mean length?",
		"SELECT name，staff FROM department":                      "line 1, column 12: the character “，” stands outside of quotes",
		"SELECT sum(staff) FROM department GROUP BY ALL LIMIT x": "",
	} {
		_, err := r.Query(context.Background(), Request{SQL: sql, Source: sample, Parameters: map[string]any{"month": "2026-10"}})
		var f *Failure
		if !errors.As(err, &f) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", sql, err, want)
		}
	}
}

func TestTheEnginesWordsAreInBothLanguages(t *testing.T) {
	r := newRunner(t)
	for sql, want := range map[string][2]string{
		"SELECT stuff FROM department":            {"第 1 行第 8 列：找不到列 stuff；可用的列如 \"staff\"", "line 1, column 8: Referenced column \"stuff\" not found in FROM clause! Candidate bindings: \"staff\""},
		"SELECT name, sum(staff) FROM department": {"第 1 行第 8 列：列 name 须写入 GROUP BY，或放进聚合函数", "line 1, column 8: column \"name\" must appear in the GROUP BY clause or must be part"},
		"SELECT lower(1, 2)":                      {"第 1 行第 8 列：函数的参数个数或类型不符：lower(INTEGER_LITERAL, INTEGER_LITERAL)；必要时用 CAST 转换类型", "line 1, column 8: No function matches"},
		"SELECT (SELECT name FROM department)":    {"作为一个值的子查询返回了多行", "More than one row returned by a subquery used as an expression - scalar subqueries can only return a single row."},
	} {
		_, err := r.Query(context.Background(), Request{SQL: sql, Source: sample})
		var f *Failure
		if !errors.As(err, &f) || !strings.HasPrefix(f.In(lang.Zh), want[0]) || !strings.HasPrefix(f.In(lang.En), want[1]) || strings.Contains(f.In(lang.En), "SET ") {
			t.Errorf("%s:\n%v", sql, err)
			if f != nil {
				t.Log(f.In(lang.Zh))
			}
		}
	}
}

func TestInspectTellsWhatTextsRead(t *testing.T) {
	r := newRunner(t)
	found, err := r.Inspect(context.Background(), []string{
		"WITH late AS (SELECT * FROM department) SELECT * FROM late, usage ORDER BY 1",
		"SELECT * FROM nothing",
		"SELECT now()",
	}, Names{Tables: []string{"department", "usage"}, Reproducible: true})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, table := range found[0].Statement.Tables {
		names = append(names, table.Name)
	}
	if got := strings.Join(names, " "); got != "department usage" || !found[0].Statement.Ordered {
		t.Errorf("first %+v", found[0].Statement)
	}
	if found[1].Refusal == nil || found[2].Refusal == nil || !strings.Contains(found[2].Refusal.Error(), "clock") {
		t.Errorf("refusals %v %v", found[1].Refusal, found[2].Refusal)
	}
}
