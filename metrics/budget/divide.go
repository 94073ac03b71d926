package budget

import (
	"math"
	"slices"
)

// fill divides a total in proportion to the given sizes within bounds: every
// amount is k·size, cut to its bounds, with the k at which they sum to the
// total. A total below the sum of floors gives the floors, one above the sum of
// ceilings the ceilings.
func fill(sizes, floor, ceiling []float64, total float64) []float64 {
	at := func(k float64) ([]float64, float64) {
		out := make([]float64, len(sizes))
		var sum float64
		for i, s := range sizes {
			out[i] = math.Min(ceiling[i], math.Max(floor[i], k*s))
			sum += out[i]
		}
		return out, sum
	}
	high := 1.0
	for i, s := range sizes { // the k at which every ceiling is reached
		if s > 0 {
			high = math.Max(high, ceiling[i]/s)
		}
	}
	out, sum := at(high)
	if sum <= total {
		return out
	}
	low := 0.0
	for range 200 {
		mid := (low + high) / 2
		if out, sum = at(mid); sum > total {
			high = mid
		} else {
			low = mid
		}
	}
	out, _ = at(low)
	return out
}

// cents rounds amounts down to cents and gives the cents that are left, up to
// the total, to those that lost most. The sum never exceeds the total, and no
// amount leaves its bounds by more than rounding.
func cents(amounts, ceiling []float64, total float64) []float64 {
	// 1e-6 of a cent absorbs rounding of the division itself.
	whole := func(x float64) int64 { return int64(math.Floor(x*100 + 1e-6)) }
	var sum float64
	units := make([]int64, len(amounts))
	rest := make([]float64, len(amounts))
	var used int64
	for i, a := range amounts {
		sum += a
		units[i] = whole(a)
		rest[i] = a*100 - float64(units[i])
		used += units[i]
	}
	left := min(whole(total), int64(math.Round(sum*100))) - used
	order := make([]int, len(amounts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case rest[i] > rest[j]:
			return -1
		case rest[i] < rest[j]:
			return 1
		}
		return 0
	})
	for _, i := range order {
		if left <= 0 {
			break
		}
		if rest[i] > 0 && units[i] < whole(ceiling[i]) {
			units[i]++
			left--
		}
	}
	out := make([]float64, len(amounts))
	for i, u := range units {
		out[i] = float64(u) / 100
	}
	return out
}
