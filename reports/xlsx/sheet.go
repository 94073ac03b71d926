package xlsx

import (
	"fmt"
	"math"

	"github.com/xuri/excelize/v2"

	"weir/reports/document"
)

// layout is where things stand on a sheet: two lines of words, then the head.
type layout struct {
	sheet       string
	table       document.Table
	groups      bool
	head, first int // rows of the head and of the first data
	last        int // row of the last data
}

func newLayout(sheet string, t document.Table) layout {
	l := layout{sheet: sheet, table: t, head: 4}
	for _, c := range t.Columns {
		l.groups = l.groups || c.Group != ""
	}
	if l.groups {
		l.head = 5
	}
	l.first = l.head + 1
	l.last = l.head + len(t.Rows)
	return l
}

// gap is the indent of a text behind a number, which stands at the right end of its cell and would touch it.
func (l layout) gap(column int) int {
	if column > 0 && l.table.Columns[column-1].Kind == document.KindNumber && l.table.Columns[column].Kind != document.KindNumber {
		return 1
	}
	return 0
}

// cell is the name of a cell, such as C7. Columns count from 0.
func cellName(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		return "A1" // column and row are always within the format's bounds here
	}
	return name
}

// table adds a sheet for the table.
func (b *book) table(sheet string, t document.Table) error {
	lay := newLayout(sheet, t)
	if _, err := b.file.NewSheet(sheet); err != nil {
		return err
	}
	b.sheets = append(b.sheets, sheetEntry{sheet, t.Title})
	if err := b.page(lay); err != nil {
		return err
	}
	w, err := b.file.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	widths, width, err := b.widths(w, t)
	if err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: lay.head, TopLeftCell: cellName(1, lay.first), ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := b.words(w, lay, width); err != nil {
		return err
	}
	if err := b.heads(w, lay, widths); err != nil {
		return err
	}
	for i, r := range t.Rows {
		line, err := b.row(lay, r.Cells, lay.first+i, r)
		if err != nil {
			return err
		}
		if err := w.SetRow(cellName(0, lay.first+i), line, b.rowHeight(t, r, widths)...); err != nil {
			return err
		}
	}
	if t.Total && len(t.Rows) > 0 {
		line, err := b.totals(lay)
		if err != nil {
			return err
		}
		if err := w.SetRow(cellName(0, lay.last+1), line); err != nil {
			return err
		}
	}
	b.describe(lay)
	return w.Flush()
}

// page sets how the sheet filters and prints, in this order: the filter sets
// the sheet's properties anew.
func (b *book) page(lay layout) error {
	if err := b.file.AutoFilter(lay.sheet, cellName(0, lay.head)+":"+cellName(len(lay.table.Columns)-1, max(lay.last, lay.head)), nil); err != nil {
		return err
	}
	if err := b.fitWidth(lay.sheet, "landscape"); err != nil {
		return err
	}
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", lay.sheet, lay.head, lay.head), Scope: lay.sheet})
}

// fitWidth prints the sheet on A4, one page wide.
func (b *book) fitWidth(sheet, orientation string) error {
	a4, one, any := 9, 1, 0
	if err := b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &orientation, Size: &a4, FitToWidth: &one, FitToHeight: &any}); err != nil {
		return err
	}
	fit := true
	return b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit})
}

// rowHeight is the height of a row whose texts break into several lines; without it some programs show the first
// line only, and departments with long names look alike.
func (b *book) rowHeight(t document.Table, r document.Row, widths []float64) []excelize.RowOpts {
	lines := 1.0
	for i, c := range t.Columns {
		if c.Kind != document.KindNumber && !r.Cells[i].Blank {
			lines = max(lines, b.linesIn(c.Print(r.Cells[i], b.word), widths[i], r.Strong))
		}
	}
	return heightOf(lines)
}

// slack is the room that words leave at the end of a line. Columns have it too, so that a text that fits its column
// takes one line.
const slack = 1.06

// linesIn is about how many lines a text takes in a column of the width.
func (b *book) linesIn(text string, width float64, bold bool) float64 {
	return math.Ceil(slack * b.set.Width(text, 1, bold) / ((width - 2) * 0.555))
}

// heightOf is the height of a row of lines; a row of one line has the usual one.
func heightOf(lines float64) []excelize.RowOpts {
	if lines <= 1 {
		return nil
	}
	return []excelize.RowOpts{{Height: min(400, lines*textSize*1.4+2)}}
}

// headText is what stands above a column: its title, and its unit where it is not that of the table.
func (b *book) headText(t document.Table, c document.Column) string {
	if c.Unit == "" || c.Unit == t.Unit {
		return c.Title
	}
	return c.Title + b.d.Lang.Pick("（", " (") + c.Unit + b.d.Lang.Pick("）", ")")
}

// widths sets each column as wide as its content asks for, within bounds, and
// returns the widths and their sum in widths of a figure.
func (b *book) widths(w *excelize.StreamWriter, t document.Table) (each []float64, sum float64, err error) {
	for i, c := range t.Columns {
		widest := b.set.Width(b.headText(t, c), 1, true) * 1.1
		if c.Kind == document.KindNumber {
			widest = min(widest, 8)
		}
		for _, r := range t.Rows {
			widest = max(widest, slack*b.set.Width(c.Print(r.Cells[i], b.word), 1, r.Strong))
		}
		if c.Total != document.TotalNone && t.Total {
			widest *= 1.15
		}
		// One unit is the width of a figure, 0.555 em.
		width := math.Round(10*min(max(widest/0.555+2.5, 8), 60)) / 10
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return nil, 0, err
		}
		each, sum = append(each, width), sum+width
	}
	return each, sum, nil
}

const (
	leastWords   = 70.0 // width in figures below which words reach beyond the table
	defaultWidth = 9.0  // of a column that the table does not use
)

func (b *book) word(s document.State) string { return s.Word(b.d.Lang) }

// words are the title, and unit, source and note. They break within the width
// of the table, so that they are not cut in print.
func (b *book) words(w *excelize.StreamWriter, lay layout, width float64) error {
	l := b.d.Lang
	last := len(lay.table.Columns) - 1
	for ; width < leastWords; width += defaultWidth {
		last++
	}
	line := ""
	for _, part := range []struct{ word, text string }{
		{l.Pick("单位：", "Unit: "), lay.table.Unit}, {l.Pick("来源：", "Source: "), lay.table.Source}, {l.Pick("注：", "Note: "), lay.table.Note},
	} {
		if part.text != "" {
			line += part.word + part.text + l.Pick("　", "  ")
		}
	}
	for i, x := range []struct {
		text string
		look style
	}{{lay.table.Title, style{bold: true, size: 13, color: accent, wrap: true}}, {line, style{size: 9, color: muted, wrap: true}}} {
		id, err := b.id(x.look)
		if err != nil {
			return err
		}
		lines := math.Max(1, math.Ceil(1.06*b.set.Width(x.text, x.look.size, x.look.bold)/(width*5.2)))
		if err := w.SetRow(cellName(0, i+1), []any{excelize.Cell{StyleID: id, Value: b.text(x.text)}}, excelize.RowOpts{Height: min(400, lines*(x.look.size*1.35)+3)}); err != nil {
			return err
		}
		if err := w.MergeCell(cellName(0, i+1), cellName(last, i+1)); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) heads(w *excelize.StreamWriter, lay layout, widths []float64) error {
	if lay.groups {
		group, err := b.id(style{bold: true, center: true, fill: tint})
		if err != nil {
			return err
		}
		var line []any
		for _, c := range lay.table.Columns {
			line = append(line, excelize.Cell{StyleID: group, Value: b.text(c.Group)})
		}
		if err := w.SetRow(cellName(0, lay.head-1), line); err != nil {
			return err
		}
		if err := b.mergeGroups(w, lay); err != nil {
			return err
		}
	}
	var line []any
	lines := 1.0
	for i, c := range lay.table.Columns {
		id, err := b.id(style{bold: true, wrap: true, under: true, fill: tint, right: c.Kind == document.KindNumber, indent: lay.gap(i)})
		if err != nil {
			return err
		}
		title := b.headText(lay.table, c)
		lines = max(lines, b.linesIn(title, widths[i], true))
		line = append(line, excelize.Cell{StyleID: id, Value: b.text(title)})
	}
	return w.SetRow(cellName(0, lay.head), line, heightOf(lines)...)
}

// mergeGroups joins the cells of neighbouring columns with one group heading.
func (b *book) mergeGroups(w *excelize.StreamWriter, lay layout) error {
	columns := lay.table.Columns
	for from := 0; from < len(columns); {
		to := from
		for to+1 < len(columns) && columns[to+1].Group == columns[from].Group {
			to++
		}
		if to > from && columns[from].Group != "" {
			if err := w.MergeCell(cellName(from, lay.head-1), cellName(to, lay.head-1)); err != nil {
				return err
			}
		}
		from = to + 1
	}
	return nil
}
