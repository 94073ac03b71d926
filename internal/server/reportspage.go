package server

import (
	"errors"
	"net/http"
	"path"
	"strings"

	"weir/internal/lang"
	"weir/internal/server/access"
)

// mayReport decides on one report: a department's scorecard for that department, all else for all departments.
func (r *request) mayReport(report Report) access.Decision {
	department := report.Department
	if department == "" {
		department = access.Every
	}
	return r.who.May(access.ReportRead, department)
}

func (s *Server) reportsPage(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	var list []Report
	if s.parts.Reports != nil {
		all, err := s.parts.Reports.List(r.Context(), m.Month.Month)
		if err != nil {
			return err
		}
		for _, report := range all {
			if r.mayReport(report).Allowed {
				list = append(list, report)
			}
		}
	}
	return s.show(w, r, shown{page: "reports", title: lang.T("报告下载", "Reports"), month: m.Month.Month, build: func() (any, error) {
		return map[string]any{"Month": m, "Reports": list, "MayRender": r.who.May(access.MonthClose, "").Allowed && s.parts.Jobs != nil}, nil
	}})
}

// reportFile answers with a rendered report. The name is looked up in the list of the month: it is never a path.
func (s *Server) reportFile(w http.ResponseWriter, r *request) (err error) {
	if s.parts.Reports == nil {
		return noSuch(lang.T("报告", "report"), r.PathValue("name"))
	}
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	list, err := s.parts.Reports.List(r.Context(), m.Month.Month)
	if err != nil {
		return err
	}
	for _, report := range list {
		if report.Name != name {
			continue
		}
		if d := r.mayReport(report); !d.Allowed {
			return refusal(d)
		}
		if err := s.act(r, "report.read", m.Month.Month+"/"+name, ""); err != nil {
			return err
		}
		f, report, err := s.parts.Reports.Open(r.Context(), m.Month.Month, name)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		h := w.Header()
		switch {
		case report.Format == "html" && r.URL.Query().Get("download") == "":
			h.Set("Content-Security-Policy", reportPolicy)
			h.Set("Content-Type", "text/html; charset=utf-8")
		case report.Format == "pdf" && r.URL.Query().Get("download") == "":
			h.Set("Content-Type", "application/pdf")
			h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'")
		default:
			attach(w, path.Base(name), reportType(report.Format))
		}
		http.ServeContent(w, r.Request, "", report.Modified, f)
		return nil
	}
	return noSuch(lang.T("报告", "report"), name)
}

func reportType(format string) string {
	switch strings.ToLower(format) {
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case "pdf":
		return "application/pdf"
	case "html":
		return "text/html; charset=utf-8"
	case "csv":
		return "text/csv; charset=utf-8"
	case "json":
		return "application/json"
	}
	return "application/octet-stream"
}

// reportRender queues the rendering of a month's reports.
func (s *Server) reportRender(w http.ResponseWriter, r *request) error {
	m, err := s.ofPath(r)
	if err != nil {
		return err
	}
	if s.parts.Jobs == nil {
		return fail(unavail, "任务队列不可用", "the queue is not available")
	}
	if err := s.act(r, "report.render", m.Month.Month, ""); err != nil {
		return err
	}
	j, _, err := s.parts.Jobs.Add(r.Context(), kindReport, closeArgument{Month: m.Month.Month}, r.who.User, "", noTime)
	if err != nil {
		return err
	}
	http.Redirect(w, r.Request, jobPath(j), http.StatusSeeOther)
	return nil
}
