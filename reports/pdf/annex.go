package pdf

import (
	"fmt"
	"strings"

	"weir/reports/document"
)

// mostPrinted is the number of columns of a table behind a figure up to which it
// is printed; a matrix of 40 departments reads better on a screen.
const mostPrinted = 16

// annexes are the definitions and the data of the figures.
func (b *builder) annexes() []annex {
	l := b.d.Lang
	out := []annex{}
	if len(b.d.Definitions) > 0 {
		a := annex{Anchor: "annex-definitions", Title: l.Pick("附录　数据如何得来", "Annex: how the figures were made"), Indent: b.indent(), Definitions: []definition{}, Tables: []tableBlock{}}
		if !b.rowsOfExplanations() {
			a.Intro = l.Pick("逐部门的分子、分母、样本量与区间及查询语句见本报告的网页版、表格版和数据包。", "Numerators, denominators, numbers of cases and intervals of every department and the queries are in the HTML and XLSX forms and the data package of this report.")
		}
		for _, d := range b.d.Definitions {
			a.Definitions = append(a.Definitions, b.definition(d))
		}
		out = append(out, a)
	}
	if !b.options.NoFigureTables {
		a := annex{Anchor: "annex-figures", Title: l.Pick("附录　图中数据", "Annex: data of the figures"), Definitions: []definition{}, Tables: []tableBlock{}}
		var left []string
		for _, f := range b.d.Figures() {
			if len(f.Table.Columns) > mostPrinted {
				left = append(left, fmt.Sprintf(l.Pick("图 %d", "Figure %d"), b.numbers.Figures[f.ID]))
				continue
			}
			if len(f.Table.Rows) > 0 {
				t := b.table(f.Table, annexSize)
				t.Number = fmt.Sprintf(l.Pick("图 %d", "Figure %d"), b.numbers.Figures[f.ID])
				t.Source, t.Note = "", ""
				a.Tables = append(a.Tables, t)
			}
		}
		if len(left) > 0 {
			a.Intro = fmt.Sprintf(l.Pick("%s 的数据表列数过多，见本报告的网页版、表格版和数据包。", "Tables with too many columns for paper are in the HTML and XLSX forms and the data package of this report: %s."), strings.Join(left, l.Pick("、", ", ")))
		}
		if len(a.Tables)+len(left) > 0 {
			out = append(out, a)
		}
	}
	return out
}

func (b *builder) definition(d document.Definition) definition {
	l := b.d.Lang
	view := definition{Anchor: "explain-" + d.ID, Title: b.text(d.Name), Facts: []fact{}, Notes: []string{}}
	short := []string{}
	if d.Unit == "" {
		short = append(short, l.Pick("无单位", "none"))
	}
	for _, f := range document.DefinitionFacts(l, d) {
		switch f.Value {
		case d.Unit, d.Direction, d.Version: // three words on one line
			if f.Value == d.Version {
				f.Value = strings.ToLower(f.Label) + " " + f.Value
			}
			short = append(short, b.text(f.Value))
			continue
		}
		if n := len(view.Facts); n > 0 && view.Facts[n-1].Label == b.text(f.Label) { // several bases
			view.Facts[n-1].Value += l.Pick("；", "; ") + b.text(f.Value)
			continue
		}
		view.Facts = append(view.Facts, fact{Label: b.text(f.Label), Value: b.text(f.Value)})
	}
	view.Facts = append(view.Facts, fact{Label: l.Pick("单位", "Unit"), Value: strings.Join(short, l.Pick("；", "; "))})
	if b.rowsOfExplanations() {
		for _, e := range b.d.Explanations {
			if e.Definition == d.ID {
				view.Facts = append(view.Facts, fact{Label: b.text(e.Subject), Value: b.text(document.ExplanationText(l, d, e)), Anchor: "explain-" + e.ID})
			}
		}
	}
	for i, f := range view.Facts {
		view.Facts[i].Gap = max(0.7, b.indent()-b.em(f.Label, false))
	}
	for _, n := range d.Notes {
		view.Notes = append(view.Notes, b.text(n))
	}
	return view
}

// indent is the room for the labels of the facts of a definition, in em. A longer label, such as the name of a
// department, runs into its line.
func (b *builder) indent() float64 {
	if b.d.Lang == "en" {
		return 7.3
	}
	return 4.2
}
