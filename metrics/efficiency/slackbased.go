package efficiency

import (
	"fmt"

	"weir/metrics/efficiency/simplex"
)

// SlackBased computes Tone's slack-based measure, which counts every shortfall
// and not only what all inputs or outputs share:
//
//	ρ = min (1 − (1/m)Σ s⁻/x₀) / (1 + (1/s)Σ s⁺/y₀)
//	x₀ = Σλx + s⁻, y₀ = Σλy − s⁺
//
// Input orientation keeps only the numerator, output orientation only the
// denominator. It never exceeds the radial score and is 1 only for units that
// are efficient without slacks. An input or output of 0 has no relative slack:
// its term is left out, as Tone does for inputs.
//
// Tone, K. (2001), A slacks-based measure of efficiency in data envelopment
// analysis, EJOR 130, 498-509; linear by the transformation of Charnes and
// Cooper (1962).
func SlackBased(t Table, opt Options) ([]Result, error) {
	opt, err := opt.check(t, NonOriented, Input, Output)
	if err != nil {
		return nil, err
	}
	if opt.FixedInputs != nil {
		return nil, invalid("the slack-based measure knows no fixed inputs")
	}
	ref, inMeans, outMeans, err := t.prepare(opt.AllowFewUnits)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(t.Units))
	for o := range t.Units {
		r, err := slackBased(ref, o, opt)
		if err != nil {
			return nil, fmt.Errorf("unit %q: %w", t.Units[o], err)
		}
		r.Unit = t.Units[o]
		rescale(&r, inMeans, outMeans)
		results[o] = r
	}
	return results, nil
}

// slackBased solves unit o. Variables: t, Λ, S⁻, S⁺, all multiplied by t.
func slackBased(ref Table, o int, opt Options) (Result, error) {
	n, m, s := len(ref.Units), len(ref.InputNames), len(ref.OutputNames)
	total := 1 + n + m + s
	p := simplex.Problem{Objective: make([]float64, total)}
	norm := simplex.Row{Sense: simplex.Equal, Coefficients: make([]float64, total), RHS: 1}
	p.Objective[0], norm.Coefficients[0] = 1, 1
	if opt.Orientation != Output {
		relative(p.Objective[1+n:1+n+m], ref.Inputs[o], -1)
	}
	if opt.Orientation != Input {
		relative(norm.Coefficients[1+n+m:], ref.Outputs[o], 1)
	}
	p.Rows = append(p.Rows, norm)
	for i := range m {
		row := simplex.Row{Sense: simplex.Equal, Coefficients: make([]float64, total)}
		row.Coefficients[0] = -ref.Inputs[o][i]
		for j := range n {
			row.Coefficients[1+j] = ref.Inputs[j][i]
		}
		row.Coefficients[1+n+i] = 1
		p.Rows = append(p.Rows, row)
	}
	for r := range s {
		row := simplex.Row{Sense: simplex.Equal, Coefficients: make([]float64, total)}
		row.Coefficients[0] = -ref.Outputs[o][r]
		for j := range n {
			row.Coefficients[1+j] = ref.Outputs[j][r]
		}
		row.Coefficients[1+n+m+r] = -1
		p.Rows = append(p.Rows, row)
	}
	for _, row := range scaleRows(opt.Scale, 1, n, total) {
		row.Coefficients[0], row.RHS = -1, 0 // Σλ against 1 becomes ΣΛ against t
		p.Rows = append(p.Rows, row)
	}
	sol, err := simplex.Solve(p, simplex.Options{})
	if err != nil {
		return Result{}, err
	}
	scale := sol.X[0]
	if scale <= 0 {
		return Result{}, fmt.Errorf("%w: scale %v", simplex.ErrNumerical, scale)
	}
	back := make([]float64, total)
	for k, x := range sol.X {
		back[k] = x / scale
	}
	lambda := back[1 : 1+n]
	r := Result{Efficiency: snap(sol.Objective), Peers: peers(ref.Units, lambda),
		InputSlacks: tidy(back[1+n : 1+n+m]), OutputSlacks: tidy(back[1+n+m:])}
	r.Score = r.Efficiency
	r.Efficient = r.Score > 1-negligible
	r.InputTargets, r.OutputTargets = combine(ref, lambda)
	return r, nil
}

// relative fills sign/(count·value) for the values above 0.
func relative(into, values []float64, sign float64) {
	count := 0.0
	for _, v := range values {
		if v > 0 {
			count++
		}
	}
	for i, v := range values {
		if v > 0 {
			into[i] = sign / (count * v)
		}
	}
}

// AdditiveResult is the largest total of slacks of a unit.
type AdditiveResult struct {
	Unit         string    `json:"unit"`
	Total        float64   `json:"total"` // sum of all slacks, in the columns' own units
	Efficient    bool      `json:"efficient"`
	InputSlacks  []float64 `json:"input_slacks"`
	OutputSlacks []float64 `json:"output_slacks"`
	Peers        []Peer    `json:"peers"`
}

// Additive computes the additive model, max Σs⁻ + Σs⁺ with x₀ = Σλx + s⁻ and
// y₀ = Σλy − s⁺. Its total adds unlike units and changes with them; it says
// whether a unit is efficient, not how efficient it is. Orientation does not
// apply.
//
// Charnes, A. et al. (1985), Foundations of data envelopment analysis for
// Pareto-Koopmans efficient empirical production functions, Journal of
// Econometrics 30, 91-107.
func Additive(t Table, opt Options) ([]AdditiveResult, error) {
	opt.Orientation = ""
	opt, err := opt.check(t, NonOriented)
	if err != nil {
		return nil, err
	}
	ref, inMeans, outMeans, err := t.prepare(opt.AllowFewUnits)
	if err != nil {
		return nil, err
	}
	n, m, s := len(t.Units), len(t.InputNames), len(t.OutputNames)
	results := make([]AdditiveResult, n)
	for o := range t.Units {
		p := additiveProgram(ref, o, opt.Scale, inMeans, outMeans)
		sol, err := simplex.Solve(p, simplex.Options{})
		if err != nil {
			return nil, fmt.Errorf("unit %q: %w", t.Units[o], err)
		}
		r := AdditiveResult{Unit: t.Units[o], Peers: peers(ref.Units, sol.X[:n]),
			InputSlacks: tidy(sol.X[n : n+m]), OutputSlacks: tidy(sol.X[n+m : n+m+s])}
		r.Efficient = !relevant(r.InputSlacks, ref.Inputs[o]) && !relevant(r.OutputSlacks, ref.Outputs[o])
		for i := range r.InputSlacks {
			r.InputSlacks[i] *= inMeans[i]
		}
		for i := range r.OutputSlacks {
			r.OutputSlacks[i] *= outMeans[i]
		}
		r.Total = sum(r.InputSlacks) + sum(r.OutputSlacks)
		results[o] = r
	}
	return results, nil
}

// additiveProgram maximises slacks weighed with the column means, which is
// their sum in the columns' own units. Variables: λ, s⁻, s⁺.
func additiveProgram(ref Table, o int, scale Scale, inMeans, outMeans []float64) simplex.Problem {
	n, m, s := len(ref.Units), len(ref.InputNames), len(ref.OutputNames)
	total := n + m + s
	p := simplex.Problem{Objective: make([]float64, total)}
	for i, w := range inMeans {
		p.Objective[n+i] = -w
	}
	for r, w := range outMeans {
		p.Objective[n+m+r] = -w
	}
	add := func(k int, sign, rhs float64, value func(j int) float64) {
		row := simplex.Row{Sense: simplex.Equal, Coefficients: make([]float64, total), RHS: rhs}
		for j := range n {
			row.Coefficients[j] = value(j)
		}
		row.Coefficients[k] = sign
		p.Rows = append(p.Rows, row)
	}
	for i := range m {
		add(n+i, 1, ref.Inputs[o][i], func(j int) float64 { return ref.Inputs[j][i] })
	}
	for r := range s {
		add(n+m+r, -1, ref.Outputs[o][r], func(j int) float64 { return ref.Outputs[j][r] })
	}
	p.Rows = append(p.Rows, scaleRows(scale, 0, n, total)...)
	return p
}
