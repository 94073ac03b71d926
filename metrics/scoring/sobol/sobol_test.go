package sobol

import (
	"errors"
	"math"
	"slices"
	"testing"

	"weir/metrics/scoring/internal/cases"
)

func TestSequenceCase(t *testing.T) {
	s, err := NewSequence(3)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range cases.Read(t, "sobol/sobol_sequence_joe_kuo_3d_first10.csv").Matrix(t, 0) {
		if got := s.Next(); !slices.Equal(got, want) {
			t.Errorf("point %d: %v, want %v", i, got, want)
		}
	}
}

// In every dimension the first 256 points fall one into each 256th.
func TestSequenceStratified(t *testing.T) {
	s, err := NewSequence(MaxDimension)
	if err != nil {
		t.Fatal(err)
	}
	seen := make([][256]bool, MaxDimension)
	for range 256 {
		for d, u := range s.Next() {
			cell := int(u * 256)
			if seen[d][cell] {
				t.Fatalf("dimension %d: cell %d twice", d+1, cell)
			}
			seen[d][cell] = true
		}
	}
	for d, p := range directions {
		for k, m := range p.m {
			if m%2 == 0 || m >= 1<<(k+1) {
				t.Errorf("dimension %d: direction number %d", d+2, m)
			}
		}
	}
	for _, d := range []int{0, MaxDimension + 1} {
		if _, err := NewSequence(d); !errors.Is(err, ErrInvalid) {
			t.Errorf("dimension %d: %v", d, err)
		}
	}
}

func TestIshigami(t *testing.T) {
	f := func(u []float64) (float64, error) {
		x := make([]float64, 3)
		for i := range x {
			x[i] = math.Pi * (2*u[i] - 1)
		}
		return math.Sin(x[0]) + 7*math.Pow(math.Sin(x[1]), 2) + .1*math.Pow(x[2], 4)*math.Sin(x[0]), nil
	}
	r, err := Analyse(3, f, Options{Base: 1 << 14, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range cases.Read(t, "sobol/ishigami_analytic.csv").Rows {
		switch row[0] {
		case "variance":
			cases.Near(t, row[0], r.Variance, cases.Number(t, row[1]), .02)
		case "x1", "x2", "x3":
			in := r.Inputs[row[0][1]-'1']
			cases.Near(t, row[0]+" first", in.First, cases.Number(t, row[1]), .005)
			cases.Near(t, row[0]+" total", in.Total, cases.Number(t, row[2]), .005)
			if !(in.FirstLow <= in.First && in.First <= in.FirstHigh && in.TotalLow <= in.Total && in.Total <= in.TotalHigh) {
				t.Errorf("%s: %+v lies outside its intervals", row[0], in)
			}
		}
	}
}

func TestSobolG(t *testing.T) {
	tab := cases.Read(t, "sobol/sobol_g_a78_12_0.5_2_97_33.csv")
	a := tab.Numbers(t, "a")
	f := func(u []float64) (float64, error) {
		y := 1.0
		for i, x := range u {
			y *= (math.Abs(4*x-2) + a[i]) / (1 + a[i])
		}
		return y, nil
	}
	r, err := Analyse(len(a), f, Options{Base: 1 << 14, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	first, total := tab.Numbers(t, "S1"), tab.Numbers(t, "ST")
	for i := range a {
		cases.Near(t, "first", r.Inputs[i].First, first[i], .005)
		cases.Near(t, "total", r.Inputs[i].Total, total[i], .005)
	}
}

func TestManyInputs(t *testing.T) { // beyond the sequence: 2·20 dimensions
	f := func(u []float64) (float64, error) { return 3*u[0] + u[19], nil }
	r, err := Analyse(20, f, Options{Base: 1 << 13, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	cases.Near(t, "first", r.Inputs[0].First, .9, .05) // 9/(9+1)
	cases.Near(t, "total", r.Inputs[0].Total, .9, .03)
	cases.Near(t, "none", r.Inputs[5].Total, 0, 0)
	again, err := Analyse(20, f, Options{Base: 1 << 13, Seed: 3})
	if err != nil || again.Inputs[0] != r.Inputs[0] {
		t.Error("the same seed gave another answer")
	}
}

func TestRefusals(t *testing.T) {
	fixed := func(y float64) func([]float64) (float64, error) {
		return func([]float64) (float64, error) { return y, nil }
	}
	for name, err := range map[string]error{
		"constant":   second(Analyse(2, fixed(5), Options{})),
		"NaN":        second(Analyse(2, fixed(math.NaN()), Options{})),
		"infinite":   second(Analyse(2, fixed(math.Inf(1)), Options{})),
		"no inputs":  second(Analyse(0, fixed(5), Options{})),
		"few points": second(Analyse(1, fixed(5), Options{Base: 2})),
		"confidence": second(Analyse(1, fixed(5), Options{Confidence: 1})),
	} {
		if !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	boom := errors.New("boom")
	if _, err := Analyse(1, func([]float64) (float64, error) { return 0, boom }, Options{}); !errors.Is(err, boom) {
		t.Errorf("error of the function: %v", err)
	}
}

func second(_ Result, err error) error { return err }
