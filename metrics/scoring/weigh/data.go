package weigh

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"weir/metrics/stats"
)

// EntropyResult holds entropies and weights by criterion.
type EntropyResult struct {
	Entropy []float64
	Weights []float64
}

// Entropy gives weight to criteria that tell alternatives apart:
//
//	p = x/Σx,  E = −Σ p·ln p / ln n,  w = (1−E)/Σ(1−E)
//
// with 0·ln 0 = 0. Values must not be negative; a column of zeros tells nothing
// apart and has E = 1. Pass Matrix.MinMax for data with costs or negative
// values; a cost in raw data is refused, since its shares would reward it. One
// alternative gives equal weights.
//
// Shannon, C. E. (1948); Zeleny, M. (1982), Multiple Criteria Decision Making.
func Entropy(m Matrix) (EntropyResult, error) {
	if err := m.Validate(); err != nil {
		return EntropyResult{}, err
	}
	n := m.criteria()
	r := EntropyResult{Entropy: make([]float64, n)}
	importance := make([]float64, n)
	for j := range n {
		if m.cost(j) {
			return EntropyResult{}, invalid("criterion %d is a cost; scale the table to more-is-better first", j+1)
		}
		col := m.column(j)
		var sum float64
		for i, v := range col {
			if v < 0 {
				return EntropyResult{}, invalid("alternative %d, criterion %d: %v is negative", i+1, j+1, v)
			}
			sum += v
		}
		if math.IsInf(sum, 0) {
			return EntropyResult{}, invalid("criterion %d: the sum overflows", j+1)
		}
		e := 1.0
		if sum > 0 && len(col) > 1 {
			e = 0
			for _, v := range col {
				if p := v / sum; p > 0 {
					e -= p * math.Log(p)
				}
			}
			e /= math.Log(float64(len(col)))
		}
		r.Entropy[j] = e
		importance[j] = math.Max(0, 1-e)
	}
	var err error
	r.Weights, err = share(importance)
	return r, err
}

// StandardDeviation gives each criterion its standard deviation as weight. Use
// it on scaled data, since it depends on units.
//
// Diakoulaki, D., Mavrotas, G. and Papayannakis, L. (1995), Determining
// objective weights in multiple criteria problems: the CRITIC method,
// Computers & Operations Research 22, 763-770.
func StandardDeviation(m Matrix) ([]float64, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	return share(deviations(m))
}

func deviations(m Matrix) []float64 {
	out := make([]float64, m.criteria())
	for j := range out {
		if col := m.column(j); len(col) > 1 {
			out[j] = stat.StdDev(col, nil)
		}
	}
	return out
}

// CRITIC gives weight to criteria that vary and that say something others do
// not: wⱼ ∝ σⱼ·Σₖ(1 − rⱼₖ), on the matrix as it is; pass Matrix.MinMax for the
// method as published. Ranked uses Spearman's correlation in place of
// Pearson's. A criterion that does not vary gets 0.
//
// Diakoulaki et al. (1995), as above.
func CRITIC(m Matrix, ranked bool) ([]float64, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	n := m.criteria()
	sd := deviations(m)
	importance := make([]float64, n)
	for j := range n {
		for k := range n {
			if j == k || sd[j] == 0 {
				continue
			}
			r := 0.0
			if sd[k] > 0 {
				a, b := m.column(j), m.column(k)
				if ranked {
					a, b = stats.Ranks(a), stats.Ranks(b)
				}
				r = stat.Correlation(a, b, nil)
			}
			importance[j] += sd[j] * (1 - r)
		}
	}
	return share(importance)
}

// MEREC gives weight to criteria whose removal changes the alternatives'
// performance most. All values must be above 0.
//
//	n = min x/x (benefit) or x/max x (cost)
//	S = ln(1 + Σ|ln n|/m), S' the same without one criterion
//	w ∝ Σ|S' − S|
//
// Keshavarz-Ghorabaee, M. et al. (2021), Determination of objective weights
// using a new method based on the removal effects of criteria, Symmetry 13, 525.
func MEREC(m Matrix) ([]float64, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	n := m.criteria()
	logs := make([][]float64, len(m.Values))
	for i := range logs {
		logs[i] = make([]float64, n)
	}
	for j := range n {
		col := m.column(j)
		lo, hi := bounds(col)
		if lo <= 0 {
			return nil, invalid("criterion %d: %v, this method needs values above 0", j+1, lo)
		}
		for i, v := range col {
			ratio := lo / v
			if m.cost(j) {
				ratio = v / hi
			}
			logs[i][j] = math.Abs(math.Log(ratio))
		}
	}
	importance := make([]float64, n)
	for _, row := range logs {
		var sum float64
		for _, l := range row {
			sum += l
		}
		whole := math.Log1p(sum / float64(n))
		for j, l := range row {
			importance[j] += math.Abs(math.Log1p((sum-l)/float64(n)) - whole)
		}
	}
	return share(importance)
}
