package views

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"weir/queries/schema"
)

func TestEveryPublishedColumnIsExplained(t *testing.T) {
	groups := map[string]bool{}
	for _, g := range Groups {
		groups[g.ID] = true
	}
	seen := map[string]bool{}
	for _, v := range All() {
		if v.Zh == "" || v.En == "" || !groups[v.Group] {
			t.Errorf("%s: zh %q, en %q, group %q", v.Name, v.Zh, v.En, v.Group)
		}
		if seen[v.Name] {
			t.Errorf("%s is published twice", v.Name)
		}
		seen[v.Name] = true
		for _, c := range v.Columns {
			if c.Zh == "" || c.En == "" || c.Type == "" {
				t.Errorf("%s.%s: zh %q, en %q, type %q", v.Name, c.Name, c.Zh, c.En, c.Type)
			}
			if c.Codes != "" && len(CodeList(c.Codes)) == 0 {
				t.Errorf("%s.%s: no code list %s", v.Name, c.Name, c.Codes)
			}
			if _, known := Find(c.Ref); c.Ref != "" && !known {
				t.Errorf("%s.%s refers to %s, which is not published", v.Name, c.Name, c.Ref)
			}
			if _, known := Units[c.Unit]; c.Unit != "" && !known {
				t.Errorf("%s.%s: the unit %s has no words", v.Name, c.Name, c.Unit)
			}
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d tables", len(seen))
	}
}

func TestNothingThatIdentifiesAPersonIsPublished(t *testing.T) {
	found := 0
	for _, table := range schema.Default().Tables {
		v, ok := Find(table.Name)
		if !ok {
			t.Errorf("%s is not published", table.Name)
			continue
		}
		for _, c := range table.Columns {
			published := slices.ContainsFunc(v.Columns, func(p Column) bool { return p.Name == c.Name })
			if published != c.Public() {
				t.Errorf("%s.%s: public %v, published %v", table.Name, c.Name, c.Public(), published)
			}
			if !c.Public() {
				found++
			}
		}
	}
	if found == 0 {
		t.Error("the model holds back no column: this test proves nothing")
	}
}

func TestDefinitionsWriteTextsAsLiterals(t *testing.T) {
	list := OverLake(nil, []Close{{Month: "2026-10", Revision: 1, Stamp: "it's"}}, func(table string, everyMonth bool) []string {
		return []string{"/lake/it's/" + table + ".parquet"}
	})
	for _, d := range list {
		if strings.Contains(strings.ReplaceAll(d.SQL, "it''s", ""), "it's") {
			t.Errorf("%s: %s", d.Name, d.SQL)
		}
	}
}

// numbersWithoutUnit are numbers that count or measure nothing, and those whose unit stands elsewhere, as their meaning says.
var numbersWithoutUnit = []string{
	"revision", "version", "indicator_version", "decimals", "rank", "rank_low_data", "rank_high_data", "rank_low_weights", "rank_high_weights", "status_code",
	"indicator_value.numerator", "indicator_value.denominator", "indicator_value.value", "indicator_value.low", "indicator_value.high", "indicator_value.target",
	"indicator_value.standard_error", "integrity_measure.value", "integrity_measure.threshold", "kpi_target.baseline", "kpi_target.target",
	"kpi_progress.actual", "mart_kpi.target", "mart_kpi.actual", "counter_reading.value",
}

func TestEveryNumberHasAUnit(t *testing.T) {
	used := map[string]bool{}
	for _, v := range All() {
		for _, c := range v.Columns {
			if c.Unit != "" || !regexp.MustCompile(`^(BIGINT|INTEGER|HUGEINT|DOUBLE|DECIMAL)`).MatchString(c.Type) {
				continue
			}
			i := slices.IndexFunc(numbersWithoutUnit, func(name string) bool { return name == c.Name || name == v.Name+"."+c.Name })
			if i < 0 {
				t.Errorf("%s.%s has no unit", v.Name, c.Name)
				continue
			}
			used[numbersWithoutUnit[i]] = true
		}
	}
	for _, name := range numbersWithoutUnit {
		if !used[name] {
			t.Errorf("%s has a unit, or is not published", name)
		}
	}
}

// A code keeps its list on its way from an event table into a mart.
func TestCodesOfMartsAreThoseOfTheirEvents(t *testing.T) {
	list := map[string]string{}
	for _, table := range schema.Default().Tables {
		for _, c := range table.Columns {
			if c.Codes != "" {
				list[c.Name] = c.Codes
			}
		}
	}
	// A name that stands for free text elsewhere.
	delete(list, "rule")
	for _, v := range All() {
		for _, c := range v.Columns {
			if want := list[c.Name]; v.kind == mart && want != "" && c.Codes == "" && c.Type == "VARCHAR" {
				t.Errorf("%s.%s has no code list; events of that name have %s", v.Name, c.Name, want)
			}
		}
	}
}
