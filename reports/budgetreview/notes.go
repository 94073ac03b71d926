package budgetreview

import (
	"weir/reports/document"
	"weir/reports/finding"
	"weir/reports/reading"
)

const mostProblems = 8

// problems is chapter 5: what was found, with the reasons that departments gave.
func (b *builder) problems() (document.Section, error) {
	s := document.Section{ID: "problems", Title: b.T("主要做法、存在的问题及原因分析", "Findings and their reasons")}
	good := document.Section{ID: "problems-good", Title: b.T("主要做法与成效", "What went well")}
	var better, worse []document.Paragraph
	for _, f := range finding.Top(b.findings, len(b.findings)) {
		if f.Kind == finding.Changed && f.Better {
			better = append(better, f.Paragraph)
		} else if f.Kind != finding.Anomaly {
			worse = append(worse, f.Paragraph)
		}
	}
	if len(better) > 0 {
		good.Blocks = append(good.Blocks, &document.List{Items: better[:min(mostProblems, len(better))]})
	} else {
		good.Blocks = append(good.Blocks, document.P(b.T("与上月相比没有显著向好的变化。", "Nothing improved significantly since last month.")))
	}
	if text := b.NotCompared(b.Departments()...); text != "" {
		good.Blocks = append(good.Blocks, document.P(text))
	}
	bad := document.Section{ID: "problems-bad", Title: b.T("存在的问题", "What is wrong")}
	if len(worse) > 0 {
		bad.Blocks = append(bad.Blocks, &document.List{Items: worse[:min(mostProblems, len(worse))]})
	} else {
		bad.Blocks = append(bad.Blocks, document.P(b.T("未发现需要列示的问题。", "Nothing to be listed was found.")))
	}
	reasons := document.Section{ID: "problems-reasons", Title: b.T("偏差原因", "Reasons for deviations"), Blocks: b.reasons()}
	s.Sections = []document.Section{good, bad, reasons}
	return s, nil
}

// reasons lists what departments stated for their deviations, and how many owe one.
func (b *builder) reasons() []document.Block {
	t := &document.Table{ID: "problems-stated", Title: b.T("部门报送的偏差原因", "Reasons as the departments stated them"), Source: b.Source(), Columns: []document.Column{
		{ID: "department", Title: b.T("部门", "Department")}, {ID: "project", Title: b.T("项目", "Project")}, {ID: "target", Title: b.T("指标", "Target")},
		{ID: "attained", Title: b.T("完成率", "Attained"), Unit: "%", Kind: document.KindNumber, Decimals: 1}, {ID: "reason", Title: b.T("原因与改进措施", "Reason and remedy")},
	}}
	exceeded, short := 0, 0
	for _, a := range b.accounts {
		for _, p := range a.projects {
			for _, x := range p.targets {
				switch {
				case x.exceeded:
					exceeded++
				case x.unexplained():
					short++
				}
				if x.Reason == "" {
					continue
				}
				attained := document.Of(document.None(x.state))
				if x.state == document.Measured {
					attained = document.Number(100 * x.fraction)
				}
				t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(b.Name(a.department)), document.Text(p.title()), document.Text(x.Title), attained, document.Text(x.Reason)}})
			}
		}
	}
	text := b.F("项目绩效指标中，部门共说明 %d 项偏差原因。", "For targets of projects, departments stated %d reasons. ", len(t.Rows))
	if short > 0 {
		text += b.F("另有 %d 项未达年度指标值而未说明原因，附件 2 中列为“待部门说明”。", "%d more are below the target of the year without a reason and stand in annex 2 as to be explained. ", short)
	}
	if exceeded > 0 {
		text += b.F("另有 %d 项完成值超过年度指标值 30%% 而未说明原因，可能是目标定得过低，应予补充。", "For %d more the result is 30%% above the target without a reason: the target may have been too low, and a reason is owed.", exceeded)
	}
	if len(t.Rows) == 0 && exceeded+short == 0 {
		text = b.T("部门没有报送偏差原因，也没有应说明而未说明者。", "No reasons were stated and none are owed.")
	}
	blocks := []document.Block{document.P(text)}
	if len(t.Rows) > 0 {
		blocks = append(blocks, t)
	}
	return blocks
}

// notes is chapter 7: what limits the review.
func (b *builder) notes() (document.Section, error) {
	s := document.Section{ID: "notes", Title: b.T("其他需要说明的问题", "What else must be said")}
	list := &document.List{Ordered: true, Items: []document.Paragraph{
		*document.P(b.T("本报告为年中口径：绩效目标为全年目标，执行数截至数据截止日；年终自评以全年数据为准。", "This is a view within the year: targets are those of the whole year, spending is to the day of the data; the self-evaluation of the year rests on the whole year.")),
		*document.P(b.T("绩效目标与完成值由部门自行报送，未经核查；双监控以此为据。", "Targets and results are reported by the departments and not audited; dual monitoring rests on them.")),
		*document.P(b.T("支出未按资金来源和资源记账：自评表中分来源的执行数列为“未测”，沉睡存储成本为按占比分摊的估算。", "Spending is not booked by source of funds or by resource: execution by source is “not measured” in the forms, and the cost of dormant storage is an estimate by share.")),
		*document.P(b.T("标注“二手来源”的规则未核对原文，正式使用前应以原文为准；各项门槛可在配置中调整。", "Rules marked as secondary source were not read in the original; check before official use. Thresholds can be set in the configuration.")),
		*document.P(b.T("数据泄露等降等情形按配置执行，事件处置情况应另行核查。", "Grades lowered for data leaks follow the configuration; how the incidents were handled is to be looked into apart.")),
	}}
	for _, d := range b.Departments() {
		if text := reading.Includes(b.Month, d, b.Lang); text != "" {
			list.Items = append(list.Items, *document.P(b.Name(d) + b.T("：", ": ") + text))
		}
	}
	s.Blocks = append(s.Blocks, list)
	return s, nil
}
