package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/metrics"
	"weir/queries/page"
	"weir/reports/document"
)

// budgetView is the budget review of a month: the document's chapters for those who may see all departments, and the
// figures that it rests on for the departments that the person reaches.
type budgetView struct {
	Month      *closedMonth
	Contents   []choice
	Blocks     []blockView
	Figures    []budgetFigure // by indicator, where one department is shown
	Indicators []*page.Indicator
	Rows       []budgetRow
	City       []valueView
}

type budgetRow struct {
	Name, Href string
	Values     []valueView
	Score      scoreView
}

type budgetFigure struct {
	Name, Href string
	Own, City  valueView
}

// budgetChapters are the sections of the budget review that the page shows, in its order: what is proposed goes before
// what it rests on.
var budgetChapters = []string{"summary", "proposals", "execution", "structure", "cost", "efficiency"}

func (s *Server) budget(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	return s.show(w, r, shown{page: "budget", title: lang.T("预算绩效", "Budget review"), month: m.Month.Month, scripts: []string{"chart.js"}, wide: true, key: m.key(s, r, "budget"), build: func() (any, error) {
		v, err := s.budgetFigures(r, m)
		if err != nil || s.parts.Reviews == nil || !r.who.May(access.BudgetRead, access.Every).Allowed || m.Withheld {
			return v, err
		}
		d, err := s.parts.Reviews.Review(r.Context(), m.Month.Month, r.lang)
		if err != nil {
			return nil, err
		}
		if d.Stamp != m.Stamp {
			return nil, fail(conflict, "本月刚刚重新月结，请重新打开此页", "the month has just been closed anew; open the page again")
		}
		chapters := chaptersOf(d, budgetChapters)
		for _, c := range chapters {
			v.Contents = append(v.Contents, choice{Value: c.ID, Label: strings.ReplaceAll(c.Title, "　", "")})
		}
		present := func(section string) bool { return hasSection(chapters, section) }
		v.Blocks, err = s.documentBlocks(r, chapters, 2, leadsOf(m, r.lang, present))
		return v, err
	}})
}

// budgetFigures gathers the indicators of money and performance for the departments that the person reaches.
func (s *Server) budgetFigures(r *request, m *closedMonth) (*budgetView, error) {
	earlier, err := s.earlier(r, m.Month.Month, 1)
	if err != nil {
		return nil, err
	}
	v := &budgetView{Month: m}
	for _, p := range m.Indicators {
		if p.Dimension == "performance" || p.Dimension == "resources" || p.Scoring != nil && p.Scoring.Group == "output/cost" {
			v.Indicators = append(v.Indicators, p)
			v.City = append(v.City, m.view(p, metrics.City, r.lang))
		}
	}
	for _, d := range m.reached() {
		if !r.who.May(access.BudgetRead, d.ID).Allowed {
			continue
		}
		row := budgetRow{Name: d.Name.In(r.lang), Href: "/months/" + m.Month.Month + "/departments/" + url.PathEscape(d.ID), Score: s.score(m, previous(m.Month.Month, earlier), d, r.lang)}
		for _, p := range v.Indicators {
			row.Values = append(row.Values, m.view(p, d.ID, r.lang))
		}
		v.Rows = append(v.Rows, row)
	}
	if len(v.Rows) == 1 {
		for i, p := range v.Indicators {
			v.Figures = append(v.Figures, budgetFigure{Name: p.Name.In(r.lang), Href: "/months/" + m.Month.Month + "/indicators/" + url.PathEscape(p.ID), Own: v.Rows[0].Values[i], City: v.City[i]})
		}
	}
	return v, nil
}

// chaptersOf finds the sections by their ids, at any depth, in the order of the ids.
func chaptersOf(d *document.Document, ids []string) []document.Section {
	found := map[string]document.Section{}
	var walk func([]document.Section)
	walk = func(sections []document.Section) {
		for _, section := range sections {
			found[section.ID] = section
			walk(section.Sections)
		}
	}
	walk(d.Sections)
	var list []document.Section
	for _, id := range ids {
		if section, ok := found[id]; ok {
			list = append(list, section)
		}
	}
	return list
}

func hasSection(sections []document.Section, id string) bool {
	return slices.ContainsFunc(sections, func(s document.Section) bool { return s.ID == id || hasSection(s.Sections, id) })
}
