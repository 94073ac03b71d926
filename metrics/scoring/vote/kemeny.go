package vote

import (
	"math"
	"slices"
)

const (
	// KemenyLimit is the number of alternatives up to which the Kemeny rule is
	// solved exactly.
	KemenyLimit = 18
	// kemenyTies is the number of equally good rankings that are listed.
	kemenyTies = 1000
)

// KemenyResult holds the rankings of most support.
type KemenyResult struct {
	Support  float64
	Rankings [][]int // all rankings of that support, at most 1,000
	Complete bool    // false when there are more than those listed
}

// Kemeny finds the rankings with the most support, the maximum likelihood
// order if every voter errs with the same probability. It is exact, by dynamic
// programming over sets (2ⁿ·n steps), and refuses more than KemenyLimit
// alternatives.
//
// Kemeny, J. (1959); Young, H. P. and Levenglick, A. (1978), A consistent
// extension of Condorcet's election principle, SIAM Journal on Applied
// Mathematics 35, 285-300.
func (o Outranking) Kemeny() (KemenyResult, error) {
	if err := o.validate(); err != nil {
		return KemenyResult{}, err
	}
	n := len(o)
	if n > KemenyLimit {
		return KemenyResult{}, invalid("%d alternatives, the exact order is found for up to %d", n, KemenyLimit)
	}
	// best[set] is the most support of an order of the set; gain(a, set) what
	// placing a before all of set adds.
	best := make([]float64, 1<<n)
	gain := func(a, set int) float64 {
		var g float64
		for b := range n {
			if set&(1<<b) != 0 {
				g += o[a][b]
			}
		}
		return g
	}
	for set := 1; set < 1<<n; set++ {
		best[set] = math.Inf(-1)
		for a := range n {
			if rest := set &^ (1 << a); rest != set {
				best[set] = math.Max(best[set], gain(a, rest)+best[rest])
			}
		}
	}
	full := 1<<n - 1
	r := KemenyResult{Support: best[full], Complete: true}
	tol := 1e-9 * math.Max(1, math.Abs(r.Support))
	path := make([]int, 0, n)
	var walk func(set int)
	walk = func(set int) {
		if !r.Complete {
			return
		}
		if set == 0 {
			if len(r.Rankings) == kemenyTies {
				r.Complete = false
				return
			}
			r.Rankings = append(r.Rankings, slices.Clone(path))
			return
		}
		for a := range n {
			if rest := set &^ (1 << a); rest != set && gain(a, rest)+best[rest] >= best[set]-tol {
				path = append(path, a)
				walk(rest)
				path = path[:len(path)-1]
			}
		}
	}
	walk(full)
	return r, nil
}
