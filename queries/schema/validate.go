package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

func (m *Model) validate() error {
	for _, t := range m.Tables {
		if t.Zh == "" || t.En == "" || t.Group == "" {
			return fmt.Errorf("table %s: zh, en and group are required", t.Name)
		}
		if t.OnChange != Correct && t.OnChange != Refuse {
			return fmt.Errorf("table %s: on_change is %q, want %s or %s", t.Name, t.OnChange, Correct, Refuse)
		}
		for _, c := range t.Columns {
			if err := m.validateColumn(c); err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
		}
		if len(t.Key) == 0 {
			return fmt.Errorf("table %s: no key", t.Name)
		}
		for _, name := range append(append([]string(nil), t.Key...), t.Time...) {
			if _, ok := t.Column(name); !ok {
				return fmt.Errorf("table %s: key or time names %q, which is no column", t.Name, name)
			}
		}
		if t.Partition != "" && !slices.Contains(t.Time, t.Partition) {
			return fmt.Errorf("table %s: partition %q is none of its time columns", t.Name, t.Partition)
		}
	}
	return m.validateFlat()
}

func (m *Model) validateColumn(c Column) error {
	if c.Type.SQL() == "" {
		return fmt.Errorf("column %s: unknown type %q", c.Name, c.Type)
	}
	if c.Zh == "" || c.En == "" {
		return fmt.Errorf("column %s: zh and en are required", c.Name)
	}
	if c.Codes != "" && m.Codes[c.Codes] == nil {
		return fmt.Errorf("column %s: no code list %q", c.Name, c.Codes)
	}
	if c.Ref != "" {
		ref, ok := m.Table(c.Ref)
		if !ok || len(ref.Key) != 1 {
			return fmt.Errorf("column %s: ref %q is no table with a key of one column", c.Name, c.Ref)
		}
	}
	return nil
}

func (m *Model) validateFlat() error {
	for _, c := range m.Flat.Columns {
		if err := m.validateColumn(c); err != nil {
			return fmt.Errorf("flat %s: %w", m.Flat.Name, err)
		}
		for _, f := range c.Fills {
			table, column, _ := strings.Cut(f, ".")
			t, ok := m.Table(table)
			if !ok {
				return fmt.Errorf("flat column %s fills %s: no such table", c.Name, f)
			}
			if _, ok := t.Column(column); !ok {
				return fmt.Errorf("flat column %s fills %s: no such column", c.Name, f)
			}
		}
	}
	return nil
}

func sortedKeys(c Codes) []string {
	return slices.Sorted(maps.Keys(c))
}
