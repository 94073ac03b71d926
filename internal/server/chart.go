package server

import (
	"encoding/json"
	"fmt"
	"html/template"

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
	Caption, Note  string
	Columns        []columnView
	Grouped        bool // some columns stand below a common heading
	Rows           []rowView
	Foot           *rowView // totals
	Previous, Next string
	From, To       int
	Exports        []exportLink
}

type columnView struct {
	Title  string
	Full   string // the whole meaning, where the title is only its beginning
	Number bool
	Group  string // heading over this column and its neighbours
	Span   int    // columns below that heading, on the first of them; 0 on the others
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
	Grade         *gradeView
	Class         string
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
