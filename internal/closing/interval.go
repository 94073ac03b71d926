package closing

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"weir/internal/evaluate"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/metrics/stats"
	"weir/metrics/survival"
	"weir/queries/page"
)

// confidence of every interval.
const confidence = 0.95

// caseBook holds the single cases of one indicator.
type caseBook struct {
	form    evaluate.CaseForm
	byKind  map[[2]string][]evaluate.Case // department and kind of data
	overall map[string][]evaluate.Case    // department, metrics.City for all
}

// cases reads the single cases of a page. The city's are those of the departments that have a value, or all where the
// page's own query gives the total.
func cases(ctx context.Context, session *evaluate.Session, p *page.Indicator, r *evaluate.Result) (*caseBook, error) {
	if p.Cases.Text == "" || !r.Measured {
		return &caseBook{}, nil
	}
	form, list, err := session.Cases(ctx, p)
	if err != nil {
		return nil, err
	}
	b := &caseBook{form: form, byKind: map[[2]string][]evaluate.Case{}, overall: map[string][]evaluate.Case{}}
	valued := map[string]bool{}
	for _, row := range r.Rows {
		if row.DataKind == "" && row.State == scoring.HasValue {
			valued[row.DepartmentID] = true
		}
	}
	for _, c := range list {
		if valued[c.DepartmentID] || p.Total == page.TotalQuery {
			b.overall[metrics.City] = append(b.overall[metrics.City], c)
		}
		if !valued[c.DepartmentID] {
			continue
		}
		kind := [2]string{c.DepartmentID, c.DataKind}
		if c.DataKind == "" {
			kind[1] = evaluate.Unclassified
		}
		b.byKind[kind] = append(b.byKind[kind], c)
		b.overall[c.DepartmentID] = append(b.overall[c.DepartmentID], c)
	}
	return b, nil
}

// of gives the cases of a row.
func (b *caseBook) of(row evaluate.Row) []evaluate.Case {
	if row.DataKind == "" {
		return b.overall[row.DepartmentID]
	}
	return b.byKind[[2]string{row.DepartmentID, row.DataKind}]
}

// interval is what the cases or counts of a figure say of its uncertainty.
type interval struct {
	estimate  float64 // of the figure itself, from the cases
	low, high float64
	most      float64 // highest value that the figure can take
	se        float64
	cases     int64
	method    metrics.IntervalMethod
}

// errNoInterval says that no honest interval exists: too few cases, no spread, a limit that the data do not bound.
var errNoInterval = errors.New("no interval")

// addInterval gives a value the interval that belongs to its kind: from single cases where the page lists them,
// Wilson's for a proportion of counted cases, else none. Cases that do not lead to the value itself, as those of
// an open median do, say nothing about it.
func addInterval(v *frozenValue, p *page.Indicator, row evaluate.Row, book *caseBook) error {
	if v.State != scoring.HasValue || v.Value.Value == nil {
		return nil
	}
	if book.form == "" {
		return addWilson(v, p, row)
	}
	i, err := fromCases(p, book.form, book.of(row))
	if errors.Is(err, errNoInterval) || errors.Is(err, stats.ErrNoData) {
		return nil
	}
	if err != nil {
		return err
	}
	value := *v.Value.Value
	if math.Abs(i.estimate-value) > 1e-9*math.Max(1, math.Abs(value)) {
		return nil
	}
	i.low, i.high = math.Max(i.low, 0), math.Min(i.high, i.most)
	v.Low, v.High, v.StandardError, v.Cases, v.Method = &i.low, &i.high, &i.se, &i.cases, i.method
	return nil
}

func addWilson(v *frozenValue, p *page.Indicator, row evaluate.Row) error {
	if p.Kind != page.Proportion || row.Numerator == nil || !row.Numerator.IsInt() || !row.Denominator.IsInt() ||
		!row.Numerator.Num().IsInt64() || !row.Denominator.Num().IsInt64() {
		return nil
	}
	i, err := stats.Wilson(row.Numerator.Num().Int64(), row.Denominator.Num().Int64(), confidence)
	if errors.Is(err, stats.ErrNoData) {
		return nil
	}
	if err != nil {
		return err
	}
	low, high := 100*i.Low, 100*i.High
	v.Low, v.High, v.Method = &low, &high, metrics.Wilson
	return nil
}

func fromCases(p *page.Indicator, form evaluate.CaseForm, list []evaluate.Case) (interval, error) {
	switch {
	case form == evaluate.DurationCases:
		return fromDurations(list)
	case form == evaluate.QuotientCases:
		return fromQuotients(list, factor(p))
	case form == evaluate.StratumCases:
		return fromStrata(list, factor(p))
	case form == evaluate.ProductCases:
		return fromProducts(list, factor(p))
	case p.Kind == page.Count:
		return fromCount(int64(len(list)))
	case p.Kind == page.Median:
		return fromMedian(figures(list))
	default:
		return fromMean(figures(list))
	}
}

func figures(list []evaluate.Case) []float64 {
	xs := make([]float64, len(list))
	for i, c := range list {
		xs[i] = c.Value
	}
	return xs
}

// fromMean is Student's interval. Cases that are all alike tell nothing about their spread.
func fromMean(xs []float64) (interval, error) {
	i, err := stats.MeanInterval(xs, confidence)
	if err != nil {
		return interval{}, err
	}
	mean, err := stats.Mean(xs)
	if err != nil {
		return interval{}, err
	}
	return symmetric(mean, i, math.Inf(1), len(xs), metrics.Student)
}

// fromQuotients is the interval of a ratio of totals, in the unit of the page.
func fromQuotients(list []evaluate.Case, factor float64) (interval, error) {
	numerators, denominators := make([]float64, len(list)), make([]float64, len(list))
	for i, c := range list {
		numerators[i], denominators[i] = factor*c.Value, c.Denominator
	}
	ratio, i, err := stats.RatioInterval(numerators, denominators, confidence)
	if err != nil {
		return interval{}, err
	}
	return symmetric(ratio, i, most(list, factor), len(list), metrics.RatioTotals)
}

// most is the highest value of a ratio: 1 in the unit of the page where every case is a part of a whole.
func most(list []evaluate.Case, factor float64) float64 {
	for _, c := range list {
		if c.Value > c.Denominator || c.Value2 > c.Denominator2 {
			return math.Inf(1)
		}
	}
	return factor
}

// fromStrata is the interval of a mean of ratios, each over its own cases: the variances add, with the degrees of
// freedom of Satterthwaite, F. E. (1946), Biometrics Bulletin 2, 110-114. A ratio over a single case has no variance,
// and so has the mean.
func fromStrata(list []evaluate.Case, factor float64) (interval, error) {
	strata := map[string][]evaluate.Case{}
	for _, c := range list {
		strata[c.Stratum] = append(strata[c.Stratum], c)
	}
	h := float64(len(strata))
	var sum, variance, quartic float64
	for _, name := range slices.Sorted(maps.Keys(strata)) {
		part, err := fromQuotients(strata[name], factor)
		if errors.Is(err, errNoInterval) { // all its cases are alike
			part.se, err = 0, nil
		}
		if err != nil {
			return interval{}, err
		}
		sum += part.estimate
		variance += part.se * part.se / (h * h)
		quartic += math.Pow(part.se/h, 4) / (float64(len(strata[name])) - 1)
	}
	if variance == 0 || quartic == 0 || math.IsInf(variance*variance, 0) || math.IsInf(quartic, 0) {
		return interval{}, errNoInterval // no spread, or numbers too large for floating point
	}
	se, df := math.Sqrt(variance), variance*variance/quartic
	half := se * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(1-(1-confidence)/2)
	return interval{estimate: sum / h, low: sum/h - half, high: sum/h + half, most: most(list, factor), se: se, cases: int64(math.Floor(df)) + 1, method: metrics.RatioTotals}, nil
}

// fromProducts is the interval of a product of two ratios of totals over the same cases, linearised as in
// stats.RatioInterval: a case contributes s·(y−r·x)/Σx + r·(v−s·w)/Σw (Cochran 1977, 2.11 and 6.21).
func fromProducts(list []evaluate.Case, factor float64) (interval, error) {
	n := float64(len(list))
	var y, x, v, w float64
	for _, c := range list {
		y, x, v, w = y+c.Value, x+c.Denominator, v+c.Value2, w+c.Denominator2
	}
	if len(list) < 2 || x == 0 || w == 0 {
		return interval{}, errNoInterval
	}
	r, s, squares := y/x, v/w, 0.0
	for _, c := range list {
		d := s*(c.Value-r*c.Denominator)/x + r*(c.Value2-s*c.Denominator2)/w
		squares += d * d
	}
	if squares == 0 {
		return interval{}, errNoInterval
	}
	se := factor * math.Sqrt(n/(n-1)*squares)
	if math.IsNaN(se) || math.IsInf(se, 0) || math.IsInf(r*s, 0) {
		return interval{}, errNoInterval // numbers too large for floating point
	}
	half := se * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(1-(1-confidence)/2)
	return interval{estimate: factor * r * s, low: factor*r*s - half, high: factor*r*s + half, most: most(list, factor), se: se, cases: int64(len(list)), method: metrics.RatioTotals}, nil
}

// symmetric turns an interval x ± t(n−1)·se into one with its standard error.
func symmetric(estimate float64, i stats.Interval, most float64, n int, method metrics.IntervalMethod) (interval, error) {
	if i.Width() == 0 {
		return interval{estimate: estimate}, errNoInterval
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}.Quantile(1 - (1-confidence)/2)
	return interval{estimate: estimate, low: i.Low, high: i.High, most: most, se: i.Width() / (2 * t), cases: int64(n), method: method}, nil
}

// fromMedian is the interval between order statistics. Its standard error is that of McKean and Schrader (1984),
// Communications in Statistics – Simulation 13, 751-773: the width of the interval by twice the normal quantile.
func fromMedian(xs []float64) (interval, error) {
	i, err := stats.MedianInterval(xs, confidence)
	if err != nil {
		return interval{}, err
	}
	median, err := stats.Median(xs)
	if err != nil {
		return interval{}, err
	}
	return between(median, i.Low, i.High, len(xs), metrics.OrderStats)
}

// fromDurations is the Kaplan-Meier median between the limits of Brookmeyer and Crowley.
func fromDurations(list []evaluate.Case) (interval, error) {
	cases := make([]survival.Case, len(list))
	for i, c := range list {
		cases[i] = survival.Case{Time: math.Max(0, c.Value), Event: c.Event}
	}
	if len(cases) == 0 {
		return interval{}, errNoInterval
	}
	curve, err := survival.KaplanMeier(cases, survival.Options{Confidence: confidence})
	if err != nil {
		return interval{}, err
	}
	m := curve.Median()
	if m.Time == nil || m.Low == nil || m.High == nil {
		return interval{}, errNoInterval
	}
	return between(*m.Time, *m.Low, *m.High, len(list), metrics.KaplanMeier)
}

func between(estimate, low, high float64, n int, method metrics.IntervalMethod) (interval, error) {
	if low == high {
		return interval{}, errNoInterval
	}
	return interval{estimate: estimate, low: low, high: high, most: math.Inf(1), se: (high - low) / (2 * distuv.UnitNormal.Quantile(1-(1-confidence)/2)), cases: int64(n), method: method}, nil
}

func fromCount(n int64) (interval, error) {
	i, err := stats.CountInterval(n, confidence)
	if err != nil {
		return interval{}, err
	}
	return interval{estimate: float64(n), low: i.Low, high: i.High, most: math.Inf(1), se: math.Sqrt(float64(n)), cases: n, method: metrics.Garwood}, nil
}
