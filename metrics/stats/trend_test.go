package stats

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

func series(xs ...float64) (t, x []float64) {
	for i := range xs {
		t = append(t, float64(i+1))
	}
	return t, xs
}

func TestMannKendall(t *testing.T) {
	// J. Little, College of the Holy Cross, "A Mann-Kendall example (by
	// hand)": S = 54, one pair of equal values, Z = 2.9058.
	tm, x := series(12.9, 14.8, 13.2, 15.7, 13.8, 15.6, 12.9, 11, 17.3, 15.9, 19, 18.3, 20.1, 21.7)
	tr, err := MannKendall(tm, x, .95)
	if err != nil || tr.S != 54 {
		t.Fatalf("%+v %v", tr, err)
	}
	near(t, "variance", tr.VarianceS, (14.0*13*33-2*1*9)/18, 1e-9)
	near(t, "z", tr.Z, 2.9058, 5e-5)
	near(t, "p, one-sided .0018", tr.P/2, .0018, 5e-5)

	// Gilbert (1987), chapter 16, page 212: 22 concentrations, Z = 3.1.
	tm, x = series(20, 20, 20, 20, 15, 20, 20, 30, 27, 26, 23, 35, 25, 28, 70, 26, 24, 34, 32, 23, 50, 30)
	tr, err = MannKendall(tm, x, .95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Gilbert z", tr.Z, 3.1, .05)

	// mmhs013/MannKendall.jl test/runtests.jl: 1:100 gives s 4950, var_s
	// 112750, z 14.73869998208331, τ 1.
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[i] = float64(i + 1)
	}
	tr, err = MannKendall(hundred, hundred, .95)
	if err != nil || tr.S != 4950 || tr.VarianceS != 112750 || tr.Tau != 1 || tr.Slope != 1 || tr.Intercept != 0 {
		t.Fatalf("%+v %v", tr, err)
	}
	near(t, "z of 1…100", tr.Z, 14.73869998208331, 1e-12)
}

func TestMannKendallExact(t *testing.T) {
	// Kendall's table of exact upper tails (Hollander and Wolfe, table A.30):
	// n = 4, S = 6: .042; n = 5, S = 8: .042; n = 8, S = 18: .016.
	for _, c := range []struct {
		n, s int
		tail float64
	}{{4, 6, .042}, {5, 8, .042}, {8, 18, .016}, {10, 21, .036}} {
		near(t, "tail", exactTrendP(c.n, c.s)/2, c.tail, 5.1e-4)
	}
	if p := exactTrendP(6, 1); p != 1 {
		t.Errorf("the least possible |S|: p = %v, want 1", p)
	}
	tm, x := series(1, 2, 3, 4)
	tr, err := MannKendall(tm, x, .95)
	if err != nil || !tr.Exact {
		t.Fatalf("%+v %v", tr, err)
	}
	near(t, "four rising values", tr.P, 2.0/24, 1e-12)
}

func TestTheilSen(t *testing.T) {
	// By hand: pairwise slopes 1, 2, 5, 3, 7, 11; the median is 4.
	tr, err := MannKendall([]float64{0, 1, 2, 3}, []float64{0, 1, 4, 15}, .95)
	if err != nil || tr.Slope != 4 {
		t.Fatalf("%+v %v, want slope 4", tr, err)
	}
	near(t, "intercept", tr.Intercept, -1.5, 1e-12) // residuals 0, −3, −4, 3
	// One wild value among twenty does not move the slope; order of rows and
	// gaps in time do not matter.
	rng := rand.New(rand.NewPCG(3, 3))
	var tm, x []float64
	for i := range 20 {
		tm, x = append(tm, float64(i*i+1)), append(x, 3+2*float64(i*i+1))
	}
	x[7] = 1e6
	rng.Shuffle(len(tm), func(i, j int) { tm[i], tm[j] = tm[j], tm[i]; x[i], x[j] = x[j], x[i] })
	tr, err = MannKendall(tm, x, .95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "slope", tr.Slope, 2, 1e-9)
	near(t, "intercept", tr.Intercept, 3, 1e-6)
	if !tr.Interval.Contains(2) {
		t.Errorf("interval %+v", tr.Interval)
	}
}

func TestMannKendallDegenerate(t *testing.T) {
	tm, x := series(5, 5, 5, 5, 5)
	tr, err := MannKendall(tm, x, .95)
	if err != nil || tr.P != 1 || tr.Z != 0 || tr.Slope != 0 || tr.Tau != 0 || tr.Intercept != 5 {
		t.Errorf("constant: %+v %v", tr, err)
	}
	tm, x = series(1, 2, 3)
	if _, err := MannKendall(tm, x, .95); !errors.Is(err, ErrNoData) {
		t.Errorf("three points: %v", err)
	}
	if _, err := MannKendall([]float64{1, 1, 2, 3}, []float64{1, 2, 3, 4}, .95); !errors.Is(err, ErrInvalid) {
		t.Errorf("time twice: %v", err)
	}
	if _, err := MannKendall([]float64{1, 2, 3}, []float64{1, 2, 3, 4}, .95); !errors.Is(err, ErrInvalid) {
		t.Errorf("lengths: %v", err)
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.MaxFloat64} {
		if _, err := MannKendall([]float64{1, 2, 3, 4}, []float64{-math.MaxFloat64, 2, 3, bad}, .95); !errors.Is(err, ErrInvalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}
