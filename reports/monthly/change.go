package monthly

import (
	"errors"
	"math"
	"slices"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/metrics/stats"
	"weir/queries/page"
)

// change is the difference of a value against the month before.
type change struct {
	difference  float64
	tested      bool
	significant bool // after control of the false-discovery rate over all tests of the report
	p           float64
	direction   int // +1 to the better, -1 to the worse, 0 without a direction
}

// falseDiscoveryRate is the share of false alarms among the changes that the report calls significant.
const falseDiscoveryRate = 0.05

// compare finds the changes of all values since last month. Proportions are tested by the two-proportion test and
// all tests of the report are corrected together (Benjamini and Hochberg 1995); other kinds of figures carry their
// difference without a verdict.
func (b *builder) compare() error {
	b.changes = map[key]change{}
	var tested []key
	var p []float64
	for k, v := range b.values {
		was, ok := b.before[k]
		if !ok || v.State != scoring.HasValue || was.State != scoring.HasValue || v.Value == nil || was.Value == nil {
			continue
		}
		c := change{difference: *v.Value - *was.Value}
		c.direction = better(b.indicator[k.indicator], c.difference)
		if definition := b.indicator[k.indicator]; definition != nil && definition.Kind == page.Proportion {
			result, ok, err := twoProportions(was, v)
			if err != nil {
				return err
			}
			if ok {
				c.tested, c.p = true, result
				tested = append(tested, k)
			}
		}
		b.changes[k] = c
	}
	// The map's order is random: the correction must not depend on it.
	slices.SortFunc(tested, func(x, y key) int { return compareKeys(x, y) })
	for _, k := range tested {
		p = append(p, b.changes[k].p)
	}
	if len(p) == 0 {
		return nil
	}
	adjusted, err := stats.BenjaminiHochberg(p)
	if err != nil {
		return err
	}
	for i, k := range tested {
		c := b.changes[k]
		c.p, c.significant = adjusted[i], adjusted[i] < falseDiscoveryRate
		b.changes[k] = c
	}
	return nil
}

// twoProportions gives the p-value of the change; ok is false where the counts are no counts of cases.
func twoProportions(was, is metrics.Value) (p float64, ok bool, err error) {
	var counts [4]int64
	for i, f := range []*float64{was.Numerator, was.Denominator, is.Numerator, is.Denominator} {
		if f == nil || *f != math.Trunc(*f) || *f < 0 {
			return 0, false, nil
		}
		counts[i] = int64(*f)
	}
	if counts[1] == 0 || counts[3] == 0 {
		return 0, false, nil
	}
	c, err := stats.TwoProportions(counts[0], counts[1], counts[2], counts[3], 0.95)
	if errors.Is(err, stats.ErrNoData) {
		return 0, false, nil
	}
	return c.P, err == nil, err
}

func better(p *page.Indicator, difference float64) int {
	if p == nil || difference == 0 {
		return 0
	}
	sign := 1
	if difference < 0 {
		sign = -1
	}
	switch p.Direction {
	case page.Higher:
		return sign
	case page.Lower:
		return -sign
	default:
		return 0
	}
}

func compareKeys(x, y key) int {
	if x.indicator != y.indicator {
		if x.indicator < y.indicator {
			return -1
		}
		return 1
	}
	switch {
	case x.department < y.department:
		return -1
	case x.department > y.department:
		return 1
	}
	return 0
}
