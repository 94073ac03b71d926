package figure

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"weir/internal/lang"
	"weir/reports/document"
)

// Figures draws the dots, in parts where the rows do not fit a page.
func (d IntervalDots) Figures(l lang.Lang) ([]*document.Figure, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	ts, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	var all []float64
	for _, item := range d.Items {
		if item.Value.Ok() {
			all = append(all, item.Value.Number)
		}
		if item.Interval != nil {
			all = append(all, item.Interval.Low, item.Interval.High)
		}
		for _, mark := range []*float64{item.Target, item.Median, item.Earlier} {
			if mark != nil {
				all = append(all, *mark)
			}
		}
	}
	low, high := span(d.Low, d.High, all)
	probe := newRowChart(d.Head, ts, labelsOfDots(d.Items), low, high, nil)
	ends := parts(len(d.Items), (pageHeight-80)/probe.rowHeight)
	var figures []*document.Figure
	from := 0
	for i, to := range ends {
		part := d
		part.Head, part.Items = d.part(l, i, len(ends)), d.Items[from:to]
		f, err := part.draw(l, ts, low, high)
		if err != nil {
			return nil, err
		}
		figures = append(figures, f...)
		from = to
	}
	return figures, nil
}

func (d IntervalDots) check() error {
	if err := d.Head.check(); err != nil {
		return err
	}
	if len(d.Items) == 0 {
		return d.errorf("%w", errNoRows)
	}
	for _, item := range d.Items {
		if err := d.checkValue(item.Name, item.Value); err != nil {
			return err
		}
		if err := d.checkInterval(item.Name, item.Interval); err != nil {
			return err
		}
	}
	return nil
}

func labelsOfDots(items []DotItem) []Label {
	out := make([]Label, len(items))
	for i, item := range items {
		out[i] = item.Label
	}
	return out
}

// dotMark is one kind of mark besides the value.
type dotMark struct {
	name, symbol string
	size         []int
	style        m
	of           func(DotItem) *float64
}

func (d IntervalDots) marks(l lang.Lang) []dotMark {
	name := func(given, zh, en string) string {
		if given != "" {
			return given
		}
		return l.Pick(zh, en)
	}
	return []dotMark{
		{l.Pick("目标", "target"), "rect", []int{2, 15}, m{"color": worse, "opacity": 1}, func(i DotItem) *float64 { return i.Target }},
		{name(d.MedianName, "同类中位数", "class median"), "diamond", []int{9, 9}, m{"color": "#ffffff", "borderColor": muted, "borderWidth": 1.3, "opacity": 1}, func(i DotItem) *float64 { return i.Median }},
		{name(d.EarlierName, "上期", "earlier"), "circle", []int{8, 8}, m{"color": "#ffffff", "borderColor": accentMid, "borderWidth": 1.3, "opacity": 1}, func(i DotItem) *float64 { return i.Earlier }},
	}
}

func (d IntervalDots) draw(l lang.Lang, ts typesetter, low, high float64) ([]*document.Figure, error) {
	n := len(d.Items)
	values, intervals, counts := make([]string, n), make([]string, n), make([]string, n)
	for i, item := range d.Items {
		if item.Value.Ok() {
			values[i] = document.FormatNumber(item.Value.Number, d.Decimals)
			if item.Unit != "" && item.Unit != d.Unit {
				values[i] += " " + item.Unit
			}
		}
		if !item.Value.Ok() {
			values[i] = item.Value.State.Word(l)
		}
		if item.Interval != nil {
			intervals[i] = document.FormatNumber(item.Interval.Low, d.Decimals) + "–" + document.FormatNumber(item.Interval.High, d.Decimals)
		}
		if item.N.Ok() {
			counts[i] = document.FormatNumber(item.N.Number, 0)
		}
	}
	columns := []rowColumn{{d.Unit, values, true}}
	if !d.Half {
		columns = append(columns, rowColumn{l.Pick("区间", "interval"), intervals, false}, rowColumn{"n", counts, false})
	}
	c := newRowChart(d.Head, ts, labelsOfDots(d.Items), low, high, columns)
	c.plot.top += 26
	var whiskers []any
	for i, item := range d.Items {
		if item.Value.Ok() && item.Interval != nil {
			whiskers = append(whiskers, m{"value": []any{item.Interval.Low, item.Interval.High, i}})
		}
	}
	o, err := c.option(l, l.Pick("区间", "interval"), whiskers, function("whisker", m{"color": accentMid, "width": 2.5, "cap": 0}))
	if err != nil {
		return nil, err
	}
	set(o.series(0), m{"silent": true, "tooltip": m{"show": false}})
	legend := []any{}
	point := func(name, symbol string, size []int, style m, of func(DotItem) *float64, z int) {
		var data []any
		for i, item := range d.Items {
			if v := of(item); v != nil {
				data = append(data, m{"value": []any{*v, i}, "tip": d.tip(l, item), "link": item.Link})
			}
		}
		if len(data) > 0 {
			o.add(m{"type": "scatter", "name": name, "symbol": symbol, "symbolSize": size, "itemStyle": style, "data": data, "encode": m{"x": 0, "y": 1}, "z": z, "cursor": "default"})
			legend = append(legend, m{"name": name, "itemStyle": style})
		}
	}
	point(l.Pick("数值", "value"), "circle", []int{10, 10}, m{"color": accent, "opacity": 1}, func(i DotItem) *float64 {
		if i.Value.Ok() {
			return &i.Value.Number
		}
		return nil
	}, 5)
	for _, mark := range d.marks(l) {
		point(mark.name, mark.symbol, mark.size, mark.style, mark.of, 4)
	}
	o["legend"] = m{"data": legend, "top": 0, "left": c.plot.left - 6, "itemWidth": 10, "itemHeight": 10, "itemGap": 16, "selectedMode": false, "textStyle": m{"fontSize": 11, "color": muted}}
	return c.finish(l, o, d.alt(l), d.table(l))
}

func (d IntervalDots) tip(l lang.Lang, item DotItem) []any {
	tip := []any{[]string{item.Name}, []string{l.Pick("数值", "value"), show(item.Value, d.Decimals, l) + " " + d.Unit}}
	if item.Interval != nil {
		tip = append(tip, []string{l.Pick("区间", "interval"), document.FormatNumber(item.Interval.Low, d.Decimals) + " – " + document.FormatNumber(item.Interval.High, d.Decimals)})
	}
	for _, mark := range d.marks(l) {
		if v := mark.of(item); v != nil {
			tip = append(tip, []string{mark.name, document.FormatShort(*v, d.Decimals)})
		}
	}
	if item.N.Ok() {
		tip = append(tip, []string{"n", document.FormatNumber(item.N.Number, 0)})
	}
	return tip
}

func (d IntervalDots) alt(l lang.Lang) string {
	var below, none []string
	for _, item := range d.Items {
		switch {
		case !item.Value.Ok():
			none = append(none, item.Name+l.Pick("（", " (")+item.Value.State.Word(l)+l.Pick("）", ")"))
		case item.Target != nil && item.Value.Number < *item.Target:
			below = append(below, item.Name)
		}
	}
	text := fmt.Sprintf(l.Pick("区间点图，%d 行，点为数值，横线为区间。", "Dot plot of %d rows; the dot is the value, the line its interval. "), len(d.Items))
	if len(below) > 0 {
		text += l.Pick("数值小于目标值：", "Value less than the target: ") + names(l, below) + l.Pick("。", ". ")
	}
	if len(none) > 0 {
		text += l.Pick("无数值：", "Without a value: ") + names(l, none) + l.Pick("。", ".")
	}
	return text
}

// capital is the name of a mark as the head of a column.
func capital(name string) string {
	first, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[n:]
}

func (d IntervalDots) table(l lang.Lang) document.Table {
	number := func(id, title string) document.Column {
		return document.Column{ID: id, Title: title, Unit: d.Unit, Kind: document.KindNumber, Decimals: d.Decimals}
	}
	t := document.Table{Columns: []document.Column{{ID: "name", Title: l.Pick("名称", "Name")}, number("value", l.Pick("数值", "Value")),
		number("low", l.Pick("区间下限", "Interval low")), number("high", l.Pick("区间上限", "Interval high"))}}
	for i, id := range []string{"target", "median", "earlier"} {
		t.Columns = append(t.Columns, number(id, capital(d.marks(l)[i].name)))
	}
	t.Columns = append(t.Columns, document.Column{ID: "n", Title: "n", Kind: document.KindNumber})
	for _, item := range d.Items {
		cells := []document.Cell{document.Linked(item.Name, item.Link), document.Of(item.Value), document.Empty(), document.Empty()}
		if item.Interval != nil {
			cells[2], cells[3] = document.Number(item.Interval.Low), document.Number(item.Interval.High)
		}
		for _, mark := range d.marks(l) {
			if v := mark.of(item); v != nil {
				cells = append(cells, document.Number(*v))
			} else {
				cells = append(cells, document.Empty())
			}
		}
		t.Rows = append(t.Rows, document.Row{Cells: append(cells, document.Of(item.N))})
	}
	return t.Used("name", "value")
}
