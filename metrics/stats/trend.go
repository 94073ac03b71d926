package stats

import (
	"cmp"
	"math"
	"slices"
)

// Trend is the outcome of a Mann-Kendall test with Theil-Sen slope.
type Trend struct {
	N         int      `json:"n"`
	S         int      `json:"s"`          // rising minus falling pairs
	VarianceS float64  `json:"variance_s"` // corrected for ties
	Z         float64  `json:"z"`          // continuity-corrected; 0 for S = 0
	P         float64  `json:"p"`          // two-sided
	Exact     bool     `json:"exact"`      // P from the exact distribution of S
	Tau       float64  `json:"tau"`        // τ_b of value against time, 0 if constant
	Slope     float64  `json:"slope"`      // per unit of time
	Interval  Interval `json:"interval"`   // of the slope
	Intercept float64  `json:"intercept"`  // median of value − slope·time
}

// exactTrendLimit is the number of points up to which, without ties, p comes
// from the exact distribution of S, as in Gilbert's tables.
const exactTrendLimit = 10

// MannKendall tests a series for a monotonic trend and estimates its slope.
// Times are distinct and in any unit, values finite; points may be missing
// between them. Fewer than four points give ErrNoData: no arrangement of three
// is significant at 5 %.
//
//	S = Σ sgn(xⱼ−xᵢ), j later than i
//	Var S = (n(n−1)(2n+5) − Σt(t−1)(2t+5)) / 18 over groups of t equal values
//	z = (S ∓ 1)/√Var S
//	slope = median of (xⱼ−xᵢ)/(tⱼ−tᵢ)
//
// A constant series has S = 0, z = 0, p = 1, slope 0.
//
// Mann, H. B. (1945), Econometrica 13, 245-259; Kendall, M. G. (1975), Rank
// Correlation Methods; Sen, P. K. (1968), JASA 63, 1379-1389; interval of the
// slope as in Gilbert, R. O. (1987), Statistical Methods for Environmental
// Pollution Monitoring, 16.5.
func MannKendall(times, values []float64, confidence float64) (Trend, error) {
	if err := checkConfidence(confidence); err != nil {
		return Trend{}, err
	}
	if err := checkPairs(times, values, 4); err != nil {
		return Trend{}, err
	}
	t, x := sortedByTime(times, values)
	n := len(x)
	tr := Trend{N: n}
	slopes := make([]float64, 0, n*(n-1)/2)
	for i := range n {
		for j := i + 1; j < n; j++ {
			if t[i] == t[j] {
				return Trend{}, invalid("time %v appears twice", t[i])
			}
			tr.S += cmp.Compare(x[j], x[i])
			slopes = append(slopes, (x[j]-x[i])/(t[j]-t[i]))
		}
	}
	if err := checkFinite("slopes", slopes); err != nil {
		return Trend{}, err
	}
	ties := tieSizes(x)
	cube := func(t float64) float64 { return t * (t - 1) * (2*t + 5) }
	tr.VarianceS = (cube(float64(n)) - sumOver(ties, cube)) / 18
	tr.P = 1
	if tr.VarianceS > 0 {
		tr.Z = float64(tr.S-cmp.Compare(tr.S, 0)) / math.Sqrt(tr.VarianceS)
		tr.P = normalTwoSided(tr.Z)
		n0 := float64(n*(n-1)) / 2
		tied := sumOver(ties, func(t float64) float64 { return t * (t - 1) / 2 })
		tr.Tau = float64(tr.S) / math.Sqrt(n0*(n0-tied))
	}
	if len(ties) == n && n <= exactTrendLimit {
		tr.Exact = true
		tr.P = exactTrendP(n, tr.S)
	}
	tr.Slope, tr.Interval = senSlope(slopes, tr.VarianceS, confidence)
	rest := make([]float64, n)
	for i := range rest {
		rest[i] = x[i] - tr.Slope*t[i]
	}
	var err error
	tr.Intercept, err = Median(rest)
	return tr, err
}

func sortedByTime(times, values []float64) (t, x []float64) {
	order := make([]int, len(times))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(times[i], times[j]) })
	for _, i := range order {
		t, x = append(t, times[i]), append(x, values[i])
	}
	return t, x
}

// senSlope returns the median slope and the slopes of rank (N−C)/2 and
// (N+C)/2+1, C = z·√Var S, rounded outwards.
func senSlope(slopes []float64, variance, confidence float64) (float64, Interval) {
	slices.Sort(slopes)
	n := len(slopes)
	c := zTwoSided(confidence) * math.Sqrt(variance)
	low := int(math.Floor((float64(n) - c) / 2))
	high := int(math.Ceil((float64(n)+c)/2)) + 1
	return quantileSorted(slopes, .5), Interval{slopes[max(low, 1)-1], slopes[min(high, n)-1], confidence}
}

// exactTrendP is P(|S| ≥ |s|) when all n! orders are equally likely. The
// number of orders with k falling pairs satisfies
// c(n, k) = Σ c(n−1, k−i), i = 0 … n−1.
func exactTrendP(n, s int) float64 {
	counts := []float64{1}
	for m := 2; m <= n; m++ {
		next := make([]float64, m*(m-1)/2+1)
		for k, c := range counts {
			for i := range m {
				next[k+i] += c
			}
		}
		counts = next
	}
	var all, extreme float64
	pairs := n * (n - 1) / 2
	for falling, c := range counts {
		all += c
		if d := pairs - 2*falling; max(d, -d) >= max(s, -s) {
			extreme += c
		}
	}
	return extreme / all
}
