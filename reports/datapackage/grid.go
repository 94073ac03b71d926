package datapackage

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"weir/reports/document"
)

// grid is a table as flat columns: a number column in which something is absent brings one with the reasons.
type grid struct {
	table   document.Table
	columns []column
	states  map[document.State]string
}

// column takes its cells from one of the table.
type column struct {
	name   string
	at     int
	reason bool // the state of the number beside it
}

var stateCodes = map[document.State]string{document.Measured: "value", document.NotMeasured: "not_measured", document.Missing: "missing", document.NotApplicable: "not_applicable"}

func gridOf(t document.Table) *grid {
	g := &grid{table: t, states: stateCodes}
	for i, c := range t.Columns {
		g.columns = append(g.columns, column{name: c.ID, at: i})
		if c.Kind == document.KindNumber && g.hasAbsent(i) {
			g.columns = append(g.columns, column{name: c.ID + "_state", at: i, reason: true})
		}
	}
	return g
}

func (g *grid) hasAbsent(i int) bool {
	for _, r := range g.table.Rows {
		if c := r.Cells[i]; !c.Blank && !c.Value.Ok() {
			return true
		}
	}
	return false
}

func (g *grid) describe() []Column {
	kinds := map[document.Kind]string{document.KindText: "text", document.KindNumber: "number", document.KindDate: "date", document.KindMonth: "month", document.KindGrade: "grade"}
	var list []Column
	for _, c := range g.columns {
		source := g.table.Columns[c.at]
		d := Column{Name: c.name, Title: source.Title, Unit: source.Unit, Type: kinds[source.Kind], Meaning: source.Meaning}
		if source.Group != "" {
			d.Title = source.Group + " " + source.Title
		}
		if d.Unit == "" && source.Kind == document.KindNumber {
			d.Unit = g.table.Unit
		}
		if c.reason {
			d.Type, d.Unit, d.Meaning = "state", "", ""
		}
		list = append(list, d)
	}
	return list
}

// number reports whether the column holds numbers.
func (g *grid) number(c column) bool {
	return !c.reason && g.table.Columns[c.at].Kind == document.KindNumber
}

// text is a cell of words: a reason, a text, or the code of the state where a text is absent.
func (g *grid) text(c column, r document.Row) string {
	cell := r.Cells[c.at]
	switch {
	case cell.Blank && c.reason:
		return "none"
	case cell.Blank:
		return ""
	case c.reason:
		return g.states[cell.Value.State]
	case cell.Text == "" && !cell.Value.Ok():
		return g.states[cell.Value.State]
	}
	return cell.Text
}

// csv writes UTF-8 with a byte-order mark, by which spreadsheets know the encoding, and numbers in full.
func (g *grid) csv() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	record := make([]string, len(g.columns))
	for i, c := range g.columns {
		record[i] = c.name
	}
	if err := w.Write(record); err != nil {
		return nil, err
	}
	for _, r := range g.table.Rows {
		for i, c := range g.columns {
			cell := r.Cells[c.at]
			switch {
			case !g.number(c):
				record[i] = inert(g.text(c, r))
			case cell.Blank || !cell.Value.Ok():
				record[i] = ""
			default:
				record[i] = strconv.FormatFloat(cell.Value.Number, 'f', -1, 64)
			}
		}
		if err := w.Write(record); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// inert keeps a spreadsheet from taking a text for a formula: the apostrophe before it is not shown there.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// Null stands for no value in the rows that a Columnar gets; a text of these very characters is quoted.
const Null = `\N`

// exchange writes the rows for a Columnar: CSV without a head, every value quoted, Null bare.
func (g *grid) exchange() []byte {
	var out bytes.Buffer
	quote := strings.NewReplacer(`"`, `""`)
	for _, r := range g.table.Rows {
		for i, c := range g.columns {
			if i > 0 {
				out.WriteByte(',')
			}
			cell := r.Cells[c.at]
			text := ""
			switch {
			case g.number(c) && (cell.Blank || !cell.Value.Ok()), cell.Blank && !c.reason:
				out.WriteString(Null)
				continue
			case g.number(c):
				text = strconv.FormatFloat(cell.Value.Number, 'g', -1, 64)
			default:
				text = g.text(c, r)
			}
			out.WriteString(`"` + quote.Replace(text) + `"`)
		}
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// columnTypes are the columns as a Columnar takes them.
func (g *grid) columnTypes() []Typed {
	list := make([]Typed, len(g.columns))
	for i, c := range g.columns {
		list[i] = Typed{Name: c.name, Number: g.number(c)}
	}
	return list
}
