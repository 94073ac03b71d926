package figure

import (
	"fmt"
	"strconv"

	gocharts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"weir/internal/lang"
	"weir/reports/document"
)

// Figures draws the ranking.
func (r Ranking) Figures(l lang.Lang) ([]*document.Figure, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	ts, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	all := make([]string, len(r.Items))
	var numbers []float64
	for i, item := range r.Items {
		all[i] = item.Name
		if item.Value.Ok() {
			numbers = append(numbers, item.Value.Number)
		}
		if item.Interval != nil {
			numbers = append(numbers, item.Interval.Low, item.Interval.High)
		}
	}
	if r.Target != nil {
		numbers = append(numbers, *r.Target)
	}
	axis := scale{low: r.Low, high: r.High}
	if r.Low == 0 && r.High == 0 {
		axis = scaleOf(numbers)
	}
	rowHeight := max(19, ts.rowNames(all, r.Half).lines*closeLine+3)
	var figures []*document.Figure
	from := 0
	ends := parts(len(r.Items), (pageHeight-110)/rowHeight)
	for i, to := range ends {
		part := r
		part.Head, part.Items = r.part(l, i, len(ends)), r.Items[from:to]
		f, err := part.draw(l, ts, axis, rowHeight)
		if err != nil {
			return nil, err
		}
		figures = append(figures, f)
		from = to
	}
	return figures, nil
}

func (r Ranking) check() error {
	if err := r.Head.check(); err != nil {
		return err
	}
	if len(r.Items) == 0 {
		return r.errorf("%w", errNoRows)
	}
	for _, item := range r.Items {
		if err := r.checkValue(item.Name, item.Value); err != nil {
			return err
		}
		if err := r.checkInterval(item.Name, item.Interval); err != nil {
			return err
		}
		if r.band(item.Grade) < 0 && item.Grade != "" && len(r.Bands) > 0 {
			return r.errorf("%s has grade %q, which is not among the bands", item.Name, item.Grade)
		}
	}
	return nil
}

// band is the place of the grade among the bands, or -1.
func (r Ranking) band(grade string) int {
	for i, b := range r.Bands {
		if b.Name == grade {
			return i
		}
	}
	return -1
}

// bandColors go from the best to the worst band; the last is orange.
func bandColor(i, n int) string {
	if i >= 0 && n > 1 && i == n-1 {
		return worse
	}
	shades := []string{accent, accentMid, accentPale}
	if i < 0 {
		return accentMid
	}
	return shades[min(i, len(shades)-1)]
}

// bandName is the legend of a band: 优 ≥90, 良 80–90.
func (r Ranking) bandName(i int) string {
	b := r.Bands[i]
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	switch {
	case i == 0:
		return b.Name + " ≥" + number(b.Min)
	case i == len(r.Bands)-1:
		return b.Name + " <" + number(r.Bands[i-1].Min)
	}
	return b.Name + " " + number(b.Min) + "–" + number(r.Bands[i-1].Min)
}

func (r Ranking) draw(l lang.Lang, ts typesetter, axis scale, rowHeight int) (*document.Figure, error) {
	n := len(r.Items)
	all, links := make([]string, n), make([]string, n)
	for i, item := range r.Items {
		all[i], links[i] = item.Name, item.Link
	}
	names := ts.rowNames(all, r.Half)
	right, cells, head := r.rightColumns(l, ts)
	plot := frame{left: int(names.width) + 44, right: right, top: 24, bottom: 24}
	if r.Half {
		plot.left = int(names.width) + 14
	}

	bar := gocharts.NewBar()
	bar.SetXAxis(names.labels).XYReversal()
	groups := r.groups()
	for _, g := range groups {
		data := make([]opts.BarData, n)
		for i := range r.Items {
			data[i] = opts.BarData{}
		}
		bar.AddSeries(g.name, data, gocharts.WithItemStyleOpts(opts.ItemStyle{Color: g.color}))
	}
	o, err := fromChart(bar)
	if err != nil {
		return nil, r.errorf("%w", err)
	}
	o["yAxis"], o["xAxis"] = rows(names, links), axis.axis(l)
	legend := []any{}
	for gi, g := range groups {
		data := make([]any, n)
		for i, item := range r.Items {
			data[i] = "-"
			if item.Value.Ok() && g.holds(item) {
				bar := m{"value": item.Value.Number, "tip": r.tip(l, item), "link": item.Link}
				axis.mark(bar, item.Value, false)
				data[i] = bar
			}
		}
		s := o.series(gi)
		s["data"], s["barGap"], s["barWidth"] = data, "-100%", min(rowHeight-8, 13)
		s["cursor"] = "default"
		if len(groups) > 1 {
			legend = append(legend, m{"name": g.name})
		}
	}
	if r.Target != nil {
		o.series(0)["markLine"] = targetLine(l, *r.Target, r.Decimals)
	}
	if whiskers := r.whiskers(); len(whiskers) > 0 {
		name := l.Pick("区间", "interval")
		o.add(m{
			"name": name, "type": "custom", "data": whiskers, "encode": m{"x": []int{0, 1}, "y": 2}, "z": 4, "itemStyle": m{"color": ink},
			"tooltip": m{"show": false}, "silent": true,
			"renderItem": axis.whiskerLook(),
		})
		legend = append(legend, m{"name": name, "icon": "path://M0 5h20M0 2v6M20 2v6", "itemStyle": m{"color": "none", "borderColor": ink, "borderWidth": 1.2}})
	}
	o.add(words(cells, axis.low))
	o.add(header(head, axis.low, 12))
	if len(legend) > 0 && !r.Half {
		o["legend"] = m{"data": legend, "top": 0, "left": 0, "itemWidth": 12, "itemHeight": 10, "itemGap": 14, "selectedMode": false, "textStyle": m{"fontSize": 11, "color": muted}}
		plot.top += 24
	}
	o["grid"] = plot.grid()
	height := plot.top + n*rowHeight + plot.bottom
	h := r.Head
	if names.cut > 0 {
		h.Note = joinNotes(l, h.Note, cutNote(l, names.cut))
	}
	cut := axis.note(l, r.brokenBars(axis), r.Decimals, r.Unit)
	h.Note = joinNotes(l, h.Note, cut)
	return h.figure(o, height, joinNotes(l, r.alt(l), cut), r.table(l))
}

// brokenBars are the units whose bars are broken, with their values.
func (r Ranking) brokenBars(axis scale) []string {
	var out []string
	for _, item := range r.Items {
		if axis.broken(item.Value) {
			out = append(out, item.Name+" "+document.FormatNumber(item.Value.Number, r.Decimals))
		}
	}
	return out
}

// group is a set of bars with one colour and one line in the legend.
type group struct {
	name, color string
	holds       func(RankingItem) bool
}

func (r Ranking) groups() []group {
	if len(r.Bands) == 0 {
		return []group{{r.Unit, accent, func(RankingItem) bool { return true }}}
	}
	var groups []group
	for i := range r.Bands {
		groups = append(groups, group{r.bandName(i), bandColor(i, len(r.Bands)), func(item RankingItem) bool { return r.band(item.Grade) == i }})
	}
	ungraded := func(item RankingItem) bool { return r.band(item.Grade) < 0 }
	for _, item := range r.Items {
		if ungraded(item) && item.Value.Ok() {
			return append(groups, group{"—", faint, ungraded})
		}
	}
	return groups
}

func (r Ranking) whiskers() []any {
	var out []any
	for i, item := range r.Items {
		if item.Value.Ok() && item.Interval != nil {
			out = append(out, []any{item.Interval.Low, item.Interval.High, i})
		}
	}
	return out
}

// rightColumns are the words beside the bars: value, grade, rank interval; and
// the rank at the left of the names. It returns the room they need.
func (r Ranking) rightColumns(l lang.Lang, ts typesetter) (int, [][]m, []m) {
	values, grades, ranks := make([]string, len(r.Items)), make([]string, len(r.Items)), make([]string, len(r.Items))
	for i, item := range r.Items {
		if item.Value.Ok() {
			values[i] = document.FormatNumber(item.Value.Number, r.Decimals)
		}
		grades[i] = item.Grade
		if item.RankLow > 0 {
			ranks[i] = fmt.Sprintf("%d–%d", item.RankLow, item.RankHigh)
		}
	}
	titles := []string{r.Unit, l.Pick("等级", "grade"), l.Pick("名次区间", "rank interval")}
	columns := [][]string{values, grades, ranks}
	if r.Half {
		columns = columns[:2]
	}
	room, head := 10, []m{}
	cells := make([][]m, len(r.Items))
	for c, column := range columns {
		width := 0.0
		for _, s := range column {
			width = max(width, ts.fonts.Width(s, labelSize, c == 0))
		}
		if width == 0 {
			continue
		}
		width = max(width, ts.fonts.Width(titles[c], 11, false))
		room += int(width) + 1
		head = append(head, m{"side": "right", "dx": room, "text": titles[c], "align": "right", "color": muted, "size": 11})
		for i, s := range column {
			if s != "" {
				cells[i] = append(cells[i], m{"side": "right", "dx": room, "text": s, "align": "right", "bold": c == 0, "color": ink})
			}
		}
		room += 12
	}
	for i, item := range r.Items {
		if item.Rank > 0 && !r.Half {
			cells[i] = append(cells[i], m{"side": "left", "dx": r.rankOffset(ts), "text": strconv.Itoa(item.Rank), "align": "right", "color": muted})
		}
		if !item.Value.Ok() {
			cells[i] = append(cells[i], m{"side": "plot", "dx": 6, "text": item.Value.State.Sign() + " " + item.Value.State.Word(l), "color": muted})
		}
		if cells[i] == nil {
			cells[i] = []m{}
		}
	}
	return room + 2, cells, head
}

// rankOffset is the distance of the ranks from the plot.
func (r Ranking) rankOffset(ts typesetter) int {
	all := make([]string, len(r.Items))
	for i, item := range r.Items {
		all[i] = item.Name
	}
	return int(ts.rowNames(all, r.Half).width) + 18
}
