package figure

import (
	"strings"

	gocharts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"weir/internal/lang"
	"weir/reports/document"
)

const mostLines = 6

// Figures draws the trend.
func (t Trend) Figures(l lang.Lang) ([]*document.Figure, error) {
	if err := t.Head.check(); err != nil {
		return nil, err
	}
	if err := t.checkSeries(t.Series, len(t.Periods)); err != nil {
		return nil, err
	}
	if len(t.Series) == 0 || len(t.Series) > mostLines {
		return nil, t.errorf("%d lines: one panel takes 1 to %d, use SmallMultiples for more", len(t.Series), mostLines)
	}
	ts, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	all := numbers(t.Series)
	if len(all) == 0 {
		reason := l.Pick("各期均无数值。", "No period has a value.")
		return []*document.Figure{t.Head.empty(reason, reason, t.table(l))}, nil
	}
	if t.Target != nil {
		all = append(all, *t.Target)
	}
	low, high := span(t.Low, t.High, all)

	names := make([]string, len(t.Series))
	for i := range t.Series {
		names[i] = ts.clean(t.Series[i].Name)
	}
	left := int(axisRoom(ts, l, low, high)) + 14
	right := 16
	if t.Target != nil {
		right = int(ts.fonts.Width(targetName(l, *t.Target, t.Decimals), 11, false)) + 12
	}
	legend, legendHeight := seriesLegend(ts, names, left, float64(t.width()-left-right))
	plot := frame{left: left, right: right, top: legendHeight + 12, bottom: 28}
	signs, gaps := gapSigns(l, t.Series, len(t.Periods))
	if gaps != "" {
		plot.bottom += 14
	}
	if len(names) == 1 {
		plot.top = 14
	}
	line := gocharts.NewLine()
	line.SetXAxis(t.Periods)
	for i := range t.Series {
		line.AddSeries(names[i], make([]opts.LineData, len(t.Periods)))
	}
	o, err := fromChart(line)
	if err != nil {
		return nil, t.errorf("%w", err)
	}
	for i, s := range t.Series {
		set(o.series(i), lineStyle(i))
		o.series(i)["data"] = points(l, s, t.Periods, t.Decimals, t.Unit)
	}
	if t.Target != nil {
		o.series(0)["markLine"] = levelLine(l, *t.Target, t.Decimals)
	}
	for i, s := range t.Series {
		if len(s.Low) > 0 {
			for _, b := range band(s, i, low) {
				o.add(b)
			}
		}
	}
	o["grid"] = plot.grid()
	o["xAxis"] = periodAxis(ts, t.Periods, signs, float64(t.width()-plot.left-plot.right))
	o["yAxis"] = valueAxis(l, low, high)
	if len(names) > 1 {
		o["legend"] = legend
	}
	h := t.Head
	h.Note = joinNotes(l, h.Note, gaps)
	f, err := h.figure(o, plot.top+210+plot.bottom, t.alt(l), t.table(l))
	if err != nil {
		return nil, err
	}
	return []*document.Figure{f}, nil
}

// lineStyle is how the i-th line differs from the others: colour, dash, symbol.
func lineStyle(i int) m {
	return m{
		"type": "line", "symbol": seriesSymbols[i], "symbolSize": 6, "showSymbol": true, "showAllSymbol": true, "connectNulls": false, "smooth": false, "z": 3,
		"lineStyle": m{"color": seriesColors[i], "width": 2, "type": seriesDashes[i]}, "itemStyle": m{"color": seriesColors[i]},
	}
}

// band is the interval around a line: an invisible line below and an area on top
// of it. Gaps of the line are gaps of the area.
func band(s Series, i int, low float64) []m {
	base, height := make([]any, len(s.Low)), make([]any, len(s.Low))
	for k := range s.Low {
		base[k], height[k] = "-", "-"
		if s.Values[k].Ok() && s.Low[k].Ok() && s.High[k].Ok() {
			base[k], height[k] = s.Low[k].Number, s.High[k].Number-s.Low[k].Number
		}
	}
	stack := "interval-" + s.ID
	common := func(data []any, area m) m {
		return m{"type": "line", "stack": stack, "stackStrategy": "all", "data": data, "symbol": "none", "silent": true, "tooltip": m{"show": false}, "z": 1,
			"lineStyle": m{"opacity": 0}, "areaStyle": area, "connectNulls": false}
	}
	return []m{common(base, m{"opacity": 0}), common(height, m{"color": seriesColors[i], "opacity": 0.14})}
}

func targetName(l lang.Lang, target float64, decimals int) string {
	return l.Pick("目标 ", "target ") + document.FormatShort(target, decimals)
}

// levelLine marks the target across the periods.
func levelLine(l lang.Lang, target float64, decimals int) m {
	return m{
		"silent": true, "symbol": []string{"none", "none"}, "lineStyle": m{"color": ink, "type": "dashed", "width": 1},
		"label": m{"show": true, "position": "end", "color": ink, "fontSize": 11, "formatter": targetName(l, target, decimals)},
		"data":  []any{m{"yAxis": target}},
	}
}

// axisRoom is the width of the widest label of a value axis.
func axisRoom(ts typesetter, l lang.Lang, low, high float64) float64 {
	widest := 0.0
	unit, word := axisScale(l, low, high)
	step := niceStep((high - low) / 5)
	for v := low; v <= high+step/2; v += step {
		widest = max(widest, ts.fonts.Width(document.FormatShort(v/unit, 2)+word, 11, false))
	}
	return widest
}

func (t Trend) alt(l lang.Lang) string {
	var b strings.Builder
	b.WriteString(l.Pick("折线图。", "Line chart. "))
	for _, s := range t.Series {
		b.WriteString(movement(l, s, t.Periods, t.Decimals, t.Unit))
	}
	return strings.TrimRight(b.String(), "；; ") + l.Pick("。", ".")
}

func (t Trend) table(l lang.Lang) document.Table {
	decimals, units := make([]int, len(t.Series)), make([]string, len(t.Series))
	for i := range t.Series {
		decimals[i], units[i] = t.Decimals, t.Unit
	}
	return seriesTable(l, l.Pick("期间", "Period"), t.Periods, t.Series, decimals, units)
}
