package server

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"weir/internal/lang"
	"weir/metrics"
	"weir/reports/document"
)

// Reviews builds the budget review of a closed month in its newest revision, the same document as the report.
type Reviews interface {
	Review(ctx context.Context, month string, l lang.Lang) (*document.Document, error)
}

// blockView is one piece of a document on a page; exactly one of its parts is set.
type blockView struct {
	Heading string
	ID      string // of the heading, "" for none
	Level   int    // of the heading, 2 or more
	Text    []spanView
	List    [][]spanView
	Ordered bool
	Note    *noteView
	Figure  *figureView
	Table   *tableView
	Keys    []keyView
}

type spanView struct {
	Text, Href string
	Strong     bool
}

type noteView struct {
	Class, Title string
	Body         [][]spanView
}

// keyView is a headline number.
type keyView struct {
	Label, Text, Unit, Word, Note, Href string
	Interval                            string
	Change                              *changeView
}

// leads finds the page to which a link of a document leads: the section, or the definition or explanation of a figure.
// The name of a department leads to its page. "" where there is none.
type leads func(section, explain string) string

func nowhere(string, string) string { return "" }

// documentBlocks lays the sections out below one another.
func (s *Server) documentBlocks(r *request, sections []document.Section, level int, to leads) ([]blockView, error) {
	var blocks []blockView
	for _, section := range sections {
		if section.Title != "" {
			blocks = append(blocks, blockView{Heading: strings.ReplaceAll(section.Title, "　", ""), ID: section.ID, Level: level})
		}
		for _, b := range section.Blocks {
			view, err := s.block(r, b, to)
			if err != nil {
				return nil, err
			}
			if view != nil {
				blocks = append(blocks, *view)
			}
		}
		below, err := s.documentBlocks(r, section.Sections, min(level+1, 4), to)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, below...)
	}
	return blocks, nil
}

func (s *Server) block(r *request, b document.Block, to leads) (*blockView, error) {
	switch b := b.(type) {
	case *document.Paragraph:
		return &blockView{Text: spansOf(*b, to)}, nil
	case *document.List:
		v := &blockView{Ordered: b.Ordered}
		for _, item := range b.Items {
			v.List = append(v.List, spansOf(item, to))
		}
		return v, nil
	case *document.Note:
		n := &noteView{Title: b.Title, Class: map[document.NoteLevel]string{document.NoteCaution: "caution", document.NoteBreach: "breach"}[b.Level]}
		for _, p := range b.Body {
			n.Body = append(n.Body, spansOf(p, to))
		}
		return &blockView{Note: n}, nil
	case *document.KeyFigures:
		v := &blockView{}
		for _, item := range b.Items {
			v.Keys = append(v.Keys, keyOf(item, r.lang, to))
		}
		return v, nil
	case *document.Table:
		return &blockView{Table: linkedTable(*b, r.lang, to)}, nil
	case *document.RuledForm:
		return &blockView{Table: linkedTable(b.Table, r.lang, to)}, nil
	case *document.Figure:
		v, err := s.drawn(r, b)
		return &blockView{Figure: v}, err
	}
	return nil, nil
}

func spansOf(p document.Paragraph, to leads) []spanView {
	list := make([]spanView, len(p.Spans))
	for i, span := range p.Spans {
		list[i] = spanView{Text: span.Text, Strong: span.Strong, Href: to(span.Link, span.Explain)}
	}
	return list
}

func keyOf(k document.KeyFigure, l lang.Lang, to leads) keyView {
	v := keyView{Label: k.Label, Note: k.Note, Href: to(k.Link, k.Explain), Word: k.Value.State.Word(l)}
	if k.Value.Ok() {
		v.Text, v.Unit = document.FormatNumber(k.Value.Number, k.Decimals), k.Unit
	}
	if k.Interval != nil {
		v.Interval = document.FormatNumber(k.Interval.Low, k.Decimals) + "–" + document.FormatNumber(k.Interval.High, k.Decimals)
	}
	if k.Change.Value.Ok() {
		v.Change = &changeView{Text: document.FormatSigned(k.Change.Value.Number, k.Change.Decimals) + k.Change.Unit + " " + k.Change.Against, Good: k.Change.Good}
	}
	return v
}

// tableOf turns a table of a document into one of a page.
func tableOf(t document.Table, l lang.Lang) *tableView { return linkedTable(t, l, nowhere) }

func linkedTable(t document.Table, l lang.Lang, to leads) *tableView {
	v := &tableView{Caption: t.Title, Note: t.Note}
	if t.Unit != "" {
		v.Caption += l.Pick("（", " (") + t.Unit + l.Pick("）", ")")
	}
	for i, c := range t.Columns {
		column := columnView{Title: c.Title, Number: c.Kind == document.KindNumber, Group: c.Group, Span: 1}
		if c.Unit != "" {
			column.Title += " (" + c.Unit + ")"
		}
		if c.Group != "" {
			v.Grouped = true
			if i > 0 && t.Columns[i-1].Group == c.Group {
				column.Span = 0
			} else {
				for k := i + 1; k < len(t.Columns) && t.Columns[k].Group == c.Group; k++ {
					column.Span++
				}
			}
		}
		v.Columns = append(v.Columns, column)
	}
	for _, row := range t.Rows {
		view := rowView{Cells: cellsOf(t.Columns, row.Cells, l, to)}
		if row.Strong {
			view.Class = "strong"
		}
		v.Rows = append(v.Rows, view)
	}
	if t.Total && len(t.Rows) > 1 {
		total := cellsOf(t.Columns, t.Totals(), l, nowhere)
		total[0] = cellView{Text: l.Pick("合计", "Total")}
		v.Foot = &rowView{Cells: total}
	}
	return v
}

func cellsOf(columns []document.Column, row []document.Cell, l lang.Lang, to leads) []cellView {
	cells := make([]cellView, len(row))
	for i, c := range row {
		column := document.Column{}
		if i < len(columns) {
			column = columns[i]
		}
		cell := cellView{Text: column.Print(c, func(s document.State) string { return s.Word(l) }), Number: column.Kind == document.KindNumber, Href: to(c.Link, c.Explain)}
		switch {
		case c.Blank:
		case column.Kind == document.KindNumber && c.Value.Ok():
			cell.Sort = fmt.Sprint(c.Value.Number)
		case column.Kind == document.KindGrade && c.Text != "":
			cell.Grade, cell.Sort = &gradeView{Name: c.Text, Order: c.Order}, fmt.Sprint(c.Order)
		case column.Kind != document.KindNumber:
			cell.Short = utf8.RuneCountInString(cell.Text) <= 12
		}
		if cell.Href == "" && column.ID == "department" {
			cell.Href = to(c.Text, "")
		}
		if c.Good < 0 {
			cell.Class = "below"
		}
		cells[i] = cell
	}
	return cells
}

// leadsOf finds the pages of the service for the links of a month's report.
func leadsOf(m *closedMonth, l lang.Lang, present func(section string) bool) leads {
	base := "/months/" + m.Month.Month
	pages := map[string]string{}
	for _, d := range m.reached() {
		pages[d.Name.In(l)] = base + "/departments/" + url.PathEscape(d.ID)
	}
	return func(section, explain string) string {
		if id, ok := strings.CutPrefix(explain, "indicator-"); ok && m.indicators[id] != nil {
			return base + "/indicators/" + url.PathEscape(id)
		}
		if id, department, ok := strings.Cut(explain, "."); ok && m.indicators[id] != nil {
			if department == "all" {
				return base + "/city/" + url.PathEscape(id)
			}
			if _, ok := m.department(department); ok && m.reaches(department) && department != metrics.City {
				return base + "/departments/" + url.PathEscape(department) + "/" + url.PathEscape(id)
			}
		}
		if section != "" && present(section) {
			return "#" + section
		}
		return pages[section]
	}
}
