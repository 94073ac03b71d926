package simplex

import "math"

// state is a scaled problem with one logical variable per row: Ax + Is = b.
// Columns 0 … n−1 are the problem's variables, n … n+m−1 the logicals.
type state struct {
	m, n       int
	a          [][]float64 // m rows of n scaled coefficients
	b          []float64
	cost       []float64 // of all n+m columns
	low, high  []float64 // of all n+m columns
	rowScale   []float64
	colScale   []float64
	costScale  float64
	sizeScale  float64 // of right-hand sides and bounds
	exact      bool    // choose leaving variables without tolerance
	tolerance  float64
	pivotTol   float64
	basis      []int // column that is basic in each row
	position   []int // row in which a column is basic, or −1
	x          []float64
	inverse    [][]float64
	costs      []float64 // cost of the current phase
	duals      []float64
	column     []float64
	iterations int
	sinceFresh int
}

func newState(p Problem) *state {
	m, n := len(p.Rows), len(p.Objective)
	s := &state{m: m, n: n, tolerance: feasTol, a: make([][]float64, m), b: make([]float64, m),
		cost: make([]float64, n+m), low: make([]float64, n+m), high: make([]float64, n+m),
		basis: make([]int, m), position: make([]int, n+m), x: make([]float64, n+m),
		costs: make([]float64, n+m), duals: make([]float64, m), column: make([]float64, m)}
	s.scale(p)
	s.sizeScale = s.sizeOf(p)
	for i, r := range p.Rows {
		s.a[i] = make([]float64, n)
		for j, v := range r.Coefficients {
			s.a[i][j] = v * s.rowScale[i] * s.colScale[j]
		}
		s.b[i] = r.RHS * s.rowScale[i] * s.sizeScale
		k := n + i
		switch r.Sense {
		case LessEqual:
			s.low[k], s.high[k] = 0, math.Inf(1)
		case GreaterEqual:
			s.low[k], s.high[k] = math.Inf(-1), 0
		}
		s.basis[i], s.position[k] = k, i
	}
	most := 0.0
	for j := range n {
		s.position[j] = -1
		l, u := p.bounds(j)
		s.low[j], s.high[j] = l/s.colScale[j]*s.sizeScale, u/s.colScale[j]*s.sizeScale
		s.cost[j] = p.Objective[j] * s.colScale[j]
		most = math.Max(most, math.Abs(s.cost[j]))
		s.x[j] = nearestBound(s.low[j], s.high[j])
	}
	s.costScale = 1
	if most > 0 {
		s.costScale = math.Ldexp(1, -min(1000, max(-1000, math.Ilogb(most))))
	}
	for j := range n {
		s.cost[j] *= s.costScale
	}
	s.inverse = make([][]float64, m)
	for i := range s.inverse {
		s.inverse[i] = make([]float64, m)
		s.inverse[i][i] = 1
	}
	s.recompute()
	return s
}

func nearestBound(low, high float64) float64 {
	switch {
	case low >= 0 || math.IsInf(high, 1) && !math.IsInf(low, -1):
		return low
	case high <= 0 || math.IsInf(low, -1) && !math.IsInf(high, 1):
		return high
	case math.IsInf(low, -1):
		return 0
	}
	return low
}

// scale chooses powers of two that bring the coefficients near 1: first rows,
// then columns, twice, each by the geometric mean of its extremes. Powers of
// two change no digit.
func (s *state) scale(p Problem) {
	s.rowScale, s.colScale = ones(s.m), ones(s.n)
	for range 2 {
		for i, r := range p.Rows {
			s.rowScale[i] = scaleOf(len(r.Coefficients), func(j int) float64 { return r.Coefficients[j] * s.colScale[j] })
		}
		for j := range s.n {
			s.colScale[j] = scaleOf(s.m, func(i int) float64 { return p.Rows[i].Coefficients[j] * s.rowScale[i] })
		}
	}
}

// sizeOf chooses the power of two that brings the largest right-hand side or
// bound near 1, so that tolerances mean the same for programs of any size.
func (s *state) sizeOf(p Problem) float64 {
	most := 0.0
	for i, r := range p.Rows {
		most = math.Max(most, math.Abs(r.RHS*s.rowScale[i]))
	}
	for j := range s.n {
		l, u := p.bounds(j)
		for _, b := range []float64{l, u} {
			if !math.IsInf(b, 0) {
				most = math.Max(most, math.Abs(b/s.colScale[j]))
			}
		}
	}
	if most == 0 || math.IsInf(most, 0) {
		return 1
	}
	return math.Ldexp(1, -min(500, max(-500, math.Ilogb(most))))
}

func scaleOf(n int, value func(int) float64) float64 {
	least, most := math.Inf(1), 0.0
	for k := range n {
		if v := math.Abs(value(k)); v > 0 {
			least, most = math.Min(least, v), math.Max(most, v)
		}
	}
	if most == 0 {
		return 1
	}
	e := (math.Ilogb(least) + math.Ilogb(most)) / 2
	return math.Ldexp(1, -min(500, max(-500, e)))
}

func ones(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}
