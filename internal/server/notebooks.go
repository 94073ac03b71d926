package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/internal/notebook"
	"weir/internal/problem"
	"weir/internal/runner"
	"weir/internal/server/access"
	"weir/internal/server/draft"
	"weir/queries/page"
	"weir/queries/views"
	"weir/reports/document"
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
			for _, option := range p.Options {
				add(option, option)
			}
		}
		list = append(list, v)
	}
	return list, nil
}

// run runs a notebook with the values of the request, in turn.
func (s *Server) run(r *request, h *notebook.Host, n *page.Notebook, values map[string]string) (*notebook.Run, error) {
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
	run, err := h.Run(r.Context(), n, resolved, r.lang)
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
	if closes, err := s.closedList(r.Context()); err == nil {
		var names []choice
		for _, c := range slices.Backward(closes) {
			name := fmt.Sprintf("%s.%d", c.Month, c.Revision)
			names = append(names, choice{name, name, name == h.Snapshot.Close.Name()})
		}
		data["Closes"] = names
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

func exportsOf(data map[string]any) []exportLink {
	list, _ := data["Exports"].([]exportLink)
	return list
}

// blockView is one piece of a run: a heading, prose, a figure or a table.
type blockView struct {
	Heading string
	Text    string
	Note    string
	Figure  *figureView
	Table   *tableView
	Keys    []document.KeyFigure
}

// answers turns a run into blocks of a page.
func (s *Server) answers(r *request, h *notebook.Host, run *notebook.Run) ([]blockView, error) {
	d, err := h.Document(r.Context(), run, r.lang)
	if err != nil {
		return nil, err
	}
	var blocks []blockView
	var walk func(sections []document.Section) error
	walk = func(sections []document.Section) error {
		for _, section := range sections {
			if section.Title != "" {
				blocks = append(blocks, blockView{Heading: section.Title})
			}
			for _, b := range section.Blocks {
				view, err := s.block(r, b)
				if err != nil {
					return err
				}
				blocks = append(blocks, view...)
			}
			if err := walk(section.Sections); err != nil {
				return err
			}
		}
		return nil
	}
	return blocks, walk(d.Sections)
}

func (s *Server) block(r *request, b document.Block) ([]blockView, error) {
	switch b := b.(type) {
	case *document.Paragraph:
		return []blockView{{Text: plainText(*b)}}, nil
	case *document.List:
		var list []blockView
		for _, item := range b.Items {
			list = append(list, blockView{Text: "• " + plainText(item)})
		}
		return list, nil
	case *document.Note:
		text := b.Title
		for _, p := range b.Body {
			text += " " + plainText(p)
		}
		return []blockView{{Note: strings.TrimSpace(text)}}, nil
	case *document.KeyFigures:
		return []blockView{{Keys: b.Items}}, nil
	case *document.Table:
		return []blockView{{Table: tableOf(*b, r.lang)}}, nil
	case *document.Figure:
		v, err := s.drawn(r, b)
		return []blockView{{Figure: v}}, err
	}
	return nil, nil
}

func plainText(p document.Paragraph) string {
	var b strings.Builder
	for _, span := range p.Spans {
		b.WriteString(span.Text)
	}
	return b.String()
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

func (s *Server) notebookEdit(w http.ResponseWriter, r *request) error {
	if err := s.notebooksReady(); err != nil {
		return err
	}
	id := r.PathValue("notebook")
	d, err := s.parts.Drafts.Open(id, r.who.User, "")
	if err != nil || d.Text == "" && d.Base == "" && d.Version == 0 {
		return noSuch(lang.T("笔记本", "notebook"), id)
	}
	published, _, err := s.parts.Drafts.Text(id)
	is := ""
	if err == nil {
		is = draft.Hash(published)
	}
	// The editor makes its styles at run time: they carry a number that only this answer knows. It places its marks by
	// style attributes, which can run nothing.
	nonce := r.id
	w.Header().Set("Content-Security-Policy", strings.Replace(contentPolicy, "style-src 'self'", "style-src 'self' 'nonce-"+nonce+"'; style-src-attr 'unsafe-inline'", 1))
	return s.show(w, r, shown{page: "notebook_edit", title: lang.T("编辑 "+id, "Edit "+id), scripts: []string{"notebook.js", "chart.js"}, wide: true, build: func() (any, error) {
		return map[string]any{"ID": id, "Draft": d, "Stale": d.Base != is, "Nonce": nonce, "New": is == ""}, nil
	}})
}

func (s *Server) notebookDiscard(w http.ResponseWriter, r *request) error {
	if err := s.notebooksReady(); err != nil {
		return err
	}
	id := r.PathValue("notebook")
	if err := s.parts.Drafts.Discard(id, r.who.User); err != nil {
		return err
	}
	to := "/notebooks"
	if _, _, err := s.parts.Drafts.Text(id); err == nil {
		to = "/notebooks/" + id
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
	return nil
}

// notebookCall is the body of the calls of the editor.
type notebookCall struct {
	Text    string            `json:"text"`
	Base    string            `json:"base"`
	Version int               `json:"version"`
	Close   string            `json:"close"`
	Params  map[string]string `json:"params"`
}

func readJSON(r *request, into any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		var size *http.MaxBytesError
		if errors.As(err, &size) {
			return err
		}
		return &failure{kind: invalid, text: lang.T("请求正文不是预期的 JSON："+err.Error(), "the body is not the JSON that is expected: "+err.Error()), err: err}
	}
	return nil
}

func (s *Server) apiDraft(w http.ResponseWriter, r *request) error {
	if err := s.notebooksReady(); err != nil {
		return err
	}
	var c notebookCall
	if err := readJSON(r, &c); err != nil {
		return err
	}
	d, err := s.parts.Drafts.Save(r.PathValue("notebook"), r.who.User, c.Text, c.Base, c.Version)
	if err != nil {
		return draftFailure(err)
	}
	return writeJSON(w, map[string]any{"version": d.Version, "saved_at": d.SavedAt})
}

func draftFailure(err error) error {
	switch {
	case errors.Is(err, draft.ErrConflict):
		return &failure{kind: conflict, text: lang.T("内容已在别处改动，请先比较后再保存", "the text has changed elsewhere; compare before you save"), err: err}
	case errors.Is(err, draft.ErrID):
		return &failure{kind: invalid, text: lang.T("标识不正确", "the id is not right"), err: err}
	}
	return err
}

func (s *Server) apiCheckNotebook(w http.ResponseWriter, r *request) error {
	if err := s.notebooksReady(); err != nil {
		return err
	}
	var c notebookCall
	if err := readJSON(r, &c); err != nil {
		return err
	}
	problems, err := s.check(r, c.Text, c.Close)
	if err != nil {
		return err
	}
	if problems == nil {
		problems = problem.List{}
	}
	return writeJSON(w, map[string]any{"problems": problems})
}

// check lists the problems of a text: of its form, and of its queries against the tables.
func (s *Server) check(r *request, text, at string) (problem.List, error) {
	id := r.PathValue("notebook")
	n, problems := page.ParseNotebook(id+".md", []byte(text))
	if n != nil && n.ID != id {
		problems = append(problems, problem.Problem{File: id + ".md", Line: 1, What: r.say("标识与文件名不一致："+n.ID, "its id is not that of the file: "+n.ID), Cure: "id: " + id})
	}
	if len(problems) > 0 {
		return problems, nil
	}
	h, err := s.host(at)
	if err != nil {
		return nil, err
	}
	return h.Check(r.Context(), n, r.lang)
}

// cellAnswer is the answer of one cell for the editor.
type cellAnswer struct {
	Name    string          `json:"name"`
	Title   string          `json:"title"`
	Columns []runner.Column `json:"columns"`
	Labels  []string        `json:"labels"`
	Rows    [][]string      `json:"rows"`
	Total   int             `json:"total"`
	Cut     bool            `json:"cut"`
	Ms      int64           `json:"ms"`
	SHA256  string          `json:"sha256"`
	Summary []columnSummary `json:"summary"`
}

// columnSummary is what a column holds.
type columnSummary struct {
	Empty    int    `json:"empty"`
	Distinct int    `json:"distinct"`
	Least    string `json:"least"`
	Most     string `json:"most"`
}

const shownRows = 200

func (s *Server) apiRunNotebook(w http.ResponseWriter, r *request) error {
	if err := s.notebooksReady(); err != nil {
		return err
	}
	var c notebookCall
	if err := readJSON(r, &c); err != nil {
		return err
	}
	id := r.PathValue("notebook")
	if c.Text == "" {
		text, _, err := s.parts.Drafts.Text(id)
		if err != nil {
			return noSuch(lang.T("笔记本", "notebook"), id)
		}
		c.Text = text
	}
	n, problems := page.ParseNotebook(id+".md", []byte(c.Text))
	if err := problems.Err(); err != nil {
		return s.faulty(err)
	}
	if err := s.act(r, "notebook.run", id, c.Text); err != nil {
		return err
	}
	h, err := s.host(c.Close)
	if err != nil {
		return err
	}
	run, err := s.run(r, h, n, c.Params)
	if err != nil {
		return err
	}
	var cells []cellAnswer
	for i := range run.Cells {
		cells = append(cells, answerOf(&run.Cells[i], r.lang))
	}
	var figures []map[string]any
	d, err := h.Document(r.Context(), run, r.lang)
	if err != nil {
		return err
	}
	var walk func([]document.Section)
	walk = func(sections []document.Section) {
		for _, section := range sections {
			for _, b := range section.Blocks {
				if f, ok := b.(*document.Figure); ok && f.Option != nil {
					figures = append(figures, map[string]any{"id": f.ID, "title": f.Title, "alt": f.Alt, "width": f.Width, "height": f.Height, "option": json.RawMessage(f.Option)})
				}
			}
			walk(section.Sections)
		}
	}
	walk(d.Sections)
	asText(w, r)
	return writeJSON(w, map[string]any{"close": run.Close.Name(), "stamp": run.Stamp, "cells": cells, "figures": figures})
}

func answerOf(c *notebook.Cell, l lang.Lang) cellAnswer {
	a := cellAnswer{Name: c.Name, Title: notebook.Title(c, l), Columns: c.Result.Columns, Total: len(c.Result.Rows), Cut: c.Result.Cut, Ms: c.Result.Elapsed.Milliseconds(), SHA256: c.SHA256}
	for j, column := range c.Result.Columns {
		a.Labels = append(a.Labels, columnLabel(column.Name).In(l))
		sum, distinct := columnSummary{}, map[string]bool{}
		var least, most float64
		numbers := 0
		for _, row := range c.Result.Rows {
			if row[j] == nil {
				sum.Empty++
				continue
			}
			text := runner.FormatCell(row[j], column.Type)
			distinct[text] = true
			if number, err := strconv.ParseFloat(text, 64); column.Numeric() && err == nil {
				if numbers == 0 || number < least {
					least, sum.Least = number, text
				}
				if numbers == 0 || number > most {
					most, sum.Most = number, text
				}
				numbers++
				continue
			}
			if sum.Least == "" || text < sum.Least {
				sum.Least = text
			}
			sum.Most = max(sum.Most, text)
		}
		sum.Distinct = len(distinct)
		a.Summary = append(a.Summary, sum)
	}
	for _, row := range c.Result.Rows[:min(shownRows, len(c.Result.Rows))] {
		texts := make([]string, len(row))
		for j, cell := range row {
			texts[j] = runner.FormatCell(cell, c.Result.Columns[j].Type)
		}
		a.Rows = append(a.Rows, texts)
	}
	return a
}

// columnLabel is the meaning of a published column by its name.
func columnLabel(name string) lang.Text {
	for _, v := range views.All() {
		for _, c := range v.Columns {
			if c.Name == name {
				return c.Text
			}
		}
	}
	return lang.Same(name)
}

// apiSchema lists what queries may read, for completion.
func (s *Server) apiSchema(w http.ResponseWriter, r *request) error {
	type column struct {
		Name  string `json:"name"`
		Type  string `json:"type"`
		Label string `json:"label"`
	}
	type table struct {
		Name    string   `json:"name"`
		Label   string   `json:"label"`
		Columns []column `json:"columns"`
	}
	var list []table
	for _, v := range views.All() {
		t := table{Name: v.Name, Label: v.In(r.lang)}
		for _, c := range v.Columns {
			t.Columns = append(t.Columns, column{c.Name, c.Type, c.In(r.lang)})
		}
		list = append(list, t)
	}
	asText(w, r)
	return writeJSON(w, map[string]any{"tables": list, "functions": views.FunctionNames()})
}

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

// notebookPublish shows what would change, in the text and in the answers, and publishes when that is confirmed.
func (s *Server) notebookPublish(w http.ResponseWriter, r *request) error {
	if err := s.notebooksReady(); err != nil {
		return err
	}
	id := r.PathValue("notebook")
	d, err := s.parts.Drafts.Open(id, r.who.User, "")
	if err != nil || d.Version == 0 {
		return noSuch(lang.T("草稿", "draft"), id)
	}
	old, _, err := s.parts.Drafts.Text(id)
	if err != nil {
		old = ""
	}
	problems, err := s.check(r, d.Text, "")
	if err != nil {
		return err
	}
	data := map[string]any{"ID": id, "Problems": problems, "Lines": draft.Lines(old, d.Text), "Version": d.Version, "New": old == ""}
	confirmed := r.PostFormValue("confirm") == fmt.Sprint(d.Version)
	if len(problems) == 0 && confirmed {
		if err := s.act(r, "notebook.publish", id, draft.Hash(d.Text)); err != nil {
			return err
		}
		if err := s.parts.Drafts.Publish(id, r.who.User, d.Text, d.Base); err != nil {
			return draftFailure(err)
		}
		http.Redirect(w, r.Request, "/notebooks/"+id+"?run=1", http.StatusSeeOther)
		return nil
	}
	if len(problems) == 0 {
		if data["Changes"], err = s.changedAnswers(r, id, old, d.Text); err != nil {
			data["ChangesError"] = failureOf(s.faulty(err)).text.In(r.lang)
		}
	}
	return s.show(w, r, shown{page: "notebook_publish", title: lang.T("发布 "+id, "Publish "+id), build: func() (any, error) { return data, nil }})
}

// changedAnswers runs both texts with their default values and compares the answers of the cells that both have.
func (s *Server) changedAnswers(r *request, id, old, text string) ([]notebook.Change, error) {
	if old == "" {
		return nil, nil
	}
	h, err := s.host("")
	if err != nil {
		return nil, err
	}
	var done [2]*notebook.Run
	for i, t := range []string{old, text} {
		n, problems := page.ParseNotebook(id+".md", []byte(t))
		if err := problems.Err(); err != nil {
			return nil, err
		}
		if done[i], err = s.run(r, h, n, nil); err != nil {
			return nil, err
		}
	}
	before, after := *done[0], *done[1]
	before.Cells, after.Cells = nil, nil
	for _, c := range done[1].Cells {
		if i := slices.IndexFunc(done[0].Cells, func(o notebook.Cell) bool { return o.Name == c.Name }); i >= 0 {
			before.Cells, after.Cells = append(before.Cells, done[0].Cells[i]), append(after.Cells, c)
		}
	}
	return notebook.Diff(&before, &after)
}

// notebookHistory lists the published versions, or shows what one of them changed.
func (s *Server) notebookHistory(w http.ResponseWriter, r *request) error {
	if err := s.notebooksReady(); err != nil {
		return err
	}
	id := r.PathValue("notebook")
	list, err := s.parts.Drafts.History(id)
	if err != nil {
		return draftFailure(err)
	}
	data := map[string]any{"ID": id, "List": list}
	if name := r.URL.Query().Get("version"); name != "" {
		_, text, err := s.parts.Drafts.Version(id, name)
		if err != nil {
			return noSuch(lang.T("版本", "version"), name)
		}
		before := ""
		for i, v := range list {
			if v.Name == name && i+1 < len(list) {
				if _, before, err = s.parts.Drafts.Version(id, list[i+1].Name); err != nil {
					return err
				}
			}
		}
		data["Lines"], data["Shown"] = draft.Lines(before, text), name
	}
	return s.show(w, r, shown{page: "notebook_history", title: lang.T(id+" 的历史", "History of "+id), build: func() (any, error) { return data, nil }})
}
