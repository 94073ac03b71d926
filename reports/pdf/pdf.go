// Package pdf renders a document as a PDF for the file: tagged, with bookmarks,
// alternative texts, page numbers, repeated table heads and embedded fonts, set
// by Typst from a template. The same document gives the same bytes. Nothing of
// the document is ever read as markup, and no browser is used.
package pdf

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"

	"weir/reports/document"
)

//go:embed report.typ
var template []byte

// Template is the built-in template, as a start for one of the workspace's own.
func Template() []byte { return append([]byte(nil), template...) }

// Drawer draws the option of a figure as SVG; a session of internal/echarts is
// one, new for each document.
type Drawer interface {
	SVG(option []byte, width, height int) (string, error)
}

// Typesetter makes a PDF of files, of which main is the document. The compiler
// of internal/typst is one.
type Typesetter interface {
	PDF(ctx context.Context, files map[string][]byte, main string) (pdf []byte, warnings []string, err error)
}

// Options changes the form of the file. The zero value gives the full report.
type Options struct {
	// Template replaces the built-in template. It reads data.json and the
	// pictures named there.
	Template []byte
	// Files are further files for the template, such as a logo, by name.
	Files map[string][]byte
	// Logo is the name of one of Files, a picture for the first page; "" is none.
	Logo string
	// NoFigureTables leaves out the annex with the data of the figures.
	NoFigureTables bool
}

// Render writes the document. A document that contradicts itself, a figure that
// cannot be drawn and an error of the template, which comes with file, line and
// column, leave nothing written.
func Render(ctx context.Context, w io.Writer, d *document.Document, charts Drawer, setter Typesetter, o Options) error {
	if err := d.Validate(); err != nil {
		return fmt.Errorf("document %s: %w", d.ID, err)
	}
	files, err := Files(d, charts, o)
	if err != nil {
		return fmt.Errorf("document %s: %w", d.ID, err)
	}
	out, _, err := setter.PDF(ctx, files, "/main.typ")
	if err != nil {
		return fmt.Errorf("document %s: %w", d.ID, err)
	}
	_, err = w.Write(out)
	return err
}

// Files are what the typesetter gets: /main.typ, /data.json and one SVG for each
// figure. A binary of Typst makes the same report from them.
func Files(d *document.Document, charts Drawer, o Options) (map[string][]byte, error) {
	b, err := newBuilder(d, charts, o)
	if err != nil {
		return nil, err
	}
	data, err := b.report()
	if err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(data)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for name, content := range o.Files {
		files["/"+name] = content
	}
	for name, svg := range b.pictures {
		files["/"+name] = []byte(svg)
	}
	files["/data.json"] = encoded
	files["/main.typ"] = template
	if len(o.Template) > 0 {
		files["/main.typ"] = o.Template
	}
	return files, nil
}
