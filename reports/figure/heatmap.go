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
	heatColumnLeast = 36.0 // a number of three digits and a decimal fits
	heatColumnMost  = 60.0
	heatLegend      = 30
)

// Figures draws the heat map in as many parts as its rows and columns need. A
// group of columns is kept together where it fits.
func (h HeatMap) Figures(l lang.Lang) ([]*document.Figure, error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	ts, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	_, labelWidth, lines, _ := ts.rowNames(nameList(h.Rows), false)
	room := fullWidth - int(labelWidth) - 24 // 16 left of the plot, 8 right
	columnParts := h.columnParts(room / int(heatColumnLeast))
	rowHeight := max(19, lines*(lineHeight-1)+5)
	rowEnds := parts(len(h.Rows), (pageHeight-190)/rowHeight)
	var figures []*document.Figure
	total := len(columnParts) * len(rowEnds)
	for _, columns := range columnParts {
		from := 0
		for _, to := range rowEnds {
			part := h.cut(from, to, columns)
			part.Head = h.part(l, len(figures), total)
			f, err := part.draw(l, ts, rowHeight)
			if err != nil {
				return nil, err
			}
			figures = append(figures, f)
			from = to
		}
	}
	return figures, nil
}

func nameList(labels []Label) []string {
	out := make([]string, len(labels))
	for i, l := range labels {
		out[i] = l.Name
	}
	return out
}

func (h HeatMap) check() error {
	if err := h.Head.check(); err != nil {
		return err
	}
	if len(h.Rows) == 0 || len(h.Columns) == 0 {
		return h.errorf("%w", errNoRows)
	}
	if len(h.Cells) != len(h.Rows) {
		return h.errorf("%d rows but cells for %d", len(h.Rows), len(h.Cells))
	}
	for i, line := range h.Cells {
		if len(line) != len(h.Columns) {
			return h.errorf("row %s has %d cells for %d columns", h.Rows[i].Name, len(line), len(h.Columns))
		}
		for j, cell := range line {
			if err := h.checkValue(h.Rows[i].Name+" / "+h.Columns[j].Name, cell.Score); err != nil {
				return err
			}
			if cell.Score.Ok() && (cell.Score.Number < 0 || cell.Score.Number > 100) {
				return h.errorf("%s / %s: score %v is outside 0 to 100", h.Rows[i].Name, h.Columns[j].Name, cell.Score.Number)
			}
		}
	}
	return nil
}

// columnParts gives the columns of each part, by place.
func (h HeatMap) columnParts(limit int) [][]int {
	var out [][]int
	var current []int
	for start := 0; start < len(h.Columns); {
		end := start + 1
		for end < len(h.Columns) && h.Columns[end].Group == h.Columns[start].Group {
			end++
		}
		if len(current) > 0 && len(current)+end-start > limit {
			out, current = append(out, current), nil
		}
		if end-start > limit {
			from := start
			for _, to := range parts(end-start, limit) {
				out = append(out, placesBetween(from, start+to))
				from = start + to
			}
		} else {
			current = append(current, placesBetween(start, end)...)
		}
		start = end
	}
	if len(current) > 0 {
		out = append(out, current)
	}
	return out
}

func placesBetween(from, to int) []int {
	var out []int
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}

// cut is the heat map of some rows and columns.
func (h HeatMap) cut(from, to int, columns []int) HeatMap {
	part := h
	part.Rows, part.Columns, part.Cells = h.Rows[from:to], nil, nil
	for _, c := range columns {
		part.Columns = append(part.Columns, h.Columns[c])
	}
	for _, line := range h.Cells[from:to] {
		var cells []HeatCell
		for _, c := range columns {
			cells = append(cells, line[c])
		}
		part.Cells = append(part.Cells, cells)
	}
	return part
}

func (h HeatMap) draw(l lang.Lang, ts typesetter, rowHeight int) (*document.Figure, error) {
	labels, labelWidth, _, cut := ts.rowNames(nameList(h.Rows), false)
	links := make([]string, len(h.Rows))
	for i, r := range h.Rows {
		links[i] = r.Link
	}
	left := int(labelWidth) + 16
	width := min(heatColumnMost, float64(fullWidth-left-8)/float64(len(h.Columns)))
	top, columnLabels, rotate := h.columnLabels(ts, width)
	plot := frame{left: left, right: fullWidth - left - int(width*float64(len(h.Columns))), top: top, bottom: heatLegend + 12}
	height := plot.top + len(h.Rows)*rowHeight + plot.bottom

	heat := gocharts.NewHeatMap()
	heat.SetXAxis(columnLabels)
	heat.AddSeries(h.ScoreName, []opts.HeatMapData{})
	o, err := fromChart(heat)
	if err != nil {
		return nil, h.errorf("%w", err)
	}
	var measured, states, kinds []any
	for i, line := range h.Cells {
		for j, cell := range line {
			tip := h.tip(l, i, j)
			if cell.Score.Ok() {
				_, paper := heatColor(cell.Score.Number)
				measured = append(measured, m{"value": []any{j, i, cell.Score.Number}, "text": document.FormatNumber(cell.Score.Number, h.Decimals), "label": m{"color": paper}, "tip": tip, "link": h.Rows[i].Link})
				continue
			}
			states = append(states, m{"value": []any{j, i}, "tip": tip, "link": h.Rows[i].Link})
			kinds = append(kinds, stateKind(cell.Score.State))
		}
	}
	set(o.series(0), m{"data": listOf(measured), "itemStyle": m{"borderColor": "#ffffff", "borderWidth": 2},
		"label": m{"show": true, "fontSize": 11, "formatter": function("label", nil)}, "emphasis": m{"itemStyle": m{"borderColor": ink, "borderWidth": 1}}})
	o.add(m{"type": "custom", "name": l.Pick("无数值", "no value"), "data": listOf(states), "encode": m{"x": 0, "y": 1}, "renderItem": function("state", m{"items": listOf(kinds)})})
	o["grid"] = plot.grid()
	o["yAxis"] = rows(labels, links)
	o["xAxis"] = m{"type": "category", "position": "top", "data": columnLabels, "axisLine": m{"show": false}, "axisTick": m{"show": false},
		"axisLabel": m{"interval": 0, "rotate": rotate, "margin": 8, "color": ink, "fontSize": 11, "lineHeight": 13, "hideOverlap": false}}
	o["visualMap"] = m{"show": false, "type": "piecewise", "seriesIndex": 0, "dimension": 2, "pieces": heatPieces()}
	o["graphic"] = m{"elements": h.legend(l, ts, height-heatLegend)}
	head := h.Head
	if cut > 0 {
		head.Note = joinNotes(l, head.Note, cutNote(l, cut))
	}
	return head.figure(o, height, h.alt(l), h.table(l))
}

// listOf keeps an empty list from being written as null.
func listOf(v []any) []any {
	if v == nil {
		return []any{}
	}
	return v
}

// columnLabels breaks the names above the columns, or turns them upright where
// they would need more than four lines.
func (h HeatMap) columnLabels(ts typesetter, width float64) (top int, labels []string, rotate int) {
	names := nameList(h.Columns)
	labels, widest, lines, cut := ts.column(names, 11, width-4, 4)
	if cut == 0 && widest <= width && !h.splitsWords(labels) {
		return lines*13 + 14, labels, 0
	}
	labels, widest, _, _ = ts.column(names, 11, 120, max(1, int((width-4)/13)))
	return int(widest) + 16, labels, 90
}

// splitsWords reports whether a Latin word was broken to fit.
func (h HeatMap) splitsWords(labels []string) bool {
	for i, label := range labels {
		if strings.Join(strings.Fields(label), " ") != strings.Join(strings.Fields(h.Columns[i].Name), " ") && !strings.ContainsFunc(h.Columns[i].Name, wide) {
			return true
		}
	}
	return false
}

func heatColor(score float64) (fill, paper string) {
	for _, s := range heatSteps {
		if score >= s.from {
			fill, paper = s.fill, s.paper
		}
	}
	return fill, paper
}

func heatPieces() []any {
	var out []any
	for i, s := range heatSteps {
		piece := m{"gte": s.from, "color": s.fill}
		if i+1 < len(heatSteps) {
			piece["lt"] = heatSteps[i+1].from
		}
		out = append(out, piece)
	}
	return out
}

func stateKind(s document.State) string {
	switch s {
	case document.Missing:
		return "missing"
	case document.NotMeasured:
		return "not_measured"
	}
	return "not_applicable"
}

// legend is the steps of the scale and the three reasons for no value.
func (h HeatMap) legend(l lang.Lang, ts typesetter, y int) []any {
	var out []any
	x := 4
	word := func(s string) {
		out = append(out, m{"type": "text", "silent": true, "x": x, "y": y + 2, "style": m{"text": s, "fontSize": 11, "fill": muted}})
		x += int(ts.fonts.Width(s, 11, false)) + 12
	}
	box := func(fill, stroke string) {
		out = append(out, m{"type": "rect", "silent": true, "x": x, "y": y, "shape": m{"width": 22, "height": 14}, "style": m{"fill": fill, "stroke": stroke, "lineWidth": 1}})
	}
	stroke := func(x1, y1, x2, y2 int, color string) {
		out = append(out, m{"type": "line", "silent": true, "x": x, "y": y, "shape": m{"x1": x1, "y1": y1, "x2": x2, "y2": y2}, "style": m{"stroke": color, "lineWidth": 1}})
	}
	if h.ScoreName != "" {
		word(h.ScoreName)
	}
	for i, s := range heatSteps {
		box(s.fill, "#cbd2d9")
		x += 26
		if i+1 < len(heatSteps) {
			word(fmt.Sprintf("%g–%g", s.from, heatSteps[i+1].from))
		} else {
			word(fmt.Sprintf("≥%g", s.from))
		}
	}
	x += 8
	box("#ffffff", "#cbd2d9")
	stroke(7, 7, 15, 7, muted)
	x += 26
	word(document.NotApplicable.Word(l))
	box("#ffffff", ink)
	stroke(0, 0, 22, 14, ink)
	stroke(0, 14, 22, 0, ink)
	x += 26
	word(document.Missing.Word(l))
	box("#f0f2f5", "none")
	for i := range 3 {
		out = append(out, m{"type": "circle", "silent": true, "x": x + 6 + 5*i, "y": y + 7, "shape": m{"r": 1.1}, "style": m{"fill": muted}})
	}
	x += 26
	word(document.NotMeasured.Word(l))
	return out
}

func (h HeatMap) tip(l lang.Lang, i, j int) []any {
	cell := h.Cells[i][j]
	tip := []any{[]string{h.Rows[i].Name}, []string{h.Columns[j].Name, show(cell.Score, h.Decimals, l)}}
	if cell.Value.Ok() {
		tip = append(tip, []string{l.Pick("数值", "value"), trimZeros(document.FormatNumber(cell.Value.Number, 2))})
	}
	return tip
}

func (h HeatMap) alt(l lang.Lang) string {
	counts := map[document.State]int{}
	lowColumn, lowMean := "", math.Inf(1)
	for j, c := range h.Columns {
		sum, n := 0.0, 0
		for i := range h.Rows {
			s := h.Cells[i][j].Score
			counts[s.State]++
			if s.Ok() {
				sum, n = sum+s.Number, n+1
			}
		}
		if n > 0 && sum/float64(n) < lowMean {
			lowMean, lowColumn = sum/float64(n), c.Name
		}
	}
	text := fmt.Sprintf(l.Pick("热力图，%d 个部门、%d 项指标：有数值 %d 格，不适用 %d 格，缺数 %d 格，未测 %d 格。", "Heat map of %d departments and %d indicators: %d cells with a value, %d not applicable, %d missing, %d not measured. "),
		len(h.Rows), len(h.Columns), counts[document.Measured], counts[document.NotApplicable], counts[document.Missing], counts[document.NotMeasured])
	if lowColumn != "" {
		text += fmt.Sprintf(l.Pick("平均最低的指标是%s（%s）。", "The indicator with the lowest mean is %s (%s)."), lowColumn, document.FormatNumber(lowMean, 1))
	}
	return strings.TrimSpace(text)
}

func (h HeatMap) table(l lang.Lang) document.Table {
	t := document.Table{Columns: []document.Column{{ID: "department", Title: l.Pick("部门", "Department")}}}
	for _, c := range h.Columns {
		t.Columns = append(t.Columns, document.Column{ID: c.ID, Title: c.Name, Kind: document.KindNumber, Decimals: max(h.Decimals, 1)})
	}
	for i, r := range h.Rows {
		row := document.Row{Cells: []document.Cell{document.Linked(r.Name, r.Link)}}
		for j := range h.Columns {
			cell := h.Cells[i][j]
			v := cell.Value
			if !v.Ok() {
				v = cell.Score
			}
			row.Cells = append(row.Cells, document.Explained(v, cell.Explain))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
