package reading_test

import (
	"testing"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/reports/document"
	"weir/reports/reading"
)

func TestAValueWithoutCasesHasNoNumberOfCases(t *testing.T) {
	value, none, some := 80.3, int64(0), int64(12)
	for name, c := range map[string]struct {
		value metrics.Value
		want  document.Value
	}{
		"counted":           {metrics.Value{Value: &value, N: &some, State: scoring.HasValue}, document.Num(12)},
		"ratio of sums":     {metrics.Value{Value: &value, N: &none, State: scoring.HasValue}, document.None(document.NotApplicable)},
		"not told":          {metrics.Value{Value: &value, State: scoring.HasValue}, document.None(document.NotApplicable)},
		"nothing to divide": {metrics.Value{N: &none, State: scoring.NotApplicable}, document.Num(0)},
	} {
		if got := reading.Cases(c.value); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
