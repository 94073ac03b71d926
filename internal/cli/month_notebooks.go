package cli

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"weir/internal/lang"
	"weir/internal/notebook"
	"weir/internal/publish"
	"weir/internal/runner"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/queries/page"
	"weir/reports/document"
)

// fileNotebooks runs the notebooks that say schedule: close on the close of a month, with their default values, and files
// what they give beside the month's reports. A notebook that fails is named in the error and holds up no other.
func (e *env) fileNotebooks(w *workspace.Workspace, s *store.Store, p *publish.Publisher, month string) (_ publish.Outcome, _ *publish.Shelf, err error) {
	o := monthOrder(w, month)
	ed, err := editionOf(e.ctx, w, s, month)
	if err != nil {
		return publish.Outcome{}, nil, err
	}
	shelf, err := publish.OpenShelf(o.out, ed.Input.Month, ed.Day())
	if err != nil {
		return publish.Outcome{}, nil, err
	}
	scheduled, err := scheduledNotebooks(w)
	if err != nil || len(scheduled) == 0 {
		return publish.Outcome{}, shelf, err
	}
	limits := runner.DefaultLimits()
	h, err := notebookOptions{Limit: limits.Rows, Timeout: limits.Time, Memory: limits.Memory >> 20}.host(w, fmt.Sprintf("%s.%d", month, ed.Input.Month.Revision))
	if err != nil {
		return publish.Outcome{}, shelf, err
	}
	defer h.Runner.Close()
	issue := publish.Issue{Formats: notebookFormats(o.formats), Language: w.Config.Language, MadeFrom: h.Snapshot.Stamp}
	var failed error
	for _, n := range scheduled {
		run, err := e.runNotebook(h, n, nil)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("notebook %s: %w", n.ID, err))
			continue
		}
		made, err := madeFrom(n, run)
		if err != nil {
			return publish.Outcome{}, shelf, err
		}
		for _, l := range o.languages {
			issue.Tasks = append(issue.Tasks, publish.Task{Kind: "notebook", Department: n.ID, Language: l, MadeFrom: made, Build: func() (*document.Document, error) {
				return e.filedNotebook(h, run, l)
			}})
		}
	}
	if len(issue.Tasks) == 0 {
		return publish.Outcome{}, shelf, failed
	}
	out, err := p.Issue(e.ctx, shelf, issue)
	return out, shelf, errors.Join(err, failed)
}

// scheduledNotebooks are those that run after each close.
func scheduledNotebooks(w *workspace.Workspace) ([]*page.Notebook, error) {
	set, err := notebooksOf(w)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(set.All(), func(n *page.Notebook) bool { return n.Schedule != "close" }), nil
}

// notebookFormats are the forms of the month's reports that a notebook has.
func notebookFormats(formats []string) []string {
	list := slices.DeleteFunc(slices.Clone(formats), func(f string) bool { return f == "data" })
	if len(list) == 0 {
		list = []string{"html"}
	}
	return list
}

// filedNotebook is the document of a run under the name by which the month's reports are filed.
func (e *env) filedNotebook(h *notebook.Host, run *notebook.Run, l lang.Lang) (*document.Document, error) {
	d, err := h.Document(e.ctx, run, l)
	if err != nil {
		return nil, err
	}
	d.ID = "notebook-" + run.Close.Month + "-" + run.Notebook.ID
	return d, nil
}

// madeFrom names the words of the page, which the stamp of a run does not cover, and the run.
func madeFrom(n *page.Notebook, run *notebook.Run) (string, error) {
	text, err := json.Marshal(n)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%x %s", sha256.Sum256(text), run.Stamp), nil
}
