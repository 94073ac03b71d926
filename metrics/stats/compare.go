package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Comparison is the outcome of a test between two figures.
type Comparison struct {
	Difference float64  `json:"difference"` // second minus first
	Interval   Interval `json:"interval"`   // of the difference
	Z          float64  `json:"z"`          // 0 when the test is exact
	P          float64  `json:"p"`          // two-sided
	Exact      bool     `json:"exact"`
}

// TwoProportions tests whether the second proportion differs from the first.
//
// The interval of the difference is Newcombe's hybrid score interval. The
// p-value is that of the pooled z-test, z = (p₂−p₁)/√(p(1−p)(1/n₁+1/n₂)); where
// an expected count is below 5 it is Fisher's exact test instead. Two
// proportions that are both 0 or both 1 give p = 1.
//
// Newcombe, R. G. (1998), Interval estimation for the difference between
// independent proportions, Statistics in Medicine 17, 873-890, method 10.
func TwoProportions(x1, n1, x2, n2 int64, confidence float64) (Comparison, error) {
	w1, err := Wilson(x1, n1, confidence)
	if err != nil {
		return Comparison{}, err
	}
	w2, err := Wilson(x2, n2, confidence)
	if err != nil {
		return Comparison{}, err
	}
	p1, p2 := float64(x1)/float64(n1), float64(x2)/float64(n2)
	c := Comparison{Difference: p2 - p1, P: 1}
	c.Interval = Interval{
		Low:        c.Difference - math.Hypot(p2-w2.Low, w1.High-p1),
		High:       c.Difference + math.Hypot(w2.High-p2, p1-w1.Low),
		Confidence: confidence,
	}
	pooled := float64(x1+x2) / float64(n1+n2)
	least := math.Min(float64(n1), float64(n2)) * math.Min(pooled, 1-pooled)
	switch {
	case pooled == 0 || pooled == 1:
	case least < 5:
		c.Exact = true
		c.P = fisherTwoSided(x1, n1, x2, n2)
	default:
		c.Z = c.Difference / math.Sqrt(pooled*(1-pooled)*(1/float64(n1)+1/float64(n2)))
		c.P = normalTwoSided(c.Z)
	}
	return c, nil
}

// fisherTwoSided sums the probabilities of all tables with the same margins
// that are no more likely than the one observed.
func fisherTwoSided(x1, n1, x2, n2 int64) float64 {
	k, n := x1+x2, n1+n2
	logP := func(x int64) float64 {
		return logChoose(n1, x) + logChoose(n2, k-x) - logChoose(n, k)
	}
	var tables []float64
	for x := max(0, k-n2); x <= min(k, n1); x++ {
		tables = append(tables, logP(x))
	}
	return sumNoLikelier(tables, logP(x1))
}

// sumNoLikelier adds the probabilities not above the observed one. The
// tolerance keeps equal probabilities equal despite rounding, as R does.
func sumNoLikelier(logs []float64, observed float64) float64 {
	slices.Sort(logs) // small first, for accuracy
	var p float64
	for _, l := range logs {
		if l <= observed+1e-7 {
			p += math.Exp(l)
		}
	}
	return math.Min(p, 1)
}

func logChoose(n, k int64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

func normalTwoSided(z float64) float64 {
	return math.Min(1, math.Erfc(math.Abs(z)/math.Sqrt2))
}

// BinomialTest is the exact two-sided p-value of x successes in n cases
// against the proportion p0: the sum over all counts no more likely than x.
// It answers "does this department differ from the median department?". With
// more than 20,000 cases the score test takes its place, which then agrees.
//
// Conover (1999), 3.1.
func BinomialTest(successes, n int64, p0 float64) (float64, error) {
	if err := checkProportion(successes, n, .5); err != nil {
		return 0, err
	}
	if !(p0 >= 0 && p0 <= 1) {
		return 0, invalid("proportion %v, want 0 to 1", p0)
	}
	switch {
	case p0 == 0 || p0 == 1:
		if float64(successes) == p0*float64(n) {
			return 1, nil
		}
		return 0, nil
	case n > 20000:
		nf := float64(n)
		return normalTwoSided((float64(successes) - nf*p0) / math.Sqrt(nf*p0*(1-p0))), nil
	}
	logs := make([]float64, n+1)
	for k := range logs {
		logs[k] = logChoose(n, int64(k)) + float64(k)*math.Log(p0) + float64(n-int64(k))*math.Log1p(-p0)
	}
	return sumNoLikelier(logs, logs[successes]), nil
}

// TwoCounts tests whether two Poisson counts over the given exposures (days,
// departments, hours) have the same rate: given their sum, the first is
// binomial with proportion e₁/(e₁+e₂). P is exact; Difference is the second
// rate minus the first. Two counts of 0 give p = 1.
//
// Przyborowski, J. and Wilenski, H. (1940), Homogeneity of results in testing
// samples from Poisson series, Biometrika 31, 313-323.
func TwoCounts(count1 int64, exposure1 float64, count2 int64, exposure2 float64, confidence float64) (Comparison, error) {
	if err := checkConfidence(confidence); err != nil {
		return Comparison{}, err
	}
	if count1 < 0 || count2 < 0 || !isFinite(exposure1) || !isFinite(exposure2) || exposure1 <= 0 || exposure2 <= 0 {
		return Comparison{}, invalid("counts %d and %d over exposures %v and %v", count1, count2, exposure1, exposure2)
	}
	i1, err := CountInterval(count1, confidence)
	if err != nil {
		return Comparison{}, err
	}
	i2, err := CountInterval(count2, confidence)
	if err != nil {
		return Comparison{}, err
	}
	r1, r2 := float64(count1)/exposure1, float64(count2)/exposure2
	c := Comparison{Difference: r2 - r1, P: 1, Exact: true}
	c.Interval = Interval{ // the same combination of separate limits as for proportions
		Low:        c.Difference - math.Hypot(r2-i2.Low/exposure2, i1.High/exposure1-r1),
		High:       c.Difference + math.Hypot(i2.High/exposure2-r2, r1-i1.Low/exposure1),
		Confidence: confidence,
	}
	if count1+count2 > 0 {
		c.P, err = BinomialTest(count1, count1+count2, exposure1/(exposure1+exposure2))
	}
	return c, err
}

// MeanSummary describes a sample by its size, mean and standard deviation.
type MeanSummary struct {
	N                 int64
	Mean              float64
	StandardDeviation float64 // sample, n−1
}

// TwoMeans is Welch's test between two means; variances may differ. Both
// samples need two values. Where neither varies the means are compared as they
// stand: p is 1 if equal, else 0.
//
// Welch, B. L. (1947), The generalization of Student's problem when several
// different population variances are involved, Biometrika 34, 28-35.
func TwoMeans(a, b MeanSummary, confidence float64) (Comparison, error) {
	if err := checkConfidence(confidence); err != nil {
		return Comparison{}, err
	}
	for _, s := range []MeanSummary{a, b} {
		if s.N < 2 {
			return Comparison{}, noData("%d values, a comparison of means needs 2 on each side", s.N)
		}
		if !isFinite(s.Mean) || !isFinite(s.StandardDeviation) || s.StandardDeviation < 0 {
			return Comparison{}, invalid("mean %v with standard deviation %v", s.Mean, s.StandardDeviation)
		}
	}
	va, vb := a.StandardDeviation*a.StandardDeviation/float64(a.N), b.StandardDeviation*b.StandardDeviation/float64(b.N)
	c := Comparison{Difference: b.Mean - a.Mean}
	if va+vb == 0 {
		c.Interval = Interval{c.Difference, c.Difference, confidence}
		if c.Difference == 0 {
			c.P = 1
		}
		return c, nil
	}
	df := (va + vb) * (va + vb) / (va*va/float64(a.N-1) + vb*vb/float64(b.N-1))
	if !isFinite(df) || !isFinite(c.Difference) {
		return Comparison{}, invalid("variance overflows or vanishes")
	}
	t := c.Difference / math.Sqrt(va+vb)
	c.Z = t
	c.P = 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.CDF(-math.Abs(t))
	half := studentQuantile(df, confidence) * math.Sqrt(va+vb)
	c.Interval = Interval{c.Difference - half, c.Difference + half, confidence}
	return c, nil
}
