package server

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/objection"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/figure"
)

// home leads to the newest closed month, or to the first page that the person may see.
func (s *Server) home(w http.ResponseWriter, r *request) error {
	to := "/account"
	list, err := s.newestRevisions(r.Context())
	if err != nil {
		return err
	}
	switch {
	case r.who.Has(access.MonthRead) && len(list) > 0:
		to = "/months/" + list[0].Month
	case r.who.Has(access.LoadRead):
		to = "/loads"
	case r.who.Has(access.UserManage):
		to = "/users"
	case r.who.Has(access.MonthRead):
		to = "/months"
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
	return nil
}

// decision is one thing on the overview that asks for a decision, the most urgent first.
type decision struct {
	Level string // breach, caution or info
	Text  string
	Link  string
	More  string
	rank  int
}

type overviewView struct {
	Month      *closedMonth
	ClosedAt   Closed
	Decisions  []decision
	Indices    []indexCard
	Scores     []scoreView
	Heat       heatView
	City       []cityRow
	Trend      *figureView
	Full       bool
	OneOwn     bool
	HeadFigure string
	Successors []succeeded
}

// succeeded is a department whose figures hold those of another, with the sentence that says so.
type succeeded struct{ Name, Href, Text string }

// indexCard is a headline index over all departments.
type indexCard struct {
	Name   string
	Median string
	Range  string
	Own    string
	Change *changeView
	N      int
}

type heatView struct {
	Indicators []heatHead
	Groups     []heatGroup
	Rows       []heatRow
}

type heatHead struct {
	ID, Name, Href string
}

type heatGroup struct {
	Name string
	Span int
}

type heatRow struct {
	Name, Href string
	Cells      []valueView
}

type cityRow struct {
	Indicator *page.Indicator
	Name      string
	Href      string
	Dimension string
	First     int // number of rows of the dimension, on its first row
	Value     valueView
	Change    *changeView
	Median    string
}

// overview shows a month: what needs a decision first.
func (s *Server) overview(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	return s.show(w, r, s.overviewPage(r, m))
}

func (s *Server) overviewPage(r *request, m *closedMonth) shown {
	open := s.openObjections(r, m)
	key := m.key(s, r, "overview", fmt.Sprint(open))
	return shown{page: "overview", title: lang.T(monthName(m.Month.Month, lang.Zh)+"概览", "Overview of "+monthName(m.Month.Month, lang.En)),
		month: m.Month.Month, key: key, scripts: []string{"chart.js"}, wide: true, build: func() (any, error) {
			earlier, err := s.earlier(r, m.Month.Month, trendMonths)
			if err != nil {
				return nil, err
			}
			return s.buildOverview(r, m, earlier, open)
		}}
}

func (s *Server) buildOverview(r *request, m *closedMonth, earlier []*closedMonth, open int) (*overviewView, error) {
	before := previous(m.Month.Month, earlier)
	v := &overviewView{Month: m, Full: m.Full}
	list, err := s.closedList(r.Context())
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		if c.Month == m.Month.Month && c.Revision == m.Revision {
			v.ClosedAt = c
		}
	}
	for _, d := range m.reached() {
		score := s.score(m, before, d, r.lang)
		v.Scores = append(v.Scores, score)
		if text := m.succession(earlier, d.ID, r.lang); text != "" {
			v.Successors = append(v.Successors, succeeded{score.Name, score.Href, text})
		}
	}
	v.OneOwn = len(v.Scores) == 1
	v.Indices = indexCards(m, before, v.Scores, r.lang)
	v.Decisions = s.decisions(r, m, before, v.Scores, open)
	v.Heat = heat(m, r.lang)
	v.City = cityRows(m, before, r.lang)
	v.Trend, err = s.scoreTrend(r, m, earlier)
	return v, err
}

func indexCards(m, before *closedMonth, own []scoreView, l lang.Lang) []indexCard {
	var cards []indexCard
	for _, id := range append([]string{scoreTotal}, "index liquidity", "index timeliness", "index reuse", "index performance") {
		a, ok := m.aggregates[id]
		card := indexCard{Name: l.Pick("总分", "Total score")}
		if id != scoreTotal {
			card.Name = dimensionName(id[len("index "):]).In(l)
		}
		if ok {
			card.N, card.Median = a.N, document.FormatNumber(a.Median, 1)
			card.Range = document.FormatNumber(a.Q1, 1) + "–" + document.FormatNumber(a.Q3, 1)
			if before != nil {
				if b, ok := before.aggregates[id]; ok {
					card.Change = &changeView{Text: document.FormatSigned(a.Median-b.Median, 1), Good: sign(a.Median - b.Median)}
				}
			}
		}
		if len(own) == 1 {
			card.Own = own[0].Text
			for _, index := range own[0].Indices {
				if "index "+index.ID == id {
					card.Own = index.Text
				}
			}
		}
		if ok || card.Own != "" {
			cards = append(cards, card)
		}
	}
	return cards
}

// decisions collects what asks for one: breaches of the law, the worst grade, falls in grade, data that should exist
// and do not, objections that wait.
func (s *Server) decisions(r *request, m, before *closedMonth, scores []scoreView, open int) []decision {
	var list []decision
	for _, sv := range scores {
		late := m.breaches(sv.Department.ID)
		if len(late) > 0 {
			total := 0.0
			for _, b := range late {
				total += b.Late
			}
			first := late[0]
			list = append(list, decision{Level: "breach", rank: 1000 + int(total), Link: first.Href,
				Text: fmt.Sprintf(r.say("%s：%s 件未达到法定要求", "%s: %s cases do not meet a requirement of law"), sv.Name, count(total)),
				More: fmt.Sprintf(r.say("%s等 %d 项；%s", "%s, %d in all; %s"), first.Indicator.Name.In(r.lang), len(late), first.Basis.Citation(r.lang))})
		}
		if sv.Grade != nil && len(s.parts.Bands) > 1 && sv.Grade.Order == len(s.parts.Bands)-1 {
			list = append(list, decision{Level: "breach", rank: 900, Link: sv.Href,
				Text: fmt.Sprintf(r.say("%s：得分 %s，等级“%s”", "%s: score %s, grade %s"), sv.Name, sv.Text, sv.Grade.Name), More: r.say("最低等级", "the lowest grade")})
		}
		if before == nil || sv.Grade == nil {
			continue
		}
		if old := s.gradeOf(before.scores[sv.Department.ID].Grade, r.lang); old != nil && old.Order < sv.Grade.Order {
			against := r.say("较上月", "against the month before")
			if !m.alike(before, sv.Department.ID) {
				against = r.say("较上月，其间并入原部门，口径不同", "against the month before, which is without the department that it took over")
			}
			list = append(list, decision{Level: "caution", rank: 500, Link: sv.Href,
				Text: fmt.Sprintf(r.say("%s：等级由“%s”降为“%s”", "%s: fell from grade %s to %s"), sv.Name, old.Name, sv.Grade.Name), More: against})
		}
	}
	missing := map[string]int{}
	for _, v := range m.Values {
		if v.State == scoring.Missing && v.Department != metrics.City && v.DataKind == "" {
			missing[v.Department]++
		}
	}
	for _, d := range m.reached() {
		if n := missing[d.ID]; n > 0 {
			list = append(list, decision{Level: "caution", rank: 300 + n, Link: "/months/" + m.Month.Month + "/departments/" + d.ID + "#missing",
				Text: fmt.Sprintf(r.say("%s：%d 项指标缺数", "%s: data of %d indicators are missing"), d.Name.In(r.lang), n), More: r.say("按 0 分计", "counted as 0 points")})
		}
	}
	if open > 0 {
		list = append(list, decision{Level: "caution", rank: 1 << 30, Link: "/objections?state=open",
			Text: fmt.Sprintf(r.say("%d 件申诉待答复", "%d objections wait for an answer"), open)})
	}
	slices.SortStableFunc(list, func(a, b decision) int { return b.rank - a.rank })
	return list
}

// openObjections counts the objections of the month that the person may read and that wait for an answer.
func (s *Server) openObjections(r *request, m *closedMonth) int {
	if s.parts.Objections == nil {
		return 0
	}
	n := 0
	for _, o := range s.parts.Objections.List(objection.Filter{State: objection.Open}) {
		if r.who.May(access.ObjectionRead, o.Department).Allowed {
			n++
		}
	}
	return n
}

func heat(m *closedMonth, l lang.Lang) heatView {
	var h heatView
	var shownIndicators []*page.Indicator
	for _, p := range m.Indicators {
		if p.Status != page.Active || p.Scoring == nil || p.Scoring.Weight == 0 {
			continue
		}
		shownIndicators = append(shownIndicators, p)
		h.Indicators = append(h.Indicators, heatHead{ID: p.ID, Name: p.Name.In(l), Href: "/months/" + m.Month.Month + "/indicators/" + p.ID})
		name := dimensionName(p.Dimension).In(l)
		if n := len(h.Groups); n > 0 && h.Groups[n-1].Name == name {
			h.Groups[n-1].Span++
		} else {
			h.Groups = append(h.Groups, heatGroup{name, 1})
		}
	}
	for _, d := range m.reached() {
		row := heatRow{Name: d.Name.In(l), Href: "/months/" + m.Month.Month + "/departments/" + d.ID}
		for _, p := range shownIndicators {
			row.Cells = append(row.Cells, m.view(p, d.ID, l))
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

func cityRows(m, before *closedMonth, l lang.Lang) []cityRow {
	var rows []cityRow
	for _, p := range m.Indicators {
		if p.Status == page.Withdrawn {
			continue
		}
		row := cityRow{Indicator: p, Name: p.Name.In(l), Href: "/months/" + m.Month.Month + "/indicators/" + p.ID, Dimension: dimensionName(p.Dimension).In(l),
			Value: m.view(p, metrics.City, l), Change: change(p, m, before, metrics.City)}
		if a, ok := m.aggregates[p.ID]; ok {
			row.Median = document.FormatNumber(a.Median, p.Decimals)
		}
		rows = append(rows, row)
	}
	for i := range rows {
		if i > 0 && rows[i-1].Dimension == rows[i].Dimension {
			continue
		}
		for k := i; k < len(rows) && rows[k].Dimension == rows[i].Dimension; k++ {
			rows[i].First++
		}
	}
	return rows
}

// scoreTrend draws the median score over the closed months, or the own score of a person of one department.
func (s *Server) scoreTrend(r *request, m *closedMonth, earlier []*closedMonth) (*figureView, error) {
	months := append(slices.Clone(earlier), m)
	if len(months) < 2 {
		return nil, nil
	}
	median := figure.Series{Label: figure.Label{ID: "median", Name: r.say("各部门中位数", "median of departments")}}
	own := figure.Series{}
	reached := m.reached()
	if len(reached) == 1 {
		own.Label = figure.Label{ID: "own", Name: reached[0].Name.In(r.lang)}
	}
	var periods []string
	for _, c := range months {
		periods = append(periods, c.Month.Month)
		value := document.None(document.NotMeasured)
		if a, ok := c.aggregates[scoreTotal]; ok {
			value = document.Num(a.Median)
		}
		median.Values = append(median.Values, value)
		if own.ID != "" {
			value = document.None(document.NotApplicable)
			if sc, ok := c.scores[reached[0].ID]; ok && sc.Total.Scored {
				value = document.Num(sc.Total.Score)
			}
			own.Values = append(own.Values, value)
		}
	}
	series := []figure.Series{median}
	if own.ID != "" {
		series = []figure.Series{own, median}
	}
	return s.draw(r, m, figure.Trend{Head: figure.Head{ID: "score-trend", Title: r.say("总分走势", "Total score over time"), Unit: r.say("分", "points"),
		Source: r.say("已月结数值", "closed months")}, Periods: periods, Series: series, Decimals: 1, Low: 0, High: 100})
}

// pageOf reads ?page= for paged lists, from 1.
func pageOf(r *request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || n < 1 || n > 1_000_000 {
		return 1
	}
	return n
}
