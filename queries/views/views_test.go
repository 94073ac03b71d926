package views

import (
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
			if c.Codes != "" && CodeList(c.Codes) == nil {
				t.Errorf("%s.%s: no code list %s", v.Name, c.Name, c.Codes)
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
		if ok == table.Raw {
			t.Errorf("%s: raw %v, published %v", table.Name, table.Raw, ok)
		}
		if !ok {
			continue
		}
		for _, c := range table.Columns {
			published := slices.ContainsFunc(v.Columns, func(p Column) bool { return p.Name == c.Name })
			if published == c.Personal {
				t.Errorf("%s.%s: personal %v, published %v", table.Name, c.Name, c.Personal, published)
			}
			if c.Personal {
				found++
			}
		}
	}
	if found == 0 {
		t.Error("the model marks no column as personal: this test proves nothing")
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
