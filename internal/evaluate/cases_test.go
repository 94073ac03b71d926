package evaluate

import (
	"context"
	"strings"
	"testing"

	"weir/queries/indicators"
	"weir/queries/page"
)

// Cases of a form that no interval is known for, or that are no numbers, are found when pages are checked.
func TestCasesNeedAForm(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT department_id FROM mart_department ORDER BY 1":                                               "give value, or numerator and denominator",
		"SELECT 1 AS value ORDER BY 1":                                                                       "need department_id",
		"SELECT department_id, 1 AS value, 2 AS numerator FROM mart_department ORDER BY 1":                   "cases give the columns department_id, numerator, value",
		"SELECT 'A' AS department_id, 'many' AS value ORDER BY 1":                                            `column value of department "A" is "many", which is no number`,
		"SELECT 'A' AS department_id, NULL AS numerator, 1 AS denominator ORDER BY 1":                        "column numerator",
		"SELECT provider_id AS department_id, 1 AS value FROM usage_event ORDER BY 1":                        "a table of raw events",
		"SELECT department_id, 1 AS tim, true AS event FROM mart_department WHERE month = $month ORDER BY 1": "cases give the columns department_id, event, tim",
	} {
		p := *indicators.BuiltIn().Versions("time_to_first_use")[0]
		p.Cases = page.Query{Text: sql, Line: 90}
		problems, err := Lint(context.Background(), []*page.Indicator{&p}, DefaultSettings())
		if err != nil {
			t.Fatal(err)
		}
		if found := problems.Error(); !strings.Contains(found, want) {
			t.Errorf("%s:\n%s\nwant %q", sql, found, want)
		}
	}
}
