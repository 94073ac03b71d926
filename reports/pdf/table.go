package pdf

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"weir/reports/document"
)

// Letter sizes of tables in points, from the wished size down to the least that
// is still read with ease on paper.
const (
	bodySize  = 8.5
	annexSize = 7.5
	closeSize = 7.0 // for rows of many lines
	leastSize = 6.5

	mmPerPoint = 0.352778
)

// widest is the most em that a column of texts wishes for.
const widest = 60

// measuredColumn is what a column needs and may be squeezed to, in em.
type measuredColumn struct{ natural, least float64 }

// table measures the table and divides it into parts that fit side by side on
// the page: first the letters become smaller, then the columns are divided and
// the first column is repeated.
func (b *builder) table(t document.Table, size float64) tableBlock {
	view := tableBlock{Kind: "table", Anchor: "table-" + t.ID, Title: b.text(t.Title), Unit: b.text(t.Unit), Source: b.text(t.Source), Note: b.text(t.Note), Parts: []tablePart{}}
	cells := b.cells(t)
	needs := b.measure(t, cells)
	all := make([]int, len(t.Columns))
	for i := range all {
		all[i] = i
	}
	groups := [][]int{all}
	for size > leastSize && !fits(needs, all, size, b.width) {
		size -= 0.5
	}
	for size > closeSize && b.crowded(t, cells, needs, all, size) {
		size -= 0.5
	}
	if !fits(needs, all, size, b.width) {
		groups = divide(t.Columns, needs, size, b.width)
	}
	for i, columns := range groups {
		part := b.part(t, cells, needs, columns, size)
		if len(groups) > 1 {
			part.Suffix = fmt.Sprintf(b.d.Lang.Pick("（%d/%d）", " (%d/%d)"), i+1, len(groups))
		}
		view.Parts = append(view.Parts, part)
	}
	height := 0.0
	for i := range view.Parts {
		height += view.Parts[i].height()
	}
	view.Height = math.Round(height + b.headHeight(t, &view.Parts[0]))
	view.Short = len(view.Parts)*len(cells) <= shortTable && height <= shortHeight
	if !view.Short {
		for i := range view.Parts {
			view.Parts[i].keep()
		}
	}
	view.Narrow = len(view.Parts) == 1 && sum(view.Parts[0].Widths) <= (b.width-gutter)/2
	return view
}

// A table of few rows is kept on one page, unless their texts take many lines.
const (
	shortTable  = 16    // rows
	shortHeight = 140.0 // mm
)

// gutter is the room between two columns of narrow tables, in millimetres.
const gutter = 8.0

// inset is the room at each side of a cell in millimetres.
func inset(size float64) float64 { return size * 0.16 }

func millimetres(em, size float64) float64 { return em*size*mmPerPoint + 2*inset(size) + 0.1 }

func fits(needs []measuredColumn, columns []int, size, width float64) bool {
	needed := 0.0
	for _, c := range columns {
		needed += millimetres(needs[c].least, size)
	}
	return needed <= width
}

// divide fills parts with columns behind the first: as few parts as can be, and
// no last part of one column where the others are full.
func divide(heads []document.Column, needs []measuredColumn, size, width float64) [][]int {
	count := len(fill(heads, needs, size, width, len(needs)))
	for most := (len(needs) - 1 + count - 1) / count; ; most++ {
		if out := fill(heads, needs, size, width, most); len(out) <= count {
			return out
		}
	}
}

// fill puts at most so many columns behind the first as fit; columns under one
// heading stay together.
func fill(heads []document.Column, needs []measuredColumn, size, width float64, most int) [][]int {
	var out [][]int
	part := []int{0}
	for c := 1; c < len(needs); c++ {
		if len(part) > most || len(part) > 1 && !fits(needs, append(slices.Clone(part), c), size, width) {
			kept := len(part)
			for kept > 2 && heads[c].Group != "" && heads[part[kept-1]].Group == heads[c].Group {
				kept--
			}
			out, part = append(out, slices.Clone(part[:kept])), append([]int{0}, part[kept:]...)
		}
		part = append(part, c)
	}
	return append(out, part)
}

// cells prints all cells, the total row last.
func (b *builder) cells(t document.Table) []tableRow {
	out := []tableRow{}
	row := func(cells []document.Cell) []tableCell {
		line := make([]tableCell, len(cells))
		for i, c := range cells {
			line[i] = b.cell(t.Columns[i], c)
		}
		return line
	}
	for _, r := range t.Rows {
		view := tableRow{Strong: r.Strong, Level: min(r.Level, 2), Cells: row(r.Cells)}
		if r.ID != "" && t.ID != "" {
			view.Anchor = "row-" + t.ID + "-" + r.ID
		}
		out = append(out, view)
	}
	if t.Total && len(t.Rows) > 0 {
		totals := t.Totals()
		if totals[0].Blank {
			totals[0] = document.Text(b.d.Lang.Pick("合计", "Total"))
		}
		out = append(out, tableRow{Strong: true, Total: true, Cells: row(totals)})
	}
	return out
}

var stateNames = map[document.State]string{document.Missing: "missing", document.NotApplicable: "not_applicable", document.NotMeasured: "not_measured"}

func (b *builder) cell(c document.Column, x document.Cell) tableCell {
	view := tableCell{Text: b.text(c.Print(x, func(s document.State) string { return s.Word(b.d.Lang) })), Good: x.Good, To: b.to(x.Link, x.Explain)}
	if !x.Blank && !x.Value.Ok() && (c.Kind == document.KindNumber || x.Text == "") {
		view.State, view.Good = stateNames[x.Value.State], 0
	}
	return view
}

// measure finds how wide each column would be and may be made, in em. Numbers,
// dates and states are never broken; names may be broken down to 8 characters.
func (b *builder) measure(t document.Table, rows []tableRow) []measuredColumn {
	out := make([]measuredColumn, len(t.Columns))
	for i, c := range t.Columns {
		title := b.title(t, i)
		head := max(b.em(title, true), b.em(b.text(c.Unit), false))
		text, word := 0.0, max(b.longestWord(title, true), b.longestWord(b.text(c.Unit), false))
		for _, r := range rows {
			cell := r.Cells[i]
			if alone(r.Cells) {
				continue // takes the room of the whole row
			}
			text = max(text, b.em(cell.Text, r.Strong)+besideText(r, i))
			if c.Kind == document.KindText {
				word = max(word, b.longestWord(cell.Text, r.Strong))
			}
		}
		natural := max(text, head)
		least := max(text, word, min(head, max(4, head/3)))
		if title != b.text(c.Title) { // a month may break
			least = max(text, word)
		}
		if c.Kind == document.KindText {
			natural, least = min(natural, widest), min(natural, max(word, 9))
			if i == 0 {
				least = min(natural, max(word, 12))
			}
		}
		out[i] = measuredColumn{min(natural, max(least, text, min(head, 8))), least}
	}
	return out
}

// besideText is the room in em that a cell needs besides its text: the indent of its level, in the first column, and
// an arrow.
func besideText(r tableRow, column int) float64 {
	em := 0.0
	if column == 0 {
		em += float64(r.Level)
	}
	if r.Cells[column].Good != 0 {
		em += 1.5
	}
	return em
}

// alone reports a row that says something in its first cell only, such as a heading inside a table.
func alone(cells []tableCell) bool {
	return len(cells) > 1 && !slices.ContainsFunc(cells[1:], func(c tableCell) bool { return c.Text != "" })
}

// part lays out some of the columns. What is left of the width goes to the
// columns that need it; a narrow table stays narrow.
func (b *builder) part(t document.Table, rows []tableRow, needs []measuredColumn, columns []int, size float64) tablePart {
	p := tablePart{Points: size, Inset: inset(size), Columns: []tableColumn{}, Groups: b.groups(t, columns), Rows: []tableRow{}}
	wishes := make([]float64, len(columns))
	taken, wish := 0.0, 0.0
	for i, c := range columns {
		wishes[i] = millimetres(needs[c].natural, size)
		p.Widths = append(p.Widths, millimetres(needs[c].least, size))
		taken, wish = taken+p.Widths[i], wish+wishes[i]
	}
	for _, c := range columns {
		column := tableColumn{Title: b.title(t, c), Number: t.Columns[c].Kind == document.KindNumber}
		if t.Columns[c].Unit != t.Unit {
			column.Unit = b.text(t.Columns[c].Unit)
		}
		p.Columns = append(p.Columns, column)
	}
	for _, r := range rows {
		line := r
		line.Cells = []tableCell{}
		for _, c := range columns {
			cell := r.Cells[c]
			if c > 0 && b.homes[cell.To] != "" && b.homes[cell.To] == b.homes[r.Cells[0].To] {
				cell.To = "" // the name of the row leads to the same entry of the annex
			}
			line.Cells = append(line.Cells, cell)
		}
		line.Alone = alone(line.Cells)
		if columns[len(columns)-1] != len(t.Columns)-1 {
			line.Anchor = "" // only one part may be the target of links
		}
		p.Rows = append(p.Rows, line)
	}
	if wish <= b.width {
		p.Widths = wishes
	} else {
		b.widen(&p, wishes, b.width-taken)
	}
	for i, w := range p.Widths {
		p.Widths[i] = math.Round(w*100) / 100
	}
	for i, c := range p.Columns {
		p.Columns[i].Title = strings.Join(b.balanced(c.Title, (p.Widths[i]-2*p.Inset)/(p.Points*mmPerPoint), true), "\n")
	}
	for i := range p.Rows {
		b.setLines(&p, &p.Rows[i])
	}
	return p
}

// setLines breaks the texts of a row into lines and finds how high it is.
func (b *builder) setLines(p *tablePart, r *tableRow) {
	most := 1
	if r.Alone {
		r.Cells = r.Cells[:1]
	}
	for i := range r.Cells {
		room := p.Widths[i]
		if r.Alone {
			room = sum(p.Widths)
		}
		lines := b.broken(r.Cells[i].Text, (room-2*p.Inset)/(p.Points*mmPerPoint)-besideText(*r, i), r.Strong)
		r.Cells[i].Text = strings.Join(lines, "\n")
		most = max(most, len(lines))
	}
	r.Height = math.Round(rowHeight(most)*1000) / 1000
}

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}

func (b *builder) groups(t document.Table, columns []int) []tableGroup {
	out := []tableGroup{}
	named := false
	for _, c := range columns {
		title := b.text(t.Columns[c].Group)
		named = named || title != ""
		if n := len(out); n > 0 && out[n-1].Title == title {
			out[n-1].Span++
			continue
		}
		out = append(out, tableGroup{title, 1})
	}
	if !named {
		return []tableGroup{}
	}
	return out
}
