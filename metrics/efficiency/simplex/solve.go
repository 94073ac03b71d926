package simplex

import (
	"errors"
	"fmt"
	"math"
)

// Tolerances on the scaled problem.
const (
	feasTol  = 1e-9  // bound violation that counts as none
	costTol  = 1e-10 // reduced cost that counts as none
	checkTol = 1e-7  // final check, relative
	stall    = 40    // steps without progress before Bland's rule takes over
	refactor = 25    // steps between fresh inverses
)

var (
	polishTols = []float64{1e-11, 1e-13}      // the same in later searches
	pivotTols  = []float64{1e-9, 1e-7, 1e-11} // smallest pivot, in order of trial
)

// Solve finds an optimum, or reports ErrInfeasible, ErrUnbounded,
// ErrIterations, ErrNumerical or ErrInvalid. It never panics for bad input and
// always ends.
//
// Dantzig, G. B. (1963), Linear Programming and Extensions; Bland, R. G.
// (1977), New finite pivoting rules for the simplex method, Mathematics of
// Operations Research 2, 103-107.
func Solve(p Problem, opt Options) (Solution, error) {
	if err := p.validate(); err != nil {
		return Solution{}, err
	}
	limit := opt.MaxIterations
	if limit == 0 {
		limit = 200 + 50*(len(p.Rows)+len(p.Objective))
	}
	// Data that span many powers of ten can lead into a basis without an
	// inverse. Other limits on what may be a pivot lead along another way.
	var sol Solution
	var err error
	for _, tol := range pivotTols {
		if sol, err = attempt(p, limit, tol); !errors.Is(err, ErrNumerical) {
			break
		}
	}
	return sol, err
}

func attempt(p Problem, limit int, pivotTol float64) (Solution, error) {
	s := newState(p)
	s.pivotTol = pivotTol
	if err := s.settle(limit); err != nil {
		return Solution{}, err
	}
	sol, err := s.solution(p)
	// The tolerance that keeps the search moving lets an optimum lean on rows
	// that it slightly exceeds. Further searches with less and less tolerance,
	// each from where the last ended, remove that; where one gets stuck, the
	// last answer stands.
	for _, tol := range polishTols {
		s.tolerance, s.exact = tol, true
		if s.settle(limit) != nil {
			break
		}
		if better, e := s.solution(p); e == nil {
			sol, err = better, nil
		}
	}
	return sol, err
}

// settle runs both phases until a fresh inverse confirms the answer. A fresh
// inverse can show that rounding had let a variable slip out of its bounds; the
// phases then start again from there.
func (s *state) settle(limit int) error {
	for round := range 5 {
		s.exact = s.exact || round > 0
		for _, phaseOne := range []bool{true, false} {
			if err := s.run(s.iterations+limit, phaseOne); err != nil {
				return err
			}
		}
		if err := s.fresh(); err != nil {
			return err
		}
		if s.infeasibility() == 0 {
			return nil
		}
	}
	return fmt.Errorf("%w: variables keep slipping out of their bounds", ErrNumerical)
}

// entry is the coefficient of column k in row i.
func (s *state) entry(i, k int) float64 {
	if k < s.n {
		return s.a[i][k]
	}
	if k-s.n == i {
		return 1
	}
	return 0
}

// recompute sets the basic variables from the nonbasic ones.
func (s *state) recompute() {
	rest := make([]float64, s.m)
	for i := range rest {
		rest[i] = s.b[i]
		for j, v := range s.a[i] {
			if s.position[j] < 0 && s.x[j] != 0 {
				rest[i] -= v * s.x[j]
			}
		}
		if k := s.n + i; s.position[k] < 0 {
			rest[i] -= s.x[k]
		}
	}
	for _, k := range s.basis {
		s.x[k] = 0
	}
	// The second round removes what rounding left of the first (iterative
	// refinement), which matters where the basis is badly conditioned.
	for range 2 {
		for i, k := range s.basis {
			var v float64
			for r, w := range s.inverse[i] {
				v += w * rest[r]
			}
			s.x[k] += v
			s.column[i] = v
		}
		for r := range rest {
			for i, k := range s.basis {
				rest[r] -= s.entry(r, k) * s.column[i]
			}
		}
	}
}

// violation is how far variable k lies outside its bounds: negative below,
// positive above.
func (s *state) violation(k int) float64 {
	tol := s.tolerance * math.Max(1, math.Abs(s.x[k]))
	switch {
	case s.x[k] < s.low[k]-tol:
		return s.x[k] - s.low[k]
	case s.x[k] > s.high[k]+tol:
		return s.x[k] - s.high[k]
	}
	return 0
}

// infeasibility is the sum of violations of the basic variables.
func (s *state) infeasibility() float64 {
	var sum float64
	for _, k := range s.basis {
		sum += math.Abs(s.violation(k))
	}
	return sum
}

// merit is what the current phase brings down.
func (s *state) merit(phaseOne bool) float64 {
	if phaseOne {
		return s.infeasibility()
	}
	var v float64
	for j := range s.n {
		v += s.cost[j] * s.x[j]
	}
	return v
}

// run carries out one phase: the first brings all basic variables within
// bounds, the second brings the objective down.
func (s *state) run(limit int, phaseOne bool) error {
	best, still := s.merit(phaseOne), 0
	for {
		if phaseOne && s.infeasibility() == 0 {
			return nil
		}
		s.price(phaseOne)
		bland := still > stall
		k, dir := s.entering(bland)
		if k < 0 {
			if s.sinceFresh > 0 { // confirm on a fresh inverse
				if err := s.fresh(); err != nil {
					return err
				}
				continue
			}
			if phaseOne {
				return ErrInfeasible
			}
			return nil
		}
		if s.iterations++; s.iterations > limit {
			return fmt.Errorf("%w after %d steps", ErrIterations, s.iterations-1)
		}
		if err := s.step(k, dir, phaseOne, bland); err != nil {
			return err
		}
		// Progress is measured against the best so far: rounding that moves the
		// merit up and down must not end Bland's rule.
		if now := s.merit(phaseOne); now < best-1e-9*math.Max(1, math.Abs(best)) {
			best, still = now, 0
		} else {
			still++
		}
	}
}

// price sets the duals of the current phase's costs.
func (s *state) price(phaseOne bool) {
	if phaseOne {
		clear(s.costs)
		for _, k := range s.basis {
			if v := s.violation(k); v != 0 {
				s.costs[k] = math.Copysign(1, v)
			}
		}
	} else {
		copy(s.costs, s.cost)
	}
	clear(s.duals)
	for i, k := range s.basis {
		if c := s.costs[k]; c != 0 {
			for r, w := range s.inverse[i] {
				s.duals[r] += c * w
			}
		}
	}
}

// reduced returns the reduced costs of all columns.
func (s *state) reduced(out []float64) {
	copy(out, s.costs)
	for i, y := range s.duals {
		if y == 0 {
			continue
		}
		for j, v := range s.a[i] {
			out[j] -= y * v
		}
		out[s.n+i] -= y
	}
}

// entering picks a nonbasic column that improves the phase, and the direction
// in which it moves; −1 if none does. Without Bland's rule the steepest
// reduced cost wins, with it the lowest index.
func (s *state) entering(bland bool) (k int, dir float64) {
	d := make([]float64, s.n+s.m)
	s.reduced(d)
	k, best := -1, costTol
	for j, dj := range d {
		if s.position[j] >= 0 || s.low[j] == s.high[j] {
			continue
		}
		up := dj < 0 && s.x[j] < s.high[j]
		down := dj > 0 && s.x[j] > s.low[j]
		if size := math.Abs(dj); (up || down) && size > best {
			k, dir = j, 1
			if down {
				dir = -1
			}
			if bland {
				return k, dir
			}
			best = size
		}
	}
	return k, dir
}
