package figure

import (
	"fmt"
	"math"
	"strings"

	"weir/internal/lang"
	"weir/reports/document"
)

// checkSeries refuses series that do not fit their periods or categories.
func (h Head) checkSeries(all []Series, places int) error {
	if places == 0 {
		return h.errorf("%w", errNoRows)
	}
	for _, s := range all {
		if len(s.Values) != places {
			return h.errorf("series %s has %d values for %d periods or categories", s.Name, len(s.Values), places)
		}
		if len(s.Low) != len(s.High) || len(s.Low) != 0 && len(s.Low) != places {
			return h.errorf("series %s has an interval for %d low and %d high values of %d", s.Name, len(s.Low), len(s.High), places)
		}
		for _, v := range s.Values {
			if err := h.checkValue(s.Name, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// numbers collects the measured numbers of the series and their intervals.
func numbers(all []Series) []float64 {
	var out []float64
	for _, s := range all {
		for _, list := range [][]document.Value{s.Values, s.Low, s.High} {
			for _, v := range list {
				if v.Ok() {
					out = append(out, v.Number)
				}
			}
		}
	}
	return out
}

// points are the items of a line or bar; what is not measured is a gap.
func points(l lang.Lang, s Series, places []string, decimals int, unit string) []any {
	out := make([]any, len(s.Values))
	for i, v := range s.Values {
		out[i] = "-"
		if !v.Ok() {
			continue
		}
		tip := []any{[]string{s.Name}, []string{places[i], document.FormatNumber(v.Number, decimals) + " " + unit}}
		if len(s.Low) > 0 && s.Low[i].Ok() && s.High[i].Ok() {
			tip = append(tip, []string{l.Pick("区间", "interval"), document.FormatNumber(s.Low[i].Number, decimals) + " – " + document.FormatNumber(s.High[i].Number, decimals)})
		}
		out[i] = m{"value": v.Number, "tip": tip, "link": s.Link}
	}
	return out
}

// seriesTable is periods or categories down, series across.
func seriesTable(l lang.Lang, first string, places []string, all []Series, decimals []int, units []string) document.Table {
	t := document.Table{Columns: []document.Column{{ID: "place", Title: first}}}
	for i, s := range all {
		t.Columns = append(t.Columns, document.Column{ID: "series_" + s.ID, Title: s.Name, Unit: units[i], Kind: document.KindNumber, Decimals: decimals[i]})
		if len(s.Low) > 0 {
			t.Columns = append(t.Columns,
				document.Column{ID: "low_" + s.ID, Title: s.Name + l.Pick(" 区间下限", ", interval low"), Unit: units[i], Kind: document.KindNumber, Decimals: decimals[i]},
				document.Column{ID: "high_" + s.ID, Title: s.Name + l.Pick(" 区间上限", ", interval high"), Unit: units[i], Kind: document.KindNumber, Decimals: decimals[i]})
		}
	}
	for k, place := range places {
		row := document.Row{Cells: []document.Cell{document.Text(place)}}
		for _, s := range all {
			row.Cells = append(row.Cells, document.Of(s.Values[k]))
			if len(s.Low) > 0 {
				row.Cells = append(row.Cells, document.Of(s.Low[k]), document.Of(s.High[k]))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// movement describes first and last measured value of a series.
func movement(l lang.Lang, s Series, places []string, decimals int, unit string) string {
	first, last, gaps := -1, -1, 0
	for i, v := range s.Values {
		if !v.Ok() {
			gaps++
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	if first < 0 {
		return s.Name + l.Pick("：无数值；", ": no value; ")
	}
	text := s.Name + l.Pick("：", ": ") + places[first] + " " + document.FormatNumber(s.Values[first].Number, decimals)
	if last != first {
		text += l.Pick(" 至 ", " to ") + places[last] + " " + document.FormatNumber(s.Values[last].Number, decimals)
	}
	text += " " + unit
	if gaps > 0 {
		text += l.Pick("，", ", ") + document.FormatNumber(float64(gaps), 0) + l.Pick(" 期无数值", " without a value")
	}
	return text + l.Pick("；", "; ")
}

// gapSigns are the signs below the periods in which a series lacks its value,
// and the sentence that explains them. A series without any value is named in
// the sentence only.
func gapSigns(l lang.Lang, all []Series, places int) (signs []string, note string) {
	signs = make([]string, places)
	var lists [document.Measured][]string
	for _, s := range all {
		if why := withoutValues(l, s.Values); why != "" {
			note += s.Name + l.Pick("：", ": ") + why + l.Pick("。", ". ")
			continue
		}
		for k, v := range s.Values {
			if v.Ok() {
				continue
			}
			if !strings.Contains(signs[k], v.State.Sign()) {
				signs[k] += v.State.Sign()
			}
			if list := lists[v.State]; len(list) == 0 || list[len(list)-1] != s.Name {
				lists[v.State] = append(list, s.Name)
			}
		}
	}
	for state, list := range lists {
		if len(list) > 0 {
			s := document.State(state)
			note += fmt.Sprintf(l.Pick("%s 表示%s（%s）。", "%s: %s (%s). "), s.Sign(), s.Word(l), names(l, list))
		}
	}
	return signs, strings.TrimSpace(note)
}

// extremes describes the largest and the smallest value of a series.
func extremes(l lang.Lang, s Series, places []string, decimals int, unit string) string {
	least, most, gaps := -1, -1, 0
	for i, v := range s.Values {
		switch {
		case !v.Ok():
			gaps++
		case least < 0:
			least, most = i, i
		case v.Number < s.Values[least].Number:
			least = i
		case v.Number > s.Values[most].Number:
			most = i
		}
	}
	if least < 0 {
		return s.Name + l.Pick("：无数值；", ": no value; ")
	}
	text := fmt.Sprintf(l.Pick("%s：最大 %s（%s），最小 %s（%s）%s", "%s: largest %s (%s), smallest %s (%s) %s"), s.Name,
		document.FormatNumber(s.Values[most].Number, decimals), places[most], document.FormatNumber(s.Values[least].Number, decimals), places[least], unit)
	if gaps > 0 {
		text += l.Pick("，", ", ") + document.FormatNumber(float64(gaps), 0) + l.Pick(" 项无数值", " without a value")
	}
	return text + l.Pick("；", "; ")
}

// periodAxis labels the periods; where they would touch, every second or third
// one is left out, never the last. Signs stand below them.
func periodAxis(ts typesetter, periods, signs []string, width float64) m {
	widest := 0.0
	for _, p := range periods {
		widest = max(widest, ts.fonts.Width(p, 11, false))
	}
	every := max(1, int(math.Ceil((widest+8)/(width/float64(len(periods))))))
	labels := make([]any, len(periods))
	for i, p := range periods {
		labels[i] = ""
		if (len(periods)-1-i)%every == 0 {
			labels[i] = p
		}
		if signs[i] != "" {
			labels[i] = labels[i].(string) + "\n" + signs[i]
		}
	}
	return m{
		"type": "category", "data": labels, "axisLine": m{"lineStyle": m{"color": faint}}, "axisTick": m{"show": false},
		"axisLabel": m{"interval": 0, "color": muted, "fontSize": 11, "lineHeight": 14, "hideOverlap": false},
	}
}

// seriesLegend is the legend above a plot, with the rows it needs.
func seriesLegend(ts typesetter, names []string, left int, width float64) (m, int) {
	x, lines := 0.0, 1
	data := make([]any, len(names))
	for i, n := range names {
		data[i] = m{"name": n}
		w := 26 + 6 + ts.fonts.Width(n, 11, false) + 16
		if x > 0 && x+w > width {
			x, lines = 0, lines+1
		}
		x += w
	}
	return m{"data": data, "top": 0, "left": left, "width": width + 16, "itemWidth": 24, "itemHeight": 9, "itemGap": 14, "textStyle": m{"fontSize": 11, "color": ink, "lineHeight": 14}}, lines * 22
}
