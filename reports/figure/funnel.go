package figure

import (
	"fmt"
	"strings"

	"weir/internal/lang"
	"weir/reports/document"
)

// Figures draws the funnel as centred bars, whose lengths can be compared.
func (f Funnel) Figures(l lang.Lang) ([]*document.Figure, error) {
	if err := f.Head.check(); err != nil {
		return nil, err
	}
	if len(f.Stages) == 0 {
		return nil, f.errorf("%w", errNoRows)
	}
	most := 0.0
	for _, s := range f.Stages {
		if err := f.checkValue(s.Name, s.Value); err != nil {
			return nil, err
		}
		if s.Value.Ok() && s.Value.Number < 0 {
			return nil, f.errorf("stage %s is %v: a stage counts something", s.Name, s.Value.Number)
		}
		most = max(most, s.Value.Number)
	}
	if most == 0 {
		reason := l.Pick("各环节均无数量。", "No stage has anything in it.")
		return []*document.Figure{f.Head.empty(reason, reason, f.table(l))}, nil
	}
	ts, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	counts, shares := make([]string, len(f.Stages)), make([]string, len(f.Stages))
	rowLabels := make([]Label, len(f.Stages))
	for i, s := range f.Stages {
		rowLabels[i] = s.Label
		if s.Value.Ok() {
			counts[i] = document.FormatNumber(s.Value.Number, 0)
		}
		if share := f.share(i); share.Ok() {
			shares[i] = document.FormatNumber(share.Number, 1) + "%"
		}
	}
	c := newRowChart(f.Head, ts, rowLabels, -most, most, []rowColumn{
		{f.Unit, counts, true}, {l.Pick("占上一环节", "of the stage before"), shares, false}})
	c.rowHeight += 8
	c.plot.bottom = 8
	var spans, items []any
	for i, s := range f.Stages {
		if !s.Value.Ok() {
			c.stateWord(l, i, s.Value.State)
			continue
		}
		tip := []any{[]string{s.Name}, []string{f.Unit, counts[i]}}
		if shares[i] != "" {
			tip = append(tip, []string{l.Pick("占上一环节", "of the stage before"), shares[i]})
		}
		spans = append(spans, m{"value": []any{-s.Value.Number, s.Value.Number, i}, "tip": tip, "link": s.Link})
		items = append(items, m{"color": []string{accent, "#35698f", accentMid, "#7ea6c7", accentPale}[min(i, 4)]})
	}
	o, err := c.option(l, f.Unit, spans, function("span", m{"items": listOf(items), "height": c.rowHeight - 8}))
	if err != nil {
		return nil, err
	}
	set(o["xAxis"].(m), m{"axisLabel": m{"show": false}, "splitLine": m{"show": false}})
	return c.finish(l, o, f.alt(l), f.table(l))
}

// share is the stage as a share of the last measured stage before it, in %.
func (f Funnel) share(i int) document.Value {
	if !f.Stages[i].Value.Ok() {
		return document.None(f.Stages[i].Value.State)
	}
	for j := i - 1; j >= 0; j-- {
		if v := f.Stages[j].Value; v.Ok() {
			if v.Number == 0 {
				return document.None(document.NotApplicable)
			}
			return document.Num(100 * f.Stages[i].Value.Number / v.Number)
		}
	}
	return document.Value{}
}

func (f Funnel) alt(l lang.Lang) string {
	var out []string
	for _, s := range f.Stages {
		out = append(out, s.Name+" "+show(s.Value, 0, l))
	}
	return fmt.Sprintf(l.Pick("漏斗图，%d 个环节：%s。", "Funnel of %d stages: %s."), len(f.Stages), strings.Join(out, l.Pick("、", ", ")))
}

func (f Funnel) table(l lang.Lang) document.Table {
	t := document.Table{Columns: []document.Column{
		{ID: "stage", Title: l.Pick("环节", "Stage")},
		{ID: "count", Title: l.Pick("数量", "Count"), Unit: f.Unit, Kind: document.KindNumber},
		{ID: "share", Title: l.Pick("占上一环节", "Of the stage before"), Unit: "%", Kind: document.KindNumber, Decimals: 1},
		{ID: "note", Title: l.Pick("说明", "Note")},
	}}
	for i, s := range f.Stages {
		share := document.Of(f.share(i))
		if i == 0 {
			share = document.Empty()
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Linked(s.Name, s.Link), document.Of(s.Value), share, document.Text(s.Note)}})
	}
	return t.Used("stage", "count", "share")
}
