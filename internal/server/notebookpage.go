package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/internal/notebook"
	"weir/internal/runner"
	"weir/internal/server/access"
	"weir/queries/page"
)

// paramView is a parameter with its control.
type paramView struct {
	page.Param
	Value   string
	Choices []choice
}

type choice struct {
	Value, Label string
	Selected     bool
}

// given reads the values of parameters from p.NAME=VALUE.
func given(q url.Values) map[string]string {
	values := map[string]string{}
	for name := range q {
		if p, ok := strings.CutPrefix(name, "p."); ok {
			values[p] = strings.Join(q[name], ",")
		}
	}
	return values
}

// params makes the form of a notebook.
func (s *Server) params(r *request, h *notebook.Host, n *page.Notebook, values map[string]string) ([]paramView, error) {
	var list []paramView
	for _, p := range n.Params {
		v := paramView{Param: p, Value: p.Default}
		if value, ok := values[p.Name]; ok {
			v.Value = value
		}
		add := func(value, label string) {
			v.Choices = append(v.Choices, choice{value, label, value == v.Value})
		}
		switch p.Type {
		case "month":
			if v.Value == "" {
				v.Value = h.Snapshot.Close.Month // what the notebook takes where nothing is given
			}
			closed, err := s.newestRevisions(r.Context())
			if err != nil {
				return nil, err
			}
			for _, c := range closed {
				add(c.Month, monthName(c.Month, r.lang))
			}
		case "department":
			if p.Default == notebook.All {
				add(notebook.All, r.say("全部", "all"))
			}
			m, err := s.month(r, h.Snapshot.Close.Month, h.Snapshot.Close.Revision)
			if err != nil {
				return nil, err
			}
			for _, d := range m.Departments {
				add(d.ID, d.Name.In(r.lang))
			}
		case "list":
			if p.Default == notebook.All {
				add(notebook.All, r.say("全部", "all"))
			}
			options, err := h.Options(r.Context(), n, p)
			if err != nil {
				return nil, s.faulty(err)
			}
			for _, option := range options {
				add(option, option)
			}
		}
		list = append(list, v)
	}
	return list, nil
}

// run runs a notebook with the values of the request, in turn.
func (s *Server) run(r *request, h *notebook.Host, n *page.Notebook, values map[string]string) (*notebook.Run, error) {
	return s.runSome(r, h, n, values, func(string) bool { return true })
}

func (s *Server) runSome(r *request, h *notebook.Host, n *page.Notebook, values map[string]string, asked func(cell string) bool) (*notebook.Run, error) {
	select {
	case runs <- struct{}{}:
		defer func() { <-runs }()
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	resolved, err := h.Resolve(r.Context(), n, values)
	if err != nil {
		return nil, s.valueProblem(err)
	}
	run, err := h.RunSome(r.Context(), n, resolved, r.lang, asked)
	if err != nil {
		return nil, s.faulty(err)
	}
	return run, nil
}

func (s *Server) valueProblem(err error) error {
	var f *runner.Failure
	if errors.As(err, &f) || errors.Is(err, context.Canceled) {
		return s.faulty(err)
	}
	return &failure{kind: invalid, text: lang.Same(err.Error()), err: err}
}

// host opens the close that the query names.
func (s *Server) host(name string) (*notebook.Host, error) {
	h, err := s.parts.Notebooks.Host(name)
	if err != nil {
		return nil, &failure{kind: absent, text: lang.T("没有这个月结版次："+name, "there is no such close: "+name), err: err}
	}
	return h, nil
}

// notebookPage shows a notebook with its form and, when asked, its answers.
func (s *Server) notebookPage(w http.ResponseWriter, r *request) error {
	n, text, err := s.published(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	h, err := s.host(q.Get("close"))
	if err != nil {
		return err
	}
	values := given(q)
	form, err := s.params(r, h, n, values)
	if err != nil {
		return err
	}
	data := map[string]any{"N": n, "Params": form, "Close": h.Snapshot.Close.Name(), "MayWrite": r.who.May(access.NotebookWrite, "").Allowed, "Source": text}
	if data["Closes"], err = s.closes(r, h.Snapshot.Close.Name()); err != nil {
		return err
	}
	if q.Get("run") != "" {
		if err := s.act(r, "notebook.run", n.ID, r.URL.RawQuery); err != nil {
			return err
		}
		run, err := s.run(r, h, n, values)
		if err != nil {
			status, text, err := r.again(err)
			if err != nil {
				return err
			}
			data["Error"] = text
			return s.show(w, r, shown{page: "notebook", title: n.Title, status: status, build: func() (any, error) { return data, nil }})
		}
		blocks, err := s.answers(r, h, run)
		if err != nil {
			return err
		}
		data["Blocks"], data["Stamp"], data["Cells"] = blocks, run.Stamp, run.Cells
		if r.who.May(access.Export, access.Every).Allowed {
			q.Del("run")
			for _, form := range notebookForms {
				q.Set("form", form)
				data["Exports"] = append(exportsOf(data), exportLink{strings.ToUpper(form), "/notebooks/" + n.ID + "/export?" + q.Encode()})
			}
		}
	} else if body, err := prose(n.Body); err == nil {
		data["Body"] = body
	}
	return s.show(w, r, shown{page: "notebook", title: n.Title, scripts: []string{"chart.js"}, wide: true, build: func() (any, error) { return data, nil }})
}

// closes lists the revisions of the months, newest first, with the one that is chosen; "" chooses the newest.
func (s *Server) closes(r *request, chosen string) ([]choice, error) {
	list, err := s.closedList(r.Context())
	if err != nil {
		return nil, err
	}
	var names []choice
	for _, c := range slices.Backward(list) {
		name := fmt.Sprintf("%s.%d", c.Month, c.Revision)
		names = append(names, choice{name, name, name == chosen || chosen == "" && len(names) == 0})
	}
	return names, nil
}

func exportsOf(data map[string]any) []exportLink {
	list, _ := data["Exports"].([]exportLink)
	return list
}

// answers turns a run into blocks of a page.
func (s *Server) answers(r *request, h *notebook.Host, run *notebook.Run) ([]blockView, error) {
	d, err := h.Document(r.Context(), run, r.lang)
	if err != nil {
		return nil, err
	}
	return s.documentBlocks(r, d.Sections, 2, nowhere)
}

// notebookExport runs a notebook and gives the answer as a file.
func (s *Server) notebookExport(w http.ResponseWriter, r *request) error {
	n, _, err := s.published(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	form := q.Get("form")
	if !slices.Contains(notebookForms, form) {
		return failf(invalid, "没有“%s”这种格式，可用：%s", "form %q is not known: use %s", form, strings.Join(notebookForms, ", "))
	}
	if d := r.who.May(access.Export, access.Every); !d.Allowed {
		return refusal(d)
	}
	if err := s.act(r, "export", "notebook "+n.ID, r.URL.RawQuery); err != nil {
		return err
	}
	h, err := s.host(q.Get("close"))
	if err != nil {
		return err
	}
	run, err := s.run(r, h, n, given(q))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := s.parts.Notebooks.Export(r.Context(), h, run, form, q.Get("cell"), r.lang, &out); err != nil {
		return s.faulty(err)
	}
	name := n.ID + "-" + h.Snapshot.Close.Name()
	if cell := q.Get("cell"); cell != "" {
		name += "-" + cleanName(cell)
	}
	attach(w, name+"."+form, reportType(form))
	_, err = w.Write(out.Bytes())
	return err
}

// ---- editing
