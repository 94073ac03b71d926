package scorecard

import (
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/dossier"
	"weir/reports/finding"
	"weir/reports/reading"
)

// mostImprovements is how many indicators are listed as worth the effort.
const mostImprovements = 12

// improvements ranks the indicators by the points that they could still give, with the concrete cases behind them.
func (b *builder) improvements() (document.Section, error) {
	s := document.Section{ID: "improve", Title: b.T("最能提分的事项", "What would help most")}
	score, ok := b.Score(b.department)
	if !ok || !score.Total.Scored {
		return s, nil
	}
	list := b.Improvements(score)
	if len(list) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("所有计分指标均已得满分。", "Every scored indicator has full points.")))
		return s, nil
	}
	t := &document.Table{ID: "improve-list", Source: b.Source(), Note: b.T("可增得分为该项达到所需值后综合得分（百分制）的增量，其他不变。", "The gain is what the score (of 100) would rise if this one reached the value needed and all else stayed."),
		Columns: []document.Column{
			{ID: "indicator", Title: b.T("指标", "Indicator")},
			{ID: "now", Title: b.T("现值", "Now")},
			{ID: "needed", Title: b.T("满分所需", "Needed")},
			{ID: "gain", Title: b.T("可增得分", "Gain"), Kind: document.KindNumber, Decimals: 2},
			{ID: "grade", Title: b.T("单独可升等", "Next grade alone")},
			{ID: "cases", Title: b.T("从这里着手", "Where to start")},
		}}
	shown := list[:min(mostImprovements, len(list))]
	sum := 0.0
	for _, im := range shown {
		p := b.Indicator(im.Indicator)
		if p == nil {
			continue
		}
		v, _ := b.Value(p.ID, b.department)
		needed, up := "", ""
		if im.NeededKnown {
			needed = b.Amount(p, im.Needed)
		}
		if im.State == scoring.Missing {
			needed = b.T("报送数据", "hand in the data")
		}
		if im.ReachesNext {
			up = b.T("是", "yes")
		}
		sum += im.Gain
		name := document.Text(p.Name.In(b.Lang))
		name.Explain = reading.DefinitionID(p.ID)
		now := document.Text(b.Figure(p, v))
		now.Explain = reading.ExplanationID(p.ID, b.department)
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{name, now, document.Text(needed), document.Number(im.Gain), document.Text(up), document.Text(b.start(p, im))}})
	}
	t.Title = b.F("前 %d 项合计可增 %s 分，第一项%s可增 %s 分", "The first %d would add %s points together, the first alone (%s) %s", len(t.Rows), document.FormatNumber(sum, 2),
		b.Indicator(shown[0].Indicator).Name.In(b.Lang), document.FormatNumber(shown[0].Gain, 2))
	s.Blocks = append(s.Blocks, t)
	return s, nil
}

// dutiesOf are the time limits behind an indicator.
var dutiesOf = map[string][]string{
	"reply_on_time_rate": {"reply_unconditional", "reply_conditional"}, "delivery_on_time_rate": {"delivery"},
	"catalog_update_on_time_rate": {"catalogue_update", "catalogue_publish"}, "correction_on_time_rate": {"correction"},
	"backflow_on_time_rate": {"backflow"}, "coordination_effect_rate": {"coordination"}, "demand_fulfilment_rate": {"reply_unconditional", "reply_conditional", "delivery"},
}

// start names the concrete cases behind an indicator that costs points.
func (b *builder) start(p *page.Indicator, im scoring.Improvement) string {
	if im.State == scoring.Missing {
		return b.T("补报应有而未报的数据", "hand in what is owed")
	}
	if rules, ok := dutiesOf[p.ID]; ok {
		late, open := b.late(rules)
		if late == 0 {
			return ""
		}
		return b.F("逾期 %d 件，其中 %d 件仍未办结（见逾期清单）", "late: %d, still open: %d (see the list)", late, open)
	}
	switch p.ID {
	case "update_on_time_rate", "freshness_index":
		if resources, missed := b.missed(); missed > 0 {
			return b.F("%d 个资源共有 %d 个更新周期落空（见失更清单）", "%d resources missed %d updates (see the list)", resources, missed)
		}
	case "dormant_storage_share", "active_flow_rate", "scenario_coverage":
		if n := len(b.dormant()); n > 0 {
			return b.F("%d 个沉睡资源：对接需求或申请下线（见沉睡清单）", "%d dormant resources: find users or retire them (see the list)", n)
		}
	case "budget_execution_rate":
		annual, spent := 0.0, 0.0
		for _, project := range b.Dossier.ProjectsOf(b.department) {
			annual, spent = annual+project.Annual, spent+project.Spent
		}
		if left := annual - spent; left > 0 {
			return b.F("尚未执行 %s", "%s not spent yet", b.Money(left))
		}
	}
	return ""
}

func (b *builder) late(rules []string) (late, open int) {
	for _, o := range b.Dossier.Overdue {
		for _, rule := range rules {
			if o.Department == b.department && o.Rule == rule {
				late++
				if o.Done == nil {
					open++
				}
			}
		}
	}
	return late, open
}

func (b *builder) stale() []dossier.Stale {
	var list []dossier.Stale
	for _, s := range b.Dossier.Stale {
		if s.Department == b.department {
			list = append(list, s)
		}
	}
	return list
}

func (b *builder) missed() (resources, slots int) {
	for _, s := range b.stale() {
		resources++
		slots += s.Missed
	}
	return resources, slots
}

func (b *builder) dormant() []dossier.Dormant {
	return finding.Sleepers(b.Reading, b.department, len(b.Dossier.Dormant))
}

// mostCases is how many rows a list of cases prints; the data package has them all.
const mostCases = 40

// cases are the rows behind the figures: what is overdue, what was not updated, what nobody uses.
func (b *builder) cases() (document.Section, error) {
	s := document.Section{ID: "cases", Title: b.T("逾期、失更与沉睡清单", "Overdue, not updated, unused")}
	var overdue []dossier.Overdue
	for _, o := range b.Dossier.Overdue {
		if o.Department == b.department {
			overdue = append(overdue, o)
		}
	}
	if len(overdue) > 0 {
		s.Blocks = append(s.Blocks, b.OverdueTable("cases-overdue", b.F("逾期 %d 件", "Overdue cases: %d", len(overdue)), overdue, false))
	} else {
		s.Blocks = append(s.Blocks, document.P(b.T("本月没有逾期事项。", "No case is overdue this month.")))
	}
	if stale := b.stale(); len(stale) > 0 {
		resources, slots := b.missed()
		t := b.StaleTable("cases-stale", b.F("%d 个资源有 %d 个更新周期落空", "%d resources missed %d updates", resources, slots), stale[:min(mostCases, len(stale))])
		b.rest(t, len(stale))
		s.Blocks = append(s.Blocks, t)
	}
	if dormant := b.dormant(); len(dormant) > 0 {
		t := b.SleepersTable("cases-dormant", b.F("%d 个沉睡资源（挂接满 180 天，近 180 天无其他部门取用）", "%d dormant resources (mounted 180 days or more, not taken by others within 180 days)", len(dormant)), dormant[:min(mostCases, len(dormant))], false)
		b.rest(t, len(dormant))
		s.Blocks = append(s.Blocks, t)
	}
	return s, nil
}

func (b *builder) rest(t *document.Table, all int) {
	if more := all - len(t.Rows); more > 0 {
		t.Note = b.F("另有 %d 条未列。", "%d more are not listed.", more)
	}
}
