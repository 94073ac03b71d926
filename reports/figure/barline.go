package figure

import (
	"strings"

	gocharts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"weir/internal/lang"
	"weir/reports/document"
)

const (
	mostBars      = 4
	mostBarsLines = 3
)

// Figures draws bars and lines.
func (b BarLine) Figures(l lang.Lang) ([]*document.Figure, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	if len(numbers(b.Bars)) == 0 && len(numbers(b.Lines)) == 0 {
		reason := l.Pick("没有数值。", "There are no values.")
		return []*document.Figure{b.Head.empty(reason, reason, b.table(l))}, nil
	}
	ts, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	if b.Horizontal {
		return b.rowParts(l, ts)
	}
	f, err := b.drawColumns(l, ts)
	if err != nil {
		return nil, err
	}
	return []*document.Figure{f}, nil
}

// rowParts draws horizontal bars on one scale, in parts where they do not fit a page.
func (b BarLine) rowParts(l lang.Lang, ts typesetter) ([]*document.Figure, error) {
	axis := b.scale()
	probe := newRowChart(b.Head, ts, b.Categories, axis.low, axis.high, nil)
	ends := parts(len(b.Categories), (pageHeight-90)/b.rowHeight(probe))
	var figures []*document.Figure
	from := 0
	for i, to := range ends {
		part := b
		part.Head, part.Categories, part.Bars = b.part(l, i, len(ends)), b.Categories[from:to], make([]Series, len(b.Bars))
		for j, s := range b.Bars {
			s.Values = s.Values[from:to]
			if len(s.Low) > 0 {
				s.Low, s.High = s.Low[from:to], s.High[from:to]
			}
			part.Bars[j] = s
		}
		f, err := part.drawRows(l, ts, axis)
		if err != nil {
			return nil, err
		}
		figures = append(figures, f...)
		from = to
	}
	return figures, nil
}

// rowHeight is the height of a row: bars that are not stacked lie below one another.
func (b BarLine) rowHeight(c *rowChart) int {
	if b.Stacked {
		return c.rowHeight
	}
	return c.rowHeight + 10*(len(b.Bars)-1)
}

func (b BarLine) check() error {
	if err := b.Head.check(); err != nil {
		return err
	}
	if err := b.checkSeries(append(append([]Series{}, b.Bars...), b.Lines...), len(b.Categories)); err != nil {
		return err
	}
	if len(b.Bars)+len(b.Lines) == 0 || len(b.Bars) > mostBars || len(b.Lines) > mostBarsLines {
		return b.errorf("%d bars and %d lines: at most %d and %d, at least one", len(b.Bars), len(b.Lines), mostBars, mostBarsLines)
	}
	if b.Horizontal && len(b.Lines) > 0 {
		return b.errorf("horizontal bars take no lines")
	}
	if len(b.Lines) > 0 && strings.TrimSpace(b.LineUnit) == "" {
		return b.errorf("the lines have no unit")
	}
	return nil
}

// scale is the bars' axis, from zero. Of stacked bars none is broken: a part of it would seem to be missing.
func (b BarLine) scale() scale {
	if !b.Stacked {
		return scaleOf(numbers(b.Bars))
	}
	all := append(numbers(b.Bars), 0)
	for k := range b.Categories {
		up, down := 0.0, 0.0
		for _, s := range b.Bars {
			if v := s.Values[k]; v.Ok() {
				up, down = up+max(v.Number, 0), down+min(v.Number, 0)
			}
		}
		all = append(all, up, down)
	}
	low, high := span(0, 0, all)
	return scale{low: low, high: high}
}

// brokenBars are the bars that are broken, with their values.
func (b BarLine) brokenBars(axis scale) []string {
	var out []string
	for k, c := range b.Categories {
		for _, s := range b.Bars {
			if !axis.broken(s.Values[k]) {
				continue
			}
			name := c.Name
			if len(b.Bars) > 1 {
				name += " " + s.Name
			}
			out = append(out, name+" "+document.FormatNumber(s.Values[k].Number, b.BarDecimals))
		}
	}
	return out
}

// barStyle is how the i-th bars differ: colour, and an outline for the lightest.
func barStyle(i int) m {
	fills := []string{accent, accentPale, "#e0a458", "#d5dae0"}
	style := m{"color": fills[i%len(fills)]}
	if i%2 == 1 {
		set(style, m{"borderColor": muted, "borderWidth": 0.6})
	}
	return style
}

func (b BarLine) bars() (*gocharts.Bar, []string) {
	bar := gocharts.NewBar()
	places := nameList(b.Categories)
	bar.SetXAxis(places)
	return bar, places
}

func (b BarLine) drawColumns(l lang.Lang, ts typesetter) (*document.Figure, error) {
	bar, places := b.bars()
	var legendNames []string
	for _, s := range b.Bars {
		legendNames = append(legendNames, ts.clean(s.Name))
		bar.AddSeries(ts.clean(s.Name), make([]opts.BarData, len(places)))
	}
	if len(b.Lines) > 0 {
		line := gocharts.NewLine()
		for _, s := range b.Lines {
			legendNames = append(legendNames, ts.clean(s.Name))
			line.AddSeries(ts.clean(s.Name), make([]opts.LineData, len(places)))
		}
		bar.Overlap(line)
	}
	o, err := fromChart(bar)
	if err != nil {
		return nil, b.errorf("%w", err)
	}
	axis := b.scale()
	lineLow, lineHigh := span(0, 0, append(numbers(b.Lines), 0))
	left := int(axisRoom(ts, l, axis.low, axis.high)) + 14
	right := 12
	if len(b.Lines) > 0 {
		right = int(axisRoom(ts, l, lineLow, lineHigh)) + 14
	}
	width := float64(b.width() - left - right)
	legend, legendHeight := seriesLegend(ts, legendNames, left, width)
	plot := frame{left: left, right: right, top: 26}
	if len(legendNames) > 1 {
		plot.top += legendHeight
		o["legend"] = legend
	}
	signs, gaps := gapSigns(l, append(append([]Series{}, b.Bars...), b.Lines...), len(places))
	plot.bottom = b.place(o, ts, places, signs, width)
	b.fill(o, l, places, axis)
	axes := []any{named(axis.axis(l), b.Unit, "left")}
	if len(b.Lines) > 0 {
		y := named(valueAxis(l, lineLow, lineHigh), b.LineUnit, "right")
		set(y, m{"position": "right", "splitLine": m{"show": false}})
		axes = append(axes, y)
	}
	o["grid"], o["yAxis"] = plot.grid(), axes
	h := b.Head
	cut := axis.note(l, b.brokenBars(axis), b.BarDecimals, b.Unit)
	h.Note = joinNotes(l, h.Note, gaps, cut)
	return h.figure(o, plot.top+210+plot.bottom, joinNotes(l, b.alt(l), cut), b.table(l))
}

// named is a value axis with its unit above it.
func named(axis m, unit, side string) m {
	set(axis, m{"name": unit, "nameLocation": "end", "nameGap": 10, "nameTextStyle": m{"color": muted, "fontSize": 11, "align": side}})
	return axis
}

// place writes the categories below the bars, broken into lines, and returns the
// room they need. Periods that would touch are thinned out instead.
func (b BarLine) place(o option, ts typesetter, places, signs []string, width float64) int {
	each := width / float64(len(places))
	labels, widest, lines, cut := ts.column(places, 11, max(each-8, 24), 3)
	if cut > 0 || widest > each || each < 40 {
		o["xAxis"] = periodAxis(ts, places, signs, width)
		return 42
	}
	data := make([]any, len(labels))
	for i, label := range labels {
		if signs[i] != "" {
			label += "\n" + signs[i]
		}
		data[i] = m{"value": label, "link": b.Categories[i].Link}
	}
	o["xAxis"] = m{"type": "category", "data": data, "triggerEvent": true, "axisLine": m{"lineStyle": m{"color": faint}}, "axisTick": m{"show": false},
		"axisLabel": m{"interval": 0, "color": muted, "fontSize": 11, "lineHeight": 14, "hideOverlap": false}}
	return lines*14 + 30
}

func (b BarLine) fill(o option, l lang.Lang, places []string, axis scale) {
	for i, s := range b.Bars {
		series := o.series(i)
		data := points(l, s, places, b.BarDecimals, b.Unit)
		for k, v := range s.Values {
			if v.Ok() {
				axis.mark(data[k].(m), v, !b.Horizontal)
			}
		}
		set(series, m{"data": data, "itemStyle": barStyle(i), "barMaxWidth": 26, "barGap": "12%", "cursor": "default"})
		if b.Stacked {
			series["stack"] = "bars"
		}
	}
	for i, s := range b.Lines {
		set(o.series(len(b.Bars)+i), lineStyle(i+1))
		set(o.series(len(b.Bars)+i), m{"yAxisIndex": 1, "data": points(l, s, places, b.LineDecimals, b.LineUnit)})
	}
}

func (b BarLine) drawRows(l lang.Lang, ts typesetter, axis scale) ([]*document.Figure, error) {
	var columns []rowColumn
	for _, s := range b.Bars {
		column := rowColumn{title: ts.clean(s.Name)}
		for _, v := range s.Values {
			column.words = append(column.words, show(v, b.BarDecimals, l))
		}
		columns = append(columns, column)
	}
	c := newRowChart(b.Head, ts, b.Categories, axis.low, axis.high, columns)
	c.rowHeight = b.rowHeight(c)
	bar, places := b.bars()
	for _, s := range b.Bars {
		bar.AddSeries(ts.clean(s.Name), make([]opts.BarData, len(places)))
	}
	bar.XYReversal()
	o, err := fromChart(bar)
	if err != nil {
		return nil, b.errorf("%w", err)
	}
	b.fill(o, l, places, axis)
	legend := []any{}
	for i, s := range b.Bars {
		legend = append(legend, m{"name": ts.clean(s.Name)})
		o.series(i)["barMaxWidth"] = 14
	}
	if len(legend) > 1 {
		c.plot.top += 26
		o["legend"] = m{"data": legend, "top": 0, "left": 0, "itemWidth": 12, "itemHeight": 10, "itemGap": 14, "textStyle": m{"fontSize": 11, "color": muted}}
	}
	o["grid"] = c.plot.grid()
	o["yAxis"], o["xAxis"] = rows(c.names, c.links), axis.axis(l)
	o.add(words(c.cells, axis.low))
	o.add(header(c.headCells, axis.low, 10))
	cut := axis.note(l, b.brokenBars(axis), b.BarDecimals, b.Unit)
	c.head.Note = joinNotes(l, c.head.Note, cut)
	return c.finish(l, o, joinNotes(l, b.alt(l), cut), b.table(l))
}

func (b BarLine) alt(l lang.Lang) string {
	var text strings.Builder
	text.WriteString(l.Pick("柱状图。", "Bar chart. "))
	if len(b.Lines) > 0 {
		text.Reset()
		text.WriteString(l.Pick("柱线图。", "Bars and lines. "))
	}
	places := nameList(b.Categories)
	for _, s := range b.Bars {
		text.WriteString(extremes(l, s, places, b.BarDecimals, b.Unit))
	}
	for _, s := range b.Lines {
		text.WriteString(movement(l, s, places, b.LineDecimals, b.LineUnit))
	}
	return strings.TrimRight(text.String(), "；; ") + l.Pick("。", ".")
}

func (b BarLine) table(l lang.Lang) document.Table {
	var all []Series
	var decimals []int
	var units []string
	for _, s := range b.Bars {
		all, decimals, units = append(all, s), append(decimals, b.BarDecimals), append(units, b.Unit)
	}
	for _, s := range b.Lines {
		all, decimals, units = append(all, s), append(decimals, b.LineDecimals), append(units, b.LineUnit)
	}
	return seriesTable(l, l.Pick("类别", "Category"), nameList(b.Categories), all, decimals, units)
}
