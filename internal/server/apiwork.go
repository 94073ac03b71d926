package server

import (
	"context"
	"errors"
	"net/http"

	"weir/internal/lang"
	"weir/internal/server/job"
)

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
