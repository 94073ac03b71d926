package figure_test

import (
	"strings"
	"testing"

	"weir/internal/lang"
	"weir/reports/figure"
)

// TestFlowsTellGroupsApart draws flows of two groups: colour, mark and legend agree, and without groups none is there.
func TestFlowsTellGroupsApart(t *testing.T) {
	f := figure.Flows{Head: figure.Head{ID: "flows", Title: "t", Unit: "次", Source: "s"}, Units: []figure.Label{{ID: "A", Name: "甲", Group: "甲等 2 个部门"}, {ID: "B", Name: "乙", Group: "甲等 2 个部门"}, {ID: "C", Name: "丙", Group: "丙"}, {ID: "D", Name: "丁"}},
		Links: []figure.Flow{{From: "A", To: "B", Amount: 5}, {From: "C", To: "A", Amount: 2}, {From: "D", To: "C", Amount: 1}}}
	option := func() string {
		t.Helper()
		figures, err := f.Figures(lang.Zh)
		if err != nil {
			t.Fatal(err)
		}
		return string(figures[0].Option)
	}
	grouped := option()
	for _, want := range []string{"甲 ①", "乙 ①", "丙 ②", "① 甲等 2 个部门", "② 丙", `"#0f4c81"`, `"#d98200"`} {
		if !strings.Contains(grouped, want) {
			t.Errorf("no %s in %s", want, grouped)
		}
	}
	if strings.Contains(grouped, "丁 ①") || strings.Contains(grouped, "丁 ②") {
		t.Error("a unit of no group has a mark")
	}
	for i := range f.Units {
		f.Units[i].Group = ""
	}
	if plain := option(); strings.ContainsAny(plain, "①②") || strings.Contains(plain, "#d98200") {
		t.Errorf("flows without groups have marks: %s", plain)
	}
}
