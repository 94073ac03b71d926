package document

import "math"

// Totals are the cells of the total row: sums of the measured cells, quotients
// of such sums for ratio columns, blank elsewhere. A column in which nothing was
// measured has no total.
func (t *Table) Totals() []Cell {
	out := make([]Cell, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = Empty()
		switch {
		case c.Ratio.Numerator != "":
			above, ok1 := t.sum(c.Ratio.Numerator)
			below, ok2 := t.sum(c.Ratio.Denominator)
			if ok1 && ok2 && below != 0 {
				out[i] = Number(c.Ratio.scale() * above / below)
			} else {
				out[i] = Of(None(NotApplicable))
			}
		case c.Total == TotalSum:
			if sum, ok := t.sum(c.ID); ok {
				out[i] = Number(sum)
			}
		}
	}
	return out
}

func (r Ratio) scale() float64 {
	if r.Factor == 0 {
		return 1
	}
	return r.Factor
}

// sum adds the measured cells of a column; ok is false where there is none.
func (t *Table) sum(column string) (sum float64, ok bool) {
	for i, c := range t.Columns {
		if c.ID != column {
			continue
		}
		for _, r := range t.Rows {
			if v := r.Cells[i].Value; v.Ok() && !r.Cells[i].Blank {
				sum, ok = sum+v.Number, true
			}
		}
	}
	return sum, ok
}

// DecimalsOf is with how many decimals the column shows a number.
func (c Column) DecimalsOf(v float64) int {
	if c.Short && v == math.Trunc(v) {
		return 0
	}
	return c.Decimals
}

// Print is the cell as words: the number with the column's decimals, the text,
// or the reason why there is none.
func (c Column) Print(cell Cell, state func(State) string) string {
	switch {
	case cell.Blank:
		return ""
	case c.Kind == KindNumber && cell.Value.Ok():
		return FormatNumber(cell.Value.Number, c.DecimalsOf(cell.Value.Number))
	case c.Kind != KindNumber && cell.Text != "":
		return cell.Text
	case !cell.Value.Ok():
		return state(cell.Value.State)
	}
	return cell.Text
}
