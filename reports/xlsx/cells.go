package xlsx

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"weir/reports/document"
)

// row makes the cells of one row; number is its place on the sheet.
func (b *book) row(lay layout, cells []document.Cell, number int, r document.Row) ([]any, error) {
	line := make([]any, len(cells))
	for i, x := range cells {
		c := lay.table.Columns[i]
		cell, err := b.cell(c, x, style{bold: r.Strong, indent: lay.gap(i)})
		if err != nil {
			return nil, err
		}
		if i == 0 && r.Level > 0 {
			if cell.StyleID, err = b.id(style{bold: r.Strong, wrap: true, indent: min(r.Level, 2)}); err != nil {
				return nil, err
			}
		}
		if c.Kind == document.KindNumber && x.Value.Ok() && !x.Blank {
			cell.Formula = lay.formula(i, number)
		}
		line[i] = cell
	}
	return line, nil
}

// formula is what a cell of the column is computed from, empty for a plain
// number.
func (lay layout) formula(column, row int) string {
	c := lay.table.Columns[column]
	switch {
	case c.Ratio.Numerator != "":
		above, below := cellName(lay.place(c.Ratio.Numerator), row), cellName(lay.place(c.Ratio.Denominator), row)
		return fmt.Sprintf(`IF(N(%s)=0,"",%s/%s%s)`, below, above, below, times(c.Ratio.Factor))
	case len(c.SumOf) > 0:
		return "SUM(" + lay.range1(c.SumOf, row) + ")"
	}
	return ""
}

func times(factor float64) string {
	if factor == 0 || factor == 1 {
		return ""
	}
	return "*" + strconv.FormatFloat(factor, 'f', -1, 64)
}

// place is the place of a column by its id; Validate has made sure it exists.
func (lay layout) place(id string) int {
	for i, c := range lay.table.Columns {
		if c.ID == id {
			return i
		}
	}
	return 0
}

// range1 names cells of one row, neighbours as a range.
func (lay layout) range1(ids []string, row int) string {
	var out []string
	for i := 0; i < len(ids); i++ {
		from := lay.place(ids[i])
		to := from
		for i+1 < len(ids) && lay.place(ids[i+1]) == to+1 {
			i++
			to++
		}
		if from == to {
			out = append(out, cellName(from, row))
		} else {
			out = append(out, cellName(from, row)+":"+cellName(to, row))
		}
	}
	return strings.Join(out, ",")
}

// totals is the total row: sums as formulas with their values.
func (b *book) totals(lay layout) ([]any, error) {
	totals := lay.table.Totals()
	if totals[0].Blank {
		totals[0] = document.Text(b.d.Lang.Pick("合计", "Total"))
	}
	line := make([]any, len(totals))
	for i, x := range totals {
		c := lay.table.Columns[i]
		cell, err := b.cell(c, x, style{bold: true, over: true, indent: lay.gap(i)})
		if err != nil {
			return nil, err
		}
		if x.Value.Ok() && !x.Blank && c.Kind == document.KindNumber {
			if c.Total == document.TotalSum {
				cell.Formula = fmt.Sprintf("SUM(%s:%s)", cellName(i, lay.first), cellName(i, lay.last))
			} else {
				cell.Formula = lay.formula(i, lay.last+1)
			}
		}
		line[i] = cell
	}
	return line, nil
}

// cell is the typed cell: a number, a date, a text or the reason for no value.
func (b *book) cell(c document.Column, x document.Cell, look style) (excelize.Cell, error) {
	var value any
	number := c.Kind == document.KindNumber
	switch {
	case x.Blank:
	case number && x.Value.Ok():
		value, look.format, look.right = x.Value.Number, numberFormat(c.DecimalsOf(x.Value.Number), x.Good), true
		look.color = goodColor(x.Good)
	case number || x.Text == "" && !x.Value.Ok():
		value, look.color, look.right = x.Value.State.Word(b.d.Lang), muted, number
	case c.Kind == document.KindDate || c.Kind == document.KindMonth:
		value, look.format = date(c.Kind, x.Text)
		if look.format == "" {
			value = b.text(x.Text)
		}
	default:
		value, look.wrap = b.text(x.Text), true
		look.color = goodColor(x.Good)
	}
	id, err := b.id(look)
	return excelize.Cell{StyleID: id, Value: value}, err
}

func goodColor(good int) string {
	switch {
	case good > 0:
		return accent
	case good < 0:
		return worse
	}
	return ""
}

// date reads a date or month; what is none stays a text, with an empty format.
func date(kind document.Kind, text string) (any, string) {
	form, format := "2006-01-02", "yyyy-mm-dd"
	if kind == document.KindMonth {
		form, format = "2006-01", "yyyy-mm"
	}
	t, err := time.Parse(form, text)
	if err != nil {
		return nil, ""
	}
	days := t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
	return days, format
}
