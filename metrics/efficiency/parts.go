package efficiency

import (
	"math"

	"weir/metrics/efficiency/simplex"
)

// scaleRows is the constraint on Σλ, with λ in columns from … from+n−1.
func scaleRows(s Scale, from, n, total int) []simplex.Row {
	row := simplex.Row{Coefficients: make([]float64, total), RHS: 1}
	for j := range n {
		row.Coefficients[from+j] = 1
	}
	switch s {
	case Variable:
		row.Sense = simplex.Equal
	case NonIncreasing:
		row.Sense = simplex.LessEqual
	case NonDecreasing:
		row.Sense = simplex.GreaterEqual
	default:
		return nil
	}
	return []simplex.Row{row}
}

func unlimited(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Inf(1)
	}
	return out
}

// combine returns the inputs and outputs of the combination of units.
func combine(t Table, lambda []float64) (in, out []float64) {
	in, out = make([]float64, len(t.InputNames)), make([]float64, len(t.OutputNames))
	for j, l := range lambda {
		if l == 0 {
			continue
		}
		for i, v := range t.Inputs[j] {
			in[i] += l * v
		}
		for r, v := range t.Outputs[j] {
			out[r] += l * v
		}
	}
	return in, out
}

// rounding is the size, relative to column means, of what the solver leaves
// where there is nothing.
const rounding = 1e-10

func peers(units []string, lambda []float64) []Peer {
	var out []Peer
	for j, l := range lambda {
		if l > rounding {
			out = append(out, Peer{units[j], l})
		}
	}
	return out
}

// tidy sets what counts as rounding to 0.
func tidy(slacks []float64) []float64 {
	out := make([]float64, len(slacks))
	for i, s := range slacks {
		if s > rounding {
			out[i] = s
		}
	}
	return out
}

// relevant reports whether a slack matters next to the value it belongs to.
func relevant(slacks, values []float64) bool {
	for i, s := range slacks {
		if s > negligible*values[i]+rounding {
			return true
		}
	}
	return false
}

func sum(xs []float64) float64 {
	var s float64
	for _, x := range xs {
		s += x
	}
	return s
}

// snap sets a factor that differs from 1 by rounding only to 1.
func snap(x float64) float64 {
	if math.Abs(x-1) < 1e-9 {
		return 1
	}
	return x
}
