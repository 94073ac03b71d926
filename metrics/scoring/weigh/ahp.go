package weigh

import (
	"math"
)

// RandomIndex is a table of mean consistency indices of random matrices, the
// yardstick of the consistency ratio.
type RandomIndex string

const (
	// Saaty1980 is the table most often printed (3: 0.58, 4: 0.90, 5: 1.12 …).
	// The zero value means the same.
	Saaty1980 RandomIndex = "saaty1980"
	// Saaty2005 is Saaty, Theory and Applications of the Analytic Network
	// Process, p. 31.
	Saaty2005 RandomIndex = "saaty2005"
	// DoneganDodd is Donegan and Dodd (1991), A note on Saaty's random indexes,
	// Mathematical and Computer Modelling 15(10), 135-137.
	DoneganDodd RandomIndex = "donegan_dodd"
)

var randomIndices = map[RandomIndex][]float64{ // from 3 elements on
	Saaty1980:   {.58, .90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59},
	Saaty2005:   {.52, .89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59},
	DoneganDodd: {.4914, .8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213, 1.4497, 1.4643, 1.4822, 1.4969},
}

// PairwiseLimit is the largest matrix accepted.
const PairwiseLimit = 15

// Pairwise is a square matrix of judgements: At[i][j] says how many times as
// important i is as j. NaN marks a judgement that was not given.
type Pairwise struct {
	At [][]float64
}

// NewPairwise returns a matrix of n elements without judgements.
func NewPairwise(n int) Pairwise {
	p := Pairwise{At: make([][]float64, n)}
	for i := range p.At {
		p.At[i] = make([]float64, n)
		for j := range p.At[i] {
			if i != j {
				p.At[i][j] = math.NaN()
			} else {
				p.At[i][j] = 1
			}
		}
	}
	return p
}

// Set records that i is ratio times as important as j, and the reverse.
func (p Pairwise) Set(i, j int, ratio float64) {
	p.At[i][j], p.At[j][i] = ratio, 1/ratio
}

// AHPResult is the outcome of AHP.
type AHPResult struct {
	Weights          []float64
	LambdaMax        float64
	ConsistencyIndex float64
	ConsistencyRatio float64 // 0 for up to two elements; accepted below 0.10
	Filled           [][]float64
}

// Consistent reports whether the ratio is below the usual limit of 0.10.
func (r AHPResult) Consistent() bool { return r.ConsistencyRatio < .10 }

// AHP derives weights from pairwise judgements: the principal eigenvector, with
//
//	CI = (λmax − n)/(n − 1),  CR = CI/RI
//
// Judgements that were not given are filled so that λmax is least, where the
// given ones connect all elements. The matrix must be reciprocal to 1 %, so
// that judgements printed with three digits are accepted.
//
// Saaty, T. L. (1980), The Analytic Hierarchy Process; missing judgements:
// Bozóki, S., Fülöp, J. and Rónyai, L. (2010), Mathematical and Computer
// Modelling 52, 318-333. Saaty's cut-off is criticised for large matrices: keep
// to seven elements.
func AHP(p Pairwise, table RandomIndex) (AHPResult, error) {
	if table == "" {
		table = Saaty1980
	}
	ri, ok := randomIndices[table]
	if !ok {
		return AHPResult{}, invalid("random index %q, want saaty1980, saaty2005 or donegan_dodd", table)
	}
	missing, err := p.check()
	if err != nil {
		return AHPResult{}, err
	}
	a := make([][]float64, len(p.At))
	for i := range a {
		a[i] = append([]float64(nil), p.At[i]...)
	}
	complete(a, missing)
	r := AHPResult{Filled: a}
	r.Weights, r.LambdaMax = principal(a)
	if n := len(a); n > 2 {
		r.ConsistencyIndex = math.Max(0, (r.LambdaMax-float64(n))/float64(n-1))
		r.ConsistencyRatio = r.ConsistencyIndex / ri[n-3]
	}
	return r, nil
}

// check returns the pairs without judgement.
func (p Pairwise) check() (missing [][2]int, err error) {
	n := len(p.At)
	if n == 0 || n > PairwiseLimit {
		return nil, invalid("%d elements to compare, want 1 to %d", n, PairwiseLimit)
	}
	for i, row := range p.At {
		if len(row) != n {
			return nil, invalid("row %d has %d judgements for %d elements", i+1, len(row), n)
		}
	}
	joined := make([]int, n) // groups of elements connected by judgements
	for i := range joined {
		joined[i] = i
	}
	for i := range n {
		if math.Abs(p.At[i][i]-1) > 1e-9 || math.IsNaN(p.At[i][i]) {
			return nil, invalid("element %d compared with itself is %v, want 1", i+1, p.At[i][i])
		}
		for j := range i {
			a, b := p.At[i][j], p.At[j][i]
			if math.IsNaN(a) && math.IsNaN(b) {
				missing = append(missing, [2]int{j, i})
				continue
			}
			if !(a > 0 && b > 0) || math.IsInf(a, 0) || math.IsInf(b, 0) || math.Abs(a*b-1) > .01 {
				return nil, invalid("elements %d and %d: %v one way, %v the other, want a number above 0 and its reciprocal", i+1, j+1, a, b)
			}
			from, to := joined[i], joined[j]
			for k := range joined {
				if joined[k] == from {
					joined[k] = to
				}
			}
		}
	}
	for _, g := range joined {
		if g != joined[0] {
			return nil, invalid("the judgements do not connect all elements")
		}
	}
	return missing, nil
}

// complete fills missing judgements one after the other, each where it makes
// λmax least, until none moves. λmax is convex in the logarithm of each.
func complete(a [][]float64, missing [][2]int) {
	for _, m := range missing {
		a[m[0]][m[1]], a[m[1]][m[0]] = 1, 1
	}
	for range 200 {
		moved := 0.0
		for _, m := range missing {
			before := math.Log(a[m[0]][m[1]])
			after := minimise(func(x float64) float64 {
				a[m[0]][m[1]], a[m[1]][m[0]] = math.Exp(x), math.Exp(-x)
				_, lambda := principal(a)
				return lambda
			}, -7, 7)
			a[m[0]][m[1]], a[m[1]][m[0]] = math.Exp(after), math.Exp(-after)
			moved = math.Max(moved, math.Abs(after-before))
		}
		if moved < 1e-7 {
			return
		}
	}
}

// minimise is golden-section search of a convex function.
func minimise(f func(float64) float64, lo, hi float64) float64 {
	const golden = 0.6180339887498949
	x, y := hi-golden*(hi-lo), lo+golden*(hi-lo)
	fx, fy := f(x), f(y)
	for hi-lo > 1e-9 {
		if fx < fy {
			hi, y, fy = y, x, fx
			x = hi - golden*(hi-lo)
			fx = f(x)
		} else {
			lo, x, fx = x, y, fy
			y = lo + golden*(hi-lo)
			fy = f(y)
		}
	}
	return (lo + hi) / 2
}

// principal returns the principal eigenvector, summing to 1, and eigenvalue of
// a positive matrix by the power method.
func principal(a [][]float64) ([]float64, float64) {
	n := len(a)
	w := make([]float64, n)
	for i := range w {
		w[i] = 1 / float64(n)
	}
	lambda := float64(n)
	next := make([]float64, n)
	for range 10000 {
		var sum float64
		for i, row := range a {
			next[i] = 0
			for j, v := range row {
				next[i] += v * w[j]
			}
			sum += next[i]
		}
		change := 0.0
		for i := range next {
			next[i] /= sum
			change = math.Max(change, math.Abs(next[i]-w[i]))
		}
		w, next = next, w
		lambda = sum
		if change < 1e-15 {
			break
		}
	}
	return w, lambda
}
