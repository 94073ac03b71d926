package weigh

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"weir/metrics/scoring/internal/cases"
)

func matrixCase(t *testing.T, name string) Matrix {
	t.Helper()
	m := Matrix{Values: cases.Read(t, "mcda/"+name+"_matrix.csv").Matrix(t, 1)}
	for _, kind := range cases.Read(t, "mcda/"+name+"_criteria.csv").Column(t, "type") {
		m.Cost = append(m.Cost, kind == "min")
	}
	return m
}

func compare(t *testing.T, name string, got, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d weights, want %d", name, len(got), len(want))
	}
	for j := range got {
		cases.Near(t, name, got[j], want[j], tol)
	}
}

func TestEntropyCases(t *testing.T) {
	for _, name := range []string{"entropy_elsayed_2017", "entropy_2x2_scikitcriteria"} {
		r, err := Entropy(matrixCase(t, name))
		if err != nil {
			t.Fatal(err)
		}
		compare(t, name, r.Weights, cases.Read(t, "mcda/"+name+"_expected.csv").Numbers(t, "weight"), 5.1e-7)
	}
}

func TestEntropyGolden(t *testing.T) {
	m := Matrix{Values: [][]float64{{.95, .6, 12}, {.8, .4, 30}, {.99, .75, 5}, {.7, .1, 22}}, Cost: []bool{false, false, true}}
	if _, err := Entropy(m); !errors.Is(err, ErrInvalid) {
		t.Errorf("a raw cost: %v, want a refusal", err)
	}
	r, err := Entropy(m.MinMax())
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "entropy", r.Entropy, []float64{.732835, .759425, .726849}, 5.1e-7)
	compare(t, "weights", r.Weights, []float64{.342129, .308077, .349794}, 5.1e-7)
}

func TestCRITICCases(t *testing.T) {
	m := matrixCase(t, "critic_diakoulaki_1995")
	want := cases.Read(t, "mcda/critic_diakoulaki_1995_expected.csv")
	for _, c := range []struct {
		column string
		m      Matrix
		ranked bool
	}{{"pearson_scaled", m.MinMax(), false}, {"spearman_scaled", m.MinMax(), true}, {"pearson_unscaled", m, false}, {"spearman_unscaled", m, true}} {
		got, err := CRITIC(c.m, c.ranked)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, c.column, got, want.Numbers(t, c.column), 5.1e-9)
	}
	got, err := CRITIC(matrixCase(t, "critic_tus_adali_2019").MinMax(), false)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "Tus and Adali", got, cases.Read(t, "mcda/critic_tus_adali_2019_expected.csv").Numbers(t, "weight"), 5.1e-4)
}

func TestStandardDeviationCase(t *testing.T) {
	got, err := StandardDeviation(matrixCase(t, "stdweights_jahan_edwards_2013"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "Jahan and Edwards", got, cases.Read(t, "mcda/stdweights_jahan_edwards_2013_expected.csv").Numbers(t, "weight"), 5.1e-3)
}

func TestMERECCase(t *testing.T) {
	got, err := MEREC(matrixCase(t, "merec_2021"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "Keshavarz", got, cases.Read(t, "mcda/merec_2021_expected.csv").Numbers(t, "weight"), 5.1e-5)
	if _, err := MEREC(Matrix{Values: [][]float64{{0, 1}}}); !errors.Is(err, ErrInvalid) {
		t.Errorf("a value of 0: %v", err)
	}
}

func pairwiseCase(t *testing.T, name string) Pairwise {
	t.Helper()
	return Pairwise{At: cases.Read(t, name).Matrix(t, 1)}
}

func ahp(t *testing.T, p Pairwise, ri RandomIndex) AHPResult {
	t.Helper()
	r, err := AHP(p, ri)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAHPGolden(t *testing.T) {
	r := ahp(t, Pairwise{At: [][]float64{{1, 2, 4}, {.5, 1, 3}, {.25, 1.0 / 3, 1}}}, "")
	compare(t, "weights", r.Weights, []float64{.558425, .319618, .121957}, 5.1e-7)
	cases.Near(t, "lambda", r.LambdaMax, 3.018295, 5.1e-7)
	cases.Near(t, "CR", r.ConsistencyRatio, .015771, 5.1e-7)
	if !r.Consistent() {
		t.Error("a ratio of 0.016 is consistent")
	}
}

func TestAHPDrinks(t *testing.T) {
	p := pairwiseCase(t, "ahp/drinks_saaty2008_pairwise.csv")
	tab := cases.Read(t, "ahp/drinks_saaty2008_pairwise.csv")
	at := map[string]int{}
	for i, name := range tab.Head[1:] {
		at[name] = i
	}
	saaty, dd := ahp(t, p, Saaty2005), ahp(t, p, DoneganDodd)
	old := ahp(t, p, Saaty1980)
	for _, row := range cases.Read(t, "ahp/drinks_saaty2008_expected.csv").Rows {
		switch row[0] {
		case "CR_saaty":
			cases.Near(t, "CR, Saaty 2005", saaty.ConsistencyRatio, cases.Number(t, row[1]), 5.1e-4)
			cases.Near(t, "CR, Saaty 1980", old.ConsistencyRatio, cases.Number(t, row[1]), 5.1e-4)
		case "CR_donegan_dodd":
			cases.Near(t, "CR, Donegan and Dodd", dd.ConsistencyRatio, cases.Number(t, row[2]), 5.1e-5)
		default:
			cases.Near(t, row[0], saaty.Weights[at[row[0]]], cases.Number(t, row[1]), 5.1e-4)
			cases.Near(t, row[0], saaty.Weights[at[row[0]]], cases.Number(t, row[2]), 5.1e-5)
		}
	}
}

func TestAHPTechnologyMatrix(t *testing.T) {
	tab := cases.Read(t, "tai_handbook/table20_ahp_pairwise.csv")
	r := ahp(t, Pairwise{At: tab.Matrix(t, 1)}, Saaty1980)
	for k, row := range cases.Read(t, "tai_handbook/table20_ahp_expected_computed.csv").Rows {
		want := cases.Number(t, row[1])
		switch row[0] {
		case "lambda_max":
			cases.Near(t, row[0], r.LambdaMax, want, 1e-9)
		case "CI":
			cases.Near(t, row[0], r.ConsistencyIndex, want, 1e-9)
		case "CR_RI1.41":
			cases.Near(t, row[0], r.ConsistencyRatio, want, 1e-9)
		default:
			cases.Near(t, row[0], r.Weights[k], want, 5.1e-9)
		}
	}
}

func TestAHPWangChin(t *testing.T) {
	r := ahp(t, pairwiseCase(t, "ahp/wang_chin_2011_pairwise.csv"), "")
	compare(t, "Wang and Chin", r.Weights, cases.Read(t, "ahp/wang_chin_2011_expected.csv").Numbers(t, "weight"), 5.1e-5)
}

func TestAHPIncomplete(t *testing.T) {
	p := NewPairwise(4)
	for _, row := range cases.Read(t, "ahp/incomplete_bozoki2010.csv").Rows {
		p.Set(int(row[0][0]-'a'), int(row[1][0]-'a'), cases.Number(t, row[2]))
	}
	r := ahp(t, p, DoneganDodd)
	for _, row := range cases.Read(t, "ahp/incomplete_bozoki2010_expected.csv").Rows {
		want := cases.Number(t, row[1])
		switch row[0] {
		case "missing_c_over_d":
			cases.Near(t, row[0], r.Filled[2][3], want, 1e-6)
		case "CR_donegan_dodd":
			cases.Near(t, row[0], r.ConsistencyRatio, want, 5.1e-5)
		default:
			cases.Near(t, row[0], r.Weights[row[0][2]-'a'], want, 5.1e-5)
		}
	}
}

// Synthesis of a hierarchy: a city's weight is the sum over criteria of the
// criterion's weight times the city's weight under it.
func TestAHPHierarchy(t *testing.T) {
	judgements := map[string][][]string{}
	for _, row := range cases.Read(t, "ahp/cities_saaty2005.csv").Rows {
		judgements[row[0]] = append(judgements[row[0]], row)
	}
	weights := map[string]map[string]float64{}
	for name, rows := range judgements {
		at := map[string]int{}
		var names []string
		for _, row := range rows {
			for _, e := range row[1:3] {
				if _, ok := at[e]; !ok {
					at[e] = len(at)
					names = append(names, e)
				}
			}
		}
		p := NewPairwise(len(at))
		for _, row := range rows {
			p.Set(at[row[1]], at[row[2]], cases.Number(t, row[3]))
		}
		r := ahp(t, p, "")
		weights[name] = map[string]float64{}
		for i, e := range names {
			weights[name][e] = r.Weights[i]
		}
	}
	for _, row := range cases.Read(t, "ahp/cities_saaty2005_expected.csv").Rows {
		var sum float64
		for criterion, w := range weights["goal"] {
			sum += w * weights[criterion][row[0]]
		}
		cases.Near(t, row[0], sum, cases.Number(t, row[1]), 5.1e-4)
		cases.Near(t, row[0], sum, cases.Number(t, row[2]), 1.01e-4) // the reference rounds each level to 4 decimals
	}
}

func TestRandomIndexTables(t *testing.T) {
	tab := cases.Read(t, "ahp/random_index_tables.csv")
	for column, table := range map[string]RandomIndex{"saaty_1980": Saaty1980, "saaty_2005_ANP": Saaty2005} {
		for i, want := range tab.Numbers(t, column) {
			if n := i + 1; n > 2 && randomIndices[table][n-3] != want {
				t.Errorf("%s for %d elements: %v, want %v", table, n, randomIndices[table][n-3], want)
			}
		}
	}
}

func TestAHPRefuses(t *testing.T) {
	nan := math.NaN()
	for name, p := range map[string]Pairwise{
		"empty":          {},
		"too large":      NewPairwise(16),
		"ragged":         {At: [][]float64{{1, 2}, {.5}}},
		"not reciprocal": {At: [][]float64{{1, 2}, {2, 1}}},
		"negative":       {At: [][]float64{{1, -2}, {-.5, 1}}},
		"half given":     {At: [][]float64{{1, 2}, {nan, 1}}},
		"diagonal":       {At: [][]float64{{2, 2}, {.5, 1}}},
		"unconnected":    NewPairwise(3),
	} {
		if _, err := AHP(p, ""); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	if _, err := AHP(NewPairwise(1), "other"); !errors.Is(err, ErrInvalid) {
		t.Errorf("unknown table: %v", err)
	}
	if r := ahp(t, NewPairwise(1), ""); r.Weights[0] != 1 || r.ConsistencyRatio != 0 {
		t.Errorf("one element: %+v", r)
	}
}

func taiRaw(t *testing.T) Matrix {
	return Matrix{Values: cases.Read(t, "tai_handbook/raw_tai23.csv").Matrix(t, 1)}
}

func TestHandbookCorrelationsAndComponents(t *testing.T) {
	c, err := PrincipalComponents(taiRaw(t))
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range cases.Read(t, "tai_handbook/table6_correlation.csv").Matrix(t, 1) {
		compare(t, "table 6", c.Correlation[i], row, .02)
	}
	// Table 7 prints one decimal, cut rather than rounded; the case's README
	// gives two.
	compare(t, "table 7", c.Eigenvalues, []float64{3.35, 1.75, .98, .89, .47, .30, .17, .08}, 5.1e-3)
	compareFactors(t, "table 8", c.Loadings, cases.Read(t, "tai_handbook/table8_pca_loadings.csv").Matrix(t, 1), .02)
	if c.Retain() != 2 {
		t.Errorf("%d eigenvalues above 1, want 2", c.Retain())
	}
	l, err := c.Varimax(4)
	if err != nil {
		t.Fatal(err)
	}
	rotated := cases.Read(t, "tai_handbook/table9_varimax_loadings.csv").Matrix(t, 1)[:8]
	for j, row := range rotated {
		var communality float64
		for _, v := range l[j] {
			communality += v * v
		}
		cases.Near(t, "communality", communality, row[4], .02)
		rotated[j] = row[:4]
	}
	compareFactors(t, "table 9", l, rotated, .02)
}

// compareFactors matches factors up to order and sign.
func compareFactors(t *testing.T, name string, got, want [][]float64, tol float64) {
	t.Helper()
	used := map[int]bool{}
	for k := range want[0] {
		found := false
		for f := range got[0] {
			for _, sign := range []float64{1, -1} {
				worst := 0.0
				for j := range want {
					worst = math.Max(worst, math.Abs(sign*got[j][f]-want[j][k]))
				}
				if !used[f] && !found && worst <= tol {
					used[f], found = true, true
				}
			}
		}
		if !found {
			t.Errorf("%s: no factor like number %d", name, k+1)
		}
	}
}

func TestHandbookAlpha(t *testing.T) {
	c, err := PrincipalComponents(taiRaw(t))
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.Alpha(-1)
	if err != nil {
		t.Fatal(err)
	}
	cases.Near(t, "alpha", a, .7035, 5.1e-5)
	tab := cases.Read(t, "tai_handbook/table11_cronbach_alpha_deleted.csv")
	for j, want := range tab.Numbers(t, "alpha_if_deleted")[:8] {
		a, err := c.Alpha(j)
		if err != nil {
			t.Fatal(err)
		}
		// Both to the three printed decimals; the raw table prints logarithms
		// with two decimals, hence a unit of the last digit.
		cases.Near(t, "alpha without "+tab.Rows[j][0], math.Round(a*1000), math.Round(want*1000), 1)
	}
}

func TestFactorWeights(t *testing.T) {
	w, err := FactorWeights(taiRaw(t), 4)
	if err != nil {
		t.Fatal(err)
	}
	// Handbook table 9: each indicator's largest loading squared, over their
	// sum: patents .97² of 5.61, exports .64² of 5.61.
	l := []float64{.97, .93, .79, .64, .68, .82, .88, .96}
	var sum float64
	for _, x := range l {
		sum += x * x
	}
	for j, x := range l {
		cases.Near(t, "factor weight", w[j], x*x/sum, .01)
	}
}

// Every method returns weights of at least 0 that sum to 1, or an error, for
// any table, also with columns that do not vary and with one alternative.
func TestWeightsProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 6))
	methods := map[string]func(Matrix) ([]float64, error){
		"entropy": func(m Matrix) ([]float64, error) { r, err := Entropy(m.MinMax()); return r.Weights, err },
		"sd":      func(m Matrix) ([]float64, error) { return StandardDeviation(m.MinMax()) },
		"critic":  func(m Matrix) ([]float64, error) { return CRITIC(m.MinMax(), rng.IntN(2) == 0) },
		"merec":   MEREC,
		"factor":  func(m Matrix) ([]float64, error) { return FactorWeights(m, 0) },
		"equal":   func(m Matrix) ([]float64, error) { return Equal(m.criteria()) },
		"given":   func(m Matrix) ([]float64, error) { return Given(m.Values[0]) },
	}
	for range 400 {
		n := 1 + rng.IntN(5)
		m := Matrix{Cost: make([]bool, n)}
		for j := range n {
			m.Cost[j] = rng.IntN(3) == 0
		}
		for range 1 + rng.IntN(6) {
			row := make([]float64, n)
			for j := range row {
				row[j] = float64(rng.IntN(3+j)) - float64(rng.IntN(2))
			}
			m.Values = append(m.Values, row)
		}
		for name, f := range methods {
			w, err := f(m)
			if err != nil {
				if !errors.Is(err, ErrInvalid) {
					t.Fatalf("%s: %v", name, err)
				}
				continue
			}
			var sum float64
			for _, x := range w {
				if !(x >= 0 && x <= 1) {
					t.Fatalf("%s: weights %v of %+v", name, w, m)
				}
				sum += x
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Fatalf("%s: weights sum to %v", name, sum)
			}
		}
	}
	for _, bad := range []Matrix{{}, {Values: [][]float64{{}}}, {Values: [][]float64{{1}, {1, 2}}}, {Values: [][]float64{{math.NaN()}}}, {Values: [][]float64{{math.Inf(1)}}}, {Values: [][]float64{{1}}, Cost: []bool{true, true}}} {
		for name, f := range map[string]func(Matrix) ([]float64, error){"sd": StandardDeviation, "merec": MEREC, "factor": methods["factor"]} {
			if name == "factor" && len(bad.Values) > 0 && len(bad.Values[0]) == 0 {
				continue
			}
			if _, err := f(bad); !errors.Is(err, ErrInvalid) {
				t.Errorf("%s of %+v: %v, want a refusal", name, bad, err)
			}
		}
	}
}
