package stats

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// readCase reads a published case; the sources are listed in its README.
func readCase(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "testdata", "cases", "composite", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func numbers(t *testing.T, s string) []float64 {
	t.Helper()
	var out []float64
	for _, f := range strings.Split(s, ";") {
		out = append(out, number(t, f))
	}
	return out
}

func TestInequalityPackageSample(t *testing.T) {
	var x []float64
	for _, r := range readCase(t, "inequality/ineq_package_x10.csv") {
		x = append(x, number(t, r[0]))
	}
	got := map[string]func([]float64) (float64, error){
		"gini_population (n)":           Gini,
		"gini_sample_corrected n/(n-1)": GiniSample,
		"theil_T":                       TheilT,
		"theil_L_MLD":                   TheilL,
		"atkinson_0.5":                  func(x []float64) (float64, error) { a, _, err := Atkinson(x, .5); return a, err },
		"ricci_schutz_hoover":           Hoover,
		"hhi_share":                     func(x []float64) (float64, error) { h, err := HHI(x); return h / 1e4, err },
	}
	rows := readCase(t, "inequality/ineq_package_x10_expected.csv")
	if len(rows) != len(got) {
		t.Fatalf("%d measures in the case, %d here", len(rows), len(got))
	}
	for _, r := range rows {
		f, ok := got[r[0]]
		if !ok {
			t.Fatalf("no function for %s", r[0])
		}
		v, err := f(x)
		if err != nil {
			t.Fatal(err)
		}
		tol := 1e-12
		if strings.HasPrefix(r[0], "gini_population") {
			tol = 5e-8 // printed to 7 decimals
		}
		near(t, r[0], v, number(t, r[1]), tol)
	}
}

func TestAtkinsonCases(t *testing.T) {
	for _, r := range readCase(t, "inequality/atkinson_pysal.csv") {
		a, ede, err := Atkinson(numbers(t, r[0]), number(t, r[1]))
		if err != nil {
			t.Fatal(err)
		}
		near(t, "A", a, number(t, r[2]), 5e-6)
		near(t, "EDE", ede, number(t, r[3]), 5e-8)
	}
}

func TestTheilDecompositionCase(t *testing.T) {
	for _, r := range readCase(t, "inequality/theil_decomposition_pysal.csv") {
		d, err := DecomposeTheil(numbers(t, r[0]), strings.Split(r[1], ";"))
		if err != nil {
			t.Fatal(err)
		}
		near(t, "T", d.Total, number(t, r[2]), 1e-14)
		near(t, "between", d.Between, number(t, r[3]), 1e-14)
		near(t, "within", d.Within, number(t, r[4]), 1e-14)
	}
	// Parts add up also where groups differ inside.
	d, err := DecomposeTheil([]float64{1, 5, 2, 9, 4, 4, 0, 0}, strings.Split("aabbbccc", ""))
	if err != nil || d.Within <= 0 || d.Between <= 0 {
		t.Fatalf("%+v %v", d, err)
	}
	near(t, "sum of parts", d.Between+d.Within, d.Total, 1e-12)
}

func TestConcentrationGolden(t *testing.T) {
	// Golden vectors of the specification.
	h, err := HHI([]float64{.5, .3, .2})
	near(t, "HHI", h, 3800, 1e-9)
	n, err2 := HHINormalised([]float64{50, 30, 20})
	near(t, "HHI normalised", n, .07, 1e-12)
	g, err3 := Gini([]float64{0, 1, 2, 5, 12})
	near(t, "Gini", g, .56, 1e-12)
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	// Horizontal Merger Guidelines (DOJ/FTC 2010, 5.3): shares 30, 30, 20, 20
	// percent give an HHI of 2,600.
	h, err = HHI([]float64{30, 30, 20, 20})
	if err != nil || math.Abs(h-2600) > 1e-9 {
		t.Errorf("guidelines' example: %v %v", h, err)
	}
	if got := HIndex([]int64{3, 9, 1, 6, 4}); got != 3 {
		t.Errorf("h-index %d, want 3", got)
	}
	if got := HIndex(nil) + HIndex([]int64{0, 0}); got != 0 {
		t.Errorf("h-index of nothing: %d", got)
	}
	if got := HIndex([]int64{7, 7}); got != 2 {
		t.Errorf("h-index of two: %d", got)
	}
}

func TestHillNumber(t *testing.T) {
	for _, q := range []float64{0, .5, 1, 2, 7, 300} {
		h, err := HillNumber([]float64{3, 3, 0, 3, 3}, q)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "four equal holders", h, 4, 1e-9)
	}
	one, err := HillNumber([]float64{.5, .25, .25}, 1) // entropy 1.5 bits
	if err != nil {
		t.Fatal(err)
	}
	near(t, "order 1", one, math.Pow(2, 1.5), 1e-12)
	two, err := HillNumber([]float64{.5, .3, .2}, 2)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "order 2 is the inverse of the HHI", two, 1/.38, 1e-12)
	below, _ := HillNumber([]float64{.5, .3, .2}, .9999)
	at, _ := HillNumber([]float64{.5, .3, .2}, 1)
	near(t, "continuous at order 1", below, at, 1e-3)
}

func TestInequalityDegenerate(t *testing.T) {
	measures := map[string]func([]float64) (float64, error){
		"HHI": HHI, "HHINormalised": HHINormalised, "Gini": Gini, "GiniSample": GiniSample, "TheilT": TheilT, "TheilL": TheilL, "Hoover": Hoover,
		"Hill":     func(x []float64) (float64, error) { return HillNumber(x, 1) },
		"Atkinson": func(x []float64) (float64, error) { a, _, err := Atkinson(x, 2); return a, err },
	}
	for name, f := range measures {
		for _, xs := range [][]float64{nil, {0, 0}} {
			if _, err := f(xs); !errors.Is(err, ErrNoData) {
				t.Errorf("%s of %v: %v, want ErrNoData", name, xs, err)
			}
		}
		for _, xs := range [][]float64{{1, math.NaN()}, {1, math.Inf(1)}, {1, -1}, {math.MaxFloat64, math.MaxFloat64}} {
			if _, err := f(xs); !errors.Is(err, ErrInvalid) {
				t.Errorf("%s of %v: %v, want ErrInvalid", name, xs, err)
			}
		}
		equal, err := f([]float64{2, 2, 2})
		if err != nil || math.IsNaN(equal) || equal < 0 {
			t.Errorf("%s of equal amounts: %v %v", name, equal, err)
		}
	}
	if _, err := TheilL([]float64{0, 1}); !errors.Is(err, ErrInvalid) {
		t.Errorf("TheilL with a zero: %v", err)
	}
	if a, e, err := Atkinson([]float64{0, 1}, 1); a != 1 || e != 0 || err != nil {
		t.Errorf("Atkinson with a zero: %v %v %v", a, e, err)
	}
	for _, x := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, _, err := Atkinson([]float64{1, 2}, x); !errors.Is(err, ErrInvalid) {
			t.Errorf("aversion %v: %v", x, err)
		}
		if _, err := HillNumber([]float64{1, 2}, x); !errors.Is(err, ErrInvalid) {
			t.Errorf("order %v: %v", x, err)
		}
	}
}
