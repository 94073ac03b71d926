package backend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"weir/internal/lake"
	"weir/internal/lang"
	"weir/internal/notebook"
	"weir/internal/runner"
	"weir/queries/page"
	"weir/reports"
)

// Notebooks runs notebooks on the lake of a workspace.
type Notebooks struct {
	Runner       *runner.Runner
	Lake         string
	Shipped      fs.FS
	Own          string // directory of the workspace's notebooks
	Pages        *page.Set
	Organisation lang.Text
	Zone         *time.Location
	Cache        string // private directory of renderers

	mu       sync.Mutex
	renderer *reports.Renderer
}

// Set loads the notebooks.
func (n *Notebooks) Set() (*notebook.Set, error) {
	roots := []fs.FS{n.Shipped}
	if _, err := os.Stat(n.Own); err == nil {
		roots = append(roots, os.DirFS(n.Own))
	}
	set, problems := notebook.Load(roots...)
	return set, problems.Err()
}

// Host opens a close.
func (n *Notebooks) Host(name string) (*notebook.Host, error) {
	l, err := lake.Open(n.Lake)
	if err != nil {
		return nil, err
	}
	snapshot, err := l.At(name)
	if err != nil {
		return nil, err
	}
	return &notebook.Host{Runner: n.Runner, Snapshot: snapshot, Source: snapshot.Source(n.Pages), Organisation: n.Organisation, Zone: n.Zone}, nil
}

// Export writes a run in a form.
func (n *Notebooks) Export(ctx context.Context, h *notebook.Host, run *notebook.Run, form, cell string, l lang.Lang, w io.Writer) error {
	switch form {
	case "sql":
		script, err := h.Script(ctx, run, n.Lake, l)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, script)
		return err
	case "ipynb":
		text, err := h.Jupyter(ctx, run, n.Lake, l)
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	case "csv", "json", "parquet", "arrow":
		format := map[string]runner.Format{"csv": runner.CSV, "json": runner.JSON, "parquet": runner.Parquet, "arrow": runner.Arrow}[form]
		return h.Stream(ctx, run, cell, format, w)
	}
	return n.document(ctx, h, run, form, l, w)
}

// document renders a run. Renderers take turns: the typesetter is large.
func (n *Notebooks) document(ctx context.Context, h *notebook.Host, run *notebook.Run, form string, l lang.Lang, w io.Writer) error {
	d, err := h.Document(ctx, run, l)
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.renderer == nil {
		if n.renderer, err = reports.New(reports.Options{CacheDir: n.Cache}); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	switch form {
	case "html":
		err = n.renderer.HTML(&out, d)
	case "pdf":
		err = n.renderer.PDF(ctx, &out, d)
	case "xlsx":
		err = n.renderer.XLSX(&out, d)
	default:
		err = fmt.Errorf("form %q is not known", form)
	}
	if err != nil {
		// A renderer that failed may be in any state.
		err = errors.Join(err, n.renderer.Close())
		n.renderer = nil
		return err
	}
	_, err = w.Write(out.Bytes())
	return err
}
