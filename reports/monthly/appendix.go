package monthly

import (
	"fmt"
	"strings"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
)

// completeness tells what the report does not know: sources that are not connected and rows that were refused.
func (b *builder) completeness() (document.Section, error) {
	s := document.Section{ID: "completeness", Title: b.l.Pick("本报告的数据完整性", "How complete this report is"), PageBreak: true}
	var unmeasured []string
	for _, p := range b.Indicators {
		if v, ok := b.values[key{p.ID, metrics.City}]; ok && v.State == scoring.NotMeasured {
			unmeasured = append(unmeasured, fmt.Sprintf(b.l.Pick("%s（缺 %s）", "%s (needs %s)"), p.Name.In(b.l), strings.Join(p.Sources, b.l.Pick("、", ", "))))
		}
	}
	if len(unmeasured) > 0 {
		s.Blocks = append(s.Blocks, &document.Note{Level: document.NoteCaution, Title: b.l.Pick("未测指标", "Indicators not measured"),
			Body: []document.Paragraph{*document.P(fmt.Sprintf(b.l.Pick("以下指标的数据源尚未接入，对所有部门均不计入：%s。", "The sources of these indicators are not connected; they are left out for all departments: %s."),
				strings.Join(unmeasured, b.l.Pick("；", "; "))))}})
	}
	t := &document.Table{ID: "sources", Title: b.l.Pick("截至月结装入的数据", "Data loaded until the month was closed"), Source: b.source(), Total: true,
		Columns: []document.Column{
			{ID: "table", Title: b.l.Pick("表", "table")},
			{ID: "loads", Title: b.l.Pick("装载批次", "loads"), Kind: document.KindNumber, Total: document.TotalSum},
			{ID: "rows", Title: b.l.Pick("装入行数", "rows loaded"), Kind: document.KindNumber, Total: document.TotalSum},
			{ID: "duplicates", Title: b.l.Pick("重复行数", "duplicates"), Kind: document.KindNumber, Total: document.TotalSum},
			{ID: "quarantined", Title: b.l.Pick("隔离行数", "quarantined"), Kind: document.KindNumber, Total: document.TotalSum},
		}}
	for _, source := range b.Month.Sources {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(source.Table), document.Number(float64(source.Loads)),
			document.Number(float64(source.Rows)), document.Number(float64(source.Duplicates)), document.Number(float64(source.Quarantined))}})
	}
	s.Blocks = append(s.Blocks, t)
	return s, nil
}

// method is the way from rows to grades in one page.
func (b *builder) method() (document.Section, error) {
	s := document.Section{ID: "method", Title: b.l.Pick("方法说明", "Method")}
	for _, text := range []string{
		b.l.Pick("指标由月度集市上的 SQL 算出，每项指标的定义、依据、分子、分母、区间与 SQL 见附录；每个数字都可点击查看其来历。",
			"Indicators are computed by SQL over monthly marts; the appendix holds definition, basis, numerator, denominator, interval and SQL of each, and every figure leads there."),
		b.l.Pick("四种状态分开列示：有值；不适用（无此职责或分母为 0，权重在组内分摊）；缺数（应有而无，计 0 分）；未测（数据源对所有部门均未接入，一律不计）。",
			"Four states are kept apart: a value; not applicable (no such role or a denominator of 0: its weight is shared in the group); missing (it should exist: 0 points); not measured (the source is connected for nobody: left out for all)."),
		b.l.Pick("比率的区间为 Wilson 95% 区间。样本量低于下限的指标只显示、不评分。",
			"Intervals of proportions are Wilson 95 % intervals. Indicators with fewer cases than the minimum are shown and not graded."),
		fmt.Sprintf(b.l.Pick("环比变化用两比例检验，并对全部检验按 Benjamini-Hochberg 法控制错误发现率于 %s；只有通过者才称“显著”。",
			"Changes since last month are tested as two proportions, with the false-discovery rate over all tests held at %s (Benjamini-Hochberg); only what passes is called significant."), document.FormatNumber(falseDiscoveryRate, 2)),
		b.l.Pick("得分按与目标的距离计算（财预〔2020〕10 号的正向、反向等计分规则，二手来源核对），一个部门的得分不因其他部门而变。",
			"Points follow the distance to the target (positive and reverse rules of the budget performance scheme of 2020, checked against secondary sources); no department's points move because of another's."),
	} {
		s.Blocks = append(s.Blocks, document.P(text))
	}
	return s, nil
}

func (b *builder) definitions() []document.Definition {
	var list []document.Definition
	for _, p := range b.Indicators {
		d := document.Definition{
			ID: definitionID(p.ID), Name: p.Name.In(b.l), Question: p.Question.In(b.l), Meaning: p.Definition.In(b.l), Formula: p.Formula,
			Unit: page.UnitLabel(p.Unit).In(b.l), Decimals: p.Decimals, Direction: b.direction(p.Direction), Version: fmt.Sprint(p.Version), SQL: strings.TrimSpace(p.SQL.Text),
		}
		if !p.Limits.Empty() {
			d.Notes = append(d.Notes, b.l.Pick("不度量：", "It does not measure: ")+p.Limits.In(b.l))
		}
		for _, basis := range p.Basis {
			text := basis.Source.In(b.l)
			if basis.Article != "" {
				text += fmt.Sprintf(b.l.Pick("第 %s 条", ", article %s"), basis.Article)
			}
			if says := basis.Says.In(b.l); says != "" {
				text += b.l.Pick("：", ": ") + says
			}
			d.Basis = append(d.Basis, document.Basis{Text: text, Read: b.mark(basis.Mark)})
		}
		list = append(list, d)
	}
	return list
}

func (b *builder) direction(d page.Direction) string {
	switch d {
	case page.Higher:
		return b.l.Pick("越高越好", "higher is better")
	case page.Lower:
		return b.l.Pick("越低越好", "lower is better")
	case page.Within:
		return b.l.Pick("在区间内为好", "better inside the band")
	default:
		return b.l.Pick("无方向", "no direction")
	}
}

func (b *builder) mark(m page.Mark) string {
	switch m {
	case page.TextRead:
		return b.l.Pick("已核对原文", "text read")
	case page.SecondarySource:
		return b.l.Pick("二手来源", "secondary source")
	default:
		return b.l.Pick("本方案设定", "own proposal")
	}
}

func (b *builder) explanations() []document.Explanation {
	var list []document.Explanation
	for _, p := range b.Indicators {
		for _, id := range append([]string{metrics.City}, b.departmentIDs()...) {
			v, ok := b.values[key{p.ID, id}]
			if !ok {
				continue
			}
			e := document.Explanation{
				ID: explanationID(p.ID, id), Definition: definitionID(p.ID), Subject: b.names[id], Value: number(v),
				Numerator: optional(v.Numerator), Denominator: optional(v.Denominator), N: document.None(document.NotApplicable),
				Interval: interval(v), Target: v.Target, Points: document.None(document.NotApplicable), PointsMax: document.None(document.NotApplicable),
			}
			if v.N != nil {
				e.N = document.Num(float64(*v.N))
			}
			if line, ok := b.lines[key{p.ID, id}]; ok && line.Weight > 0 {
				e.Points, e.PointsMax = document.Num(line.Points), document.Num(line.Weight)
			}
			if id != metrics.City {
				e.Link = departmentSection(id)
				e.Note = b.remark(key{p.ID, id})
			}
			list = append(list, e)
		}
	}
	return list
}

func (b *builder) departmentIDs() []string {
	ids := make([]string, len(b.Month.Departments))
	for i, d := range b.Month.Departments {
		ids[i] = d.ID
	}
	return ids
}
