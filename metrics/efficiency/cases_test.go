package efficiency

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

const caseDir = "../../testdata/cases/composite/dea"

func readCSV(t *testing.T, name string) (head []string, rows [][]string) {
	t.Helper()
	f, err := os.Open(filepath.Join(caseDir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[0], all[1:]
}

func num(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// readTable takes columns x_… (or x) as inputs and y_… (or y) as outputs.
func readTable(t *testing.T, name string) Table {
	t.Helper()
	head, rows := readCSV(t, name)
	return tableOf(t, head, rows, 0)
}

func tableOf(t *testing.T, head []string, rows [][]string, unit int) Table {
	t.Helper()
	var tab Table
	for _, h := range head {
		switch {
		case strings.HasPrefix(h, "x"):
			tab.InputNames = append(tab.InputNames, h)
		case strings.HasPrefix(h, "y"):
			tab.OutputNames = append(tab.OutputNames, h)
		}
	}
	for _, r := range rows {
		tab.Units = append(tab.Units, r[unit])
		var in, out []float64
		for k, h := range head {
			switch {
			case strings.HasPrefix(h, "x"):
				in = append(in, num(t, r[k]))
			case strings.HasPrefix(h, "y"):
				out = append(out, num(t, r[k]))
			}
		}
		tab.Inputs, tab.Outputs = append(tab.Inputs, in), append(tab.Outputs, out)
	}
	return tab
}

// compare checks got against want relative to their size.
func compare(t *testing.T, name string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tol*math.Max(1, math.Abs(want)) {
		t.Errorf("%s: %.13g, want %.13g", name, got, want)
	}
}

var deaSets = []string{"PFT", "PFT_NFT", "Fortune500", "Coll_Blasco_2006", "Tone2001", "Coelli_1998", "Airlines", "Electric_plants", "Doyle_Green_1994", "Ruggiero2007", "Departments_DEA1"}

// The eleven data sets of the R package deaR with the scores that it computes,
// printed to 12 digits.
func TestDeaRSets(t *testing.T) {
	const digits = 2e-11 // 12 printed digits, and 5e-12 between two solvers
	scales := map[string]Scale{"crs": Constant, "vrs": Variable, "nirs": NonIncreasing, "ndrs": NonDecreasing}
	programs := 0
	for _, set := range deaSets {
		tab := readTable(t, set+"_data.csv")
		head, want := readCSV(t, set+"_efficiency.csv")
		size := 0.0 // of the additive model's totals, which add all columns
		for o := range tab.Units {
			size = math.Max(size, sum(tab.Inputs[o])+sum(tab.Outputs[o]))
		}
		for k, h := range head[1:] {
			model, scaleName := h[:strings.LastIndex(h, "_")], h[strings.LastIndex(h, "_")+1:]
			opt := Options{Scale: scales[scaleName], AllowFewUnits: true}
			got := make([]float64, len(tab.Units))
			infeasible := make([]bool, len(tab.Units))
			switch model {
			case "io", "oo", "super_io":
				run := Radial
				if model == "oo" {
					opt.Orientation = Output
				}
				if model == "super_io" {
					run = SuperEfficiency
				}
				rs, err := run(tab, opt)
				if err != nil {
					t.Fatalf("%s %s: %v", set, h, err)
				}
				for i, r := range rs {
					got[i], infeasible[i] = r.Efficiency, r.Infeasible
					checkResult(t, set+" "+h, tab, opt, i, r)
				}
				programs += 2 * len(rs)
			case "sbm_no":
				rs, err := SlackBased(tab, opt)
				if err != nil {
					t.Fatalf("%s %s: %v", set, h, err)
				}
				for i, r := range rs {
					got[i] = r.Efficiency
				}
				programs += len(rs)
			case "additive":
				rs, err := Additive(tab, opt)
				if err != nil {
					t.Fatalf("%s %s: %v", set, h, err)
				}
				for i, r := range rs {
					got[i] = r.Total
				}
				programs += len(rs)
			default:
				t.Fatalf("%s: no model for column %s", set, h)
			}
			for i, row := range want {
				name := set + " " + h + " " + tab.Units[i]
				switch {
				case row[k+1] == "":
					if !infeasible[i] {
						t.Errorf("%s: %v, want infeasible", name, got[i])
					}
				case model == "additive":
					// The reference leaves rounding of 1e-10 of the columns'
					// size where the true total is 0.
					if math.Abs(got[i]-num(t, row[k+1])) > 1e-9*size {
						t.Errorf("%s: %v, want %v", name, got[i], row[k+1])
					}
				default:
					compare(t, name, got[i], num(t, row[k+1]), digits)
				}
			}
		}
	}
	t.Logf("%d linear programs", programs)
}

// checkResult holds a radial result against its own meaning: the combination
// of peers, plus slacks, is the unit scaled by its efficiency.
func checkResult(t *testing.T, name string, tab Table, opt Options, o int, r Result) {
	t.Helper()
	if r.Infeasible {
		return
	}
	in, out := r.Efficiency, 1.0
	if opt.Orientation == Output {
		in, out = 1, r.Efficiency
	}
	size := func(rows [][]float64, k int) float64 {
		var m float64
		for _, r := range rows {
			m += r[k] / float64(len(rows))
		}
		return m
	}
	for i, x := range tab.Inputs[o] {
		if gap := x*in - r.InputSlacks[i] - r.InputTargets[i]; math.Abs(gap) > 1e-7*math.Max(x, size(tab.Inputs, i))*math.Max(1, out) {
			t.Errorf("%s %s input %d: target %v and slack %v do not make %v × %v", name, r.Unit, i, r.InputTargets[i], r.InputSlacks[i], x, in)
		}
	}
	for i, y := range tab.Outputs[o] {
		if gap := y*out + r.OutputSlacks[i] - r.OutputTargets[i]; math.Abs(gap) > 1e-7*math.Max(y, size(tab.Outputs, i))*out {
			t.Errorf("%s %s output %d: target %v and slack %v do not make %v × %v", name, r.Unit, i, r.OutputTargets[i], r.OutputSlacks[i], y, out)
		}
	}
	var weight float64
	for _, p := range r.Peers {
		weight += p.Weight
	}
	if opt.Scale == Variable && math.Abs(weight-1) > 1e-6 {
		t.Errorf("%s %s: weights of peers sum to %v", name, r.Unit, weight)
	}
}

// The tables of Cooper, Seiford and Tone, Data Envelopment Analysis.
func TestCooperSeifordTone(t *testing.T) {
	for set, tol := range map[string]float64{"CST_8stores": 5.1e-4, "CST_6_two_input": 5.1e-5} {
		tab := readTable(t, set+"_data.csv")
		_, want := readCSV(t, set+"_published.csv")
		rs, err := Radial(tab, Options{AllowFewUnits: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range rs {
			compare(t, set+" "+r.Unit, r.Efficiency, num(t, want[i][1]), tol)
		}
	}
}

// Eleven units of Ali and Seiford (1993), scores as asserted in the tests of
// DataEnvelopmentAnalysis.jl.
func TestElevenUnits(t *testing.T) {
	tab := readTable(t, "FLS11_data.csv")
	head, want := readCSV(t, "FLS11_expected_10dp.csv")
	few := func(o Orientation, s Scale) Options { return Options{Orientation: o, Scale: s, AllowFewUnits: true} }
	efficiencies := func(rs []Result, err error) []float64 {
		if err != nil {
			t.Fatal(err)
		}
		var out []float64
		for _, r := range rs {
			out = append(out, r.Efficiency)
		}
		return out
	}
	totals := func(rs []AdditiveResult, err error) []float64 {
		if err != nil {
			t.Fatal(err)
		}
		var out []float64
		for _, r := range rs {
			out = append(out, r.Total)
		}
		return out
	}
	slack := func(i int) []float64 {
		rs, err := Radial(tab, few(Input, Constant))
		if err != nil {
			t.Fatal(err)
		}
		var out []float64
		for _, r := range rs {
			out = append(out, r.InputSlacks[i])
		}
		return out
	}
	got := map[string][]float64{
		"io_crs": efficiencies(Radial(tab, few(Input, Constant))), "oo_crs": efficiencies(Radial(tab, few(Output, Constant))),
		"io_vrs": efficiencies(Radial(tab, few(Input, Variable))), "oo_vrs": efficiencies(Radial(tab, few(Output, Variable))),
		"io_fdh":       efficiencies(FreeDisposalHull(tab, few(Input, ""))),
		"additive_crs": totals(Additive(tab, few("", Constant))), "additive_vrs": totals(Additive(tab, few("", Variable))),
		"slack_x1_io_crs": slack(0), "slack_x2_io_crs": slack(1),
	}
	for k, h := range head[1:] {
		col, ok := got[h]
		if !ok {
			t.Fatalf("no model for column %s", h)
		}
		for i, row := range want {
			compare(t, h+" "+row[0], col[i], num(t, row[k+1]), 1e-9)
		}
	}
}

func TestMalmquistPanel(t *testing.T) {
	head, rows := readCSV(t, "malmquist_5dmu_3periods_data.csv")
	periods := map[string][][]string{}
	for _, r := range rows {
		periods[r[0]] = append(periods[r[0]], r)
	}
	whead, want := readCSV(t, "malmquist_5dmu_3periods_expected.csv")
	column := map[string]int{}
	for i, h := range whead {
		column[h] = i
	}
	for _, step := range [][2]string{{"1", "2"}, {"2", "3"}} {
		changes, err := Malmquist(tableOf(t, head, periods[step[0]], 1), tableOf(t, head, periods[step[1]], 1), Options{AllowFewUnits: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range changes {
			for name, got := range map[string]float64{"MI_": c.Index, "EC_": c.EfficiencyChange, "TC_": c.TechnicalChange} {
				h := name + step[0] + step[1]
				compare(t, h+" "+c.Unit, got, num(t, want[i][column[h]]), 5.1e-8) // printed to 7 decimals
			}
			compare(t, "parts of "+c.Unit, c.PureChange*c.ScaleChange*c.TechnicalChange, c.Index, 1e-9)
		}
	}
}

func TestCostEfficiencyCase(t *testing.T) {
	tab := readTable(t, "Coelli_1998_data.csv")
	_, priceRows := readCSV(t, "Coelli_1998_prices_data.csv")
	var prices [][]float64
	for _, r := range priceRows {
		prices = append(prices, []float64{num(t, r[4]), num(t, r[5])})
	}
	rs, err := Cost(tab, prices, Options{AllowFewUnits: true})
	if err != nil {
		t.Fatal(err)
	}
	_, want := readCSV(t, "Coelli_1998_cost_efficiency.csv")
	for i, r := range rs {
		compare(t, r.Unit, r.Efficiency, num(t, want[i][1]), 2e-11)
	}
}

func TestFixedInputCase(t *testing.T) {
	tab := readTable(t, "Ruggiero2007_data.csv")
	rs, err := Radial(tab, Options{FixedInputs: []bool{false, true}})
	if err != nil {
		t.Fatal(err)
	}
	_, want := readCSV(t, "Ruggiero2007_nondiscretionary_x2.csv")
	for i, r := range rs {
		compare(t, r.Unit, r.Efficiency, num(t, want[i][1]), 2e-11)
	}
}

func TestScaleEfficiency(t *testing.T) {
	// Coelli (1998), table 6.4 (one input, one output, input-oriented): CRS
	// .500 .500 1 .800 .833, VRS 1 .625 1 .900 1, scale .500 .800 1 .889 .833,
	// returns irs irs – drs drs.
	tab := Table{Units: []string{"1", "2", "3", "4", "5"}, InputNames: []string{"x"}, OutputNames: []string{"y"},
		Inputs: [][]float64{{2}, {4}, {3}, {5}, {6}}, Outputs: [][]float64{{1}, {2}, {3}, {4}, {5}}}
	rs, err := ScaleEfficiency(tab, Options{AllowFewUnits: true})
	if err != nil {
		t.Fatal(err)
	}
	want := []ScaleResult{{"1", .5, 1, .5, IncreasingReturns}, {"2", .5, .625, .8, IncreasingReturns}, {"3", 1, 1, 1, ConstantReturns},
		{"4", .8, .9, .889, DecreasingReturns}, {"5", .833, 1, .833, DecreasingReturns}}
	for i, r := range rs {
		compare(t, "crs "+r.Unit, r.Constant, want[i].Constant, 5.1e-4)
		compare(t, "vrs "+r.Unit, r.Variable, want[i].Variable, 5.1e-4)
		compare(t, "scale "+r.Unit, r.ScaleEfficiency, want[i].ScaleEfficiency, 5.1e-4)
		if r.Returns != want[i].Returns {
			t.Errorf("unit %s: %s returns, want %s", r.Unit, r.Returns, want[i].Returns)
		}
	}
}

func TestRefusesFewUnits(t *testing.T) {
	tab := readTable(t, "Tone2001_data.csv")
	_, err := Radial(tab, Options{})
	if !errors.Is(err, ErrTooFew) || !strings.Contains(err.Error(), "12") {
		t.Errorf("5 units for 2+2 columns: %v, want a refusal that names 12", err)
	}
	if _, err := SlackBased(tab, Options{}); !errors.Is(err, ErrTooFew) {
		t.Errorf("slack-based: %v", err)
	}
	if got := RequiredUnits(5, 4); got != 27 {
		t.Errorf("5 inputs, 4 outputs need %d, want 27", got)
	}
	if got := RequiredUnits(8, 9); got != 72 {
		t.Errorf("8 inputs, 9 outputs need %d, want 72", got)
	}
}
