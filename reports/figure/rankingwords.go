package figure

import (
	"fmt"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/reports/document"
)

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
		"label":     m{"show": true, "position": "start", "distance": 6, "color": ink, "fontSize": 11, "formatter": l.Pick("目标 ", "target ") + document.FormatShort(target, decimals)},
		"data":      []any{m{"xAxis": target}},
	}
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
	counted := slices.ContainsFunc(r.Items, func(item RankingItem) bool { return item.N.Ok() })
	changed := slices.ContainsFunc(r.Items, func(item RankingItem) bool { return item.Change.Ok() })
	of := func(some bool, v document.Value) document.Cell { // nothing where no unit has such a number
		if !some {
			return document.Empty()
		}
		return document.Of(v)
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
			count(item.RankLow), count(item.RankHigh), of(counted, item.N), of(changed, item.Change),
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
