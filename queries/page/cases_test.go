package page

import (
	"strings"
	"testing"
)

// Single cases are optional; where a page gives them they are checked like the other queries.
func TestCasesAreOptionalAndChecked(t *testing.T) {
	p, problems := ParseIndicator("liquidity/sample_rate.md", []byte(sound))
	if len(problems) > 0 || p.Cases.Text != "" {
		t.Fatalf("the page without cases: %v, %q", problems, p.Cases.Text)
	}
	with := func(sql string) (*Indicator, string) {
		p, problems := ParseIndicator("liquidity/sample_rate.md", []byte(strings.Replace(sound, "```sql check", "```sql cases\n"+sql+"\n```\n\n```sql check", 1)))
		return p, problems.Error()
	}
	if p, found := with("SELECT department_id, 1 AS value ORDER BY 1"); found != "" || !strings.HasPrefix(p.Cases.Text, "SELECT") || p.Cases.Line == 0 {
		t.Errorf("sound cases: %q, %+v", found, p.Cases)
	}
	for sql, want := range map[string]string{
		"SELECT 1 WHERE $mont = 1 ORDER BY 1": `unknown parameter $mont; did you mean "month"?`,
		"SELECT 1":                            "sql cases: the result has no order",
		"SELECT 1 ORDER BY 1\n```\n\n```sql cases\nSELECT": "a second block sql cases",
	} {
		if _, found := with(sql); !strings.Contains(found, want) {
			t.Errorf("%s: %q, want %q", sql, found, want)
		}
	}
}
