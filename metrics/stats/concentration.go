package stats

import (
	"math"
	"slices"
)

// HHI is the Herfindahl-Hirschman index of amounts, 10⁴·Σs² with s the shares:
// 10,000 for one holder, 10,000/n for n equal ones. Amounts need not be shares.
func HHI(amounts []float64) (float64, error) {
	sum, err := total(amounts)
	if err != nil {
		return 0, err
	}
	var h float64
	for _, x := range amounts {
		h += (x / sum) * (x / sum)
	}
	return 1e4 * h, nil
}

// HHINormalised is (H − 1/n)/(1 − 1/n) with H = HHI/10⁴: 0 when all n amounts
// are equal, 1 when one holds everything. Zero amounts count in n. One amount
// gives ErrNoData.
func HHINormalised(amounts []float64) (float64, error) {
	h, err := HHI(amounts)
	if err != nil {
		return 0, err
	}
	if len(amounts) == 1 {
		return 0, noData("one amount, normalised concentration needs 2")
	}
	n := float64(len(amounts))
	return math.Max(0, (h/1e4-1/n)/(1-1/n)), nil
}

// HillNumber is the effective number of holders of order q ≥ 0,
// (Σs^q)^(1/(1−q)); order 1 is exp(−Σs·ln s), order 2 is 1/Σs². n equal
// amounts give n for every order; amounts of 0 do not count.
//
// Hill, M. O. (1973), Diversity and evenness, Ecology 54, 427-432.
func HillNumber(amounts []float64, q float64) (float64, error) {
	if !(q >= 0 && q <= 1e6) {
		return 0, invalid("order %v, want 0 to 1,000,000", q)
	}
	sum, err := total(amounts)
	if err != nil {
		return 0, err
	}
	var h float64
	held := 0
	for _, x := range amounts {
		if s := x / sum; s > 0 {
			held++
			h -= s * math.Log(s)
		}
	}
	switch q {
	case 0:
		return float64(held), nil
	case 1:
		return math.Exp(h), nil
	}
	// Σs·s^(q−1) = (generalised mean of order q−1, weighted by s)^(q−1).
	top := math.Inf(-1)
	for _, x := range amounts {
		if x > 0 {
			top = math.Max(top, q*(math.Log(x)-math.Log(sum)))
		}
	}
	var s float64
	for _, x := range amounts {
		if x > 0 {
			s += math.Exp(q*(math.Log(x)-math.Log(sum)) - top)
		}
	}
	return math.Exp((top + math.Log(s)) / (1 - q)), nil
}

// HIndex is the largest h such that h of the counts are at least h; 0 for no
// counts or none above 0.
//
// Hirsch, J. E. (2005), An index to quantify an individual's scientific
// research output, PNAS 102, 16569-16572.
func HIndex(counts []int64) int {
	s := slices.Clone(counts)
	slices.Sort(s)
	slices.Reverse(s)
	h := 0
	for h < len(s) && s[h] >= int64(h+1) {
		h++
	}
	return h
}
