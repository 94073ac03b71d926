package monthly

import (
	"slices"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/metrics/stats"
	"weir/reports/document"
	"weir/reports/finding"
	"weir/reports/reading"
)

// mostFindings keeps the list to what a reader takes in.
const mostFindings = 5

// overview is the page that says it all: headline figures, the findings, what needs a decision.
func (b *builder) overview() (document.Section, error) {
	s := document.Section{ID: "overview", Title: b.T("本月概览", "The month at a glance")}
	items, err := b.headlines()
	if err != nil {
		return s, err
	}
	if len(items) > 0 {
		s.Blocks = append(s.Blocks, &document.KeyFigures{Items: items})
	}
	findings := document.Section{ID: "findings", Title: b.T("主要发现", "Findings")}
	if top := finding.Top(b.findings, mostFindings); len(top) > 0 {
		findings.Blocks = append(findings.Blocks, &document.List{Ordered: true, Items: finding.Paragraphs(top)})
	}
	if !finding.Has(b.findings, finding.Changed) {
		findings.Blocks = append(findings.Blocks, document.P(b.noChange()))
	}
	if text := b.NotCompared(b.Departments()...); text != "" {
		findings.Blocks = append(findings.Blocks, document.P(text))
	}
	decisions := document.Section{ID: "decisions", Title: b.T("需要决策的事项", "What needs a decision"), Blocks: b.decisions()}
	s.Sections = []document.Section{findings, decisions}
	return s, nil
}

// headlines are the score and the four indices, as the median of the departments with the middle half of them, and
// what moved and what was late in the month.
func (b *builder) headlines() ([]document.KeyFigure, error) {
	var items []document.KeyFigure
	previous := b.Previous()
	type index struct {
		id   string
		name string
	}
	list := []index{{"", b.T("综合得分（部门中位数）", "Score (median department)")}}
	for _, id := range []string{"liquidity", "timeliness", "reuse", "performance"} {
		list = append(list, index{id, b.F("%s指数（部门中位数）", "%s index (median department)", b.DimensionName(id))})
	}
	for _, x := range list {
		now := indexScores(b.Month, x.id)
		if len(now) == 0 {
			continue
		}
		k, err := b.medianFigure(x.name, now, indexScores(previous, x.id))
		if err != nil {
			return nil, err
		}
		k.Link = "ranking"
		items = append(items, k)
	}
	return append(append(items, b.exchanges()), b.lateCases()...), nil
}

func (b *builder) medianFigure(name string, now, before []float64) (document.KeyFigure, error) {
	k := document.KeyFigure{Label: name, Decimals: 1, Unit: b.T("分", "points")}
	var quartiles [3]float64
	for i, q := range []float64{.25, .5, .75} {
		v, err := stats.Quantile(now, q)
		if err != nil {
			return k, err
		}
		quartiles[i] = v
	}
	k.Value = document.Num(quartiles[1])
	k.Note = b.F("%d 个部门，中间一半在 %s–%s", "%d departments, the middle half from %s to %s", len(now),
		document.FormatNumber(quartiles[0], 1), document.FormatNumber(quartiles[2], 1))
	if len(before) > 0 {
		was, err := stats.Median(before)
		if err != nil {
			return k, err
		}
		k.Change = document.Change{Value: document.Num(scoring.Round(quartiles[1]-was, 1)), Decimals: 1, Unit: k.Unit, Against: b.T("较上月", "since last month")}
	}
	return k, nil
}

// indexScores are the scores of all departments in a headline index, or their totals for "".
func indexScores(m *metrics.Month, id string) []float64 {
	if m == nil {
		return nil
	}
	var list []float64
	for _, s := range m.Scores {
		if id == "" {
			if s.Total.Scored {
				list = append(list, s.Total.Score)
			}
			continue
		}
		for _, t := range s.Indices {
			if t.ID == id && t.Scored {
				list = append(list, t.Score)
			}
		}
	}
	return list
}

// exchanges is how much moved between departments; nothing where no log is connected.
func (b *builder) exchanges() document.KeyFigure {
	k := document.KeyFigure{Label: b.T("部门间有效交换", "Effective exchanges"), Unit: b.T("次", ""), Link: "flows"}
	if !b.Dossier.Connected["usage_event"] && len(b.Month.Flows) == 0 {
		return k // the zero value is "not measured"
	}
	k.Value = document.Num(exchanged(b.Month))
	if previous := b.Previous(); previous != nil {
		k.Change = document.Change{Value: document.Num(k.Value.Number - exchanged(previous)), Unit: k.Unit, Against: b.T("较上月", "since last month")}
	}
	pairs := len(b.Month.Flows)
	if n := len(b.Month.Departments); n > 1 {
		k.Note = b.F("%d 对供需部门，占全部可能的 %s%%", "%d pairs of departments, %s%% of all possible", pairs, document.FormatNumber(100*float64(pairs)/float64(n*(n-1)), 1))
	}
	return k
}

func exchanged(m *metrics.Month) float64 {
	sum := 0.0
	for _, flow := range m.Flows {
		sum += float64(flow.Exchanges)
	}
	return sum
}

// lateCases is how many cases passed a limit in the month.
func (b *builder) lateCases() []document.KeyFigure {
	due, late, legal := 0, 0, 0
	for _, t := range finding.Tallies(b.Reading, "") {
		due, late = due+t.Due, late+t.Late
		if t.Rule.IsLaw {
			legal += t.Late
		}
	}
	if due == 0 {
		return nil
	}
	k := document.KeyFigure{Label: b.T("逾期事项", "Overdue cases"), Value: document.Num(float64(late)), Unit: b.T("件", ""), Link: "limits",
		Note: b.F("到期 %d 件，其中超过法定时限 %d 件", "%d fell due; %d passed a legal limit", due, legal)}
	items := []document.KeyFigure{k}
	stored, asleep, cost, known := 0.0, 0.0, 0.0, false
	for _, s := range finding.Stores(b.Reading) {
		stored, asleep, cost, known = stored+s.Stored, asleep+s.Asleep, cost+s.Cost, known || s.HasCost
	}
	if stored > 0 && known {
		items = append(items, document.KeyFigure{Label: b.T("沉睡存储的年成本（估算）", "Yearly cost of dormant storage (estimate)"), Value: document.Num(b.InMoneyUnit(cost)),
			Decimals: min(1, b.MoneyColumn("", "").Decimals), Unit: b.MoneyUnit(), Link: "storage", Note: b.F("%s 存储中 %s 沉睡", "%[2]s of %[1]s asleep", finding.Bytes(stored), finding.Bytes(asleep))})
	}
	return items
}

func (b *builder) noChange() string {
	if b.Previous() == nil {
		return b.T("上月未结算，本期不作环比。", "The month before is not closed: nothing is compared.")
	}
	return b.T("与上月相比，各部门各指标无显著变化（校正多重检验后）。",
		"Against last month no indicator of any department changed significantly (corrected for many tests).")
}

// mostLowest is how many departments in the lowest grade are named, the lowest score first: the overview is one page.
const mostLowest = 3

// decisions lists what somebody has to decide: departments in the lowest grade, lowered grades, rows that wait.
func (b *builder) decisions() []document.Block {
	var items []document.Paragraph
	var lowest []scoring.Result
	for _, s := range slices.Backward(b.Ranked()) {
		if len(b.Bands) > 0 && b.Band(s.Grade) == len(b.Bands)-1 {
			lowest = append(lowest, s)
		}
	}
	for _, s := range lowest[:min(mostLowest, len(lowest))] {
		items = append(items, document.Paragraph{Spans: []document.Span{b.name(s.Department),
			{Text: b.F("得 %s 分，等级“%s”。失分最多：%s。建议核实后由主管部门约谈并商定整改期限。",
				" scores %s, grade “%s”. Most points lost on: %s. Proposal: verify, then the authority agrees on a date for correction.",
				document.FormatNumber(s.Total.Score, 2), b.Grade(s.Grade), b.Losses(s, 3))}}})
	}
	if more := len(lowest) - mostLowest; more > 0 {
		items = append(items, document.Paragraph{Spans: []document.Span{{Text: b.F("另有 %d 个部门同为等级“%s”，建议一并核实，", "%d more departments have the grade “%s”; proposal: verify them as well, ", more, b.Grade(lowest[0].Grade))},
			{Text: b.T("见部门得分与等级", "see scores and grades"), Link: "ranking"}, {Text: b.T("。", ".")}}})
	}
	for _, s := range b.Ranked() {
		if s.CapReason != "" {
			items = append(items, document.Paragraph{Spans: []document.Span{b.name(s.Department),
				{Text: b.F("因%s降等。建议复核事件处置情况，决定是否维持。", ": grade lowered because of a %s. Proposal: review how the incident was handled and decide whether this stands.", reading.CapReason(s.CapReason, b.Lang))}}})
		}
	}
	if waiting := b.Waiting(); waiting > 0 {
		items = append(items, document.Paragraph{Spans: []document.Span{{Text: b.F("有 %s 行数据仍在隔离区，未计入任何指标。建议通知报送部门按原因修正后重放。",
			"%s rows are still in quarantine and count in no figure. Proposal: tell the departments to correct them by the reasons listed, then replay. ", document.FormatNumber(float64(waiting), 0))},
			{Text: b.T("见数据完整性", "See “How complete this report is”"), Link: "completeness"}}})
	}
	if len(items) == 0 {
		return []document.Block{document.P(b.T("本月没有部门处于最低等级，没有等级被下调，没有数据待修正。", "No department stands in the lowest grade, no grade was lowered, no rows wait for correction."))}
	}
	return []document.Block{&document.List{Items: items}}
}

// name is the department with a link to its section.
func (b *builder) name(department string) document.Span {
	s := document.Span{Text: b.Name(department), Strong: true}
	if b.Has(department) {
		s.Link = reading.DepartmentSection(department)
	}
	return s
}
