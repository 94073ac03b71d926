package server

import (
	"encoding/json"
	"fmt"
	"html/template"

	"weir/internal/lang"
	"weir/reports/document"
	"weir/reports/figure"
)

// figureView is a figure with its drawing, its option for the live chart and the table behind it.
type figureView struct {
	ID, Title, Unit, Source, Note, Alt, Empty string
	Width, Height                             int
	SVG                                       template.HTML
	Option                                    template.JS
	Table                                     *tableView
}

// tableView is a table as pages print it.
type tableView struct {
	Caption        string
	Columns        []columnView
	Rows           []rowView
	Previous, Next string
	From, To       int
	Exports        []exportLink
}

type columnView struct {
	Title  string
	Number bool
}

type rowView struct {
	Class string
	Cells []cellView
}

type cellView struct {
	Text, Href    string
	Number        bool
	Short         bool // an identifier or a date, which is not broken
	Sort          string
	Tag, TagClass string
}

type exportLink struct{ Name, Href string }

// draw builds a figure from its data and draws it; a chart that cannot be drawn leaves its table.
func (s *Server) draw(r *request, m *closedMonth, b figure.Builder) (*figureView, error) {
	figures, err := b.Figures(r.lang)
	if err != nil {
		return nil, err
	}
	if len(figures) == 0 {
		return nil, nil
	}
	v, err := s.drawn(r, figures[0])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Month.Month, err)
	}
	return v, nil
}

// drawn is a figure of a document as pages show it.
func (s *Server) drawn(r *request, f *document.Figure) (*figureView, error) {
	v := &figureView{ID: f.ID, Title: f.Title, Unit: f.Unit, Source: f.Source, Note: f.Note, Alt: f.Alt, Empty: f.Empty, Width: f.Width, Height: f.Height, Table: tableOf(f.Table, r.lang)}
	if f.Option == nil || s.parts.Charts == nil {
		if v.Empty == "" {
			v.Empty = r.say("图形不可用，数据见下表", "no drawing; the data stand below")
		}
		return v, nil
	}
	svg, err := s.parts.Charts.SVG(f)
	if err != nil {
		s.log.Error("a chart cannot be drawn", "figure", f.ID, "error", err)
		v.Empty = r.say("图形未能绘制，数据见下表", "the drawing failed; the data stand below")
		return v, nil
	}
	v.SVG = template.HTML(svg)
	if !json.Valid(f.Option) {
		return nil, fmt.Errorf("figure %s: its option is no JSON", f.ID)
	}
	var safe json.RawMessage
	if err := json.Unmarshal(f.Option, &safe); err != nil {
		return nil, err
	}
	// encoding/json writes <, > and & as escapes, so that no name ends the element it stands in.
	escaped, err := json.Marshal(safe)
	if err != nil {
		return nil, err
	}
	v.Option = template.JS(escaped)
	return v, nil
}

// tableOf turns a table of a document into one of a page.
func tableOf(t document.Table, l lang.Lang) *tableView {
	v := &tableView{Caption: t.Title}
	for _, c := range t.Columns {
		title := c.Title
		if c.Unit != "" {
			title += " (" + c.Unit + ")"
		}
		v.Columns = append(v.Columns, columnView{title, c.Kind == document.KindNumber})
	}
	for _, row := range t.Rows {
		var cells []cellView
		for i, c := range row.Cells {
			cell := cellView{Text: c.Text, Number: i < len(t.Columns) && t.Columns[i].Kind == document.KindNumber}
			switch {
			case c.Blank:
			case cell.Number && c.Value.Ok():
				cell.Text, cell.Sort = document.FormatNumber(c.Value.Number, t.Columns[i].Decimals), fmt.Sprint(c.Value.Number)
			case c.Text == "":
				cell.Text = c.Value.State.Word(l)
			}
			cells = append(cells, cell)
		}
		v.Rows = append(v.Rows, rowView{Cells: cells})
	}
	return v
}
