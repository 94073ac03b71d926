package stats

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Correlation is a coefficient in [−1, 1] with its two-sided p-value.
type Correlation struct {
	Coefficient float64 `json:"coefficient"`
	P           float64 `json:"p"`
	N           int     `json:"n"`
}

func checkPairs(x, y []float64, least int) error {
	if len(x) != len(y) {
		return invalid("%d values against %d", len(x), len(y))
	}
	if len(x) < least {
		return noData("%d pairs, want at least %d", len(x), least)
	}
	if err := checkFinite("x", x); err != nil {
		return err
	}
	return checkFinite("y", y)
}

// Pearson is the product-moment correlation, with the p-value of
// t = r·√((n−2)/(1−r²)) on n−2 degrees of freedom. It needs three pairs; a
// constant side gives ErrNoData.
func Pearson(x, y []float64) (Correlation, error) {
	if err := checkPairs(x, y, 3); err != nil {
		return Correlation{}, err
	}
	r := stat.Correlation(x, y, nil)
	if !isFinite(r) {
		return Correlation{}, noData("one side does not vary")
	}
	return Correlation{r, correlationP(r, len(x)), len(x)}, nil
}

func correlationP(r float64, n int) float64 {
	if math.Abs(r) >= 1 {
		return 0
	}
	df := float64(n - 2)
	t := r * math.Sqrt(df/((1-r)*(1+r)))
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.CDF(-math.Abs(t))
}

// Spearman is Pearson's correlation of the ranks, equal values sharing their
// mean rank, with the t approximation of the p-value.
//
// Spearman, C. (1904), The proof and measurement of association between two
// things, American Journal of Psychology 15, 72-101.
func Spearman(x, y []float64) (Correlation, error) {
	if err := checkPairs(x, y, 3); err != nil {
		return Correlation{}, err
	}
	return Pearson(Ranks(x), Ranks(y))
}

// Ranks returns the ascending ranks 1 … n, equal values sharing their mean
// rank. Values must be finite.
func Ranks(xs []float64) []float64 {
	order := make([]int, len(xs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(xs[i], xs[j]) })
	ranks := make([]float64, len(xs))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && xs[order[to]] == xs[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = float64(from+1+to) / 2
		}
		from = to
	}
	return ranks
}

// KendallTauB is Kendall's τ_b = S/√((n₀−n₁)(n₀−n₂)), with S concordant minus
// discordant pairs, n₀ = n(n−1)/2 and n₁, n₂ the pairs tied in x and in y. The
// p-value is normal with the variance corrected for ties, without continuity
// correction. It needs three pairs; a constant side gives ErrNoData.
//
// Kendall, M. G. (1945), The treatment of ties in ranking problems, Biometrika
// 33, 239-251.
func KendallTauB(x, y []float64) (Correlation, error) {
	if err := checkPairs(x, y, 3); err != nil {
		return Correlation{}, err
	}
	var s float64
	for i := range x {
		for j := range i {
			s += float64(cmp.Compare(x[i], x[j]) * cmp.Compare(y[i], y[j]))
		}
	}
	n := float64(len(x))
	tx, ty := tieSizes(x), tieSizes(y)
	n0 := n * (n - 1) / 2
	n1, n2 := sumOver(tx, func(t float64) float64 { return t * (t - 1) / 2 }), sumOver(ty, func(t float64) float64 { return t * (t - 1) / 2 })
	if n0 == n1 || n0 == n2 {
		return Correlation{}, noData("one side does not vary")
	}
	cube := func(t float64) float64 { return t * (t - 1) * (2*t + 5) }
	pair := func(t float64) float64 { return t * (t - 1) }
	triple := func(t float64) float64 { return t * (t - 1) * (t - 2) }
	variance := (cube(n)-sumOver(tx, cube)-sumOver(ty, cube))/18 +
		sumOver(tx, triple)*sumOver(ty, triple)/(9*n*(n-1)*(n-2)) +
		sumOver(tx, pair)*sumOver(ty, pair)/(2*n*(n-1))
	return Correlation{s / math.Sqrt((n0-n1)*(n0-n2)), normalTwoSided(s / math.Sqrt(variance)), len(x)}, nil
}

// tieSizes returns the sizes of the groups of equal values, singles included.
func tieSizes(xs []float64) []float64 {
	s := slices.Clone(xs)
	slices.Sort(s)
	var sizes []float64
	for from := 0; from < len(s); {
		to := from + 1
		for to < len(s) && s[to] == s[from] {
			to++
		}
		sizes = append(sizes, float64(to-from))
		from = to
	}
	return sizes
}

func sumOver(xs []float64, f func(float64) float64) float64 {
	var sum float64
	for _, x := range xs {
		sum += f(x)
	}
	return sum
}
