package html

import (
	"strconv"

	"weir/reports/document"
)

// form prints a ruled form with merged cells.
func (b *builder) form(f *document.RuledForm) formView {
	view := formView{ID: f.ID, Title: b.strong(f.Title), Subtitle: b.text(f.Subtitle), Unit: b.text(f.Unit), Source: b.text(f.Source), Note: b.text(f.Note), W: b.w}
	sum := 0.0
	for _, w := range f.Widths {
		sum += w
	}
	for _, w := range f.Widths {
		view.Widths = append(view.Widths, strconv.FormatFloat(100*w/sum, 'f', 2, 64))
	}
	for _, r := range f.Rows {
		line := make([]formCell, len(r.Cells))
		for i, c := range r.Cells {
			columns, rows := c.Span()
			line[i] = formCell{Text: b.text(c.Print(b.d.Lang)), Columns: columns, Rows: rows, Label: c.Label}
			switch {
			case c.Label:
				line[i].Class = "label"
				b.letters.bold(line[i].Text)
			case c.Number:
				line[i].Class = "n"
			}
		}
		view.Rows = append(view.Rows, line)
	}
	return view
}
