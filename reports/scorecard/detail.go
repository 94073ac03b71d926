package scorecard

import (
	"slices"

	"weir/metrics"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/reading"
)

// details are two tables over all indicators: what each figure is held against, and what it is made of.
func (b *builder) details() (document.Section, error) {
	s := document.Section{ID: "details", Title: b.T("全部指标", "All indicators")}
	var list []*page.Indicator
	for _, group := range b.Grouped() {
		list = append(list, group.Indicators...)
	}
	held := b.IndicatorTable("details-held", b.T("数值、目标、同类与历史、得分", "Values, targets, class and past, points"), b.department, list,
		reading.Detail{Class: true, Past: true, Points: true, Dimension: true})
	held.Note = b.T("▲▼ 标出较上月显著变化（向好、转差）。", "▲▼ mark significant changes since last month, to the better or worse.")
	if text := reading.Without(b.Months(historyMonths), b.department, b.Lang); text != "" {
		held.Note += b.T("", " ") + text
	}
	made := b.PartsTable("details-made", b.T("分子、分母与区间", "Numerator, denominator and interval"), b.department, list)
	made.Note = b.T("名称链接到附录中的公式与依据；没有分子、分母和区间的指标不列。", "Names lead to formula and legal basis in the annex; indicators without numerator, denominator and interval are left out.")
	for _, t := range []*document.Table{held, made} {
		if len(t.Rows) > 0 {
			s.Blocks = append(s.Blocks, t)
		}
	}
	return s, nil
}

// kinds lists the kinds of data that miss their target.
func (b *builder) kinds() (document.Section, error) {
	s := document.Section{ID: "kinds", Title: b.T("未达目标的数据种类", "Kinds of data that miss their target")}
	t := &document.Table{ID: "kinds-missed", Title: b.T("分数据种类的指标值（仅列未达目标者）", "Figures by kind of data, only what misses its target"), Source: b.Source(), Columns: []document.Column{
		{ID: "indicator", Title: b.T("指标", "Indicator")}, {ID: "kind", Title: b.T("数据种类", "Kind of data")}, {ID: "value", Title: b.T("数值", "Value")},
		{ID: "target", Title: b.T("目标", "Target")}, {ID: "numerator", Title: b.T("分子", "Numerator"), Kind: document.KindNumber, Decimals: 2, Short: true}, {ID: "denominator", Title: b.T("分母", "Denominator"), Kind: document.KindNumber, Decimals: 2, Short: true},
		{ID: "n", Title: "n", Kind: document.KindNumber},
	}}
	for _, group := range b.Grouped() {
		for _, p := range group.Indicators {
			values := slices.Clone(b.Kinds(p.ID, b.department))
			slices.SortStableFunc(values, func(x, y metrics.Value) int { return compareText(x.DataKind, y.DataKind) })
			for _, v := range values {
				if meets, ok := reading.MeetsTarget(p, v); !ok || meets {
					continue
				}
				n := document.Empty()
				if v.N != nil {
					n = document.Number(float64(*v.N))
				}
				t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(p.Name.In(b.Lang)), document.Text(v.DataKind), document.Text(b.Figure(p, v)),
					document.Text(b.TargetText(p, v)), part(v.Numerator), part(v.Denominator), n}})
			}
		}
	}
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	return s, nil
}

func part(v *float64) document.Cell {
	if v == nil {
		return document.Empty()
	}
	return document.Number(*v)
}

func compareText(x, y string) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}
