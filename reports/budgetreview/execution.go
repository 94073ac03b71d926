package budgetreview

import (
	"slices"

	"weir/internal/calendar"
	"weir/reports/document"
	"weir/reports/figure"
)

// analysis is chapter 4.
func (b *builder) analysis() (document.Section, error) {
	s := document.Section{ID: "analysis", Title: b.T("绩效评价指标分析", "Analysis")}
	for _, section := range []func() (document.Section, error){b.execution, b.structure, b.unitCost, b.efficiency} {
		part, err := section()
		if err != nil {
			return s, err
		}
		if len(part.Blocks) > 0 {
			s.Sections = append(s.Sections, part)
		}
	}
	return s, nil
}

// execution holds spending against the alarm thresholds and against the progress of the targets.
func (b *builder) execution() (document.Section, error) {
	s := document.Section{ID: "execution", Title: b.T("预算执行与双监控", "Execution and dual monitoring")}
	if len(b.accounts) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("预算数据未接入，未测。", "No budgets are connected: not measured.")))
		return s, nil
	}
	if err := b.executionFigure(&s); err != nil {
		return s, err
	}
	t := b.monitorTable()
	s.Blocks = append(s.Blocks, t)
	if projects := b.projectAlarms(); len(projects.Rows) > 0 {
		s.Blocks = append(s.Blocks, projects)
	}
	return s, nil
}

// executionFigure draws cumulative execution by month with the thresholds.
func (b *builder) executionFigure(s *document.Section) error {
	at, err := calendar.ParseMonth(b.Month.Month)
	if err != nil {
		return err
	}
	annual, paid := 0.0, map[string]float64{}
	for _, a := range b.accounts {
		annual += a.annual
	}
	for _, p := range b.Dossier.Payments {
		if p.FiscalYear == b.Dossier.FiscalYear {
			paid[p.Month] += p.Amount
		}
	}
	if annual <= 0 {
		return nil
	}
	f := figure.Trend{Head: figure.Head{ID: "execution-months", Unit: "%", Source: b.Source(),
		Note: b.T("累计执行数占全年预算数。预警线自首个设线的月份起画，其后各月沿用至下一条线。", "Cumulative spending over the budget of the year. Thresholds begin with their first month and hold until the next.")}, Decimals: 1, Low: 0, High: 100}
	execution := figure.Series{Label: figure.Label{ID: "execution", Name: b.T("执行率", "Execution")}}
	alarm := figure.Series{Label: figure.Label{ID: "alarm", Name: b.T("预警线", "Alarm threshold")}}
	// What was charged to the year and paid before it began belongs to its first month.
	first := at.Add(1 - b.Dossier.FiscalMonth)
	sum := 0.0
	for month, amount := range paid {
		if month < first.String() {
			sum += amount
		}
	}
	for i := range b.Dossier.FiscalMonth {
		month := first.Add(i)
		sum += paid[month.String()]
		f.Periods = append(f.Periods, month.String())
		execution.Values = append(execution.Values, document.Num(100*sum/annual))
		value := document.None(document.NotApplicable)
		if least, ok := b.threshold(i + 1); ok {
			value = document.Num(least)
		}
		alarm.Values = append(alarm.Values, value)
		f.High = max(f.High, 100*sum/annual)
	}
	f.Series = []figure.Series{execution, alarm}
	now := execution.Values[len(execution.Values)-1].Number
	f.Title = b.F("截至 %s，执行率 %s%%", "Execution %[2]s%% by the end of %[1]s", b.Period(b.Month.Month), document.FormatNumber(now, 1))
	if least, ok := b.threshold(b.Dossier.FiscalMonth); ok {
		side := b.T("，高于预警线", ", above the threshold of")
		if now < least {
			side = b.T("，低于预警线", ", below the threshold of")
		}
		f.Title += side + " " + document.FormatNumber(least, 0) + "%"
	}
	return figure.Add(s, b.Lang, f)
}

// monitorTable lists the departments with both paces and the alarms.
func (b *builder) monitorTable() *document.Table {
	number := func(id, title, unit string) document.Column {
		return document.Column{ID: id, Title: title, Unit: unit, Kind: document.KindNumber, Decimals: 1}
	}
	points := b.T("个百分点", "points")
	t := &document.Table{ID: "execution-departments", Source: b.Source(),
		Note: b.F("预警：执行率低于当期预警线；目标进度与执行率相差超过 %s 个百分点（川财绩〔2025〕10 号，二手来源）。预警后应在 10 日内选择继续、调剂或取消并说明。",
			"Alarms: execution below the threshold of the month; progress and execution more than %s points apart (a Sichuan notice of 2025, secondary source). Within 10 days of an alarm the department is to choose to go on, to reallocate or to cancel, and to say why.", document.FormatNumber(b.options.Gap, 0)),
		Columns: []document.Column{
			{ID: "department", Title: b.T("部门", "Department")}, number("execution", b.T("执行率", "Execution"), "%"), number("threshold", b.T("预警线", "Threshold"), "%"),
			number("progress", b.T("目标加权进度", "Progress of targets"), "%"), number("gap", b.T("进度减执行率", "Progress less execution"), points),
			{ID: "reported", Title: b.T("已报送目标", "Targets reported"), Kind: document.KindNumber}, {ID: "targets", Title: b.T("目标数", "Targets"), Kind: document.KindNumber},
			{ID: "alarm", Title: b.T("预警", "Alarm")},
		}}
	least, ok := b.threshold(b.Dossier.FiscalMonth)
	threshold := document.Of(document.None(document.NotApplicable))
	if ok {
		threshold = document.Number(least)
	}
	accounts := slices.Clone(b.accounts)
	slices.SortStableFunc(accounts, func(x, y account) int {
		switch rx, ry := rate(x.spent, x.annual), rate(y.spent, y.annual); {
		case rx.Number < ry.Number:
			return -1
		case rx.Number > ry.Number:
			return 1
		}
		return 0
	})
	alarmed := 0
	for _, a := range accounts {
		execution := rate(a.spent, a.annual)
		g := gap(a.progress, execution)
		cell, difference := document.Of(execution), document.Of(g)
		if b.slow(execution) {
			cell.Good = -1
		}
		if b.apart(g) {
			difference.Good = -1
		}
		word := b.alarm(execution, g)
		if word != "" {
			alarmed++
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(b.Name(a.department)), cell, threshold, document.Of(a.progress), difference,
			document.Number(float64(a.reported)), document.Number(float64(a.targets)), document.Text(word)}})
	}
	t.Title = b.F("%d 个部门中 %d 个触发预警", "%[2]d of %[1]d departments raise an alarm", len(accounts), alarmed)
	return t
}

// projectAlarms lists the projects that raise an alarm.
func (b *builder) projectAlarms() *document.Table {
	t := &document.Table{ID: "execution-projects", Source: b.Source(), Columns: []document.Column{
		{ID: "department", Title: b.T("部门", "Department")}, {ID: "project", Title: b.T("项目", "Project")},
		b.MoneyColumn("annual", b.T("全年预算数", "Budget")), {ID: "execution", Title: b.T("执行率", "Execution"), Unit: "%", Kind: document.KindNumber, Decimals: 1},
		{ID: "progress", Title: b.T("目标进度", "Progress"), Unit: "%", Kind: document.KindNumber, Decimals: 1}, {ID: "alarm", Title: b.T("预警", "Alarm")},
	}}
	for _, a := range b.accounts {
		for _, p := range a.projects {
			execution := rate(p.Spent, p.Annual)
			word := b.alarm(execution, gap(p.progress, execution))
			if word == "" {
				continue
			}
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(b.Name(a.department)), document.Text(p.title()), b.MoneyCell(p.Annual), document.Of(execution), document.Of(p.progress), document.Text(word)}})
		}
	}
	t.Title = b.F("触发预警的 %d 个项目", "%d projects raise an alarm", len(t.Rows))
	return t
}

// title is the project as printed.
func (p project) title() string {
	if p.Title != "" {
		return p.Title
	}
	return p.ID
}
