package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/internal/server/access"
	"weir/internal/server/audit"
	"weir/internal/server/export"
	"weir/internal/server/job"
	"weir/internal/server/objection"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

// page sizes of the API.
const (
	defaultLimit = 1000
	mostLimit    = 10_000
)

// answerList answers with rows: a page of them as JSON, or all of them as a file where ?format= names one.
func (s *Server) answerList(w http.ResponseWriter, r *request, name string, fetch func(offset, limit int) (*Table, error)) error {
	q := r.URL.Query()
	if format := q.Get("format"); format != "" && format != "json" {
		if !r.who.Has(access.Export) {
			return refusal(r.who.May(access.Export, access.Every))
		}
		if err := s.act(r, "export", name, format+" "+r.URL.RawQuery); err != nil {
			return err
		}
		return s.export(w, r, format, name, fetch)
	}
	limit, err := number(q, "limit", defaultLimit, 1, mostLimit)
	if err != nil {
		return err
	}
	offset, err := number(q, "offset", 0, 0, 1<<40)
	if err != nil {
		return err
	}
	t, err := fetch(offset, limit)
	if err != nil {
		return err
	}
	rows := make([]map[string]any, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = make(map[string]any, len(row))
		for j, cell := range row {
			rows[i][t.Columns[j].Name] = export.Plain(cell, t.Columns[j].Type)
		}
	}
	answer := map[string]any{"data": rows, "next": nil}
	if t.More {
		q.Set("offset", strconv.Itoa(offset+len(t.Rows)))
		answer["next"] = r.URL.Path + "?" + q.Encode()
	}
	asText(w, r)
	return writeJSON(w, answer)
}

// number reads a parameter within limits.
func number(q url.Values, name string, other, least, most int) (int, error) {
	text := q.Get(name)
	if text == "" {
		return other, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, failf(invalid, "参数 %s 应为 %d 至 %d 的整数", "parameter %s must be a whole number from %d to %d", name, least, most)
	}
	return n, nil
}

// memory serves rows that are held in memory.
func memory(columns []TableColumn, rows [][]any) func(offset, limit int) (*Table, error) {
	return func(offset, limit int) (*Table, error) {
		from := min(offset, len(rows))
		to := min(from+limit, len(rows))
		return &Table{Columns: columns, Rows: rows[from:to], More: to < len(rows)}, nil
	}
}

func columnsOf(specs ...string) []TableColumn {
	columns := make([]TableColumn, len(specs))
	for i, spec := range specs {
		name, kind, _ := strings.Cut(spec, " ")
		columns[i] = TableColumn{Name: name, Type: kind}
	}
	return columns
}

func optional[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

func (s *Server) apiMe(w http.ResponseWriter, r *request) error {
	var permissions []access.Permission
	for _, p := range access.Permissions() {
		if r.who.Has(p) {
			permissions = append(permissions, p)
		}
	}
	return writeJSON(w, map[string]any{"user": r.who.User, "grants": r.who.Grants, "limit": r.who.Limit, "permissions": permissions})
}

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

func (s *Server) apiClose(w http.ResponseWriter, r *request) error {
	j, err := s.queueClose(r, r.PathValue("month"), r.URL.Query().Get("as_of"))
	if err != nil {
		return err
	}
	return s.answerJob(w, r, j)
}

// answerJob waits a little for a job and answers with it: 200 when it is over, 202 with its address when it runs on.
func (s *Server) answerJob(w http.ResponseWriter, r *request, j job.Job) error {
	ctx, cancel := context.WithTimeout(r.Context(), s.config.AnswerWait)
	defer cancel()
	j, err := s.parts.Jobs.Wait(ctx, j.ID)
	if err != nil {
		return err
	}
	switch {
	case !j.Over():
		w.Header().Set("Location", "/api/v1"+jobPath(j))
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(http.StatusAccepted)
	case j.State != job.Done:
		return &failure{kind: invalid, text: lang.Same(j.Error), err: errors.New(j.Error)}
	}
	return writeJSON(w, j)
}

func (s *Server) apiJobs(w http.ResponseWriter, r *request) error {
	list := s.jobsOf("", 200)
	for i := range list {
		list[i] = shownJob(r, list[i])
	}
	return writeJSON(w, map[string]any{"data": list, "next": nil})
}

func (s *Server) apiJob(w http.ResponseWriter, r *request) error {
	j, err := s.findJob(r)
	if err != nil {
		return err
	}
	return writeJSON(w, j)
}

func (s *Server) apiLoads(w http.ResponseWriter, r *request) error {
	if s.parts.Loads == nil {
		return fail(unavail, "装载不可用", "loading is not available")
	}
	list, err := s.parts.Loads.List(r.Context(), mostLimit)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, l := range list {
		rows = append(rows, []any{l.ID, l.File, l.Table, l.Mapping, l.Reader, l.SHA256, l.Bytes, l.StartedAt, l.FinishedAt, l.In, l.Loaded, l.Duplicate, l.Quarantine})
	}
	return s.answerList(w, r, "loads", memory(columnsOf("load_id BIGINT", "file VARCHAR", "table_name VARCHAR", "mapping VARCHAR", "reader VARCHAR", "sha256 VARCHAR", "bytes BIGINT", "started_at TIMESTAMP", "finished_at TIMESTAMP",
		"rows_in BIGINT", "rows_loaded BIGINT", "rows_duplicate BIGINT", "rows_quarantined BIGINT"), rows))
}

func (s *Server) apiQuarantine(w http.ResponseWriter, r *request) error {
	if s.parts.Loads == nil {
		return fail(unavail, "装载不可用", "loading is not available")
	}
	load, err := number(r.URL.Query(), "load", 0, 0, 1<<40)
	if err != nil {
		return err
	}
	return s.answerList(w, r, "quarantine", func(offset, limit int) (*Table, error) {
		list, err := s.parts.Loads.Quarantine(r.Context(), int64(load), offset, limit+1)
		if err != nil {
			return nil, err
		}
		t := &Table{Columns: columnsOf("load_id BIGINT", "file VARCHAR", "line BIGINT", "column VARCHAR", "reason VARCHAR", "cure VARCHAR", "raw VARCHAR", "replayed_load_id BIGINT"), More: len(list) > limit}
		for _, q := range list[:min(limit, len(list))] {
			var replayed any
			if q.Replayed > 0 {
				replayed = q.Replayed
			}
			t.Rows = append(t.Rows, []any{q.Load, q.File, q.Line, q.Column, q.Reason.In(r.lang), q.Cure.In(r.lang), q.Raw, replayed})
		}
		return t, nil
	})
}

// apiUpload takes a file as the body. The name decides table or mapping where neither is given.
func (s *Server) apiUpload(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	if q.Get("name") == "" {
		return fail(invalid, "请在参数 name 中给出文件名", "give the file's name in the parameter name")
	}
	if err := s.bodyToken(r); err != nil {
		return err
	}
	j, err := s.take(r, r.Body, q.Get("name"), Source{Table: q.Get("table"), Mapping: q.Get("mapping")}, r.idempotencyKey(), q.Get("dry_run") != "")
	if err != nil {
		return err
	}
	return s.answerJob(w, r, j)
}

// apiEvents takes NDJSON events of one table. The answer states rows in, loaded, duplicate and quarantined; the same
// key, and the same content, again is loaded once.
func (s *Server) apiEvents(w http.ResponseWriter, r *request) error {
	table := r.PathValue("table")
	if _, ok := s.model().Table(table); !ok {
		return noSuch(lang.T("表", "table"), table)
	}
	switch mediaType(r) {
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-seq":
	default:
		return fail(wrongMedia, "请以 Content-Type: application/x-ndjson 发送，每行一个 JSON 对象", "send Content-Type: application/x-ndjson, one JSON object a line")
	}
	if err := s.bodyToken(r); err != nil {
		return err
	}
	j, err := s.take(r, r.Body, table+".ndjson", Source{Table: table}, r.idempotencyKey(), false)
	if err != nil {
		return err
	}
	return s.answerJob(w, r, j)
}

// bodyToken checks the form token in the header for callers with a session, whose body is no form.
func (s *Server) bodyToken(r *request) error {
	if r.byToken {
		return nil
	}
	return s.checkToken(r, r.Header.Get("X-CSRF-Token"))
}

// idempotencyKey is the caller's key, kept apart for each user.
func (r *request) idempotencyKey() string {
	key := r.Header.Get("Idempotency-Key")
	if key == "" || len(key) > 200 {
		return ""
	}
	return r.who.User + "\x00" + key
}

func (s *Server) apiObjections(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	list := []objection.Objection{}
	for _, o := range s.parts.Objections.List(objection.Filter{Month: q.Get("month"), Department: q.Get("department"), State: objection.State(q.Get("state"))}) {
		if r.who.May(access.ObjectionRead, o.Department).Allowed {
			list = append(list, o)
		}
	}
	return writeJSON(w, map[string]any{"data": list, "next": nil})
}

func (s *Server) apiAudit(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	limit, err := number(q, "limit", 100, 1, mostLimit)
	if err != nil {
		return err
	}
	before, err := number(q, "before", 0, 0, 1<<60)
	if err != nil {
		return err
	}
	f := audit.Filter{User: q.Get("user"), Action: q.Get("action"), Refused: q.Get("refused") != "", Limit: limit, Before: int64(before)}
	for name, target := range map[string]*time.Time{"from": &f.From, "to": &f.To} {
		if text := q.Get(name); text != "" {
			if *target, err = time.Parse(time.RFC3339, text); err != nil {
				return failf(invalid, "参数 %s 应为 2026-11-03T08:00:00+08:00 的形式", "parameter %s must be of the form 2026-11-03T08:00:00+08:00", name)
			}
		}
	}
	entries, err := s.parts.Audit.List(r.Context(), f)
	if err != nil {
		return err
	}
	return writeJSON(w, map[string]any{"data": entries, "next": nil})
}

// apiReport answers with a report as a download.
func (s *Server) apiReport(w http.ResponseWriter, r *request) error {
	q := r.URL.Query()
	q.Set("download", "1")
	r.URL.RawQuery = q.Encode()
	return s.reportFile(w, r)
}

// Lake reads the tables of closed months.
type Lake interface {
	Tables(month string, revision int) []string
	Read(ctx context.Context, month string, revision int, table string, offset, limit int) (*Table, error)
}
