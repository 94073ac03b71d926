package html

import (
	"weir/reports/document"
)

// definition is one indicator of the appendix with the figures of all subjects.
func (b *builder) definition(d document.Definition) definition {
	view := definition{ID: d.ID, Name: b.strong(d.Name), SQL: b.text(d.SQL), W: b.w}
	for _, f := range document.DefinitionFacts(b.d.Lang, d) {
		view.Facts = append(view.Facts, document.Fact{Label: b.text(f.Label), Value: b.text(f.Value)})
	}
	for _, n := range d.Notes {
		view.Notes = append(view.Notes, b.text(n))
	}
	if t, ids := document.ExplanationTable(b.d, d.ID); len(t.Rows) > 0 {
		grid := b.table(t)
		for i := range grid.Rows {
			grid.Rows[i].ID = "explain-" + ids[i]
		}
		view.Table = &grid
		if t.Note != "" {
			view.Facts = append(view.Facts, document.Fact{Label: b.d.Lang.Pick("区间", "Interval"), Value: grid.Note})
		}
	}
	return view
}
