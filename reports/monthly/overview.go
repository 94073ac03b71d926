package monthly

import (
	"fmt"
	"slices"
	"strings"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
)

// overview is the page that says it all: the whole city's figures, the findings, what needs a decision.
func (b *builder) overview() (document.Section, error) {
	s := document.Section{ID: "overview", Title: b.l.Pick("本月概览", "The month at a glance")}
	keyFigures := &document.KeyFigures{}
	for _, p := range b.Indicators {
		v, ok := b.values[key{p.ID, metrics.City}]
		if !ok {
			continue
		}
		keyFigures.Items = append(keyFigures.Items, b.keyFigure(p, v))
	}
	if len(keyFigures.Items) > 0 {
		s.Blocks = append(s.Blocks, keyFigures)
	}
	findings := document.Section{ID: "findings", Title: b.l.Pick("主要发现", "Findings")}
	if list := b.findings(); len(list) > 0 {
		findings.Blocks = append(findings.Blocks, &document.List{Items: list})
	} else {
		findings.Blocks = append(findings.Blocks, document.P(b.noChange()))
	}
	decisions := document.Section{ID: "decisions", Title: b.l.Pick("需要决策的事项", "What needs a decision")}
	decisions.Blocks = append(decisions.Blocks, b.decisions())
	s.Sections = []document.Section{findings, decisions}
	return s, nil
}

func (b *builder) keyFigure(p *page.Indicator, v metrics.Value) document.KeyFigure {
	f := document.KeyFigure{
		Label: p.Name.In(b.l), Value: number(v), Decimals: p.Decimals, Unit: page.UnitLabel(p.Unit).In(b.l),
		Interval: interval(v), Target: v.Target, Explain: explanationID(p.ID, metrics.City),
	}
	if c, ok := b.changes[key{p.ID, metrics.City}]; ok {
		f.Change = document.Change{
			Value: document.Num(c.difference), Decimals: p.Decimals, Unit: b.changeUnit(p), Against: b.l.Pick("较上月", "since last month"),
		}
		if !c.tested || c.significant {
			f.Change.Good = c.direction
		}
	}
	return f
}

// changeUnit is the unit of a difference: percentage points for a percentage.
func (b *builder) changeUnit(p *page.Indicator) string {
	if p.Unit == "%" {
		return page.UnitLabel("pp").In(b.l)
	}
	return page.UnitLabel(p.Unit).In(b.l)
}

func interval(v metrics.Value) *document.Interval {
	if v.Low == nil || v.High == nil {
		return nil
	}
	return &document.Interval{Low: *v.Low, High: *v.High, Level: 0.95, Method: "Wilson"}
}

// maxFindings keeps the list to what a reader takes in.
const maxFindings = 5

// findings are the largest significant changes of departments, each with its figures.
func (b *builder) findings() []document.Paragraph {
	type found struct {
		key
		change
	}
	var list []found
	for k, c := range b.changes {
		if c.significant && k.department != metrics.City {
			list = append(list, found{k, c})
		}
	}
	slices.SortFunc(list, func(x, y found) int {
		if a, c := abs(x.difference), abs(y.difference); a != c {
			if a > c {
				return -1
			}
			return 1
		}
		return compareKeys(x.key, y.key)
	})
	var paragraphs []document.Paragraph
	for _, f := range list[:min(len(list), maxFindings)] {
		paragraphs = append(paragraphs, b.finding(f.key, f.change))
	}
	return paragraphs
}

func (b *builder) finding(k key, c change) document.Paragraph {
	p, v, was := b.indicator[k.indicator], b.values[k], b.before[k]
	word := b.l.Pick("显著提高", "rose significantly")
	if c.difference < 0 {
		word = b.l.Pick("显著下降", "fell significantly")
	}
	verdict := map[int]string{1: b.l.Pick("好转", "better"), -1: b.l.Pick("变差", "worse"), 0: ""}[c.direction]
	if verdict != "" {
		verdict = b.l.Pick("（"+verdict+"）", " ("+verdict+")")
	}
	unit := page.UnitLabel(p.Unit).In(b.l)
	text := fmt.Sprintf(b.l.Pick("的%s%s%s，由 %s%s 变为 %s%s（%s/%s，校正后 p %s）。", ": %s %s%s, from %s%s to %s%s (%s of %s, corrected p %s). "),
		p.Name.In(b.l), word, verdict,
		document.FormatNumber(*was.Value, p.Decimals), unit, document.FormatNumber(*v.Value, p.Decimals), unit,
		document.FormatNumber(*v.Numerator, 0), document.FormatNumber(*v.Denominator, 0), probability(c.p))
	return document.Paragraph{Spans: []document.Span{
		{Text: b.names[k.department], Strong: true, Link: departmentSection(k.department)},
		{Text: text},
		{Text: b.l.Pick("查看依据", "Evidence"), Explain: explanationID(k.indicator, k.department)},
	}}
}

func probability(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return "= " + document.FormatNumber(p, 3)
}

func (b *builder) noChange() string {
	if b.previous() == nil {
		return b.l.Pick("上月未结算，本期不作环比。", "The month before is not closed: nothing is compared.")
	}
	return b.l.Pick("与上月相比，各部门各指标无显著变化（校正多重检验后）。",
		"Against last month no indicator of any department changed significantly (corrected for many tests).")
}

// decisions lists the departments in the lowest grade with the indicators that cost them most.
func (b *builder) decisions() document.Block {
	var items []document.Paragraph
	lowest := b.lowestGrade()
	for _, r := range b.ranked() {
		if r.Grade != lowest {
			continue
		}
		items = append(items, document.Paragraph{Spans: []document.Span{
			{Text: b.names[r.Department], Strong: true, Link: departmentSection(r.Department)},
			{Text: fmt.Sprintf(b.l.Pick("得 %s 分，等级“%s”。失分最多：%s。建议核实后由主管部门约谈并限期整改。",
				" scores %s, grade “%s”. Most points lost on: %s. Proposal: verify, then the authority agrees on a date for correction."),
				document.FormatNumber(r.Total.Score, 2), r.Grade, b.losses(r, 3))},
		}})
	}
	if len(items) == 0 {
		return document.P(fmt.Sprintf(b.l.Pick("没有部门处于最低等级“%s”。", "No department stands in the lowest grade “%s”."), lowest))
	}
	return &document.List{Items: items}
}

func (b *builder) lowestGrade() string {
	if len(b.Bands) == 0 {
		return ""
	}
	return b.Bands[len(b.Bands)-1].Grade
}

// losses names the indicators that cost a department most.
func (b *builder) losses(r scoring.Result, most int) string {
	lines := slices.Clone(r.Total.Lines)
	slices.SortStableFunc(lines, func(x, y scoring.Line) int {
		switch lx, ly := x.Weight-x.Points, y.Weight-y.Points; {
		case lx > ly:
			return -1
		case lx < ly:
			return 1
		}
		return 0
	})
	var names []string
	for _, line := range lines[:min(most, len(lines))] {
		if p := b.indicator[line.Indicator]; p != nil && line.Weight > line.Points {
			names = append(names, fmt.Sprintf(b.l.Pick("%s（%s/%s 分）", "%s (%s of %s points)"), p.Name.In(b.l),
				document.FormatNumber(line.Points, 2), document.FormatNumber(line.Weight, 2)))
		}
	}
	return strings.Join(names, b.l.Pick("、", ", "))
}

// ranked gives the scored departments, best first.
func (b *builder) ranked() []scoring.Result {
	var list []scoring.Result
	for _, r := range b.Month.Scores {
		if r.Total.Scored {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(x, y scoring.Result) int {
		if x.Rank != y.Rank {
			return x.Rank - y.Rank
		}
		return strings.Compare(x.Department, y.Department)
	})
	return list
}

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}
