package efficiency

// Returns says in which direction a unit's size differs from the most
// productive one.
type Returns string

const (
	ConstantReturns   Returns = "constant"   // the most productive size
	IncreasingReturns Returns = "increasing" // too small
	DecreasingReturns Returns = "decreasing" // too large
)

// ScaleResult splits efficiency into management and size.
type ScaleResult struct {
	Unit            string  `json:"unit"`
	Constant        float64 `json:"constant"`         // score with constant returns
	Variable        float64 `json:"variable"`         // score with variable returns: management alone
	ScaleEfficiency float64 `json:"scale_efficiency"` // Constant / Variable
	Returns         Returns `json:"returns"`
}

// ScaleEfficiency compares the scores with constant, variable and
// non-increasing returns. A unit whose scale efficiency is 1 has constant
// returns; else returns decrease where the non-increasing score equals the
// variable one, and increase where it does not. Options.Scale is ignored.
//
// Färe, R., Grosskopf, S. and Lovell, C. A. K. (1985), The Measurement of
// Efficiency of Production.
func ScaleEfficiency(t Table, opt Options) ([]ScaleResult, error) {
	by := map[Scale][]Result{}
	for _, s := range []Scale{Constant, Variable, NonIncreasing} {
		opt.Scale = s
		r, err := Radial(t, opt)
		if err != nil {
			return nil, err
		}
		by[s] = r
	}
	out := make([]ScaleResult, len(t.Units))
	for i, u := range t.Units {
		r := ScaleResult{Unit: u, Constant: by[Constant][i].Score, Variable: by[Variable][i].Score, Returns: IncreasingReturns}
		r.ScaleEfficiency = snap(r.Constant / r.Variable)
		switch {
		case r.ScaleEfficiency > 1-negligible:
			r.Returns = ConstantReturns
		case by[NonIncreasing][i].Score > r.Variable-negligible:
			r.Returns = DecreasingReturns
		}
		out[i] = r
	}
	return out, nil
}
