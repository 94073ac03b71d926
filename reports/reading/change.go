package reading

import (
	"slices"
	"strings"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
)

// Change is the difference of a figure against the month before.
type Change struct {
	metrics.Comparison
	Tested      bool
	Significant bool
	Direction   int // +1 to the better, -1 to the worse, 0 without a direction
}

// Change is the change of a figure since last month; ok is false where one of the two months has none. The indicator
// metrics.TotalScore is the score.
func (r *Reading) Change(indicator, department string) (Change, bool) {
	c, ok := r.changes[Key{indicator, department}]
	return c, ok
}

// Changes lists the keys of all changes in a fixed order.
func (r *Reading) Changes() []Key {
	list := make([]Key, 0, len(r.changes))
	for k := range r.changes {
		list = append(list, k)
	}
	slices.SortFunc(list, func(x, y Key) int {
		if c := strings.Compare(x.Indicator, y.Indicator); c != 0 {
			return c
		}
		return strings.Compare(x.Department, y.Department)
	})
	return list
}

// AgainstMedian holds a figure against the median of all departments; ok is false where they are too few.
func (r *Reading) AgainstMedian(indicator, department string) (metrics.Comparison, bool) {
	c, ok := r.medians[Key{indicator, department}]
	return c, ok
}

// compare tests all figures against last month and against the median department, each set corrected together,
// whatever part of them a report prints.
func (r *Reading) compare() error {
	r.changes, r.medians = map[Key]Change{}, map[Key]metrics.Comparison{}
	medians, err := metrics.CompareMedian(r.Month)
	if err != nil {
		return err
	}
	for _, c := range medians {
		r.medians[Key{c.Indicator, c.Department}] = c
	}
	before := r.Previous()
	if before == nil {
		return nil
	}
	list, err := metrics.Compare(r.Month, before)
	if err != nil {
		return err
	}
	for _, c := range list {
		change := Change{Comparison: c, Tested: c.Verdict != metrics.Untested, Significant: c.Verdict == metrics.Higher || c.Verdict == metrics.Lower}
		if change.Direction = c.Better; c.Indicator != metrics.TotalScore {
			change.Direction = better(r.indicators[c.Indicator], c.Difference)
		}
		r.changes[Key{c.Indicator, c.Department}] = change
	}
	return nil
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

// Probability writes a p-value.
func Probability(p float64) string {
	if p < 0.001 {
		return "p < 0.001"
	}
	return "p = " + document.FormatNumber(p, 3)
}

// ScoreChange is the change of a score as a key figure prints it: a verdict only where it is significant.
func (r *Reading) ScoreChange(department string) document.Change {
	now, ok := r.Score(department)
	was, found := ScoreIn(r.Previous(), department)
	if !ok || !found || !now.Total.Scored || !was.Total.Scored {
		return document.Change{}
	}
	out := document.Change{Value: document.Num(scoring.Round(now.Total.Score-was.Total.Score, 2)), Decimals: 2, Unit: r.T("分", "points"), Against: r.Since(department)}
	if c, tested := r.Change(metrics.TotalScore, department); tested && c.Significant {
		out.Good = c.Direction
	}
	return out
}
