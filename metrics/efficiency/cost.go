package efficiency

import (
	"fmt"
	"math"

	"weir/metrics/efficiency/simplex"
)

// CostResult is one unit's cost against the least cost of its outputs.
type CostResult struct {
	Unit       string    `json:"unit"`
	Efficiency float64   `json:"efficiency"` // least cost / actual cost
	Cost       float64   `json:"cost"`
	LeastCost  float64   `json:"least_cost"`
	BestInputs []float64 `json:"best_inputs"` // the inputs of least cost
	Peers      []Peer    `json:"peers"`
}

// Cost computes cost efficiency, min Σp·x over x with Σλx ≤ x and Σλy ≥ y₀,
// against the unit's actual cost at its own prices. prices[unit][input] are at
// least 0, and each unit's cost above 0. Orientation does not apply.
//
// Färe, R., Grosskopf, S. and Lovell, C. A. K. (1985), The Measurement of
// Efficiency of Production.
func Cost(t Table, prices [][]float64, opt Options) ([]CostResult, error) {
	opt.Orientation = Input
	opt, err := opt.check(t, Input)
	if err != nil {
		return nil, err
	}
	if opt.FixedInputs != nil {
		return nil, invalid("cost efficiency knows no fixed inputs")
	}
	ref, inMeans, _, err := t.prepare(opt.AllowFewUnits)
	if err != nil {
		return nil, err
	}
	if len(prices) != len(t.Units) {
		return nil, invalid("%d rows of prices for %d units", len(prices), len(t.Units))
	}
	n := len(t.Units)
	results := make([]CostResult, n)
	for o, u := range t.Units {
		r := CostResult{Unit: u}
		if len(prices[o]) != len(t.InputNames) {
			return nil, invalid("unit %q has %d prices for %d inputs", u, len(prices[o]), len(t.InputNames))
		}
		for i, p := range prices[o] {
			if math.IsNaN(p) || math.IsInf(p, 0) || p < 0 {
				return nil, invalid("unit %q, price of %q: %v", u, t.InputNames[i], p)
			}
			r.Cost += p * t.Inputs[o][i]
		}
		if r.Cost <= 0 || math.IsInf(r.Cost, 0) {
			return nil, invalid("unit %q has a cost of %v", u, r.Cost)
		}
		// At the optimum the inputs are those of the combination, so λ alone
		// decides: each peer weighs what its inputs cost at this unit's prices.
		p := simplex.Problem{Objective: make([]float64, n)}
		for j := range n {
			for i, price := range prices[o] {
				p.Objective[j] += price * t.Inputs[j][i] / r.Cost
			}
		}
		for k := range t.OutputNames {
			row := simplex.Row{Sense: simplex.GreaterEqual, Coefficients: make([]float64, n), RHS: ref.Outputs[o][k]}
			for j := range n {
				row.Coefficients[j] = ref.Outputs[j][k]
			}
			p.Rows = append(p.Rows, row)
		}
		p.Rows = append(p.Rows, scaleRows(opt.Scale, 0, n, n)...)
		sol, err := simplex.Solve(p, simplex.Options{})
		if err != nil {
			return nil, fmt.Errorf("unit %q: %w", u, err)
		}
		r.Efficiency = snap(sol.Objective)
		r.LeastCost = r.Efficiency * r.Cost
		r.Peers = peers(t.Units, sol.X)
		r.BestInputs, _ = combine(ref, sol.X)
		for i := range r.BestInputs {
			r.BestInputs[i] *= inMeans[i]
		}
		results[o] = r
	}
	return results, nil
}
