package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"weir/internal/lang"
	"weir/internal/notebook"
	"weir/internal/problem"
	"weir/internal/runner"
	"weir/internal/server/access"
	"weir/queries/page"
)

// Notebooks runs notebooks on closed months.
type Notebooks interface {
	// Set loads the notebooks, the workspace's own before those that ship.
	Set() (*notebook.Set, error)
	// Host opens a close, such as 2026-10 or 2026-10.2; "" is the newest.
	Host(close string) (*notebook.Host, error)
	// Export writes a run in a form such as html, pdf, xlsx, ipynb, sql or csv; a data form is of one cell.
	Export(ctx context.Context, h *notebook.Host, run *notebook.Run, form, cell string, l lang.Lang, w io.Writer) error
}

// notebookForms are the forms of an export, documents first.
var notebookForms = []string{"html", "pdf", "xlsx", "ipynb", "sql", "csv", "json", "parquet", "arrow"}

// runs bounds how many notebooks and queries run at once; more wait for their turn.
var runs = make(chan struct{}, 2)

// notebookRoutes are the pages and calls of notebooks and of free SQL, which reads everything that is published.
func (s *Server) notebookRoutes() []route {
	read := func(method, pattern string, h handler, doc *operation) route {
		return route{method: method, pattern: pattern, needs: access.SQLRun, scope: everyDepartment, handle: h, doc: doc}
	}
	write := func(method, pattern string, h handler, doc *operation) route {
		return route{method: method, pattern: pattern, needs: access.NotebookWrite, handle: h, doc: doc}
	}
	op := func(id, zh, en, body string) *operation {
		return &operation{id: id, summary: lang.T(zh, en), body: body}
	}
	const js = "application/json"
	return []route{
		read(get, "/notebooks", s.notebooksPage, nil),
		write(post, "/notebooks", s.notebookNew, nil),
		read(get, "/notebooks/{notebook}", s.notebookPage, nil),
		read(get, "/notebooks/{notebook}/export", s.notebookExport, nil),
		read(get, "/notebooks/{notebook}/history", s.notebookHistory, nil),
		write(get, "/notebooks/{notebook}/edit", s.notebookEdit, nil),
		write(post, "/notebooks/{notebook}/discard", s.notebookDiscard, nil),
		write(post, "/notebooks/{notebook}/publish", s.notebookPublish, nil),
		read(get, "/api/v1/schema", s.apiSchema, op("getSchema", "可查询的表与列", "tables and columns that queries read", "")),
		read(post, "/api/v1/sql", s.apiSQL, op("runSQL", "运行一条只读查询", "run one read-only query", js)),
		write(get, "/api/v1/notebooks/{notebook}/draft", s.apiOpenDraft, op("openDraft", "读取草稿", "read a draft", "")),
		write(post, "/api/v1/notebooks/{notebook}/draft", s.apiDraft, op("saveDraft", "保存草稿", "save a draft", js)),
		write(post, "/api/v1/notebooks/{notebook}/check", s.apiCheckNotebook, op("checkNotebook", "检查笔记本", "check a notebook", js)),
		read(post, "/api/v1/notebooks/{notebook}/run", s.apiRunNotebook, op("runNotebook", "运行笔记本", "run a notebook", js)),
	}
}

func (s *Server) notebooksReady() error {
	if s.parts.Notebooks == nil || s.parts.Drafts == nil {
		return fail(unavail, "笔记本不可用", "notebooks are not available")
	}
	return nil
}

func (s *Server) notebooksPage(w http.ResponseWriter, r *request) error {
	if err := s.notebooksReady(); err != nil {
		return err
	}
	set, err := s.parts.Notebooks.Set()
	if err != nil {
		return s.faulty(err)
	}
	return s.show(w, r, shown{page: "notebooks", title: lang.T("笔记本", "Notebooks"), build: func() (any, error) {
		return map[string]any{"List": set.All(), "MayWrite": r.who.May(access.NotebookWrite, "").Allowed}, nil
	}})
}

// faulty tells problems of pages as they are; other errors pass.
func (s *Server) faulty(err error) error {
	var list problem.List
	var query *runner.Failure
	switch {
	case errors.As(err, &list):
		return &failure{kind: invalid, text: lang.Same(list.Error()), err: err}
	case errors.As(err, &query):
		return &failure{kind: invalid, text: lang.T(query.What.Zh+"；"+query.Cure.Zh, query.What.En+"; "+query.Cure.En), err: err}
	}
	return err
}

// notebookNew begins a draft from the template.
func (s *Server) notebookNew(w http.ResponseWriter, r *request) error {
	if err := s.notebooksReady(); err != nil {
		return err
	}
	id := strings.TrimSpace(r.PostFormValue("id"))
	text, err := notebook.Template(id)
	if err != nil {
		return fail(invalid, "标识为 3 至 48 个小写字母、数字、下划线，以字母开头", "an id has 3 to 48 small letters, digits and underscores, a letter first")
	}
	d, err := s.parts.Drafts.Open(id, r.who.User, text)
	if err != nil {
		return err
	}
	if d.Version == 0 && d.Base == "" {
		if _, err := s.parts.Drafts.Save(id, r.who.User, text, "", 0); err != nil {
			return err
		}
	}
	http.Redirect(w, r.Request, "/notebooks/"+id+"/edit", http.StatusSeeOther)
	return nil
}

// published finds a notebook and its text.
func (s *Server) published(r *request) (*page.Notebook, string, error) {
	if err := s.notebooksReady(); err != nil {
		return nil, "", err
	}
	id := r.PathValue("notebook")
	text, _, err := s.parts.Drafts.Text(id)
	if err != nil {
		return nil, "", noSuch(lang.T("笔记本", "notebook"), id)
	}
	n, problems := page.ParseNotebook(id+".md", []byte(text))
	if err := problems.Err(); err != nil {
		return nil, "", s.faulty(err)
	}
	return n, text, nil
}
