package metrics

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"weir/internal/lang"
	"weir/metrics/scoring"
	"weir/metrics/stats"
)

// FalseDiscoveryRate is the expected share of false findings among the differences that a comparison calls
// significant.
const FalseDiscoveryRate = 0.05

// TotalScore stands in place of an indicator where the total score is compared.
const TotalScore = "total"

// Against says what a figure is compared with.
type Against string

// The comparisons.
const (
	AgainstMonth  Against = "month"  // an earlier closed month
	AgainstMedian Against = "median" // the median of the departments of the same month
)

// Verdict says whether a difference is more than noise. A reader sees its words, never an adjective chosen by hand.
type Verdict string

// The verdicts.
const (
	Higher    Verdict = "higher"    // significantly
	Lower     Verdict = "lower"     // significantly
	Unchanged Verdict = "unchanged" // no significant difference
	Untested  Verdict = "untested"  // there is no test for figures of this kind, too few cases, or another department joined
)

// Words are those of the verdict in print.
func (v Verdict) Words(against Against) lang.Text {
	switch {
	case v == Untested:
		return lang.T("未作检验", "not tested")
	case against == AgainstMedian && v == Higher:
		return lang.T("显著高于中位部门", "significantly above the median department")
	case against == AgainstMedian && v == Lower:
		return lang.T("显著低于中位部门", "significantly below the median department")
	case against == AgainstMedian:
		return lang.T("与中位部门无显著差异", "no significant difference from the median department")
	case v == Higher:
		return lang.T("显著提高", "rose significantly")
	case v == Lower:
		return lang.T("显著下降", "fell significantly")
	}
	return lang.T("无显著变化", "no significant change")
}

// Comparison holds one figure of a department against another.
type Comparison struct {
	Indicator  string // TotalScore for the total
	Department string // City for the totals of all departments
	Against    Against
	Value      float64
	Reference  float64
	Difference float64 // Value − Reference
	// P is the two-sided p-value of the difference, Q the same corrected for all tests of the comparison (Benjamini
	// and Hochberg); both only where Verdict is not Untested.
	P, Q    float64
	Verdict Verdict
	// Better is +1 where the difference is to the better, −1 to the worse, 0 where the rule knows no direction.
	Better int
}

// Compare tests every figure of a month, over all kinds of data, against an earlier month: proportions by the test of
// two proportions, means, ratios and medians by Welch's test on their standard errors, counts by that of two Poisson
// counts, scores by the width of their simulated intervals. All tests are corrected together, so that of the
// differences called significant no more than FalseDiscoveryRate are expected to be chance.
//
// A department that took over another between the two months is not tested: what came with the other is no change of
// its own, and a test would call it one.
//
// Months whose windows overlap share cases; the tests take them as independent, which errs on the side of no change.
func Compare(now, before *Month) ([]Comparison, error) {
	old := map[[2]string]Value{}
	for _, v := range before.Values {
		if v.DataKind == "" && v.Value != nil {
			old[[2]string{v.Indicator, v.Department}] = v
		}
	}
	joined := map[string]bool{}
	for _, p := range now.Predecessors {
		joined[p.Successor] = joined[p.Successor] || !before.counts(p)
	}
	book := now.comparisons(AgainstMonth)
	for _, v := range now.Values {
		was, ok := old[[2]string{v.Indicator, v.Department}]
		if !ok || v.DataKind != "" || v.Value == nil {
			continue
		}
		p, tested, err := testValues(was, v)
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", v.Indicator, v.Department, err)
		}
		tested = tested && !joined[v.Department]
		book.add(v.Indicator, v.Department, *v.Value, *was.Value, p, tested)
	}
	for _, s := range now.Standings {
		was, ok := before.Standing(s.Department)
		a, aOK := now.Score(s.Department)
		b, bOK := before.Score(s.Department)
		if !ok || !aOK || !bOK || !a.Total.Scored || !b.Total.Scored {
			continue
		}
		p, tested := normalTest(a.Total.Score-b.Total.Score, spread(s.Data.Score), spread(was.Data.Score))
		book.add(TotalScore, s.Department, a.Total.Score, b.Total.Score, p, tested && !joined[s.Department])
	}
	return book.corrected()
}

// CompareMedian tests every figure of a month against the median of the departments. Both sides are uncertain: the
// department by its own interval, the median by the order statistics of the departments (McKean and Schrader 1984);
// the difference is held against both (Welch's test, the normal one for proportions and scores). Fewer than six
// departments with a figure have no median worth a comparison.
func CompareMedian(m *Month) ([]Comparison, error) {
	figures := map[string][]float64{}
	for _, v := range m.Values {
		if v.DataKind == "" && v.Department != City && v.Value != nil {
			figures[v.Indicator] = append(figures[v.Indicator], *v.Value)
		}
	}
	for _, r := range m.Scores {
		if r.Total.Scored {
			figures[TotalScore] = append(figures[TotalScore], r.Total.Score)
		}
	}
	medians := map[string]stats.MeanSummary{}
	for id, xs := range figures {
		if len(xs) < leastForMedian {
			continue
		}
		median, err := medianOf(xs)
		if err != nil {
			return nil, err
		}
		medians[id] = median
	}
	book := m.comparisons(AgainstMedian)
	for _, v := range m.Values {
		median, ok := medians[v.Indicator]
		if !ok || v.DataKind != "" || v.Department == City || v.Value == nil {
			continue
		}
		p, tested, err := testAgainst(v, median)
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", v.Indicator, v.Department, err)
		}
		book.add(v.Indicator, v.Department, *v.Value, median.Mean, p, tested)
	}
	for _, s := range m.Standings {
		r, ok := m.Score(s.Department)
		median, has := medians[TotalScore]
		if !ok || !has || !r.Total.Scored {
			continue
		}
		p, tested := normalTest(r.Total.Score-median.Mean, spread(s.Data.Score), standardError(median))
		book.add(TotalScore, s.Department, r.Total.Score, median.Mean, p, tested)
	}
	return book.corrected()
}

// leastForMedian is the number of departments below which their median has no interval at 95 %.
const leastForMedian = 6

// medianOf is the median of departments with its standard error, in the form of a mean.
func medianOf(xs []float64) (stats.MeanSummary, error) {
	median, err := stats.Median(xs)
	if err != nil {
		return stats.MeanSummary{}, err
	}
	i, err := stats.MedianInterval(xs, .95)
	if err != nil {
		return stats.MeanSummary{}, err
	}
	n := float64(len(xs))
	return stats.MeanSummary{N: int64(len(xs)), Mean: median, StandardDeviation: i.Width() / (2 * z95) * math.Sqrt(n)}, nil
}

func standardError(s stats.MeanSummary) float64 { return s.StandardDeviation / math.Sqrt(float64(s.N)) }

// comparisonBook collects comparisons and corrects their tests together.
type comparisonBook struct {
	against Against
	better  map[string]int // indicator → +1 higher is better, −1 lower is better
	list    []Comparison
}

func (m *Month) comparisons(against Against) *comparisonBook {
	b := &comparisonBook{against: against, better: map[string]int{TotalScore: 1}}
	if m.Scheme == nil {
		return b
	}
	for _, i := range m.Scheme.Indicators {
		switch i.Rule.Kind {
		case scoring.Reverse:
			b.better[i.ID] = -1
		case scoring.Positive, scoring.Qualitative:
			b.better[i.ID] = 1
		}
	}
	return b
}

func (b *comparisonBook) add(indicator, department string, value, reference, p float64, tested bool) {
	c := Comparison{Indicator: indicator, Department: department, Against: b.against, Value: value, Reference: reference, Difference: value - reference, Verdict: Untested}
	switch {
	case c.Difference > 0:
		c.Better = b.better[indicator]
	case c.Difference < 0:
		c.Better = -b.better[indicator]
	}
	if tested {
		c.P, c.Verdict = p, Unchanged
	}
	b.list = append(b.list, c)
}

// corrected fills Q and the verdicts. The order is that of indicator and department.
func (b *comparisonBook) corrected() ([]Comparison, error) {
	slices.SortStableFunc(b.list, func(x, y Comparison) int {
		return slices.Compare([]string{x.Indicator, x.Department}, []string{y.Indicator, y.Department})
	})
	var at []int
	var p []float64
	for i, c := range b.list {
		if c.Verdict != Untested {
			at, p = append(at, i), append(p, c.P)
		}
	}
	q, err := stats.BenjaminiHochberg(p)
	if err != nil {
		return nil, err
	}
	for k, i := range at {
		c := &b.list[i]
		c.Q = q[k]
		if c.Q >= FalseDiscoveryRate {
			continue
		}
		c.Verdict = Higher
		if c.Difference < 0 {
			c.Verdict = Lower
		}
	}
	return b.list, nil
}

// testValues is the test between two months that belongs to the kind of the figures.
func testValues(was, is Value) (p float64, tested bool, err error) {
	if was.Method != is.Method || is.Version != was.Version {
		return 0, false, nil
	}
	switch is.Method {
	case Wilson:
		x1, n1 := counts(was)
		x2, n2 := counts(is)
		c, err := stats.TwoProportions(x1, n1, x2, n2, .95)
		return c.P, err == nil, err
	case Garwood:
		c, err := stats.TwoCounts(int64(*was.Value), 1, int64(*is.Value), 1, .95)
		return c.P, err == nil, err
	case Student, RatioTotals, OrderStats, KaplanMeier:
		c, err := stats.TwoMeans(summary(was), summary(is), .95)
		if errors.Is(err, stats.ErrNoData) {
			return 0, false, nil
		}
		return c.P, err == nil, err
	}
	return 0, false, nil
}

// testAgainst is the test against the median of the departments.
func testAgainst(v Value, median stats.MeanSummary) (p float64, tested bool, err error) {
	switch v.Method {
	case Wilson, Garwood:
		// The half of the interval that points to the median tells how far it lies in standard errors; a rate of 100 %
		// has one too.
		half := *v.High - *v.Value
		if median.Mean < *v.Value {
			half = *v.Value - *v.Low
		}
		p, tested := normalTest(*v.Value-median.Mean, half/z95, standardError(median))
		return p, tested, nil
	case Student, RatioTotals, OrderStats, KaplanMeier:
		c, err := stats.TwoMeans(median, summary(v), .95)
		if errors.Is(err, stats.ErrNoData) {
			return 0, false, nil
		}
		return c.P, err == nil, err
	}
	return 0, false, nil
}

// counts are the cases of a proportion, whose frozen numbers are whole.
func counts(v Value) (x, n int64) { return int64(*v.Numerator), int64(*v.Denominator) }

// summary restates a figure with a standard error as a mean over its cases.
func summary(v Value) stats.MeanSummary {
	return stats.MeanSummary{N: *v.Cases, Mean: *v.Value, StandardDeviation: *v.StandardError * math.Sqrt(float64(*v.Cases))}
}

// spread is the standard deviation that a normal distribution with this central 95 % has.
func spread(r scoring.Range) float64 { return (r.High - r.Low) / (2 * z95) }

// z95 is the standard normal quantile that leaves 2.5 % above it.
const z95 = 1.959963984540054

// normalTest is the two-sided test of a difference of two figures with known standard deviations; without any spread
// there is none.
func normalTest(difference, a, b float64) (p float64, tested bool) {
	sd := math.Hypot(a, b)
	if sd == 0 {
		return 0, false
	}
	return math.Erfc(math.Abs(difference/sd) / math.Sqrt2), true
}
