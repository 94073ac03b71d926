package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// MeanInterval is Student's interval of a mean, x̄ ± t(n−1)·s/√n. It needs two
// values; zero spread gives a width of 0.
//
// Student (1908), The probable error of a mean, Biometrika 6, 1-25.
func MeanInterval(xs []float64, confidence float64) (Interval, error) {
	if err := checkConfidence(confidence); err != nil {
		return Interval{}, err
	}
	if err := checkSample(xs, 2); err != nil {
		return Interval{}, err
	}
	n := float64(len(xs))
	mean, sd := stat.MeanStdDev(xs, nil)
	half := studentQuantile(n-1, confidence) * sd / math.Sqrt(n)
	if !isFinite(mean) || !isFinite(half) {
		return Interval{}, invalid("mean overflows")
	}
	return Interval{mean - half, mean + half, confidence}, nil
}

func studentQuantile(df, confidence float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(1 - (1-confidence)/2)
}

// MedianInterval is the distribution-free interval of a median between the
// order statistics k and n−k+1, with the largest k for which
// P(Binomial(n, ½) < k) ≤ (1−confidence)/2. With fewer than six values no such
// interval exists at 95 %: ErrNoData says how many are needed.
//
// Conover, W. J. (1999), Practical Nonparametric Statistics, 3rd ed., 3.2.
func MedianInterval(xs []float64, confidence float64) (Interval, error) {
	if err := checkConfidence(confidence); err != nil {
		return Interval{}, err
	}
	if err := checkSample(xs, 1); err != nil {
		return Interval{}, err
	}
	tail := (1 - confidence) / 2
	if need := int(math.Ceil(math.Log2(1/tail) - 1e-9)); len(xs) < need {
		return Interval{}, noData("%d values, an interval of the median at %g %% needs %d", len(xs), 100*confidence, need)
	}
	s := slices.Clone(xs)
	slices.Sort(s)
	b := distuv.Binomial{N: float64(len(s)), P: .5}
	k := 1
	for k < (len(s)+1)/2 && b.CDF(float64(k)) <= tail {
		k++
	}
	return Interval{s[k-1], s[len(s)-k], confidence}, nil
}

// CountInterval is Garwood's exact interval of a Poisson count,
// [χ²(α/2; 2x)/2, χ²(1−α/2; 2x+2)/2], with 0 as the low limit for x = 0.
//
// Garwood, F. (1936), Fiducial limits for the Poisson distribution,
// Biometrika 28, 437-442.
func CountInterval(count int64, confidence float64) (Interval, error) {
	if err := checkConfidence(confidence); err != nil {
		return Interval{}, err
	}
	if count < 0 {
		return Interval{}, invalid("count %d is negative", count)
	}
	alpha, x := 1-confidence, float64(count)
	iv := Interval{Confidence: confidence, High: distuv.ChiSquared{K: 2*x + 2}.Quantile(1-alpha/2) / 2}
	if count > 0 {
		iv.Low = distuv.ChiSquared{K: 2 * x}.Quantile(alpha/2) / 2
	}
	return iv, nil
}

// RatioInterval is the interval of a ratio of totals r = Σy/Σx over n pairs by
// linearisation, r ± t(n−1)·√(n/(n−1)·Σ(y−r·x)²)/|Σx|. It needs two pairs and
// Σx other than 0.
//
// Cochran, W. G. (1977), Sampling Techniques, 3rd ed., 2.11 (without the
// finite population correction).
func RatioInterval(numerators, denominators []float64, confidence float64) (ratio float64, iv Interval, err error) {
	if err := checkConfidence(confidence); err != nil {
		return 0, Interval{}, err
	}
	if len(numerators) != len(denominators) {
		return 0, Interval{}, invalid("%d numerators and %d denominators", len(numerators), len(denominators))
	}
	if err := checkSample(numerators, 2); err != nil {
		return 0, Interval{}, err
	}
	if err := checkFinite("denominators", denominators); err != nil {
		return 0, Interval{}, err
	}
	var sy, sx float64
	for i := range numerators {
		sy, sx = sy+numerators[i], sx+denominators[i]
	}
	if sx == 0 {
		return 0, Interval{}, noData("denominators sum to 0")
	}
	ratio = sy / sx
	var ss float64
	for i := range numerators {
		d := numerators[i] - ratio*denominators[i]
		ss += d * d
	}
	n := float64(len(numerators))
	half := studentQuantile(n-1, confidence) * math.Sqrt(n/(n-1)*ss) / math.Abs(sx)
	if !isFinite(ratio) || !isFinite(half) {
		return 0, Interval{}, invalid("ratio overflows")
	}
	return ratio, Interval{ratio - half, ratio + half, confidence}, nil
}
