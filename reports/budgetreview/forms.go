package budgetreview

import (
	"fmt"

	"weir/metrics/scoring"
	"weir/reports/document"
	"weir/reports/reading"
)

// departmentTables is annex 1: the self-evaluation of every department.
func (b *builder) departmentTables() (document.Section, error) {
	s := document.Section{ID: "annex-departments", Title: b.T("附件1　部门绩效自评表", "Annex 1: self-evaluation by department"), PageBreak: true, Unnumbered: true}
	for _, d := range b.Month.Departments {
		section := document.Section{ID: reading.DepartmentSection(d.ID), Title: b.Name(d.ID), PageBreak: len(s.Sections) > 0}
		r, ok := b.Score(d.ID)
		if !ok || !r.Total.Scored {
			section.Blocks = append(section.Blocks, document.P(b.T("没有可计分的指标，不填报得分。", "No indicator can be scored: no points are entered.")))
		} else {
			section.Blocks = append(section.Blocks, b.departmentTable(d.ID, r))
		}
		s.Sections = append(s.Sections, section)
	}
	return s, nil
}

func (b *builder) departmentTable(department string, r scoring.Result) *document.Table {
	t := &document.Table{ID: "self-" + reading.Slug(department), Title: b.F("%s政务数据绩效自评表（%s）", "%s: self-evaluation (%s)", b.Name(department), b.Period(b.Month.Month)), Source: b.Source(), Columns: b.formColumns()}
	lines := map[string]scoring.Line{}
	for _, line := range r.Total.Lines {
		lines[line.Indicator] = line
	}
	for _, part := range schemeParts {
		first := true
		for _, p := range b.Indicators {
			line, ok := lines[p.ID]
			if !ok || len(line.Groups) < 2 || line.Groups[1] != part.id {
				continue
			}
			level1, level2 := "", ""
			if first {
				level1, first = b.T(part.zh, part.en), false
			}
			if len(line.Groups) > 2 {
				level2 = b.GroupName(line.Groups[2])
			}
			v, _ := b.Value(p.ID, department)
			actual := document.Text(b.Figure(p, v))
			points, weight := document.Empty(), document.Empty()
			if line.Weight > 0 {
				points, weight = document.Number(line.Points), document.Number(line.Weight)
			}
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(level1), document.Text(level2), document.Text(p.Name.In(b.Lang)), document.Text(b.TargetText(p, v)), actual,
				weight, points, document.Text(b.deviation(p.ID, department, line))}})
		}
	}
	t.Rows = append(t.Rows, document.Row{Strong: true, Cells: []document.Cell{document.Text(b.T("总分", "Total")), document.Empty(), document.Text(b.F("百分制 %s，等级“%s”", "of 100: %s, grade “%s”", document.FormatNumber(r.Total.Score, 2), b.Grade(r.Grade))),
		document.Empty(), document.Empty(), document.Number(r.Total.Weight), document.Number(r.Total.Points), document.Text(b.capText(r))}})
	return t
}

func (b *builder) capText(r scoring.Result) string {
	if r.CapReason == "" {
		return ""
	}
	return b.Cap(r)
}

// formColumns are the columns of the official form.
func (b *builder) formColumns() []document.Column {
	return []document.Column{
		{ID: "level1", Title: b.T("一级指标", "Level 1")}, {ID: "level2", Title: b.T("二级指标", "Level 2")}, {ID: "level3", Title: b.T("三级指标", "Level 3")},
		{ID: "target", Title: b.T("年度指标值（A）", "Target (A)")}, {ID: "actual", Title: b.T("实际完成值（B）", "Actual (B)")},
		{ID: "weight", Title: b.T("分值", "Of"), Kind: document.KindNumber, Decimals: 2}, {ID: "points", Title: b.T("得分", "Points"), Kind: document.KindNumber, Decimals: 2},
		{ID: "reason", Title: b.T("偏差原因分析及改进措施", "Reason and cure")},
	}
}

// deviation says why points are missing as far as the data tell.
func (b *builder) deviation(indicator, department string, line scoring.Line) string {
	if line.Reason != "" {
		zh, en := line.Reason.Text()
		return b.T(zh, en)
	}
	if line.Points >= line.Weight {
		return ""
	}
	return b.Remark(indicator, department)
}

// projectTables is annex 2: the self-evaluation of every project in the official form.
func (b *builder) projectTables() (document.Section, error) {
	s := document.Section{ID: "annex-projects", Title: b.T("附件2　项目支出绩效自评表", "Annex 2: self-evaluation by project"), PageBreak: true, Unnumbered: true}
	for _, a := range b.accounts {
		for _, p := range a.projects {
			id := reading.Slug(p.Department) + "-" + reading.Slug(p.ID)
			section := document.Section{ID: "project-" + id, Title: b.F("%s　%s", "%s: %s", b.Name(p.Department), p.title()), PageBreak: len(s.Sections) > 0}
			section.Blocks = append(section.Blocks, b.projectHead(id, p), b.projectMoney(id, p), b.projectTargets(id, p))
			if text := b.projectRemark(p); text != "" {
				section.Blocks = append(section.Blocks, &document.Note{Level: document.NoteCaution, Body: []document.Paragraph{*document.P(text)}})
			}
			s.Sections = append(s.Sections, section)
		}
	}
	return s, nil
}

func (b *builder) projectHead(id string, p project) *document.Table {
	row := func(label, text string) document.Row {
		return document.Row{Cells: []document.Cell{document.Text(label), document.Text(text)}}
	}
	met := 0
	var names []string
	for _, t := range p.targets {
		if t.fraction >= 1 {
			met++
		}
		if len(names) < 4 {
			names = append(names, t.Title+" "+b.targetValue(t))
		}
	}
	expected, reached := b.T("未设绩效目标", "no targets were set"), "—"
	if len(p.targets) > 0 {
		expected = b.F("实现 %d 项年度绩效指标：%s", "%d targets: %s", len(p.targets), b.List(names))
		if more := len(p.targets) - len(names); more > 0 {
			expected += b.T("等", fmt.Sprintf(" and %d more", more))
		}
		reached = b.F("截至%s，已报送 %d 项，其中 %d 项达到年度指标值", "by %s, %d reported, %d of them at their target", b.Date().Format("2006-01-02"), p.reported, met)
	}
	return &document.Table{ID: "head-" + id, Title: b.T("项目基本信息与总体目标", "The project and its goal"), Source: b.Source(),
		Columns: []document.Column{{ID: "item", Title: b.T("项目", "Item")}, {ID: "content", Title: b.T("内容", "Content")}},
		Rows: []document.Row{row(b.T("项目名称", "Project"), p.title()), row(b.T("主管部门", "Department in charge"), b.Name(p.Department)), row(b.T("实施单位", "Carried out by"), b.Name(p.Department)),
			row(b.T("年度", "Year"), fmt.Sprint(b.Dossier.FiscalYear)), row(b.T("预期目标", "Expected"), expected), row(b.T("实际完成情况", "Reached"), reached)}}
}

func (b *builder) projectMoney(id string, p project) *document.Table {
	t := &document.Table{ID: "money-" + id, Title: b.T("项目资金", "Funds"), Source: b.Source(), Columns: []document.Column{
		{ID: "item", Title: b.T("资金", "Funds")}, b.MoneyColumn("initial", b.T("年初预算数", "Initial budget")), b.MoneyColumn("annual", b.T("全年预算数（A）", "Budget of the year (A)")),
		b.MoneyColumn("spent", b.T("全年执行数（B）", "Spent (B)")), {ID: "weight", Title: b.T("分值", "Of"), Kind: document.KindNumber, Decimals: 2},
		{ID: "rate", Title: b.T("执行率（B/A）", "Execution (B/A)"), Unit: "%", Kind: document.KindNumber, Decimals: 2}, {ID: "points", Title: b.T("得分", "Points"), Kind: document.KindNumber, Decimals: 2},
	}}
	unknown, none := document.Of(document.None(document.NotMeasured)), document.Empty()
	initial := document.Of(document.None(document.Missing))
	if p.Initial != nil {
		initial = b.MoneyCell(*p.Initial)
	}
	grant, carried := unknown, unknown
	if p.CarriedOver != nil {
		grant, carried = b.MoneyCell(p.Annual-*p.CarriedOver), b.MoneyCell(*p.CarriedOver)
	}
	t.Rows = []document.Row{
		{Strong: true, Cells: []document.Cell{document.Text(b.T("年度资金总额", "Total of the year")), initial, b.MoneyCell(p.Annual), b.MoneyCell(p.Spent), document.Number(executionWeight), document.Of(rate(p.Spent, p.Annual)), document.Number(p.execution)}},
		{Level: 1, Cells: []document.Cell{document.Text(b.T("其中：当年财政拨款", "of it: grant of the year")), unknown, grant, unknown, none, none, none}},
		{Level: 1, Cells: []document.Cell{document.Text(b.T("上年结转资金", "carried over")), unknown, carried, unknown, none, none, none}},
		{Level: 1, Cells: []document.Cell{document.Text(b.T("其他资金", "other funds")), unknown, unknown, unknown, none, none, none}},
	}
	return t
}

func (b *builder) projectTargets(id string, p project) *document.Table {
	t := &document.Table{ID: "targets-" + id, Title: b.T("绩效指标", "Targets"), Source: b.Source(), Columns: b.formColumns()}
	level1, level2 := "", ""
	for _, x := range p.targets {
		first, second := "", ""
		if x.Level1 != level1 {
			level1, level2, first = x.Level1, "", x.Level1
		}
		if x.Level2 != level2 {
			level2, second = x.Level2, x.Level2
		}
		points, reason := document.Number(x.points), x.Reason
		switch {
		case x.state != document.Measured:
			points, reason = document.Of(document.None(document.Missing)), b.T("未报送", "not reported")
		case x.exceeded:
			reason = b.T("超过年度指标值 30% 而未说明原因", "30% above the target without a reason")
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(first), document.Text(second), document.Text(x.Title), document.Text(b.targetValue(x)), document.Text(b.actualValue(x)),
			document.Number(x.Weight), points, document.Text(reason)}})
	}
	t.Rows = append(t.Rows, document.Row{Strong: true, Cells: []document.Cell{document.Text(b.T("总分（含预算执行）", "Total with execution")), document.Empty(), document.Empty(), document.Empty(), document.Empty(),
		document.Number(p.weights + executionWeight), document.Number(scoring.Round(p.points+p.execution, 2)), document.Text("")}})
	return t
}

func (b *builder) targetValue(x target) string {
	switch {
	case x.Rule == string(scoring.Qualitative):
		return b.T("定性", "qualitative")
	case x.Target.Target == nil:
		return document.Missing.Word(b.Lang)
	}
	sign := map[string]string{"positive": "≥", "reverse": "≤", "equal": "="}[x.Rule]
	return sign + document.FormatNumber(*x.Target.Target, 2) + x.Unit
}

func (b *builder) actualValue(x target) string {
	switch {
	case x.state != document.Measured:
		return document.Missing.Word(b.Lang)
	case x.Rule == string(scoring.Qualitative):
		level := scoring.LevelOf(*x.Qualitative)
		return b.T(level.ZH, level.EN) + b.F("（%s%%）", " (%s%%)", document.FormatNumber(*x.Qualitative, 0))
	}
	return document.FormatNumber(*x.Actual, 2) + x.Unit
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
		parts = append(parts, name+" "+document.FormatNumber(weights[name], 0))
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
