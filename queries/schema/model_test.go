package schema

import (
	"strings"
	"testing"
)

func TestDefaultModelIsSound(t *testing.T) {
	m := Default()
	if len(m.Tables) < 30 {
		t.Fatalf("only %d tables", len(m.Tables))
	}
	usage, ok := m.Table("usage_event")
	if !ok {
		t.Fatal("no usage_event")
	}
	rows, _ := usage.Column("rows")
	if got, want := m.Comment(*rows), "返回行数 | rows delivered [row]"; got != want {
		t.Errorf("comment %q, want %q", got, want)
	}
	if !strings.Contains(usage.CreateSQL(), `"occurred_at" TIMESTAMP`) {
		t.Error(usage.CreateSQL())
	}
}

func TestParseRefusesBrokenModels(t *testing.T) {
	table := "tables: [{name: a, group: g, zh: 甲, en: a, key: [id], on_change: correct, columns: [{name: id, type: text, zh: 标识, en: id%s}]}]"
	for name, text := range map[string]string{
		"unknown key":  strings.Replace(table, "%s", ", unti: B", 1),
		"unknown type": strings.Replace(strings.Replace(table, "%s", "", 1), "type: text", "type: float", 1),
		"no such code": strings.Replace(table, "%s", ", codes: nothing", 1),
		"no such ref":  strings.Replace(table, "%s", ", ref: b", 1),
		"no such key":  strings.Replace(strings.Replace(table, "%s", "", 1), "key: [id]", "key: [other]", 1),
	} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := Parse([]byte(strings.Replace(table, "%s", "", 1))); err != nil {
		t.Errorf("sound model refused: %v", err)
	}
}
