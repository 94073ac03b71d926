package stats

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// BootstrapOptions steers Bootstrap.
type BootstrapOptions struct {
	Draws      int     // 0 = 2000
	Confidence float64 // 0 = 0.95
	Seed       uint64  // the same seed gives the same answer
	Percentile bool    // plain percentile interval instead of BCa
}

// BootstrapResult is an estimate with its resampled uncertainty.
type BootstrapResult struct {
	Estimate      float64  `json:"estimate"`
	StandardError float64  `json:"standard_error"`
	Interval      Interval `json:"interval"`
	Draws         int      `json:"draws"` // draws in which the statistic existed
}

// Bootstrap resamples n units with replacement and recomputes the statistic,
// which gets the drawn indices and says whether it exists for them. The
// interval is bias-corrected and accelerated (BCa), with the acceleration from
// the jackknife, or the plain percentile interval.
//
// n below 2, or a statistic that does not exist for the full sample or for
// more than a tenth of the draws, gives ErrNoData. A statistic that never
// varies gives an interval of width 0.
//
// Efron, B. and Tibshirani, R. J. (1993), An Introduction to the Bootstrap,
// chapters 6, 13 and 14.
func Bootstrap(n int, statistic func(indices []int) (float64, bool), opt BootstrapOptions) (BootstrapResult, error) {
	if opt.Draws == 0 {
		opt.Draws = 2000
	}
	if opt.Confidence == 0 {
		opt.Confidence = .95
	}
	if err := checkConfidence(opt.Confidence); err != nil {
		return BootstrapResult{}, err
	}
	if opt.Draws < 100 || opt.Draws > 10_000_000 {
		return BootstrapResult{}, invalid("%d draws, want 100 to 10,000,000", opt.Draws)
	}
	if n < 2 {
		return BootstrapResult{}, noData("%d units, resampling needs 2", n)
	}
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	estimate, ok := statistic(all)
	if !ok || !isFinite(estimate) {
		return BootstrapResult{}, noData("the statistic does not exist for the sample")
	}
	rng := rand.New(rand.NewPCG(opt.Seed, 0x5745_4952))
	values := make([]float64, 0, opt.Draws)
	idx := make([]int, n)
	for range opt.Draws {
		for i := range idx {
			idx[i] = rng.IntN(n)
		}
		if v, ok := statistic(idx); ok && isFinite(v) {
			values = append(values, v)
		}
	}
	if len(values)*10 < opt.Draws*9 {
		return BootstrapResult{}, noData("the statistic exists in %d of %d resamples only", len(values), opt.Draws)
	}
	slices.Sort(values)
	res := BootstrapResult{Estimate: estimate, StandardError: stat.StdDev(values, nil), Draws: len(values)}
	lo, hi := (1-opt.Confidence)/2, 1-(1-opt.Confidence)/2
	if !opt.Percentile {
		lo, hi = bcaLevels(estimate, values, jackknife(n, statistic), lo, hi)
	}
	res.Interval = Interval{quantileSorted(values, lo), quantileSorted(values, hi), opt.Confidence}
	return res, nil
}

// jackknife recomputes the statistic with each unit left out.
func jackknife(n int, statistic func([]int) (float64, bool)) []float64 {
	var out []float64
	idx := make([]int, 0, n)
	for leave := range n {
		idx = idx[:0]
		for i := range n {
			if i != leave {
				idx = append(idx, i)
			}
		}
		if v, ok := statistic(idx); ok && isFinite(v) {
			out = append(out, v)
		}
	}
	return out
}

// bcaLevels shifts the percentile levels by the bias z₀ and the acceleration a.
func bcaLevels(estimate float64, sorted, jack []float64, lo, hi float64) (float64, float64) {
	var below float64
	for _, v := range sorted {
		switch {
		case v < estimate:
			below++
		case v == estimate:
			below += .5
		}
	}
	share := below / float64(len(sorted))
	if share <= 0 || share >= 1 || len(jack) < 2 {
		return lo, hi
	}
	z0 := distuv.UnitNormal.Quantile(share)
	mean := stat.Mean(jack, nil)
	var cube, square float64
	for _, v := range jack {
		d := mean - v
		cube, square = cube+d*d*d, square+d*d
	}
	var a float64
	if square > 0 {
		a = cube / (6 * math.Pow(square, 1.5))
	}
	level := func(p float64) float64 {
		z := z0 + distuv.UnitNormal.Quantile(p)
		return distuv.UnitNormal.CDF(z0 + z/(1-a*z))
	}
	l, h := level(lo), level(hi)
	if !isFinite(l) || !isFinite(h) || l >= h {
		return lo, hi
	}
	return l, h
}

// PermutationTest is the two-sided p-value of the difference of two means when
// the labels are exchanged at random: (1 + draws with |difference| at least as
// large) / (1 + draws). Each side needs one value. 0 draws mean 10,000.
//
// Phipson, B. and Smyth, G. K. (2010), Permutation p-values should never be
// zero, Statistical Applications in Genetics and Molecular Biology 9, 39.
func PermutationTest(a, b []float64, draws int, seed uint64) (difference, p float64, err error) {
	if err := checkSample(a, 1); err != nil {
		return 0, 0, err
	}
	if err := checkSample(b, 1); err != nil {
		return 0, 0, err
	}
	if draws == 0 {
		draws = 10_000
	}
	if draws < 100 || draws > 10_000_000 {
		return 0, 0, invalid("%d draws, want 100 to 10,000,000", draws)
	}
	pool := append(slices.Clone(a), b...)
	diff := func() float64 { return stat.Mean(pool[:len(a)], nil) - stat.Mean(pool[len(a):], nil) }
	difference, err = finiteResult("difference of means", diff())
	if err != nil {
		return 0, 0, err
	}
	rng := rand.New(rand.NewPCG(seed, 0x5045_524d))
	limit := math.Abs(difference) * (1 - 1e-12)
	extreme := 0
	for range draws {
		rng.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
		if math.Abs(diff()) >= limit {
			extreme++
		}
	}
	return difference, float64(extreme+1) / float64(draws+1), nil
}
