package efficiency

import (
	"math"
	"slices"
)

// Change is one unit's change of productivity between two periods; above 1 is
// an improvement.
type Change struct {
	Unit string `json:"unit"`
	// Index = EfficiencyChange × TechnicalChange.
	Index            float64 `json:"index"`
	EfficiencyChange float64 `json:"efficiency_change"` // catching up with the frontier
	TechnicalChange  float64 `json:"technical_change"`  // shift of the frontier
	PureChange       float64 `json:"pure_change"`       // EfficiencyChange without the part of size (variable returns)
	ScaleChange      float64 `json:"scale_change"`      // EfficiencyChange / PureChange
}

// Malmquist compares two periods of the same units by constant-returns scores
// E^s(u), the score of unit data u against the frontier of period s:
//
//	index      = √( E¹(2)/E¹(1) · E²(2)/E²(1) )
//	efficiency = E²(2)/E¹(1)
//	technical  = index/efficiency
//
// Both tables must hold the same units and columns; Options.Scale is ignored.
//
// Färe, R., Grosskopf, S., Norris, M. and Zhang, Z. (1994), Productivity
// growth, technical progress, and efficiency change in industrialized
// countries, American Economic Review 84, 66-83.
func Malmquist(first, second Table, opt Options) ([]Change, error) {
	if opt.FixedInputs != nil {
		return nil, invalid("productivity change knows no fixed inputs")
	}
	if !slices.Equal(first.InputNames, second.InputNames) || !slices.Equal(first.OutputNames, second.OutputNames) {
		return nil, invalid("the periods have different columns")
	}
	second, err := reorder(second, first.Units)
	if err != nil {
		return nil, err
	}
	periods := []Table{first, second}
	score := func(data, frontier int, s Scale) ([]float64, error) {
		opt.Scale = s
		rs, err := radial(periods[data], periods[frontier], opt, false)
		if err != nil {
			return nil, err
		}
		out := make([]float64, len(rs))
		for i, r := range rs {
			if r.Infeasible || r.Score <= 0 {
				return nil, invalid("unit %q cannot be compared with the frontier of the other period; an output or input of 0 there may be the cause", r.Unit)
			}
			out[i] = r.Score
		}
		return out, nil
	}
	var e [2][2][]float64 // e[frontier][data]
	var pure [2][]float64
	for f := range 2 {
		for d := range 2 {
			if e[f][d], err = score(d, f, Constant); err != nil {
				return nil, err
			}
		}
		if pure[f], err = score(f, f, Variable); err != nil {
			return nil, err
		}
	}
	out := make([]Change, len(first.Units))
	for i, u := range first.Units {
		c := Change{Unit: u}
		c.Index = math.Sqrt(e[0][1][i] / e[0][0][i] * (e[1][1][i] / e[1][0][i]))
		c.EfficiencyChange = e[1][1][i] / e[0][0][i]
		c.TechnicalChange = c.Index / c.EfficiencyChange
		c.PureChange = pure[1][i] / pure[0][i]
		c.ScaleChange = c.EfficiencyChange / c.PureChange
		out[i] = c
	}
	return out, nil
}

// reorder brings a table's rows into the order of the given units.
func reorder(t Table, units []string) (Table, error) {
	if err := t.Validate(); err != nil {
		return Table{}, err
	}
	at := map[string]int{}
	for i, u := range t.Units {
		at[u] = i
	}
	if len(at) != len(units) {
		return Table{}, invalid("%d units in the first period, %d in the second", len(units), len(at))
	}
	out := Table{Units: units, InputNames: t.InputNames, OutputNames: t.OutputNames}
	for _, u := range units {
		i, ok := at[u]
		if !ok {
			return Table{}, invalid("unit %q is missing in the second period", u)
		}
		out.Inputs, out.Outputs = append(out.Inputs, t.Inputs[i]), append(out.Outputs, t.Outputs[i])
	}
	return out, nil
}
