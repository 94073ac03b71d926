package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"weir/internal/calendar"
	"weir/internal/edition"
	"weir/internal/lang"
	"weir/internal/publish"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/reports/document"
	"weir/reports/monthly"
	"weir/reports/scorecard"
)

type reportCommand struct {
	Month      string   `arg:"" optional:"" placeholder:"YYYY-MM" help:"${report_month}"`
	Kind       []string `placeholder:"KIND" help:"${report_kind}"`
	Department string   `placeholder:"ID" help:"${report_department}"`
	FormatFile []string `placeholder:"html,pdf,xlsx,data" help:"${report_format}"`
	Languages  []string `placeholder:"zh,en" help:"${report_languages}"`
	Out        string   `placeholder:"DIR" help:"${report_out}"`
	Template   bool     `help:"${report_template}"`
}

// Run renders the reports of a closed month and their index.
func (c reportCommand) Run(e *env) error {
	if c.Template {
		_, err := e.stdout.Write(publish.Template())
		return err
	}
	kinds, err := c.kinds()
	if err != nil {
		return err
	}
	return e.withStore(func(w *workspace.Workspace, s *store.Store) (err error) {
		if c.Month != "" {
			if _, err := parseMonth(c.Month); err != nil {
				return err
			}
		}
		languages, err := c.languages(e.lang)
		if err != nil {
			return err
		}
		if c.Out == "" {
			c.Out = w.Reports()
		}
		p, done, err := publisherOf(w, s)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, done()) }()
		out, shelf, err := e.renderReports(w, s, p, order{month: c.Month, kinds: kinds, department: c.Department, formats: c.FormatFile, languages: languages, out: c.Out})
		if err != nil {
			return err
		}
		t := &table{columns: []string{"month", "report", "department", "language", "format", "file"}}
		for _, f := range out.Files {
			t.add(shelf.Month, f.Kind, f.Department, string(f.Language), f.Format, shelf.Path(f))
		}
		return e.print(t)
	})
}

// kinds are the reports asked for: the overview, unless something else is named.
func (c reportCommand) kinds() ([]string, error) {
	if len(c.Kind) == 0 {
		if c.Department != "" {
			return []string{scorecard.Kind}, nil
		}
		return []string{monthly.Kind}, nil
	}
	if slices.Contains(c.Kind, "all") {
		if c.Department != "" {
			return nil, usageError{"--department limits department_scorecard; leave --kind out, or name that kind"}
		}
		return edition.Kinds, nil
	}
	for _, kind := range c.Kind {
		if !slices.Contains(edition.Kinds, kind) {
			return nil, usageError{fmt.Sprintf("--kind %s: choose from %s or all", kind, strings.Join(edition.Kinds, ", "))}
		}
		if c.Department != "" && kind != scorecard.Kind {
			return nil, usageError{fmt.Sprintf("--department limits department_scorecard; %s is about all departments", kind)}
		}
	}
	for _, format := range c.FormatFile {
		if !slices.Contains(publish.Formats, format) {
			return nil, usageError{fmt.Sprintf("--format-file %s: choose from %s", format, strings.Join(publish.Formats, ", "))}
		}
	}
	return c.Kind, nil
}

func (c reportCommand) languages(own lang.Lang) ([]lang.Lang, error) {
	var list []lang.Lang
	for _, text := range c.Languages {
		l, err := lang.Parse(text)
		if err != nil {
			return nil, usageError{"--languages: " + err.Error()}
		}
		list = append(list, l)
	}
	if len(list) == 0 {
		list = []lang.Lang{own}
	}
	return list, nil
}

// order is what is to be rendered.
type order struct {
	month      string
	kinds      []string
	department string
	formats    []string // empty: html
	languages  []lang.Lang
	out        string
	index      bool // write manifest and index even for a single file
}

// renderReports builds and writes the reports of an order. Several reports or forms in one directory are put there
// together, with an index; what lies there already and would come out the same is left alone.
func (e *env) renderReports(w *workspace.Workspace, s *store.Store, p *publish.Publisher, o order) (publish.Outcome, *publish.Shelf, error) {
	none := publish.Outcome{}
	ed, err := editionOf(e.ctx, w, s, o.month)
	if err != nil {
		return none, nil, err
	}
	reports, err := ed.Reports(o.kinds, o.department, o.languages)
	if err != nil {
		return none, nil, err
	}
	if len(o.formats) == 0 {
		o.formats = []string{"html"}
	}
	if !o.index && len(reports)*len(o.formats) <= len(o.languages) {
		shelf := publish.NewShelf(o.out, ed.Input.Month, ed.Day())
		for _, r := range reports {
			files, err := writeReport(e.ctx, p, ed, r, o.formats, o.out)
			if err != nil {
				return none, nil, err
			}
			shelf.Put(files...)
		}
		return publish.Outcome{Files: shelf.Files, Rendered: len(shelf.Files)}, shelf, nil
	}
	shelf, err := publish.OpenShelf(o.out, ed.Input.Month, ed.Day())
	if err != nil {
		return none, nil, err
	}
	issue := publish.Issue{Formats: o.formats, Language: w.Config.Language}
	if issue.MadeFrom, err = ed.MadeFrom(); err != nil {
		return none, nil, err
	}
	for _, r := range reports {
		issue.Tasks = append(issue.Tasks, publish.Task{Kind: r.Kind, Department: r.Department, Language: r.Lang, Build: func() (*document.Document, error) { return ed.Build(r) }})
	}
	if len(reports) > 3 {
		issue.Progress = func(done int, t publish.Task) { e.progress(t.Kind+" "+t.Department, done, len(reports)) }
		defer e.progress("", len(reports), len(reports))
	}
	out, err := p.Issue(e.ctx, shelf, issue)
	return out, shelf, err
}

// progress shows how far a long run has come, on a terminal only.
func (e *env) progress(what string, done, all int) {
	switch {
	case !e.terminal():
	case done >= all:
		fmt.Fprint(e.stderr, "\r\x1b[K")
	default:
		fmt.Fprintf(e.stderr, "\r\x1b[K%d/%d %s", done+1, all, what)
	}
}

// parseMonth checks the form of a month on the command line.
func parseMonth(text string) (calendar.Month, error) {
	m, err := calendar.ParseMonth(text)
	if err != nil {
		return m, usageError{err.Error()}
	}
	return m, nil
}

// lookOf reads the files of the workspace that change how reports look.
func lookOf(w *workspace.Workspace) (publish.Look, error) {
	var look publish.Look
	config := w.Config.Reporting.Look
	read := func(key, name string) ([]byte, error) {
		if name == "" {
			return nil, nil
		}
		path := name
		if !filepath.IsAbs(path) {
			path = filepath.Join(w.Dir, name)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("reporting.look.%s: %w", key, err)
		}
		return content, nil
	}
	var err error
	if look.Template, err = read("template", config.Template); err != nil {
		return look, err
	}
	stylesheet, err := read("stylesheet", config.Stylesheet)
	if err != nil {
		return look, err
	}
	look.Stylesheet = string(stylesheet)
	for _, name := range config.Files {
		content, err := read("files", name)
		if err != nil {
			return look, err
		}
		if look.Files == nil {
			look.Files = map[string][]byte{}
		}
		look.Files[filepath.Base(name)] = content
	}
	if config.Logo == "" {
		return look, nil
	}
	if ending := strings.ToLower(filepath.Ext(config.Logo)); ending != ".svg" && ending != ".png" {
		return look, fmt.Errorf("reporting.look.logo %s: use an SVG or a PNG file", config.Logo)
	}
	look.Logo.Name = "logo" + strings.ToLower(filepath.Ext(config.Logo))
	look.Logo.Data, err = read("logo", config.Logo)
	return look, err
}
