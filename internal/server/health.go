package server

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"weir/internal/server/access"
	"weir/internal/server/job"
)

// healthz runs SQL: after a fatal error of the engine the process must be started anew.
func (s *Server) healthz(w http.ResponseWriter, r *request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if s.parts.Health != nil {
		if err := s.parts.Health.Ping(ctx); err != nil {
			f := fail(unavail, "数据库没有应答，请重启服务", "the database does not answer; start the service anew")
			f.err = err
			return f
		}
	}
	return writeJSON(w, map[string]string{"status": "ok"})
}

// readyz says whether requests should be sent here: not while the service stops.
func (s *Server) readyz(w http.ResponseWriter, r *request) error {
	if s.stopping.Load() {
		return fail(unavail, "服务正在停止", "the service is stopping")
	}
	return s.healthz(w, r)
}

// metrics answers in the text format of Prometheus: to this machine, and to who may read jobs.
func (s *Server) metrics(w http.ResponseWriter, r *request) error {
	if d := r.who.May(access.JobRead, ""); !isLoopback(r.address) && !d.Allowed {
		return refusal(d)
	}
	gauges, err := s.memoryGauges(r.Context())
	if err != nil {
		return err
	}
	if s.parts.Book != nil {
		gauges = append(gauges, gauge{name: "weir_sessions_open", help: "Sessions that are open.", value: float64(s.parts.Book.Open())})
	}
	if s.parts.Jobs != nil {
		gauges = append(gauges, gauge{name: "weir_jobs_waiting", help: "Jobs that wait or run.", value: float64(s.parts.Jobs.Waiting())})
		for _, j := range s.parts.Jobs.List() {
			if j.State == job.Running {
				gauges = append(gauges, gauge{name: "weir_jobs_running", help: "Jobs that run now, by kind.", label: "kind", of: j.Kind, value: 1})
			}
		}
	}
	list, err := s.closedList(r.Context())
	if err != nil {
		return err
	}
	gauges = append(gauges, gauge{name: "weir_revisions_closed", help: "Revisions of closed months.", value: float64(len(list))})
	var out bytes.Buffer
	s.counts.write(&out, gauges)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, err = w.Write(out.Bytes())
	return err
}

func writeJSON(w http.ResponseWriter, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, err = w.Write(append(text, '\n'))
	return err
}
