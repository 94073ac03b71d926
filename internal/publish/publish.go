// Package publish writes documents as files: rendered whole in memory, then put in place by one rename, so that a
// half-written report is never seen; and it keeps the index of what a directory holds.
//
// It renders and writes; what a report says is decided by its builder.
package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"weir/internal/echarts"
	"weir/internal/lang"
	"weir/reports/datapackage"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/html"
	"weir/reports/pdf"
	"weir/reports/xlsx"
)

// Formats lists the forms of a report, with the endings of their files.
var Formats = []string{"html", "pdf", "xlsx", "data"}

// Look is what a workspace changes about the form.
type Look struct {
	Template   []byte            // of the PDF, nil for the built-in one
	Files      map[string][]byte // further files for it
	Stylesheet string            // of the HTML
	Logo       Logo
}

// Logo is a picture on the first page. The zero value is none.
type Logo struct {
	Name string // base name with .svg or .png
	Data []byte
}

// Options say how to render.
type Options struct {
	// Cache is a private directory for compiled scripts, "" for none.
	Cache string
	// Typesetter sets PDFs; nil refuses that format.
	Typesetter pdf.Typesetter
	// Columnar writes the Parquet files of data packages; nil leaves them out.
	Columnar datapackage.Columnar
	Look     Look
}

// Publisher renders documents. It may be used from several goroutines as far as its typesetter may.
type Publisher struct {
	charts  *echarts.Engine
	options Options
	making  func() (string, error)
}

// New makes a publisher.
func New(o Options) (*Publisher, error) {
	engine, err := echarts.New(echarts.Options{Prepare: figure.Script(), CacheDir: o.Cache})
	if err != nil {
		return nil, err
	}
	return &Publisher{charts: engine, options: o, making: sync.OnceValues(func() (string, error) { return making(o) })}, nil
}

// File is one written report.
type File struct {
	Name       string    `json:"name"`
	Kind       string    `json:"kind"`
	Department string    `json:"department,omitempty"` // of a scorecard; the id of a notebook
	Title      string    `json:"title"`
	Subject    string    `json:"subject,omitempty"` // city or department
	Language   lang.Lang `json:"language"`
	Format     string    `json:"format"`
	Bytes      int64     `json:"bytes"`
	SHA256     string    `json:"sha256"`
	// MadeFrom is a SHA-256 over all that the file was made from: figures, rows, words, look and program.
	MadeFrom string `json:"made_from,omitempty"`
}

// Template is the built-in template of the PDF, as a start for one of the workspace's own.
func Template() []byte { return pdf.Template() }

// FileName is ID.LANG with the ending of the format.
func FileName(d *document.Document, format string) string {
	ending := format
	if format == "data" {
		ending = "data.zip"
	}
	return fmt.Sprintf("%s.%s.%s", d.ID, d.Lang, ending)
}

// Write renders a document in some formats into a directory. A file that is there with the same content stays as it
// is. Each picture is drawn once.
func (p *Publisher) Write(ctx context.Context, directory string, d *document.Document, formats ...string) (files []File, err error) {
	pictures := p.charts.Pictures()
	defer func() { err = errors.Join(err, pictures.Close()) }()
	for _, format := range formats {
		pictures.Rewind()
		content, err := p.render(ctx, d, pictures, format)
		if err != nil {
			return nil, fmt.Errorf("%s as %s: %w", d.ID, format, err)
		}
		sum := sha256.Sum256(content)
		f := File{Name: FileName(d, format), Kind: d.Kind, Title: d.Title, Subject: d.Subtitle, Language: d.Lang, Format: format, Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
		if err := write(directory, f.Name, content); err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// render gives the content of the file.
func (p *Publisher) render(ctx context.Context, d *document.Document, pictures *echarts.Pictures, format string) ([]byte, error) {
	var out bytes.Buffer
	var err error
	look := p.options.Look
	switch format {
	case "html":
		err = html.Render(&out, d, pictures, html.Options{Stylesheet: look.Stylesheet, Logo: look.Logo.Data, LogoType: look.Logo.mediaType()})
	case "pdf":
		if p.options.Typesetter == nil {
			return nil, errors.New("no typesetter is configured")
		}
		o := pdf.Options{Template: look.Template, Files: look.Files}
		if look.Logo.Name != "" {
			o.Logo, o.Files = look.Logo.Name, withFile(look.Files, look.Logo.Name, look.Logo.Data)
		}
		err = pdf.Render(ctx, &out, d, pictures, p.options.Typesetter, o)
	case "xlsx":
		err = xlsx.Render(&out, d)
	case "data":
		err = datapackage.Render(&out, d, p.options.Columnar)
	default:
		err = fmt.Errorf("format %q is not known: use %s", format, strings.Join(Formats, ", "))
	}
	return out.Bytes(), err
}

func (l Logo) mediaType() string {
	switch strings.ToLower(filepath.Ext(l.Name)) {
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	}
	return ""
}

func withFile(files map[string][]byte, name string, data []byte) map[string][]byte {
	all := map[string][]byte{name: data}
	for n, f := range files {
		all[n] = f
	}
	return all
}

// write puts a file in place whole.
func write(directory, name string, content []byte) (err error) {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	path := filepath.Join(directory, name)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return nil
	}
	draft, err := os.CreateTemp(directory, "."+name+"-*")
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
	if err := errors.Join(draft.Chmod(0o644), draft.Sync(), draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), path)
}
