package composite

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"weir/metrics/scoring"
)

// defaultCategories are those of the OECD/JRC Handbook's categorical scale,
// with the middle group split from the next as its table 15 shows it.
var defaultCategories = []Category{{0, 0}, {5, 20}, {15, 40}, {35, 50}, {65, 60}, {85, 80}, {95, 100}}

// apply normalises a column. Missing values stay missing and do not count. flat
// reports that the column does not vary, where that leaves the method without
// an answer: minmax then gives everyone the middle of the range, zscore 0.
//
// OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 5.
func (n Normalise) apply(values []float64, lower bool) (out []float64, flat bool, err error) {
	xs := present(values)
	if len(xs) == 0 {
		return nil, false, invalid("no unit has a value")
	}
	out = slices.Clone(values)
	f, flat, err := n.function(xs, lower)
	if err != nil {
		return nil, false, err
	}
	for i, x := range values {
		if math.IsNaN(x) {
			continue
		}
		if out[i], err = f(x); err != nil {
			return nil, false, err
		}
		if !isFinite(out[i]) {
			return nil, false, invalid("%s of %v does not exist", n.Method, x)
		}
	}
	return out, flat, nil
}

// function returns the normalisation as a function of one value.
func (n Normalise) function(xs []float64, lower bool) (f func(float64) (float64, error), flat bool, err error) {
	least, most, mean := slices.Min(xs), slices.Max(xs), stat.Mean(xs, nil)
	best, worst := most, least
	sign := 1.0
	if lower {
		best, worst, sign = least, most, -1
	}
	plain := func(g func(float64) float64) func(float64) (float64, error) {
		return func(x float64) (float64, error) { return g(x), nil }
	}
	switch n.Method {
	case "none":
		return plain(func(x float64) float64 { return x }), false, nil
	case "minmax":
		r := n.span()
		if best == worst {
			return plain(func(float64) float64 { return (r[0] + r[1]) / 2 }), true, nil
		}
		return plain(func(x float64) float64 { return r[0] + (r[1]-r[0])*(x-worst)/(best-worst) }), false, nil
	case "goalposts":
		return n.goalposts(lower), false, nil
	case "zscore":
		sd := deviation(xs, n.Deviation == "population")
		if sd == 0 {
			return plain(func(float64) float64 { return 0 }), true, nil
		}
		return plain(func(x float64) float64 { return sign * (x - mean) / sd }), false, nil
	case "rank", "percentile", "categorical":
		return plain(n.ranked(xs, lower)), false, nil
	case "distance_to_target":
		return n.target(lower), false, nil
	}
	f, err = n.ratio(best, worst, mean, sign)
	return f, false, err
}

func (n Normalise) span() [2]float64 {
	if n.Range == nil {
		return [2]float64{0, 1}
	}
	return *n.Range
}

func deviation(xs []float64, population bool) float64 {
	if len(xs) < 2 {
		return 0
	}
	sd := stat.StdDev(xs, nil)
	if population {
		sd *= math.Sqrt(float64(len(xs)-1) / float64(len(xs)))
	}
	return sd
}

func (n Normalise) goalposts(lower bool) func(float64) (float64, error) {
	lo, hi, r := *n.Min, *n.Max, n.span()
	if n.Log {
		lo, hi = math.Log(lo), math.Log(hi)
	}
	return func(x float64) (float64, error) {
		if n.Log {
			if x <= 0 {
				return 0, invalid("logarithm of %v does not exist", x)
			}
			x = math.Log(x)
		}
		share := (x - lo) / (hi - lo)
		if lower {
			share = (hi - x) / (hi - lo)
		}
		if n.Cap == nil || *n.Cap {
			share = math.Min(1, math.Max(0, share))
		}
		return r[0] + (r[1]-r[0])*share, nil
	}
}

// ranked counts how many values are worse than x.
func (n Normalise) ranked(xs []float64, lower bool) func(float64) float64 {
	rank := func(x float64) float64 {
		worse := 0
		for _, y := range xs {
			if lower && y > x || !lower && y < x {
				worse++
			}
		}
		return float64(worse + 1)
	}
	percentile := func(x float64) float64 { return 100 * rank(x) / float64(len(xs)) }
	switch n.Method {
	case "rank":
		return rank
	case "percentile":
		return percentile
	}
	categories := n.Categories
	if categories == nil {
		categories = defaultCategories
	}
	return func(x float64) float64 {
		score := categories[0].Score
		for _, c := range categories {
			if percentile(x) >= c.From {
				score = c.Score
			}
		}
		return score
	}
}

func (n Normalise) target(lower bool) func(float64) (float64, error) {
	return func(x float64) (float64, error) {
		share := x / *n.Target
		if lower {
			if x == 0 {
				share = math.Inf(1)
				if n.Cap != nil && !*n.Cap {
					return 0, invalid("target over a value of 0 does not exist without a cap")
				}
			} else {
				share = *n.Target / x
			}
		}
		if n.Cap == nil || *n.Cap {
			share = math.Min(1, share)
		}
		return share, nil
	}
}

// ratio covers the methods that divide by a reference, which must not be 0.
func (n Normalise) ratio(best, worst, mean, sign float64) (func(float64) (float64, error), error) {
	reference := map[string]float64{"ratio_to_mean": mean, "ratio_to_best": best, "ratio_to_worst": worst,
		"difference_from_mean": mean, "difference_from_worst": worst, "above_below_mean": mean}[n.Method]
	if reference <= 0 {
		return nil, invalid("%s needs a reference above 0 and has %v", n.Method, reference)
	}
	threshold := valueOr(n.Threshold, .2)
	return func(x float64) (float64, error) {
		switch n.Method {
		case "ratio_to_best", "ratio_to_worst":
			if sign < 0 {
				if x <= 0 {
					return 0, invalid("%s for direction lower needs values above 0 and has %v", n.Method, x)
				}
				return reference / x, nil
			}
			return x / reference, nil
		case "ratio_to_mean":
			return x / reference, nil
		case "difference_from_mean":
			return sign * (x - mean) / mean, nil
		case "difference_from_worst":
			return (x - worst) / worst, nil
		}
		switch {
		case x > (1+threshold)*mean:
			return sign, nil
		case x < (1-threshold)*mean:
			return -sign, nil
		}
		return 0, nil
	}, nil
}

// rankScores ranks scores, the highest first; missing scores have no rank.
func rankScores(scores []float64, r Ranking) []float64 {
	var at []int
	var xs []float64
	for i, s := range scores {
		if math.IsNaN(s) {
			continue
		}
		if r.Decimals != nil {
			s = scoring.Round(s, *r.Decimals)
		}
		at, xs = append(at, i), append(xs, s)
	}
	out := make([]float64, len(scores))
	for i := range out {
		out[i] = math.NaN()
	}
	for k, rank := range scoring.RankDescending(xs, scoring.Ties(r.Ties)) {
		out[at[k]] = rank
	}
	return out
}
