// Package html renders a document as one self-contained HTML file: styles,
// scripts, fonts, pictures and data are inside, and a content policy forbids
// everything else. The file reads without scripts; with them charts answer the
// pointer and tables sort. The same document gives the same bytes. No reference
// to any other address is ever added.
package html

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"weir/internal/echarts"
	"weir/reports/document"
	"weir/reports/figure"
)

//go:embed page.html
var pageSource string

//go:embed style.css
var styleSource string

//go:embed page.js
var pageScript string

var templates = template.Must(template.New("").Parse(pageSource))

// Drawer draws the option of a figure as SVG. A session of internal/echarts is
// one; it must be new for each document, so that the same document gives the
// same bytes.
type Drawer interface {
	SVG(option []byte, width, height int) (string, error)
}

// Options changes the form of the file. The zero value gives the full page.
type Options struct {
	// Static leaves out live charts (500 kB of script); tables still sort.
	Static bool
	// SystemFonts leaves out the embedded letters (some 250 kB); the reader's
	// machine then chooses its own typeface and may lack rare characters.
	SystemFonts bool
	// Stylesheet is CSS of the workspace, put behind the page's own. It must
	// not refer to other addresses; the page's content policy blocks them.
	Stylesheet string
	// Logo is a picture on the first page with its media type, image/svg+xml or
	// image/png; nil for none. It is shown as a picture: scripts in it stay dead.
	Logo     []byte
	LogoType string
}

// Render writes the document. A document that contradicts itself, a figure that
// cannot be drawn and a failing writer are errors; nothing is written then,
// except by a failing writer.
func Render(w io.Writer, d *document.Document, charts Drawer, o Options) error {
	if err := d.Validate(); err != nil {
		return fmt.Errorf("document %s: %w", d.ID, err)
	}
	b, err := newBuilder(d, charts, o)
	if err != nil {
		return err
	}
	p, err := b.page()
	if err != nil {
		return fmt.Errorf("document %s: %w", d.ID, err)
	}
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, "page", p); err != nil {
		return fmt.Errorf("document %s: %w", d.ID, err)
	}
	_, err = w.Write(out.Bytes())
	return err
}

// scripts are the scripts of the page in their order.
func (o Options) scripts() []template.JS {
	if o.Static {
		return []template.JS{template.JS(pageScript)}
	}
	return []template.JS{template.JS(figure.Script()), template.JS(pageScript)}
}

// packedLibrary is the chart library as the page carries it, a third of its size, and as it runs.
var packedLibrary = sync.OnceValues(func() (library struct {
	packed template.HTML
	script template.JS
}, err error) {
	script, err := echarts.Script()
	if err != nil {
		return library, err
	}
	library.script = template.JS(script)
	library.packed, err = pack(script)
	return library, err
})

// pack compresses what only scripts read: raw deflate in base64, of which no letter means anything in HTML.
func pack(data []byte) (template.HTML, error) {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(data); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return template.HTML(base64.StdEncoding.EncodeToString(out.Bytes())), nil
}

// policy allows the page's own style and scripts, by their hashes, and the fonts
// inside the style; nothing else.
func policy(style template.CSS, scripts []template.JS, pictures bool) string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	var allowed []string
	for _, s := range scripts {
		allowed = append(allowed, hash(string(s)))
	}
	images := ""
	if pictures {
		images = "img-src data:; "
	}
	return "default-src 'none'; base-uri 'none'; form-action 'none'; font-src data:; " + images + "style-src " + hash(string(style)) + "; script-src " + strings.Join(allowed, " ")
}
