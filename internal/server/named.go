package server

import (
	"net/url"
	"unicode/utf8"

	"weir/internal/lang"
	"weir/queries/schema"
	"weir/reports/reading"
)

// named makes rows readable: departments by name, resources and datasets as links, codes in words, and a mark on what
// is late.
func (s *Server) named(r *request, m *closedMonth, t *Table, v *tableView) {
	base := "/months/" + m.Month.Month
	for j, c := range t.Columns {
		each := func(change func(cell *cellView, value any, row *rowView)) {
			for i := range v.Rows {
				change(&v.Rows[i].Cells[j], t.Rows[i][j], &v.Rows[i])
			}
		}
		switch {
		case isDepartment(c.Name):
			if c.Name == "department_id" {
				v.Columns[j].Title, v.Columns[j].Full = r.say("部门", "Department"), ""
			}
			each(func(cell *cellView, _ any, _ *rowView) { nameDepartment(cell, r, m) })
		case c.Name == "reply_on_time" || c.Name == "delivered_on_time" || c.Name == "is_met":
			each(func(cell *cellView, value any, row *rowView) {
				if ok, known := value.(bool); known && !ok {
					cell.Text, cell.Tag, cell.TagClass, row.Class = "", r.say("逾期", "late"), "worse", "late"
				}
			})
		case c.Name == "resource_id":
			each(func(cell *cellView, _ any, _ *rowView) {
				if cell.Text != "" {
					cell.Href = base + "/resources/" + url.PathEscape(cell.Text)
				}
			})
		case c.Name == "dataset_id":
			each(func(cell *cellView, _ any, _ *rowView) {
				if cell.Text != "" {
					cell.Href = base + "/datasets?q=" + url.QueryEscape(cell.Text)
				}
			})
		case c.Name == "stored_bytes":
			each(func(cell *cellView, value any, _ *rowView) {
				if n, ok := value.(int64); ok {
					cell.Text = byteSize(n)
				}
			})
		case c.Name == "cadence":
			each(func(cell *cellView, _ any, _ *rowView) { cell.Text = reading.Cadence(cell.Text, r.lang) })
		default:
			if lists := words(c.Name); len(lists) > 0 {
				each(func(cell *cellView, _ any, _ *rowView) { cell.Text = worded(lists, cell.Text).In(r.lang) })
			}
		}
	}
}

func nameDepartment(cell *cellView, r *request, m *closedMonth) {
	id := cell.Text
	if name, ok := m.names[id]; ok && id != "" {
		cell.Text = name.In(r.lang)
		cell.Short = utf8.RuneCountInString(cell.Text) <= 16
		if m.reaches(id) {
			cell.Href = "/months/" + m.Month.Month + "/departments/" + url.PathEscape(id)
		}
	}
}

// isDepartment tells whether a column of the event model holds departments.
func isDepartment(column string) bool {
	for _, t := range schema.Default().Tables {
		for _, c := range t.Columns {
			if c.Name == column && (c.Ref == "department" || t.Name == "department" && column == "department_id") {
				return true
			}
		}
	}
	return false
}

// words are the lists of codes that the event model gives for columns of a name.
func words(column string) []map[string]lang.Text {
	model, lists := schema.Default(), []map[string]lang.Text(nil)
	for _, t := range model.Tables {
		for _, c := range t.Columns {
			if c.Name == column && c.Codes != "" {
				lists = append(lists, model.Codes[c.Codes])
			}
		}
	}
	return lists
}

// worded words a code; a text that is no code, or means different things in different tables, stays as it is.
func worded(lists []map[string]lang.Text, code string) lang.Text {
	found := lang.Text{}
	for _, list := range lists {
		text, ok := list[code]
		switch {
		case !ok:
		case found.Empty():
			found = text
		case found != text:
			return lang.Same(code)
		}
	}
	if found.Empty() {
		return lang.Same(code)
	}
	return found
}
