package server

import (
	"net/http"
	"slices"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

func (s *Server) apiMonths(w http.ResponseWriter, r *request) error {
	list, err := s.closedList(r.Context())
	if err != nil {
		return err
	}
	var rows [][]any
	for _, c := range list {
		rows = append(rows, []any{c.Month, int64(c.Revision), c.AsOf, c.ClosedAt, c.Stamp})
	}
	return s.answerList(w, r, "months", memory(columnsOf("month VARCHAR", "revision BIGINT", "as_of TIMESTAMP", "closed_at TIMESTAMP", "stamp VARCHAR"), rows))
}

// apiMonth finds the month of the path at ?revision=, the newest by default.
func (s *Server) apiMonth(r *request) (*closedMonth, error) {
	revision, err := number(r.URL.Query(), "revision", 0, 0, 1<<30)
	if err != nil {
		return nil, err
	}
	return s.month(r, r.PathValue("month"), revision)
}

func (s *Server) apiValues(w http.ResponseWriter, r *request) error {
	m, err := s.apiMonth(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if d := q.Get("department"); d != "" && d != metrics.City && !m.reaches(d) {
		return refusal(r.who.May(access.DepartmentRead, d))
	}
	var rows [][]any
	for _, v := range m.Values {
		if q.Get("indicator") != "" && v.Indicator != q.Get("indicator") || q.Get("department") != "" && v.Department != q.Get("department") || v.DataKind != "" && q.Get("by_kind") == "" {
			continue
		}
		rows = append(rows, []any{m.Month.Month, int64(m.Revision), v.Department, m.names[v.Department].In(r.lang), v.Indicator, v.DataKind, string(v.State),
			optional(v.Numerator), optional(v.Denominator), optional(v.Value), optional(v.N), optional(v.Low), optional(v.High), optional(v.Target), v.Unit})
	}
	return s.answerList(w, r, "values-"+m.Month.Month, memory(columnsOf("month VARCHAR", "revision BIGINT", "department_id VARCHAR", "department VARCHAR", "indicator_id VARCHAR", "kind VARCHAR", "state VARCHAR",
		"numerator DOUBLE", "denominator DOUBLE", "value DOUBLE", "n BIGINT", "low DOUBLE", "high DOUBLE", "target DOUBLE", "unit VARCHAR"), rows))
}

func (s *Server) apiScores(w http.ResponseWriter, r *request) error {
	m, err := s.apiMonth(r)
	if err != nil {
		return err
	}
	var rows [][]any
	add := func(d string, scope string, t scoring.Tally, grade any, rank any) {
		var score any
		if t.Scored {
			score = t.Score
		}
		rows = append(rows, []any{m.Month.Month, int64(m.Revision), d, m.names[d].In(r.lang), scope, score, t.Points, t.Weight, t.Coverage, grade, rank})
	}
	for _, sc := range m.Scores {
		var grade, rank any
		if sc.Grade != "" {
			grade = sc.Grade
		}
		if sc.Rank > 0 {
			rank = int64(sc.Rank)
		}
		add(sc.Department, "total", sc.Total, grade, rank)
		for _, index := range sc.Indices {
			add(sc.Department, index.ID, index, nil, nil)
		}
	}
	return s.answerList(w, r, "scores-"+m.Month.Month, memory(columnsOf("month VARCHAR", "revision BIGINT", "department_id VARCHAR", "department VARCHAR", "scope VARCHAR", "score DOUBLE", "points DOUBLE", "weight DOUBLE",
		"coverage DOUBLE", "grade VARCHAR", "rank BIGINT"), rows))
}

func (s *Server) apiFlows(w http.ResponseWriter, r *request) error {
	m, err := s.apiMonth(r)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, f := range m.Flows {
		rows = append(rows, []any{m.Month.Month, f.Provider, f.Consumer, f.Exchanges, f.Rows})
	}
	return s.answerList(w, r, "flows-"+m.Month.Month, memory(columnsOf("month VARCHAR", "provider_id VARCHAR", "consumer_id VARCHAR", "exchanges BIGINT", "rows BIGINT"), rows))
}

func (s *Server) apiRequests(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	parameters := r.reachParameters(m, access.RequestRead)
	parameters["department"], parameters["late"] = r.URL.Query().Get("department"), r.URL.Query().Get("late") != ""
	return s.answerList(w, r, "requests-"+m.Month.Month, func(offset, limit int) (*Table, error) {
		return s.rowsOf(r, m, requestQuery, parameters, offset, limit)
	})
}

func (s *Server) apiResources(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	parameters := r.reachParameters(m, access.DatasetRead)
	parameters["department"], parameters["text"], parameters["dormant"] = q.Get("department"), q.Get("q"), q.Get("dormant") != ""
	return s.answerList(w, r, "resources-"+m.Month.Month, func(offset, limit int) (*Table, error) {
		return s.rowsOf(r, m, datasetQuery, parameters, offset, limit)
	})
}

// apiFigure explains one figure.
func (s *Server) apiFigure(w http.ResponseWriter, r *request) error {
	m, p, err := s.indicatorOfPath(r)
	if err != nil {
		return err
	}
	v, ok := m.values[valueKey{p.ID, r.PathValue("department")}]
	if !ok {
		return noSuch(lang.T("数值", "figure"), p.ID+" "+r.PathValue("department"))
	}
	answer := map[string]any{"month": m.Month.Month, "revision": m.Revision, "stamp": m.Stamp, "department_id": v.Department, "indicator": p, "version": v.Version, "state": v.State,
		"numerator": v.Numerator, "denominator": v.Denominator, "value": v.Value, "n": v.N, "low": v.Low, "high": v.High, "target": v.Target, "unit": v.Unit}
	if line, ok := m.lines[valueKey{p.ID, v.Department}]; ok {
		answer["points"] = line
	}
	return writeJSON(w, answer)
}

func (s *Server) apiEvidence(w http.ResponseWriter, r *request) error {
	m, p, err := s.indicatorOfPath(r)
	if err != nil {
		return err
	}
	department := r.PathValue("department")
	if _, ok := m.department(department); !ok || p.Evidence.Text == "" || s.parts.Rows == nil {
		return noSuch(lang.T("明细", "evidence"), p.ID+" "+department)
	}
	if err := s.act(r, "evidence.read", m.Month.Month+" "+p.ID+" "+department, r.URL.RawQuery); err != nil {
		return err
	}
	if format := r.URL.Query().Get("format"); format != "" && format != "json" {
		if d := r.who.May(access.Export, department); !d.Allowed {
			return refusal(d)
		}
	}
	return s.answerList(w, r, p.ID+"-"+department+"-"+m.Month.Month, func(offset, limit int) (*Table, error) {
		return s.parts.Rows.Evidence(r.Context(), m.Month.Month, m.Revision, p, department, offset, limit)
	})
}

// apiTable gives a table of the lake of a closed month.
func (s *Server) apiTable(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	name := r.PathValue("table")
	if s.parts.Lake == nil || !slices.Contains(s.parts.Lake.Tables(m.Month.Month, m.Revision), name) {
		return noSuch(lang.T("表", "table"), name)
	}
	if err := s.act(r, "table.read", m.Month.Month+" "+name, r.URL.RawQuery); err != nil {
		return err
	}
	return s.answerList(w, r, name+"-"+m.Month.Month, func(offset, limit int) (*Table, error) {
		return s.parts.Lake.Read(r.Context(), m.Month.Month, m.Revision, name, offset, limit)
	})
}

func (s *Server) apiIndicators(w http.ResponseWriter, r *request) error {
	var list []*page.Indicator
	for _, id := range s.parts.Definitions.IDs() {
		list = append(list, s.parts.Definitions.Versions(id)...)
	}
	asText(w, r)
	return writeJSON(w, map[string]any{"data": list, "next": nil})
}

func (s *Server) apiModel(w http.ResponseWriter, r *request) error {
	asText(w, r)
	return writeJSON(w, s.model())
}

func (s *Server) apiReports(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	rows := [][]any{}
	if s.parts.Reports != nil {
		all, err := s.parts.Reports.List(r.Context(), m.Month.Month)
		if err != nil {
			return err
		}
		for _, report := range all {
			if r.mayReport(report).Allowed {
				rows = append(rows, []any{report.Name, report.Kind, report.Department, string(report.Lang), report.Format, report.Bytes, report.Modified.UTC()})
			}
		}
	}
	return s.answerList(w, r, "reports-"+m.Month.Month, memory(columnsOf("name VARCHAR", "kind VARCHAR", "department_id VARCHAR", "language VARCHAR", "format VARCHAR", "bytes BIGINT", "rendered_at TIMESTAMP"), rows))
}

// apiReport answers with a report as a download.
func (s *Server) apiReport(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	q.Set("download", "1")
	r.URL.RawQuery = q.Encode()
	return s.reportFile(w, r)
}
