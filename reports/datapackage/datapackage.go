// Package datapackage renders a document as a package of data: every table and the data behind every figure as CSV
// and as Parquet, the definitions and explanations of the figures, and a manifest with units, meanings and hashes.
// The same document gives the same bytes.
//
// It writes what the document holds and nothing else: whoever may read the report may read the package.
package datapackage

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"weir/reports/document"
)

// File is one file of the package.
type File struct {
	Name   string `json:"name"`
	Table  string `json:"table"`
	Format string `json:"format"`
	Rows   int    `json:"rows"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Manifest says what is in the package.
type Manifest struct {
	Report   string            `json:"report"`
	Kind     string            `json:"kind"`
	Language string            `json:"language"`
	Title    string            `json:"title"`
	Period   string            `json:"period"`
	Date     string            `json:"date"`
	Stamp    string            `json:"stamp"`
	States   map[string]string `json:"states"` // codes of the columns that end in _state
	Tables   []Table           `json:"tables"`
	Files    []File            `json:"files"`
}

// Table describes one table of the package.
type Table struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Unit    string   `json:"unit,omitempty"`
	Source  string   `json:"source,omitempty"`
	Note    string   `json:"note,omitempty"`
	Columns []Column `json:"columns"`
}

// Column describes one column. Numbers that are absent are empty; the column with _state says why.
type Column struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Unit    string `json:"unit,omitempty"`
	Type    string `json:"type"` // text, number, date, month, grade, state
	Meaning string `json:"meaning,omitempty"`
}

// Columnar turns rows into Parquet. An engine does that; this package has none.
type Columnar interface {
	// Parquet takes CSV without a head, with Null for no value, and the columns in order. The same rows give the
	// same bytes.
	Parquet(rows []byte, columns []Typed) ([]byte, error)
}

// Typed is a column of numbers or of texts.
type Typed struct {
	Name   string
	Number bool
}

// Render writes the package; without an engine it holds CSV only. A document that contradicts itself is an error;
// nothing is written then.
func Render(w io.Writer, d *document.Document, engine Columnar) error {
	if err := d.Validate(); err != nil {
		return fmt.Errorf("document %s: %w", d.ID, err)
	}
	p := &packer{engine: engine, manifest: Manifest{Report: d.ID, Kind: d.Kind, Language: string(d.Lang), Title: d.Title, Period: d.Period, Stamp: d.Stamp,
		States: map[string]string{"value": "measured", "not_measured": document.NotMeasured.Word(d.Lang), "missing": document.Missing.Word(d.Lang), "not_applicable": document.NotApplicable.Word(d.Lang), "none": "nothing stands here"}}}
	if !d.Date.IsZero() {
		p.manifest.Date = d.Date.Format(time.DateOnly)
	}
	for _, t := range tables(d) {
		if err := p.table(t); err != nil {
			return fmt.Errorf("document %s: table %s: %w", d.ID, t.ID, err)
		}
	}
	return p.write(w)
}

// tables lists the tables of the document in reading order, then what stands in its appendix.
func tables(d *document.Document) []document.Table {
	var list []document.Table
	d.Blocks(func(_ *document.Section, block document.Block) {
		switch x := block.(type) {
		case *document.Table:
			list = append(list, *x)
		case *document.RuledForm:
			list = append(list, x.Table)
		case *document.Figure:
			if len(x.Table.Columns) > 0 && len(x.Table.Rows) > 0 {
				t := x.Table
				if t.ID == "" {
					t.ID = x.ID
				}
				list = append(list, t)
			}
		}
	})
	for _, t := range appendix(d) {
		if len(t.Rows) > 0 {
			list = append(list, t)
		}
	}
	return list
}

// appendix joins definitions and explanations into one table each.
func appendix(d *document.Document) []document.Table {
	definitions := document.Table{ID: "definitions", Title: "definitions", Columns: []document.Column{
		{ID: "definition"}, {ID: "name"}, {ID: "question"}, {ID: "meaning"}, {ID: "formula"}, {ID: "unit"}, {ID: "direction"}, {ID: "version"}, {ID: "basis"}, {ID: "sql"},
	}}
	for _, x := range d.Definitions {
		basis := ""
		for i, b := range x.Basis {
			if i > 0 {
				basis += "\n"
			}
			basis += b.Text
			if b.Read != "" {
				basis += " [" + b.Read + "]"
			}
		}
		var cells []document.Cell
		for _, text := range []string{x.ID, x.Name, x.Question, x.Meaning, x.Formula, x.Unit, x.Direction, x.Version, basis, x.SQL} {
			cells = append(cells, document.Text(text))
		}
		definitions.Rows = append(definitions.Rows, document.Row{Cells: cells})
	}
	number := func(id string) document.Column { return document.Column{ID: id, Kind: document.KindNumber} }
	explanations := document.Table{ID: "explanations", Title: "explanations", Columns: []document.Column{
		{ID: "explanation"}, {ID: "definition"}, {ID: "subject"}, number("value"), number("numerator"), number("denominator"), number("n"),
		number("low"), number("high"), {ID: "interval"}, number("target"), number("points"), number("points_max"), {ID: "note"},
	}}
	for _, e := range d.Explanations {
		low, high, target, name := document.Empty(), document.Empty(), document.Empty(), ""
		if e.Interval != nil {
			low, high, name = document.Number(e.Interval.Low), document.Number(e.Interval.High), document.IntervalName(d.Lang, *e.Interval)
		}
		if e.Target != nil {
			target = document.Number(*e.Target)
		}
		explanations.Rows = append(explanations.Rows, document.Row{Cells: []document.Cell{document.Text(e.ID), document.Text(e.Definition), document.Text(e.Subject), document.Of(e.Value),
			document.Of(e.Numerator), document.Of(e.Denominator), document.Of(e.N), low, high, document.Text(name), target, document.Of(e.Points), document.Of(e.PointsMax), document.Text(e.Note)}})
	}
	return []document.Table{definitions, explanations}
}

// packer collects the files.
type packer struct {
	engine   Columnar
	manifest Manifest
	contents [][]byte
}

func (p *packer) table(t document.Table) error {
	g := gridOf(t)
	p.manifest.Tables = append(p.manifest.Tables, Table{ID: t.ID, Title: t.Title, Unit: t.Unit, Source: t.Source, Note: t.Note, Columns: g.describe()})
	text, err := g.csv()
	if err != nil {
		return err
	}
	p.add("tables/"+t.ID+".csv", t.ID, "csv", len(t.Rows), text)
	if p.engine == nil || len(t.Rows) == 0 {
		return nil
	}
	columns, err := p.engine.Parquet(g.exchange(), g.columnTypes())
	if err != nil {
		return err
	}
	p.add("tables/"+t.ID+".parquet", t.ID, "parquet", len(t.Rows), columns)
	return nil
}

func (p *packer) add(name, table, format string, rows int, content []byte) {
	sum := sha256.Sum256(content)
	p.manifest.Files = append(p.manifest.Files, File{Name: name, Table: table, Format: format, Rows: rows, Bytes: len(content), SHA256: hex.EncodeToString(sum[:])})
	p.contents = append(p.contents, content)
}

// write makes the archive. Its files carry no time of their own.
func (p *packer) write(w io.Writer) error {
	manifest, err := json.MarshalIndent(p.manifest, "", "  ")
	if err != nil {
		return err
	}
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	names, contents := []string{"manifest.json"}, [][]byte{append(manifest, '\n')}
	for i, f := range p.manifest.Files {
		names, contents = append(names, f.Name), append(contents, p.contents[i])
	}
	for i, name := range names {
		f, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := f.Write(contents[i]); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	_, err = w.Write(out.Bytes())
	return err
}
