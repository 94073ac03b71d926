package composite

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"weir/metrics/scoring"
	"weir/metrics/scoring/internal/cases"
)

const caseDir = "../../../testdata/cases/composite"

// build runs a method file on a table file.
func build(t *testing.T, table, method string) Result {
	t.Helper()
	m := loadMethod(t, method)
	f, err := os.Open(filepath.Join(caseDir, table))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tab, err := ReadTable(f, table)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(tab, m)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func loadMethod(t *testing.T, name string) *Methodology {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	m, err := LoadMethodology(strings.NewReader(string(data)), name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func value(t *testing.T, p *float64) float64 {
	t.Helper()
	if p == nil {
		return math.NaN()
	}
	return *p
}

// The Human Development Index 2022 of 193 countries, from the four columns of
// the report's table, equal at the three decimals printed.
func TestHumanDevelopmentIndex(t *testing.T) {
	r := build(t, "hdi/hdr2023-24_hdi_2022.csv", "hdi_2022.yaml")
	want := cases.Read(t, "hdi/hdr2023-24_hdi_2022.csv")
	published, ranks := want.Numbers(t, "hdi_2022"), want.Numbers(t, "hdi_rank_2022")
	scored, ranked := 0, 0
	for i := range r.Units {
		if math.IsNaN(published[i]) {
			if r.Scores[i] != nil {
				t.Errorf("%s: %v where none is published", r.Units[i], *r.Scores[i])
			}
			continue
		}
		scored++
		if got := scoring.Round(value(t, r.Scores[i]), 3); got != published[i] {
			t.Errorf("%s: %v, published %v", r.Units[i], got, published[i])
		}
		if !math.IsNaN(ranks[i]) && value(t, r.Ranks[i]) == ranks[i] {
			ranked++
		}
	}
	if scored != 193 || ranked != 193 {
		t.Errorf("%d countries with a published index, %d with the published rank, want 193", scored, ranked)
	}
}

// The inequality-adjusted index: the same method with each dimension reduced
// by its published inequality.
func TestInequalityAdjustedIndex(t *testing.T) {
	r := build(t, "hdi/hdr2023-24_hdi_2022.csv", "ihdi_2022.yaml")
	published := cases.Read(t, "hdi/hdr2023-24_hdi_2022.csv").Numbers(t, "ihdi_2022")
	equal := 0
	for i, want := range published {
		if math.IsNaN(want) {
			continue
		}
		if got := scoring.Round(value(t, r.Scores[i]), 3); got == want {
			equal++
		} else {
			t.Errorf("%s: %v, published %v", r.Units[i], got, want)
		}
	}
	if equal != 165 {
		t.Errorf("%d countries equal, want 165", equal)
	}
}

// The Technology Achievement Index of UNDP (2001) from its raw table.
func TestTechnologyAchievementIndex(t *testing.T) {
	r := build(t, "tai_handbook/raw_tai23.csv", "tai_undp_2001.yaml")
	published := cases.Read(t, "tai_handbook/undp_hdr2001_tai_scores.csv").Numbers(t, "tai_published")
	for i, want := range published {
		if r.Units[i] == "Singapore" {
			continue // published without royalties: TestSingaporeWithoutRoyalties
		}
		// To the three printed decimals; the raw table's logarithms have two.
		cases.Near(t, r.Units[i], scoring.Round(value(t, r.Scores[i]), 3), want, .0013)
	}
	ranks := cases.Read(t, "tai_handbook/table23_ranks_by_weighting.csv")
	place := map[string]float64{}
	for i, c := range ranks.Column(t, "country") {
		place[c] = ranks.Numbers(t, "EW")[i]
	}
	for i, u := range r.Units {
		if value(t, r.Ranks[i]) != place[u] {
			t.Errorf("%s: rank %v, handbook %v", u, value(t, r.Ranks[i]), place[u])
		}
	}
}

func TestSingaporeWithoutRoyalties(t *testing.T) {
	tab := cases.Read(t, "tai_handbook/raw_tai23.csv")
	in := Table{Name: "raw", Columns: tab.Head, Rows: tab.Rows, Lines: make([]int, len(tab.Rows))}
	royalties := slices.Index(tab.Head, "royalties")
	for _, row := range in.Rows {
		if row[0] == "Singapore" {
			row[royalties] = "" // as UNDP had it
		}
	}
	m := loadMethod(t, "tai_undp_2001.yaml")
	m.Impute = &Impute{Method: "value", Value: 0}
	r, err := Run(in, m)
	if err != nil {
		t.Fatal(err)
	}
	cases.Near(t, "Singapore", value(t, r.Scores[slices.Index(r.Units, "Singapore")]), .585, .0013)
	imputed, _ := r.Stage("imputed")
	if len(imputed.Notes) != 1 || !strings.Contains(imputed.Notes[0].EN, "Singapore") {
		t.Errorf("notes of imputation: %v", imputed.Notes)
	}
}

// Handbook table 23, budget allocation weights: ranks of all 23 countries.
func TestHandbookBudgetAllocation(t *testing.T) {
	m := loadMethod(t, "tai_undp_2001.yaml")
	weights := cases.Read(t, "tai_handbook/table22_weights.csv")
	ranks := cases.Read(t, "tai_handbook/table23_ranks_by_weighting.csv")
	raw := cases.Read(t, "tai_handbook/raw_tai23.csv")
	for row, method := range weights.Column(t, "method") {
		tolerance := map[string]float64{"EW": 0, "BAP": 0, "FA": 1, "AHP": 2}[method] // the case's README: weights printed to 2 decimals
		flat := *m
		flat.Index = Node{ID: "tai"}
		for _, ind := range m.Indicators {
			column := ind.ID
			w := weights.Numbers(t, column)[row]
			flat.Index.Children = append(flat.Index.Children, Node{Indicator: ind.ID, Weight: &w})
		}
		r, err := Run(Table{Name: "raw", Columns: raw.Head, Rows: raw.Rows, Lines: make([]int, len(raw.Rows))}, &flat)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range ranks.Column(t, "country") {
			at := slices.Index(r.Units, c)
			cases.Near(t, method+" "+c, value(t, r.Ranks[at]), ranks.Numbers(t, method)[i], tolerance)
		}
	}
}

// Handbook table 38: linear and geometric aggregation.
func TestHandbookAggregation(t *testing.T) {
	ranks := cases.Read(t, "tai_handbook/table38_ranks_by_aggregation.csv")
	linear := build(t, "tai_handbook/raw_tai23.csv", "tai_undp_2001.yaml")
	geometric := build(t, "tai_handbook/raw_tai23.csv", "tai_geometric_raw.yaml")
	for i, c := range ranks.Column(t, "country") {
		at := slices.Index(linear.Units, c)
		cases.Near(t, "linear "+c, value(t, linear.Ranks[at]), ranks.Numbers(t, "LIN")[i], 0)
		cases.Near(t, "geometric "+c, value(t, geometric.Ranks[at]), ranks.Numbers(t, "GME")[i], 0)
	}
}

// Handbook table 15: mean years of schooling under ten normalisations.
func TestHandbookNormalisations(t *testing.T) {
	want := cases.Read(t, "tai_handbook/table15_schooling_normalisations.csv")
	xs := want.Numbers(t, "mean_years_school")
	for column, n := range map[string]Normalise{
		"rank_ascending_min_ties": {Method: "rank"}, "zscore_sample_sd": {Method: "zscore"}, "minmax": {Method: "minmax"},
		"ratio_to_mean": {Method: "ratio_to_mean"}, "ratio_to_best": {Method: "ratio_to_best"}, "ratio_to_worst": {Method: "ratio_to_worst"},
		"diff_from_mean": {Method: "difference_from_mean"}, "diff_from_worst": {Method: "difference_from_worst"},
		"above_below_mean_p20": {Method: "above_below_mean"}, "percentile": {Method: "percentile"}, "categorical": {Method: "categorical"},
	} {
		got, flat, err := n.apply(xs, false)
		if err != nil || flat {
			t.Fatalf("%s: %v %v", column, err, flat)
		}
		tol := .005 + 1e-9
		if column == "percentile" {
			tol = .05 + 1e-9 // printed to one decimal
		}
		for i, w := range want.Numbers(t, column) {
			cases.Near(t, column+" "+want.Rows[i][0], got[i], w, tol)
		}
	}
}

// Handbook table 41. Its first column has Singapore's royalties missing, as the
// published index has; its second has them, as the handbook's raw table.
func TestHandbookDropTwo(t *testing.T) {
	raw := cases.Read(t, "tai_handbook/raw_tai23.csv")
	in := Table{Name: "raw", Columns: raw.Head, Rows: raw.Rows, Lines: make([]int, len(raw.Rows))}
	singapore := slices.IndexFunc(in.Rows, func(row []string) bool { return row[0] == "Singapore" })
	royalties := slices.Index(raw.Head, "royalties")
	want := cases.Read(t, "tai_handbook/table41_drop_two_ranks.csv")
	for column, leftOut := range map[string][]string{"TAI8": nil, "TAI6_without_telephones_electricity": {"telephones", "electricity"}} {
		m := loadMethod(t, "tai_undp_2001.yaml")
		m.Impute = &Impute{Method: "value", Value: 0}
		in.Rows[singapore][royalties] = "25.5"
		if leftOut == nil {
			in.Rows[singapore][royalties] = ""
		}
		m.Index = Node{ID: "tai"}
		for _, ind := range m.Indicators {
			if !slices.Contains(leftOut, ind.ID) {
				m.Index.Children = append(m.Index.Children, Node{Indicator: ind.ID})
			}
		}
		r, err := Run(in, m)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range want.Column(t, "country") {
			cases.Near(t, column+" "+c, value(t, r.Ranks[slices.Index(r.Units, c)]), want.Numbers(t, column)[i], 0)
		}
	}
}
