package scoring

import (
	"cmp"
	"slices"
)

// Ties says which rank equal values share.
type Ties string

const (
	// TiesMin gives equal values the best of their ranks: 1, 2, 2, 4. The zero
	// value means the same.
	TiesMin Ties = "min"
	// TiesAverage gives them the mean of their ranks: 1, 2.5, 2.5, 4.
	TiesAverage Ties = "average"
	// TiesMax gives them the worst of their ranks: 1, 3, 3, 4.
	TiesMax Ties = "max"
	// TiesDense counts distinct values: 1, 2, 2, 3.
	TiesDense Ties = "dense"
)

// RankDescending ranks finite values, the largest first (rank 1)..
func RankDescending(xs []float64, ties Ties) []float64 {
	return rank(xs, ties, func(i, j int) int { return cmp.Compare(xs[j], xs[i]) })
}

// RankAscending ranks finite values, the smallest first (rank 1).
func RankAscending(xs []float64, ties Ties) []float64 {
	return rank(xs, ties, func(i, j int) int { return cmp.Compare(xs[i], xs[j]) })
}

func rank(xs []float64, ties Ties, order func(i, j int) int) []float64 {
	idx := make([]int, len(xs))
	for i := range idx {
		idx[i] = i
	}
	slices.SortStableFunc(idx, order)
	out := make([]float64, len(xs))
	for start, group := 0, 1; start < len(idx); group++ {
		end := start + 1
		for end < len(idx) && order(idx[start], idx[end]) == 0 {
			end++
		}
		var r float64
		switch ties {
		case TiesAverage:
			r = float64(start+1+end) / 2
		case TiesMax:
			r = float64(end)
		case TiesDense:
			r = float64(group)
		default:
			r = float64(start + 1)
		}
		for _, i := range idx[start:end] {
			out[i] = r
		}
		start = end
	}
	return out
}
