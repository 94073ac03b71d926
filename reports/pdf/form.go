package pdf

import (
	"math"

	"weir/reports/document"
)

// formSize is the letter size of forms: small enough for 60 lines on a page.
const formSize = 7.5

// shortForm is the number of rows up to which a form is kept on one page.
const shortForm = 32

// Room between letters and rules in millimetres: a long form is set as wide as one page allows, so that it can be read
// and written into, within these limits.
const (
	leastPad = 0.6 // where the names of a department take several lines, and its note is to stand on the same page
	usualPad = 0.8
	mostPad  = 1.3
	shortPad = 1.0
	formSide = 1.1 // beside the letters, as report.typ has it
)

// Heights on an official page in millimetres: the page without its margins, a line of a heading, and what stands around
// the rows of a form: its title and subtitle, the source and the note.
const (
	officialHeight = 225.0
	headingLine    = 9.0
	aroundForm     = 25.0
)

// spread gives a long form that begins a page the room which that page has. The headings take room from it.
func (b *builder) spread(f *formBlock, places [][]int, headings ...string) {
	if f.Short || b.d.Form != document.FormOfficial {
		return
	}
	lines, rows := 0.0, float64(len(f.Rows))
	for i, r := range f.Rows {
		highest := 1.0
		for j, c := range r.Cells {
			if c.Rows > 1 { // the rows beside it are higher than its text
				continue
			}
			room := sum(f.Widths[places[i][j]:places[i][j]+c.Columns]) - 2*formSide
			highest = max(highest, float64(len(b.broken(c.Text, room/(formSize*mmPerPoint), c.Label))))
		}
		lines += highest
	}
	text := (lineEm*lines + leadingEm*(lines-rows)) * formSize * mmPerPoint
	left := officialHeight - aroundForm - headingLine*float64(len(headings)-1) - text // and the room between headings
	for _, heading := range headings {
		left -= headingLine * float64(len(b.broken(heading, b.width/(headingSize*mmPerPoint), true)))
	}
	f.Pad = min(mostPad, max(leastPad, left/(2*rows)))
}

// form lays out a ruled form over the width of the page.
func (b *builder) form(f *document.RuledForm) (formBlock, error) {
	places, err := f.Places()
	if err != nil {
		return formBlock{}, err
	}
	view := formBlock{Kind: "form", Anchor: "form-" + f.ID, Title: b.text(f.Title), Subtitle: b.text(f.Subtitle), Unit: b.text(f.Unit), Source: b.text(f.Source), Note: b.text(f.Note), Points: formSize, Pad: usualPad, Short: len(f.Rows) <= shortForm, Rows: []formRow{}}
	if view.Short {
		view.Pad = shortPad
	}
	whole := sum(f.Widths)
	for _, w := range f.Widths {
		view.Widths = append(view.Widths, math.Floor(100*b.width*w/whole)/100)
	}
	for i, r := range f.Rows {
		row := formRow{Head: r.Head, Cells: []formCell{}}
		for j, c := range r.Cells {
			columns, rows := c.Span()
			room := sum(view.Widths[places[i][j]:places[i][j]+columns]) - 2*formSide
			row.Cells = append(row.Cells, formCell{b.fitted(b.text(c.Print(b.d.Lang)), room/(formSize*mmPerPoint), c.Label), columns, rows, c.Label, c.Number})
		}
		view.Rows = append(view.Rows, row)
	}
	return view, nil
}
