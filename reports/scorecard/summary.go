package scorecard

import (
	"fmt"
	"slices"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/finding"
	"weir/reports/reading"
)

const mostFindings = 5

// summary is the page that says it all.
func (b *builder) summary() (document.Section, error) {
	s := document.Section{ID: "summary", Title: b.T("总体情况", "Summary")}
	if note := b.SuccessionNote(b.department); note != nil {
		s.Blocks = append(s.Blocks, note)
	}
	score, ok := b.Score(b.department)
	if !ok || !score.Total.Scored {
		s.Blocks = append(s.Blocks, &document.Note{Level: document.NoteCaution, Body: []document.Paragraph{*document.P(b.T(
			"本月没有可计分的指标，不评分、不排名。下列各表按实际状态列示，未测、缺数与不适用均不以 0 代替。",
			"No indicator can be scored this month: no score, no rank. The tables below show what there is; nothing absent stands as 0."))}})
		return s, nil
	}
	s.Blocks = append(s.Blocks, &document.KeyFigures{Items: b.headlines(score)}, document.P(b.Standing(b.department)))
	if text := b.firmness(); text != "" {
		s.Blocks = append(s.Blocks, document.P(text))
	}
	if score.CapReason != "" {
		s.Blocks = append(s.Blocks, &document.Note{Level: document.NoteBreach, Title: b.T("等级被下调", "Grade lowered"), Body: []document.Paragraph{*document.P(b.Cap(score))}})
	}
	findings := document.Section{ID: "findings", Title: b.T("主要发现", "Findings")}
	if top := finding.Top(b.findings, mostFindings); len(top) > 0 {
		findings.Blocks = append(findings.Blocks, &document.List{Ordered: true, Items: finding.Paragraphs(top)})
	}
	if !finding.Has(b.findings, finding.Changed) {
		text := b.T("与上月相比，本部门各指标无显著变化（校正多重检验后）。", "Against last month no indicator of this department changed significantly (corrected for many tests).")
		switch {
		case b.Previous() == nil:
			text = b.T("上月未结算，本期不作环比。", "The month before is not closed: nothing is compared.")
		case b.Joined(b.department) != "":
			text = b.NotCompared(b.department)
		}
		findings.Blocks = append(findings.Blocks, document.P(text))
	}
	s.Sections = append(s.Sections, findings)
	return s, nil
}

// headlines are the score and the four indices of the department.
func (b *builder) headlines(score scoring.Result) []document.KeyFigure {
	points := b.T("分", "points")
	k := document.KeyFigure{Label: b.T("综合得分", "Score"), Value: document.Num(score.Total.Score), Decimals: 2, Unit: points, Change: b.ScoreChange(b.department)}
	if st, ok := b.Month.Standing(b.department); ok && st.Data.Scored {
		k.Interval = &document.Interval{Low: st.Data.Score.Low, High: st.Data.Score.High, Level: 0.95}
	}
	if median, n, ok := b.ClassScore(b.department); ok {
		k.Note = b.F("同类另 %d 个部门中位数 %s", "median of %d others of the class: %s", n, document.FormatNumber(median, 2))
	}
	grade := document.KeyFigure{Label: b.F("等级“%s”，名次", "Grade “%s”, rank", b.Grade(score.Grade)), Value: document.Num(float64(score.Rank)),
		Unit: b.F("/ %d", "of %d", len(b.Ranked()))}
	if st, ok := b.Month.Standing(b.department); ok && st.Data.Scored {
		grade.Interval = &document.Interval{Low: st.Data.Rank.Low, High: st.Data.Rank.High, Level: 0.95}
	}
	items := []document.KeyFigure{k, grade}
	previous, _ := reading.ScoreIn(b.Previous(), b.department)
	for _, t := range score.Indices {
		item := document.KeyFigure{Label: b.F("%s指数", "%s index", b.DimensionName(t.ID)), Value: document.None(document.NotApplicable), Decimals: 1, Unit: points}
		if t.Scored {
			item.Value = document.Num(t.Score)
		}
		for _, was := range previous.Indices {
			if was.ID == t.ID && was.Scored && t.Scored {
				item.Change = document.Change{Value: document.Num(scoring.Round(t.Score-was.Score, 1)), Decimals: 1, Unit: points, Against: b.Since(b.department)}
			}
		}
		items = append(items, item)
	}
	return items
}

// firmness says how sure the grade is.
func (b *builder) firmness() string {
	st, ok := b.Month.Standing(b.department)
	if !ok || !st.Data.Scored {
		return ""
	}
	var parts []string
	var shares []float64
	for _, g := range st.Data.Grades {
		shares = append(shares, g.Probability)
	}
	for i, percent := range document.Percents(shares...) {
		if percent > 0 {
			parts = append(parts, fmt.Sprintf("“%s” %.0f%%", b.Grade(st.Data.Grades[i].Grade), percent))
		}
	}
	return b.F("计入各指标数值的不确定性后，等级的可能性为：%s；名次 95%% 区间 %s–%s。", "With the uncertainty of the values counted in, the probabilities of the grades are: %s; the 95%% interval of the rank is %s to %s.",
		b.List(parts), document.FormatNumber(st.Data.Rank.Low, 0), document.FormatNumber(st.Data.Rank.High, 0))
}

// composition shows where the points come from and what changed the score since last month.
func (b *builder) composition() (document.Section, error) {
	s := document.Section{ID: "composition", Title: b.T("得分构成", "How the score is made up")}
	score, ok := b.Score(b.department)
	if !ok || !score.Total.Scored {
		return s, nil
	}
	before, _ := reading.ScoreIn(b.Previous(), b.department)
	t := &document.Table{ID: "composition-groups", Title: b.T("按预算绩效口径（执行 10、产出 50、效益 30、满意度 10）的得分", "Points by the budget performance scheme (execution 10, output 50, benefit 30, satisfaction 10)"), Source: b.Source(),
		Note: b.T("分值为已测部分；未测指标不计，百分制得分 = 得分 ÷ 分值 × 100。", "Points possible are those of what was measured; score = points ÷ possible × 100."),
		Columns: []document.Column{
			{ID: "group", Title: b.T("组成", "Part")},
			{ID: "nominal", Title: b.T("方案分值", "In the scheme"), Kind: document.KindNumber, Decimals: 2},
			{ID: "points", Title: b.T("得分", "Points"), Kind: document.KindNumber, Decimals: 2},
			{ID: "weight", Title: b.T("分值", "Possible"), Kind: document.KindNumber, Decimals: 2},
			{ID: "share", Title: b.T("得分率", "Share reached"), Unit: "%", Kind: document.KindNumber, Decimals: 1, Ratio: document.Ratio{Numerator: "points", Denominator: "weight", Factor: 100}},
			{ID: "before", Title: b.T("上月得分率", "Last month"), Unit: "%", Kind: document.KindNumber, Decimals: 1},
		}}
	for _, g := range score.Total.Groups {
		row := document.Row{Strong: g.Depth <= 1, Level: max(0, g.Depth-1)}
		share, was := document.Of(document.None(document.NotApplicable)), document.Empty()
		if g.Scored && g.Weight > 0 {
			share = document.Number(100 * g.Points / g.Weight) // as the workbook computes it; the score is rounded already
		}
		for _, old := range before.Total.Groups {
			if old.ID == g.ID && old.Depth == g.Depth && old.Scored {
				was = document.Number(old.Score)
			}
		}
		row.Cells = []document.Cell{document.Text(b.GroupName(g.ID)), document.Number(g.Nominal), document.Number(g.Points), document.Number(g.Weight), share, was}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) > 1 { // the root comes first in the tally and last on paper
		t.Rows = append(t.Rows[1:], t.Rows[0])
	}
	s.Blocks = append(s.Blocks, t)
	return s, b.waterfall(&s, before.Total, score.Total)
}

// mostSteps is how many indicators a waterfall names.
const mostSteps = 10

// waterfall decomposes the change of the score into indicators.
func (b *builder) waterfall(s *document.Section, before, now scoring.Tally) error {
	if !before.Scored || !now.Scored {
		return nil
	}
	d, err := scoring.Decompose(before, now)
	if err != nil {
		return err
	}
	f := figure.Waterfall{Head: figure.Head{ID: "composition-change", Unit: b.T("分", "points"), Source: b.Source(),
		Note: b.F("分解精确到 0.01 分：数值变化合计 %s，目标 %s，权重 %s，数据有无 %s。", "Exact to 0.01 points: values %s in all, targets %s, weights %s, availability of data %s.",
			document.FormatSigned(d.Value, 2), document.FormatSigned(d.Target, 2), document.FormatSigned(d.Weight, 2), document.FormatSigned(d.Availability, 2))},
		StartName: b.Period(b.Previous().Month), EndName: b.Period(b.Month.Month), Start: d.Before, End: d.After, Decimals: 2}
	rest, others := 0.0, 0
	for _, line := range d.Lines {
		p := b.Indicator(line.Indicator)
		switch {
		case line.Total == 0:
		case p == nil || len(f.Steps) == mostSteps:
			rest, others = rest+line.Total, others+1
		default:
			f.Steps = append(f.Steps, figure.Step{Label: figure.Label{ID: p.ID, Name: p.Name.In(b.Lang)}, Amount: line.Total, Note: b.stepNote(line)})
		}
	}
	if others > 0 {
		f.Steps = append(f.Steps, figure.Step{Label: figure.Label{ID: "rest", Name: b.F("其他 %d 项", "%d others", others)}, Amount: scoring.Round(rest, 2)})
	}
	if len(f.Steps) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("各指标得分与上月相同。", "No indicator's points changed since last month.")))
		return nil
	}
	if joined := b.Joined(b.department); joined != "" {
		f.Note += b.F("变化包含并入%s的影响。", " The change includes what came with %s.", joined)
	}
	largest := f.Steps[0]
	f.Title = b.F("得分较上月 %s，最大一项来自%s（%s）", "The score moved by %s since last month, the largest part from %s (%s)", document.FormatSigned(d.Change, 2), largest.Name, document.FormatSigned(largest.Amount, 2))
	return figure.Add(s, b.Lang, f)
}

// stepNote says which part of a change is not the value's.
func (b *builder) stepNote(line scoring.ChangeLine) string {
	var parts []string
	for _, p := range []struct {
		name   string
		amount float64
	}{{b.T("目标", "target"), line.Target}, {b.T("权重", "weight"), line.Weight}, {b.T("数据有无", "availability"), line.Availability}} {
		if p.amount != 0 {
			parts = append(parts, p.name+" "+document.FormatSigned(p.amount, 2))
		}
	}
	return b.List(parts)
}

// comparison holds the department against target, class and its own past.
func (b *builder) comparison() (document.Section, error) {
	s := document.Section{ID: "comparison", Title: b.T("对照目标、同类与自身历史", "Against target, class and own past")}
	if err := b.history(&s); err != nil {
		return s, err
	}
	f := figure.IntervalDots{Head: figure.Head{ID: "comparison-rates", Unit: "%", Source: b.Source(),
		Note: b.T("横线为 95% 区间。同类中位数不含本部门，同类另有部门不足 3 个时不列。", "Lines are 95% intervals. Class medians leave this department out and need three others.")},
		Decimals: 1, Low: 0, High: 100, MedianName: b.T("同类中位数", "class median"), EarlierName: b.T("上月", "last month")}
	reached, held := 0, 0
	for _, group := range b.Grouped() {
		for _, p := range group.Indicators {
			v, ok := b.Value(p.ID, b.department)
			if !ok || p.Unit != "%" || p.Dimension == "diagnostics" || p.Dimension == "integrity" || v.State == scoring.NotMeasured {
				continue
			}
			item := figure.DotItem{Label: figure.Label{ID: p.ID, Name: p.Name.In(b.Lang), Group: group.Name}, Value: reading.Number(v), Interval: reading.Interval(v),
				Target: v.Target, N: reading.Cases(v)}
			if median, _, has := b.ClassMedian(p.ID, b.department); has {
				item.Median = &median
			}
			if was, has := b.Before(p.ID, b.department); has && reading.Number(was).Ok() {
				item.Earlier = was.Value
			}
			if meets, has := reading.MeetsTarget(p, v); has {
				held++
				if meets {
					reached++
				}
			}
			f.Items = append(f.Items, item)
		}
	}
	if len(f.Items) == 0 {
		return s, nil
	}
	f.Title = b.F("%d 项有目标的百分比指标中 %d 项达到目标", "Of %d percentages with a target %d reach it", held, reached)
	if held == 0 {
		f.Title = b.T("没有可与目标比较的百分比指标", "No percentage can be held against a target")
	}
	return s, figure.Add(&s, b.Lang, f)
}

// historyMonths is a year and the month itself.
const historyMonths = 13

// history draws score and indices over the months.
func (b *builder) history(s *document.Section) error {
	months := b.Months(historyMonths)
	if len(months) < 2 {
		s.Blocks = append(s.Blocks, document.P(b.T("只有一个已结月份，暂无历史。", "Only one month is closed: there is no past yet.")))
		return nil
	}
	f := figure.Trend{Head: figure.Head{ID: "comparison-history", Unit: b.T("分", "points"), Source: b.Source(),
		Note: b.T("预算执行等按年累计的指标使得分随年度推进而升高，并在年初回落。", "Indicators that add up over the year, such as budget execution, make scores rise with the year and fall back at its start.")}, Decimals: 2, Low: 0, High: 100}
	total := figure.Series{Label: figure.Label{ID: "total", Name: b.T("综合得分", "Score")}}
	indices := []string{"liquidity", "timeliness", "reuse", "performance"}
	series := make([]figure.Series, len(indices))
	for i, id := range indices {
		series[i] = figure.Series{Label: figure.Label{ID: id, Name: b.DimensionName(id)}}
	}
	for _, m := range months {
		f.Periods = append(f.Periods, m.Month)
		result, _ := reading.ScoreIn(m, b.department)
		total.Values = append(total.Values, tallied(result.Total))
		for i, id := range indices {
			at := slices.IndexFunc(result.Indices, func(t scoring.Tally) bool { return t.ID == id })
			value := document.None(document.NotApplicable)
			if at >= 0 {
				value = tallied(result.Indices[at])
			}
			series[i].Values = append(series[i].Values, value)
		}
	}
	f.Series = append([]figure.Series{total}, series...)
	if text := reading.Without(months, b.department, b.Lang); text != "" {
		f.Note += b.T("", " ") + text
	}
	f.Title = b.historyTitle(months, total.Values)
	return figure.Add(s, b.Lang, f)
}

func tallied(t scoring.Tally) document.Value {
	if !t.Scored {
		return document.None(document.NotApplicable)
	}
	return document.Num(t.Score)
}

func (b *builder) historyTitle(months []*metrics.Month, values []document.Value) string {
	first := slices.IndexFunc(values, document.Value.Ok)
	if first < 0 || !values[len(values)-1].Ok() {
		return b.T("各月得分与指数", "Score and indices by month")
	}
	return b.F("综合得分由 %s的 %s 变为 %s的 %s", "The score went from %[2]s in %[1]s to %[4]s in %[3]s", b.Period(months[first].Month), document.FormatNumber(values[first].Number, 2),
		b.Period(b.Month.Month), document.FormatNumber(values[len(values)-1].Number, 2))
}
