package evaluate

import (
	"context"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"weir/internal/problem"
	"weir/internal/store"
	"weir/queries/indicators"
	"weir/queries/marts"
	"weir/queries/page"
	"weir/queries/schema"
)

func shippedPage(t *testing.T, file string) string {
	t.Helper()
	text, err := fs.ReadFile(indicators.Files(), file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Each mistake that only the engine can see is reported at its line, with a cure, and all of a page at once.
func TestLintFindsMistakes(t *testing.T) {
	const file = "liquidity/active_flow_rate.md"
	sound := shippedPage(t, file)
	for name, c := range map[string]struct{ old, new, line, says string }{
		"unknown column":         {"sum(CASE WHEN last_exchange_day", "sum(CASE WHEN last_exchange_date", "  sum(CASE WHEN last_exchange_date", "last_exchange_day"},
		"unknown table":          {"FROM mart_resource\nWHERE month = $month AND is_shareable AND is_mounted\nGROUP", "FROM mart_resorce\nWHERE month = $month AND is_shareable AND is_mounted\nGROUP", "FROM mart_resorce", `did you mean "mart_resource"`},
		"raw events":             {"FROM mart_resource\nWHERE month = $month AND is_shareable AND is_mounted\nGROUP", "FROM (SELECT r.*, u.event_id\n FROM mart_resource AS r, usage_event AS u) AS x\nWHERE month = $month AND is_shareable AND is_mounted\nGROUP", " FROM mart_resource AS r, usage_event", "raw events"},
		"not the columns":        {"count(*) AS denominator\nFROM mart_resource", "count(*) AS denomiantor\nFROM mart_resource", "SELECT", "denomiantor"},
		"wrong expectation":      {"MZ, 1, 3, 33.3, 3", "MZ, 1, 3, 33.4, 3", "MZ, 1, 3, 33.4, 3", "expected 33.4"},
		"check that contradicts": {"count(t.resource_id) AS numerator", "count(t.resource_id) + 1 AS numerator", "WITH taken AS (", "by the check"},
		"impossible date":        {"E1, 2026-10-08 10:00", "E1, 2026-13-08 10:00", "E1, 2026-13-08", "usage_event"},
		"no such department":     {"MZ, 1, 3, 33.3, 3", "XX, 1, 3, 33.3, 3", "XX, 1, 3", "no row"},
		"syntax":                 {"GROUP BY department_id, data_kind\nORDER BY department_id, data_kind\n```\n\n```sql evidence", "GROUP department_id, data_kind\nORDER BY department_id, data_kind\n```\n\n```sql evidence", "SELECT", "syntax error"},
	} {
		text := strings.Replace(sound, c.old, c.new, 1)
		if text == sound {
			t.Fatalf("%s: nothing replaced", name)
		}
		problems := lintText(t, file, text)
		lines := strings.Split(text, "\n")
		if !slices.ContainsFunc(problems, func(p problem.Problem) bool {
			return strings.Contains(p.What+"; "+p.Cure, c.says) && strings.HasPrefix(lines[p.Line-1], c.line) && p.Cure != "" && p.File == file
		}) {
			t.Errorf("%s: want %q at the line %q, got:\n%v", name, c.says, c.line, problems)
		}
	}
	two := strings.NewReplacer("MZ, 1, 3, 33.3, 3", "MZ, 1, 3, 33.4, 3", "JY, 0, 1, 0", "JY, 1, 1, 0").Replace(sound)
	if problems := lintText(t, file, two); len(problems) != 2 {
		t.Errorf("two wrong expectations in two examples, reported: %v", problems)
	}
}

func lintText(t *testing.T, file, text string) problem.List {
	t.Helper()
	p, problems := page.ParseIndicator(file, []byte(text))
	if p == nil {
		t.Fatal(problems)
	}
	found, err := Lint(context.Background(), []*page.Indicator{p}, DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	return append(problems, found...)
}

// A mart reads what its header says and nothing else: its fingerprint rests on that.
func TestMartsReadWhatTheyDeclare(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	conn, err := s.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, m := range marts.All() {
		tables, err := tablesOf(ctx, conn, m.SQL)
		if err != nil {
			t.Errorf("%s: %v", m.File, err)
			continue
		}
		read := map[string]bool{}
		for _, u := range tables {
			read[u.name] = true
		}
		declared := map[string]bool{}
		for name := range m.Events {
			declared[name] = true
			if table, _ := schema.Default().Table(name); len(table.Time) == 0 {
				t.Errorf("%s: %s has no time and cannot be read by month", m.File, name)
			}
		}
		for name := range m.Marts {
			declared[name] = true
		}
		for _, name := range m.References {
			declared[name] = true
		}
		if m.Chain {
			declared[m.Name] = true
		}
		for _, name := range sortedKeys(read) {
			if !declared[name] {
				t.Errorf("%s reads %s and does not declare it", m.File, name)
			}
		}
		for _, name := range sortedKeys(declared) {
			if !read[name] {
				t.Errorf("%s declares %s and does not read it", m.File, name)
			}
		}
	}
}

// No page reads raw events, on DuckDB's own syntax tree.
func TestPagesReadNoRawEvents(t *testing.T) {
	ctx := context.Background()
	s, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	conn, err := s.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, id := range indicators.BuiltIn().IDs() {
		for _, p := range indicators.BuiltIn().Versions(id) {
			for what, q := range map[string]page.Query{"sql": p.SQL, "evidence": p.Evidence, "cases": p.Cases} {
				for _, problem := range checkTables(ctx, conn, p, what, q) {
					t.Error(problem)
				}
			}
		}
	}
}
