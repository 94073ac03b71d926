// Package reports renders documents: the same Document as a page (HTML), for the
// file (PDF) and for checking (XLSX). A Renderer keeps what is slow to make, the
// chart engine and the typesetter, for a whole batch. Building a document is the
// work of the packages beside it; nothing here knows an indicator.
package reports

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"

	"weir/internal/echarts"
	"weir/internal/typst"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/html"
	"weir/reports/pdf"
	"weir/reports/xlsx"
)

// Options configures a renderer. The zero value renders the built-in look and
// keeps nothing between processes.
type Options struct {
	// CacheDir is a private directory for compiled engines: it saves half a
	// second for charts and some 20 seconds for the first PDF, and takes 100
	// MB. What lies there is executed, so nobody else may write to it.
	CacheDir string
	HTML     html.Options
	PDF      pdf.Options
	// Typesetter replaces the built-in Typst, for example by a binary.
	Typesetter pdf.Typesetter
}

// Renderer renders documents one after another; it belongs to one goroutine.
// Close it at the end of a batch: the typesetter holds some 180 MB.
type Renderer struct {
	options  Options
	engine   *echarts.Engine
	setter   *typst.Compiler
	document *document.Document
	pictures *echarts.Pictures // of the document
}

// New makes a renderer. Engines start when they are first needed.
func New(o Options) (*Renderer, error) {
	engine, err := echarts.New(echarts.Options{Prepare: figure.Script(), CacheDir: o.CacheDir})
	if err != nil {
		return nil, err
	}
	return &Renderer{options: o, engine: engine}, nil
}

// HTML writes the document as one self-contained page.
func (r *Renderer) HTML(w io.Writer, d *document.Document) error {
	charts, err := r.charts(d)
	if err != nil {
		return err
	}
	return html.Render(w, d, charts, r.options.HTML)
}

// PDF writes the document as a tagged PDF. A document that the context cuts off
// leaves nothing written; the renderer stays usable.
func (r *Renderer) PDF(ctx context.Context, w io.Writer, d *document.Document) error {
	charts, err := r.charts(d)
	if err != nil {
		return err
	}
	setter, err := r.typesetter(ctx)
	if err != nil {
		return fmt.Errorf("start the typesetter: %w", err)
	}
	return pdf.Render(ctx, w, d, charts, setter, r.options.PDF)
}

// XLSX writes the document as a workbook.
func (r *Renderer) XLSX(w io.Writer, d *document.Document) error { return xlsx.Render(w, d) }

// Close frees the engines.
func (r *Renderer) Close() error {
	err := r.endPictures()
	if e := r.endSetter(); err == nil {
		err = e
	}
	return err
}

func (r *Renderer) typesetter(ctx context.Context) (pdf.Typesetter, error) {
	if r.options.Typesetter != nil {
		return r.options.Typesetter, nil
	}
	if r.setter != nil {
		return r.setter, r.setter.Spare()
	}
	setter, err := typst.New(ctx, typst.Options{CacheDir: r.options.CacheDir})
	if err != nil {
		return nil, err
	}
	r.setter = setter
	return setter, nil
}

func (r *Renderer) endSetter() error {
	if r.setter == nil {
		return nil
	}
	err := r.setter.Close()
	r.setter = nil
	debug.FreeOSMemory()
	return err
}

// charts are the pictures of a document: those of the form before, where it was the same document.
func (r *Renderer) charts(d *document.Document) (*echarts.Pictures, error) {
	if r.document != d {
		if err := r.endPictures(); err != nil {
			return nil, err
		}
		r.document, r.pictures = d, r.engine.Pictures()
	}
	r.pictures.Rewind()
	return r.pictures, nil
}

func (r *Renderer) endPictures() error {
	if r.pictures == nil {
		return nil
	}
	err := r.pictures.Close()
	r.document, r.pictures = nil, nil
	return err
}
