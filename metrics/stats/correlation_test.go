package stats

import (
	"errors"
	"math"
	"slices"
	"testing"
)

func TestCorrelations(t *testing.T) {
	// SciPy documentation of kendalltau and spearmanr.
	k, err := KendallTauB([]float64{12, 2, 1, 12, 2}, []float64{1, 4, 7, 1, 0})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "tau-b", k.Coefficient, -.47140452079103173, 1e-14)
	near(t, "tau-b p", k.P, .2827454599327748, 1e-12)
	s, err := Spearman([]float64{1, 2, 3, 4, 5}, []float64{5, 6, 7, 8, 7})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "rho", s.Coefficient, .82078268166812329, 1e-14)
	near(t, "rho p", s.P, .088587005313543798, 1e-12)
	// Anscombe's first quartet: r = 0.816, p = 0.00217.
	p, err := Pearson([]float64{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}, []float64{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "r", p.Coefficient, .81642, 5e-6)
	near(t, "r p", p.P, .00217, 5e-6)
}

func TestRanks(t *testing.T) {
	if got, want := Ranks([]float64{3, 1, 3, 2}), []float64{3.5, 1, 3.5, 2}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestCorrelationDegenerate(t *testing.T) {
	for name, f := range map[string]func(x, y []float64) (Correlation, error){"Pearson": Pearson, "Spearman": Spearman, "KendallTauB": KendallTauB} {
		if _, err := f([]float64{1, 1, 1}, []float64{1, 2, 3}); !errors.Is(err, ErrNoData) {
			t.Errorf("%s, constant: %v", name, err)
		}
		if _, err := f([]float64{1, 2}, []float64{1, 2}); !errors.Is(err, ErrNoData) {
			t.Errorf("%s, two pairs: %v", name, err)
		}
		if _, err := f([]float64{1, 2, math.NaN()}, []float64{1, 2, 3}); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s, NaN: %v", name, err)
		}
		c, err := f([]float64{1, 2, 3, 4}, []float64{8, 6, 4, 2})
		if err != nil || c.Coefficient != -1 {
			t.Errorf("%s, falling line: %+v %v", name, c, err)
		}
	}
}
