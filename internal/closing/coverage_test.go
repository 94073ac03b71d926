package closing

import (
	"testing"

	"weir/metrics/scoring"
)

// Weight that a group takes over from another says nothing of what is measured in it: no coverage is above 1.
func TestCoverageOfAGroup(t *testing.T) {
	tally := scoring.Tally{Lines: []scoring.Line{
		{Groups: []string{"total", "output"}, Nominal: 6, Weight: 10, Graded: true},
		{Groups: []string{"total", "output"}, Nominal: 2, Reason: scoring.ReasonNotMeasured},
		{Groups: []string{"total", "output"}, Nominal: 5, Reason: scoring.ReasonNotApplicable},
		{Groups: []string{"total", "benefit"}, Nominal: 3, Reason: scoring.ReasonTooFew},
	}}
	for group, want := range map[string]float64{"output": .75, "total": .75, "benefit": 0} {
		if got := coverageOf(tally, group); got != want {
			t.Errorf("%s: %v, want %v", group, got, want)
		}
	}
}
