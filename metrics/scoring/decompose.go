package scoring

import (
	"math"
	"slices"
)

// ChangeLine is one indicator's part in the change of a score, in points of
// 100. The four parts sum to Total exactly, to the hundredth.
type ChangeLine struct {
	Indicator    string  `json:"indicator"`
	Value        float64 `json:"value"`        // the figure changed
	Target       float64 `json:"target"`       // the rule or its target changed
	Weight       float64 `json:"weight"`       // its weight changed, by the scheme or by sharing
	Availability float64 `json:"availability"` // data went missing or arrived
	Total        float64 `json:"total"`
}

// Decomposition explains the change between two scores of a department. Lines
// sum to Change exactly, and so do the totals of the four parts.
type Decomposition struct {
	Before       float64      `json:"before"`
	After        float64      `json:"after"`
	Change       float64      `json:"change"`
	Value        float64      `json:"value"`
	Target       float64      `json:"target"`
	Weight       float64      `json:"weight"`
	Availability float64      `json:"availability"`
	Lines        []ChangeLine `json:"lines"` // largest movement first
}

// Decompose splits the change of a score into indicators, and each indicator's
// change into value, target, weight and availability.
//
// An indicator contributes c = 100·w·f/W with its weight w, the fraction f of it
// earned and the weight W of all. Its change is split by midpoints,
// Δc = (w̄/W)Δf + f̄Δ(w/W), and Δf into value and target by the mean of both
// orders, which is the Shapley value and leaves no rest. An indicator that
// carries weight on one side only changes by weight. Lines are the changes of
// the printed points, rounded by largest remainder where the whole weight is
// not 100, so that they sum to the change of the printed scores; parts sum to
// their line in the same way.
//
// A score that does not exist on one side is refused.
func Decompose(before, after Tally) (Decomposition, error) {
	if !before.Scored || !after.Scored {
		return Decomposition{}, invalid("a change needs a score on both sides")
	}
	type side struct {
		line  Line
		share float64 // of the whole weight
	}
	sides := map[string]*[2]side{}
	var ids []string
	for k, t := range []Tally{before, after} {
		for _, l := range t.Lines {
			if sides[l.Indicator] == nil {
				sides[l.Indicator] = &[2]side{}
				ids = append(ids, l.Indicator)
			}
			sides[l.Indicator][k] = side{l, l.Weight / t.Weight}
		}
	}
	parts := make([][4]float64, 0, len(ids)) // value, target, weight, availability
	totals := make([]float64, 0, len(ids))
	for _, id := range ids {
		a, b := sides[id][0], sides[id][1]
		fa, fb := a.line.Fraction, b.line.Fraction
		switch {
		case a.share == 0:
			fa = fb
		case b.share == 0:
			fb = fa
		}
		mid := 100 * (a.share + b.share) / 2
		var p [4]float64
		p[2] = 100 * (fa + fb) / 2 * (b.share - a.share)
		switch {
		case a.share == 0 || b.share == 0:
		case a.line.Graded && b.line.Graded:
			// All four combinations of rule and value.
			xa, xb := a.line.Observed.Value, b.line.Observed.Value
			ra, rb := a.line.Rule, b.line.Rule
			p[0] = mid * ((ra.fraction(xb) - ra.fraction(xa)) + (rb.fraction(xb) - rb.fraction(xa))) / 2
			p[1] = mid * ((rb.fraction(xa) - ra.fraction(xa)) + (rb.fraction(xb) - ra.fraction(xb))) / 2
		default:
			p[3] = mid * (fb - fa)
		}
		parts = append(parts, p)
		// The printed points, which carry rounding that the parts do not.
		totals = append(totals, 100*(b.line.Points/after.Weight-a.line.Points/before.Weight))
	}
	d := Decomposition{Before: before.Score, After: after.Score}
	change := hundredths(after.Score) - hundredths(before.Score)
	d.Change = fromHundredths(change)
	lines := apportion(totals, change)
	var sums [4]int64
	for i, id := range ids {
		q := apportion(parts[i][:], lines[i])
		for k, v := range q {
			sums[k] += v
		}
		d.Lines = append(d.Lines, ChangeLine{id, fromHundredths(q[0]), fromHundredths(q[1]), fromHundredths(q[2]), fromHundredths(q[3]),
			fromHundredths(q[0] + q[1] + q[2] + q[3])})
	}
	d.Value, d.Target, d.Weight, d.Availability = fromHundredths(sums[0]), fromHundredths(sums[1]), fromHundredths(sums[2]), fromHundredths(sums[3])
	slices.SortStableFunc(d.Lines, func(a, b ChangeLine) int {
		switch {
		case math.Abs(a.Total) > math.Abs(b.Total):
			return -1
		case math.Abs(a.Total) < math.Abs(b.Total):
			return 1
		}
		return 0
	})
	return d, nil
}

// apportion rounds parts to hundredths so that they sum to the given total:
// down first, then up where most was cut. Parts that are 0 stay 0 while others
// can take the difference.
func apportion(parts []float64, total int64) []int64 {
	out := make([]int64, len(parts))
	rest := make([]float64, len(parts))
	var order []int
	left := total
	for i, p := range parts {
		x := Round(p*100, 9) // without binary noise
		f := math.Floor(x)
		out[i], rest[i] = int64(f), x-f
		left -= out[i]
		if x != 0 {
			order = append(order, i)
		}
	}
	if len(order) == 0 {
		for i := range parts {
			order = append(order, i)
		}
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
	step := int64(1)
	if left < 0 {
		step = -1
		slices.Reverse(order)
	}
	for k := 0; left != 0 && len(order) > 0; k++ {
		out[order[k%len(order)]] += step
		left -= step
	}
	return out
}
