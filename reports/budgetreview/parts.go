package budgetreview

import (
	"fmt"

	"weir/metrics/scoring"
	"weir/reports/document"
	"weir/reports/finding"
)

// totals adds up all accounts.
func (b *builder) totals() account {
	var all account
	progress, weights := 0.0, 0.0
	for _, a := range b.accounts {
		all.initial, all.annual, all.carried, all.spent = all.initial+a.initial, all.annual+a.annual, all.carried+a.carried, all.spent+a.spent
		all.targets, all.reported = all.targets+a.targets, all.reported+a.reported
		all.projects = append(all.projects, a.projects...)
		for _, p := range a.projects {
			for _, t := range p.targets {
				if t.state == document.Measured {
					progress, weights = progress+t.Weight*t.fraction, weights+t.Weight
				}
			}
		}
	}
	all.progress = document.None(document.NotApplicable)
	if weights > 0 {
		all.progress = document.Num(100 * progress / weights)
	}
	return all
}

// alarms counts the departments with an alarm of each kind.
func (b *builder) alarms() (slow, apart int) {
	for _, a := range b.accounts {
		execution := rate(a.spent, a.annual)
		if b.slow(execution) {
			slow++
		}
		if b.apart(gap(a.progress, execution)) {
			apart++
		}
	}
	return slow, apart
}

// summary is the first page: money, pace, cost, and how many proposals of each kind.
func (b *builder) summary() (document.Section, error) {
	s := document.Section{ID: "summary", Title: b.T("摘　要", "Summary"), Unnumbered: true}
	if len(b.accounts) == 0 {
		s.Blocks = append(s.Blocks, &document.Note{Level: document.NoteCaution, Body: []document.Paragraph{*document.P(b.T(
			"预算数据未接入：执行、双监控与项目自评均未测，本报告只列绩效得分与建议所需的核实事项。",
			"No budgets are connected: execution, dual monitoring and self-evaluation of projects are not measured; this report lists performance scores and what is to be verified."))}})
		return s, nil
	}
	all := b.totals()
	execution := rate(all.spent, all.annual)
	slow, apart := b.alarms()
	items := []document.KeyFigure{
		{Label: b.T("全年预算数（A）", "Budget of the year (A)"), Value: document.Num(b.InMoneyUnit(all.annual)), Decimals: 1, Unit: b.MoneyUnit(),
			Note: b.F("%d 个部门，%d 个项目", "%d departments, %d projects", len(b.accounts), len(all.projects)), Link: "basics"},
		{Label: b.F("执行数（B），截至第 %d 个月", "Spent (B), to month %d", b.Dossier.FiscalMonth), Value: document.Num(b.InMoneyUnit(all.spent)), Decimals: 1, Unit: b.MoneyUnit(), Link: "execution"},
		{Label: b.T("执行率（B/A）", "Execution (B/A)"), Value: execution, Decimals: 1, Unit: "%", Link: "execution"},
		{Label: b.T("绩效目标加权进度", "Weighted progress of targets"), Value: all.progress, Decimals: 1, Unit: "%", Link: "execution",
			Note: b.F("已报送 %d/%d 项", "%d of %d reported", all.reported, all.targets)},
		{Label: b.T("执行偏慢预警", "Alarm: slow execution"), Value: document.Num(float64(slow)), Unit: b.T("个部门", "departments"), Link: "execution"},
		{Label: b.T("进度偏差预警", "Alarm: uneven pace"), Value: document.Num(float64(apart)), Unit: b.T("个部门", "departments"), Link: "execution"},
	}
	if least, ok := b.threshold(b.Dossier.FiscalMonth); ok {
		items[2].Note = b.F("预警线 %s%%", "alarm below %s%%", document.FormatNumber(least, 0))
		items[4].Note = b.F("执行率低于 %s%%", "execution below %s%%", document.FormatNumber(least, 0))
	} else {
		items[4].Value, items[4].Note = document.None(document.NotApplicable), b.T("首个预警月份尚未到", "before the first month with a threshold")
	}
	items[5].Note = b.F("目标进度与执行率相差超过 %s 个百分点", "progress and execution more than %s points apart", document.FormatNumber(b.options.Gap, 0))
	s.Blocks = append(s.Blocks, &document.KeyFigures{Items: items})
	s.Blocks = append(s.Blocks, document.P(b.proposalCounts()))
	if top := finding.Top(b.findings, 3); len(top) > 0 {
		s.Blocks = append(s.Blocks, &document.List{Items: finding.Paragraphs(top)})
	}
	return s, nil
}

// basics is chapter 1: what is reviewed.
func (b *builder) basics() (document.Section, error) {
	s := document.Section{ID: "basics", Title: b.T("基本情况", "What is reviewed")}
	overview := document.Section{ID: "basics-overview", Title: b.T("概况", "Overview")}
	if len(b.accounts) == 0 {
		overview.Blocks = append(overview.Blocks, document.P(b.T("预算数据未接入。", "No budgets are connected.")))
	} else {
		overview.Blocks = append(overview.Blocks, b.budgetTable())
	}
	goals := document.Section{ID: "basics-goals", Title: b.T("绩效目标", "Targets")}
	all := b.totals()
	without := 0
	for _, p := range all.projects {
		if len(p.targets) == 0 {
			without++
		}
	}
	goals.Blocks = append(goals.Blocks, document.P(b.F("%d 个项目共设绩效目标 %d 项，截至数据截止日已报送 %d 项；%d 个项目未设绩效目标，自评表中单独注明。",
		"%d projects set %d targets, %d of which were reported on; %d projects set none, which their self-evaluation says.", len(all.projects), all.targets, all.reported, without)))
	s.Sections = []document.Section{overview, goals}
	return s, nil
}

func (b *builder) budgetTable() *document.Table {
	sum := func(id, title string) document.Column {
		c := b.MoneyColumn(id, title)
		c.Total = document.TotalSum
		return c
	}
	t := &document.Table{ID: "basics-budgets", Title: b.T("各部门数据项目预算与执行", "Budgets and spending of data projects, by department"), Source: b.Source(), Total: true,
		Columns: []document.Column{
			{ID: "department", Title: b.T("部门", "Department")}, {ID: "projects", Title: b.T("项目数", "Projects"), Kind: document.KindNumber, Total: document.TotalSum},
			sum("initial", b.T("年初预算数", "Initial budget")), sum("annual", b.T("全年预算数（A）", "Budget of the year (A)")), sum("carried", b.T("其中上年结转", "of which carried over")),
			sum("spent", b.T("执行数（B）", "Spent (B)")),
			{ID: "rate", Title: b.T("执行率（B/A）", "Execution (B/A)"), Unit: "%", Kind: document.KindNumber, Decimals: 1, Ratio: document.Ratio{Numerator: "spent", Denominator: "annual", Factor: 100}},
		}}
	for _, a := range b.accounts {
		initial, carried := document.Of(document.None(document.Missing)), document.Of(document.None(document.Missing))
		if a.hasInitial {
			initial = b.MoneyCell(a.initial)
		}
		if a.hasCarried {
			carried = b.MoneyCell(a.carried)
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(b.Name(a.department)), document.Number(float64(len(a.projects))), initial, b.MoneyCell(a.annual), carried,
			b.MoneyCell(a.spent), document.Of(rate(a.spent, a.annual))}})
	}
	return t
}

// work is chapter 2: how the review was made.
func (b *builder) work() (document.Section, error) {
	s := document.Section{ID: "work", Title: b.T("评价工作开展情况", "How the review was made")}
	part := func(id, title string, blocks ...document.Block) document.Section {
		return document.Section{ID: id, Title: title, Blocks: blocks}
	}
	s.Sections = []document.Section{
		part("work-purpose", b.T("目的、对象与范围", "Purpose, subject, scope"), document.P(b.F(
			"依据《政务数据共享条例》第三十八条第一款（政务数据共享情况作为确定建设投资、运行维护经费和项目后评价结果的重要依据），对%s %d 个部门 %d 年度政务数据项目的预算执行与数据流动绩效进行评价。数据截至%s。",
			"Under article 38(1) of the Regulations on Government Data Sharing, by which sharing is an important basis for investment, running costs and review, this reviews budget execution and the flow of data of %[2]d departments of %[1]s in fiscal year %[3]d. Data as of %[4]s.",
			b.Input.Name.In(b.Lang), len(b.Month.Departments), b.Dossier.FiscalYear, b.Date().Format("2006-01-02")))),
		part("work-method", b.T("原则、指标体系与方法", "Principles, indicators, method"), document.P(b.T(
			"部门得分按执行 10、产出 50、效益 30、满意度 10 计（财预〔2020〕10 号口径，二手来源核对）；由平台日志与登记表自动计算，不需部门填报，逐项可追溯到原始行。项目自评按部门报送的绩效目标与完成值计分。",
			"Scores of departments weigh execution 10, output 50, benefit 30, satisfaction 10 (the scheme of 2020, checked against secondary sources); they are computed from logs and registers, and every figure leads to its rows. Projects are scored by the targets and results that departments report.")),
			&document.List{Items: b.methodItems()}),
		part("work-process", b.T("评价过程与数据完整性", "Process and completeness"), document.P(b.process())),
	}
	return s, nil
}

// methodItems are the parts of the common method that a finance reader needs.
func (b *builder) methodItems() []document.Paragraph {
	list, ok := b.Method()[0].(*document.List)
	if !ok {
		return nil
	}
	return list.Items[1:]
}

func (b *builder) process() string {
	count := map[scoring.State]int{}
	for _, v := range b.Month.Values {
		if v.DataKind == "" && v.Department != "*" {
			count[v.State]++
		}
	}
	return b.F("月结第 %d 版，数据指纹 %s。部门指标 %d 个有值，%d 个缺数（计 0 分），%d 个不适用，%d 个未测（不计）；隔离区有 %s 行未计入。",
		"Revision %d of the closed month, stamp %s. Of the figures of departments %d have a value, %d are missing (0 points), %d not applicable, %d not measured (left out); %s rows in quarantine count nowhere.",
		b.Month.Revision, b.Month.Stamp, count[scoring.HasValue], count[scoring.Missing], count[scoring.NotApplicable], count[scoring.NotMeasured], document.FormatNumber(float64(b.Waiting()), 0))
}

// schemeParts are the four parts of the scheme.
var schemeParts = []struct{ id, zh, en string }{{"execution", "执行", "Execution"}, {"output", "产出", "Output"}, {"benefit", "效益", "Benefit"}, {"satisfaction", "满意度", "Satisfaction"}}

// results is chapter 3: the scores of all departments in the four parts.
func (b *builder) results() (document.Section, error) {
	s := document.Section{ID: "results", Title: b.T("综合评价情况及评价结论", "Results")}
	t := &document.Table{ID: "results-scores", Source: b.Source(), Columns: []document.Column{
		{ID: "rank", Title: b.T("名次", "Rank"), Kind: document.KindNumber}, {ID: "department", Title: b.T("部门", "Department")},
	}, Note: b.T("各组成列为得分率（得分÷已测分值）。区间与可能性来自对各指标数值不确定性的模拟；区间相交者不宜分出高下。缺数计 0 分；不适用与未测不计。",
		"Parts are shares of the points measured. Intervals and probabilities are simulated from the uncertainty of the values; departments whose intervals overlap should not be told apart. Missing data count 0 points; what is not applicable or not measured is left out.")}
	for _, p := range schemeParts {
		t.Columns = append(t.Columns, document.Column{ID: p.id, Title: b.T(p.zh, p.en), Unit: "%", Group: b.T("得分率", "Share of points"), Kind: document.KindNumber, Decimals: 1})
	}
	interval := b.T("95% 区间", "95% interval")
	t.Columns = append(t.Columns,
		document.Column{ID: "score", Title: b.T("总分", "Score"), Kind: document.KindNumber, Decimals: 2},
		document.Column{ID: "low", Title: b.T("下限", "low"), Group: interval, Kind: document.KindNumber, Decimals: 1}, document.Column{ID: "high", Title: b.T("上限", "high"), Group: interval, Kind: document.KindNumber, Decimals: 1},
		document.Column{ID: "grade", Title: b.T("等级", "Grade"), Kind: document.KindGrade},
		document.Column{ID: "likely", Title: b.T("该等级的可能性", "Its probability"), Unit: "%", Kind: document.KindNumber})
	counts := map[string]int{}
	for _, r := range b.Ranked() {
		counts[r.Grade]++
		t.Rows = append(t.Rows, document.Row{Cells: b.resultCells(r)})
	}
	for _, d := range b.Month.Departments {
		if r, ok := b.Score(d.ID); !ok || !r.Total.Scored {
			cells := []document.Cell{document.Empty(), document.Text(b.Name(d.ID))}
			for range len(t.Columns) - 2 {
				cells = append(cells, document.Of(document.None(document.NotApplicable)))
			}
			t.Rows = append(t.Rows, document.Row{Cells: cells})
		}
	}
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("没有部门。", "There are no departments.")))
		return s, nil
	}
	var parts []string
	for _, band := range b.Bands {
		parts = append(parts, b.F("%s %d 个", "%s %d", b.Grade(band.Grade), counts[band.Grade]))
	}
	t.Title = b.F("部门绩效得分与等级（%s）", "Scores and grades of the departments (%s)", b.List(parts))
	used := t.Used("rank", "department", "score", "grade")
	s.Blocks = append(s.Blocks, &used)
	for _, r := range b.Ranked() {
		if r.CapReason != "" {
			s.Blocks = append(s.Blocks, document.Spans(document.Span{Text: b.Name(r.Department), Strong: true}, document.Span{Text: b.T("：", ": ") + b.Cap(r)}))
		}
	}
	return s, nil
}

func (b *builder) resultCells(r scoring.Result) []document.Cell {
	cells := []document.Cell{document.Number(float64(r.Rank)), document.Text(b.Name(r.Department))}
	for _, p := range schemeParts {
		cell := document.Of(document.None(document.NotApplicable))
		for _, g := range r.Total.Groups {
			if g.ID == p.id && g.Depth == 1 && g.Scored {
				cell = document.Number(g.Score)
			}
		}
		cells = append(cells, cell)
	}
	low, high, likely := document.Empty(), document.Empty(), document.Empty()
	if st, ok := b.Month.Standing(r.Department); ok && st.Data.Scored {
		low, high = document.Number(st.Data.Score.Low), document.Number(st.Data.Score.High)
		for _, g := range st.Data.Grades {
			if g.Grade == r.Grade {
				likely = document.Number(100 * g.Probability)
			}
		}
	}
	return append(cells, document.Number(r.Total.Score), low, high, b.GradeCell(r.Grade), likely)
}

// yearOf writes the fiscal year.
func (b *builder) yearOf() string { return fmt.Sprint(b.Dossier.FiscalYear) }
