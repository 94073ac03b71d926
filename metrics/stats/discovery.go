package stats

import (
	"cmp"
	"slices"
)

// BenjaminiHochberg returns the p-values adjusted for the false discovery
// rate, in the order given: sorted ascending, q₍ᵢ₎ = min over j ≥ i of
// m·p₍ⱼ₎/j, at most 1. Reporting those with q ≤ 0.05 keeps the expected share
// of false findings among the reported at 5 %. No p-values give no answers.
//
// Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate,
// JRSS B 57, 289-300.
func BenjaminiHochberg(p []float64) ([]float64, error) {
	for i, x := range p {
		if !(x >= 0 && x <= 1) {
			return nil, invalid("p[%d] = %v, want 0 to 1", i, x)
		}
	}
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	q := make([]float64, len(p))
	least := 1.0
	for rank := len(order); rank >= 1; rank-- {
		i := order[rank-1]
		least = min(least, p[i]*float64(len(p))/float64(rank))
		q[i] = least
	}
	return q, nil
}
