package stats

import (
	"errors"
	"math"
	"testing"
)

// mice are the treated survival times of Efron and Tibshirani (1993), table
// 2.1: mean 86.86, median 94.
var mice = []float64{94, 197, 16, 38, 99, 141, 23}

func meanOf(xs []float64) func([]int) (float64, bool) {
	return func(idx []int) (float64, bool) {
		var s float64
		for _, i := range idx {
			s += xs[i]
		}
		return s / float64(len(idx)), true
	}
}

func TestBootstrap(t *testing.T) {
	// Table 2.2, last column (infinitely many draws): standard error of the
	// mean 23.36, of the median 37.83.
	opt := BootstrapOptions{Draws: 40000, Seed: 1}
	r, err := Bootstrap(len(mice), meanOf(mice), opt)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", r.Estimate, 86.86, 5e-3)
	near(t, "standard error of the mean", r.StandardError, 23.36, .3)
	med, err := Bootstrap(len(mice), func(idx []int) (float64, bool) {
		xs := make([]float64, len(idx))
		for k, i := range idx {
			xs[k] = mice[i]
		}
		return medianOf(xs), true
	}, opt)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "standard error of the median", med.StandardError, 37.83, .5)
	again, err := Bootstrap(len(mice), meanOf(mice), opt)
	if err != nil || again != r {
		t.Errorf("the same seed gave another answer: %+v, %+v", r, again)
	}
	other, _ := Bootstrap(len(mice), meanOf(mice), BootstrapOptions{Draws: 40000, Seed: 2})
	if other == r {
		t.Error("another seed gave the same draws")
	}
	if !r.Interval.Contains(r.Estimate) {
		t.Errorf("interval %+v", r.Interval)
	}
}

func TestBootstrapVarianceBCa(t *testing.T) {
	// Efron and Tibshirani (1993), table 14.1 and 14.2: variance of the
	// spatial test data A, θ̂ = 171.5; 90 % BCa interval 115.8 to 259.6,
	// percentile 100.8 to 233.9. Their 2,000 draws leave a standard error of
	// about 2 in each limit, hence the tolerance of 4.
	a := []float64{48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41}
	variance := func(idx []int) (float64, bool) {
		m, _ := meanOf(a)(idx)
		var s float64
		for _, i := range idx {
			s += (a[i] - m) * (a[i] - m)
		}
		return s / float64(len(idx)), true
	}
	r, err := Bootstrap(len(a), variance, BootstrapOptions{Draws: 40000, Seed: 5, Confidence: .9})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "variance", r.Estimate, 171.5, .05)
	near(t, "BCa low", r.Interval.Low, 115.8, 4)
	near(t, "BCa high", r.Interval.High, 259.6, 4)
	r, err = Bootstrap(len(a), variance, BootstrapOptions{Draws: 40000, Seed: 5, Confidence: .9, Percentile: true})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "percentile low", r.Interval.Low, 100.8, 4)
	near(t, "percentile high", r.Interval.High, 233.9, 4)
}

func TestBootstrapDegenerate(t *testing.T) {
	one := func([]int) (float64, bool) { return 1, true }
	r, err := Bootstrap(5, one, BootstrapOptions{})
	if err != nil || r.StandardError != 0 || r.Interval.Width() != 0 {
		t.Errorf("constant: %+v %v", r, err)
	}
	for name, f := range map[string]func([]int) (float64, bool){
		"never": func([]int) (float64, bool) { return 0, false },
		"NaN":   func([]int) (float64, bool) { return math.NaN(), true },
		"seldom": func(idx []int) (float64, bool) {
			return 1, idx[0] == 0 && idx[1] == 1
		},
	} {
		if _, err := Bootstrap(5, f, BootstrapOptions{}); !errors.Is(err, ErrNoData) {
			t.Errorf("%s: %v, want ErrNoData", name, err)
		}
	}
	if _, err := Bootstrap(1, one, BootstrapOptions{}); !errors.Is(err, ErrNoData) {
		t.Errorf("one unit: %v", err)
	}
	for _, opt := range []BootstrapOptions{{Draws: 5}, {Draws: -1}, {Confidence: 2}, {Confidence: math.NaN()}} {
		if _, err := Bootstrap(5, one, opt); !errors.Is(err, ErrInvalid) {
			t.Errorf("%+v: %v", opt, err)
		}
	}
}

func TestPermutationTest(t *testing.T) {
	// All 20 splits of six values can be listed: the observed split is one of
	// the two most extreme, so p = 0.1.
	d, p, err := PermutationTest([]float64{1, 2, 3}, []float64{4, 5, 6}, 20000, 9)
	if err != nil || d != -3 {
		t.Fatalf("%v %v %v", d, p, err)
	}
	near(t, "p", p, .1, .01)
	if _, p, err := PermutationTest([]float64{1, 1}, []float64{1}, 0, 1); err != nil || p != 1 {
		t.Errorf("no difference: %v %v", p, err)
	}
	if _, _, err := PermutationTest(nil, []float64{1}, 0, 1); !errors.Is(err, ErrNoData) {
		t.Errorf("empty side: %v", err)
	}
}
