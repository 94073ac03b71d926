package server

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"weir/internal/server/access"
	"weir/internal/server/audit"
	"weir/internal/server/export"
	"weir/internal/server/objection"
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
