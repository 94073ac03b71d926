package mapping

import (
	"strings"
	"testing"

	"weir/queries/schema"
)

const sound = `mapping: m
target: counter_reading
unpivot: {columns: "Spent *", name: year, value: amount}
lookups:
  page: {column: path, match: prefix, rows: {/a: {resource: R1}, /b: {resource: R2, owner: D1}}, else: {owner: D0}}
columns: {resource_id: page.resource, counter: year, read_at: at, value: amount}
`

func TestLookupsAndUnpivot(t *testing.T) {
	m, problems := Parse("m.yaml", []byte(sound), schema.Default())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	one, field, ok := m.Lookup("page.owner")
	if !ok || field != "owner" || !one.Prefix || one.Else["owner"] != "D0" || len(one.Rows) != 2 || one.Rows[1].Values["resource"] != "R2" {
		t.Errorf("%+v", one)
	}
	if _, _, ok := m.Lookup("page.nothing"); ok {
		t.Error("a field that no row has was found")
	}
	if m.Read.Unpivot != (Unpivot{"Spent *", "year", "amount"}) {
		t.Errorf("%+v", m.Read.Unpivot)
	}
}

func TestMistakesInLookupsAndUnpivotAreNamed(t *testing.T) {
	for name, c := range map[string]struct{ from, to, says string }{
		"no column":     {"column: path, ", "", "has no column"},
		"no rows":       {"rows: {/a: {resource: R1}, /b: {resource: R2, owner: D1}}, ", "", "has no rows"},
		"misspelt key":  {"match: prefix", "mach: prefix", "unknown key \"mach\""},
		"unknown match": {"match: prefix", "match: suffix", "\"suffix\" is not known here"},
		"row is a text": {"/a: {resource: R1}", "/a: R1", "want fields here"},
		"twice":         {"/a: {resource: R1}", "/b: {resource: R1}", "given twice"},
		"two stars":     {"Spent *", "Spent **", "one *"},
		"no value":      {", value: amount}", "}", "one *"},
	} {
		text := strings.Replace(sound, c.from, c.to, 1)
		if text == sound {
			t.Fatalf("%s changes nothing", name)
		}
		_, problems := Parse("m.yaml", []byte(text), schema.Default())
		if !strings.Contains(problems.Error(), c.says) || !strings.Contains(problems.Error(), "m.yaml:") {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
