package efficiency

import (
	"errors"
	"fmt"

	"weir/metrics/efficiency/simplex"
)

// negligible is the size below which a distance from 1, or a slack relative to
// the unit's own value, counts as rounding.
const negligible = 1e-7

// Peer is a unit on the frontier and its weight in the combination that an
// inefficient unit is compared with.
type Peer struct {
	Unit   string  `json:"unit"`
	Weight float64 `json:"weight"`
}

// Result is one unit's efficiency.
type Result struct {
	Unit string `json:"unit"`
	// Efficiency is the model's own figure: for input orientation the share of
	// inputs that would do (at most 1), for output orientation the factor by
	// which outputs could grow (at least 1); super-efficiency may pass 1.
	Efficiency float64 `json:"efficiency"`
	// Score is Efficiency as a share, so that more is better in every model:
	// 1/Efficiency for output orientation.
	Score float64 `json:"score"`
	// Efficient: score 1 and no slacks.
	Efficient bool `json:"efficient"`
	// Infeasible: no combination of the other units compares (only in
	// super-efficiency and across periods); the other fields are then empty.
	Infeasible   bool      `json:"infeasible,omitempty"`
	InputSlacks  []float64 `json:"input_slacks"`  // in the columns' units, beyond the radial change
	OutputSlacks []float64 `json:"output_slacks"` //
	Peers        []Peer    `json:"peers"`         // not unique where several combinations are as good
	// Targets are the inputs and outputs of the combination of peers.
	InputTargets  []float64 `json:"input_targets"`
	OutputTargets []float64 `json:"output_targets"`
}

// Radial computes the radial efficiency of every unit, in two stages.
//
//	input:  min θ:  Σλx ≤ θ·x₀, Σλy ≥ y₀     output: max φ:  Σλx ≤ x₀, Σλy ≥ φ·y₀
//	λ ≥ 0; Σλ free (crs), = 1 (vrs), ≤ 1 (nirs), ≥ 1 (ndrs)
//
// The second stage keeps θ or φ and makes the slacks as large as possible,
// summed relative to column means so that units of measurement do not matter.
//
// Charnes, A., Cooper, W. W. and Rhodes, E. (1978), EJOR 2, 429-444; Banker,
// R. D., Charnes, A. and Cooper, W. W. (1984), Management Science 30,
// 1078-1092; fixed inputs: Banker, R. D. and Morey, R. C. (1986), Operations
// Research 34, 513-521.
func Radial(t Table, opt Options) ([]Result, error) {
	return radial(t, t, opt, false)
}

// SuperEfficiency is Radial with each unit left out of its own comparison, so
// that efficient units get scores above 1 and can be ranked. Where no other
// units compare, the result is marked infeasible; with constant returns that
// happens only to a unit that uses none of an input that all others need.
//
// Andersen, P. and Petersen, N. C. (1993), A procedure for ranking efficient
// units in data envelopment analysis, Management Science 39, 1261-1264.
func SuperEfficiency(t Table, opt Options) ([]Result, error) {
	return radial(t, t, opt, true)
}

// radial evaluates the units of t against those of reference.
func radial(t, reference Table, opt Options, leaveOut bool) ([]Result, error) {
	opt, err := opt.check(t, Input, Output)
	if err != nil {
		return nil, err
	}
	ref, inMeans, outMeans, err := reference.prepare(opt.AllowFewUnits)
	if err != nil {
		return nil, err
	}
	if err := t.Validate(); err != nil {
		return nil, err
	}
	results := make([]Result, len(t.Units))
	for o := range t.Units {
		m := radialModel{ref: ref, opt: opt, without: -1, x: divide(t.Inputs[o], inMeans), y: divide(t.Outputs[o], outMeans)}
		if leaveOut {
			m.without = o
		}
		r, err := m.solve()
		switch {
		case errors.Is(err, simplex.ErrInfeasible), errors.Is(err, simplex.ErrUnbounded):
			results[o] = Result{Unit: t.Units[o], Infeasible: true}
			continue
		case err != nil:
			return nil, fmt.Errorf("unit %q: %w", t.Units[o], err)
		}
		r.Unit = t.Units[o]
		rescale(&r, inMeans, outMeans)
		results[o] = r
	}
	return results, nil
}

func divide(xs, by []float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = x / by[i]
	}
	return out
}

// rescale brings slacks and targets back to the columns' units.
func rescale(r *Result, inMeans, outMeans []float64) {
	for i, m := range inMeans {
		r.InputSlacks[i] *= m
		r.InputTargets[i] *= m
	}
	for i, m := range outMeans {
		r.OutputSlacks[i] *= m
		r.OutputTargets[i] *= m
	}
}

// radialModel is the pair of programs for one unit with inputs x, outputs y,
// all columns of mean 1.
type radialModel struct {
	ref     Table
	opt     Options
	without int // unit left out of the reference, or −1
	x, y    []float64
}

// solve runs both stages.
func (m radialModel) solve() (Result, error) {
	sol, err := m.firstStage()
	if err != nil {
		return Result{}, err
	}
	factor := snap(sol.X[0])
	r := Result{Efficiency: factor, Score: factor}
	if m.opt.Orientation == Output {
		if factor < 1e-9 { // the others produce nothing from these inputs
			return Result{}, simplex.ErrInfeasible
		}
		r.Score = 1 / factor
	}
	// The factor carries rounding of the first stage; where that leaves the
	// second no solution, it gets a little room, far below what is printed.
	var lambda, in, out []float64
	for _, room := range []float64{0, 1e-10, 1e-9, 1e-8, 1e-7} {
		if m.opt.Orientation == Output {
			room = -room
		}
		if lambda, in, out, err = m.secondStage(factor * (1 + room)); err == nil {
			break
		}
	}
	if err != nil { // not infeasible: the first stage has shown a solution
		return Result{}, fmt.Errorf("slacks: %w: %v", simplex.ErrNumerical, err)
	}
	r.InputSlacks, r.OutputSlacks = in, out
	r.InputTargets, r.OutputTargets = combine(m.ref, lambda)
	r.Peers = peers(m.ref.Units, lambda)
	r.Efficient = r.Score > 1-negligible && !relevant(in, m.x) && !relevant(out, r.OutputTargets)
	return r, nil
}

// firstStage minimises θ or maximises φ. Variables: the factor, then λ.
func (m radialModel) firstStage() (simplex.Solution, error) {
	n := len(m.ref.Units)
	p := simplex.Problem{Objective: make([]float64, n+1), Upper: m.limits(1, n+1)}
	input := m.opt.Orientation == Input
	p.Objective[0] = 1
	if !input {
		p.Objective[0] = -1
	}
	for i, x := range m.x {
		row := simplex.Row{Sense: simplex.LessEqual, Coefficients: make([]float64, n+1)}
		for j := range n {
			row.Coefficients[j+1] = m.ref.Inputs[j][i]
		}
		if input && !m.opt.fixed(i) {
			row.Coefficients[0] = -x
		} else {
			row.RHS = x
		}
		p.Rows = append(p.Rows, row)
	}
	for r, y := range m.y {
		row := simplex.Row{Sense: simplex.GreaterEqual, Coefficients: make([]float64, n+1)}
		for j := range n {
			row.Coefficients[j+1] = m.ref.Outputs[j][r]
		}
		if input {
			row.RHS = y
		} else {
			row.Coefficients[0] = -y
		}
		p.Rows = append(p.Rows, row)
	}
	p.Rows = append(p.Rows, scaleRows(m.opt.Scale, 1, n, n+1)...)
	return simplex.Solve(p, simplex.Options{})
}

// secondStage maximises the slacks at the factor found. Variables: λ, input
// slacks, output slacks.
func (m radialModel) secondStage(factor float64) (lambda, in, out []float64, err error) {
	n, a, b := len(m.ref.Units), len(m.x), len(m.y)
	total := n + a + b
	p := simplex.Problem{Objective: make([]float64, total), Upper: m.limits(0, total)}
	for k := n; k < total; k++ {
		p.Objective[k] = -1
	}
	inFactor, outFactor := factor, 1.0
	if m.opt.Orientation == Output {
		inFactor, outFactor = 1, factor
	}
	for i, x := range m.x {
		row := simplex.Row{Sense: simplex.Equal, Coefficients: make([]float64, total), RHS: x * inFactor}
		if m.opt.fixed(i) {
			row.RHS = x
		}
		for j := range n {
			row.Coefficients[j] = m.ref.Inputs[j][i]
		}
		row.Coefficients[n+i] = 1
		p.Rows = append(p.Rows, row)
	}
	for r, y := range m.y {
		row := simplex.Row{Sense: simplex.Equal, Coefficients: make([]float64, total), RHS: y * outFactor}
		for j := range n {
			row.Coefficients[j] = m.ref.Outputs[j][r]
		}
		row.Coefficients[n+a+r] = -1
		p.Rows = append(p.Rows, row)
	}
	p.Rows = append(p.Rows, scaleRows(m.opt.Scale, 0, n, total)...)
	sol, err := simplex.Solve(p, simplex.Options{})
	if err != nil {
		return nil, nil, nil, err
	}
	return sol.X[:n], tidy(sol.X[n : n+a]), tidy(sol.X[n+a:]), nil
}

// limits fixes λ of the unit left out at 0.
func (m radialModel) limits(offset, total int) []float64 {
	if m.without < 0 {
		return nil
	}
	upper := unlimited(total)
	upper[offset+m.without] = 0
	return upper
}
