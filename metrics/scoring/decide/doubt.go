package decide

import (
	"fmt"

	"weir/metrics/efficiency/simplex"
	"weir/metrics/scoring/weigh"
)

// DoubtResult is one alternative's score under its own best weights.
type DoubtResult struct {
	Score   float64   // 0 to 1; 1 means that no weights let another do better
	Weights []float64 // not unique
}

// BenefitOfTheDoubt gives each alternative the weights that show it at its
// best: max Σ w·y₀ with Σ w·y ≤ 1 for every alternative and w ≥ 0. Least and
// most bound each weight's share of the sum of weights (0 and 1 for no bounds).
// Values must be at least 0, more is better; each alternative needs one above
// 0.
//
// Melyn, W. and Moesen, W. (1991); bounds on shares as in OECD/JRC (2008),
// Handbook on Constructing Composite Indicators, step 6.
func BenefitOfTheDoubt(values [][]float64, least, most float64) ([]DoubtResult, error) {
	m := weigh.Matrix{Values: values}
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	q := len(values[0])
	if !(least >= 0 && most <= 1 && least <= most) || least*float64(q) > 1 || most*float64(q) < 1 {
		return nil, invalid("shares from %v to %v for %d criteria cannot sum to 1", least, most, q)
	}
	for i, row := range values {
		some := false
		for j, v := range row {
			if v < 0 {
				return nil, invalid("alternative %d, criterion %d: %v is negative", i+1, j+1, v)
			}
			some = some || v > 0
		}
		if !some {
			return nil, invalid("alternative %d has no value above 0", i+1)
		}
	}
	out := make([]DoubtResult, len(values))
	for i := range values {
		sol, err := simplex.Solve(doubtDual(values, i, least, most), simplex.Options{})
		if err != nil {
			return nil, fmt.Errorf("alternative %d: %w", i+1, err)
		}
		out[i] = DoubtResult{Score: sol.Objective, Weights: sol.Duals}
	}
	return out, nil
}

// doubtDual is the dual of alternative o's program, which has a row for each
// criterion rather than one for each alternative. Its row prices are the
// weights. Variables: λ of the alternatives, then α of the lower and β of the
// upper bounds on shares.
func doubtDual(values [][]float64, o int, least, most float64) simplex.Problem {
	n, q := len(values), len(values[0])
	p := simplex.Problem{Objective: make([]float64, n+2*q)}
	for k := range n {
		p.Objective[k] = 1
	}
	for j := range q {
		row := simplex.Row{Sense: simplex.GreaterEqual, RHS: values[o][j], Coefficients: make([]float64, n+2*q)}
		for k := range n {
			row.Coefficients[k] = values[k][j]
		}
		for l := range q {
			row.Coefficients[n+l] = least
			row.Coefficients[n+q+l] = -most
		}
		row.Coefficients[n+j]--
		row.Coefficients[n+q+j]++
		p.Rows = append(p.Rows, row)
	}
	return p
}
