package figure

import (
	"slices"

	"weir/reports/document"
)

// dropUnused leaves out the columns in which no cell says anything, so that a
// figure without intervals has no empty columns for them. Columns named in keep
// stay.
func dropUnused(t document.Table, keep ...string) document.Table {
	var used []int
	for c, column := range t.Columns {
		says := slices.Contains(keep, column.ID)
		for _, row := range t.Rows {
			cell := row.Cells[c]
			if !cell.Blank && (cell.Text != "" || cell.Value.State != document.NotMeasured) {
				says = true
				break
			}
		}
		if says {
			used = append(used, c)
		}
	}
	out := t
	out.Columns, out.Rows = nil, nil
	for _, c := range used {
		out.Columns = append(out.Columns, t.Columns[c])
	}
	for _, row := range t.Rows {
		cells := make([]document.Cell, len(used))
		for i, c := range used {
			cells[i] = row.Cells[c]
		}
		row.Cells = cells
		out.Rows = append(out.Rows, row)
	}
	return out
}
