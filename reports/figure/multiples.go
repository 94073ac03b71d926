package figure

import (
	"fmt"
	"slices"
	"strings"

	gocharts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"weir/internal/lang"
	"weir/reports/document"
)

const panelPlot = 64 // height of one panel's plot

// Figures draws the panels, on as many pages as they need.
func (s SmallMultiples) Figures(l lang.Lang) ([]*document.Figure, error) {
	if err := s.Head.check(); err != nil {
		return nil, err
	}
	if err := s.checkSeries(s.Panels, len(s.Periods)); err != nil {
		return nil, err
	}
	if len(s.Panels) == 0 {
		return nil, s.errorf("%w", errNoRows)
	}
	if s.Columns <= 0 {
		s.Columns = 4
	}
	s.Columns = min(s.Columns, max(2, len(s.Panels)))
	ts, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	all := numbers(s.Panels)
	if s.Target != nil {
		all = append(all, *s.Target)
	}
	low, high := span(s.Low, s.High, all)
	_, _, lines, _ := ts.column(nameList(labelsOf(s.Panels)), 11, s.panelWidth()-34, 3)
	panelHeight := lines*14 + panelPlot + 34
	ends := parts(len(s.Panels), s.Columns*max(1, pageHeight/panelHeight))
	var figures []*document.Figure
	from := 0
	for i, to := range ends {
		part := s
		part.Head, part.Panels = s.part(l, i, len(ends)), s.Panels[from:to]
		f, err := part.draw(l, ts, low, high, panelHeight, lines)
		if err != nil {
			return nil, err
		}
		figures = append(figures, f)
		from = to
	}
	return figures, nil
}

func hasGap(s Series) bool {
	return slices.ContainsFunc(s.Values, func(v document.Value) bool { return !v.Ok() })
}

func labelsOf(all []Series) []Label {
	out := make([]Label, len(all))
	for i, s := range all {
		out[i] = s.Label
	}
	return out
}

func (s SmallMultiples) panelWidth() float64 { return float64(s.width()) / float64(s.Columns) }

func (s SmallMultiples) draw(l lang.Lang, ts typesetter, low, high float64, panelHeight, lines int) (*document.Figure, error) {
	line := gocharts.NewLine()
	for _, p := range s.Panels {
		line.AddSeries(ts.clean(p.Name), make([]opts.LineData, len(s.Periods)))
	}
	o, err := fromChart(line)
	if err != nil {
		return nil, s.errorf("%w", err)
	}
	names, _, _, cut := ts.column(nameList(labelsOf(s.Panels)), 11, s.panelWidth()-34, 3)
	inset := int(axisRoom(ts, l, low, high)) + 8
	percent := 100 / float64(s.Columns)
	var grids, xs, ys, titles []any
	for i, p := range s.Panels {
		column, row := i%s.Columns, i/s.Columns
		top := row * panelHeight
		leftPercent := fmt.Sprintf("%.3f%%", float64(column)*percent+100*float64(inset)/float64(s.width()))
		grids = append(grids, m{"left": leftPercent, "width": fmt.Sprintf("%.3f%%", percent-100*float64(inset+12)/float64(s.width())),
			"top": top + lines*14 + 10, "height": panelPlot, "containLabel": false, "outerBoundsMode": "none"})
		titles = append(titles, m{"text": names[i], "left": leftPercent, "top": top + 2, "padding": 0, "itemGap": 0, "textStyle": m{"fontSize": 11, "fontWeight": "bold", "color": ink, "lineHeight": 14}})
		xs = append(xs, endPeriods(s.Periods, i))
		y := valueAxis(l, low, high)
		set(y, m{"gridIndex": i, "splitNumber": 2})
		set(y["axisLabel"].(m), m{"show": column == 0, "fontSize": 10})
		ys = append(ys, y)
		series := o.series(i)
		set(series, m{"xAxisIndex": i, "yAxisIndex": i, "symbol": "circle", "symbolSize": 3, "showAllSymbol": true, "connectNulls": false,
			"lineStyle": m{"color": accent, "width": 1.6}, "itemStyle": m{"color": accent}, "data": points(l, p, s.Periods, s.Decimals, s.Unit)})
		if s.Target != nil {
			mark := levelLine(l, *s.Target, s.Decimals)
			set(mark, m{"label": m{"show": false}, "lineStyle": m{"color": muted, "type": "dashed", "width": 0.8}})
			series["markLine"] = mark
		}
	}
	for i, p := range s.Panels {
		if word := withoutValues(l, p.Values); word != "" {
			titles = append(titles, m{"text": word, "left": grids[i].(m)["left"], "top": grids[i].(m)["top"].(int) + panelPlot/2 - 8, "padding": []int{0, 0, 0, 12}, "textStyle": m{"fontSize": 11, "fontWeight": "normal", "color": muted}})
		}
	}
	o["grid"], o["xAxis"], o["yAxis"], o["title"] = grids, xs, ys, titles
	head := s.Head
	if cut > 0 {
		head.Note = joinNotes(l, head.Note, cutNote(l, cut))
	}
	if slices.ContainsFunc(s.Panels, hasGap) {
		head.Note = joinNotes(l, head.Note, l.Pick("线断开处无数值，原因见表。", "A gap in a line has no value; the table says why."))
	}
	if s.Target != nil {
		head.Note = joinNotes(l, head.Note, l.Pick("虚线为", "Dashed: ")+targetName(l, *s.Target, s.Decimals)+l.Pick("。", "."))
	}
	rowsOf := (len(s.Panels) + s.Columns - 1) / s.Columns
	return head.figure(o, rowsOf*panelHeight, s.alt(l), s.table(l))
}

// withoutValues says why a panel is empty, or nothing where it has a number.
func withoutValues(l lang.Lang, values []document.Value) string {
	word := values[0].State.Word(l)
	for _, v := range values {
		if v.Ok() {
			return ""
		}
		if v.State != values[0].State {
			word = l.Pick("无数值", "no value")
		}
	}
	return word
}

// endPeriods is the axis of the i-th panel, with labels at the first and the last
// period only.
func endPeriods(periods []string, i int) m {
	labels := make([]any, len(periods))
	for k := range labels {
		labels[k] = ""
	}
	labels[0], labels[len(labels)-1] = m{"value": periods[0], "textStyle": m{"align": "left"}}, m{"value": periods[len(periods)-1], "textStyle": m{"align": "right"}}
	return m{"type": "category", "gridIndex": i, "data": labels, "boundaryGap": false, "axisLine": m{"lineStyle": m{"color": faint}}, "axisTick": m{"show": false},
		"axisLabel": m{"interval": 0, "color": muted, "fontSize": 10, "margin": 5, "hideOverlap": false}}
}

func (s SmallMultiples) alt(l lang.Lang) string {
	var up, down, none []string
	for _, p := range s.Panels {
		first, last := -1, -1
		for i, v := range p.Values {
			if v.Ok() {
				if first < 0 {
					first = i
				}
				last = i
			}
		}
		switch {
		case first < 0:
			none = append(none, p.Name)
		case p.Values[last].Number > p.Values[first].Number:
			up = append(up, p.Name)
		case p.Values[last].Number < p.Values[first].Number:
			down = append(down, p.Name)
		}
	}
	text := fmt.Sprintf(l.Pick("%d 幅小折线图，同一刻度，%s 至 %s。", "%d small line charts on one scale, %s to %s. "), len(s.Panels), s.Periods[0], s.Periods[len(s.Periods)-1])
	for _, g := range []struct {
		word string
		list []string
	}{{l.Pick("期末高于期初：", "Higher at the end: "), up}, {l.Pick("期末低于期初：", "Lower at the end: "), down}, {l.Pick("无数值：", "Without a value: "), none}} {
		if len(g.list) > 0 {
			text += g.word + names(l, g.list) + l.Pick("。", ". ")
		}
	}
	return strings.TrimSpace(text)
}

// table is units down, periods across.
func (s SmallMultiples) table(l lang.Lang) document.Table {
	t := document.Table{Columns: []document.Column{{ID: "unit", Title: l.Pick("部门", "Department")}}}
	for k, p := range s.Periods {
		t.Columns = append(t.Columns, document.Column{ID: fmt.Sprintf("period_%d", k+1), Title: p, Kind: document.KindNumber, Decimals: s.Decimals})
	}
	for _, p := range s.Panels {
		row := document.Row{Cells: []document.Cell{document.Linked(p.Name, p.Link)}}
		for _, v := range p.Values {
			row.Cells = append(row.Cells, document.Of(v))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
