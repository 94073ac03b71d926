package document

import (
	"fmt"

	"weir/internal/lang"
)

// RuledForm is a form that is filled in, ruled and with merged cells, as official
// self-evaluation tables are. It takes no number among the tables.
type RuledForm struct {
	ID       string // unique in the document
	Title    string
	Subtitle string // under the title, such as （2026年度）; may be empty
	Unit     string
	Source   string
	Note     string
	// Widths are the shares of the columns in the width of the page.
	Widths []float64
	Rows   []FormRow
	// Table holds the lines of the form as data, for the data package and for
	// pages that show no forms.
	Table Table
}

func (*RuledForm) block() {}

// FormRow is one row; cells that reach into it from above are left out.
type FormRow struct {
	// Head marks a row that heads those below and stands again on every page.
	Head  bool
	Cells []FormCell
}

// FormCell is one cell, over one or more columns and rows.
type FormCell struct {
	Text string
	// Number says that Value is what stands in the cell.
	Number   bool
	Value    Value
	Decimals int
	// Columns and Rows are how far the cell reaches; 0 means 1.
	Columns, Rows int
	// Label is a word of the form itself, not of who fills it in.
	Label bool
	// Sum is the sum of the cells above in its column that are marked Part; in
	// the spreadsheet it is a formula.
	Part, Sum bool
}

// Print is what stands in the cell.
func (c FormCell) Print(l lang.Lang) string {
	switch {
	case !c.Number:
		return c.Text
	case c.Value.Ok():
		return FormatNumber(c.Value.Number, c.Decimals)
	}
	return c.Value.State.Word(l)
}

// Span is over how many columns and rows the cell reaches.
func (c FormCell) Span() (columns, rows int) { return max(1, c.Columns), max(1, c.Rows) }

// Places is the first column of every cell, or an error where the cells do not
// fill the form.
func (f *RuledForm) Places() ([][]int, error) {
	reach := make([]int, len(f.Widths)) // rows that a cell above still takes
	out := make([][]int, len(f.Rows))
	for i, r := range f.Rows {
		next := 0
		for j, c := range r.Cells {
			for next < len(reach) && reach[next] > 0 {
				next++
			}
			columns, rows := c.Span()
			if next+columns > len(reach) {
				return nil, fmt.Errorf("form %s: row %d, cell %d reaches beyond column %d", f.ID, i+1, j+1, len(reach))
			}
			out[i] = append(out[i], next)
			for k := next; k < next+columns; k++ {
				if reach[k] > 0 {
					return nil, fmt.Errorf("form %s: row %d, cell %d lies over another", f.ID, i+1, j+1)
				}
				reach[k] = rows
			}
			next += columns
		}
		for k := range reach {
			if reach[k] == 0 {
				return nil, fmt.Errorf("form %s: row %d has nothing in column %d", f.ID, i+1, k+1)
			}
			reach[k]--
		}
	}
	for k := range reach {
		if reach[k] > 0 {
			return nil, fmt.Errorf("form %s: a cell in column %d reaches beyond the last row", f.ID, k+1)
		}
	}
	return out, nil
}
