package budgetreview

import (
	"slices"

	"weir/metrics"
	"weir/metrics/stats"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/reading"
)

// categories are the kinds of spending in the order of the model.
var categories = []struct{ id, zh, en string }{
	{"hardware", "硬件", "Hardware"}, {"software", "软件", "Software"}, {"tool", "工具", "Tools"}, {"data_service", "数据服务", "Data services"},
	{"operation", "运营", "Operation"}, {"maintenance", "运行维护", "Maintenance"}, {"other", "其他", "Other"},
}

// bars join the categories to what a chart holds.
var bars = []struct {
	id, zh, en string
	of         []string
}{
	{"hardware", "硬件", "Hardware", []string{"hardware"}}, {"software", "软件与工具", "Software and tools", []string{"software", "tool"}},
	{"service", "数据服务与运营", "Data services and operation", []string{"data_service", "operation"}}, {"rest", "运行维护与其他", "Maintenance and other", []string{"maintenance", "other"}},
}

// structure shows what the money of the year went into.
func (b *builder) structure() (document.Section, error) {
	s := document.Section{ID: "structure", Title: b.T("支出结构", "Structure of spending")}
	spent, total, all := map[string]map[string]float64{}, map[string]float64{}, map[string]float64{}
	sum := 0.0
	for _, p := range b.Dossier.Payments {
		if p.FiscalYear != b.Dossier.FiscalYear {
			continue
		}
		if spent[p.Department] == nil {
			spent[p.Department] = map[string]float64{}
		}
		spent[p.Department][p.Category] += p.Amount
		total[p.Department] += p.Amount
		all[p.Category] += p.Amount
		sum += p.Amount
	}
	if sum <= 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("支出数据未接入，或本年度尚无支出。", "No payments are connected, or none were made this year.")))
		return s, nil
	}
	var labels []figure.Label
	series := make([]figure.Series, len(bars))
	for i, bar := range bars {
		series[i] = figure.Series{Label: figure.Label{ID: bar.id, Name: b.T(bar.zh, bar.en)}}
	}
	t := b.structureTable()
	for _, d := range b.Departments() {
		if total[d] <= 0 {
			continue
		}
		labels = append(labels, figure.Label{ID: d, Name: b.Name(d)})
		for i, bar := range bars {
			amount := 0.0
			for _, c := range bar.of {
				amount += spent[d][c]
			}
			series[i].Values = append(series[i].Values, document.Num(100*amount/total[d]))
		}
		row := document.Row{Cells: []document.Cell{document.Text(b.Name(d))}}
		for _, c := range categories {
			row.Cells = append(row.Cells, b.MoneyCell(spent[d][c.id]))
		}
		row.Cells = append(row.Cells, b.MoneyCell(total[d]))
		t.Rows = append(t.Rows, row)
	}
	share := func(ids ...string) string {
		amount := 0.0
		for _, id := range ids {
			amount += all[id]
		}
		return document.FormatNumber(100*amount/sum, 1)
	}
	f := figure.BarLine{Head: figure.Head{ID: "structure-share", Unit: "%", Source: b.Source(),
		Title: b.F("硬件占 %s%%，软件与工具占 %s%%，数据服务与运营占 %s%%", "Hardware %s%%, software and tools %s%%, data services and operation %s%%", share("hardware"), share("software", "tool"), share("data_service", "operation")),
		Note:  b.F("%d 预算年度截至月末的支付。", "Payments of fiscal year %d to the end of the month.", b.Dossier.FiscalYear)},
		Categories: labels, Bars: series, BarDecimals: 1, Stacked: true, Horizontal: true}
	if err := figure.Add(&s, b.Lang, f); err != nil {
		return s, err
	}
	s.Blocks = append(s.Blocks, t)
	if text := b.ratios(); text != "" {
		s.Blocks = append(s.Blocks, document.P(text))
	}
	return s, nil
}

func (b *builder) structureTable() *document.Table {
	t := &document.Table{ID: "structure-amounts", Title: b.T("各部门分类支出", "Spending by category and department"), Source: b.Source(), Total: true,
		Columns: []document.Column{{ID: "department", Title: b.T("部门", "Department")}}}
	var ids []string
	for _, c := range categories {
		column := b.MoneyColumn(c.id, b.T(c.zh, c.en))
		column.Total = document.TotalSum
		t.Columns, ids = append(t.Columns, column), append(ids, c.id)
	}
	total := b.MoneyColumn("total", b.T("合计", "Total"))
	total.Total, total.SumOf = document.TotalSum, ids
	t.Columns = append(t.Columns, total)
	t.Unit = b.MoneyUnit()
	return t
}

// ratios are the two indicators that judge the structure.
func (b *builder) ratios() string {
	text := ""
	for _, id := range []string{"soft_hard_ratio", "operation_spend_share"} {
		p := b.Indicator(id)
		v, ok := b.Value(id, metrics.City)
		if p == nil || !ok || !reading.Number(v).Ok() {
			continue
		}
		text += b.F("%s（近 12 个月，全市）%s", "%s (12 months, all departments) %s", p.Name.In(b.Lang), b.Figure(p, v))
		if target := b.TargetText(p, v); target != "" {
			text += b.F("，目标 %s", ", target %s", target)
		}
		text += b.T("。", ". ")
	}
	return text
}

const costIndicator = "unit_share_cost"

// unitCost compares what one effective share costs.
func (b *builder) unitCost() (document.Section, error) {
	s := document.Section{ID: "cost", Title: b.T("单位有效共享成本", "Cost of an effective share")}
	p := b.Indicator(costIndicator)
	city, ok := b.Value(costIndicator, metrics.City)
	if p == nil || !ok || !reading.Number(city).Ok() {
		s.Blocks = append(s.Blocks, document.P(b.T("支出或使用日志未接入，单位有效共享成本未测。", "Payments or the log of use are not connected: the cost of an effective share is not measured.")))
		return s, nil
	}
	f := figure.Ranking{Head: figure.Head{ID: "cost-departments", Unit: b.axis(p.Unit, b.Unit(p)), Source: b.Source(), Explain: reading.DefinitionID(costIndicator),
		Note: b.T("近 12 个月数据支出（资本性支出按使用月数摊销）÷ 有效共享（资源×使用部门×场景×月）。越低越好。", "Twelve months of spending (capital spread over its service life) over effective shares (resource × consumer × scenario × month). Lower is better.")},
		Decimals: p.Decimals}
	var costs []float64
	for _, d := range b.Departments() {
		v, found := b.Value(costIndicator, d)
		if !found {
			continue
		}
		f.Items = append(f.Items, figure.RankingItem{Label: figure.Label{ID: d, Name: b.Name(d)}, Value: reading.Number(v), Interval: reading.Interval(v), N: reading.Cases(v), Change: document.None(document.NotApplicable)})
		if reading.Number(v).Ok() {
			costs = append(costs, *v.Value)
		}
	}
	slices.SortStableFunc(f.Items, func(x, y figure.RankingItem) int {
		switch {
		case x.Value.Ok() != y.Value.Ok():
			if x.Value.Ok() {
				return -1
			}
			return 1
		case x.Value.Number < y.Value.Number:
			return -1
		case x.Value.Number > y.Value.Number:
			return 1
		}
		return 0
	})
	rank := 0
	for i := range f.Items {
		if f.Items[i].Value.Ok() {
			rank++
			f.Items[i].Rank = rank
		}
	}
	if len(costs) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("没有部门可计算单位有效共享成本。", "No department has a cost of an effective share.")))
		return s, nil
	}
	median, err := stats.Median(costs)
	if err != nil {
		return s, err
	}
	if slices.ContainsFunc(f.Items, func(item figure.RankingItem) bool { return item.Interval != nil }) {
		f.Note += b.T("须线为 95% 区间。", " Whiskers are 95% intervals.")
	}
	f.Title = b.F("单位有效共享成本：全市 %s，部门中位数 %s", "Cost of an effective share: %s over all departments, median department %s", b.Figure(p, city), b.Amount(p, median))
	return s, figure.Add(&s, b.Lang, f)
}

// axis names a unit where it must not be empty.
func (b *builder) axis(unit, label string) string {
	if label != "" {
		return label
	}
	return unit
}
