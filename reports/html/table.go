package html

import (
	"strconv"
	"strings"

	"weir/reports/document"
)

// wideColumns is the number of columns from which a table is set small in print.
const wideColumns = 11

func (b *builder) table(t document.Table) table {
	view := table{ID: t.ID, Unit: b.text(t.Unit), Source: b.text(t.Source), Note: b.text(t.Note), W: b.w, Wide: len(t.Columns) >= wideColumns}
	for i, c := range t.Columns {
		head := column{Title: b.strong(c.Title), Class: class(c, i)}
		if c.Unit != "" && c.Unit != t.Unit {
			head.Unit = b.text(c.Unit)
		}
		view.Columns = append(view.Columns, head)
	}
	view.Groups = b.groups(t.Columns)
	for _, r := range t.Rows {
		line := row{Class: rowClass(r)}
		if r.ID != "" {
			line.ID = "row-" + t.ID + "-" + r.ID
		}
		for i, c := range r.Cells {
			line.Cells = append(line.Cells, b.cell(t.Columns[i], c, i, r.Strong))
		}
		view.Rows = append(view.Rows, line)
	}
	if t.Total && len(t.Rows) > 0 {
		for i, c := range t.Totals() {
			if i == 0 && c.Blank {
				c = document.Text(b.w.Total)
			}
			view.Total = append(view.Total, b.cell(t.Columns[i], c, i, true))
		}
	}
	return view
}

// groups are the headings above columns, empty where no column has one.
func (b *builder) groups(columns []document.Column) []columnGroup {
	var out []columnGroup
	any := false
	for _, c := range columns {
		if n := len(out); n > 0 && out[n-1].Title == c.Group {
			out[n-1].Span++
		} else {
			out = append(out, columnGroup{b.strong(c.Group), 1})
		}
		any = any || c.Group != ""
	}
	if !any {
		return nil
	}
	return out
}

func class(c document.Column, i int) string {
	switch {
	case c.Kind == document.KindNumber:
		return "n"
	case i == 0:
		return "name"
	}
	if c.Kind != document.KindText {
		return "k"
	}
	return "t"
}

func rowClass(r document.Row) string {
	var out []string
	if r.Strong {
		out = append(out, "strong")
	}
	if r.Level > 0 {
		out = append(out, "level-"+strconv.Itoa(min(r.Level, 2)))
	}
	return strings.Join(out, " ")
}

// stateClass is set for the state that the style marks; the words tell the others.
var stateClass = map[document.State]string{document.Missing: "missing"}

// sortKey orders a number among others more finely than its text does; "" where the text is as fine.
func sortKey(v float64, decimals int, text string) string {
	key := strconv.FormatFloat(v, 'f', decimals+3, 64)
	key = strings.TrimRight(strings.TrimRight(key, "0"), ".")
	plain := plainNumber.Replace(text)
	if strings.Contains(plain, ".") {
		plain = strings.TrimRight(strings.TrimRight(plain, "0"), ".")
	}
	if key == plain {
		return ""
	}
	return key
}

// turns reports whether a text holds letters that are read from right to left, which would turn around what stands
// beside them.
func turns(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r >= 0x590 && r <= 0x8FF || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFF || r >= 0x10800 && r <= 0x10FFF || r >= 0x1E800 && r <= 0x1EFFF
	})
}

// plainNumber undoes what FormatNumber does for the eye.
var plainNumber = strings.NewReplacer(",", "", "−", "-")

func (b *builder) cell(c document.Column, x document.Cell, i int, bold bool) cell {
	text := b.text(c.Print(x, func(s document.State) string { return s.Word(b.d.Lang) }))
	if bold {
		b.letters.bold(text)
	}
	view := cell{Text: text, Class: class(c, i), Head: i == 0 && c.Kind == document.KindText, Href: href(x.Link, x.Explain), Isolate: turns(text)}
	isNumber := c.Kind == document.KindNumber
	if isNumber { // most cells of a report: they carry no class
		view.Class = ""
	}
	none := false
	switch {
	case x.Blank:
		none, view.Class = true, strings.TrimSpace(view.Class+" none")
	case isNumber && x.Value.Ok():
		view.Key = sortKey(x.Value.Number, c.Decimals, text)
	case isNumber || x.Text == "" && !x.Value.Ok():
		none, view.Class = true, strings.TrimSpace(view.Class+" none "+stateClass[x.Value.State])
	case c.Kind == document.KindGrade || x.Order != 0:
		view.Key = strconv.Itoa(x.Order)
	}
	if x.Good != 0 && !none {
		view.Sign, view.Good = "▲", "good"
		if x.Good < 0 {
			view.Sign, view.Good = "▼", "bad"
		}
		b.letters.bold(view.Sign)
	}
	return view
}
