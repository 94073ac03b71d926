package efficiency

import "math"

// FreeDisposalHull compares each unit with single other units only, not with
// combinations:
//
//	input:  θ = min over units with at least the outputs of max x/x₀
//	output: φ = max over units with at most the inputs of min y/y₀
//
// Scores are never below those of Radial with variable returns. Scale and
// slacks do not apply; Peers holds the one unit compared with.
//
// Deprins, D., Simar, L. and Tulkens, H. (1984), Measuring labor efficiency in
// post offices.
func FreeDisposalHull(t Table, opt Options) ([]Result, error) {
	opt.Scale = Variable
	opt, err := opt.check(t, Input, Output)
	if err != nil {
		return nil, err
	}
	if opt.FixedInputs != nil {
		return nil, invalid("the free disposal hull knows no fixed inputs")
	}
	if _, _, _, err := t.prepare(opt.AllowFewUnits); err != nil {
		return nil, err
	}
	results := make([]Result, len(t.Units))
	for o := range t.Units {
		best, factor := o, 1.0
		for j := range t.Units {
			if opt.Orientation == Input && atLeast(t.Outputs[j], t.Outputs[o]) {
				if f := largestRatio(t.Inputs[j], t.Inputs[o]); f < factor {
					best, factor = j, f
				}
			}
			if opt.Orientation == Output && atLeast(t.Inputs[o], t.Inputs[j]) {
				if f := smallestRatio(t.Outputs[j], t.Outputs[o]); f > factor {
					best, factor = j, f
				}
			}
		}
		results[o] = hullResult(t, o, best, factor, opt.Orientation)
	}
	return results, nil
}

func hullResult(t Table, o, best int, factor float64, orientation Orientation) Result {
	r := Result{Unit: t.Units[o], Efficiency: factor, Score: factor, Peers: []Peer{{t.Units[best], 1}},
		InputTargets: t.Inputs[best], OutputTargets: t.Outputs[best]}
	in, out := factor, 1.0
	if orientation == Output {
		r.Score, in, out = 1/factor, 1, factor
	}
	dominated := false
	for i, x := range t.Inputs[o] {
		s := math.Max(0, x*in-t.Inputs[best][i])
		r.InputSlacks = append(r.InputSlacks, s)
		dominated = dominated || s > negligible*x
	}
	for k, y := range t.Outputs[o] {
		s := math.Max(0, t.Outputs[best][k]-y*out)
		r.OutputSlacks = append(r.OutputSlacks, s)
		dominated = dominated || s > negligible*t.Outputs[best][k]
	}
	r.Efficient = factor == 1 && !dominated
	return r
}

func atLeast(a, b []float64) bool {
	for i := range a {
		if a[i] < b[i] {
			return false
		}
	}
	return true
}

// largestRatio is max a/b; an a above a b of 0 makes it infinite, 0/0 is no
// restriction.
func largestRatio(a, b []float64) float64 {
	most := 0.0
	for i := range a {
		switch {
		case b[i] > 0:
			most = math.Max(most, a[i]/b[i])
		case a[i] > 0:
			return math.Inf(1)
		}
	}
	return most
}

// smallestRatio is min a/b over the b above 0.
func smallestRatio(a, b []float64) float64 {
	least := math.Inf(1)
	for i := range a {
		if b[i] > 0 {
			least = math.Min(least, a[i]/b[i])
		}
	}
	return least
}
