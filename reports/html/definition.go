package html

import (
	"slices"

	"weir/internal/lang"
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
		if t.Note != "" {
			view.Facts = append(view.Facts, document.Fact{Label: b.d.Lang.Pick("区间", "Interval"), Value: b.text(t.Note)})
		}
		if t, ids, view.Absent = b.absent(t, ids); len(t.Rows) > 0 {
			grid := b.table(t)
			for i := range grid.Rows {
				grid.Rows[i].ID = "explain-" + ids[i]
			}
			view.Table = &grid
		}
	}
	return view
}

// absent takes the rows out of a table of explanations that say no more than why there is no figure, and gathers
// their subjects by that reason: an indicator that is measured for nobody is one line, not one for each department.
func (b *builder) absent(t document.Table, ids []string) (rest document.Table, restIDs []string, list []absent) {
	rest = t
	rest.Rows = nil
	for i, row := range t.Rows {
		reason, only := onlyReason(row, b.d.Lang)
		if !only {
			rest.Rows, restIDs = append(rest.Rows, row), append(restIDs, ids[i])
			continue
		}
		at := slices.IndexFunc(list, func(a absent) bool { return a.Reason == reason })
		if at < 0 {
			at, list = len(list), append(list, absent{Reason: reason})
		}
		name := b.text(row.Cells[0].Text)
		list[at].Subjects = append(list[at].Subjects, subject{ID: "explain-" + ids[i], Name: name, Href: href(row.Cells[0].Link, ""), Isolate: turns(name)})
	}
	for i := range list {
		list[i].Reason = b.strong(list[i].Reason + b.d.Lang.Pick("：", ": "))
	}
	return rest, restIDs, list
}

// onlyReason gives the reason why a row has no figure, with its note, where it holds nothing else.
func onlyReason(row document.Row, l lang.Lang) (reason string, only bool) {
	value := row.Cells[1].Value
	if value.Ok() {
		return "", false
	}
	reason = value.State.Word(l)
	for _, c := range row.Cells[2:] {
		if !c.Blank && c.Value.Ok() {
			return "", false
		}
		if c.Text != "" {
			reason += l.Pick("（", " (") + c.Text + l.Pick("）", ")")
		}
	}
	return reason, true
}
