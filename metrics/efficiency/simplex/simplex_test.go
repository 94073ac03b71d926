package simplex

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func solve(t *testing.T, p Problem) Solution {
	t.Helper()
	s, err := Solve(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTextbook(t *testing.T) {
	// Wyndor Glass, Hillier and Lieberman, Introduction to Operations
	// Research: max 3x+5y, x ≤ 4, 2y ≤ 12, 3x+2y ≤ 18: 36 at (2, 6), shadow
	// prices 0, 3/2, 1.
	s := solve(t, Problem{Objective: []float64{-3, -5}, Rows: []Row{
		{[]float64{1, 0}, LessEqual, 4}, {[]float64{0, 2}, LessEqual, 12}, {[]float64{3, 2}, LessEqual, 18}}})
	if math.Abs(s.Objective+36) > 1e-12 || math.Abs(s.X[0]-2) > 1e-12 || math.Abs(s.X[1]-6) > 1e-12 {
		t.Errorf("%+v", s)
	}
	for i, want := range []float64{0, -1.5, -1} {
		if math.Abs(s.Duals[i]-want) > 1e-12 {
			t.Errorf("dual %d = %v, want %v", i, s.Duals[i], want)
		}
	}
}

// Beale's example cycles under the plain largest-coefficient rule; its optimum
// is −1/20. Beale, E. M. L. (1955), Cycling in the dual simplex algorithm,
// Naval Research Logistics Quarterly 2, 269-275.
func TestCycling(t *testing.T) {
	s := solve(t, Problem{Objective: []float64{-.75, 150, -.02, 6}, Rows: []Row{
		{[]float64{.25, -60, -.04, 9}, LessEqual, 0}, {[]float64{.5, -90, -.02, 3}, LessEqual, 0}, {[]float64{0, 0, 1, 0}, LessEqual, 1}}})
	if math.Abs(s.Objective+.05) > 1e-12 {
		t.Errorf("objective %v, want -0.05", s.Objective)
	}
}

// Klee and Minty's cube makes the simplex method visit many corners; the
// optimum is 100^(n−1).
func TestKleeMinty(t *testing.T) {
	const n = 6
	p := Problem{Objective: make([]float64, n)}
	for i := range n {
		p.Objective[i] = -math.Pow(10, float64(n-1-i))
		row := make([]float64, n)
		for j := range i {
			row[j] = 2 * math.Pow(10, float64(i-j))
		}
		row[i] = 1
		p.Rows = append(p.Rows, Row{row, LessEqual, math.Pow(100, float64(i))})
	}
	if s := solve(t, p); math.Abs(s.Objective+1e10) > 1 {
		t.Errorf("objective %v, want -1e10", s.Objective)
	}
}

func TestBounds(t *testing.T) {
	inf := math.Inf(1)
	// Free and boxed variables, an equality, no rows at all.
	s := solve(t, Problem{Objective: []float64{1, 1}, Lower: []float64{-inf, -2}, Upper: []float64{inf, 5},
		Rows: []Row{{[]float64{1, -1}, Equal, 3}}})
	if math.Abs(s.Objective-(-1)) > 1e-12 { // y = −2, x = 1
		t.Errorf("%+v", s)
	}
	s = solve(t, Problem{Objective: []float64{-1, 2}, Lower: []float64{0, 1}, Upper: []float64{7, inf}})
	if s.X[0] != 7 || s.X[1] != 1 {
		t.Errorf("%+v", s)
	}
}

func TestRefusals(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	one := []float64{1}
	for name, c := range map[string]struct {
		p    Problem
		want error
	}{
		"unbounded":       {Problem{Objective: []float64{-1}}, ErrUnbounded},
		"unbounded below": {Problem{Objective: one, Lower: []float64{-inf}}, ErrUnbounded},
		"infeasible":      {Problem{Objective: one, Rows: []Row{{one, LessEqual, -1}}}, ErrInfeasible},
		"bounds cross":    {Problem{Objective: one, Lower: []float64{2}, Upper: one}, ErrInfeasible},
		"contradiction":   {Problem{Objective: one, Rows: []Row{{one, Equal, 1}, {one, Equal, 2}}}, ErrInfeasible},
		"empty":           {Problem{}, ErrInvalid},
		"NaN cost":        {Problem{Objective: []float64{nan}}, ErrInvalid},
		"NaN entry":       {Problem{Objective: one, Rows: []Row{{[]float64{nan}, Equal, 1}}}, ErrInvalid},
		"infinite RHS":    {Problem{Objective: one, Rows: []Row{{one, Equal, inf}}}, ErrInvalid},
		"short row":       {Problem{Objective: one, Rows: []Row{{nil, Equal, 1}}}, ErrInvalid},
		"odd sense":       {Problem{Objective: one, Rows: []Row{{one, 9, 1}}}, ErrInvalid},
		"short bounds":    {Problem{Objective: []float64{1, 1}, Lower: one}, ErrInvalid},
		"NaN bound":       {Problem{Objective: one, Lower: []float64{nan}}, ErrInvalid},
		"lower +Inf":      {Problem{Objective: one, Lower: []float64{inf}}, ErrInvalid},
	} {
		if _, err := Solve(c.p, Options{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	p := Problem{Objective: []float64{-3, -5}, Rows: []Row{{[]float64{3, 2}, LessEqual, 18}, {[]float64{1, 2}, LessEqual, 8}}}
	if _, err := Solve(p, Options{MaxIterations: 1}); !errors.Is(err, ErrIterations) {
		t.Errorf("cap of 1: %v", err)
	}
}

// corner enumerates all corners of a boxed program and returns the least
// objective, an independent formulation that needs no pivoting.
func corner(p Problem) (best float64, feasible bool) {
	n := len(p.Objective)
	type plane struct {
		a []float64
		b float64
	}
	var planes []plane
	for _, r := range p.Rows {
		planes = append(planes, plane{r.Coefficients, r.RHS})
	}
	for j := range n {
		e := make([]float64, n)
		e[j] = 1
		planes = append(planes, plane{e, p.Lower[j]}, plane{e, p.Upper[j]})
	}
	best = math.Inf(1)
	pick := make([]int, n)
	var walk func(at, from int)
	walk = func(at, from int) {
		if at < n {
			for k := from; k < len(planes); k++ {
				pick[at] = k
				walk(at+1, k+1)
			}
			return
		}
		a, b := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
		for i, k := range pick {
			a.SetRow(i, planes[k].a)
			b.SetVec(i, planes[k].b)
		}
		var x mat.VecDense
		if mat.Cond(a, 2) > 1e9 || x.SolveVec(a, b) != nil {
			return
		}
		var v float64
		for j := range n {
			if x.AtVec(j) < p.Lower[j]-1e-7 || x.AtVec(j) > p.Upper[j]+1e-7 {
				return
			}
			v += p.Objective[j] * x.AtVec(j)
		}
		for _, r := range p.Rows {
			gap := -r.RHS
			for j := range n {
				gap += r.Coefficients[j] * x.AtVec(j)
			}
			if r.Sense != GreaterEqual && gap > 1e-7 || r.Sense != LessEqual && gap < -1e-7 {
				return
			}
		}
		best, feasible = math.Min(best, v), true
	}
	walk(0, 0)
	return best, feasible
}

func TestAgainstCorners(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 8))
	solved, infeasible := 0, 0
	for range 3000 {
		n := 1 + rng.IntN(3)
		p := Problem{}
		for range n {
			p.Objective = append(p.Objective, float64(rng.IntN(9)-4))
			l := float64(rng.IntN(7) - 3)
			p.Lower, p.Upper = append(p.Lower, l), append(p.Upper, l+float64(rng.IntN(6)))
		}
		for range rng.IntN(4) {
			r := Row{Sense: Sense(rng.IntN(3)), RHS: float64(rng.IntN(13) - 6)}
			for range n {
				r.Coefficients = append(r.Coefficients, float64(rng.IntN(7)-3))
			}
			p.Rows = append(p.Rows, r)
		}
		want, feasible := corner(p)
		got, err := Solve(p, Options{})
		switch {
		case !feasible && errors.Is(err, ErrInfeasible):
			infeasible++
		case feasible && err == nil && math.Abs(got.Objective-want) < 1e-7:
			solved++
		default:
			t.Fatalf("%+v: %v %v, want %v %v", p, got.Objective, err, want, feasible)
		}
	}
	if solved < 500 || infeasible < 500 {
		t.Errorf("only %d solved and %d infeasible programs were drawn", solved, infeasible)
	}
}

// FuzzSolve holds that any input ends, with a checked answer or an error.
func FuzzSolve(f *testing.F) {
	f.Add(uint64(1), 1.0)
	f.Add(uint64(99), 1e-8)
	f.Fuzz(func(t *testing.T, seed uint64, spread float64) {
		if math.IsNaN(spread) || math.Abs(spread) > 1e12 {
			return
		}
		rng := rand.New(rand.NewPCG(seed, 1))
		n, m := 1+rng.IntN(12), rng.IntN(8)
		p := Problem{Objective: make([]float64, n)}
		wild := func() float64 {
			if rng.IntN(3) == 0 {
				return 0
			}
			return rng.NormFloat64() * math.Pow(math.Abs(spread)+1e-9, float64(rng.IntN(2)))
		}
		for j := range p.Objective {
			p.Objective[j] = wild()
		}
		for range m {
			r := Row{Sense: Sense(rng.IntN(3)), RHS: wild(), Coefficients: make([]float64, n)}
			for j := range r.Coefficients {
				r.Coefficients[j] = wild()
			}
			p.Rows = append(p.Rows, r)
		}
		s, err := Solve(p, Options{})
		if err == nil && (math.IsNaN(s.Objective) || math.IsInf(s.Objective, 0)) {
			t.Fatalf("objective %v", s.Objective)
		}
	})
}
