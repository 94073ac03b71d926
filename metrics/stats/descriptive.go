package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Mean is the arithmetic mean. An empty sample gives ErrNoData.
func Mean(xs []float64) (float64, error) {
	if err := checkSample(xs, 1); err != nil {
		return 0, err
	}
	return finiteResult("mean", stat.Mean(xs, nil))
}

// StandardDeviation is the sample standard deviation, with n−1. Fewer than two
// values give ErrNoData.
func StandardDeviation(xs []float64) (float64, error) {
	if err := checkSample(xs, 2); err != nil {
		return 0, err
	}
	return finiteResult("standard deviation", stat.StdDev(xs, nil))
}

// Median is Quantile(xs, 0.5).
func Median(xs []float64) (float64, error) { return Quantile(xs, .5) }

// Quantile is the sample quantile of Hyndman and Fan's type 7, the default of
// R, NumPy and spreadsheets: with h = (n−1)p, linear between the order
// statistics ⌊h⌋+1 and ⌊h⌋+2. p = 0 is the minimum, p = 1 the maximum.
//
// Hyndman, R. J. and Fan, Y. (1996), Sample quantiles in statistical packages,
// The American Statistician 50, 361-365.
func Quantile(xs []float64, p float64) (float64, error) {
	if err := checkSample(xs, 1); err != nil {
		return 0, err
	}
	if !(p >= 0 && p <= 1) {
		return 0, invalid("quantile %v, want 0 to 1", p)
	}
	s := slices.Clone(xs)
	slices.Sort(s)
	return quantileSorted(s, p), nil
}

// quantileSorted is Quantile of a sorted, non-empty sample.
func quantileSorted(s []float64, p float64) float64 {
	h := float64(len(s)-1) * p
	i := int(math.Floor(h))
	if i+1 >= len(s) {
		return s[len(s)-1]
	}
	// Weighted, not a difference, so that extreme values cannot overflow.
	f := h - float64(i)
	return s[i]*(1-f) + s[i+1]*f
}

// QuantileNearestRank is the smallest value whose cumulative count reaches
// ⌈p·n⌉; it is always a value that occurred. p = 0 is the minimum.
func QuantileNearestRank(xs []float64, p float64) (float64, error) {
	if err := checkSample(xs, 1); err != nil {
		return 0, err
	}
	if !(p >= 0 && p <= 1) {
		return 0, invalid("quantile %v, want 0 to 1", p)
	}
	s := slices.Clone(xs)
	slices.Sort(s)
	// 1e-9 keeps products such as 0.07·100 = 7.000000000000001 at their rank.
	k := int(math.Ceil(p*float64(len(s)) - 1e-9))
	return s[max(k, 1)-1], nil
}

// MedianAbsoluteDeviation is the median of |x − median|, not scaled. Times
// 1.4826 it estimates the standard deviation of a normal sample.
func MedianAbsoluteDeviation(xs []float64) (float64, error) {
	m, err := Median(xs)
	if err != nil {
		return 0, err
	}
	d := make([]float64, len(xs))
	for i, x := range xs {
		d[i] = math.Abs(x - m)
	}
	return Median(d)
}

func checkSample(xs []float64, least int) error {
	if len(xs) < least {
		return noData("%d values, want at least %d", len(xs), least)
	}
	return checkFinite("values", xs)
}

// finiteResult turns an overflow into a refusal.
func finiteResult(name string, x float64) (float64, error) {
	if !isFinite(x) {
		return 0, invalid("%s overflows", name)
	}
	return x, nil
}
