package decide

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"weir/metrics/scoring"
	"weir/metrics/scoring/internal/cases"
	"weir/metrics/scoring/weigh"
)

func problemCase(t *testing.T, name string) Problem {
	t.Helper()
	var p Problem
	p.Values = cases.Read(t, "mcda/"+name+"_matrix.csv").Matrix(t, 1)
	criteria := cases.Read(t, "mcda/"+name+"_criteria.csv")
	for _, kind := range criteria.Column(t, "type") {
		p.Cost = append(p.Cost, kind == "min")
	}
	p.Weights = criteria.Numbers(t, "weight")
	return p
}

func compare(t *testing.T, name string, got, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", name, len(got), len(want))
	}
	for i := range got {
		cases.Near(t, name, got[i], want[i], tol)
	}
}

func TestTOPSISCases(t *testing.T) {
	name := "topsis_tzeng_huang_2011"
	got, err := TOPSIS(problemCase(t, name), VectorNorm)
	if err != nil {
		t.Fatal(err)
	}
	want := cases.Read(t, "mcda/"+name+"_expected.csv")
	compare(t, name, got, want.Numbers(t, "similarity"), 5.1e-5)
	compare(t, "rank", scoring.RankDescending(got, scoring.TiesMin), want.Numbers(t, "rank"), 0)

	// The trap: the two normalisations order these three differently.
	name = "topsis_opricovic_tzeng_2004_minmaxnorm"
	got, err = TOPSIS(problemCase(t, name), MinMaxNorm)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, name, got, cases.Read(t, "mcda/"+name+"_expected.csv").Numbers(t, "similarity"), 5.1e-4)
	got, err = TOPSIS(problemCase(t, name), VectorNorm)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "vector norm", got, []float64{.762, .722, .238}, 5.1e-4)
}

func TestTOPSISGolden(t *testing.T) {
	p := Problem{Matrix: weigh.Matrix{Values: [][]float64{{.95, .6, 12}, {.8, .4, 30}, {.99, .75, 5}, {.7, .1, 22}}, Cost: []bool{false, false, true}},
		Weights: []float64{.342129, .308077, .349794}}
	got, err := TOPSIS(p, MinMaxNorm)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "golden", got, []float64{.777724, .292292, 1, .177633}, 1e-6)
}

func TestVIKORCases(t *testing.T) {
	for _, name := range []string{"vikor_opricovic_tzeng_2004", "vikor_opricovic_tzeng_2007_W1", "vikor_opricovic_tzeng_2007_W2", "vikor_opricovic_tzeng_2007_W3", "vikor_opricovic_tzeng_2007_W4"} {
		r, err := VIKOR(problemCase(t, name), .5)
		if err != nil {
			t.Fatal(err)
		}
		want := cases.Read(t, "mcda/"+name+"_expected.csv")
		compare(t, name+" R", r.R, want.Numbers(t, "R"), 5.1e-4)
		compare(t, name+" S", r.S, want.Numbers(t, "S"), 5.1e-4)
		compare(t, name+" Q", r.Q, want.Numbers(t, "Q"), 5.1e-4)
		compare(t, name+" rank", scoring.RankAscending(r.Q, scoring.TiesMin), want.Numbers(t, "rank"), 0)
	}
}

func TestPROMETHEECase(t *testing.T) {
	got, err := PROMETHEE(problemCase(t, "promethee2_zhao_2013"), nil)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "Zhao", got, cases.Read(t, "mcda/promethee2_zhao_2013_expected.csv").Numbers(t, "net_flow_usual"), 1e-12)
	// By hand: a difference of 2 between indifference 1 and strict 3 is worth ½.
	got, err = PROMETHEE(Problem{Matrix: weigh.Matrix{Values: [][]float64{{5}, {3}}}, Weights: []float64{1}}, []Preference{{1, 3}})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "linear", got, []float64{.5, -.5}, 1e-12)
}

func TestWASPASCase(t *testing.T) {
	got, err := WASPAS(problemCase(t, "waspas_chakraborty_2015"), .5)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "Chakraborty", got, cases.Read(t, "mcda/waspas_chakraborty_2015_expected.csv").Numbers(t, "waspas"), 5.1e-5)
}

// Handbook table 19: shares between 10 % and 15 % on the min-max table.
func TestBenefitOfTheDoubtHandbook(t *testing.T) {
	raw := weigh.Matrix{Values: cases.Read(t, "tai_handbook/raw_tai23.csv").Matrix(t, 1)}
	values := raw.MinMax().Values
	got, err := BenefitOfTheDoubt(values, .10, .15)
	if err != nil {
		t.Fatal(err)
	}
	want := cases.Read(t, "tai_handbook/table19_bod_share10_15.csv").Numbers(t, "ci")
	for i, r := range got {
		cases.Near(t, "index", r.Score, want[i], .007)
		var score, total float64
		for j, w := range r.Weights {
			score += w * values[i][j]
			total += w
		}
		cases.Near(t, "the weights give the score", score, r.Score, 1e-9)
		for _, w := range r.Weights {
			if s := w / total; s < .10-1e-9 || s > .15+1e-9 {
				t.Errorf("share %v outside 10 to 15 %%", s)
			}
		}
		for k := range values {
			var s float64
			for j, w := range r.Weights {
				s += w * values[k][j]
			}
			if s > 1+1e-9 {
				t.Errorf("under the weights of %d, %d scores %v", i, k, s)
			}
		}
	}
}

func TestDecideDegenerate(t *testing.T) {
	one := Problem{Matrix: weigh.Matrix{Values: [][]float64{{3, 4}}}, Weights: []float64{1, 1}}
	equal := Problem{Matrix: weigh.Matrix{Values: [][]float64{{3, 4}, {3, 4}}}, Weights: []float64{1, 0}}
	for name, p := range map[string]Problem{"one": one, "equal": equal} {
		for _, norm := range []Norm{VectorNorm, MinMaxNorm} {
			if c, err := TOPSIS(p, norm); err != nil || c[0] != .5 {
				t.Errorf("%s TOPSIS: %v %v", name, c, err)
			}
		}
		if r, err := VIKOR(p, .5); err != nil || r.Q[0] != 0 {
			t.Errorf("%s VIKOR: %v %v", name, r, err)
		}
		if f, err := PROMETHEE(p, nil); err != nil || f[0] != 0 {
			t.Errorf("%s PROMETHEE: %v %v", name, f, err)
		}
		p.Weights = []float64{.5, .5}
		if s, err := WASPAS(p, .5); err != nil || math.Abs(s[0]-1) > 1e-12 {
			t.Errorf("%s WASPAS: %v %v", name, s, err)
		}
		if r, err := BenefitOfTheDoubt(p.Values, 0, 1); err != nil || math.Abs(r[0].Score-1) > 1e-9 {
			t.Errorf("%s benefit of the doubt: %v %v", name, r, err)
		}
	}
	nan := math.NaN()
	bad := map[string]Problem{
		"empty":          {},
		"ragged":         {Matrix: weigh.Matrix{Values: [][]float64{{1}, {1, 2}}}, Weights: []float64{1}},
		"NaN":            {Matrix: weigh.Matrix{Values: [][]float64{{nan}}}, Weights: []float64{1}},
		"no weights":     {Matrix: weigh.Matrix{Values: [][]float64{{1}}}},
		"zero weights":   {Matrix: weigh.Matrix{Values: [][]float64{{1}}}, Weights: []float64{0}},
		"negative":       {Matrix: weigh.Matrix{Values: [][]float64{{1}}}, Weights: []float64{-1}},
		"NaN weight":     {Matrix: weigh.Matrix{Values: [][]float64{{1}}}, Weights: []float64{nan}},
		"marks of costs": {Matrix: weigh.Matrix{Values: [][]float64{{1}}, Cost: []bool{true, true}}, Weights: []float64{1}},
	}
	for name, p := range bad {
		if _, err := TOPSIS(p, ""); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := VIKOR(p, .5); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := TOPSIS(one, "other"); !errors.Is(err, ErrInvalid) {
		t.Errorf("unknown norm: %v", err)
	}
	for _, x := range []float64{-1, 2, nan} {
		if _, err := VIKOR(one, x); !errors.Is(err, ErrInvalid) {
			t.Errorf("v = %v: %v", x, err)
		}
		if _, err := WASPAS(one, x); !errors.Is(err, ErrInvalid) {
			t.Errorf("λ = %v: %v", x, err)
		}
	}
	if _, err := PROMETHEE(one, []Preference{{2, 1}, {}}); !errors.Is(err, ErrInvalid) {
		t.Errorf("strict below indifference: %v", err)
	}
	if _, err := WASPAS(Problem{Matrix: weigh.Matrix{Values: [][]float64{{0}}}, Weights: []float64{1}}, .5); !errors.Is(err, ErrInvalid) {
		t.Errorf("value 0: %v", err)
	}
	for _, c := range []struct {
		v          [][]float64
		lo, hi     float64
		wantReason string
	}{{[][]float64{{1, 1}}, .6, 1, "shares"}, {[][]float64{{1, 1}}, 0, .4, "shares"}, {[][]float64{{1, -1}}, 0, 1, "negative"}, {[][]float64{{0, 0}}, 0, 1, "none"}} {
		if _, err := BenefitOfTheDoubt(c.v, c.lo, c.hi); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", c.wantReason, err)
		}
	}
}

// An alternative that is better on every criterion never ranks below.
func TestDominanceKept(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for range 300 {
		var p Problem
		n := 1 + rng.IntN(4)
		for range n {
			p.Weights = append(p.Weights, .1+rng.Float64())
		}
		for range 2 + rng.IntN(5) {
			row := make([]float64, n)
			for j := range row {
				row[j] = 1 + float64(rng.IntN(6))
			}
			p.Values = append(p.Values, row)
		}
		top := make([]float64, n)
		for j := range top {
			top[j] = p.Values[0][j] + 1
		}
		p.Values = append(p.Values, top)
		last := len(p.Values) - 1
		c, err1 := TOPSIS(p, "")
		v, err2 := VIKOR(p, .5)
		f, err3 := PROMETHEE(p, nil)
		w, err4 := WASPAS(p, .5)
		b, err5 := BenefitOfTheDoubt(p.Values, 0, 1)
		if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
			t.Fatal(err)
		}
		if c[last] < c[0] || v.Q[last] > v.Q[0] || f[last] < f[0] || w[last] < w[0] || b[last].Score < b[0].Score-1e-9 {
			t.Fatalf("dominated alternative ranks higher: %+v", p)
		}
	}
}
