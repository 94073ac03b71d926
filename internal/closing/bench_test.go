package closing

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"weir/metrics/scoring"
)

// BenchmarkStandings is what the three simulations add to a close of 24 departments and 46 indicators.
func BenchmarkStandings(b *testing.B) {
	scheme := &scoring.Scheme{Total: scoring.Node{ID: "total"}}
	for i := range 46 {
		id := fmt.Sprint("i", i)
		scheme.Indicators = append(scheme.Indicators, scoring.Indicator{ID: id, Rule: scoring.Rule{Kind: scoring.Positive, Target: 80}})
		place(&scheme.Total, []string{fmt.Sprint("g", i%7)}, scoring.Node{Indicator: id, Weight: 2})
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var departments []scoring.Department
	for d := range 24 {
		observations := map[string]scoring.Observation{}
		for _, i := range scheme.Indicators {
			observations[i.ID] = scoring.Observation{State: scoring.HasValue, Value: 100 * rng.Float64(), StandardError: 5, High: 100}
		}
		departments = append(departments, scoring.Department{ID: fmt.Sprint(d), Observations: observations})
	}
	for b.Loop() {
		if _, err := standings(scheme, departments, DefaultUncertainty(), 1); err != nil {
			b.Fatal(err)
		}
	}
}
