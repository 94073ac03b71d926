package xlsx

import (
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"weir/reports/document"
)

// Forms follow the margins of official documents (GB/T 9704-2012, read in a
// secondary source), in inches, and name their letters; a machine without them
// takes its own.
const (
	formTop, formBottom = 37 / 25.4, 35 / 25.4
	formLeft, formRight = 28 / 25.4, 26 / 25.4
	formUnits           = 78.0 // width of the type area in widths of a figure
	formTitle           = 22.0 // points: 二号
	formText            = 9.0  // 小五
	formPageRows        = 70   // rows up to which a form is printed on one page
	formUnit            = 5.25 // points: a figure of the usual letters, the unit of column widths
	formSides           = 4.0  // points between a text and the rules beside it
)

// form adds a sheet with a ruled form, its cells merged as in print.
func (b *book) form(sheet string, f *document.RuledForm) error {
	places, err := f.Places()
	if err != nil {
		return err
	}
	if _, err := b.file.NewSheet(sheet); err != nil {
		return err
	}
	title := f.Title
	if f.Table.Title != "" {
		title = f.Table.Title // forms of one kind share their title, their data do not
	}
	b.sheets = append(b.sheets, sheetEntry{sheet, title})
	if err := b.formPage(sheet, len(f.Rows) <= formPageRows); err != nil {
		return err
	}
	sum := 0.0
	for _, w := range f.Widths {
		sum += w
	}
	for i, w := range f.Widths {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := b.file.SetColWidth(sheet, name, name, math.Round(10*formUnits*w/sum)/10); err != nil {
			return err
		}
	}
	last := len(f.Widths) - 1
	for i, line := range []struct {
		text string
		look style
	}{
		{f.Title, style{bold: true, size: formTitle, center: true, family: b.d.Lang.Pick("方正小标宋简体", ""), wrap: true}},
		{b.formLine(f), style{size: formText, center: true, family: b.d.Lang.Pick("仿宋", "")}},
	} {
		if err := b.merged(sheet, 0, i+1, last, i+1, line.text, line.look); err != nil {
			return err
		}
	}
	if err := b.file.SetRowHeight(sheet, 1, 30*math.Ceil(b.set.Width(f.Title, formTitle, true)/(formUnits*5.2))); err != nil {
		return err
	}
	const first = 3 // row of the form's first line
	for i, r := range f.Rows {
		for j, c := range r.Cells {
			if err := b.formCell(sheet, f, places, i, j, c, first); err != nil {
				return err
			}
		}
		if err := b.file.SetRowHeight(sheet, first+i, b.formHeight(f, r, places[i])); err != nil {
			return err
		}
	}
	if f.Note != "" {
		row := first + len(f.Rows)
		if err := b.merged(sheet, 0, row, last, row, b.d.Lang.Pick("注：", "Note: ")+f.Note, style{size: 8, color: muted, wrap: true}); err != nil {
			return err
		}
		return b.file.SetRowHeight(sheet, row, 12*math.Ceil(b.set.Width(f.Note, 8, false)/(formUnits*4.6)))
	}
	return nil
}

// formLine is the line under the title.
func (b *book) formLine(f *document.RuledForm) string {
	parts := []string{}
	if f.Subtitle != "" {
		parts = append(parts, f.Subtitle)
	}
	if f.Unit != "" {
		parts = append(parts, b.d.Lang.Pick("单位：", "Unit: ")+f.Unit)
	}
	if f.Source != "" {
		parts = append(parts, b.d.Lang.Pick("来源：", "Source: ")+f.Source)
	}
	return strings.Join(parts, b.d.Lang.Pick("　　", "    "))
}

// formPage sets how the form prints; a short one stands on one page.
func (b *book) formPage(sheet string, short bool) error {
	if err := b.fitWidth(sheet, "portrait"); err != nil {
		return err
	}
	if short {
		one := 1
		if err := b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{FitToHeight: &one}); err != nil {
			return err
		}
	}
	top, bottom, left, right, centred := formTop, formBottom, formLeft, formRight, true
	return b.file.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Top: &top, Bottom: &bottom, Left: &left, Right: &right, Horizontally: &centred})
}

// formCell writes one cell of the form. A sum is a formula where it agrees with
// the numbers above it.
func (b *book) formCell(sheet string, f *document.RuledForm, places [][]int, i, j int, c document.FormCell, first int) error {
	columns, rows := c.Span()
	at, row := places[i][j], first+i
	look := style{size: formText, wrap: true, boxed: true, middle: true, family: b.d.Lang.Pick("仿宋", "")}
	if c.Label {
		look.bold, look.center, look.family = true, true, b.d.Lang.Pick("黑体", "")
	}
	var value any = b.text(c.Print(b.d.Lang))
	look.right = c.Number // a word in place of a number stands where the number would
	if c.Number && c.Value.Ok() {
		value, look.format, look.wrap = c.Value.Number, numberFormat(c.Decimals, 0), false
	}
	if err := b.merged(sheet, at, row, at+columns-1, row+rows-1, value, look); err != nil {
		return err
	}
	if !c.Sum {
		return nil
	}
	total, cells := 0.0, []string{}
	for k := range i {
		for n, x := range f.Rows[k].Cells {
			if x.Part && places[k][n] == at {
				total += x.Value.Number
				cells = append(cells, cellName(at, first+k))
			}
		}
	}
	if len(cells) == 0 || math.Abs(total-c.Value.Number) > 0.5*math.Pow(10, -float64(c.Decimals)) {
		return nil
	}
	return b.file.SetCellFormula(sheet, cellName(at, row), "SUM("+ranges(cells)+")")
}

// ranges joins cells of one column that follow each other.
func ranges(cells []string) string {
	out := []string{}
	for from := 0; from < len(cells); {
		to := from
		for to+1 < len(cells) && follows(cells[to], cells[to+1]) {
			to++
		}
		if to > from {
			out = append(out, cells[from]+":"+cells[to])
		} else {
			out = append(out, cells[from])
		}
		from = to + 1
	}
	return strings.Join(out, ",")
}

func follows(a, b string) bool {
	ca, ra, errA := excelize.CellNameToCoordinates(a)
	cb, rb, errB := excelize.CellNameToCoordinates(b)
	return errA == nil && errB == nil && ca == cb && rb == ra+1
}

// merged writes a value into a cell that reaches over others.
func (b *book) merged(sheet string, fromColumn, fromRow, toColumn, toRow int, value any, look style) error {
	id, err := b.id(look)
	if err != nil {
		return err
	}
	from, to := cellName(fromColumn, fromRow), cellName(toColumn, toRow)
	if text, ok := value.(string); ok {
		err = b.file.SetCellStr(sheet, from, b.text(text))
	} else {
		err = b.file.SetCellValue(sheet, from, value)
	}
	if err != nil {
		return fmt.Errorf("cell %s: %w", from, err)
	}
	if from != to {
		if err := b.file.MergeCell(sheet, from, to); err != nil {
			return err
		}
	}
	return b.file.SetCellStyle(sheet, from, to, id)
}

// formHeight is the height of a row in points: of its longest cell of one row.
func (b *book) formHeight(f *document.RuledForm, r document.FormRow, places []int) float64 {
	sum, lines := 0.0, 1.0
	for _, w := range f.Widths {
		sum += w
	}
	for j, c := range r.Cells {
		columns, rows := c.Span()
		width := 0.0
		for _, w := range f.Widths[places[j] : places[j]+columns] {
			width += w
		}
		if number := c.Number && c.Value.Ok(); rows == 1 && !number { // numbers are not broken
			room := formUnits*width/sum*formUnit - formSides
			lines = max(lines, math.Ceil(b.set.Width(c.Print(b.d.Lang), formText, c.Label)/max(room, formText)))
		}
	}
	return 4 + 12*lines
}
