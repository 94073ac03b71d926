package figure

import (
	"fmt"
	"math"
	"strings"

	"weir/internal/lang"
	"weir/reports/document"
)

// Figures draws the waterfall from top to bottom, so that the names of the steps
// have room.
func (w Waterfall) Figures(l lang.Lang) ([]*document.Figure, error) {
	if err := w.check(); err != nil {
		return nil, err
	}
	ts, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	rowLabels := []Label{{Name: w.StartName}}
	amounts := []string{document.FormatNumber(w.Start, w.Decimals)}
	level, reached := w.Start, []float64{w.Start}
	for _, s := range w.Steps {
		rowLabels = append(rowLabels, s.Label)
		amounts = append(amounts, document.ChangeSign(s.Amount)+document.FormatSigned(s.Amount, w.Decimals))
		level += s.Amount
		reached = append(reached, level)
	}
	rowLabels = append(rowLabels, Label{Name: w.EndName})
	amounts = append(amounts, document.FormatNumber(w.End, w.Decimals))
	reached = append(reached, w.End)

	low, high := w.axis(reached)
	c := newRowChart(w.Head, ts, rowLabels, low, high, []rowColumn{{w.Unit, amounts, true}})
	var spans, items []any
	base := math.Max(low, math.Min(0, high))
	for i := range rowLabels {
		from, color := base, ink
		if i > 0 && i < len(rowLabels)-1 {
			from, color = reached[i-1], accent
			if w.Steps[i-1].Amount < 0 {
				color = worse
			}
		}
		item := m{"color": color, "tick": low > 0 && (i == 0 || i == len(rowLabels)-1)}
		if i+1 < len(rowLabels) {
			item["joint"] = reached[i]
		}
		items = append(items, item)
		spans = append(spans, m{"value": []any{from, reached[i], i}, "tip": []any{[]string{rowLabels[i].Name}, []string{w.Unit, amounts[i]}}, "link": rowLabels[i].Link})
	}
	o, err := c.option(l, w.Title, spans, function("span", m{"items": listOf(items), "height": 14}))
	if err != nil {
		return nil, err
	}
	if low > 0 {
		c.head.Note = joinNotes(l, c.head.Note, fmt.Sprintf(l.Pick("横轴从 %s 起。", "The axis starts at %s."), document.FormatShort(low, w.Decimals)))
	}
	return c.finish(l, o, w.alt(l), w.table(l))
}

func (w Waterfall) check() error {
	if err := w.Head.check(); err != nil {
		return err
	}
	sum := w.Start
	for _, s := range w.Steps {
		sum += s.Amount
	}
	if tolerance := 0.5 * math.Pow10(-w.Decimals); !(math.Abs(sum-w.End) <= tolerance) {
		return w.errorf("start %v and steps give %v, but the end is %v", w.Start, sum, w.End)
	}
	return nil
}

// axis begins near the smallest level where all levels lie far from zero: what
// matters are the steps. A note says so.
func (w Waterfall) axis(reached []float64) (low, high float64) {
	least, most := reached[0], reached[0]
	for _, v := range reached {
		least, most = min(least, v), max(most, v)
	}
	room := max(most-least, math.Pow10(-w.Decimals))
	if least > 3*room {
		step := niceStep(room / 4)
		return math.Floor((least-room/3)/step) * step, math.Ceil((most+room/10)/step) * step
	}
	return span(0, 0, append(reached, 0))
}

func (w Waterfall) alt(l lang.Lang) string {
	var out []string
	for _, s := range w.Steps {
		out = append(out, s.Name+" "+document.FormatSigned(s.Amount, w.Decimals))
	}
	return fmt.Sprintf(l.Pick("瀑布图，由%s %s 到%s %s %s：%s。", "Waterfall from %s, %s, to %s, %s %s: %s."),
		w.StartName, document.FormatNumber(w.Start, w.Decimals), w.EndName, document.FormatNumber(w.End, w.Decimals), w.Unit, strings.Join(out, l.Pick("、", ", ")))
}

func (w Waterfall) table(l lang.Lang) document.Table {
	t := document.Table{Columns: []document.Column{
		{ID: "step", Title: l.Pick("构成", "Step")},
		{ID: "amount", Title: l.Pick("变化", "Change"), Unit: w.Unit, Kind: document.KindNumber, Decimals: w.Decimals},
		{ID: "level", Title: l.Pick("累计", "Level"), Unit: w.Unit, Kind: document.KindNumber, Decimals: w.Decimals},
		{ID: "note", Title: l.Pick("说明", "Note")},
	}}
	level := w.Start
	t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(w.StartName), document.Empty(), document.Number(level), document.Empty()}})
	for _, s := range w.Steps {
		level += s.Amount
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Linked(s.Name, s.Link), document.Number(s.Amount), document.Number(level), document.Text(s.Note)}})
	}
	t.Rows = append(t.Rows, document.Row{Strong: true, Cells: []document.Cell{document.Text(w.EndName), document.Empty(), document.Number(w.End), document.Empty()}})
	return t.Used("step", "amount", "level")
}
