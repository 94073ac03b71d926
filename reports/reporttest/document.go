package reporttest

import (
	"fmt"
	"math"
	"time"

	"weir/internal/lang"
	"weir/reports/document"
	"weir/reports/figure"
)

// Document is a report with every kind of block, 40 departments, all states and
// hostile names.
func Document(l lang.Lang) (*document.Document, error) {
	d := &document.Document{
		Kind: "test", ID: "test-2026-10", Lang: l,
		Title:        l.Pick("政务数据共享月度总览", "Monthly overview of government data sharing"),
		Subtitle:     l.Pick("全市 40 个部门", "40 departments"),
		Organisation: l.Pick("某某市财政局绩效管理处", "Finance Bureau, Office of Performance"),
		Period:       l.Pick("2026年10月", "October 2026"), Issue: l.Pick("第10期", "No. 10"),
		Date:  time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC),
		Stamp: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		Facts: []document.Fact{
			{Label: l.Pick("数据截至", "Data until"), Value: "2026-10-31 24:00"}, {Label: l.Pick("修订", "Revision"), Value: "1"},
			{Label: l.Pick("定义版本", "Definitions"), Value: "46"}, {Label: l.Pick("未接入数据源", "Sources not connected"), Value: l.Pick("满意度调查、系统发布", "surveys, releases")},
		},
	}
	summary := document.Section{ID: "summary", Title: l.Pick("一页看全", "The month on one page"), Blocks: []document.Block{keyFigures(l), findings(l), notes(l)}}
	ranking := document.Section{ID: "ranking", Title: l.Pick("部门排名", "Ranking")}
	matrix := document.Section{ID: "matrix", Title: l.Pick("部门与指标", "Departments and indicators")}
	flow := document.Section{ID: "flow", Title: l.Pick("部门间流转", "Flows between departments")}
	time := document.Section{ID: "time", Title: l.Pick("时效", "Timeliness")}
	money := document.Section{ID: "money", Title: l.Pick("资金", "Money"), Blocks: []document.Block{spending(l)}}
	half := Ranking(l, 8)
	half.ID, half.Half = "half-ranking", true
	funnel := Funnel(l)
	funnel.Half = true
	none := Flows(l, 40)
	none.ID, none.Links, none.Title = "no-flows", nil, l.Pick("5 月没有跨部门流转", "Nothing flowed in May")
	explained := HeatMap(l, 40, 8)
	for i := range explained.Cells {
		explained.Cells[i][4].Explain = "update." + explained.Rows[i].ID
	}
	for _, add := range []struct {
		s *document.Section
		b []figure.Builder
	}{
		{&ranking, []figure.Builder{Ranking(l, 40), half, funnel}}, {&matrix, []figure.Builder{explained}}, {&flow, []figure.Builder{Flows(l, 40), none}},
		{&time, []figure.Builder{Trend(l), SmallMultiples(l, 40), HorizontalBars(l)}}, {&money, []figure.Builder{BarLine(l), Waterfall(l)}},
	} {
		if err := figure.Add(add.s, l, add.b...); err != nil {
			return nil, err
		}
	}
	money.Blocks = append(money.Blocks, Form(l))
	departments := document.Section{ID: "departments", Title: l.Pick("分部门情况", "By department"), PageBreak: true}
	for i, dep := range Departments() {
		departments.Sections = append(departments.Sections, department(l, i, dep))
	}
	dots := Dots(l)
	if err := figure.Add(&departments.Sections[0], l, dots); err != nil {
		return nil, err
	}
	d.Sections = []document.Section{summary, ranking, matrix, flow, time, money, departments}
	explain(d, l)
	return d, nil
}

// Brief is a short report for tests in which the content does not matter: key
// figures, two charts, a table with every state, explanations.
func Brief(l lang.Lang) (*document.Document, error) {
	d, err := Document(l)
	if err != nil {
		return nil, err
	}
	for i := range d.Sections {
		if d.Sections[i].ID == "departments" {
			continue
		}
		var kept []document.Block
		for _, b := range d.Sections[i].Blocks {
			if f, ok := b.(*document.Figure); ok && f.ID != "barline" && f.ID != "waterfall" && f.Option != nil {
				continue
			}
			kept = append(kept, b)
		}
		d.Sections[i].Blocks = kept
	}
	d.ID = "brief-2026-10"
	return d, nil
}

func keyFigures(l lang.Lang) *document.KeyFigures {
	target := 80.0
	point := l.Pick("分", "points")
	change := func(v float64, good int) document.Change {
		return document.Change{Value: document.Num(v), Decimals: 1, Unit: point, Against: l.Pick("较上月", "against last month"), Good: good}
	}
	return &document.KeyFigures{Items: []document.KeyFigure{
		{Label: l.Pick("流动性", "Liquidity"), Value: document.Num(78.4), Decimals: 1, Unit: point, Interval: &document.Interval{Low: 75.2, High: 81.1, Level: 0.95}, Change: change(1.6, 1), Target: &target, Link: "ranking", Explain: "update"},
		{Label: l.Pick("时效性", "Timeliness"), Value: document.Num(71.9), Decimals: 1, Unit: point, Interval: &document.Interval{Low: 69, High: 74.5, Level: 0.95}, Change: change(-2.3, -1), Target: &target, Link: "time"},
		{Label: l.Pick("复用", "Reuse"), Value: document.Num(55), Decimals: 1, Unit: point, Change: change(0.2, 0), Note: l.Pick("变化不显著", "change not significant")},
		{Label: l.Pick("绩效管理", "Performance management"), Value: document.None(document.NotMeasured), Note: l.Pick("预算表未接入", "budget not connected")},
		{Label: l.Pick("全年支出", "Spending"), Value: document.Num(1234567890123), Unit: l.Pick("元", "yuan")},
	}}
}

func findings(l lang.Lang) *document.List {
	plain := func(s string) document.Paragraph { return document.Paragraph{Spans: []document.Span{{Text: s}}} }
	return &document.List{Ordered: true, Items: []document.Paragraph{
		{Spans: []document.Span{{Text: l.Pick("教育局", "Education"), Strong: true, Link: "department-D02"}, {Text: l.Pick("答复及时率 ", " replied on time in ")}, {Text: "97.1%", Explain: "update.D02"}, {Text: l.Pick("，较上月提高 6.2 个百分点，超出随机波动。", ", 6.2 points more than last month, beyond chance.")}}},
		plain(l.Pick("12 件申请超过《政务数据共享条例》第二十一条规定的 10 个工作日，涉及 4 个部门。", "12 requests passed the 10 working days of article 21; four departments are concerned.")),
		plain(l.Pick("沉睡存储 1.8 TB，年存储费用约 214.6 万元，占全部存储的 31.4%。", "1.8 TB lie dormant; they cost 2.146 million yuan a year, 31.4% of all storage.")),
	}}
}

func notes(l lang.Lang) *document.Note {
	return &document.Note{Level: document.NoteCaution, Title: l.Pick("数据完整性", "Completeness"), Body: []document.Paragraph{
		*document.P(l.Pick("统计局未报送 10 月数据，相关指标记为“缺数”，不计为零，亦不提高得分。", "Statistics delivered nothing for October; its indicators are missing, never zero, and raise no score."))}}
}

// spending is a table with sums, ratios and hostile texts.
func spending(l lang.Lang) *document.Table {
	t := &document.Table{ID: "spending", Title: l.Pick("各部门预算与执行", "Budget and spending"), Unit: l.Pick("元", "yuan"), Source: l.Pick("预算一体化系统", "budget system"), Total: true,
		Note: l.Pick("合计为可得数之和。", "Totals add what is known."),
		Columns: []document.Column{
			{ID: "department", Title: l.Pick("部门", "Department")},
			{ID: "budget", Title: l.Pick("全年预算数", "Budget"), Group: l.Pick("资金", "Money"), Kind: document.KindNumber, Decimals: 2, Total: document.TotalSum, Meaning: l.Pick("全年预算数（A）", "budget of the year (A)")},
			{ID: "spent", Title: l.Pick("全年执行数", "Spent"), Group: l.Pick("资金", "Money"), Kind: document.KindNumber, Decimals: 2, Total: document.TotalSum},
			{ID: "rate", Title: l.Pick("执行率", "Rate"), Unit: "%", Group: l.Pick("评价", "Judged"), Kind: document.KindNumber, Decimals: 1, Ratio: document.Ratio{Numerator: "spent", Denominator: "budget", Factor: 100}},
			{ID: "grade", Title: l.Pick("等级", "Grade"), Group: l.Pick("评价", "Judged"), Kind: document.KindGrade},
			{ID: "closed", Title: l.Pick("结项日期", "Closed"), Kind: document.KindDate},
		}}
	for i, dep := range Departments() {
		budget := document.Num(math.Round(1e4*(3+noise(i, 41)*900)) / 100)
		spent := document.Num(math.Round(budget.Number*noise(i, 42)*100) / 100)
		if i == 0 {
			budget, spent = document.Num(1234567890123), document.Num(987654321098.76)
		}
		rate := document.Num(100 * spent.Number / budget.Number)
		grade := document.Grade(GradeOf(l, rate.Number), 3-int(math.Min(3, rate.Number/25)))
		if i == Without {
			budget, spent, rate, grade = document.None(document.Missing), document.None(document.Missing), document.None(document.Missing), document.Of(document.None(document.Missing))
		}
		t.Rows = append(t.Rows, document.Row{ID: dep.ID, Cells: []document.Cell{document.Linked(dep.Name, dep.Link), document.Of(budget), document.Of(spent),
			{Value: rate, Good: int(math.Copysign(1, rate.Number-50)), Explain: "update." + dep.ID}, grade, document.Text(fmt.Sprintf("2026-%02d-%02d", 1+i%12, 1+i%28))}})
	}
	return t
}

// Form is a ruled form with cells over several columns and rows, hostile names
// and a sum.
func Form(l lang.Lang) *document.RuledForm {
	label := func(s string, columns int) document.FormCell {
		return document.FormCell{Text: s, Label: true, Columns: columns}
	}
	part := func(v document.Value) document.FormCell {
		return document.FormCell{Number: true, Value: v, Decimals: 2, Part: v.Ok()}
	}
	f := &document.RuledForm{ID: "self-evaluation", Title: l.Pick("项目支出绩效自评表", "Self-evaluation of a project"), Subtitle: l.Pick("（2026年度）", "(2026)"), Unit: l.Pick("万元", "10,000 yuan"),
		Source: l.Pick("预算一体化系统", "budget system"), Note: l.Pick("缺数计 0 分。", "Missing counts 0."), Widths: []float64{20, 60, 30, 30}}
	f.Rows = []document.FormRow{
		{Cells: []document.FormCell{label(l.Pick("项目名称", "Project"), 1), {Text: HostileNames[1] + HostileNames[2], Columns: 3}}},
		{Head: true, Cells: []document.FormCell{label(l.Pick("一级指标", "Level 1"), 1), label(l.Pick("指标", "Indicator"), 1), label(l.Pick("分值", "Of"), 1), label(l.Pick("得分", "Points"), 1)}},
		{Cells: []document.FormCell{{Text: l.Pick("产出", "Output"), Rows: 3}, {Text: HostileNames[0]}, part(document.Num(50)), part(document.Num(44.25))}},
		{Cells: []document.FormCell{{Text: HostileNames[4]}, part(document.Num(30)), part(document.None(document.Missing))}},
		{Cells: []document.FormCell{{Text: HostileNames[8]}, part(document.Num(20)), part(document.Num(20))}},
		{Cells: []document.FormCell{label(l.Pick("总分", "Total"), 2), {Number: true, Value: document.Num(100), Decimals: 2, Sum: true}, {Number: true, Value: document.Num(64.25), Decimals: 2, Sum: true}}},
	}
	f.Table = document.Table{ID: "self-evaluation-lines", Title: f.Title, Source: f.Source, Columns: []document.Column{{ID: "indicator", Title: l.Pick("指标", "Indicator")}, {ID: "points", Title: l.Pick("得分", "Points"), Kind: document.KindNumber, Decimals: 2}},
		Rows: []document.Row{{Cells: []document.Cell{document.Text(HostileNames[0]), document.Number(44.25)}}}}
	return f
}

func department(l lang.Lang, i int, dep figure.Label) document.Section {
	s := document.Section{ID: dep.Link, Title: dep.Name, Blocks: []document.Block{
		document.Spans(document.Span{Text: dep.Name, Strong: true}, document.Span{Text: l.Pick("本月得分 ", " scored ")}, document.Span{Text: scoreText(l, Score(i))}, document.Span{Text: l.Pick("。", ".")}),
	}}
	if i == Without {
		s.Blocks = append(s.Blocks, &document.Note{Level: document.NoteBreach, Body: []document.Paragraph{*document.P(l.Pick("本部门无任何数据。", "This department has no data at all."))}})
	}
	return s
}

func scoreText(l lang.Lang, v document.Value) string {
	if v.Ok() {
		return document.FormatNumber(v.Number, 1) + l.Pick(" 分", " points")
	}
	return v.State.Word(l)
}

func explain(d *document.Document, l lang.Lang) {
	d.Definitions = []document.Definition{{
		ID: "update", Name: l.Pick("数据更新及时率", "Data update on time"), Question: l.Pick("该更新的数据更新了吗？", "Were the data updated when due?"),
		Meaning: l.Pick("到期的更新周期中按时更新的占比。", "Share of due cycles that were met."), Formula: "|met| / |due|", Unit: "%", Decimals: 1, Direction: l.Pick("越高越好", "higher is better"), Version: "1",
		Numerator: l.Pick("按时更新的周期数", "cycles met"), Denominator: l.Pick("到期的周期数", "cycles due"),
		Basis: []document.Basis{{Text: l.Pick("《政务数据共享条例》第十三条第二款", "Regulation on government data sharing, article 13 paragraph 2"), Read: l.Pick("已核对原文", "text read")}},
		SQL:   "SELECT department_id, count(*) FILTER (WHERE met) AS numerator, count(*) AS denominator\nFROM update_slot\nWHERE due_at >= $period_start AND due_at < $period_end AND '</pre><script>' <> 'x'\nGROUP BY department_id\nORDER BY department_id",
	}}
	target := 95.0
	for i, dep := range Departments() {
		e := document.Explanation{ID: "update." + dep.ID, Definition: "update", Subject: dep.Name, Link: dep.Link, Value: State(i, 4), Target: &target}
		if e.Value.Ok() {
			e.Numerator, e.Denominator, e.N = document.Num(math.Round(e.Value.Number*2)), document.Num(200), document.Num(200)
			e.Interval = &document.Interval{Low: math.Max(0, e.Value.Number-6), High: math.Min(100, e.Value.Number+5), Level: 0.95, Method: "Wilson"}
			e.Points, e.PointsMax = document.Num(math.Round(e.Value.Number*6)/100), document.Num(6)
		}
		d.Explanations = append(d.Explanations, e)
	}
}
