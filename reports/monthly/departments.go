package monthly

import (
	"fmt"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
)

// departments gives each department a section of its own with every indicator behind its score.
func (b *builder) departments() (document.Section, error) {
	s := document.Section{ID: "departments", Title: b.l.Pick("各部门指标", "Indicators by department"), PageBreak: true}
	for _, d := range b.Month.Departments {
		section := document.Section{ID: departmentSection(d.ID), Title: b.names[d.ID]}
		section.Blocks = append(section.Blocks, document.P(b.standing(d)), b.indicatorTable(d))
		s.Sections = append(s.Sections, section)
	}
	return s, nil
}

// standing says in one sentence where the department stands.
func (b *builder) standing(d metrics.Department) string {
	r, ok := b.scores[d.ID]
	if !ok || !r.Total.Scored {
		return b.l.Pick("本月没有可计分的指标。", "No indicator can be scored this month.")
	}
	text := fmt.Sprintf(b.l.Pick("得分 %s，等级“%s”，名次 %d（共 %d 个部门），已测权重占 %s%%。", "Score %s, grade “%s”, rank %d of %d departments; %s %% of the weight was measured."),
		document.FormatNumber(r.Total.Score, 2), r.Grade, r.Rank, len(b.ranked()), document.FormatNumber(100*r.Total.Coverage, 0))
	if r.CapReason != "" {
		text += fmt.Sprintf(b.l.Pick("等级由“%s”下调：%s。", " The grade was lowered from “%s”: %s."), r.Uncapped, r.CapReason)
	}
	return text
}

func (b *builder) indicatorTable(d metrics.Department) *document.Table {
	number := func(id, zh, en string, decimals int) document.Column {
		return document.Column{ID: id, Title: b.l.Pick(zh, en), Kind: document.KindNumber, Decimals: decimals}
	}
	t := &document.Table{
		ID: document.ID("indicators", d.ID), Title: fmt.Sprintf(b.l.Pick("%s：指标、目标与得分", "%s: indicators, targets and points"), b.names[d.ID]), Source: b.source(),
		Columns: []document.Column{
			{ID: "indicator", Title: b.l.Pick("指标", "indicator")},
			{ID: "unit", Title: b.l.Pick("单位", "unit")},
			number("value", "值", "value", 2), number("numerator", "分子", "numerator", 0), number("denominator", "分母", "denominator", 0),
			number("low", "区间下限", "low", 2), number("high", "区间上限", "high", 2),
			number("target", "目标", "target", 2), number("change", "较上月", "change", 2),
			number("points", "得分", "points", 2), number("weight", "分值", "of", 2),
			{ID: "note", Title: b.l.Pick("说明", "note")},
		},
	}
	for _, p := range b.Indicators {
		v, ok := b.values[key{p.ID, d.ID}]
		if !ok {
			continue
		}
		t.Rows = append(t.Rows, b.indicatorRow(p, d, v))
	}
	return t
}

func (b *builder) indicatorRow(p *page.Indicator, d metrics.Department, v metrics.Value) document.Row {
	k := key{p.ID, d.ID}
	absent := document.Of(document.None(document.NotApplicable))
	cells := []document.Cell{
		document.Text(p.Name.In(b.l)), document.Text(page.UnitLabel(p.Unit).In(b.l)),
		document.Explained(number(v), explanationID(p.ID, d.ID)),
		document.Of(optional(v.Numerator)), document.Of(optional(v.Denominator)), document.Of(optional(v.Low)), document.Of(optional(v.High)),
		document.Of(optional(v.Target)), document.Empty(), absent, absent, document.Text(b.remark(k)),
	}
	if c, ok := b.changes[k]; ok {
		cells[8] = document.Number(c.difference)
		if c.significant {
			cells[8].Good = c.direction
		}
	}
	if line, ok := b.lines[k]; ok && line.Weight > 0 {
		cells[9], cells[10] = document.Number(line.Points), document.Number(line.Weight)
	}
	cells[0].Explain = definitionID(p.ID)
	return document.Row{Cells: cells}
}

// remark says why an indicator does not count as usual, or whether its change is more than noise.
func (b *builder) remark(k key) string {
	if line, ok := b.lines[k]; ok && line.Reason != "" {
		zh, en := line.Reason.Text()
		return b.l.Pick(zh, en)
	}
	if c, ok := b.changes[k]; ok && c.tested {
		switch {
		case !c.significant:
			return b.l.Pick("无显著变化", "no significant change")
		case c.difference > 0:
			return b.l.Pick("显著提高", "rose significantly")
		default:
			return b.l.Pick("显著下降", "fell significantly")
		}
	}
	if v := b.values[k]; v.State != scoring.HasValue {
		return stateOf(v.State).Word(b.l)
	}
	return ""
}
