package server

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/metrics"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/figure"
)

type indicatorView struct {
	Month     *closedMonth
	P         *page.Indicator
	Name      string
	City      valueView
	Rows      []indicatorRow
	Aggregate *aggregateView
	Ranking   *figureView
	Trend     *figureView
	Body      template.HTML
	Unit      string
	Dimension string
	Direction string
	Kinds     []kindRow
}

type indicatorRow struct {
	Name, Href string
	Value      valueView
	Change     *changeView
}

type kindRow struct {
	Kind  string
	Value valueView
}

type aggregateView struct {
	N                         int
	Low, Q1, Median, Q3, High string
}

func (s *Server) indicator(w http.ResponseWriter, r *request) error {
	m, p, err := s.indicatorOfPath(r)
	if err != nil {
		return err
	}
	return s.show(w, r, shown{page: "indicator", title: p.Name, month: m.Month.Month, scripts: []string{"chart.js"}, key: m.key(s, r, "indicator", p.ID), build: func() (any, error) {
		earlier, err := s.earlier(r, m.Month.Month, 12)
		if err != nil {
			return nil, err
		}
		return s.buildIndicator(r, m, earlier, p)
	}})
}

// indicatorOfPath finds month and indicator.
func (s *Server) indicatorOfPath(r *request) (*closedMonth, *page.Indicator, error) {
	m, err := s.ofPath(r)
	if err != nil {
		return nil, nil, err
	}
	p := m.indicators[r.PathValue("indicator")]
	if p == nil {
		return nil, nil, noSuch(lang.T("指标", "indicator"), r.PathValue("indicator"))
	}
	return m, p, nil
}

func (s *Server) buildIndicator(r *request, m *closedMonth, earlier []*closedMonth, p *page.Indicator) (*indicatorView, error) {
	l := r.lang
	before := previous(m.Month.Month, earlier)
	v := &indicatorView{Month: m, P: p, Name: p.Name.In(l), City: m.view(p, metrics.City, l), Unit: unitOf(p, l), Dimension: dimensionName(p.Dimension).In(l), Direction: directionName(p.Direction).In(l)}
	departments := m.reached()
	slices.SortStableFunc(departments, func(a, b metrics.Department) int {
		x, y := m.values[valueKey{p.ID, a.ID}].Value, m.values[valueKey{p.ID, b.ID}].Value
		switch {
		case x == nil && y == nil:
			return 0
		case x == nil:
			return 1
		case y == nil:
			return -1
		case *x == *y:
			return 0
		case (*x > *y) == (p.Direction != page.Lower):
			return -1
		}
		return 1
	})
	for _, d := range departments {
		v.Rows = append(v.Rows, indicatorRow{Name: d.Name.In(l), Href: "/months/" + m.Month.Month + "/departments/" + url.PathEscape(d.ID), Value: m.view(p, d.ID, l), Change: change(p, m, before, d.ID)})
	}
	for _, value := range m.Values {
		if value.Indicator == p.ID && value.Department == metrics.City && value.DataKind != "" {
			v.Kinds = append(v.Kinds, kindRow{value.DataKind, m.viewOf(p, value, l)})
		}
	}
	if a, ok := m.aggregates[p.ID]; ok {
		f := func(x float64) string { return document.FormatNumber(x, p.Decimals) }
		v.Aggregate = &aggregateView{a.N, f(a.Low), f(a.Q1), f(a.Median), f(a.Q3), f(a.High)}
	}
	var err error
	if v.Body, err = prose(p.Body); err != nil {
		return nil, err
	}
	if v.Ranking, err = s.indicatorRanking(r, m, p, departments); err != nil {
		return nil, err
	}
	v.Trend, err = s.indicatorTrend(r, m, earlier, p, metrics.City)
	return v, err
}

func directionName(d page.Direction) lang.Text {
	switch d {
	case page.Higher:
		return lang.T("越高越好", "higher is better")
	case page.Lower:
		return lang.T("越低越好", "lower is better")
	case page.Within:
		return lang.T("适中为好", "best within a band")
	}
	return lang.T("无方向", "no direction")
}

// prose renders a page's Markdown. HTML in it is left out: pages are written by people of the workspace.
func prose(body string) (template.HTML, error) {
	var out strings.Builder
	if err := goldmark.New(goldmark.WithExtensions(extension.Table)).Convert([]byte(body), &out); err != nil {
		return "", err
	}
	return template.HTML(out.String()), nil
}

func (s *Server) indicatorRanking(r *request, m *closedMonth, p *page.Indicator, departments []metrics.Department) (*figureView, error) {
	if m.Withheld || len(departments) < 2 {
		return nil, nil
	}
	f := figure.Ranking{Head: figure.Head{ID: "indicator-ranking", Title: p.Name.In(r.lang), Unit: orWord(unitOf(p, r.lang), r.say("数值", "value")), Source: r.say("已月结数值", "closed months")}, Decimals: p.Decimals}
	if t, ok := m.values[valueKey{p.ID, metrics.City}]; ok {
		f.Target = t.Target
	}
	if p.Unit == "%" {
		f.High = 100
	}
	for _, d := range departments {
		v := m.values[valueKey{p.ID, d.ID}]
		item := figure.RankingItem{Label: figure.Label{ID: d.ID, Name: d.Name.In(r.lang)}, Value: documentValue(v)}
		if v.Low != nil && v.High != nil {
			item.Interval = &document.Interval{Low: *v.Low, High: *v.High, Level: 0.95, Method: "Wilson"}
		}
		if v.N != nil {
			item.N = document.Num(float64(*v.N))
		}
		f.High = maxOf(f.High, v.Value)
		f.Items = append(f.Items, item)
	}
	if p.Unit != "%" {
		f.High = 0
	}
	return s.draw(r, m, f)
}

func maxOf(limit float64, v *float64) float64 {
	if v != nil {
		return max(limit, *v)
	}
	return limit
}

func orWord(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// documentValue is a value as figures take it.
func documentValue(v metrics.Value) document.Value {
	if v.Value != nil {
		return document.Num(*v.Value)
	}
	switch v.State {
	case "not_applicable":
		return document.None(document.NotApplicable)
	case "not_measured":
		return document.None(document.NotMeasured)
	}
	return document.None(document.Missing)
}

// indicatorTrend draws one figure over the closed months, with its interval.
func (s *Server) indicatorTrend(r *request, m *closedMonth, earlier []*closedMonth, p *page.Indicator, department string) (*figureView, error) {
	months := append(slices.Clone(earlier), m)
	if len(months) < 2 || m.Withheld {
		return nil, nil
	}
	line := figure.Series{Label: figure.Label{ID: department, Name: m.names[department].In(r.lang)}}
	if department == metrics.City {
		line.ID = "city"
	}
	var periods []string
	intervals := false
	for _, c := range months {
		periods = append(periods, c.Month.Month)
		v := c.values[valueKey{p.ID, department}]
		line.Values = append(line.Values, documentValue(v))
		low, high := document.None(document.NotApplicable), document.None(document.NotApplicable)
		if v.Low != nil && v.High != nil {
			low, high, intervals = document.Num(*v.Low), document.Num(*v.High), true
		}
		line.Low, line.High = append(line.Low, low), append(line.High, high)
	}
	if !intervals {
		line.Low, line.High = nil, nil
	}
	f := figure.Trend{Head: figure.Head{ID: "figure-trend", Title: p.Name.In(r.lang) + r.say("走势", " over time"), Unit: orWord(unitOf(p, r.lang), r.say("数值", "value")), Source: r.say("已月结数值", "closed months")},
		Periods: periods, Series: []figure.Series{line}, Decimals: p.Decimals, Target: m.values[valueKey{p.ID, department}].Target}
	if p.Unit == "%" {
		f.Low, f.High = 0, 100
	}
	return s.draw(r, m, f)
}

// explainView is what lies behind one figure.
type explainView struct {
	Month       *closedMonth
	P           *page.Indicator
	Name        string
	Subject     string
	SubjectHref string
	Succession  string // whose cases count for the subject besides its own
	Department  string
	Value       valueView
	V           metrics.Value
	Numerator   string
	Denominator string
	Points      string
	Weight      string
	Reason      string
	Change      *changeView
	Kinds       []kindRow
	Trend       *figureView
	Evidence    string
	Unit        string
	Direction   string
	Version     int
	MayFile     bool
	Before      string
}

// figureOfDepartment explains a figure of a department.
func (s *Server) figureOfDepartment(w http.ResponseWriter, r *request) error {
	return s.explain(w, r, r.PathValue("department"))
}

// figureOfCity explains a figure of the whole city.
func (s *Server) figureOfCity(w http.ResponseWriter, r *request) error {
	return s.explain(w, r, metrics.City)
}

func (s *Server) explain(w http.ResponseWriter, r *request, department string) error {
	m, p, err := s.indicatorOfPath(r)
	if err != nil {
		return err
	}
	value, ok := m.values[valueKey{p.ID, department}]
	if !ok {
		return noSuch(lang.T("数值", "figure"), p.ID+" · "+department)
	}
	return s.show(w, r, shown{page: "explain", title: lang.T(m.names[department].Zh+" · "+p.Name.Zh, m.names[department].In(lang.En)+" · "+p.Name.In(lang.En)), month: m.Month.Month,
		scripts: []string{"chart.js"}, key: m.key(s, r, "explain", p.ID, department), build: func() (any, error) {
			earlier, err := s.earlier(r, m.Month.Month, 12)
			if err != nil {
				return nil, err
			}
			return s.buildExplain(r, m, earlier, p, value)
		}})
}

func (s *Server) buildExplain(r *request, m *closedMonth, earlier []*closedMonth, p *page.Indicator, value metrics.Value) (*explainView, error) {
	l, department := r.lang, value.Department
	before := previous(m.Month.Month, earlier)
	v := &explainView{Month: m, P: p, Name: p.Name.In(l), Department: department, Subject: m.names[department].In(l), Value: m.viewOf(p, value, l), V: value,
		Change: change(p, m, before, department), Unit: unitOf(p, l), Direction: directionName(p.Direction).In(l), Version: value.Version,
		MayFile: department != metrics.City && r.who.May(access.ObjectionFile, department).Allowed}
	v.Succession = m.succession(earlier, department, l)
	v.SubjectHref = "/months/" + m.Month.Month
	if department != metrics.City {
		v.SubjectHref += "/departments/" + url.PathEscape(department)
		if p.Evidence.Text != "" && r.who.May(access.EvidenceRead, department).Allowed {
			v.Evidence = figurePath(m.Month.Month, department, p.ID) + "/evidence"
		}
	}
	if value.Numerator != nil {
		v.Numerator = plainNumber(*value.Numerator)
	}
	if value.Denominator != nil {
		v.Denominator = plainNumber(*value.Denominator)
	}
	if line, ok := m.lines[valueKey{p.ID, department}]; ok {
		v.Points, v.Weight = document.FormatNumber(line.Points, 2), document.FormatNumber(line.Weight, 2)
		if line.Reason != "" {
			zh, en := line.Reason.Text()
			v.Reason = l.Pick(zh, en)
		}
	}
	if before != nil {
		v.Before = m.viewOf(p, before.values[valueKey{p.ID, department}], l).Text
	}
	for _, k := range m.Values {
		if k.Indicator == p.ID && k.Department == department && k.DataKind != "" {
			v.Kinds = append(v.Kinds, kindRow{k.DataKind, m.viewOf(p, k, l)})
		}
	}
	var err error
	v.Trend, err = s.indicatorTrend(r, m, earlier, p, department)
	return v, err
}

const evidencePage = 50

// evidence lists the rows behind a department's figure, or exports them.
func (s *Server) evidence(w http.ResponseWriter, r *request) error {
	m, p, err := s.indicatorOfPath(r)
	if err != nil {
		return err
	}
	department := r.PathValue("department")
	if _, ok := m.department(department); !ok || p.Evidence.Text == "" {
		return noSuch(lang.T("明细", "evidence"), p.ID+" · "+department)
	}
	if s.parts.Rows == nil {
		return fail(unavail, "明细不可用", "evidence is not available")
	}
	if err := s.act(r, "evidence.read", m.Month.Month+" "+p.ID+" "+department, r.URL.Query().Get("format")); err != nil {
		return err
	}
	if m.Withheld {
		return fail(refused, "以他人身份查看时明细已隐去", "rows are withheld while viewing as another user")
	}
	if format := r.URL.Query().Get("format"); format != "" {
		if d := r.who.May(access.Export, department); !d.Allowed {
			return refusal(d)
		}
		return s.export(w, r, format, fmt.Sprintf("%s-%s-%s", p.ID, department, m.Month.Month), func(offset, limit int) (*Table, error) {
			return s.parts.Rows.Evidence(r.Context(), m.Month.Month, m.Revision, p, department, offset, limit)
		})
	}
	n := pageOf(r)
	table, err := s.parts.Rows.Evidence(r.Context(), m.Month.Month, m.Revision, p, department, (n-1)*evidencePage, evidencePage)
	if err != nil {
		return err
	}
	view := s.rowsView(r, table, r.say("明细", "rows"), n, evidencePage)
	s.named(r, m, table, view)
	if r.who.May(access.Export, department).Allowed {
		view.Exports = exportLinks(r.URL)
	}
	return s.show(w, r, shown{page: "evidence", title: lang.T(m.names[department].Zh+" · "+p.Name.Zh+" · 明细", m.names[department].In(lang.En)+" · "+p.Name.In(lang.En)+" · rows"), month: m.Month.Month, wide: true, build: func() (any, error) {
		return map[string]any{"Table": view, "Name": p.Name.In(r.lang), "Subject": m.names[department].In(r.lang), "Back": figurePath(m.Month.Month, department, p.ID),
			"Value": m.view(p, department, r.lang), "Months": m.Month, "SQL": p.Evidence.Text}, nil
	}})
}

// rowsView turns rows into a table of a page with the ways to the pages before and after.
func (s *Server) rowsView(r *request, t *Table, caption string, number, size int) *tableView {
	v := &tableView{Caption: capital(caption), From: (number-1)*size + 1, To: (number-1)*size + len(t.Rows)}
	numeric := make([]bool, len(t.Columns))
	for i, c := range t.Columns {
		numeric[i] = isNumeric(c.Type)
		column := columnView{Title: c.Name, Number: numeric[i]}
		if !c.Label.Empty() {
			column.Title = c.Label.In(r.lang)
		}
		if head := heading(column.Title); head != column.Title {
			column.Title, column.Full = head, column.Title
		}
		if !c.Label.Empty() {
			column.Title = capital(column.Title)
		}
		v.Columns = append(v.Columns, column)
	}
	for _, row := range t.Rows {
		cells := make([]cellView, len(row))
		for i, cell := range row {
			text := cellText(cell, t.Columns[i].Type, s.config.Zone, r.lang)
			cells[i] = cellView{Text: text, Number: numeric[i], Short: utf8.RuneCountInString(text) <= 10 || len(text) <= 20 && isPlain(text)}
		}
		v.Rows = append(v.Rows, rowView{Cells: cells})
	}
	to := func(n int) string {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(n))
		return r.URL.Path + "?" + q.Encode()
	}
	if number > 1 {
		v.Previous = to(number - 1)
	}
	if t.More {
		v.Next = to(number + 1)
	}
	return v
}

// capital begins a heading with a capital letter; Chinese has none.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// isPlain tells whether a text is an identifier, a date or a number rather than words.
func isPlain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}

// heading is the beginning of a column's meaning, up to its first remark, short enough to stand over the column.
func heading(meaning string) string {
	if i := strings.IndexAny(meaning, "（；，(;,:："); i > 3 {
		return strings.TrimSpace(meaning[:i])
	}
	return meaning
}

func exportLinks(u *url.URL) []exportLink {
	var links []exportLink
	for _, format := range exportFormats {
		q := u.Query()
		q.Set("format", format)
		q.Del("page")
		links = append(links, exportLink{strings.ToUpper(format), u.Path + "?" + q.Encode()})
	}
	return links
}
