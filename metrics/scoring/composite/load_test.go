package composite

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const goodMethod = `name: {zh: 例, en: Example}
unit: id
indicators:
  - {id: a}
  - {id: b, direction: lower}
index:
  id: total
  children:
    - {indicator: a}
    - {indicator: b}
`

func TestLoadRefusesWithPosition(t *testing.T) {
	if _, err := LoadMethodology(strings.NewReader(goodMethod), "m.yaml"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, with, want string }{
		"unknown key":        {"unit: id", "unti: id", `m.yaml:2:1: unknown key "unti"; did you mean "unit"?`},
		"nested unknown key": {"direction: lower", "directon: lower", `m.yaml:5:13: unknown key "directon"; did you mean "direction"?`},
		"number":             {"id: total", "id: total\n  exponent: two", `m.yaml:8:13: "two" is not a finite number`},
		"infinite":           {"id: total", "id: total\n  exponent: .inf", `m.yaml:8:13: ".inf" is not a finite number`},
		"not a list":         {"  - {id: a}\n  - {id: b, direction: lower}", "  a: 1", "m.yaml:4:3: want a list"},
		"not a mapping":      {"{id: a}", "a", "m.yaml:4:5: want keys and values"},
		"not a scalar":       {"unit: id", "unit: [id]", "m.yaml:2:7: want a single value"},
		"key twice":          {"unit: id", "unit: id\nunit: id", `m.yaml:3:1: key "unit" appears twice`},
		"alias":              {"id: total", "id: &x total\n  name: *x", "m.yaml:8:9: anchors and aliases"},
		"direction":          {"direction: lower", "direction: low", `direction "low" is not known, want one of higher, lower; did you mean "lower"?`},
		"two documents":      {"name:", "---\nunit: x\n---\nname:", "more than one document"},
		"unknown indicator":  {"indicator: a", "indicator: c", `indicator "c" is not given`},
		"whole number":       {"unit: id", "unit: id\nranking: {decimals: 1.5}", `m.yaml:3:21: "1.5" is not a whole number`},
		"boolean":            {"{id: a}", "{id: a, normalise: {method: minmax, log: maybe}}", `"maybe" is not true or false`},
	} {
		text := strings.Replace(goodMethod, c.old, c.with, 1)
		if text == goodMethod {
			t.Fatalf("%s: nothing replaced", name)
		}
		if _, err := LoadMethodology(strings.NewReader(text), "m.yaml"); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	// Several problems come in one report.
	text := strings.Replace(strings.Replace(goodMethod, "unit:", "unti:", 1), "direction:", "dir:", 1)
	_, err := LoadMethodology(strings.NewReader(text), "m.yaml")
	if err == nil || strings.Count(err.Error(), "unknown key") != 2 {
		t.Errorf("two problems: %v", err)
	}
	if _, err := LoadMethodology(strings.NewReader(""), "m.yaml"); !errors.Is(err, ErrInvalid) {
		t.Errorf("empty file: %v", err)
	}
}

func TestValidate(t *testing.T) {
	one := func(c string) string { return strings.Replace(goodMethod, "{id: a}", "{id: a, "+c+"}", 1) }
	top := func(c string) string { return goodMethod + c + "\n" }
	index := func(c string) string { return strings.Replace(goodMethod, "  id: total", "  id: total\n  "+c, 1) }
	for name, text := range map[string]string{
		"goalposts without posts":   one("normalise: {method: goalposts}"),
		"goalposts reversed":        one("normalise: {method: goalposts, min: 2, max: 1}"),
		"logarithm of 0":            one("normalise: {method: goalposts, min: 0, max: 1, log: true}"),
		"target 0":                  one("normalise: {method: distance_to_target, target: 0}"),
		"range":                     one("normalise: {method: minmax, range: [1, 0]}"),
		"categories":                one("normalise: {method: categorical, categories: [{from: 5, score: 1}]}"),
		"per without denominator":   one("per: 1000"),
		"group without column":      one("impute: {method: group_mean}"),
		"quantiles":                 one("outliers: {method: percentile, low: 0.9, high: 0.1}"),
		"negative limit":            one("outliers: {method: winsorise, limit: -1}"),
		"lower as it is":            strings.Replace(goodMethod, "direction: lower", "direction: lower, normalise: {method: none}", 1),
		"power without exponent":    index("aggregate: power"),
		"share with topsis":         index("aggregate: topsis\n  missing: share"),
		"shares":                    index("aggregate: benefit_of_the_doubt\n  share_least: 2"),
		"pairwise of another size":  index("weights: {method: ahp, pairwise: [[1]]}"),
		"weights given to none":     index("weights: {method: given}"),
		"weights twice":             strings.Replace(index("weights: {method: equal}"), "{indicator: a}", "{indicator: a, weight: 1}", 1),
		"one weight of two":         strings.Replace(goodMethod, "{indicator: a}", "{indicator: a, weight: 1}", 1),
		"negative weight":           strings.Replace(goodMethod, "{indicator: a}", "{indicator: a, weight: -1}", 1),
		"node twice":                strings.Replace(goodMethod, "{indicator: b}", "{indicator: a}", 1),
		"indicator twice":           strings.Replace(goodMethod, "{id: b, direction: lower}", "{id: a}", 1),
		"too many decimals":         top("ranking: {decimals: 99}"),
		"unknown ties":              top("ranking: {ties: random}"),
		"weights beyond 1":          top("uncertainty: {weights: 2}"),
		"normalise with parameters": top("uncertainty: {normalise: [goalposts]}"),
		"aggregate by comparison":   top("uncertainty: {aggregate: [topsis]}"),
		"two Sobol points":          top("uncertainty: {sobol: 2}"),
		"no children":               strings.Split(goodMethod, "  children")[0],
		"rescale":                   index("rescale: [1, 1]"),
	} {
		if _, err := LoadMethodology(strings.NewReader(text), "m.yaml"); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
}

func FuzzLoadMethodology(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add(goodMethod)
	f.Add("a: &a [*a]")
	table := Table{Name: "t", Columns: []string{"id", "a", "b"}, Rows: [][]string{{"x", "1", "2"}, {"y", "3", ""}, {"z", "-4", "0"}}, Lines: []int{2, 3, 4}}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := LoadMethodology(strings.NewReader(text), "m.yaml")
		if err != nil {
			return
		}
		if m.Uncertainty != nil {
			m.Uncertainty.Draws, m.Uncertainty.Sobol = 3, 0
		}
		r, err := Run(table, m)
		if err == nil {
			checkFinite(t, r)
		}
	})
}
