package scoring

import (
	"math"
	"slices"
)

// Improvement is what an indicator still holds for a department.
type Improvement struct {
	Indicator string  `json:"indicator"`
	State     State   `json:"state"`
	Value     float64 `json:"value"` // only with HasValue
	Gain      float64 `json:"gain"`  // points to full marks, on the scale of the score (100)
	// Needed is the value that earns full points; only with NeededKnown, which
	// is false for an indicator whose rule has no such single value.
	Needed      float64 `json:"needed"`
	NeededKnown bool    `json:"needed_known"`
	// ReachesNext: full points here alone would lift the department to the
	// next grade.
	ReachesNext bool `json:"reaches_next"`
}

// Improvements lists the indicators that cost a department points, the most
// first. Missing data are among them: delivering the data comes before
// improving the figure.
func (s *Scheme) Improvements(r Result) []Improvement {
	if !r.Total.Scored {
		return nil
	}
	_, missing, below := s.bands().ToNext(r.Total.Score)
	var out []Improvement
	for _, l := range r.Total.Lines {
		if l.Weight == 0 || l.Points >= l.Weight {
			continue
		}
		im := Improvement{Indicator: l.Indicator, State: l.Observed.State, Value: l.Observed.Value,
			Gain: Round(100*(l.Weight-l.Points)/r.Total.Weight, PointDecimals)}
		im.Needed, im.NeededKnown = l.Rule.FullAt(l.Observed.Value)
		im.ReachesNext = below && im.Gain >= missing
		out = append(out, im)
	}
	slices.SortStableFunc(out, func(a, b Improvement) int {
		switch {
		case a.Gain > b.Gain:
			return -1
		case a.Gain < b.Gain:
			return 1
		}
		return 0
	})
	return out
}

// FullAt is the value nearest to the actual one that earns full points: the
// target, or the nearer bound of a band. It does not exist for a rule that
// cannot be used.
func (r Rule) FullAt(actual float64) (float64, bool) {
	if r.Validate() != nil || math.IsNaN(actual) {
		return 0, false
	}
	switch r.Kind {
	case BandRule:
		return math.Min(r.Upper, math.Max(r.Lower, actual)), true
	case Qualitative:
		return 100, true
	}
	return r.Target, true
}
