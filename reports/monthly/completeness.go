package monthly

import (
	"strings"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/schema"
	"weir/reports/document"
	"weir/reports/reading"
)

// completeness tells what the report does not know: sources that are not connected, figures that are missing, and
// rows that were refused.
func (b *builder) completeness() (document.Section, error) {
	s := document.Section{ID: "completeness", Title: b.T("本报告的数据完整性", "How complete this report is")}
	s.Blocks = append(s.Blocks, document.P(b.coverage()))
	if t := b.unmeasured(); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	if t := b.missing(); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	if t := b.refused(); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	if t := b.loaded(); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	} else {
		s.Blocks = append(s.Blocks, document.P(b.T("月结前没有装入任何数据。", "Nothing was loaded before the month was closed.")))
	}
	return s, nil
}

// coverage counts the four states over all figures of departments.
func (b *builder) coverage() string {
	count := map[scoring.State]int{}
	for _, p := range b.Indicators {
		for _, d := range b.Month.Departments {
			if v, ok := b.Value(p.ID, d.ID); ok {
				count[v.State]++
			}
		}
	}
	return b.F("本月 %d 项指标、%d 个部门中：有值 %d 个，缺数 %d 个（按 0 分计），不适用 %d 个（权重在组内分担），未测 %d 个（对所有部门不计）。",
		"%d indicators of %d departments: %d values; %d missing (0 points); %d not applicable (weight shared in the group); %d not measured (left out for all).",
		len(b.Indicators), len(b.Month.Departments), count[scoring.HasValue], count[scoring.Missing], count[scoring.NotApplicable], count[scoring.NotMeasured])
}

func (b *builder) unmeasured() *document.Table {
	t := &document.Table{ID: "completeness-unmeasured", Title: b.T("未测指标及其所缺的数据源", "Indicators not measured, and the sources they need"), Source: b.Source(), Columns: []document.Column{
		{ID: "indicator", Title: b.T("指标", "Indicator")}, {ID: "dimension", Title: b.T("维度", "Dimension")}, {ID: "sources", Title: b.T("所缺数据", "Data needed")},
	}}
	for _, p := range b.Indicators {
		if v, ok := b.Value(p.ID, metrics.City); ok && v.State == scoring.NotMeasured {
			var names []string
			for _, source := range p.Sources {
				if !b.connected(source) {
					names = append(names, b.sourceName(source))
				}
			}
			if len(names) == 0 { // the table is there, a column of it is not
				for _, source := range p.Sources {
					names = append(names, b.sourceName(source))
				}
			}
			name := document.Text(p.Name.In(b.Lang))
			name.Explain = reading.DefinitionID(p.ID)
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{name, document.Text(b.DimensionName(p.Dimension)), document.Text(b.List(names))}})
		}
	}
	return t
}

// connected tells whether rows of the source's table were loaded.
func (b *builder) connected(source string) bool {
	table, _, _ := strings.Cut(source, ".")
	for _, s := range b.Month.Sources {
		if s.Table == table && s.Rows > 0 {
			return true
		}
	}
	return false
}

// missing lists what departments owe.
func (b *builder) missing() *document.Table {
	t := &document.Table{ID: "completeness-missing", Title: b.T("缺数：应有而未报的部门指标（按 0 分计）", "Missing: figures that departments owe (0 points)"), Source: b.Source(), Columns: []document.Column{
		{ID: "department", Title: b.T("部门", "Department")}, {ID: "indicators", Title: b.T("缺数指标", "Missing indicators")},
	}}
	for _, d := range b.Month.Departments {
		var names []string
		for _, p := range b.Indicators {
			if v, ok := b.Value(p.ID, d.ID); ok && v.State == scoring.Missing {
				names = append(names, p.Name.In(b.Lang))
			}
		}
		if len(names) > 0 {
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{b.linked(d.ID), document.Text(b.List(names))}})
		}
	}
	return t
}

func (b *builder) refused() *document.Table {
	t := &document.Table{ID: "completeness-refused", Title: b.T("隔离区：未能装入的行及原因", "Quarantine: rows that could not be loaded, and why"), Source: b.Source(), Total: true, Columns: []document.Column{
		{ID: "table", Title: b.T("表", "Table")}, {ID: "reason", Title: b.T("原因", "Reason")}, {ID: "code", Title: b.T("代码", "Code")},
		{ID: "rows", Title: b.T("行数", "Rows"), Kind: document.KindNumber, Total: document.TotalSum},
	}}
	for _, f := range b.Dossier.Refused {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(b.sourceName(f.Table)), document.Text(f.Reason), document.Text(f.Code), document.Number(float64(f.Rows))}})
	}
	return t
}

func (b *builder) loaded() *document.Table {
	number := func(id, zh, en string) document.Column {
		return document.Column{ID: id, Title: b.T(zh, en), Kind: document.KindNumber, Total: document.TotalSum}
	}
	t := &document.Table{ID: "completeness-sources", Title: b.T("截至月结装入的数据", "Data loaded until the month was closed"), Source: b.Source(), Total: true,
		Note: b.T("读入行数 = 装入 + 重复 + 隔离。", "Rows read = loaded + duplicates + quarantined."),
		Columns: []document.Column{
			{ID: "table", Title: b.T("表", "Table")}, {ID: "name", Title: b.T("表名", "Name")}, number("loads", "批次", "Loads"),
			{ID: "read", Title: b.T("读入", "Read"), Kind: document.KindNumber, Total: document.TotalSum, SumOf: []string{"rows", "duplicates", "quarantined"}},
			number("rows", "装入", "Loaded"), number("duplicates", "重复", "Duplicates"), number("quarantined", "隔离", "Quarantined"),
		}}
	for _, source := range b.Month.Sources {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(b.sourceName(source.Table)), document.Text(source.Table), document.Number(float64(source.Loads)),
			document.Number(float64(source.Rows + source.Duplicates + source.Quarantined)),
			document.Number(float64(source.Rows)), document.Number(float64(source.Duplicates)), document.Number(float64(source.Quarantined))}})
	}
	return t
}

// sourceName is a table of the model, or one of its columns, as people call it.
func (b *builder) sourceName(source string) string {
	table, column, _ := strings.Cut(source, ".")
	t, ok := schema.Default().Table(table)
	if !ok {
		return source
	}
	label := b.T(t.Zh, t.En)
	if c, ok := t.Column(column); ok && column != "" {
		return label + b.T("的", ": ") + b.T(c.Zh, c.En)
	}
	return label
}
