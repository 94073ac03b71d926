package page

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const sound = `---
id: sample_rate
version: 1
effective_from: 2025-08-01
name: {zh: 样例率, en: Sample rate}
question: {zh: 问, en: asked}
definition: {zh: 定义, en: defined}
finding: {zh: "{department}为{value}", en: "{department} has {value}"}
limits: {zh: 不含, en: not}
formula: a / b
dimension: liquidity
seeds: [S03]
unit: "%"
decimals: 1
direction: higher
kind: proportion
roles: [provider]
window: 90d
sources: [resource, usage_event.rows]
target: {default: 0, mark: design}
scoring: {group: output/quantity, weight: 3}
basis:
  - {source: {zh: 条例, en: Regulations}, article: "16", says: {zh: 说, en: says}, mark: text_read}
---
## 含义 Meaning
## 不计入 Not counted
## 争议 Disputes

` + "```sql\nSELECT department_id FROM t WHERE day < $last_day -- $nothing\nORDER BY department_id\n```\n" +
	"```sql evidence\nSELECT 1 FROM t WHERE department_id = $department ORDER BY 1\n```\n" +
	"```sql check\nSELECT 1 ORDER BY 1\n```\n" + `
## 例 Worked example
` + "```csv given=department\ndepartment_id, name\nA, 甲\n```\n" +
	"```csv expect month=2026-10\ndepartment_id, value\nA, 50\n```\n" +
	"```csv expect month=2026-11 as_of=2026-11-05\ndepartment_id, value\nA, 25\n```\n"

func TestSoundPage(t *testing.T) {
	p, problems := ParseIndicator("liquidity/sample_rate.md", []byte(sound))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	if p.ID != "sample_rate" || p.Target.Default != 0 || p.EffectiveFrom.Format(time.DateOnly) != "2025-08-01" || p.Status != Active || p.Total != TotalSum {
		t.Errorf("%+v", p)
	}
	lines := strings.Split(sound, "\n")
	if got := lines[p.SQL.Line-1]; !strings.HasPrefix(got, "SELECT department_id FROM t") {
		t.Errorf("sql begins at line %d: %q", p.SQL.Line, got)
	}
	if len(p.Examples) != 2 || p.Examples[1].AsOf != "2026-11-05" || len(p.Examples[1].Given) != 1 {
		t.Fatalf("examples: %+v", p.Examples)
	}
	given := p.Examples[0].Given[0]
	if given.Table != "department" || lines[given.Lines[0]-1] != "A, 甲" || given.Cells[0][1] != "甲" {
		t.Errorf("given: %+v", given)
	}
}

// Each mistake must be reported at its line, with a cure, and two mistakes at once as two problems.
func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct{ old, new, line, says string }{
		"typo in a key":        {"\nunit: ", "\nunti: ", "unti:", `did you mean "unit"`},
		"unknown unit":         {`unit: "%"`, `unit: percent`, "unit:", "known:"},
		"wrong unit":           {`unit: "%"`, `unit: month`, "unit:", "in percent"},
		"no target":            {"target: {default: 0, mark: design}\n", "", "---", "target.default"},
		"no default":           {"{default: 0, mark", "{mark", "target:", "target.default"},
		"mark not allowed":     {"mark: text_read", "mark: not_verified", "basis:", "known:"},
		"no chinese":           {"name: {zh: 样例率, en", "name: {en", "name:", "name.zh"},
		"placeholder":          {`"{department} has {value}"`, `"{department} has {vlaue}"`, "finding:", `did you mean "value"`},
		"no such table":        {"[resource, ", "[resorce, ", "sources:", `did you mean "resource"`},
		"no such column":       {"usage_event.rows", "usage_event.row", "sources:", `did you mean "rows"`},
		"weight of three":      {"weight: 3}", "weight: 3.333}", "scoring:", "two decimals"},
		"no order":             {"-- $nothing\nORDER BY department_id", "-- $nothing", "SELECT department_id", "ORDER BY"},
		"order inside only":    {"-- $nothing\nORDER BY department_id", "AND 1 IN (SELECT 1 ORDER BY 1)", "SELECT department_id", "ORDER BY"},
		"unknown parameter":    {"< $last_day", "< $lastday", "SELECT department_id", `did you mean "last_day"`},
		"department outside":   {"< $last_day", "< $department", "SELECT department_id", "known:"},
		"evidence of nobody":   {"department_id = $department", "1 = 1", "SELECT 1 FROM t", "$department"},
		"two statements":       {"SELECT 1 ORDER BY 1", "SELECT 1; DROP TABLE t ORDER BY 1", "SELECT 1;", "semicolon"},
		"no check":             {"```sql check", "```text", "## 含义", "sql check"},
		"unknown block":        {"```sql check", "```sql chekc", "```sql chekc", `did you mean "check"`},
		"no section":           {"## 争议 Disputes", "## 争议", "## 含义", "Disputes"},
		"unknown given table":  {"given=department", "given=departments", "```csv given=departments", `did you mean "department"`},
		"unknown given column": {"department_id, name", "department_id, nmae", "department_id, nmae", `did you mean "name"`},
		"missing column":       {"department_id, name\nA, 甲", "department_id, level\nA, city", "department_id, level", "column name"},
		"ragged row":           {"A, 甲", "A", "A", "cells"},
		"no month":             {"expect month=2026-10", "expect", "```csv expect", "month=2026-10"},
		"date":                 {"2025-08-01", "2025-8-1", "effective_from:", "2025-08-01"},
		"seed":                 {"[S03]", "[S31]", "seeds:", "S01 to S30"},
		"wrong folder":         {"dimension: liquidity", "dimension: reuse", "dimension:", "folder"},
		"wrong name":           {"id: sample_rate", "id: other_rate", "id:", "same name"},
	} {
		text := strings.Replace(sound, c.old, c.new, 1)
		if text == sound {
			t.Fatalf("%s: nothing replaced", name)
		}
		_, problems := ParseIndicator("liquidity/sample_rate.md", []byte(text))
		found := false
		for _, p := range problems {
			if strings.Contains(p.What+"; "+p.Cure, c.says) && strings.HasPrefix(strings.Split(text, "\n")[p.Line-1], c.line) && p.Cure != "" {
				found = true
			}
		}
		if !found {
			t.Errorf("%s: want %q at the line %q, got:\n%v", name, c.says, c.line, problems)
		}
	}
	text := strings.NewReplacer("\nunit: ", "\nunti: ", "weight: 3}", "weight: 3.333}", "```sql check", "```text", "given=department", "given=x").Replace(sound)
	if _, problems := ParseIndicator("liquidity/sample_rate.md", []byte(text)); len(problems) < 4 {
		t.Errorf("four mistakes, reported: %v", problems)
	}
}

func TestNoPage(t *testing.T) {
	for _, text := range []string{"", "# only markdown", "---\nid: x\n"} {
		if p, problems := ParseIndicator("x.md", []byte(text)); p != nil || len(problems) == 0 {
			t.Errorf("%q: accepted", text)
		}
	}
	if _, problems := ParseIndicator("x.md", []byte(strings.Replace(sound, "unit:", "unit: a: b", 1))); len(problems) != 1 || problems[0].Line != 13 {
		t.Errorf("broken YAML must be one problem at its line: %v", problems)
	}
	_, problems := ParseIndicator("x.md", []byte("---\nid: x\n---\n```sql\nSELECT 1 ORDER BY 1\n"))
	if !strings.Contains(problems.Error(), "never closed") {
		t.Errorf("unclosed block: %v", problems)
	}
}

func pageFile(version int, from, name string) *fstest.MapFile {
	text := strings.NewReplacer("version: 1", fmt.Sprint("version: ", version), "2025-08-01", from, "样例率", name).Replace(sound)
	return &fstest.MapFile{Data: []byte(text)}
}

func TestVersionsAndOverride(t *testing.T) {
	builtin := fstest.MapFS{"liquidity/sample_rate.md": pageFile(2, "2026-01-01", "二"), "liquidity/sample_rate.v1.md": pageFile(1, "2025-01-01", "一"), "README.md": {Data: []byte("x")}}
	local := fstest.MapFS{"sample_rate.md": pageFile(3, "2026-07-01", "本地")}
	s, problems := Load(builtin, local)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{"2024-06-30": "一", "2025-12-31": "一", "2026-01-01": "二", "2026-06-30": "二", "2026-07-01": "本地", "2027-01-01": "本地"} {
		d, _ := time.Parse(time.DateOnly, day)
		if p, ok := s.On("sample_rate", d); !ok || p.Name.Zh != want {
			t.Errorf("%s: %s, want %s", day, p.Name.Zh, want)
		}
	}
	replaced := fstest.MapFS{"sample_rate.md": pageFile(2, "2026-01-01", "换")}
	s, problems = Load(builtin, replaced)
	if p, _ := s.Latest("sample_rate"); len(problems) > 0 || p.Name.Zh != "换" || len(s.Versions("sample_rate")) != 2 {
		t.Errorf("same version: %v %v", p.Name, problems)
	}
	late := fstest.MapFS{"sample_rate.md": pageFile(3, "2025-06-01", "迟")}
	if _, problems = Load(builtin, late); !strings.Contains(problems.Error(), "no later than version 2") {
		t.Errorf("order of versions: %v", problems)
	}
	twice := fstest.MapFS{"a/sample_rate.md": pageFile(1, "2025-06-01", "甲"), "b/sample_rate.md": pageFile(1, "2025-06-01", "乙")}
	if _, problems = Load(twice); !strings.Contains(problems.Error(), "as well") {
		t.Errorf("same version twice: %v", problems)
	}
}

const notebook = `---
id: late_updates
title: {zh: 逾期更新, en: Late updates}
params:
  - {name: month, type: month, label: {zh: 月份, en: month}}
  - {name: least, type: number, label: {zh: 至少, en: at least}, default: "5", min: 0}
---
# 逾期

` + "```sql name=late\nSELECT department_id, count(*) AS n FROM mart_update WHERE month = $month GROUP BY 1\n```\n" +
	"```sql name=many chart=bar x=department_id y=n title=\"逾期 最多\"\nSELECT * FROM late WHERE n > $least -- late $x\n```\n"

func TestNotebook(t *testing.T) {
	n, problems := ParseNotebook("late_updates.md", []byte(notebook))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	if c := n.Cells[1]; c.Name != "many" || c.Chart != "bar" || c.Title != "逾期 最多" || len(c.Uses) != 1 || c.Uses[0] != "late" {
		t.Errorf("%+v", c)
	}
	for name, c := range map[string][3]string{
		"chart":     {"chart=bar", "chart=bra", `did you mean "bar"`},
		"key":       {"chart=bar", "chrat=bar", `did you mean "chart"`},
		"parameter": {"= $month", "= $mnoth", `did you mean "month"`},
		"same name": {"name=many", "name=late", "second cell"},
		"type":      {"type: number", "type: nubmer", `did you mean "number"`},
		"yaml key":  {"params:", "parms:", `did you mean "params"`},
		"quote":     {`title="逾期 最多"`, `title="逾期`, "unclosed quotation"},
	} {
		_, problems := ParseNotebook("late_updates.md", []byte(strings.Replace(notebook, c[0], c[1], 1)))
		if !strings.Contains(problems.Error(), c[2]) {
			t.Errorf("%s: want %q, got %v", name, c[2], problems)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sound))
	f.Add([]byte(notebook))
	f.Add([]byte("---\nid: [\n---\n```sql \"\n```csv given=department\n\"\n"))
	f.Add([]byte("---\ntarget: {default: [1]}\nscoring: x\n---\n~~~csv expect\n,\n"))
	f.Add([]byte("---\n---\n~~~csv expect\n\"0")) // a quotation mark that is never closed
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, parse := range []func(string, []byte) int{
			func(n string, b []byte) int { _, l := ParseIndicator(n, b); return len(l) },
			func(n string, b []byte) int { _, l := ParseNotebook(n, b); return len(l) },
		} {
			parse("x.md", text)
		}
		_, problems := ParseIndicator("x.md", text)
		lines := strings.Count(string(text), "\n") + strings.Count(string(text), "\r") + 2
		for _, p := range problems {
			if p.Line < 0 || p.Line > lines || p.What == "" {
				t.Errorf("%d lines: %+v", lines, p)
			}
		}
	})
}
