package pdf

import (
	"math"

	"weir/reports/document"
)

// formSize is the letter size of forms: small enough for 60 lines on a page.
const formSize = 7.5

// shortForm is the number of rows up to which a form is kept on one page.
const shortForm = 32

// form lays out a ruled form over the width of the page.
func (b *builder) form(f *document.RuledForm) formBlock {
	view := formBlock{Kind: "form", Anchor: "form-" + f.ID, Title: b.text(f.Title), Subtitle: b.text(f.Subtitle), Unit: b.text(f.Unit), Source: b.text(f.Source), Note: b.text(f.Note), Points: formSize, Short: len(f.Rows) <= shortForm, Rows: []formRow{}}
	whole := sum(f.Widths)
	for _, w := range f.Widths {
		view.Widths = append(view.Widths, math.Floor(100*b.width*w/whole)/100)
	}
	for _, r := range f.Rows {
		row := formRow{Head: r.Head, Cells: []formCell{}}
		for _, c := range r.Cells {
			columns, rows := c.Span()
			row.Cells = append(row.Cells, formCell{b.text(c.Print(b.d.Lang)), columns, rows, c.Label, c.Number && c.Value.Ok()})
		}
		view.Rows = append(view.Rows, row)
	}
	return view
}
