package monthly

import (
	"slices"

	"weir/metrics"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/reading"
)

// kinds shows timeliness by kind of data, since each kind has a shelf life and a rhythm of its own.
func (b *builder) kinds() (document.Section, error) {
	s := document.Section{ID: "kinds", Title: b.T("分数据种类的时效性", "Timeliness by kind of data")}
	var list []*page.Indicator
	var kinds []string
	for _, p := range b.Indicators {
		if p.Dimension != "timeliness" {
			continue
		}
		values := b.Kinds(p.ID, metrics.City)
		if len(values) == 0 {
			continue
		}
		list = append(list, p)
		for _, v := range values {
			if !slices.Contains(kinds, v.DataKind) {
				kinds = append(kinds, v.DataKind)
			}
		}
	}
	if len(list) == 0 {
		return s, nil
	}
	slices.Sort(kinds)
	t := &document.Table{ID: "kinds-timeliness", Title: b.T("各数据种类的时效指标（全市）", "Timeliness of each kind of data (all departments)"), Source: b.Source(),
		Columns: []document.Column{{ID: "kind", Title: b.T("数据种类", "Kind of data")}},
		Note:    b.T("▼ 标出未达目标者。", "▼ marks what misses its target.")}
	for _, p := range list {
		t.Columns = append(t.Columns, document.Column{ID: p.ID, Title: p.Name.In(b.Lang), Unit: b.Unit(p), Kind: document.KindNumber, Decimals: p.Decimals})
	}
	for _, kind := range kinds {
		row := document.Row{Cells: []document.Cell{document.Text(kind)}}
		for _, p := range list {
			row.Cells = append(row.Cells, kindCell(p, b.Kinds(p.ID, metrics.City), kind))
		}
		t.Rows = append(t.Rows, row)
	}
	if err := b.kindFigure(&s, list); err != nil {
		return s, err
	}
	s.Blocks = append(s.Blocks, t)
	return s, nil
}

func kindCell(p *page.Indicator, values []metrics.Value, kind string) document.Cell {
	for _, v := range values {
		if v.DataKind != kind {
			continue
		}
		cell := document.Of(reading.Number(v))
		if meets, ok := reading.MeetsTarget(p, v); ok && !meets {
			cell.Good = -1
		}
		return cell
	}
	return document.Of(document.None(document.NotApplicable))
}

// kindFigure draws the rates that share a unit: how timely each kind is, with its target.
func (b *builder) kindFigure(s *document.Section, list []*page.Indicator) error {
	for _, p := range list {
		if p.ID != "update_on_time_rate" {
			continue
		}
		f := figure.IntervalDots{Head: figure.Head{ID: "kinds-updates", Unit: b.Unit(p), Source: b.Source(), Explain: reading.DefinitionID(p.ID),
			Note: b.T("点为全市值，以各部门的分子、分母分别相加得出。", "Dots are the values over all departments, whose numerators and denominators are added.")}, Decimals: p.Decimals}
		worst, least, n := "", 101.0, 0
		for _, v := range b.Kinds(p.ID, metrics.City) {
			item := figure.DotItem{Label: figure.Label{ID: v.DataKind, Name: v.DataKind}, Value: reading.Number(v), Interval: reading.Interval(v), Target: v.Target}
			if v.N != nil {
				item.N = document.Num(float64(*v.N))
			}
			f.Items = append(f.Items, item)
			if number := reading.Number(v); number.Ok() {
				n++
				if number.Number < least {
					least, worst = number.Number, v.DataKind
				}
			}
		}
		if n < 2 {
			return nil
		}
		f.Title = b.F("%s按期更新最差（%s），各种类差别见图", "%s is updated least in time (%s)", worst, b.Amount(p, least))
		return figure.Add(s, b.Lang, f)
	}
	return nil
}
