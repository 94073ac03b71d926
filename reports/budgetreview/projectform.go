package budgetreview

import (
	"cmp"
	"fmt"
	"slices"

	"weir/metrics/scoring"
	"weir/reports/document"
	"weir/reports/reading"
)

// projectTables is annex 2: the self-evaluation of every project in the official form.
func (b *builder) projectTables() (document.Section, error) {
	s := document.Section{ID: "annex-projects", Title: b.T("附件2　项目支出绩效自评表", "Annex 2: self-evaluation by project"), PageBreak: true, Unnumbered: true}
	for _, a := range b.accounts {
		for _, p := range a.projects {
			id := reading.Slug(p.Department) + "-" + reading.Slug(p.ID)
			section := document.Section{ID: "project-" + id, Title: b.F("%s　%s", "%s: %s", b.Name(p.Department), p.title())}
			section.Blocks = append(section.Blocks, b.projectForm(id, p))
			s.Sections = append(s.Sections, section)
		}
	}
	return s, nil
}

// projectForm is the official form of one project: who, money, goal, targets, total.
func (b *builder) projectForm(id string, p project) *document.RuledForm {
	t := b.projectTargets(id, p)
	f := &document.RuledForm{ID: "form-" + id, Title: b.T("项目支出绩效自评表", "Self-evaluation of project spending"), Subtitle: b.F("（%d 年度，截至 %s）", "(%d, as of %s)", b.Dossier.FiscalYear, b.Date().Format("2006-01-02")),
		Source: b.Source(), Note: b.projectRemark(p), Widths: b.formWidths(), Table: *t}
	f.Rows = []document.FormRow{
		{Cells: []document.FormCell{label(b.T("项目名称", "Project"), 2), filled(p.title(), 7)}},
		{Cells: []document.FormCell{label(b.T("主管部门", "Department in charge"), 2), filled(b.Name(p.Department), 3), label(b.T("实施单位", "Carried out by"), 1), filled(b.Name(p.Department), 3)}},
	}
	f.Rows = append(f.Rows, b.moneyRows(p)...)
	expected, reached := b.goals(p)
	f.Rows = append(f.Rows,
		document.FormRow{Cells: []document.FormCell{{Text: b.T("年度总体目标", "Goal of the year"), Label: true, Rows: 2}, label(b.T("预期目标", "Expected"), 4), label(b.T("实际完成情况", "Reached"), 4)}},
		document.FormRow{Cells: []document.FormCell{filled(expected, 4), filled(reached, 4)}}, b.formHead())
	f.Rows = append(f.Rows, indicatorRows(*t)...)
	f.Rows = append(f.Rows, document.FormRow{Cells: []document.FormCell{label(b.T("总分（含预算执行）", "Total with execution"), 6), sum(p.weights + executionWeight), sum(scoring.Round(p.points+p.execution, 2)), filled("", 1)}})
	return f
}

// goals words what was expected and what was reached.
func (b *builder) goals(p project) (expected, reached string) {
	met := 0
	var names []string
	for _, t := range byLevel(p.targets) {
		if t.fraction >= 1 {
			met++
		}
		if len(names) < 4 {
			names = append(names, t.Title+" "+b.targetValue(t))
		}
	}
	if len(p.targets) == 0 {
		return b.T("未设绩效目标", "no targets handed in"), "—"
	}
	expected = b.F("实现 %d 项年度绩效指标：%s", "%d targets: %s", len(p.targets), b.List(names))
	if more := len(p.targets) - len(names); more > 0 {
		expected += b.T("等", fmt.Sprintf(" and %d more", more))
	}
	return expected, b.F("已报送 %d 项，其中 %d 项达到年度指标值", "%d reported, %d of them at their target", p.reported, met)
}

// moneyRows are the funds of a project. The shares of points and weight stand in the columns of the targets, so that
// the total adds them.
func (b *builder) moneyRows(p project) []document.FormRow {
	unknown := number(document.None(document.NotMeasured), 2)
	money := func(v float64) document.FormCell {
		return number(b.MoneyCell(v).Value, b.MoneyColumn("x", "").Decimals)
	}
	initial := number(document.None(document.Missing), 2)
	if p.Initial != nil {
		initial = money(*p.Initial)
	}
	grant, carried := unknown, unknown
	if p.CarriedOver != nil {
		// The grant is the printed total less the printed rest: rounded apart, the two might not add up to the total.
		carried = money(*p.CarriedOver)
		decimals := carried.Decimals
		rest := scoring.Round(b.InMoneyUnit(p.Annual), decimals) - scoring.Round(carried.Value.Number, decimals)
		grant = number(document.Num(scoring.Round(rest, decimals)), decimals)
	}
	line := func(name string, cells ...document.FormCell) document.FormRow {
		return document.FormRow{Cells: append([]document.FormCell{filled(name, 2)}, cells...)}
	}
	none := filled("—", 1)
	return []document.FormRow{
		{Cells: []document.FormCell{{Text: b.F("项目资金（%s）", "Funds (%s)", b.MoneyUnit()), Label: true, Rows: 5}, label(b.T("资金来源", "Source of funds"), 2), label(b.T("年初预算数", "Initial budget"), 1), label(b.T("全年预算数（A）", "Budget of the year (A)"), 1),
			label(b.T("全年执行数（B）", "Spent (B)"), 1), label(b.T("分值", "Max."), 1), label(b.T("得分", "Points"), 1), label(b.T("执行率（B/A，%）", "Execution B/A,\u00a0%"), 1)}},
		line(b.T("年度资金总额", "Total of the year"), initial, money(p.Annual), money(p.Spent), part(document.Num(executionWeight)), part(document.Num(p.execution)), number(rate(p.Spent, p.Annual), 2)),
		line(b.T("其中：当年财政拨款", "of which: grant of the year"), unknown, grant, unknown, none, none, none),
		line(b.T("上年结转资金", "carried over"), unknown, carried, unknown, none, none, none),
		line(b.T("其他资金", "other funds"), unknown, unknown, unknown, none, none, none),
	}
}

func (b *builder) projectTargets(id string, p project) *document.Table {
	t := &document.Table{ID: "targets-" + id, Title: b.F("%s　%s：绩效指标", "%s: %s, targets", b.Name(p.Department), p.title()), Source: b.Source(), Columns: b.formColumns()}
	for _, x := range byLevel(p.targets) {
		points, reason := document.Number(x.points), x.Reason
		switch {
		case x.state != document.Measured:
			points, reason = document.Of(document.None(document.Missing)), b.T("未报送", "not reported")
		case x.exceeded:
			reason = b.T("超过年度指标值 30% 而未说明原因", "30% above the target without a reason")
		case x.unexplained():
			reason = b.unexplained()
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(b.level(x.Level1)), document.Text(b.level(x.Level2)), document.Text(x.Title), document.Text(b.targetValue(x)), document.Text(b.actualValue(x)),
			document.Number(x.Weight), points, document.Text(reason)}})
	}
	return t
}

// byLevel brings the targets of one level together, levels and targets in the order in which they were handed in.
func byLevel(targets []target) []target {
	type level struct{ one, two string }
	place := map[level]int{}
	for _, t := range targets {
		for _, l := range []level{{one: t.Level1}, {t.Level1, t.Level2}} {
			if _, seen := place[l]; !seen {
				place[l] = len(place)
			}
		}
	}
	return slices.SortedStableFunc(slices.Values(targets), func(x, y target) int {
		return cmp.Or(cmp.Compare(place[level{one: x.Level1}], place[level{one: y.Level1}]), cmp.Compare(place[level{x.Level1, x.Level2}], place[level{y.Level1, y.Level2}]))
	})
}

func (b *builder) targetValue(x target) string {
	switch {
	case x.Rule == string(scoring.Qualitative):
		return b.T("定性", "qualitative")
	case x.Target.Target == nil:
		return document.Missing.Word(b.Lang)
	}
	sign := map[string]string{"positive": "≥", "reverse": "≤", "equal": "="}[x.Rule]
	return sign + document.FormatShort(*x.Target.Target, 2) + x.Unit // counts as well as rates: 6 courses are not 6.00
}

func (b *builder) actualValue(x target) string {
	switch {
	case x.state != document.Measured:
		return document.Missing.Word(b.Lang)
	case x.Rule == string(scoring.Qualitative):
		level := scoring.LevelOf(*x.Qualitative)
		return b.T(level.ZH, level.EN) + b.F("（%s%%）", " (%s%%)", document.FormatNumber(*x.Qualitative, 0))
	}
	return document.FormatShort(*x.Actual, 2) + x.Unit
}

// levels are the names of the official scheme in English; a level that a department named itself stays as it is.
var levels = map[string]string{
	"产出指标": "Output", "数量指标": "Quantity", "质量指标": "Quality", "时效指标": "Timeliness", "成本指标": "Cost",
	"效益指标": "Benefit", "经济效益指标": "Economic benefit", "社会效益指标": "Social benefit", "生态效益指标": "Ecological benefit", "可持续影响指标": "Lasting effect",
	"满意度指标": "Satisfaction", "服务对象满意度指标": "Satisfaction of those served",
}

func (b *builder) level(name string) string {
	if en, ok := levels[name]; ok {
		return b.T(name, en)
	}
	return name
}

// usualParts are the weights that the scheme suggests for the parts of a self-evaluation.
var usualParts = map[string]float64{"产出指标": 50, "效益指标": 30, "满意度指标": 10}

// projectRemark says what is unusual about the form: no targets, weights that differ from the scheme, missing reports.
func (b *builder) projectRemark(p project) string {
	if len(p.targets) == 0 {
		return b.T("本项目未报送绩效目标，只能列示预算执行得分，产出、效益与满意度不评分；应补报目标。", "No targets were handed in for this project: only execution can be scored. Targets are owed.")
	}
	var parts []string
	weights := map[string]float64{}
	var order []string
	for _, x := range p.targets {
		if _, seen := weights[x.Level1]; !seen {
			order = append(order, x.Level1)
		}
		weights[x.Level1] += x.Weight
	}
	differs := false
	for _, name := range order {
		if want, ok := usualParts[name]; ok && want != weights[name] {
			differs = true
		}
		parts = append(parts, b.level(name)+" "+document.FormatNumber(weights[name], 0))
	}
	text := ""
	if differs {
		text = b.F("报送的分值（%s）与执行 10、产出 50、效益 30、满意度 10 的通行安排不同，按报送分值计分，未作调整。", "The weights handed in (%s) differ from the usual 10, 50, 30, 10; points are given by them as they are. ", b.List(parts))
	}
	if sum := p.weights + executionWeight; sum != 100 {
		text += b.F("分值合计 %s，不是 100。", "The weights add up to %s, not 100. ", document.FormatNumber(sum, 2))
	}
	if missing := len(p.targets) - p.reported; missing > 0 {
		text += b.F("有 %d 项指标尚未报送，暂计 0 分；已报送部分得分率 %s%%。", "%d targets were not reported on and count 0 for now; of the points reported on, %s%% were reached.", missing,
			document.FormatNumber(100*p.points/max(p.done, 1), 1))
	}
	return text
}
