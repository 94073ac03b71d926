package cli

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"weir/internal/edition"
	"weir/internal/lang"
	"weir/internal/publish"
	"weir/internal/store"
	"weir/internal/typst"
	"weir/internal/workspace"
	"weir/reports/pdf"
)

// renderCommand is the hidden command by which the program starts itself anew to set PDFs.
const renderCommand = "render-worker"

// renderWorker serves it. Memory and crashes of the typesetter stay out of the program that asks.
func renderWorker(args []string, stdin io.Reader, stdout io.Writer) int {
	options := typst.Options{}
	if len(args) > 1 {
		options.CacheDir = args[1]
	}
	if err := typst.Serve(context.Background(), stdin, stdout, options); err != nil {
		return exitFailed
	}
	return exitDone
}

// publisherOf wires the rendering of reports of a workspace. done ends the typesetter's process.
func publisherOf(w *workspace.Workspace, s *store.Store) (_ *publish.Publisher, done func() error, err error) {
	look, err := lookOf(w)
	if err != nil {
		return nil, nil, err
	}
	setter, done, err := typesetterOf(w)
	if err != nil {
		return nil, nil, err
	}
	p, err := publish.New(publish.Options{Cache: w.Temp(), Typesetter: setter, Look: look, Columnar: publish.Columnar{Store: s, Directory: w.Temp()}})
	return p, done, err
}

// typesetterOf is the configured typst program, or this program as a child process.
func typesetterOf(w *workspace.Workspace) (pdf.Typesetter, func() error, error) {
	if path := w.Config.Reporting.Look.Typst; path != "" {
		return typst.Binary{Path: path}, func() error { return nil }, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	worker := typst.NewWorker(self, renderCommand, typstCache(w))
	return worker, worker.Close, nil
}

// typstCache is where the compiled typesetter is kept: once for all workspaces of a user, or in this one. Nobody
// else may write there, since what lies there is executed.
func typstCache(w *workspace.Workspace) string {
	for _, base := range []func() (string, error){os.UserCacheDir, func() (string, error) { return w.Temp(), nil }} {
		root, err := base()
		if err != nil {
			continue
		}
		directory := filepath.Join(root, "weir", "typst")
		if err := os.MkdirAll(directory, 0o700); err == nil && os.Chmod(directory, 0o700) == nil {
			return directory
		}
	}
	return ""
}

// editionOf reads a closed month with all that its reports need.
func editionOf(ctx context.Context, w *workspace.Workspace, s *store.Store, month string) (*edition.Edition, error) {
	pages, err := pagesOf(w)
	if err != nil {
		return nil, err
	}
	c, err := calendarOf(w)
	if err != nil {
		return nil, err
	}
	return edition.Source{Workspace: w, Store: s, Pages: pages, Calendar: c}.Open(ctx, month)
}

// writeReport builds one document and writes it in every format.
func writeReport(ctx context.Context, p *publish.Publisher, ed *edition.Edition, r edition.Report, formats []string, out string) ([]publish.File, error) {
	d, err := ed.Build(r)
	if err != nil {
		return nil, err
	}
	files, err := p.Write(ctx, out, d, formats...)
	for i := range files {
		files[i].Department = r.Department
	}
	return files, err
}

// monthOrder is every report of a month that the configuration asks for, in the month's own directory.
func monthOrder(w *workspace.Workspace, month string) order {
	r := w.Config.Reporting
	languages := r.Languages
	if len(languages) == 0 {
		languages = []lang.Lang{w.Config.Language}
	}
	return order{month: month, kinds: r.Kinds, formats: r.Formats, languages: languages, out: filepath.Join(w.Reports(), month), index: true}
}
