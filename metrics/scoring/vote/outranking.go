package vote

import (
	"math"
	"slices"
)

// Outranking is a square matrix: entry a, b is the support for ranking a before
// b. The diagonal is 0.
type Outranking [][]float64

func newOutranking(n int) Outranking {
	o := make(Outranking, n)
	for i := range o {
		o[i] = make([]float64, n)
	}
	return o
}

// OutrankingOf compares units indicator by indicator: entry a, b is the sum of
// the weights of the indicators on which a is better, plus half the weight of
// those on which they are equal. Values are finite, values[unit][indicator],
// more is better.
//
// Munda, G. and Nardo, M. (2009), Non-compensatory/non-linear composite
// indicators for ranking countries, Applied Economics 41, 1513-1523.
func OutrankingOf(values [][]float64, weights []float64) (Outranking, error) {
	if len(values) == 0 || len(weights) == 0 {
		return nil, invalid("an empty table")
	}
	for i, row := range values {
		if len(row) != len(weights) {
			return nil, invalid("unit %d has %d values for %d weights", i+1, len(row), len(weights))
		}
		for j, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) || math.IsNaN(weights[j]) || math.IsInf(weights[j], 0) || weights[j] < 0 {
				return nil, invalid("unit %d, indicator %d: value %v, weight %v", i+1, j+1, v, weights[j])
			}
		}
	}
	o := newOutranking(len(values))
	for a := range values {
		for b := range values {
			if a == b {
				continue
			}
			for j, w := range weights {
				switch {
				case values[a][j] > values[b][j]:
					o[a][b] += w
				case values[a][j] == values[b][j]:
					o[a][b] += w / 2
				}
			}
		}
	}
	return o, nil
}

func (o Outranking) validate() error {
	if len(o) == 0 {
		return invalid("an empty matrix")
	}
	for i, row := range o {
		if len(row) != len(o) {
			return invalid("row %d has %d entries for %d alternatives", i+1, len(row), len(o))
		}
		for j, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return invalid("entry %d, %d is %v", i+1, j+1, v)
			}
		}
	}
	return nil
}

// beats reports a majority for a before b; differences of rounding are none.
func (o Outranking) beats(a, b int) bool {
	return o[a][b]-o[b][a] > 1e-9*math.Max(1, math.Abs(o[a][b])+math.Abs(o[b][a]))
}

// CondorcetWinner returns the alternative that beats every other by majority,
// or false where majorities go round in a circle or tie.
func (o Outranking) CondorcetWinner() (int, bool) {
	for a := range o {
		wins := 0
		for b := range o {
			if a != b && o.beats(a, b) {
				wins++
			}
		}
		if wins == len(o)-1 {
			return a, true
		}
	}
	return 0, false
}

// Cycle returns alternatives each of which beats the next and the last of which
// beats the first, or nil if majorities never go round in a circle.
func (o Outranking) Cycle() []int {
	state := make([]int, len(o)) // 0 new, 1 on the path, 2 done
	var path, found []int
	var visit func(a int)
	visit = func(a int) {
		state[a] = 1
		path = append(path, a)
		for b := range o {
			if found != nil || a == b || !o.beats(a, b) {
				continue
			}
			switch state[b] {
			case 0:
				visit(b)
			case 1:
				found = slices.Clone(path[slices.Index(path, b):])
			}
		}
		state[a] = 2
		path = path[:len(path)-1]
	}
	for a := range o {
		if state[a] == 0 && found == nil {
			visit(a)
		}
	}
	return found
}

// Copeland returns the alternatives beaten minus those beaten by.
//
// Copeland, A. H. (1951).
func (o Outranking) Copeland() ([]float64, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	out := make([]float64, len(o))
	for a := range o {
		for b := range o {
			if o.beats(a, b) {
				out[a]++
				out[b]--
			}
		}
	}
	return out, nil
}

// Support is the Kemeny score of a ranking: the sum of the support for each
// pair in its order.
func (o Outranking) Support(ranking []int) float64 {
	var s float64
	for i, a := range ranking {
		for _, b := range ranking[i+1:] {
			s += o[a][b]
		}
	}
	return s
}
