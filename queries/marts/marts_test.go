package marts

import (
	"slices"
	"testing"

	"weir/queries/schema"
)

// TestColumnsThatNameDepartmentsSaySo: without the mark the rows of a merged department would not follow its successor.
func TestColumnsThatNameDepartmentsSaySo(t *testing.T) {
	var names []string
	for _, table := range schema.Default().Tables {
		for _, c := range table.Columns {
			if c.Ref == "department" {
				names = append(names, c.Name)
			}
		}
	}
	marked := 0
	for _, m := range All() {
		for _, c := range m.Columns {
			if c.Ref == "department" {
				marked++
			} else if slices.Contains(names, c.Name) && m.Name != "mart_department" {
				t.Errorf("%s: write ref: department at %s", m.File, c.Name)
			}
		}
	}
	if marked < 30 {
		t.Errorf("only %d columns are marked", marked)
	}
}
