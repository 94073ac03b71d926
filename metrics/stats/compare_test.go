package stats

import (
	"errors"
	"math"
	"testing"
)

func TestTwoProportions(t *testing.T) {
	// Newcombe (1998), table II, method 10: the interval of p1−p2, so the
	// samples are swapped here.
	for _, c := range []struct {
		x1, n1, x2, n2 int64
		low, high      float64
	}{{56, 70, 48, 80, .0524, .3339}, {9, 10, 3, 10, .1705, .8090}, {10, 10, 0, 20, .6791, 1}, {5, 56, 0, 29, -.0381, .1926}} {
		got, err := TwoProportions(c.x2, c.n2, c.x1, c.n1, .95)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "low", got.Interval.Low, c.low, 5.1e-5)
		near(t, "high", got.Interval.High, c.high, 5.1e-5)
	}
	// Physicians' Health Study, Agresti, Categorical Data Analysis: 189 of
	// 11,034 against 104 of 11,037, X² = 25.01.
	got, err := TwoProportions(104, 11037, 189, 11034, .95)
	if err != nil || got.Exact {
		t.Fatalf("%+v %v", got, err)
	}
	near(t, "z squared", got.Z*got.Z, 25.01, 5e-3)
	// Fisher's tea tasting: two-sided p = 0.4857.
	got, err = TwoProportions(3, 4, 1, 4, .95)
	if err != nil || !got.Exact {
		t.Fatalf("%+v %v", got, err)
	}
	near(t, "tea", got.P, .4857, 5e-5)
	for _, x := range []int64{0, 6} {
		if got, err := TwoProportions(x, 6, x, 6, .95); err != nil || got.P != 1 {
			t.Errorf("both %d of 6: %+v %v", x, got, err)
		}
	}
	if _, err := TwoProportions(0, 0, 1, 2, .95); !errors.Is(err, ErrNoData) {
		t.Errorf("no cases: %v", err)
	}
}

func TestBinomialTest(t *testing.T) {
	// R, help(binom.test): Conover (1971), 682 of 925 against 3/4, p = 0.3825.
	p, err := BinomialTest(682, 925, .75)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Mendel", p, .3825, 5e-5)
	for x, want := range map[int64]float64{0: 1, 1: 0} {
		if p, err := BinomialTest(x, 5, 0); err != nil || p != want {
			t.Errorf("%d of 5 against 0: %v %v", x, p, err)
		}
	}
	a, _ := BinomialTest(10100, 20000, .5)
	b, _ := BinomialTest(10101, 20002, .5)
	near(t, "exact and normal agree where they meet", a, b, .01)
}

func TestTwoCounts(t *testing.T) {
	// R, help(poisson.test): poisson.test(c(11, 6+8+7), c(800, 1083+1050+878))
	// prints p = 0.07967.
	c, err := TwoCounts(11, 800, 6+8+7, 1083+1050+878, .95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "p", c.P, .07967, 5e-6)
	if c, err := TwoCounts(0, 1, 0, 1, .95); err != nil || c.P != 1 {
		t.Errorf("no events: %+v %v", c, err)
	}
	if _, err := TwoCounts(1, 0, 1, 1, .95); !errors.Is(err, ErrInvalid) {
		t.Errorf("no exposure: %v", err)
	}
}

func TestTwoMeans(t *testing.T) {
	// R: t.test(extra ~ group, data = sleep): t = -1.8608, df = 17.776,
	// p = 0.07939, interval −3.3654832 to 0.2054832 of group 1 − group 2.
	g1 := MeanSummary{10, .75, 1.789010}
	g2 := MeanSummary{10, 2.33, 2.002249}
	c, err := TwoMeans(g2, g1, .95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "t", c.Z, -1.8608, 5e-5)
	near(t, "p", c.P, .07939, 5e-6)
	near(t, "low", c.Interval.Low, -3.3654832, 5e-6)
	near(t, "high", c.Interval.High, .2054832, 5e-6)
	if c, err := TwoMeans(MeanSummary{3, 1, 0}, MeanSummary{3, 1, 0}, .95); err != nil || c.P != 1 {
		t.Errorf("equal and constant: %+v %v", c, err)
	}
	if c, err := TwoMeans(MeanSummary{3, 1, 0}, MeanSummary{3, 2, 0}, .95); err != nil || c.P != 0 {
		t.Errorf("different and constant: %+v %v", c, err)
	}
}

func TestBenjaminiHochberg(t *testing.T) {
	// Benjamini and Hochberg (1995), section 3.2: of these 15 p-values the
	// first four are rejected at 5 %.
	p := []float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1}
	q, err := BenjaminiHochberg(p)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range q {
		if (x <= .05) != (i < 4) {
			t.Errorf("p = %v: q = %v", p[i], x)
		}
	}
	near(t, "fourth", q[3], .0095*15/4, 1e-12)
	if q, err := BenjaminiHochberg(nil); err != nil || len(q) != 0 {
		t.Errorf("nothing to correct: %v %v", q, err)
	}
	for _, bad := range []float64{-.1, 1.1, math.NaN()} {
		if _, err := BenjaminiHochberg([]float64{.5, bad}); !errors.Is(err, ErrInvalid) {
			t.Errorf("p = %v: %v", bad, err)
		}
	}
}
