package figure

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	gocharts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"weir/internal/lang"
	"weir/reports/document"
)

const other = "\x00other" // key of the joined rest; no department's code holds it

// Figures draws the flows; without any, it says so in words and keeps the matrix.
func (f Flows) Figures(l lang.Lang) ([]*document.Figure, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	if len(f.Links) == 0 {
		reason := l.Pick("本期没有跨部门流转。", "No data flowed between departments in this period.")
		return []*document.Figure{f.Head.empty(reason, reason, f.table(l))}, nil
	}
	ts, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	fig, err := f.draw(l, ts)
	if err != nil {
		return nil, err
	}
	return []*document.Figure{fig}, nil
}

func (f Flows) check() error {
	if err := f.Head.check(); err != nil {
		return err
	}
	known := map[string]bool{}
	for _, u := range f.Units {
		if known[u.ID] {
			return f.errorf("unit %s stands twice", u.ID)
		}
		known[u.ID] = true
	}
	for _, link := range f.Links {
		if !known[link.From] || !known[link.To] {
			return f.errorf("flow from %s to %s: a unit is not in the list", link.From, link.To)
		}
		if !(link.Amount > 0) {
			return f.errorf("flow from %s to %s: amount %v is not above zero", link.From, link.To, link.Amount)
		}
	}
	return nil
}

// side is one side of the chart: the units drawn, with their sums.
type side struct {
	keys []string
	sums map[string]float64
	rest int // units joined as other
}

// sideOf takes the largest units; equal sums keep the order of the list.
func (f Flows) sideOf(key func(Flow) string) side {
	sums := map[string]float64{}
	for _, link := range f.Links {
		sums[key(link)] += link.Amount
	}
	var keys []string
	for _, u := range f.Units {
		if sums[u.ID] > 0 {
			keys = append(keys, u.ID)
		}
	}
	sort.SliceStable(keys, func(i, j int) bool { return sums[keys[i]] > sums[keys[j]] })
	limit := f.MaxUnits
	if limit <= 0 {
		limit = 12
	}
	s := side{keys: keys, sums: sums}
	if len(keys) > limit {
		s.rest = len(keys) - limit
		for _, k := range keys[limit:] {
			sums[other] += sums[k]
		}
		s.keys = append(slices.Clone(keys[:limit]), other)
	}
	return s
}

func (s side) key(id string) string {
	if slices.Contains(s.keys, id) {
		return id
	}
	return other
}

func (f Flows) draw(l lang.Lang, ts typesetter) (*document.Figure, error) {
	from, to := f.sideOf(func(x Flow) string { return x.From }), f.sideOf(func(x Flow) string { return x.To })
	amounts := map[[2]string]float64{}
	for _, link := range f.Links {
		amounts[[2]string{from.key(link.From), to.key(link.To)}] += link.Amount
	}
	g := f.groups()
	leftNames, leftWidth, leftLines, cutLeft := f.sideLabels(l, ts, g, from)
	rightNames, rightWidth, rightLines, cutRight := f.sideLabels(l, ts, g, to)

	var nodes []opts.SankeyNode
	var links []opts.SankeyLink
	var nodeData, linkData []any
	addSide := func(s side, names []string, prefix, position string) {
		for i, k := range s.keys {
			nodes = append(nodes, opts.SankeyNode{Name: prefix + k})
			nodeData = append(nodeData, m{
				"name": prefix + k, "text": names[i], "link": f.unit(k).Link, "label": m{"position": position}, "itemStyle": m{"color": g.color(k)},
				"depth": map[string]int{"left": 0, "right": 1}[position],
				"tip":   []any{[]string{f.name(l, s, k)}, []string{f.Unit, document.FormatNumber(s.sums[k], 0)}},
			})
		}
	}
	addSide(from, leftNames, "<", "left")
	addSide(to, rightNames, ">", "right")
	for _, a := range from.keys {
		for _, b := range to.keys {
			if amount := amounts[[2]string{a, b}]; amount > 0 {
				links = append(links, opts.SankeyLink{Source: "<" + a, Target: ">" + b, Value: float32(amount)})
				linkData = append(linkData, m{"source": "<" + a, "target": ">" + b, "value": amount, "lineStyle": g.flowStyle(a, b),
					"tip": []any{[]string{f.name(l, from, a) + " → " + f.name(l, to, b)}, []string{f.Unit, document.FormatNumber(amount, 0)}}})
			}
		}
	}
	sankey := gocharts.NewSankey()
	sankey.AddSeries(f.Title, nodes, links)
	o, err := fromChart(sankey)
	if err != nil {
		return nil, f.errorf("%w", err)
	}
	gap := max(leftLines, rightLines)*(lineHeight-1) + 2
	count := max(len(from.keys), len(to.keys))
	legend, legendHeight := g.legend(ts, f.width())
	height := min(pageHeight, 44+(count-1)*gap+max(min(200, 70*count), 24*count)+legendHeight)
	left, right := int(leftWidth)+14, int(rightWidth)+14
	set(o.series(0), m{
		"data": nodeData, "links": linkData, "left": left, "right": right, "top": 34, "bottom": 10 + legendHeight, "nodeGap": gap, "nodeWidth": 10,
		"layoutIterations": 0, "draggable": false, "nodeAlign": "justify",
		"lineStyle": m{"color": accentMid, "opacity": 0.32, "curveness": 0.5},
		"label":     m{"show": true, "color": ink, "fontSize": labelSize, "lineHeight": lineHeight - 1, "formatter": function("label", nil), "textBorderWidth": 0},
		"emphasis":  m{"focus": "adjacency", "lineStyle": m{"opacity": 0.6}},
	})
	o["graphic"] = m{"elements": append([]any{
		m{"type": "text", "silent": true, "left": left, "top": 6, "style": m{"text": f.sideName(l, 0), "fontSize": 12, "fontWeight": "bold", "fill": muted}},
		m{"type": "text", "silent": true, "right": right, "top": 6, "style": m{"text": f.sideName(l, 1), "fontSize": 12, "fontWeight": "bold", "fill": muted}},
	}, legend...)}
	head := f.Head
	if cut := cutLeft + cutRight; cut > 0 {
		head.Note = joinNotes(l, head.Note, cutNote(l, cut))
	}
	return head.figure(o, height, f.alt(l, from, to), f.table(l))
}

// settle keeps a number behind a right-to-left name at its right.
func settle(name string) string {
	for _, r := range name {
		if r >= 0x0590 && r <= 0x08FF || r >= 0xFB1D && r <= 0xFEFC {
			return name + "\u200e"
		}
	}
	return name
}

func (f Flows) unit(key string) Label {
	for _, u := range f.Units {
		if u.ID == key {
			return u
		}
	}
	return Label{}
}

func (f Flows) name(l lang.Lang, s side, key string) string {
	if key == other {
		return fmt.Sprintf(l.Pick("其他（%d 个部门）", "others (departments: %d)"), s.rest)
	}
	return f.unit(key).Name
}

func (f Flows) sideName(l lang.Lang, i int) string {
	if i == 0 && f.From != "" {
		return f.From
	}
	if i == 1 && f.To != "" {
		return f.To
	}
	return []string{l.Pick("提供方", "Providers"), l.Pick("使用方", "Users")}[i]
}

// sideLabels are the names with the mark of their group and the sums behind them.
func (f Flows) sideLabels(l lang.Lang, ts typesetter, g groups, s side) ([]string, float64, int, int) {
	all := make([]string, len(s.keys))
	for i, k := range s.keys {
		all[i] = f.name(l, s, k)
	}
	limit := 170.0
	rooms := []room{{labelSize, limit, 2}, {labelSize, 190, 3}}
	if f.Half {
		limit = 90
		rooms = []room{{labelSize, limit, 2}}
	}
	broken := ts.fit(all, rooms...)
	labels, width, lines, cut := broken.labels, broken.width, broken.lines, broken.cut
	for i, k := range s.keys {
		number := document.FormatNumber(s.sums[k], 0)
		parts := strings.Split(labels[i], "\n")
		last := settle(parts[len(parts)-1]) + g.mark(k) + "  " + number
		if w := ts.fonts.Width(last, labelSize, false); w <= limit+50 {
			parts[len(parts)-1] = last
			width = max(width, w)
		} else {
			parts = append(parts, strings.TrimSpace(g.mark(k)+"  "+number))
		}
		lines = max(lines, len(parts))
		labels[i] = strings.Join(parts, "\n")
	}
	return labels, width, lines, cut
}

func (f Flows) alt(l lang.Lang, from, to side) string {
	total := 0.0
	for _, link := range f.Links {
		total += link.Amount
	}
	list := func(s side) string {
		var out []string
		for _, k := range s.keys {
			if k != other && len(out) < 3 {
				out = append(out, fmt.Sprintf("%s %s", f.unit(k).Name, document.FormatNumber(s.sums[k], 0)))
			}
		}
		return strings.Join(out, l.Pick("、", ", "))
	}
	return fmt.Sprintf(l.Pick("桑基图，%d 对部门之间共 %s %s。提供最多：%s。使用最多：%s。", "Sankey diagram of %d pairs of departments, %s %s in all. Largest providers: %s. Largest users: %s."),
		len(f.Links), document.FormatNumber(total, 0), f.Unit, list(from), list(to))
}

// table is the full matrix, providers in rows, users in columns. Units that
// neither give nor take are left out.
func (f Flows) table(l lang.Lang) document.Table {
	gives, takes, amounts := map[string]bool{}, map[string]bool{}, map[[2]string]float64{}
	for _, link := range f.Links {
		gives[link.From], takes[link.To] = true, true
		amounts[[2]string{link.From, link.To}] += link.Amount
	}
	t := document.Table{Total: len(f.Links) > 0, Columns: []document.Column{{ID: "provider", Title: f.sideName(l, 0) + " \\ " + f.sideName(l, 1)}}}
	var users []string
	for _, u := range f.Units {
		if takes[u.ID] {
			users = append(users, "to_"+u.ID)
			t.Columns = append(t.Columns, document.Column{ID: "to_" + u.ID, Title: u.Name, Kind: document.KindNumber, Total: document.TotalSum})
		}
	}
	t.Columns = append(t.Columns, document.Column{ID: "sum", Title: l.Pick("合计", "Total"), Kind: document.KindNumber, Total: document.TotalSum, SumOf: users})
	for _, u := range f.Units {
		if !gives[u.ID] {
			continue
		}
		row, sum := document.Row{Cells: []document.Cell{document.Linked(u.Name, u.Link)}}, 0.0
		for _, v := range f.Units {
			if !takes[v.ID] {
				continue
			}
			if amount := amounts[[2]string{u.ID, v.ID}]; amount > 0 {
				row.Cells = append(row.Cells, document.Number(amount))
				sum += amount
			} else {
				row.Cells = append(row.Cells, document.Empty())
			}
		}
		row.Cells = append(row.Cells, document.Number(sum))
		t.Rows = append(t.Rows, row)
	}
	return t
}
