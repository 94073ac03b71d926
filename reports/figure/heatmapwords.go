package figure

import (
	"fmt"
	"math"
	"strings"

	"weir/internal/lang"
	"weir/reports/document"
)

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
		tip = append(tip, []string{l.Pick("数值", "value"), document.FormatShort(cell.Value.Number, 2)})
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
