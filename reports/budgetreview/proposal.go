package budgetreview

import (
	"slices"

	"weir/internal/lang"
	"weir/metrics/scoring"
	"weir/reports/document"
	"weir/reports/finding"
	"weir/reports/reading"
)

// usualActions are the uses of results by the place of the grade, best first.
var usualActions = []lang.Text{lang.T("优先保障", "fund with priority"), lang.T("保障", "fund"), lang.T("压缩", "reduce"), lang.T("取消", "discontinue")}

// firmGrade is the probability of a grade below which a proposal is left between two.
const firmGrade = 0.8

// leastCoverage is the share of the weight measured below which a score carries no proposal.
const leastCoverage = 0.5

// action words the proposal for a grade.
func (b *builder) action(grade string) string {
	if own, ok := b.options.Actions[grade]; ok && !own.Empty() {
		return own.In(b.Lang)
	}
	place, n := b.Band(grade), len(b.Bands)
	if n <= 1 || place >= n {
		return usualActions[1].In(b.Lang)
	}
	// Bands of another number are laid over the four by their place.
	return usualActions[place*(len(usualActions)-1)/(n-1)].In(b.Lang)
}

// proposal is what is suggested for one department.
type proposal struct {
	department string
	grade      string // "" where nothing can be proposed
	firm       bool
	text       string // the proposal itself
	grounds    string // and what it rests on
}

// proposals is chapter 6: what is suggested, grouped by the grade it rests on.
func (b *builder) proposals() (document.Section, error) {
	s := document.Section{ID: "proposals", Title: b.T("有关建议", "Proposals")}
	s.Blocks = append(s.Blocks, &document.Note{Level: document.NoteInfo, Title: b.T("如何使用本章", "How to use this chapter"), Body: []document.Paragraph{*document.P(b.T(
		"以下均为建议，依据当月数据自动生成，供预算安排参考；是否采纳、如何调整由财政部门会同主管部门核实后决定。等级可能性低于 80% 的，列出相邻两档，由人工复核。得分低不等于项目不必要，压缩或取消前应先核实数据与职责。",
		"These are proposals made from the month's data, for those who decide on budgets after verifying. Where the grade is less than 80% certain, both neighbouring proposals are named for review by people. A low score does not mean that a project is not needed: verify data and duties before reducing or discontinuing."))}})
	list := b.propose()
	grades := make([]string, 0, len(b.Bands)+1)
	for _, band := range b.Bands {
		grades = append(grades, band.Grade)
	}
	for i, grade := range append(grades, "") {
		var items []document.Paragraph
		for _, p := range list {
			if p.grade == grade {
				items = append(items, *document.Spans(document.Span{Text: b.Name(p.department) + b.T("：", ": "), Strong: true}, document.Span{Text: p.text + b.T("", " "), Strong: true}, document.Span{Text: p.grounds}))
			}
		}
		if len(items) == 0 {
			continue
		}
		title := b.F("等级“%s”：建议%s（%d 个部门）", "Grade “%s”, proposal: %s (departments: %d)", b.Grade(grade), b.action(grade), len(items))
		if grade == "" {
			title = b.F("暂不提出建议（%d 个部门）", "No proposal (departments: %d)", len(items))
		}
		s.Sections = append(s.Sections, document.Section{ID: "proposals-" + []string{"a", "b", "c", "d", "e", "f", "g", "h"}[min(i, 7)], Title: title, Blocks: []document.Block{&document.List{Ordered: true, Items: items}}})
	}
	return s, nil
}

// propose makes the proposals in the order of the ranks, departments without a score last.
func (b *builder) propose() []proposal {
	var list []proposal
	for _, r := range b.Ranked() {
		list = append(list, b.proposal(r))
	}
	for _, d := range b.Departments() {
		if r, ok := b.Score(d); !ok || !r.Total.Scored {
			list = append(list, proposal{department: d, text: b.T("不提出建议。", "No proposal."), grounds: b.T("没有可计分的指标；先补齐数据。", "No indicator can be scored; complete the data first.")})
		}
	}
	return list
}

func (b *builder) proposal(r scoring.Result) proposal {
	p := proposal{department: r.Department, grade: r.Grade, firm: true, grounds: b.grounds(r)}
	if r.Total.Coverage < leastCoverage {
		p.grade, p.firm = "", false
		p.text = b.F("不提出建议，已测权重仅占 %s%%。", "No proposal: only %s%% of the weight was measured.", document.FormatNumber(100*r.Total.Coverage, 0))
		return p
	}
	p.text = b.F("建议%s。", "Proposal: %s.", b.action(r.Grade))
	if other, probability, ok := b.rival(r); ok {
		p.firm = false
		p.text = b.F("建议在“%s”与“%s”之间由人工复核确定。", "Proposal: to be decided between “%s” and “%s” by review.", b.action(r.Grade), b.action(other))
		percents := document.Percents(b.likely(r, r.Grade), probability)
		p.grounds = b.F("等级“%s”的可能性 %.0f%%，“%s” %.0f%%。", "Grade “%s” has a probability of %.0f%%, “%s” of %.0f%%. ", b.Grade(r.Grade), percents[0], b.Grade(other), percents[1]) + p.grounds
	}
	return p
}

// likely is the simulated probability of a grade, 1 where nothing was simulated.
func (b *builder) likely(r scoring.Result, grade string) float64 {
	st, ok := b.Month.Standing(r.Department)
	if !ok || !st.Data.Scored {
		return 1
	}
	for _, g := range st.Data.Grades {
		if g.Grade == grade {
			return g.Probability
		}
	}
	return 0
}

// rival is the other grade that is likeliest where the department's own is not firm.
func (b *builder) rival(r scoring.Result) (grade string, probability float64, ok bool) {
	if b.likely(r, r.Grade) >= firmGrade {
		return "", 0, false
	}
	st, _ := b.Month.Standing(r.Department)
	for _, g := range st.Data.Grades {
		if g.Grade != r.Grade && g.Probability > probability && b.action(g.Grade) != b.action(r.Grade) {
			grade, probability, ok = g.Grade, g.Probability, true
		}
	}
	return grade, probability, ok && probability > 1-firmGrade
}

// grounds are the figures on which a proposal rests.
func (b *builder) grounds(r scoring.Result) string {
	text := b.F("得分 %s", "Score %s", document.FormatNumber(r.Total.Score, 2))
	if st, ok := b.Month.Standing(r.Department); ok && st.Data.Scored && st.Data.Score.Low < st.Data.Score.High { // where nothing was measured, nothing is uncertain
		text += b.F("（95%% 区间 %s–%s）", " (95%% interval %s to %s)", document.FormatNumber(st.Data.Score.Low, 1), document.FormatNumber(st.Data.Score.High, 1))
	}
	text += b.F("，名次 %d", ", rank %d", r.Rank)
	if at := slices.IndexFunc(b.accounts, func(a account) bool { return a.department == r.Department }); at >= 0 {
		a := b.accounts[at]
		execution := rate(a.spent, a.annual)
		text += b.F("；全年预算 %s，执行率 %s", "; budget %s, execution %s", b.Money(a.annual), b.percent(execution))
		if word := b.alarm(execution, gap(a.progress, execution)); word != "" {
			text += b.F("（预警：%s）", " (alarm: %s)", word)
		}
	}
	if p := b.Indicator(costIndicator); p != nil {
		if v, ok := b.Value(costIndicator, r.Department); ok && reading.Number(v).Ok() {
			text += b.F("；单位有效共享成本 %s", "; cost of an effective share %s", b.Figure(p, v))
			if c, has := b.AgainstMedian(costIndicator, r.Department); has {
				text += b.F("（部门中位数 %s）", " (median department %s)", b.Amount(p, c.Reference))
			}
		}
	}
	for _, store := range finding.Stores(b.Reading) {
		if store.Department == r.Department && store.HasCost && store.Asleep > 0 {
			text += b.F("；沉睡存储 %s", "; %s of dormant storage", finding.Bytes(store.Asleep))
			if cost := b.Money(store.Cost); cost != b.Money(0) { // what rounds to nothing is not worth a number
				text += b.F("，折合年成本约 %s", ", about %s a year", cost)
			}
		}
	}
	if losses := b.Losses(r, 2); losses != "" {
		text += b.F("；失分最多：%s", "; most points lost on: %s", losses)
	}
	if r.CapReason != "" {
		text += b.T("；", "; ") + b.Cap(r)
		return text
	}
	return text + b.T("。", ".")
}

func (b *builder) percent(v document.Value) string {
	if !v.Ok() {
		return v.State.Word(b.Lang)
	}
	return document.FormatNumber(v.Number, 1) + "%"
}

// proposalCounts says on the first page how many proposals of each kind there are.
func (b *builder) proposalCounts() string {
	counts, open, none := map[string]int{}, 0, 0
	for _, p := range b.propose() {
		switch {
		case p.grade == "":
			none++
		case !p.firm:
			open++
		default:
			counts[p.grade]++
		}
	}
	var parts []string
	for _, band := range b.Bands {
		if n := counts[band.Grade]; n > 0 {
			parts = append(parts, b.F("%s %d 个", "%s: %d", b.action(band.Grade), n))
		}
	}
	if open > 0 {
		parts = append(parts, b.F("两档之间待复核 %d 个", "between two, to be reviewed: %d", open))
	}
	if none > 0 {
		parts = append(parts, b.F("不提建议 %d 个", "none: %d", none))
	}
	return b.F("按等级应用规则，对 %d 个部门的建议为：%s。均须核实后决定，依据见“有关建议”。", "By the rule for grades, the proposals for %d departments are: %s. All are to be verified before anything is decided; see “Proposals” for their grounds.", len(b.Month.Departments), b.List(parts))
}
