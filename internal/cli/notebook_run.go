package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"weir/internal/notebook"
	"weir/internal/runner"
	"weir/internal/workspace"
	"weir/queries/page"
	"weir/reports"
)

type notebookRun struct {
	notebookOptions
	Notebook string `arg:"" placeholder:"FILE|ID" help:"${notebook_file}"`
	AsOf     string `placeholder:"CLOSE" help:"${notebook_as_of}"`
	Out      string `short:"o" placeholder:"FILE" help:"${notebook_out}"`
	Cell     string `placeholder:"NAME" help:"${notebook_cell}"`
	Watch    bool   `help:"${notebook_watch}"`
}

// Run runs a notebook and prints its answers, or writes them as a file whose name says the form.
func (c notebookRun) Run(e *env) error {
	w, err := e.workspace()
	if err != nil {
		return err
	}
	if c.Out != "" && !notebookForm(c.Out) {
		return usageError{fmt.Sprintf("%s: write one of %s", c.Out, strings.Join(notebookForms, " "))}
	}
	if !c.Watch {
		err := c.once(e, w)
		if err == nil && c.Out != "" {
			e.say("已写入 "+c.Out, "wrote "+c.Out)
		}
		return err
	}
	if !strings.HasSuffix(c.Notebook, ".md") {
		return usageError{"--watch needs a file; weir notebook new makes one"}
	}
	return c.watch(e, w)
}

func (c notebookRun) once(e *env, w *workspace.Workspace) error {
	n, err := findNotebook(w, c.Notebook)
	if err != nil {
		return err
	}
	given, err := c.values()
	if err != nil {
		return err
	}
	h, err := c.host(w, c.AsOf)
	if err != nil {
		return err
	}
	defer h.Runner.Close()
	run, err := e.runNotebook(h, n, given)
	if err != nil {
		return err
	}
	if c.Out == "" {
		return c.show(e, h, run)
	}
	return c.write(e, w, h, n, run, c.Out)
}

// watch runs again whenever the file has changed, until it is interrupted. A faulty page is told and waited for.
func (c notebookRun) watch(e *env, w *workspace.Workspace) error {
	var seen time.Time
	for {
		info, err := os.Stat(c.Notebook)
		if err != nil {
			return err
		}
		if info.ModTime() != seen {
			seen = info.ModTime()
			if err := c.once(e, w); err != nil {
				if e.ctx.Err() != nil {
					return nil
				}
				fmt.Fprintln(e.stderr, err)
			} else if c.Out != "" {
				e.say(time.Now().Format(time.TimeOnly)+" 已更新 "+c.Out, time.Now().Format(time.TimeOnly)+" wrote "+c.Out)
			}
		}
		select {
		case <-e.ctx.Done():
			return nil
		case <-time.After(300 * time.Millisecond):
		}
	}
}

// show prints the answers: of one cell where it is named, else of all that are not hidden. Programs get columns and codes
// as the query names them, people get their words.
func (c notebookRun) show(e *env, h *notebook.Host, run *notebook.Run) error {
	if e.format == "arrow" {
		return usageError{"write an Arrow stream with -o FILE.arrow"}
	}
	if c.Cell != "" || e.format == "csv" || e.format == "json" {
		cell, err := run.Cell(c.Cell)
		if err != nil {
			return usageError{err.Error()}
		}
		e.tellCut(cell)
		return e.print(tableOf(cell.Result, e.format == "json"))
	}
	for i := range run.Cells {
		cell := &run.Cells[i]
		if cell.Chart == "hidden" {
			continue
		}
		title := notebook.Title(cell, e.lang)
		if e.format == "markdown" {
			title = "## " + title
		}
		fmt.Fprintf(e.stdout, "%s\n\n", title)
		t := &table{columns: notebook.Headings(run, cell, e.lang)}
		rows, err := h.Worded(e.ctx, run, cell, e.lang)
		if err != nil {
			return e.failure(err)
		}
		for _, row := range rows {
			t.add(row...)
		}
		if err := e.print(t); err != nil {
			return err
		}
		fmt.Fprintln(e.stdout)
		e.tellCut(cell)
	}
	return nil
}

func (e *env) tellCut(cell *notebook.Cell) {
	if cell.Result.Cut {
		n := len(cell.Result.Rows)
		e.say(fmt.Sprintf("单元 %s 在 %d 行处截断", cell.Name, n), fmt.Sprintf("cell %s is cut at %d rows", cell.Name, n))
	}
}

// notebookForms are the endings of files that run and export write.
var notebookForms = []string{".html", ".pdf", ".xlsx", ".ipynb", ".sql", ".csv", ".json", ".parquet", ".arrow"}

func notebookForm(path string) bool {
	for _, form := range notebookForms {
		if filepath.Ext(path) == form {
			return true
		}
	}
	return false
}

// write renders a run in memory and puts the file in place whole.
func (c notebookRun) write(e *env, w *workspace.Workspace, h *notebook.Host, n *page.Notebook, run *notebook.Run, path string) (err error) {
	var out bytes.Buffer
	switch form := filepath.Ext(path); form {
	case ".sql":
		var script string
		script, err = h.Script(e.ctx, run, w.Lake(), e.lang)
		out.WriteString(script)
	case ".ipynb":
		var text []byte
		text, err = h.Jupyter(e.ctx, run, w.Lake(), e.lang)
		out.Write(text)
	case ".csv", ".json", ".parquet", ".arrow":
		format := map[string]runner.Format{".csv": runner.CSV, ".json": runner.JSON, ".parquet": runner.Parquet, ".arrow": runner.Arrow}[form]
		err = h.Stream(e.ctx, run, c.Cell, format, &out)
	default:
		err = e.render(h, w, run, form, &out)
	}
	if err != nil {
		return e.failure(err)
	}
	return writeWhole(path, out.Bytes())
}

// render writes a run as a document.
func (e *env) render(h *notebook.Host, w *workspace.Workspace, run *notebook.Run, form string, out *bytes.Buffer) (err error) {
	d, err := h.Document(e.ctx, run, e.lang)
	if err != nil {
		return err
	}
	r, err := reports.New(reports.Options{CacheDir: w.Temp()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	switch form {
	case ".pdf":
		return r.PDF(e.ctx, out, d)
	case ".xlsx":
		return r.XLSX(out, d)
	}
	return r.HTML(out, d)
}

// writeWhole writes a file beside its place and renames it, so that nobody reads half of it.
func writeWhole(path string, content []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(draft.Name()))
		}
	}()
	if _, err := draft.Write(content); err != nil {
		return errors.Join(err, draft.Close())
	}
	if err := errors.Join(draft.Chmod(0o644), draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), path)
}

type notebookExport struct {
	notebookOptions
	Notebook []string `arg:"" optional:"" placeholder:"FILE|ID" help:"${notebook_files}"`
	AsOf     string   `placeholder:"CLOSE" help:"${notebook_as_of}"`
	Out      string   `required:"" placeholder:"DIR" help:"${notebook_export_out}"`
	Forms    []string `name:"forms" default:"html,xlsx,ipynb,sql" placeholder:"FORM,…" help:"${notebook_forms}"`
}

// Run writes notebooks in several forms; tables one file for each cell.
func (c notebookExport) Run(e *env) error {
	w, err := e.workspace()
	if err != nil {
		return err
	}
	for _, form := range c.Forms {
		if !notebookForm("x." + form) {
			return usageError{fmt.Sprintf("form %q is not known; write some of %s", form, strings.Join(notebookForms, " "))}
		}
	}
	given, err := c.values()
	if err != nil {
		return err
	}
	if len(c.Notebook) == 0 {
		set, err := notebooksOf(w)
		if err != nil {
			return err
		}
		for _, n := range set.All() {
			c.Notebook = append(c.Notebook, n.ID)
		}
	}
	h, err := c.host(w, c.AsOf)
	if err != nil {
		return err
	}
	defer h.Runner.Close()
	t := &table{columns: []string{"notebook", "form", "file"}}
	for _, name := range c.Notebook {
		n, err := findNotebook(w, name)
		if err != nil {
			return err
		}
		run, err := e.runNotebook(h, n, given)
		if err != nil {
			return err
		}
		for _, form := range c.Forms {
			if err := c.file(e, w, h, n, run, form, t); err != nil {
				return err
			}
		}
	}
	return e.print(t)
}

func (c notebookExport) file(e *env, w *workspace.Workspace, h *notebook.Host, n *page.Notebook, run *notebook.Run, form string, t *table) error {
	base := filepath.Join(c.Out, n.ID)
	cells := []string{""}
	switch form {
	case "csv", "json", "parquet", "arrow":
		cells = nil
		for _, cell := range run.Cells {
			if cell.Chart != "hidden" {
				cells = append(cells, cell.Name)
			}
		}
	}
	for _, cell := range cells {
		path := base + "." + form
		if cell != "" {
			path = base + "." + cell + "." + form
		}
		if err := (notebookRun{Cell: cell}).write(e, w, h, n, run, path); err != nil {
			return err
		}
		t.add(n.ID, form, path)
	}
	return nil
}
