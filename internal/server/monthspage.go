package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"weir/internal/calendar"
	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/job"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/queries/schema"
	"weir/reports/document"
)

// monthsPage lists closed months with their revisions, and closes the next.
func (s *Server) monthsPage(w http.ResponseWriter, r *request) error {
	list, err := s.closedList(r.Context())
	if err != nil {
		return err
	}
	list = slices.Clone(list)
	slices.Reverse(list)
	next := ""
	if len(list) > 0 {
		if m, err := calendar.ParseMonth(list[0].Month); err == nil {
			next = m.Add(1).String()
		}
	}
	return s.show(w, r, shown{page: "months", title: lang.T("月结与版次", "Months and revisions"), build: func() (any, error) {
		return map[string]any{"List": list, "Next": next, "MayClose": r.who.May(access.MonthClose, "").Allowed && s.parts.Jobs != nil, "Jobs": s.jobsOf(kindClose, 10)}, nil
	}})
}

// Kinds of jobs that pages start.
const (
	kindClose  = "close"
	kindIngest = "ingest"
	kindRepair = "repair"
	kindReport = "report"
)

func (s *Server) jobsOf(kind string, most int) []job.Job {
	if s.parts.Jobs == nil {
		return nil
	}
	var list []job.Job
	for _, j := range s.parts.Jobs.List() {
		if (kind == "" || j.Kind == kind) && len(list) < most {
			list = append(list, j)
		}
	}
	return list
}

// closeArgument is the argument of a job that closes a month.
type closeArgument struct {
	Month string `json:"month"`
	AsOf  string `json:"as_of,omitempty"`
}

// monthClose queues the closing of a month.
func (s *Server) monthClose(w http.ResponseWriter, r *request) error {
	j, err := s.queueClose(r, r.PostFormValue("month"), r.PostFormValue("as_of"))
	if err != nil {
		return err
	}
	http.Redirect(w, r.Request, fmt.Sprintf("/jobs/%d", j.ID), http.StatusSeeOther)
	return nil
}

func (s *Server) queueClose(r *request, month, asOf string) (job.Job, error) {
	if s.parts.Jobs == nil {
		return job.Job{}, fail(unavail, "任务队列不可用", "the queue is not available")
	}
	if _, err := calendar.ParseMonth(month); err != nil {
		return job.Job{}, failf(invalid, "月份写作 2026-10，收到的是“%s”", "a month is written as 2026-10, this is %q", month)
	}
	if err := s.act(r, "month.close", month, asOf); err != nil {
		return job.Job{}, err
	}
	j, _, err := s.parts.Jobs.Add(r.Context(), kindClose, closeArgument{month, asOf}, r.who.User, "", noTime)
	return j, err
}

// diffView is one changed value.
type diffView struct {
	Department, Indicator, Kind, Before, After, Cause, Href string
}

// revision shows what a revision changed against the one before, split into data and rules.
func (s *Server) revision(w http.ResponseWriter, r *request) error {
	number, err := strconv.Atoi(r.PathValue("revision"))
	if err != nil {
		return noSuch(lang.T("版次", "revision"), r.PathValue("revision"))
	}
	m, err := s.month(r, r.PathValue("month"), number)
	if err != nil {
		return err
	}
	var views []diffView
	counts := map[string]int{}
	if s.parts.Revisions != nil && number > 1 && !m.Withheld {
		differences, err := s.parts.Revisions.Differences(r.Context(), m.Month.Month, number)
		if err != nil {
			return err
		}
		for _, d := range differences {
			if d.Department != "*" && !m.reaches(d.Department) {
				continue
			}
			counts[d.Cause]++
			v := diffView{Department: m.names[d.Department].In(r.lang), Indicator: d.Indicator, Kind: d.Kind, Cause: causeName(d.Cause).In(r.lang), Href: figurePath(m.Month.Month, d.Department, d.Indicator)}
			decimals := 2
			if p := m.indicators[d.Indicator]; p != nil {
				v.Indicator, decimals = p.Name.In(r.lang), p.Decimals+1
			}
			v.Before, v.After = sideText(d.Before, d.StateBefore, decimals, r.lang), sideText(d.After, d.StateAfter, decimals, r.lang)
			views = append(views, v)
		}
	}
	return s.show(w, r, shown{page: "revision", title: lang.T(m.Month.Month+" 第 "+r.PathValue("revision")+" 版", m.Month.Month+" revision "+r.PathValue("revision")), build: func() (any, error) {
		return map[string]any{"Month": m, "Differences": views, "Data": counts["data"], "Rule": counts["rule"], "Both": counts["data and rule"], "First": number == 1, "Sources": m.Sources}, nil
	}})
}

func sideText(v *float64, state string, decimals int, l lang.Lang) string {
	if v != nil {
		return document.FormatNumber(*v, decimals)
	}
	switch state {
	case "":
		return "—"
	case "value":
		return "—"
	}
	return stateWord(scoring.State(state), l)
}

func causeName(cause string) lang.Text {
	switch cause {
	case "data":
		return lang.T("数据变化", "data changed")
	case "rule":
		return lang.T("规则变化", "rule changed")
	}
	return lang.T("数据与规则均变化", "data and rule changed")
}

// ---- codebook

func (s *Server) codebook(w http.ResponseWriter, r *request) error {
	var indicators []*page.Indicator
	for _, id := range s.parts.Definitions.IDs() {
		versions := s.parts.Definitions.Versions(id)
		indicators = append(indicators, versions[len(versions)-1])
	}
	return s.show(w, r, shown{page: "codebook", title: lang.T("指标与数据字典", "Codebook"), key: "codebook", build: func() (any, error) {
		type group struct {
			Name       string
			Indicators []*page.Indicator
		}
		var groups []group
		for _, p := range indicators {
			name := dimensionName(p.Dimension).In(r.lang)
			if n := len(groups); n == 0 || groups[n-1].Name != name {
				groups = append(groups, group{Name: name})
			}
			g := &groups[len(groups)-1]
			g.Indicators = append(g.Indicators, p)
		}
		return map[string]any{"Groups": groups, "Tables": s.model().Tables, "Codes": s.model().Codes}, nil
	}})
}

func (s *Server) model() *schema.Model {
	if s.parts.Model != nil {
		return s.parts.Model
	}
	return schema.Default()
}

// codebookIndicator shows a definition with its versions, apart from any month.
func (s *Server) codebookIndicator(w http.ResponseWriter, r *request) error {
	versions := s.parts.Definitions.Versions(r.PathValue("indicator"))
	if len(versions) == 0 {
		return noSuch(lang.T("指标", "indicator"), r.PathValue("indicator"))
	}
	p := versions[len(versions)-1]
	return s.show(w, r, shown{page: "definition", title: p.Name, build: func() (any, error) {
		body, err := prose(p.Body)
		return map[string]any{"P": p, "Versions": versions, "Body": body, "Unit": unitOf(p, r.lang), "Direction": directionName(p.Direction).In(r.lang), "Dimension": dimensionName(p.Dimension).In(r.lang)}, err
	}})
}

func (s *Server) codebookTable(w http.ResponseWriter, r *request) error {
	t, ok := s.model().Table(r.PathValue("table"))
	if !ok {
		return noSuch(lang.T("表", "table"), r.PathValue("table"))
	}
	return s.show(w, r, shown{page: "table", title: lang.T(t.Zh+" "+t.Name, t.En), build: func() (any, error) {
		return map[string]any{"Table": t, "Codes": s.model().Codes}, nil
	}})
}

// ---- jobs

func (s *Server) jobsPage(w http.ResponseWriter, r *request) error {
	return s.show(w, r, shown{page: "jobs", title: lang.T("任务与时间表", "Jobs and timetable"), build: func() (any, error) {
		data := map[string]any{"Jobs": s.jobsOf("", 100)}
		if s.parts.Timetable != nil {
			data["Plans"] = s.parts.Timetable.Plans()
		}
		return data, nil
	}})
}

func (s *Server) jobPage(w http.ResponseWriter, r *request) error {
	j, err := s.findJob(r)
	if err != nil {
		return err
	}
	return s.show(w, r, shown{page: "job", title: lang.T("任务 "+strconv.FormatInt(j.ID, 10), "Job "+strconv.FormatInt(j.ID, 10)), build: func() (any, error) {
		data := map[string]any{"Job": j, "Over": j.Over(), "Result": indented(j.Result, r.lang), "Argument": indented(j.Argument, r.lang)}
		switch {
		case len(j.Result) == 0:
		case j.Kind == kindIngest || j.Kind == kindRepair:
			var result LoadResult
			if json.Unmarshal(j.Result, &result) == nil {
				data["Load"] = result
			}
		case j.Kind == kindClose:
			var result closeResult
			if json.Unmarshal(j.Result, &result) == nil && result.Month != "" {
				data["Closed"] = result
			}
		}
		return data, nil
	}})
}

// closeResult is what Work.Close answers, as far as the page shows it.
type closeResult struct {
	Month       string   `json:"month"`
	Revision    int      `json:"revision"`
	Unchanged   bool     `json:"unchanged"`
	Values      int64    `json:"values"`
	Departments int      `json:"departments"`
	Indicators  int      `json:"indicators"`
	Notes       []string `json:"notes"`
}

func (s *Server) findJob(r *request) (job.Job, error) {
	id, err := strconv.ParseInt(r.PathValue("job"), 10, 64)
	if err != nil || s.parts.Jobs == nil {
		return job.Job{}, noSuch(lang.T("任务", "job"), r.PathValue("job"))
	}
	j, err := s.parts.Jobs.Find(id)
	return shownJob(r, j), err
}

// shownJob hides what a job was given from those who may not read loads: it may hold raw rows.
func shownJob(r *request, j job.Job) job.Job {
	if !r.who.May(access.LoadRead, "").Allowed {
		j.Argument = nil
	}
	return j
}

// inLanguage replaces texts in both languages, {"zh": …, "en": …}, by the one asked for.
func inLanguage(v any, l lang.Lang) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = inLanguage(v[i], l)
		}
	case map[string]any:
		zh, isZh := v["zh"].(string)
		en, isEn := v["en"].(string)
		if isZh && isEn && len(v) == 2 {
			return lang.T(zh, en).In(l)
		}
		for k := range v {
			v[k] = inLanguage(v[k], l)
		}
	}
	return v
}

// indented writes JSON for people, of texts that exist in both languages the one of the reader.
func indented(text json.RawMessage, l lang.Lang) string {
	if len(text) == 0 {
		return ""
	}
	var v any
	if json.Unmarshal(text, &v) != nil {
		return string(text)
	}
	out, err := json.MarshalIndent(inLanguage(v, l), "", "  ")
	if err != nil {
		return string(text)
	}
	return string(out)
}
