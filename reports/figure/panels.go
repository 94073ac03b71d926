package figure

import (
	"fmt"
	"math"
	"strings"

	gocharts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"weir/internal/lang"
	"weir/reports/document"
)

const (
	panelColumns = 4
	smallPlot    = 46 // height of one plot
	leastPercent = 10 // the least span of a scale in percentage points
)

// Figures draws the panels, four side by side.
func (p Panels) Figures(l lang.Lang) ([]*document.Figure, error) {
	if err := p.Head.check(); err != nil {
		return nil, err
	}
	if err := p.checkSeries(p.series(), len(p.Periods)); err != nil {
		return nil, err
	}
	if len(p.Items) == 0 {
		return nil, p.errorf("%w", errNoRows)
	}
	ts, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	_, _, lines, _ := ts.column(nameList(labelsOf(p.series())), 11, p.panelWidth()-16, 2)
	height := lines*14 + 16 + smallPlot + 30
	ends := parts(len(p.Items), panelColumns*max(1, pageHeight/height))
	var figures []*document.Figure
	from := 0
	for i, to := range ends {
		part := p
		part.Head, part.Items = p.part(l, i, len(ends)), p.Items[from:to]
		f, err := part.draw(l, ts, height, lines)
		if err != nil {
			return nil, err
		}
		figures, from = append(figures, f), to
	}
	return figures, nil
}

func (p Panels) panelWidth() float64 { return float64(fullWidth) / panelColumns }

func (p Panels) series() []Series {
	out := make([]Series, len(p.Items))
	for i, item := range p.Items {
		out[i] = Series{Label: item.Label, Values: item.Values}
	}
	return out
}

func (p Panels) draw(l lang.Lang, ts typesetter, height, lines int) (*document.Figure, error) {
	all := p.series()
	line := gocharts.NewLine()
	for _, s := range all {
		line.AddSeries(ts.clean(s.Name), make([]opts.LineData, len(p.Periods)))
	}
	o, err := fromChart(line)
	if err != nil {
		return nil, p.errorf("%w", err)
	}
	names, _, _, cut := ts.column(nameList(labelsOf(all)), 11, p.panelWidth()-16, 2)
	percent := 100.0 / panelColumns
	const inset = 40
	var grids, xs, ys, titles []any
	for i, item := range p.Items {
		column, top := i%panelColumns, i/panelColumns*height
		at := fmt.Sprintf("%.3f%%", float64(column)*percent)
		grids = append(grids, m{"left": fmt.Sprintf("%.3f%%", float64(column)*percent+100*inset/float64(fullWidth)), "width": fmt.Sprintf("%.3f%%", percent-100*float64(inset+16)/float64(fullWidth)),
			"top": top + lines*14 + 24, "height": smallPlot, "containLabel": false, "outerBoundsMode": "none"})
		titles = append(titles,
			m{"text": names[i], "left": at, "top": top + 2, "padding": 0, "textStyle": m{"fontSize": 11, "fontWeight": "bold", "color": ink, "lineHeight": 14}},
			m{"text": item.last(l), "left": at, "top": top + lines*14 + 3, "padding": 0, "textStyle": m{"fontSize": 11, "fontWeight": "normal", "color": muted, "lineHeight": 14}})
		xs = append(xs, endPeriods(p.Periods, i))
		low, high := item.span()
		y := valueAxis(l, low, high)
		set(y, m{"gridIndex": i, "interval": high - low})
		set(y["axisLabel"].(m), m{"fontSize": 10})
		ys = append(ys, y)
		set(o.series(i), m{"xAxisIndex": i, "yAxisIndex": i, "symbol": "circle", "symbolSize": 3, "showAllSymbol": true, "connectNulls": false,
			"lineStyle": m{"color": accent, "width": 1.6}, "itemStyle": m{"color": accent}, "data": points(l, all[i], p.Periods, item.Decimals, item.Unit)})
	}
	o["grid"], o["xAxis"], o["yAxis"], o["title"] = grids, xs, ys, titles
	head := p.Head
	if cut > 0 {
		head.Note = joinNotes(l, head.Note, cutNote(l, cut))
	}
	rows := (len(p.Items) + panelColumns - 1) / panelColumns
	return head.figure(o, rows*height, p.alt(l), p.table(l))
}

// last is the last period's value with its unit and note, or why there is none.
func (p Panel) last(l lang.Lang) string {
	v := p.Values[len(p.Values)-1]
	text := show(v, p.Decimals, l)
	if v.Ok() {
		if p.Unit != "" && p.Unit != "%" {
			text += " "
		}
		text += p.Unit
	}
	if p.Note != "" {
		text += "  " + p.Note
	}
	return text
}

// span is the scale: round ends around the data, and never so narrow that a
// small movement fills the panel.
func (p Panel) span() (low, high float64) {
	data := numbers([]Series{{Values: p.Values}})
	if len(data) == 0 {
		return 0, 1
	}
	low, high = data[0], data[0]
	for _, v := range data {
		low, high = min(low, v), max(high, v)
	}
	least := 0.1 * max(math.Abs(low), math.Abs(high))
	if p.Unit == "%" {
		least = leastPercent
	}
	if lack := least - (high - low); lack > 0 {
		wasPositive := low >= 0
		low, high = low-lack/2, high+lack/2
		if wasPositive && low < 0 {
			low, high = 0, high-low
		}
		if p.Unit == "%" && high > 100 && low < 100 {
			low, high = max(0, low-(high-100)), 100
		}
	}
	if low == high {
		return low - 1, high + 1
	}
	step := niceStep((high - low) / 5)
	return math.Floor(low/step+1e-9) * step, math.Ceil(high/step-1e-9) * step
}

func (p Panels) alt(l lang.Lang) string {
	text := fmt.Sprintf(l.Pick("%d 幅小折线图，刻度各自不同，%s 至 %s。", "%d small line charts, each on its own scale, %s to %s. "), len(p.Items), p.Periods[0], p.Periods[len(p.Periods)-1])
	for i, s := range p.series() {
		text += movement(l, s, p.Periods, p.Items[i].Decimals, p.Items[i].Unit)
	}
	return strings.TrimRight(text, "；; ") + l.Pick("。", ".")
}

// table is indicators down, periods across.
func (p Panels) table(l lang.Lang) document.Table {
	t := document.Table{Columns: []document.Column{{ID: "indicator", Title: l.Pick("指标", "Indicator")}, {ID: "unit", Title: l.Pick("单位", "Unit")}}}
	decimals := 0
	for _, item := range p.Items {
		decimals = max(decimals, item.Decimals)
	}
	for k, period := range p.Periods {
		t.Columns = append(t.Columns, document.Column{ID: fmt.Sprintf("period_%d", k+1), Title: period, Kind: document.KindNumber, Decimals: decimals})
	}
	for _, item := range p.Items {
		row := document.Row{Cells: []document.Cell{document.Linked(item.Name, item.Link), document.Text(item.Unit)}}
		for _, v := range item.Values {
			row.Cells = append(row.Cells, document.Of(v))
		}
		t.Rows = append(t.Rows, row)
		if item.Unit != "" { // beside the panels, the chart says; here it is a column
			t.Unit = l.Pick("见“单位”列", "in the column of units")
		}
	}
	return t
}
