package server

import (
	"fmt"
	"net/url"

	"weir/internal/lang"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/reading"
)

// valueView is a figure as pages print it, with the way to its explanation.
type valueView struct {
	Text     string // the number, "" where there is none
	Unit     string
	Word     string // the state in words where there is no number
	Href     string
	Hint     string // numerator and denominator, for the pointer
	Interval string
	Target   string
	N        string
	Points   float64 // share of the weight earned, 0 to 100
	Graded   bool
	Below    bool // a graded value that does not reach its target
	Few      bool // too few cases to be graded
	State    string
	Sort     string
}

// changeView is a difference against the month before.
type changeView struct {
	Text string
	Good int
}

// decimalsOf is how many decimals a page shows of an indicator.
func decimalsOf(p *page.Indicator) int {
	if p == nil {
		return 1
	}
	return p.Decimals
}

func unitOf(p *page.Indicator, l lang.Lang) string {
	if p == nil {
		return ""
	}
	return page.UnitLabel(p.Unit).In(l)
}

// figurePath is the address of a figure's explanation.
func figurePath(month, department, indicator string) string {
	if department == metrics.City {
		return "/months/" + month + "/city/" + url.PathEscape(indicator)
	}
	return "/months/" + month + "/departments/" + url.PathEscape(department) + "/" + url.PathEscape(indicator)
}

// view makes the figure of a department as it is printed.
func (c *closedMonth) view(p *page.Indicator, department string, l lang.Lang) valueView {
	v, known := c.values[valueKey{p.ID, department}]
	if !known {
		return valueView{Word: l.Pick("无数据", "no data"), State: "none"}
	}
	return c.viewOf(p, v, l)
}

func (c *closedMonth) viewOf(p *page.Indicator, v metrics.Value, l lang.Lang) valueView {
	view := valueView{Href: figurePath(c.Month.Month, v.Department, v.Indicator), State: string(v.State)}
	if c.Withheld {
		view.Word, view.State = l.Pick("已隐去", "withheld"), "withheld"
		return view
	}
	decimals := decimalsOf(p)
	switch {
	case v.Value == nil:
		view.Word = stateWord(v.State, l)
		view.Sort = "-1e300"
	default:
		view.Text, view.Unit = document.FormatNumber(*v.Value, decimals), unitOf(p, l)
		view.Sort = fmt.Sprint(*v.Value)
	}
	if v.Numerator != nil && v.Denominator != nil {
		view.Hint = plainNumber(*v.Numerator) + " / " + plainNumber(*v.Denominator)
	}
	if v.N != nil && *v.N > 0 {
		view.N = document.FormatNumber(float64(*v.N), 0)
	}
	if v.Low != nil && v.High != nil {
		view.Interval = document.FormatNumber(*v.Low, decimals) + "–" + document.FormatNumber(*v.High, decimals)
	}
	if v.Target != nil {
		view.Target = document.FormatNumber(*v.Target, decimals)
	}
	if line, ok := c.lines[valueKey{v.Indicator, v.Department}]; ok {
		view.Graded, view.Points = line.Graded, 100*line.Fraction
		view.Below = line.Graded && line.Fraction < 1
		view.Few = line.Reason == scoring.ReasonTooFew
	}
	return view
}

// plainNumber writes a numerator or denominator: whole where it is whole, else with two decimals.
func plainNumber(v float64) string {
	if v == float64(int64(v)) {
		return document.FormatNumber(v, 0)
	}
	return document.FormatNumber(v, 2)
}

func stateWord(state scoring.State, l lang.Lang) string {
	switch state {
	case scoring.NotApplicable:
		return l.Pick("不适用", "not applicable")
	case scoring.NotMeasured:
		return l.Pick("未测", "not measured")
	}
	return l.Pick("缺数", "missing")
}

// change compares a figure with the month before.
func change(p *page.Indicator, now, before *closedMonth, department string) *changeView {
	if before == nil {
		return nil
	}
	a, b := before.values[valueKey{p.ID, department}], now.values[valueKey{p.ID, department}]
	if a.Value == nil || b.Value == nil {
		return nil
	}
	difference := *b.Value - *a.Value
	view := &changeView{Text: document.FormatSigned(difference, decimalsOf(p))}
	if document.FormatNumber(difference, decimalsOf(p)) != document.FormatNumber(0, decimalsOf(p)) && now.alike(before, department) {
		switch {
		case p.Direction == page.Higher && difference > 0, p.Direction == page.Lower && difference < 0:
			view.Good = 1
		case p.Direction == page.Higher && difference < 0, p.Direction == page.Lower && difference > 0:
			view.Good = -1
		}
	}
	return view
}

// scoreView is a score with grade, rank and change.
type scoreView struct {
	Department metrics.Department
	Name       string
	Href       string
	Scored     bool
	Text       string
	Score      float64
	Grade      *gradeView
	Rank       int
	Coverage   string
	Change     *changeView
	RankChange string
	Indices    []indexView
	Breaches   int
	Withheld   bool
	Cap        string // why the grade is lower than the score earns
}

type gradeView struct {
	Name  string
	Order int
}

type indexView struct {
	ID     string
	Name   string
	Text   string
	Score  float64
	Scored bool
	Median string
}

// gradeOf orders a grade by the bands that the service was given.
func (s *Server) gradeOf(name string, l lang.Lang) *gradeView {
	if name == "" {
		return nil
	}
	for i, b := range s.parts.Bands {
		if b.Grade == name {
			return &gradeView{reading.GradeName(name, l), i}
		}
	}
	return &gradeView{reading.GradeName(name, l), 0}
}

// score makes the score of a department as it is printed.
func (s *Server) score(now, before *closedMonth, d metrics.Department, l lang.Lang) scoreView {
	view := scoreView{Department: d, Name: d.Name.In(l), Href: "/months/" + now.Month.Month + "/departments/" + url.PathEscape(d.ID), Withheld: now.Withheld}
	r, ok := now.scores[d.ID]
	if !ok {
		return view
	}
	t := r.Total
	view.Scored, view.Score, view.Rank = t.Scored, t.Score, r.Rank
	view.Coverage = document.FormatNumber(100*t.Coverage, 0) + "%"
	if t.Scored {
		view.Text, view.Grade = document.FormatNumber(t.Score, 2), s.gradeOf(r.Grade, l)
		if r.Uncapped != r.Grade {
			view.Cap = fmt.Sprintf(l.Pick("按得分应为“%[1]s”，因%[2]s，等级降为“%[3]s”", "by its score %[1]s; lowered to %[3]s because of a %[2]s"),
				reading.GradeName(r.Uncapped, l), reading.CapReason(r.CapReason, l), reading.GradeName(r.Grade, l))
		}
	}
	for _, index := range r.Indices {
		iv := indexView{ID: index.ID, Name: dimensionName(index.ID).In(l), Scored: index.Scored, Score: index.Score}
		if index.Scored {
			iv.Text = document.FormatNumber(index.Score, 1)
		}
		if a, ok := now.aggregates["index "+index.ID]; ok {
			iv.Median = document.FormatNumber(a.Median, 1)
		}
		view.Indices = append(view.Indices, iv)
	}
	if before != nil {
		if old, ok := before.scores[d.ID]; ok && old.Total.Scored && t.Scored {
			diff := t.Score - old.Total.Score
			view.Change = &changeView{Text: document.FormatSigned(diff, 2)}
			if now.alike(before, d.ID) {
				view.Change.Good = sign(diff)
			}
			if old.Rank > 0 && r.Rank > 0 && old.Rank != r.Rank {
				view.RankChange = document.FormatSigned(float64(old.Rank-r.Rank), 0)
			}
		}
	}
	view.Breaches = len(now.breaches(d.ID))
	return view
}

// alike tells whether a department's figures of two months hold those of the same departments. Where another joined in
// between, a change is neither to the better nor to the worse.
func (c *closedMonth) alike(before *closedMonth, department string) bool {
	return len(c.Joined(before.Month, department)) == 0
}

// succession says whose figures a department's hold besides its own, and which of the months before are without; "" where
// they hold nobody's.
func (c *closedMonth) succession(earlier []*closedMonth, department string, l lang.Lang) string {
	months := make([]*metrics.Month, 0, len(earlier)+1)
	for _, e := range earlier {
		months = append(months, e.Month)
	}
	return reading.Sentences(l, reading.Includes(c.Month, department, l), reading.Without(append(months, c.Month), department, l))
}

func sign(v float64) int {
	switch {
	case v >= 0.005:
		return 1
	case v <= -0.005:
		return -1
	}
	return 0
}

func dimensionName(id string) lang.Text {
	for _, t := range page.Dimensions {
		if t.ID == id {
			return t.Label
		}
	}
	return lang.Same(id)
}

// breach is a requirement of law that was not met in all cases.
type breach struct {
	Indicator *page.Indicator
	Basis     page.Basis
	Late      float64
	Due       float64
	Href      string
}

// breaches lists the requirements of law that a department, or the city, did not meet: proportions whose target of all
// cases rests on a text of law that was read.
func (c *closedMonth) breaches(department string) []breach {
	var list []breach
	for _, p := range c.Indicators {
		v, ok := c.values[valueKey{p.ID, department}]
		if !ok || v.Numerator == nil || v.Denominator == nil || p.Kind != page.Proportion || p.Direction != page.Higher ||
			p.Target == nil || p.Target.Default < 100 || *v.Numerator >= *v.Denominator {
			continue
		}
		for _, basis := range p.Basis {
			if basis.Mark == page.TextRead && basis.Article != "" {
				list = append(list, breach{p, basis, *v.Denominator - *v.Numerator, *v.Denominator, figurePath(c.Month.Month, department, p.ID)})
				break
			}
		}
	}
	return list
}
