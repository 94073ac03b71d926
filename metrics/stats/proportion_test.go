package stats

import (
	"errors"
	"math"
	"testing"
)

// near fails the test unless got equals want to within tol.
func near(t *testing.T, name string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tol {
		t.Errorf("%s = %.10g, want %.10g ± %g", name, got, want, tol)
	}
}

func TestWilson(t *testing.T) {
	// 19/20 and 3/3: golden vectors of the specification. 81/263: Newcombe
	// (1998), Statistics in Medicine 17, 857-872, table I, methods 3 and 5,
	// with 15/148, 0/20 and 1/29 of the same table.
	cases := []struct {
		x, n      int64
		low, high float64
	}{
		{19, 20, .7639, .9911}, {3, 3, .4385, 1},
		{81, 263, .2553, .3662}, {15, 148, .0624, .1605}, {0, 20, 0, .1611}, {1, 29, .0061, .1718},
	}
	for _, c := range cases {
		iv, err := Wilson(c.x, c.n, .95)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "low", iv.Low, c.low, 5.1e-5)
		near(t, "high", iv.High, c.high, 5.1e-5)
	}
}

func TestClopperPearson(t *testing.T) {
	// Newcombe (1998), table I, method 5 ("exact").
	cases := []struct {
		x, n      int64
		low, high float64
	}{
		{81, 263, .2527, .3676}, {15, 148, .0578, .1617}, {0, 20, 0, .1684}, {1, 29, .0009, .1776},
	}
	for _, c := range cases {
		iv, err := ClopperPearson(c.x, c.n, .95)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "low", iv.Low, c.low, 5.1e-5)
		near(t, "high", iv.High, c.high, 5.1e-5)
	}
	iv, err := ClopperPearson(7, 7, .95)
	if err != nil || iv.High != 1 {
		t.Fatalf("7 of 7: %v, %v, want a high limit of 1", iv, err)
	}
	near(t, "7 of 7 low", iv.Low, math.Pow(.025, 1.0/7), 1e-12) // closed form (α/2)^(1/n)
}

func TestProportionDegenerate(t *testing.T) {
	for _, f := range []func(int64, int64, float64) (Interval, error){Wilson, ClopperPearson} {
		if _, err := f(0, 0, .95); !errors.Is(err, ErrNoData) {
			t.Errorf("0 of 0: %v, want ErrNoData", err)
		}
		for _, c := range [][2]int64{{2, 1}, {-1, 3}, {0, -3}} {
			if _, err := f(c[0], c[1], .95); !errors.Is(err, ErrInvalid) {
				t.Errorf("%v: %v, want ErrInvalid", c, err)
			}
		}
		for _, conf := range []float64{0, 1, -1, math.NaN(), math.Inf(1)} {
			if _, err := f(1, 2, conf); !errors.Is(err, ErrInvalid) {
				t.Errorf("confidence %v: %v, want ErrInvalid", conf, err)
			}
		}
		// The interval holds the estimate and stays in [0, 1] for every count.
		for n := int64(1); n < 60; n++ {
			for x := int64(0); x <= n; x++ {
				iv, err := f(x, n, .95)
				if err != nil {
					t.Fatal(err)
				}
				if p := float64(x) / float64(n); iv.Low < 0 || iv.High > 1 || !iv.Contains(p) || iv.Width() <= 0 {
					t.Fatalf("%d of %d: %+v", x, n, iv)
				}
			}
		}
	}
}
