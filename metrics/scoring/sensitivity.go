package scoring

import (
	"errors"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"weir/metrics/scoring/sobol"
)

// SensitivityOptions steers Sensitivity. At least one of Values, Weights,
// Targets and Aggregation must be set.
type SensitivityOptions struct {
	Base        int     // points; 0 = 512
	Seed        uint64  //
	Values      bool    // values with a standard error
	Weights     float64 // each weight times 1 ± this share, independently
	Targets     float64 // each target times 1 ± this share
	Aggregation bool    // arithmetic or geometric mean of the top groups
	// Rank studies the department's rank among all, instead of its score.
	Rank bool
}

// FactorKind says what kind of input a factor is.
type FactorKind string

const (
	ValueFactor       FactorKind = "value"
	WeightFactor      FactorKind = "weight"
	TargetFactor      FactorKind = "target"
	AggregationFactor FactorKind = "aggregation"
)

// FactorIndex is the share of a department's uncertainty that one factor
// explains.
type FactorIndex struct {
	Kind      FactorKind `json:"kind"`
	Indicator string     `json:"indicator,omitempty"`
	sobol.Index
}

// Sensitivity computes the Sobol indices of one department's score or rank,
// largest total first. No factors that can move it give an empty list: its
// score does not depend on them.
func (s *Scheme) Sensitivity(departments []Department, department string, opt SensitivityOptions) ([]FactorIndex, error) {
	if opt.Base == 0 {
		opt.Base = 512
	}
	if !(opt.Weights >= 0 && opt.Weights < 1) || !(opt.Targets >= 0 && opt.Targets < 1) {
		return nil, invalid("spreads of weights %v and targets %v, want shares below 1", opt.Weights, opt.Targets)
	}
	if !opt.Values && opt.Weights == 0 && opt.Targets == 0 && !opt.Aggregation {
		return nil, invalid("nothing is varied: set values, weights, targets or aggregation")
	}
	m, err := newModel(s, departments)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(m.cells, func(d modelDepartment) bool { return d.id == department })
	if at < 0 {
		return nil, invalid("department %q is not in the data", department)
	}
	if !m.cells[at].scored {
		return nil, invalid("department %q has no score", department)
	}
	factors := m.factors(at, opt)
	if len(factors) == 0 {
		return nil, nil
	}
	run := sensitivityRun{m: m, at: at, opt: opt, factors: factors, work: m.scratch(), base: m.leafWeights()}
	r, err := sobol.Analyse(len(factors), func(u []float64) (float64, error) { return run.output(u), nil }, sobol.Options{Base: opt.Base, Seed: opt.Seed})
	if errors.Is(err, sobol.ErrInvalid) { // the output does not vary
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := make([]FactorIndex, len(factors))
	for i, f := range factors {
		out[i] = FactorIndex{f.kind, f.indicator, r.Inputs[i]}
	}
	slices.SortStableFunc(out, func(a, b FactorIndex) int {
		switch {
		case a.Total > b.Total:
			return -1
		case a.Total < b.Total:
			return 1
		}
		return 0
	})
	return out, nil
}

type leafFactor struct {
	kind      FactorKind
	indicator string
	leaf      int
}

// factors lists what can move the department's output.
func (m *model) factors(at int, opt SensitivityOptions) []leafFactor {
	d := &m.cells[at]
	var out []leafFactor
	for i, k := range m.leaves {
		id := m.nodes[k].id
		if m.nodes[k].measured == 0 {
			continue
		}
		if opt.Weights > 0 {
			out = append(out, leafFactor{WeightFactor, id, i})
		}
		if opt.Targets > 0 && d.rules[i].kind != fastQualitative && (opt.Rank || d.counts[i] && !d.missing[i]) {
			out = append(out, leafFactor{TargetFactor, id, i})
		}
		if opt.Values && d.counts[i] && !d.missing[i] && d.se[i] > 0 {
			out = append(out, leafFactor{ValueFactor, id, i})
		}
	}
	if opt.Aggregation {
		out = append(out, leafFactor{AggregationFactor, "", -1})
	}
	return out
}

type sensitivityRun struct {
	m       *model
	at      int
	opt     SensitivityOptions
	factors []leafFactor
	work    scratch
	base    []float64
}

// output is the department's score or rank at a point of the unit cube.
func (r *sensitivityRun) output(u []float64) float64 {
	leaf := slices.Clone(r.base)
	targets := slices.Repeat([]float64{1}, len(leaf))
	shift := make([]float64, len(leaf)) // of the department's values, in standard errors
	var set setting
	for k, f := range r.factors {
		switch f.kind {
		case WeightFactor:
			leaf[f.leaf] *= 1 + r.opt.Weights*(2*u[k]-1)
		case TargetFactor:
			targets[f.leaf] = 1 + r.opt.Targets*(2*u[k]-1)
		case ValueFactor:
			shift[f.leaf] = distuv.UnitNormal.Quantile(min(1-1e-9, max(1e-9, u[k])))
		case AggregationFactor:
			set.geometric = u[k] >= .5
		}
	}
	set.measured = r.m.weights(leaf)
	own := r.score(r.at, targets, shift, set)
	if !r.opt.Rank {
		return own
	}
	rank, none := 1.0, make([]float64, len(leaf))
	for i := range r.m.cells {
		if i != r.at && r.m.cells[i].scored && r.score(i, targets, none, set) > own {
			rank++
		}
	}
	return rank
}

func (r *sensitivityRun) score(i int, targets, shift []float64, set setting) float64 {
	d := &r.m.cells[i]
	fractions := make([]float64, len(targets))
	for k := range fractions {
		if !d.counts[k] || d.missing[k] {
			continue
		}
		x := d.value[k] + shift[k]*d.se[k]
		if shift[k] != 0 && d.bounded[k] {
			x = min(d.high[k], max(d.low[k], x))
		}
		fractions[k] = d.rules[k].at(x, targets[k])
	}
	return r.m.score(d, fractions, set, r.work)
}

// Swing is what one factor does alone: score and rank with it at the low and
// at the high end, everything else as in the scheme.
type Swing struct {
	Kind      FactorKind `json:"kind"`
	Indicator string     `json:"indicator"`
	ScoreLow  float64    `json:"score_low"` // factor at 1 − spread
	ScoreHigh float64    `json:"score_high"`
	RankLow   int        `json:"rank_low"`
	RankHigh  int        `json:"rank_high"`
	Moves     bool       `json:"moves"` // one of the ranks differs from the rank in the scheme
}

// Swings moves every weight and every target by the spread either way, one at a
// time, and returns score and rank of the department at both ends, the largest
// movement of the score first.
func (s *Scheme) Swings(departments []Department, department string, spread float64) ([]Swing, error) {
	if !(spread > 0 && spread < 1) {
		return nil, invalid("spread %v, want a share between 0 and 1", spread)
	}
	m, err := newModel(s, departments)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(m.cells, func(d modelDepartment) bool { return d.id == department })
	if at < 0 || !m.cells[at].scored {
		return nil, invalid("department %q has no score", department)
	}
	end := func(f leafFactor, u float64) (score float64, rank int) {
		opt := SensitivityOptions{Weights: spread, Targets: spread}
		r := sensitivityRun{m: m, at: at, opt: opt, factors: []leafFactor{f}, work: m.scratch(), base: m.leafWeights()}
		score = r.output([]float64{u})
		r.opt.Rank = true
		return score, int(r.output([]float64{u}))
	}
	_, rank := end(leafFactor{WeightFactor, "", 0}, .5)
	var out []Swing
	for _, f := range m.factors(at, SensitivityOptions{Weights: spread, Targets: spread, Rank: true}) {
		sw := Swing{Kind: f.kind, Indicator: f.indicator}
		sw.ScoreLow, sw.RankLow = end(f, 0)
		sw.ScoreHigh, sw.RankHigh = end(f, 1)
		sw.Moves = sw.RankLow != rank || sw.RankHigh != rank
		out = append(out, sw)
	}
	size := func(s Swing) float64 { return max(s.ScoreHigh-s.ScoreLow, s.ScoreLow-s.ScoreHigh) }
	slices.SortStableFunc(out, func(a, b Swing) int {
		switch {
		case size(a) > size(b):
			return -1
		case size(a) < size(b):
			return 1
		}
		return 0
	})
	return out, nil
}
