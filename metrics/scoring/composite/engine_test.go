package composite

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"weir/metrics/scoring/internal/cases"
)

// table builds a table from lines of comma-separated cells.
func table(lines ...string) Table {
	t := Table{Name: "table.csv", Columns: strings.Split(lines[0], ",")}
	for i, l := range lines[1:] {
		t.Rows, t.Lines = append(t.Rows, strings.Split(l, ",")), append(t.Lines, i+2)
	}
	return t
}

func method(t *testing.T, text string) *Methodology {
	t.Helper()
	m, err := LoadMethodology(strings.NewReader(text), "m.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// checkFinite fails on NaN or infinite cells anywhere in a result.
func checkFinite(t *testing.T, r Result) {
	t.Helper()
	for _, s := range r.Stages {
		if len(s.Cells) != len(s.Rows) {
			t.Fatalf("stage %s has %d rows of cells for %d names", s.ID, len(s.Cells), len(s.Rows))
		}
		for i, row := range s.Cells {
			if len(row) != len(s.Columns) {
				t.Fatalf("stage %s row %d has %d cells for %d columns", s.ID, i, len(row), len(s.Columns))
			}
			for c, x := range row {
				if x != nil && !isFinite(*x) {
					t.Fatalf("stage %s, %s, %s: %v", s.ID, s.Rows[i], s.Columns[c], *x)
				}
			}
		}
	}
}

// column returns a stage's column, missing cells as NaN.
func column(t *testing.T, r Result, stage, name string) []float64 {
	t.Helper()
	s, ok := r.Stage(stage)
	if !ok {
		t.Fatalf("no stage %q", stage)
	}
	cells := s.Column(name)
	if cells == nil {
		t.Fatalf("stage %q has no column %q, only %v", stage, name, s.Columns)
	}
	var out []float64
	for _, c := range cells {
		if c == nil {
			out = append(out, math.NaN())
		} else {
			out = append(out, *c)
		}
	}
	return out
}

func equal(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) < 1e-12 })
}

// Every stage of a small index, followed by hand.
func TestStagesByHand(t *testing.T) {
	r, err := Run(table("id,calls,staff,late,kind",
		"A,100,10,5,x", "B,300,10,,x", "C,90,0,1,y", "D,400,20,9,y"), method(t, `
unit: id
indicators:
  - {id: calls, denominator: staff, per: 2, impute: {method: group_mean, group: kind}}
  - {id: late, direction: lower, impute: {method: median}}
index:
  id: total
  aggregate: geometric
  children:
    - {indicator: calls, weight: 3}
    - {indicator: late, weight: 1}
ranking: {decimals: 2}
`))
	if err != nil {
		t.Fatal(err)
	}
	checkFinite(t, r)
	nan := math.NaN()
	for _, c := range []struct {
		stage, column string
		want          []float64
	}{
		{"raw", "late", []float64{5, nan, 1, 9}},
		{"denominated", "calls", []float64{20, 60, nan, 40}},
		{"imputed", "calls", []float64{20, 60, 40, 40}}, // C gets the mean of its group y
		{"imputed", "late", []float64{5, 5, 1, 9}},
		{"normalised", "calls", []float64{0, 1, .5, .5}},
		{"normalised", "late", []float64{.5, .5, 1, 0}},
		{"ranking", "score", []float64{0, math.Pow(.5, .25), math.Pow(.5, .75), 0}},
		{"ranking", "rank", []float64{3, 1, 2, 3}},
		{"weights", "weight", []float64{1, .75, .25}},
	} {
		if got := column(t, r, c.stage, c.column); !equal(got, c.want) {
			t.Errorf("%s %s: %v, want %v", c.stage, c.column, got, c.want)
		}
	}
	den, _ := r.Stage("denominated")
	if len(den.Notes) != 1 || !strings.Contains(den.Notes[0].EN, "C") || !strings.Contains(den.Notes[0].ZH, "分母为 0") {
		t.Errorf("note on the denominator: %v", den.Notes)
	}
}

func TestOutliers(t *testing.T) {
	xs := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 200, math.NaN()}
	got, changed, note, err := Outliers{Method: "winsorise"}.treat(xs)
	if err != nil || got[9] != 9 || !slices.Equal(changed, []int{9}) || note != "" {
		t.Errorf("winsorise: %v %v %q %v", got, changed, note, err)
	}
	zero := 0
	if _, changed, note, _ := (Outliers{Method: "winsorise", Limit: &zero}).treat(xs); changed != nil || note == "" {
		t.Errorf("winsorise without a step must say so: %v %q", changed, note)
	}
	if got, _, _, err := (Outliers{Method: "fences"}).treat(xs); err != nil || got[9] != 7.75+1.5*4.5 {
		t.Errorf("fences: %v %v, want the third quartile 7.75 plus 1.5 times 4.5", got, err)
	}
	lo, hi := .1, .9
	if got, _, _, err := (Outliers{Method: "percentile", Low: &lo, High: &hi}).treat(xs); err != nil || got[0] != 1.9 || math.Abs(got[9]-28.1) > 1e-9 {
		t.Errorf("percentile: %v %v", got, err)
	}
	low := []float64{-500, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	if got, _, _, err := (Outliers{Method: "winsorise"}).treat(low); err != nil || got[0] != 1 {
		t.Errorf("winsorise on the low side: %v %v", got, err)
	}
}

func TestSkewness(t *testing.T) {
	// Spreadsheet help for SKEW and KURT: 3 4 5 2 3 4 5 6 4 7 has skewness
	// 0.359543 and kurtosis −0.151799637.
	xs := []float64{3, 4, 5, 2, 3, 4, 5, 6, 4, 7}
	cases.Near(t, "skewness", Skewness(xs), .359543, 5e-7)
	cases.Near(t, "kurtosis", Kurtosis(xs), -.151799637, 5e-10)
	if Skewness([]float64{1, 1, 1, 1}) != 0 || Kurtosis([]float64{1, 2, 3}) != 0 {
		t.Error("no spread or too few values must give 0")
	}
}

func TestMissingPolicies(t *testing.T) {
	for policy, want := range map[string][]float64{"no_score": {1, math.NaN(), math.NaN()}, "share": {1, .5, math.NaN()}, "zero": {1, .25, 0}} {
		r, err := Run(table("id,a,b", "A,4,8", "B,2,", "C,,"), method(t, `
unit: id
normalise: {method: goalposts, min: 0, max: 8}
indicators:
  - {id: a, normalise: {method: goalposts, min: 0, max: 4}}
  - {id: b}
index: {id: total, missing: `+policy+`, children: [{indicator: a}, {indicator: b}]}
`))
		if err != nil {
			t.Fatal(err)
		}
		if got := column(t, r, "ranking", "score"); !equal(got, want) {
			t.Errorf("%s: %v, want %v", policy, got, want)
		}
	}
}

func TestAggregates(t *testing.T) {
	for aggregate, want := range map[string]float64{
		"arithmetic": 5, "geometric": 4, "harmonic": 3.2, "power\n  exponent: 2": math.Sqrt(34), "minimum": 2, "maximum": 8, "median": 5,
	} {
		r, err := Run(table("id,a,b", "A,2,8"), method(t, "unit: id\nnormalise: {method: none}\nindicators: [{id: a}, {id: b}]\nindex:\n  id: total\n  aggregate: "+aggregate+"\n  children: [{indicator: a}, {indicator: b}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		cases.Near(t, aggregate, *r.Scores[0], want, 1e-12)
	}
	for _, aggregate := range []string{"topsis", "promethee", "benefit_of_the_doubt", "borda", "copeland"} {
		r, err := Run(table("id,a,b", "A,2,8", "B,3,9", "C,1,1", "D,,2"), method(t, "unit: id\nindicators: [{id: a}, {id: b}]\nindex:\n  id: total\n  aggregate: "+aggregate+"\n  children: [{indicator: a}, {indicator: b}]\n"))
		if aggregate == "benefit_of_the_doubt" {
			// The worst on everything has no value above 0 on the min-max scale.
			if !errors.Is(err, ErrInvalid) {
				t.Errorf("%s: %v, want a refusal", aggregate, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", aggregate, err)
		}
		if got := column(t, r, "ranking", "rank"); !equal(got, []float64{2, 1, 3, math.NaN()}) {
			t.Errorf("%s: ranks %v", aggregate, got)
		}
	}
}

func TestWeightMethods(t *testing.T) {
	in := table("id,a,b,c", "A,1,9,4", "B,3,7,4.5", "C,9,5,3", "D,27,2,5")
	for _, w := range []string{"entropy", "standard_deviation", "critic", "critic, spearman: true", "merec", "factor", "ahp, pairwise: [[1, 2, 4], [0.5, 1, 3], [0.25, 0.3333, 1]]"} {
		m := method(t, "unit: id\nnormalise: {method: minmax, range: [1, 10]}\nindicators: [{id: a}, {id: b}, {id: c}]\nindex:\n  id: total\n  weights: {method: "+w+"}\n  children: [{indicator: a}, {indicator: b}, {indicator: c}]\n")
		r, err := Run(in, m)
		if err != nil {
			t.Fatalf("%s: %v", w, err)
		}
		weights := column(t, r, "weights", "weight")[1:]
		var sum float64
		for _, x := range weights {
			sum += x
		}
		cases.Near(t, w, sum, 1, 1e-9)
		if strings.HasPrefix(w, "ahp") {
			cases.Near(t, "ahp", weights[0], .5584, 5e-4)
			s, _ := r.Stage("weights")
			if len(s.Notes) != 1 || !strings.Contains(s.Notes[0].EN, "consistency ratio 0.015") {
				t.Errorf("note on consistency: %v", s.Notes)
			}
		}
	}
}

func TestHierarchyWeights(t *testing.T) {
	r := build(t, "hdi/hdr2023-24_hdi_2022.csv", "hdi_2022.yaml")
	s, _ := r.Stage("weights")
	got := map[string]float64{}
	for i, x := range column(t, r, "weights", "effective_weight") {
		got[s.Rows[i]] = x
	}
	cases.Near(t, "education", got["education"], 1.0/3, 1e-12)
	cases.Near(t, "mean schooling", got["mean_schooling"], 1.0/6, 1e-12)
}

func TestUncertainty(t *testing.T) {
	m := loadMethod(t, "tai_undp_2001.yaml")
	m.Uncertainty = &Uncertainty{Draws: 400, Seed: 3, Weights: .25, Aggregate: []string{"arithmetic", "geometric"}, LeaveOut: true, Sobol: 64}
	raw := cases.Read(t, "tai_handbook/raw_tai23.csv")
	in := Table{Name: "raw", Columns: raw.Head, Rows: raw.Rows, Lines: make([]int, len(raw.Rows))}
	r, err := Run(in, m)
	if err != nil {
		t.Fatal(err)
	}
	checkFinite(t, r)
	nominal, low, high := column(t, r, "uncertainty", "rank"), column(t, r, "uncertainty", "low_5"), column(t, r, "uncertainty", "high_95")
	wide := 0
	for i := range nominal {
		if low[i] > high[i] || low[i] < 1 || high[i] > 23 {
			t.Errorf("%s: %v to %v", r.Units[i], low[i], high[i])
		}
		if high[i] > low[i] {
			wide++
		}
	}
	if wide < 15 {
		t.Errorf("only %d of 23 ranks move", wide)
	}
	s, ok := r.Stage("sensitivity")
	if !ok || !slices.Contains(s.Rows, "aggregate") || !slices.Contains(s.Rows, "leave_out") || !slices.Contains(s.Rows, "weight skills") {
		t.Errorf("factors %v", s.Rows)
	}
	again, err := Run(in, m)
	if err != nil || !reflect.DeepEqual(r, again) {
		t.Error("the same seed gave another answer", err)
	}
	m.Uncertainty = &Uncertainty{}
	if _, err := Run(in, m); !errors.Is(err, ErrInvalid) {
		t.Errorf("nothing varied: %v", err)
	}
	m.Uncertainty = &Uncertainty{Draws: 200, Normalise: []string{"zscore", "rank"}} // every indicator has goalposts
	r, err = Run(in, m)
	if err != nil {
		t.Fatal(err)
	}
	if got := column(t, r, "uncertainty", "share_at_rank"); slices.Min(got) != 1 {
		t.Errorf("normalisation that stays must leave ranks: %v", got)
	}
}

func TestReadTable(t *testing.T) {
	tab, err := ReadTable(strings.NewReader("\uFEFFid, a\nx,1\n\"y\",\n"), "t.csv")
	if err != nil || !slices.Equal(tab.Columns, []string{"id", "a"}) || tab.Lines[1] != 3 {
		t.Errorf("%+v %v", tab, err)
	}
	for text, want := range map[string]string{
		"id,a\nx\n":         "t.csv:2: 1 cells, the head has 2",
		"id,id\nx,1\n":      "appears twice",
		"id,\nx,1\n":        "column 2 has no name",
		"id,a\n":            "no rows",
		"":                  "no rows",
		"id,a\nx,\xff\n":    "not UTF-8",
		"id,a\nx,\"1\n":     "t.csv",
		"id,a\r\nx,1,2\r\n": "t.csv:2: 3 cells",
	} {
		if _, err := ReadTable(strings.NewReader(text), "t.csv"); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	tab = table("id,a", "x,1", "y,many")
	if _, err := tab.Numbers("a"); err == nil || !strings.Contains(err.Error(), `table.csv:3: column "a": "many" is not a number`) {
		t.Errorf("text among numbers: %v", err)
	}
	if _, err := tab.Numbers("b"); err == nil || !strings.Contains(err.Error(), `no column "b"`) {
		t.Errorf("missing column: %v", err)
	}
}

func TestDegenerateTables(t *testing.T) {
	m := method(t, goodMethod)
	one, err := Run(table("id,a,b", "A,1,2"), m)
	if err != nil || *one.Scores[0] != .5 || *one.Ranks[0] != 1 {
		t.Errorf("one unit: %+v %v", one.Scores, err)
	}
	equalUnits, err := Run(table("id,a,b", "A,1,2", "B,1,2"), m)
	if err != nil || *equalUnits.Scores[1] != .5 || *equalUnits.Ranks[1] != 1 {
		t.Errorf("all equal: %+v %v", equalUnits.Scores, err)
	}
	s, _ := equalUnits.Stage("normalised")
	if len(s.Notes) != 2 {
		t.Errorf("notes on indicators that tell nothing apart: %v", s.Notes)
	}
	for name, in := range map[string]Table{
		"all missing":    table("id,a,b", "A,,1", "B,,2"),
		"unit twice":     table("id,a,b", "A,1,1", "A,2,2"),
		"unit unnamed":   table("id,a,b", ",1,1"),
		"NaN":            table("id,a,b", "A,NaN,1"),
		"infinite":       table("id,a,b", "A,Inf,1"),
		"no such column": table("id,a", "A,1"),
	} {
		if _, err := Run(in, m); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	negative := method(t, "unit: id\nnormalise: {method: zscore}\nindicators: [{id: a}, {id: b}]\nindex: {id: total, aggregate: geometric, children: [{indicator: a}, {indicator: b}]}\n")
	if _, err := Run(table("id,a,b", "A,1,2", "B,2,1"), negative); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), `unit "A"`) {
		t.Errorf("geometric mean of negative scores: %v, want the unit's name", err)
	}
	logs := method(t, "unit: id\nindicators: [{id: a, transform: log10}]\nindex: {id: total, children: [{indicator: a}]}\n")
	if _, err := Run(table("id,a", "A,0"), logs); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "log10 of 0") {
		t.Errorf("logarithm of 0: %v", err)
	}
}

// Any table under any method of normalisation, aggregation and weights ends in
// finite cells or in a refusal.
func TestNeverNaN(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	pick := func(xs []string) string { return xs[rng.IntN(len(xs))] }
	ok := 0
	for range 4000 {
		lines := []string{"id,a,b,c,d"}
		for u := range 1 + rng.IntN(6) {
			row := fmt.Sprint("u", u)
			for range 4 {
				switch rng.IntN(40) {
				case 0, 3, 4:
					row += ","
				case 1, 5, 6:
					row += ",0"
				case 2:
					row += ",-3e300"
				default:
					row += fmt.Sprintf(",%d", rng.IntN(5))
				}
			}
			lines = append(lines, row)
		}
		text := fmt.Sprintf(`
unit: id
normalise: {method: %s, min: 1, max: 3, target: 2, cap: %v, log: %v}
impute: {method: %s, group: d}
outliers: {method: %s}
indicators:
  - {id: a}
  - {id: b, transform: %q}
  - {id: c, direction: lower, denominator: d}
index:
  id: total
  aggregate: %s
  exponent: %d
  missing: %s
  children: [{indicator: a}, {id: g, weights: {method: %s}, children: [{indicator: b}, {indicator: c}]}]
`, pick(normaliseMethods), rng.IntN(2) == 0, rng.IntN(2) == 0, pick(imputeMethods), pick(outlierMethods), pick(transforms),
			pick(append(slices.Clone(meanMethods), comparingMethods...)), 1+rng.IntN(4)-6*rng.IntN(2), pick([]string{"no_score", "share", "zero"}), pick(weightMethods[1:7]))
		m, err := LoadMethodology(strings.NewReader(text), "m.yaml")
		if err != nil {
			continue // combinations that validation refuses
		}
		r, err := Run(table(lines...), m)
		if err != nil {
			continue
		}
		ok++
		checkFinite(t, r)
	}
	if ok < 300 {
		t.Errorf("only %d of 4000 combinations ran", ok)
	}
}
