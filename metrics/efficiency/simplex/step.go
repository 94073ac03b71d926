package simplex

import (
	"fmt"
	"math"
)

// block is a basic variable that limits a step.
type block struct {
	row   int
	ratio float64 // step length at which it meets its bound
	bound float64
	pivot float64
}

// step moves column k in direction dir as far as the bounds allow and changes
// the basis, or flips k to its other bound.
func (s *state) step(k int, dir float64, phaseOne, bland bool) error {
	s.setColumn(k)
	leaving := s.leaving(dir, phaseOne, bland)
	flip := s.high[k] - s.low[k]
	if leaving.row < 0 && math.IsInf(flip, 1) {
		if phaseOne {
			return fmt.Errorf("%w: no variable limits a step of the first phase", ErrNumerical)
		}
		return ErrUnbounded
	}
	length := leaving.ratio
	if leaving.row < 0 || flip < length {
		length, leaving.row = flip, -1
	}
	for i, b := range s.basis {
		s.x[b] -= dir * length * s.column[i]
	}
	s.x[k] += dir * length
	if leaving.row < 0 {
		if dir > 0 {
			s.x[k] = s.high[k]
		} else {
			s.x[k] = s.low[k]
		}
		return nil
	}
	out := s.basis[leaving.row]
	s.x[out] = leaving.bound
	s.position[out] = -1
	s.basis[leaving.row], s.position[k] = k, leaving.row
	s.pivot(leaving.row)
	if s.sinceFresh++; s.sinceFresh >= refactor {
		return s.fresh()
	}
	return nil
}

// setColumn solves B·column = A_k, refined once: a pivot that is 0 but for the
// rounding of an old inverse would make the next basis singular.
func (s *state) setColumn(k int) {
	clear(s.column)
	rest := make([]float64, s.m)
	for r := range rest {
		rest[r] = s.entry(r, k)
	}
	change := make([]float64, s.m)
	for round := range 2 {
		for i, row := range s.inverse {
			var v float64
			for r, w := range row {
				v += w * rest[r]
			}
			change[i] = v
			s.column[i] += v
		}
		if round > 0 {
			return
		}
		for r := range rest {
			for i, b := range s.basis {
				rest[r] -= s.entry(r, b) * change[i]
			}
		}
	}
}

// leaving finds the basic variable that first meets a bound. Of those that
// meet theirs within the tolerance of the first, the one with the largest pivot
// leaves, or under Bland's rule the one with the lowest index.
func (s *state) leaving(dir float64, phaseOne, bland bool) block {
	var blocks []block
	least := math.Inf(1)
	for i, k := range s.basis {
		slope := -dir * s.column[i]
		if math.Abs(slope) < s.pivotTol {
			continue
		}
		bound, ok := s.blockingBound(k, slope, phaseOne)
		if !ok {
			continue
		}
		ratio := math.Max(0, (bound-s.x[k])/slope)
		// How far it could go if its bound were a little wider: the least of
		// these limits the choice (Harris's two passes). Bland's rule ends
		// cycles only with exact ties.
		tol := 0.0
		if !bland && !s.exact {
			tol = s.tolerance / 10 * math.Max(1, math.Abs(bound))
		}
		least = math.Min(least, ratio+tol/math.Abs(slope))
		blocks = append(blocks, block{i, ratio, bound, math.Abs(slope)})
	}
	best := block{row: -1, ratio: math.Inf(1)}
	for _, b := range blocks {
		switch {
		case b.ratio > least:
		case best.row < 0,
			!bland && b.pivot > best.pivot,
			bland && s.basis[b.row] < s.basis[best.row]:
			best = b
		}
	}
	return best
}

// blockingBound returns the bound at which basic variable k stops when it moves
// with the given slope. A variable outside its bounds stops where it comes in
// and does not stop when it moves further out.
func (s *state) blockingBound(k int, slope float64, phaseOne bool) (float64, bool) {
	if phaseOne {
		switch v := s.violation(k); {
		case v < 0:
			return s.low[k], slope > 0
		case v > 0:
			return s.high[k], slope < 0
		}
	}
	if slope > 0 {
		return s.high[k], !math.IsInf(s.high[k], 1)
	}
	return s.low[k], !math.IsInf(s.low[k], -1)
}

// pivot updates the inverse for the column just computed entering at row r.
func (s *state) pivot(r int) {
	p := s.column[r]
	row := s.inverse[r]
	for c := range row {
		row[c] /= p
	}
	for i := range s.inverse {
		if f := s.column[i]; i != r && f != 0 {
			for c, v := range row {
				s.inverse[i][c] -= f * v
			}
		}
	}
}

// fresh inverts the basis anew and recomputes the basic variables, so that
// rounding does not add up.
func (s *state) fresh() error {
	m := s.m
	work := make([][]float64, m)
	for i := range work {
		work[i] = make([]float64, 2*m)
		for c, k := range s.basis {
			work[i][c] = s.entry(i, k)
		}
		work[i][m+i] = 1
	}
	for c := range m {
		best := c
		for i := c + 1; i < m; i++ {
			if math.Abs(work[i][c]) > math.Abs(work[best][c]) {
				best = i
			}
		}
		if math.Abs(work[best][c]) < 1e-18 {
			return fmt.Errorf("%w: the basis is singular", ErrNumerical)
		}
		work[c], work[best] = work[best], work[c]
		p := work[c][c]
		for j := c; j < 2*m; j++ {
			work[c][j] /= p
		}
		for i := range work {
			if f := work[i][c]; i != c && f != 0 {
				for j := c; j < 2*m; j++ {
					work[i][j] -= f * work[c][j]
				}
			}
		}
	}
	for i := range work {
		copy(s.inverse[i], work[i][m:])
	}
	s.sinceFresh = 0
	s.recompute()
	return nil
}

// solution scales back, puts values within rounding of a bound on it, and
// checks the answer against the original problem.
func (s *state) solution(p Problem) (Solution, error) {
	s.price(false)
	sol := Solution{X: make([]float64, s.n), Duals: make([]float64, s.m), Iterations: s.iterations}
	for j := range sol.X {
		x := math.Min(s.high[j], math.Max(s.low[j], s.x[j]))
		sol.X[j] = x * s.colScale[j] / s.sizeScale
		sol.Objective += p.Objective[j] * sol.X[j]
	}
	for i, y := range s.duals {
		sol.Duals[i] = y * s.rowScale[i] / s.costScale
	}
	for i, r := range p.Rows {
		var sum, size float64
		for j, a := range r.Coefficients {
			sum += a * sol.X[j]
			size += math.Abs(a * sol.X[j])
		}
		size = math.Max(size, math.Abs(r.RHS))
		gap := sum - r.RHS
		tol := checkTol * math.Max(size, 1/s.rowScale[i]/s.sizeScale)
		if r.Sense != GreaterEqual && gap > tol || r.Sense != LessEqual && gap < -tol {
			return Solution{}, fmt.Errorf("%w: row %d is missed by %g", ErrNumerical, i, gap)
		}
	}
	// Weak duality: with the reduced costs at their best bounds, the dual
	// value bounds the optimum from below.
	d := make([]float64, s.n+s.m)
	s.reduced(d)
	objective := sol.Objective * s.costScale * s.sizeScale
	dual, size := 0.0, 1.0
	for i, y := range s.duals {
		dual += y * s.b[i]
		size = math.Max(size, math.Abs(y*s.b[i]))
	}
	for k, dk := range d {
		if s.position[k] >= 0 { // 0 but for rounding
			continue
		}
		at := s.x[k]
		if dk > costTol {
			at = s.low[k]
		} else if dk < -costTol {
			at = s.high[k]
		}
		if math.IsInf(at, 0) {
			if math.Abs(dk) > checkTol {
				return Solution{}, fmt.Errorf("%w: a reduced cost of %g without a bound", ErrNumerical, dk)
			}
			at = s.x[k]
		}
		dual += dk * at
		size = math.Max(size, math.Abs(dk*at))
	}
	if math.Abs(dual-objective) > checkTol*math.Max(size, math.Abs(objective)) {
		return Solution{}, fmt.Errorf("%w: duality gap %g", ErrNumerical, (objective-dual)/s.costScale/s.sizeScale)
	}
	return sol, nil
}
