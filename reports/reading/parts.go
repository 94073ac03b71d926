package reading

import (
	"weir/queries/page"
	"weir/reports/document"
)

// PartsTable lists what the figures of one department are made of: numerator, denominator and interval, with a heading
// row for each dimension. What stands in IndicatorTable, such as unit and target, is not repeated; indicators that have
// no parts in the month are left out.
func (r *Reading) PartsTable(id, title, department string, indicators []*page.Indicator) *document.Table {
	number := func(id, title, group string) document.Column {
		return document.Column{ID: id, Title: title, Group: group, Kind: document.KindNumber, Decimals: 2}
	}
	// Counts are whole, while sums of ratios are not: 95.33 % is not 1 of 1.
	part := func(id, title string) document.Column {
		return document.Column{ID: id, Title: title, Kind: document.KindNumber, Decimals: 2, Short: true}
	}
	interval := r.T("95% 区间", "95% interval")
	t := &document.Table{ID: id, Title: title, Source: r.Source(), Columns: []document.Column{
		{ID: "indicator", Title: r.T("指标", "Indicator")}, number("value", r.T("数值", "Value"), ""),
		part("numerator", r.T("分子", "Numerator")), part("denominator", r.T("分母", "Denominator")),
		number("low", r.T("下限", "low"), interval), number("high", r.T("上限", "high"), interval),
	}}
	r.indicatorRows(t, department, indicators, true, func(p *page.Indicator) []document.Cell {
		v, _ := r.Value(p.ID, department)
		if v.Numerator == nil && v.Denominator == nil && v.Low == nil && v.High == nil {
			return nil
		}
		name, value := r.nameAndValue(p, department)
		return []document.Cell{name, value, numberOrEmpty(v.Numerator), numberOrEmpty(v.Denominator), numberOrEmpty(v.Low), numberOrEmpty(v.High)}
	})
	used := t.Used("indicator", "value")
	return &used
}

// nameAndValue are the first cells of an indicator, with the ways to what it means and how it came about.
func (r *Reading) nameAndValue(p *page.Indicator, department string) (name, value document.Cell) {
	v, _ := r.Value(p.ID, department)
	name = document.Text(p.Name.In(r.Lang))
	name.Explain = DefinitionID(p.ID)
	return name, document.Explained(Number(v), ExplanationID(p.ID, department))
}

func numberOrEmpty(x *float64) document.Cell {
	if x == nil {
		return document.Empty()
	}
	return document.Number(*x)
}
