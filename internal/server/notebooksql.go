package server

import (
	"net/http"
	"time"

	"weir/internal/runner"
)

// apiSQL runs one query on a close. The text is in the audit log before it runs.
func (s *Server) apiSQL(w http.ResponseWriter, r *request) error {
	if err := s.notebooksReady(); err != nil {
		return err
	}
	var c struct {
		SQL   string `json:"sql"`
		Close string `json:"close"`
		Limit int64  `json:"limit"`
	}
	if err := readJSON(r, &c); err != nil {
		return err
	}
	if c.Limit <= 0 || c.Limit > mostLimit {
		c.Limit = defaultLimit
	}
	if err := s.act(r, "sql.run", c.Close, c.SQL); err != nil {
		return err
	}
	h, err := s.host(c.Close)
	if err != nil {
		return err
	}
	select {
	case runs <- struct{}{}:
		defer func() { <-runs }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	limits := h.Limits
	limits.Rows = c.Limit
	began := time.Now()
	result, err := h.Runner.Query(r.Context(), runner.Request{SQL: c.SQL, Source: h.Source, Limits: limits})
	if err != nil {
		return s.faulty(err)
	}
	asText(w, r)
	return writeJSON(w, map[string]any{"close": h.Snapshot.Close.Name(), "columns": result.Columns, "rows": result.Rows, "cut": result.Cut, "ms": time.Since(began).Milliseconds()})
}
