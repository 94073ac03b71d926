package stats

import (
	"math"
	"slices"
)

// total checks amounts (finite, none negative) and returns their sum; a sum of
// 0 gives ErrNoData, since shares do not exist.
func total(amounts []float64) (float64, error) {
	if len(amounts) == 0 {
		return 0, noData("no amounts")
	}
	if err := checkNonNegative("amounts", amounts); err != nil {
		return 0, err
	}
	var sum float64
	for _, x := range amounts {
		sum += x
	}
	if sum == 0 {
		return 0, noData("all amounts are 0")
	}
	if sum < 1e-280 { // the mean of so little would be lost in rounding
		return 0, invalid("amounts sum to %v", sum)
	}
	return finiteResult("sum of amounts", sum)
}

// Gini is the Gini coefficient of a population,
// Σᵢ(2i−n−1)x₍ᵢ₎ / (n·Σx), 0 for equal amounts and (n−1)/n for one holder.
// GiniSample corrects it for that bound.
//
// Gini, C. (1912), Variabilità e mutabilità; formula as in Sen, A. (1973), On
// Economic Inequality, 2.
func Gini(amounts []float64) (float64, error) {
	sum, err := total(amounts)
	if err != nil {
		return 0, err
	}
	s := slices.Clone(amounts)
	slices.Sort(s)
	n := float64(len(s))
	var g float64
	for i, x := range s {
		g += (2*float64(i+1) - n - 1) * (x / sum)
	}
	return math.Max(0, g/n), nil
}

// GiniSample is Gini·n/(n−1), which reaches 1 when one holds everything. One
// amount gives ErrNoData.
func GiniSample(amounts []float64) (float64, error) {
	g, err := Gini(amounts)
	if err != nil {
		return 0, err
	}
	if len(amounts) == 1 {
		return 0, noData("one amount, inequality needs 2")
	}
	n := float64(len(amounts))
	return g * n / (n - 1), nil
}

// TheilT is Theil's index, (1/n)Σ(x/μ)·ln(x/μ) with 0·ln 0 = 0: 0 for equal
// amounts, ln n for one holder.
//
// Theil, H. (1967), Economics and Information Theory, 4.
func TheilT(amounts []float64) (float64, error) {
	sum, err := total(amounts)
	if err != nil {
		return 0, err
	}
	n := float64(len(amounts))
	var t float64
	for _, x := range amounts {
		if s := x / sum; s > 0 {
			t += s * math.Log(s*n)
		}
	}
	return math.Max(0, t), nil
}

// TheilL is the mean logarithmic deviation, (1/n)Σln(μ/x). An amount of 0 is
// refused: the index does not exist there.
func TheilL(amounts []float64) (float64, error) {
	sum, err := total(amounts)
	if err != nil {
		return 0, err
	}
	n := float64(len(amounts))
	var l float64
	for i, x := range amounts {
		if x == 0 {
			return 0, invalid("amounts[%d] is 0, the mean logarithmic deviation needs amounts above 0", i)
		}
		l += math.Log(sum/n) - math.Log(x)
	}
	return math.Max(0, l/n), nil
}

// TheilDecomposition splits TheilT exactly into what lies between groups and
// what lies within them.
type TheilDecomposition struct {
	Total, Between, Within float64
}

// DecomposeTheil returns the decomposition of TheilT by group label:
// between = Σ s_g·ln(s_g/(n_g/n)), within = Σ s_g·T_g, with s_g the group's
// share of the sum and T_g its own index. A group whose amounts are all 0
// contributes nothing.
//
// Shorrocks, A. F. (1980), The class of additively decomposable inequality
// measures, Econometrica 48, 613-625.
func DecomposeTheil(amounts []float64, group []string) (TheilDecomposition, error) {
	if len(amounts) != len(group) {
		return TheilDecomposition{}, invalid("%d amounts and %d group labels", len(amounts), len(group))
	}
	t, err := TheilT(amounts)
	if err != nil {
		return TheilDecomposition{}, err
	}
	sum, err := total(amounts)
	if err != nil {
		return TheilDecomposition{}, err
	}
	members := map[string][]float64{}
	var order []string // fixed order, so that the sum is the same each time
	for i, g := range group {
		if _, ok := members[g]; !ok {
			order = append(order, g)
		}
		members[g] = append(members[g], amounts[i])
	}
	d := TheilDecomposition{Total: t}
	for _, g := range order {
		xs := members[g]
		gs, err := total(xs)
		if err != nil {
			continue // all 0: share 0
		}
		tg, err := TheilT(xs)
		if err != nil {
			return TheilDecomposition{}, err
		}
		share := gs / sum
		d.Between += share * math.Log(share*float64(len(amounts))/float64(len(xs)))
		d.Within += share * tg
	}
	return d, nil
}

// Atkinson is Atkinson's index with aversion ε ≥ 0, and the equally
// distributed equivalent amount: A = 1 − EDE/μ with EDE the generalised mean
// of order 1−ε (geometric for ε = 1). ε = 0 gives A = 0. An amount of 0 makes
// A = 1 for ε ≥ 1.
//
// Atkinson, A. B. (1970), On the measurement of inequality, Journal of
// Economic Theory 2, 244-263.
func Atkinson(amounts []float64, epsilon float64) (index, equivalent float64, err error) {
	if !(epsilon >= 0 && epsilon <= 1e6) {
		return 0, 0, invalid("aversion %v, want 0 to 1,000,000", epsilon)
	}
	sum, err := total(amounts)
	if err != nil {
		return 0, 0, err
	}
	n := float64(len(amounts))
	mean := sum / n
	if epsilon >= 1 && slices.Contains(amounts, 0) {
		return 1, 0, nil
	}
	var rel float64 // EDE relative to the mean
	if epsilon == 1 {
		for _, x := range amounts {
			rel += (math.Log(x) - math.Log(mean)) / n
		}
		rel = math.Exp(rel)
	} else {
		rel = generalisedMean(amounts, mean, 1-epsilon)
	}
	rel = clampUnit(rel)
	return 1 - rel, rel * mean, nil
}

// generalisedMean is ((1/n)Σ(x/unit)^r)^(1/r), with the largest term taken out
// so that large |r| cannot overflow.
func generalisedMean(xs []float64, unit, r float64) float64 {
	logs := make([]float64, 0, len(xs))
	for _, x := range xs {
		if x > 0 {
			logs = append(logs, r*(math.Log(x)-math.Log(unit)))
		}
	}
	top := slices.Max(logs)
	var s float64
	for _, l := range logs {
		s += math.Exp(l - top)
	}
	return math.Exp((top + math.Log(s/float64(len(xs)))) / r)
}

func clampUnit(x float64) float64 { return math.Min(1, math.Max(0, x)) }

// Hoover is the share of the sum that would have to move for all amounts to be
// equal, ½Σ|x/Σx − 1/n| (also Ricci-Schutz, Robin Hood).
func Hoover(amounts []float64) (float64, error) {
	sum, err := total(amounts)
	if err != nil {
		return 0, err
	}
	n := float64(len(amounts))
	var h float64
	for _, x := range amounts {
		h += math.Abs(x/sum - 1/n)
	}
	return h / 2, nil
}
