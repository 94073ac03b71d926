package figure

import (
	"strings"

	gocharts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"weir/internal/lang"
	"weir/reports/document"
)

const (
	heatColumnLeast = 24.0 // a number of three digits fits
	heatDecimal     = 12.0 // more, where it has decimals
	heatColumnMost  = 60.0
	heatLegend      = 30
)

// rowLabels breaks the names of the rows: they leave most of the width to the
// columns.
func (h HeatMap) rowLabels(ts typesetter) rowNames {
	return ts.fit(nameList(h.Rows), room{labelSize, 170, 1}, room{11, 150, 2}, room{11, 168, 2})
}

// leastColumn is how narrow a column may be.
func (h HeatMap) leastColumn() float64 {
	if h.Decimals > 0 {
		return heatColumnLeast + heatDecimal
	}
	return heatColumnLeast
}

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
	names := h.rowLabels(ts)
	room := fullWidth - int(names.width) - 24 // 16 left of the plot, 8 right
	columnParts := h.columnParts(room / int(h.leastColumn()))
	rowHeight := max(19, names.lines*closeLine+3)
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
	names := h.rowLabels(ts)
	links := make([]string, len(h.Rows))
	for i, r := range h.Rows {
		links[i] = r.Link
	}
	left := int(names.width) + 16
	width := min(heatColumnMost, float64(fullWidth-left-8)/float64(len(h.Columns)))
	top, columnLabels, rotate, size := h.columnLabels(ts, width)
	labelsHeight := top
	groups, groupNames, groupHeight := h.groupHeads(ts, width)
	top += groupHeight
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
	if len(groups) > 0 {
		o.add(m{"type": "custom", "name": l.Pick("分组", "groups"), "silent": true, "clip": false, "data": groups, "encode": m{"x": []int{0, 1}, "y": 2}, "tooltip": m{"show": false},
			"renderItem": function("groups", m{"items": groupNames, "above": labelsHeight, "color": ink})})
	}
	o["grid"] = plot.grid()
	o["yAxis"] = rows(names, links)
	o["xAxis"] = m{"type": "category", "position": "top", "data": columnLabels, "axisLine": m{"show": false}, "axisTick": m{"show": false},
		"axisLabel": m{"interval": 0, "rotate": rotate, "margin": 8, "color": ink, "fontSize": size, "lineHeight": size + 2, "hideOverlap": false}}
	o["visualMap"] = m{"show": false, "type": "piecewise", "seriesIndex": 0, "dimension": 2, "pieces": heatPieces()}
	o["graphic"] = m{"elements": h.legend(l, ts, height-heatLegend)}
	head := h.Head
	if names.cut > 0 {
		head.Note = joinNotes(l, head.Note, cutNote(l, names.cut))
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

// columnLabels breaks the names above the columns: over four lines, over six
// somewhat smaller ones where that breaks no word, or else turned upright.
func (h HeatMap) columnLabels(ts typesetter, width float64) (top int, labels []string, rotate, size int) {
	names := nameList(h.Columns)
	for _, try := range []struct{ size, lines int }{{11, 4}, {10, 6}} {
		labels, widest, lines, cut := ts.column(names, float64(try.size), width-3, try.lines)
		if cut == 0 && widest <= width && !h.splitsWords(labels) {
			return lines*(try.size+2) + 14, labels, 0, try.size
		}
	}
	labels, widest, _, _ := ts.column(names, 11, 170, max(1, int((width-4)/13)))
	return int(widest) + 16, labels, 90, 11
}

// groupHeads are the first and last column of every group of columns with its
// broken name, and the height that they need; nothing where all columns are of
// one group.
func (h HeatMap) groupHeads(ts typesetter, width float64) (spans, names []any, height int) {
	lines := 1
	for from := 0; from < len(h.Columns); {
		to := from
		for to+1 < len(h.Columns) && h.Columns[to+1].Group == h.Columns[from].Group {
			to++
		}
		name, room := ts.clean(h.Columns[from].Group), float64(to+1-from)*width-6
		// Over a narrow last group a long word ends with the group and begins over its neighbour.
		end := to == len(h.Columns)-1
		if end && from > 0 {
			for _, unit := range units(name) {
				room = max(room, ts.fonts.Width(strings.TrimSpace(unit), 11, true))
			}
		}
		broken, _ := ts.wrap(name, 11, room, 3)
		lines = max(lines, len(broken))
		spans, names = append(spans, []any{from, to, 0}), append(names, m{"text": strings.Join(broken, "\n"), "end": end && room > float64(to+1-from)*width-6})
		from = to + 1
	}
	if len(spans) < 2 {
		return nil, nil, 0
	}
	return spans, names, lines*13 + 10
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
