package server

import (
	"fmt"
	"net/http"
	"slices"

	"weir/internal/lang"
	"weir/internal/notebook"
	"weir/internal/server/draft"
	"weir/queries/page"
)

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
