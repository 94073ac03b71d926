// Package weigh finds weights: from judgements (pairwise comparison) or from
// the data (entropy, spread, conflict, removal effect, principal components).
//
// Weights from data change whenever a unit's data change. They show how robust
// a ranking is; they are no basis for a department's score.
//
// Never added here: scores, ranks, normalisation for its own sake.
package weigh

import (
	"errors"
	"fmt"
	"math"
)

// ErrInvalid says that weights cannot be found for this input.
var ErrInvalid = errors.New("no weights for this input")

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

// Matrix holds alternatives × criteria.
type Matrix struct {
	Values [][]float64 // Values[alternative][criterion], finite
	Cost   []bool      // criteria of which less is better; nil = none
}

func (m Matrix) criteria() int {
	if len(m.Values) == 0 {
		return 0
	}
	return len(m.Values[0])
}

func (m Matrix) cost(j int) bool { return m.Cost != nil && m.Cost[j] }

// Validate reports an empty or ragged matrix, NaN, infinite values, or marks of
// cost that do not fit.
func (m Matrix) Validate() error {
	n := m.criteria()
	if n == 0 {
		return invalid("an empty table")
	}
	if m.Cost != nil && len(m.Cost) != n {
		return invalid("%d marks of cost for %d criteria", len(m.Cost), n)
	}
	for i, row := range m.Values {
		if len(row) != n {
			return invalid("alternative %d has %d values for %d criteria", i+1, len(row), n)
		}
		for j, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return invalid("alternative %d, criterion %d: %v", i+1, j+1, v)
			}
		}
	}
	return nil
}

func (m Matrix) column(j int) []float64 {
	out := make([]float64, len(m.Values))
	for i, row := range m.Values {
		out[i] = row[j]
	}
	return out
}

// MinMax returns the matrix scaled to [0, 1] so that more is better in every
// column. A column that does not vary becomes 0.
func (m Matrix) MinMax() Matrix {
	out := Matrix{Values: make([][]float64, len(m.Values))}
	for i := range out.Values {
		out.Values[i] = make([]float64, m.criteria())
	}
	for j := range m.criteria() {
		col := m.column(j)
		lo, hi := bounds(col)
		if hi == lo {
			continue
		}
		for i, v := range col {
			s := (v - lo) / (hi - lo)
			if m.cost(j) {
				s = (hi - v) / (hi - lo)
			}
			out.Values[i][j] = s
		}
	}
	return out
}

func bounds(xs []float64) (lo, hi float64) {
	lo, hi = xs[0], xs[0]
	for _, x := range xs {
		lo, hi = math.Min(lo, x), math.Max(hi, x)
	}
	return lo, hi
}

// share scales importances to sum to 1. All 0 means that nothing tells the
// criteria apart: they share equally.
func share(xs []float64) ([]float64, error) {
	var sum float64
	for j, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) || x < -1e-12 {
			return nil, invalid("criterion %d has importance %v", j+1, x)
		}
		sum += math.Max(0, x)
	}
	out := make([]float64, len(xs))
	for j, x := range xs {
		if sum == 0 {
			out[j] = 1 / float64(len(xs))
		} else {
			out[j] = math.Max(0, x) / sum
		}
	}
	return out, nil
}

// Equal returns n weights of 1/n.
func Equal(n int) ([]float64, error) {
	if n < 1 {
		return nil, invalid("%d criteria", n)
	}
	return share(make([]float64, n))
}

// Given scales weights to sum to 1; all must be finite and at least 0, and one
// above 0.
func Given(weights []float64) ([]float64, error) {
	some := false
	for j, w := range weights {
		if math.IsNaN(w) || math.IsInf(w, 0) || w < 0 {
			return nil, invalid("weight %d is %v", j+1, w)
		}
		some = some || w > 0
	}
	if !some {
		return nil, invalid("no weight above 0")
	}
	return share(weights)
}
