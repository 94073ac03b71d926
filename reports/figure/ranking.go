package figure

import (
	"fmt"
	"strconv"
	"strings"

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
	low, high := span(r.Low, r.High, numbers)
	if r.Low == 0 && r.High == 0 && low > 0 {
		low = 0 // a bar starts at zero
	}
	_, _, lines, _ := ts.rowNames(all, r.Half)
	rowHeight := max(19, lines*(lineHeight-1)+5)
	var figures []*document.Figure
	from := 0
	ends := parts(len(r.Items), (pageHeight-110)/rowHeight)
	for i, to := range ends {
		part := r
		part.Head, part.Items = r.part(l, i, len(ends)), r.Items[from:to]
		f, err := part.draw(l, ts, low, high, rowHeight)
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

func (r Ranking) draw(l lang.Lang, ts typesetter, low, high float64, rowHeight int) (*document.Figure, error) {
	n := len(r.Items)
	all, links := make([]string, n), make([]string, n)
	for i, item := range r.Items {
		all[i], links[i] = item.Name, item.Link
	}
	labels, labelWidth, _, cut := ts.rowNames(all, r.Half)
	right, cells, head := r.rightColumns(l, ts)
	plot := frame{left: int(labelWidth) + 44, right: right, top: 24, bottom: 24}
	if r.Half {
		plot.left = int(labelWidth) + 14
	}

	bar := gocharts.NewBar()
	bar.SetXAxis(labels).XYReversal()
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
	o["yAxis"], o["xAxis"] = rows(labels, links), valueAxis(l, low, high)
	legend := []any{}
	for gi, g := range groups {
		data := make([]any, n)
		for i, item := range r.Items {
			data[i] = "-"
			if item.Value.Ok() && g.holds(item) {
				data[i] = m{"value": item.Value.Number, "tip": r.tip(l, item), "link": item.Link}
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
			"renderItem": function("whisker", m{"color": ink, "width": 1.2, "cap": 3.5}),
		})
		legend = append(legend, m{"name": name, "icon": "path://M0 5h20M0 2v6M20 2v6", "itemStyle": m{"color": "none", "borderColor": ink, "borderWidth": 1.2}})
	}
	o.add(words(cells, low))
	o.add(header(head, low, 12))
	if len(legend) > 0 && !r.Half {
		o["legend"] = m{"data": legend, "top": 0, "left": 0, "itemWidth": 12, "itemHeight": 10, "itemGap": 14, "selectedMode": false, "textStyle": m{"fontSize": 11, "color": muted}}
		plot.top += 24
	}
	o["grid"] = plot.grid()
	height := plot.top + n*rowHeight + plot.bottom
	h := r.Head
	if cut > 0 {
		h.Note = joinNotes(l, h.Note, cutNote(l, cut))
	}
	return h.figure(o, height, r.alt(l), r.table(l))
}

// group is a ts of bars with one colour and one line in the legend.
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
	_, width, _, _ := ts.rowNames(all, r.Half)
	return int(width) + 18
}

func (r Ranking) tip(l lang.Lang, item RankingItem) []any {
	tip := []any{[]string{item.Name}, []string{l.Pick("数值", "value"), show(item.Value, r.Decimals, l) + " " + r.Unit}}
	if item.Interval != nil {
		tip = append(tip, []string{l.Pick("区间", "interval"), document.FormatNumber(item.Interval.Low, r.Decimals) + " – " + document.FormatNumber(item.Interval.High, r.Decimals)})
	}
	if item.Grade != "" {
		tip = append(tip, []string{l.Pick("等级", "grade"), item.Grade})
	}
	if item.N.Ok() {
		tip = append(tip, []string{"n", document.FormatNumber(item.N.Number, 0)})
	}
	return tip
}

// targetLine marks the target on the value axis.
func targetLine(l lang.Lang, target float64, decimals int) m {
	return m{
		"silent": true, "symbol": []string{"none", "none"}, "animation": false,
		"lineStyle": m{"color": ink, "type": "dashed", "width": 1},
		"label":     m{"show": true, "position": "start", "distance": 6, "color": ink, "fontSize": 11, "formatter": l.Pick("目标 ", "target ") + trimZeros(document.FormatNumber(target, decimals))},
		"data":      []any{m{"xAxis": target}},
	}
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func (r Ranking) alt(l lang.Lang) string {
	var without []string
	counts := map[string]int{}
	var first, last *RankingItem
	for i := range r.Items {
		item := &r.Items[i]
		if !item.Value.Ok() {
			without = append(without, item.Name+l.Pick("（", " (")+item.Value.State.Word(l)+l.Pick("）", ")"))
			continue
		}
		if first == nil {
			first = item
		}
		last = item
		counts[item.Grade]++
	}
	var b strings.Builder
	fmt.Fprintf(&b, l.Pick("条形图，%d 个单位按数值由高到低排列。", "Bar chart, %d units from the highest to the lowest value. "), len(r.Items))
	if first != nil {
		fmt.Fprintf(&b, l.Pick("最高为%s %s %s，最低为%s %s %s。", "Highest: %s, %s %s; lowest: %s, %s %s. "),
			first.Name, show(first.Value, r.Decimals, l), r.Unit, last.Name, show(last.Value, r.Decimals, l), r.Unit)
	}
	var grades []string
	for _, band := range r.Bands {
		if counts[band.Name] > 0 {
			grades = append(grades, fmt.Sprintf(l.Pick("%s %d 个", "%s %d"), band.Name, counts[band.Name]))
		}
	}
	if len(grades) > 0 {
		b.WriteString(strings.Join(grades, l.Pick("，", ", ")) + l.Pick("。", ". "))
	}
	if len(without) > 0 {
		b.WriteString(l.Pick("无数值：", "Without a value: ") + names(l, without) + l.Pick("。", "."))
	}
	return strings.TrimSpace(b.String())
}

func (r Ranking) table(l lang.Lang) document.Table {
	t := document.Table{Columns: []document.Column{
		{ID: "rank", Title: l.Pick("名次", "Rank"), Kind: document.KindNumber},
		{ID: "department", Title: l.Pick("部门", "Department")},
		{ID: "value", Title: l.Pick("数值", "Value"), Unit: r.Unit, Kind: document.KindNumber, Decimals: r.Decimals},
		{ID: "low", Title: l.Pick("区间下限", "Interval low"), Unit: r.Unit, Kind: document.KindNumber, Decimals: r.Decimals},
		{ID: "high", Title: l.Pick("区间上限", "Interval high"), Unit: r.Unit, Kind: document.KindNumber, Decimals: r.Decimals},
		{ID: "grade", Title: l.Pick("等级", "Grade"), Kind: document.KindGrade},
		{ID: "rank_low", Title: l.Pick("名次最好", "Rank at best"), Kind: document.KindNumber},
		{ID: "rank_high", Title: l.Pick("名次最差", "Rank at worst"), Kind: document.KindNumber},
		{ID: "n", Title: "n", Kind: document.KindNumber},
		{ID: "change", Title: l.Pick("变化", "Change"), Unit: r.Unit, Kind: document.KindNumber, Decimals: r.Decimals},
	}}
	count := func(n int) document.Cell {
		if n == 0 {
			return document.Empty()
		}
		return document.Number(float64(n))
	}
	for _, item := range r.Items {
		low, high := document.Empty(), document.Empty()
		if item.Interval != nil {
			low, high = document.Number(item.Interval.Low), document.Number(item.Interval.High)
		}
		grade := document.Empty()
		if item.Grade != "" {
			grade = document.Grade(item.Grade, r.band(item.Grade))
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			count(item.Rank), document.Linked(item.Name, item.Link), document.Of(item.Value), low, high, grade,
			count(item.RankLow), count(item.RankHigh), document.Of(item.N), document.Of(item.Change),
		}})
	}
	return t.Used("value", "department")
}

// joinNotes puts remarks behind one another.
func joinNotes(l lang.Lang, notes ...string) string {
	var out []string
	for _, n := range notes {
		if n != "" {
			out = append(out, n)
		}
	}
	return strings.Join(out, l.Pick("", " "))
}

func cutNote(l lang.Lang, n int) string {
	if n == 1 && l == lang.En {
		return "One name is too long for the figure and ends in …; the table has it in full."
	}
	return fmt.Sprintf(l.Pick("图中 %d 个名称过长，以“…”截短，全名见表。", "%d names are too long for the figure and end in …; the table has them in full."), n)
}
