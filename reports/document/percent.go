package document

import (
	"math"
	"slices"
)

// Percents are shares of a whole as whole percents that add up to the rounded sum of the shares: 6.5 % and 93.5 %, each
// rounded by itself, would be 101 % together. What is left goes to the largest fractions, the first of equal ones.
func Percents(shares ...float64) []float64 {
	out, order := make([]float64, len(shares)), make([]int, len(shares))
	sum, left := 0.0, 0.0
	fraction := func(i int) float64 { return 100*shares[i] - out[i] }
	for i, s := range shares {
		out[i], order[i] = math.Floor(100*s+1e-9), i
		sum, left = sum+s, left-out[i]
	}
	left += math.Round(100 * sum)
	slices.SortStableFunc(order, func(x, y int) int {
		switch d := fraction(y) - fraction(x); {
		case d > 1e-9:
			return 1
		case d < -1e-9:
			return -1
		}
		return 0
	})
	for _, i := range order {
		if left < 1 {
			break
		}
		out[i]++
		left--
	}
	return out
}
