package server

import (
	"fmt"
	"net/http"
	"slices"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/objection"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/reading"
)

type departmentView struct {
	Month      *closedMonth
	Department metrics.Department
	Name       string
	Score      scoreView
	ToNext     string
	Groups     []groupView
	Breaches   []breach
	Help       []helpView
	Lines      []lineView
	Missing    []lineView
	NoMeasure  int
	Trend      *figureView
	Dots       *figureView
	Objections []objection.Objection
	MayFile    bool
	MayRequest bool
	Cap        string
	Succession string // whose figures the department's hold besides its own
}

type groupView struct {
	ID, Name       string
	Depth          int
	Points, Weight string
	Score          string
	Scored         bool
	Share          float64
}

// lineView is one indicator of a department.
type lineView struct {
	Indicator *page.Indicator
	Name      string
	Dimension string
	First     int
	Value     valueView
	Change    *changeView
	Median    string
	Points    string
	Weight    string
	Reason    string
	Basis     string
}

// helpView is an indicator by the points that the department could still gain.
type helpView struct {
	Name, Href  string
	Gain        string
	Explanation string
}

func (s *Server) department(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	id := r.PathValue("department")
	d, ok := m.department(id)
	if !ok {
		return noSuch(lang.T("部门", "department"), id)
	}
	return s.show(w, r, s.departmentPage(r, m, d))
}

func (s *Server) departmentPage(r *request, m *closedMonth, d metrics.Department) shown {
	changes := int64(0)
	if s.parts.Objections != nil {
		changes = s.parts.Objections.Changes()
	}
	return shown{page: "department", title: d.Name, month: m.Month.Month, scripts: []string{"chart.js"}, wide: true,
		key: m.key(s, r, "department", d.ID, fmt.Sprint(changes)), build: func() (any, error) {
			earlier, err := s.earlier(r, m.Month.Month, trendMonths)
			if err != nil {
				return nil, err
			}
			return s.buildDepartment(r, m, earlier, d)
		}}
}

func (s *Server) buildDepartment(r *request, m *closedMonth, earlier []*closedMonth, d metrics.Department) (*departmentView, error) {
	before := previous(m.Month.Month, earlier)
	v := &departmentView{Month: m, Department: d, Name: d.Name.In(r.lang), Score: s.score(m, before, d, r.lang), Breaches: m.breaches(d.ID),
		MayFile: r.who.May(access.ObjectionFile, d.ID).Allowed, MayRequest: r.who.May(access.RequestRead, d.ID).Allowed}
	v.Cap, v.Succession = v.Score.Cap, m.succession(earlier, d.ID, r.lang)
	result := m.scores[d.ID]
	if result.Total.Scored {
		if grade, missing, ok := s.parts.Bands.ToNext(result.Total.Score); ok {
			v.ToNext = fmt.Sprintf(r.say("距“%s”还差 %s 分", "%[2]s points to grade %[1]s"), reading.GradeName(grade, r.lang), document.FormatNumber(missing, 2))
		}
	}
	for _, g := range result.Total.Groups {
		gv := groupView{ID: g.ID, Name: groupName(g.ID).In(r.lang), Depth: g.Depth, Points: document.FormatNumber(g.Points, 2), Weight: document.FormatNumber(g.Weight, 2), Scored: g.Scored, Share: g.Score}
		if g.Scored {
			gv.Score = document.FormatNumber(g.Score, 1)
		}
		v.Groups = append(v.Groups, gv)
	}
	for _, p := range m.Indicators {
		if line, ok := m.line(p, before, d.ID, r.lang); ok {
			switch line.Value.State {
			case string(scoring.NotMeasured):
				v.NoMeasure++
			case string(scoring.Missing):
				v.Missing = append(v.Missing, line)
				v.Lines = append(v.Lines, line)
			default:
				v.Lines = append(v.Lines, line)
			}
		}
	}
	for i := range v.Lines {
		if i > 0 && v.Lines[i-1].Dimension == v.Lines[i].Dimension {
			continue
		}
		for k := i; k < len(v.Lines) && v.Lines[k].Dimension == v.Lines[i].Dimension; k++ {
			v.Lines[i].First++
		}
	}
	v.Help = m.help(result, d.ID, r.lang)
	var err error
	if v.Trend, err = s.departmentTrend(r, m, earlier, d); err != nil {
		return nil, err
	}
	if v.Dots, err = s.departmentDots(r, m, before, d); err != nil {
		return nil, err
	}
	if s.parts.Objections != nil && r.who.May(access.ObjectionRead, d.ID).Allowed {
		v.Objections = s.parts.Objections.List(objection.Filter{Month: m.Month.Month, Department: d.ID})
	}
	return v, nil
}

// groupName names a node of the scheme: output/quality is the node quality below output.
func groupName(id string) lang.Text {
	names := map[string]lang.Text{
		"total": lang.T("总分", "Total"), "output": lang.T("产出", "Output"), "benefit": lang.T("效益", "Benefit"), "quantity": lang.T("数量", "Quantity"),
		"quality": lang.T("质量", "Quality"), "timeliness": lang.T("时效", "Timeliness"), "cost": lang.T("成本", "Cost"), "effectiveness": lang.T("效能", "Effectiveness"),
		"sustainability": lang.T("可持续", "Sustainability"), "constraint": lang.T("约束", "Constraint"),
	}
	if t, ok := names[id]; ok {
		return t
	}
	for _, t := range page.Groups {
		if t.ID == id {
			return t.Label
		}
	}
	return lang.Same(id)
}

// line is an indicator of a department with its points.
func (m *closedMonth) line(p *page.Indicator, before *closedMonth, department string, l lang.Lang) (lineView, bool) {
	if _, ok := m.values[valueKey{p.ID, department}]; !ok {
		return lineView{}, false
	}
	v := lineView{Indicator: p, Name: p.Name.In(l), Dimension: dimensionName(p.Dimension).In(l), Value: m.view(p, department, l), Change: change(p, m, before, department)}
	if a, ok := m.aggregates[p.ID]; ok {
		v.Median = document.FormatNumber(a.Median, p.Decimals)
	}
	if line, ok := m.lines[valueKey{p.ID, department}]; ok {
		v.Weight = document.FormatNumber(line.Weight, 2)
		if line.Graded || line.Reason == scoring.ReasonMissing {
			v.Points = document.FormatNumber(line.Points, 2)
		}
		if line.Reason != "" {
			zh, en := line.Reason.Text()
			v.Reason = l.Pick(zh, en)
		}
	}
	for _, b := range p.Basis {
		if b.Article != "" {
			v.Basis = b.Citation(l)
			break
		}
	}
	return v, true
}

// help ranks the indicators by the points that could still be gained.
func (m *closedMonth) help(result scoring.Result, department string, l lang.Lang) []helpView {
	lines := slices.Clone(result.Total.Lines)
	slices.SortStableFunc(lines, func(a, b scoring.Line) int {
		x, y := a.Weight-a.Points, b.Weight-b.Points
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	var list []helpView
	for _, line := range lines {
		gain := line.Weight - line.Points
		p := m.indicators[line.Indicator]
		if gain < 0.005 || p == nil || len(list) == 8 {
			break
		}
		h := helpView{Name: p.Name.In(l), Href: figurePath(m.Month.Month, department, p.ID), Gain: document.FormatNumber(gain, 2)}
		v := m.values[valueKey{p.ID, department}]
		switch {
		case line.Reason == scoring.ReasonMissing:
			h.Explanation = l.Pick("补齐数据", "supply the missing data")
		case p.Kind == page.Proportion && v.Numerator != nil && v.Denominator != nil && p.Direction == page.Higher:
			h.Explanation = fmt.Sprintf(l.Pick("还有 %s 件未达到（共 %s 件）", "%s of %s are not met"), plainNumber(*v.Denominator-*v.Numerator), plainNumber(*v.Denominator))
		case v.Value != nil && v.Target != nil:
			h.Explanation = fmt.Sprintf(l.Pick("现为 %s，目标 %s", "now %s, target %s"), document.FormatNumber(*v.Value, p.Decimals), document.FormatNumber(*v.Target, p.Decimals))
		}
		list = append(list, h)
	}
	return list
}

// departmentTrend draws the department's score and headline indices.
func (s *Server) departmentTrend(r *request, m *closedMonth, earlier []*closedMonth, d metrics.Department) (*figureView, error) {
	months := append(slices.Clone(earlier), m)
	if len(months) < 2 || m.Withheld {
		return nil, nil
	}
	own := figure.Series{Label: figure.Label{ID: "own", Name: d.Name.In(r.lang)}}
	median := figure.Series{Label: figure.Label{ID: "median", Name: r.say("各部门中位数", "median of departments")}}
	var periods []string
	for _, c := range months {
		periods = append(periods, c.Month.Month)
		value := document.None(document.NotApplicable)
		if sc, ok := c.scores[d.ID]; ok && sc.Total.Scored {
			value = document.Num(sc.Total.Score)
		}
		own.Values = append(own.Values, value)
		value = document.None(document.NotMeasured)
		if a, ok := c.aggregates[scoreTotal]; ok {
			value = document.Num(a.Median)
		}
		median.Values = append(median.Values, value)
	}
	return s.draw(r, m, figure.Trend{Head: figure.Head{ID: "department-trend", Title: r.say("总分走势", "Total score over time"), Unit: r.say("分", "points"), Source: r.say("已月结数值", "closed months")},
		Periods: periods, Series: []figure.Series{own, median}, Decimals: 1, Low: 0, High: 100})
}

// departmentDots draws the rates of a department with interval, target and median.
func (s *Server) departmentDots(r *request, m, before *closedMonth, d metrics.Department) (*figureView, error) {
	if m.Withheld {
		return nil, nil
	}
	dots := figure.IntervalDots{Head: figure.Head{ID: "department-dots", Title: r.say("各项比率：数值、区间、目标与中位数", "Rates with interval, target and median"), Unit: "%", Source: r.say("已月结数值", "closed months")},
		Decimals: 1, Low: 0, High: 100, MedianName: r.say("部门中位数", "median of departments"), EarlierName: r.say("上月", "month before")}
	for _, p := range m.Indicators {
		v := m.values[valueKey{p.ID, d.ID}]
		if p.Unit != "%" || v.Value == nil || *v.Value < 0 || *v.Value > 100 {
			continue
		}
		item := figure.DotItem{Label: figure.Label{ID: p.ID, Name: p.Name.In(r.lang)}, Value: document.Num(*v.Value), Target: v.Target}
		if v.Low != nil && v.High != nil {
			item.Interval = &document.Interval{Low: *v.Low, High: *v.High, Level: 0.95, Method: "Wilson"}
		}
		if v.N != nil {
			item.N = document.Num(float64(*v.N))
		}
		if a, ok := m.aggregates[p.ID]; ok {
			item.Median = &a.Median
		}
		if before != nil {
			if old := before.values[valueKey{p.ID, d.ID}]; old.Value != nil && *old.Value >= 0 && *old.Value <= 100 {
				item.Earlier = old.Value
			}
		}
		dots.Items = append(dots.Items, item)
	}
	if len(dots.Items) == 0 {
		return nil, nil
	}
	return s.draw(r, m, dots)
}
