package sobol

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Options steers Analyse.
type Options struct {
	Base       int     // points per matrix; 0 = 1024; the function is called Base·(inputs+2) times
	Seed       uint64  // shifts the sequence at random; the same seed gives the same answer
	Resamples  int     // bootstrap resamples of the indices; 0 = 200
	Confidence float64 // 0 = 0.95
}

// Index is what one input explains.
type Index struct {
	First     float64 `json:"first"` // share of variance explained alone
	FirstLow  float64 `json:"first_low"`
	FirstHigh float64 `json:"first_high"`
	Total     float64 `json:"total"` // the same with all its interactions
	TotalLow  float64 `json:"total_low"`
	TotalHigh float64 `json:"total_high"`
}

// Result holds the indices of all inputs.
type Result struct {
	Mean     float64 `json:"mean"`
	Variance float64 `json:"variance"`
	Inputs   []Index `json:"inputs"`
	Calls    int     `json:"calls"` // of the function
}

// Analyse estimates first-order and total Sobol indices of f over k inputs
// that are independent and uniform on [0, 1):
//
//	S = mean( f(B)·(f(ABᵢ) − f(A)) ) / V      (Saltelli et al. 2010)
//	T = mean( (f(A) − f(ABᵢ))² ) / 2V         (Jansen 1999)
//
// with A, B two matrices of points and ABᵢ A with column i of B. Points come
// from Sobol's sequence while 2k dimensions allow, else from a seeded generator.
// Intervals are percentile bootstrap intervals over points. A function that
// does not vary has no indices: ErrInvalid.
//
// Sobol', I. M. (1993); Saltelli, A. et al. (2010), Variance based sensitivity
// analysis of model output, Computer Physics Communications 181, 259-270.
func Analyse(k int, f func(u []float64) (float64, error), opt Options) (Result, error) {
	if opt.Base == 0 {
		opt.Base = 1024
	}
	if opt.Resamples == 0 {
		opt.Resamples = 200
	}
	if opt.Confidence == 0 {
		opt.Confidence = .95
	}
	if k < 1 || k > 10000 || opt.Base < 8 || opt.Base > 1<<22 || opt.Resamples < 10 || !(opt.Confidence > 0 && opt.Confidence < 1) {
		return Result{}, fmt.Errorf("%w: %d inputs, %d points, %d resamples, confidence %v", ErrInvalid, k, opt.Base, opt.Resamples, opt.Confidence)
	}
	rng := rand.New(rand.NewPCG(opt.Seed, 0x534f_424f_4c))
	points := sampler(2*k, rng)
	res := Result{Inputs: make([]Index, k)}
	fa, fb := make([]float64, opt.Base), make([]float64, opt.Base)
	fab := make([][]float64, k)
	for i := range fab {
		fab[i] = make([]float64, opt.Base)
	}
	call := func(u []float64) (float64, error) {
		res.Calls++
		y, err := f(u)
		if err != nil {
			return 0, err
		}
		if math.IsNaN(y) || math.IsInf(y, 0) {
			return 0, fmt.Errorf("%w: the result is %v", ErrInvalid, y)
		}
		return y, nil
	}
	mixed := make([]float64, k)
	for p := range opt.Base {
		u := points()
		a, b := u[:k], u[k:]
		var err error
		if fa[p], err = call(slices.Clone(a)); err != nil {
			return Result{}, err
		}
		if fb[p], err = call(slices.Clone(b)); err != nil {
			return Result{}, err
		}
		for i := range k {
			copy(mixed, a)
			mixed[i] = b[i]
			if fab[i][p], err = call(slices.Clone(mixed)); err != nil {
				return Result{}, err
			}
		}
	}
	all := make([]int, opt.Base)
	for p := range all {
		all[p] = p
	}
	var spread bool
	res.Mean, res.Variance, spread = moments(fa, fb, all)
	if !spread {
		return Result{}, fmt.Errorf("%w: the result does not vary", ErrInvalid)
	}
	for i := range k {
		res.Inputs[i].First, res.Inputs[i].Total = estimate(fa, fb, fab[i], all, res.Mean, res.Variance)
	}
	bootstrap(&res, fa, fb, fab, opt, rng)
	return res, nil
}

// sampler yields points of the unit cube.
func sampler(dimension int, rng *rand.Rand) func() []float64 {
	shift := make([]float64, dimension)
	for d := range shift {
		shift[d] = rng.Float64()
	}
	seq, err := NewSequence(dimension)
	if err != nil {
		return func() []float64 {
			u := make([]float64, dimension)
			for d := range u {
				u[d] = rng.Float64()
			}
			return u
		}
	}
	return func() []float64 {
		u := seq.Next()
		for d := range u {
			u[d] += shift[d]
			if u[d] >= 1 {
				u[d]--
			}
		}
		return u
	}
}

func moments(fa, fb []float64, at []int) (mean, variance float64, spread bool) {
	n := float64(2 * len(at))
	for _, p := range at {
		mean += (fa[p] + fb[p]) / n
	}
	for _, p := range at {
		da, db := fa[p]-mean, fb[p]-mean
		variance += (da*da + db*db) / n
	}
	return mean, variance, variance > 1e-24*math.Max(1, mean*mean)
}

// estimate centres the values first, which leaves the indices and takes away
// most of their noise.
func estimate(fa, fb, fab []float64, at []int, mean, variance float64) (first, total float64) {
	n := float64(len(at))
	for _, p := range at {
		first += (fb[p] - mean) * (fab[p] - fa[p]) / n
		d := fa[p] - fab[p]
		total += d * d / (2 * n)
	}
	return first / variance, total / variance
}

func bootstrap(res *Result, fa, fb []float64, fab [][]float64, opt Options, rng *rand.Rand) {
	k := len(fab)
	firsts, totals := make([][]float64, k), make([][]float64, k)
	at := make([]int, opt.Base)
	for range opt.Resamples {
		for p := range at {
			at[p] = rng.IntN(opt.Base)
		}
		mean, variance, spread := moments(fa, fb, at)
		if !spread {
			continue
		}
		for i := range k {
			f, t := estimate(fa, fb, fab[i], at, mean, variance)
			firsts[i], totals[i] = append(firsts[i], f), append(totals[i], t)
		}
	}
	for i := range k {
		in := &res.Inputs[i]
		in.FirstLow, in.FirstHigh = percentiles(firsts[i], in.First, opt.Confidence)
		in.TotalLow, in.TotalHigh = percentiles(totals[i], in.Total, opt.Confidence)
	}
}

func percentiles(xs []float64, otherwise, confidence float64) (low, high float64) {
	if len(xs) == 0 {
		return otherwise, otherwise
	}
	slices.Sort(xs)
	tail := (1 - confidence) / 2
	last := float64(len(xs) - 1)
	return xs[int(math.Round(tail*last))], xs[int(math.Round((1-tail)*last))]
}
