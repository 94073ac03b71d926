package notebook

import (
	"fmt"
	"slices"
	"strings"

	"weir/internal/runner"
)

// Change is one difference between the answers of a cell in two runs.
type Change struct {
	Cell   string
	Key    string // the words and dates of the row, by which rows are matched
	Kind   string // changed, added, removed, columns
	Column string // of a changed number
	Before any
	After  any
}

// Diff compares two runs of the same notebook cell by cell. Rows are matched by their texts and dates; what is
// compared are their numbers. Rows that share a key are matched in their order.
func Diff(before, after *Run) ([]Change, error) {
	if before.Notebook.ID != after.Notebook.ID {
		return nil, fmt.Errorf("%s and %s are different notebooks", before.Notebook.ID, after.Notebook.ID)
	}
	var changes []Change
	for i := range after.Cells {
		if after.Cells[i].Chart != "hidden" {
			changes = append(changes, diffCells(before.Cells[i], after.Cells[i])...)
		}
	}
	return changes, nil
}

func diffCells(before, after Cell) []Change {
	columns := after.Result.Columns
	if !slices.Equal(before.Result.Columns, columns) {
		return []Change{{Cell: after.Name, Kind: "columns", Before: names(before.Result.Columns), After: names(columns)}}
	}
	old := map[string][]any{}
	var order []string
	for _, keyed := range keyedRows(before.Result) {
		old[keyed.key] = keyed.row
		order = append(order, keyed.key)
	}
	var changes []Change
	for _, keyed := range keyedRows(after.Result) {
		row, known := old[keyed.key]
		if !known {
			changes = append(changes, Change{Cell: after.Name, Key: keyed.key, Kind: "added"})
			continue
		}
		delete(old, keyed.key)
		for i, c := range columns {
			b, a := runner.FormatCell(row[i], c.Type), runner.FormatCell(keyed.row[i], c.Type)
			if c.Numeric() && b != a {
				changes = append(changes, Change{Cell: after.Name, Key: keyed.key, Kind: "changed", Column: c.Name, Before: row[i], After: keyed.row[i]})
			}
		}
	}
	for _, key := range order {
		if _, gone := old[key]; gone {
			changes = append(changes, Change{Cell: after.Name, Key: key, Kind: "removed"})
		}
	}
	return changes
}

type keyedRow struct {
	key string
	row []any
}

func keyedRows(r *runner.Result) []keyedRow {
	seen := map[string]int{}
	rows := make([]keyedRow, len(r.Rows))
	for i, row := range r.Rows {
		var parts []string
		for j, c := range r.Columns {
			if !c.Numeric() {
				parts = append(parts, runner.FormatCell(row[j], c.Type))
			}
		}
		key := strings.Join(parts, " · ")
		if seen[key]++; seen[key] > 1 {
			key = fmt.Sprintf("%s (%d)", key, seen[key])
		}
		rows[i] = keyedRow{key, row}
	}
	return rows
}

func names(columns []runner.Column) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.Name
	}
	return strings.Join(list, ", ")
}
