// Package decide ranks alternatives on weighted criteria by the methods known
// as multi-criteria decision analysis: TOPSIS, VIKOR, PROMETHEE II, WASPAS and
// the benefit of the doubt.
//
// All compare alternatives with one another: a score changes when another
// alternative does. They serve to test how robust a ranking is, not to set a
// department's points.
//
// Never added here: finding weights (package weigh), voting (package vote).
package decide

import (
	"errors"
	"fmt"
	"math"

	"weir/metrics/scoring/weigh"
)

// ErrInvalid says that the method does not apply to this table.
var ErrInvalid = errors.New("invalid decision table")

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

// Problem is a table of alternatives × criteria with weights.
type Problem struct {
	weigh.Matrix
	Weights []float64 // at least 0, one above 0; scaled to sum to 1 except in WASPAS
}

// prepare validates and returns the weights scaled to sum to 1.
func (p Problem) prepare() ([]float64, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if len(p.Weights) != len(p.Values[0]) {
		return nil, invalid("%d weights for %d criteria", len(p.Weights), len(p.Values[0]))
	}
	w, err := weigh.Given(p.Weights)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return w, nil
}

func (p Problem) isCost(j int) bool { return p.Cost != nil && p.Cost[j] }

// extremes returns the best and worst value of criterion j.
func (p Problem) extremes(j int) (best, worst float64) {
	best, worst = p.Values[0][j], p.Values[0][j]
	for _, row := range p.Values {
		best, worst = math.Max(best, row[j]), math.Min(worst, row[j])
	}
	if p.isCost(j) {
		best, worst = worst, best
	}
	return best, worst
}

// Norm is how TOPSIS makes criteria comparable.
type Norm string

const (
	// VectorNorm divides by the root of the sum of squares, as in the original
	// method. The zero value means the same.
	VectorNorm Norm = "vector"
	// MinMaxNorm scales to [0, 1]. It can turn the order round.
	MinMaxNorm Norm = "minmax"
)

// TOPSIS returns the closeness to the ideal, C = D⁻/(D⁺+D⁻), with D⁺ and D⁻ the
// weighted Euclidean distances to the best and the worst value of every
// criterion: 1 is the ideal, 0 its opposite. Where no criterion varies every
// alternative is both and gets 0.5.
//
// Hwang, C. L. and Yoon, K. (1981), Multiple Attribute Decision Making.
func TOPSIS(p Problem, norm Norm) ([]float64, error) {
	w, err := p.prepare()
	if err != nil {
		return nil, err
	}
	m := p
	switch norm {
	case "", VectorNorm:
		m.Values = vectorNormal(p.Values)
	case MinMaxNorm:
		m.Matrix = p.MinMax()
	default:
		return nil, invalid("normalisation %q, want vector or minmax", norm)
	}
	out := make([]float64, len(p.Values))
	for i, row := range m.Values {
		var plus, minus float64
		for j, v := range row {
			best, worst := m.extremes(j)
			plus += w[j] * w[j] * (v - best) * (v - best)
			minus += w[j] * w[j] * (v - worst) * (v - worst)
		}
		plus, minus = math.Sqrt(plus), math.Sqrt(minus)
		if plus+minus == 0 {
			out[i] = .5
		} else {
			out[i] = minus / (plus + minus)
		}
	}
	return out, nil
}

func vectorNormal(values [][]float64) [][]float64 {
	length := make([]float64, len(values[0]))
	for _, row := range values {
		for j, v := range row {
			length[j] = math.Hypot(length[j], v)
		}
	}
	out := make([][]float64, len(values))
	for i, row := range values {
		out[i] = make([]float64, len(row))
		for j, v := range row {
			if length[j] > 0 {
				out[i][j] = v / length[j]
			}
		}
	}
	return out
}

// VIKORResult holds the compromise measures; lower is better in all.
type VIKORResult struct {
	S []float64 // total regret
	R []float64 // largest single regret
	Q []float64 // compromise of both, 0 best to 1 worst
}

// VIKOR returns total regret S = Σ w(f*−f)/(f*−f⁻), largest regret R = max of
// the same terms, and Q = v(S−S*)/(S⁻−S*) + (1−v)(R−R*)/(R⁻−R*), with the stars
// the best and the minus signs the worst over alternatives. v is the weight of
// the majority, usually 0.5. A criterion that does not vary causes no regret;
// a measure that does not vary adds nothing to Q.
//
// Opricovic, S. and Tzeng, G.-H. (2004), EJOR 156, 445-455.
func VIKOR(p Problem, v float64) (VIKORResult, error) {
	w, err := p.prepare()
	if err != nil {
		return VIKORResult{}, err
	}
	if !(v >= 0 && v <= 1) {
		return VIKORResult{}, invalid("weight of the majority %v, want 0 to 1", v)
	}
	n := len(p.Values)
	r := VIKORResult{S: make([]float64, n), R: make([]float64, n), Q: make([]float64, n)}
	for i, row := range p.Values {
		for j, x := range row {
			best, worst := p.extremes(j)
			if best == worst {
				continue
			}
			regret := w[j] * (best - x) / (best - worst)
			r.S[i] += regret
			r.R[i] = math.Max(r.R[i], regret)
		}
	}
	for i := range n {
		r.Q[i] = v*between(r.S[i], r.S) + (1-v)*between(r.R[i], r.R)
	}
	return r, nil
}

// between is where x lies from the least to the most of xs, 0 if all are equal.
func between(x float64, xs []float64) float64 {
	lo, hi := xs[0], xs[0]
	for _, v := range xs {
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	if hi == lo {
		return 0
	}
	return (x - lo) / (hi - lo)
}

// Preference says from which difference on one alternative is preferred.
type Preference struct {
	// Indifference: differences up to it do not count. Strict: from it on
	// preference is full, linear in between. Both 0 is the usual criterion:
	// any difference counts fully.
	Indifference, Strict float64
}

// PROMETHEE returns the net flow of each alternative, from −1 to 1: how much it
// is preferred to the others less how much the others are to it, averaged.
// prefs holds one preference per criterion; nil means usual criteria.
//
// Brans, J. P. and Vincke, P. (1985), Management Science 31, 647-656.
func PROMETHEE(p Problem, prefs []Preference) ([]float64, error) {
	w, err := p.prepare()
	if err != nil {
		return nil, err
	}
	if prefs == nil {
		prefs = make([]Preference, len(w))
	}
	if len(prefs) != len(w) {
		return nil, invalid("%d preferences for %d criteria", len(prefs), len(w))
	}
	for j, f := range prefs {
		if !(f.Indifference >= 0) || !(f.Strict >= f.Indifference) || math.IsInf(f.Strict, 0) {
			return nil, invalid("criterion %d: indifference %v and strict preference %v", j+1, f.Indifference, f.Strict)
		}
	}
	n := len(p.Values)
	out := make([]float64, n)
	for a := range n {
		for b := range n {
			if a == b {
				continue
			}
			for j, wj := range w {
				d := p.Values[a][j] - p.Values[b][j]
				if p.isCost(j) {
					d = -d
				}
				flow := wj * prefs[j].of(d) / float64(n-1)
				out[a] += flow
				out[b] -= flow
			}
		}
	}
	return out, nil
}

// of is the degree of preference, 0 to 1, for a difference.
func (f Preference) of(d float64) float64 {
	switch {
	case d <= f.Indifference:
		return 0
	case d >= f.Strict:
		return 1
	}
	return (d - f.Indifference) / (f.Strict - f.Indifference)
}

// WASPAS returns λ times the weighted sum plus 1−λ times the weighted product
// of x/max x (benefit) or min x/x (cost). λ is usually 0.5. All values must be
// above 0. Weights are used as given, not scaled to sum to 1, since published
// applications have weights that do not.
//
// Zavadskas, E. K. et al. (2012), Optimization of weighted aggregated sum
// product assessment, Elektronika ir Elektrotechnika 122, 3-6.
func WASPAS(p Problem, lambda float64) ([]float64, error) {
	if _, err := p.prepare(); err != nil {
		return nil, err
	}
	w := p.Weights
	if !(lambda >= 0 && lambda <= 1) {
		return nil, invalid("share of the sum %v, want 0 to 1", lambda)
	}
	out := make([]float64, len(p.Values))
	for i, row := range p.Values {
		sum, product := 0.0, 0.0
		for j, v := range row {
			if v <= 0 {
				return nil, invalid("alternative %d, criterion %d: %v, this method needs values above 0", i+1, j+1, v)
			}
			best, _ := p.extremes(j)
			ratio := v / best
			if p.isCost(j) {
				ratio = best / v
			}
			sum += w[j] * ratio
			product += w[j] * math.Log(ratio)
		}
		out[i] = lambda*sum + (1-lambda)*math.Exp(product)
	}
	return out, nil
}
