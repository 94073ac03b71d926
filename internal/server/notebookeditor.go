package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/internal/notebook"
	"weir/internal/problem"
	"weir/internal/server/draft"
	"weir/queries/page"
	"weir/queries/views"
	"weir/reports/document"
)

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
		closes, err := s.closes(r, "")
		return map[string]any{"ID": id, "Draft": d, "Stale": d.Base != is, "Nonce": nonce, "New": is == "", "Closes": closes}, err
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
	Cells   []string          `json:"cells"` // run only these; all where empty
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
	answer := map[string]any{"version": d.Version, "saved_at": d.SavedAt}
	if n, problems := page.ParseNotebook(r.PathValue("notebook")+".md", []byte(c.Text)); len(problems) == 0 {
		answer["cells"] = outline(n)
	}
	return writeJSON(w, answer)
}

// apiOpenDraft gives the draft as it is kept, for a window that met a newer one.
func (s *Server) apiOpenDraft(w http.ResponseWriter, r *request) error {
	if err := s.notebooksReady(); err != nil {
		return err
	}
	d, err := s.parts.Drafts.Open(r.PathValue("notebook"), r.who.User, "")
	if err != nil {
		return draftFailure(err)
	}
	return writeJSON(w, d)
}

// cellOutline says where a cell stands and what its answer depends on.
type cellOutline struct {
	Name   string   `json:"name"`
	Line   int      `json:"line"`   // of its fence
	SHA256 string   `json:"sha256"` // of its query with the cells that it uses, and of its chart settings
	Uses   []string `json:"uses"`
}

func outline(n *page.Notebook) []cellOutline {
	list := make([]cellOutline, len(n.Cells))
	for i, c := range n.Cells {
		list[i] = cellOutline{Name: c.Name, Line: c.SQL.Line - 1, SHA256: draft.Hash(notebook.Digest(n, c) + strings.Join([]string{c.Chart, c.X, c.Y, c.Series, c.Low, c.High, c.Target, c.Title, c.Unit}, "\x1f")), Uses: c.Uses}
	}
	return list
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
	answer := map[string]any{"problems": problems}
	if n, faults := page.ParseNotebook(r.PathValue("notebook")+".md", []byte(c.Text)); len(faults) == 0 {
		h, err := s.host(c.Close)
		if err != nil {
			return err
		}
		answer["cells"] = outline(n)
		// Options that cannot be read are among the problems; the form then takes any text.
		if form, err := s.params(r, h, n, nil); err == nil {
			answer["params"] = formOf(form, r.lang)
		}
	}
	return writeJSON(w, answer)
}

// paramField is a parameter with its control, for the editor's form.
type paramField struct {
	Name    string       `json:"name"`
	Type    string       `json:"type"`
	Label   string       `json:"label"`
	Value   string       `json:"value"`
	Min     *float64     `json:"min,omitempty"`
	Max     *float64     `json:"max,omitempty"`
	Choices []paramValue `json:"choices,omitempty"`
}

type paramValue struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

func formOf(params []paramView, l lang.Lang) []paramField {
	list := make([]paramField, len(params))
	for i, p := range params {
		list[i] = paramField{Name: p.Name, Type: p.Type, Label: p.Label.In(l), Value: p.Value, Min: p.Min, Max: p.Max}
		for _, c := range p.Choices {
			list[i].Choices = append(list[i].Choices, paramValue{c.Value, c.Label})
		}
	}
	return list
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
	asked := func(cell string) bool { return len(c.Cells) == 0 || slices.Contains(c.Cells, cell) }
	run, err := s.runSome(r, h, n, c.Params, asked)
	if err != nil {
		return err
	}
	var cells []cellAnswer
	for i := range run.Cells {
		if run.Cells[i].Result != nil {
			cells = append(cells, answerOf(n, &run.Cells[i], r.lang))
		}
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
					cell := strings.ReplaceAll(strings.TrimPrefix(f.Explain, "definition-"), "-", "_")
					figures = append(figures, map[string]any{"id": f.ID, "cell": cell, "title": f.Title, "alt": f.Alt, "width": f.Width, "height": f.Height, "option": json.RawMessage(f.Option)})
				}
			}
			walk(section.Sections)
		}
	}
	walk(d.Sections)
	form, err := s.params(r, h, n, nil)
	if err != nil {
		return err
	}
	asText(w, r)
	return writeJSON(w, map[string]any{"params": formOf(form, r.lang), "close": run.Close.Name(), "stamp": run.Stamp, "cells": cells, "figures": figures, "outline": outline(n)})
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
