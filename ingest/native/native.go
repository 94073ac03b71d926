package native

import (
	"weir/ingest/reader"
	"weir/ingest/record"
	"weir/ingest/source"
)

// Format is one form of file that a mapping may name under format.
type Format struct {
	Name    string
	Columns []string // of its rows; nil: the members that the mapping names, dotted
	read    func(*rows) error
}

// formats in the order of the documentation.
var formats = []Format{xroadCorrected, ckan, dcat, openLineage, openLineageInputs, openLineageSources, kong, apisix, nginxJSON, nginxStatus}

// Known tells whether the name is that of a native format.
func Known(name string) bool { return find(name) != nil }

func find(name string) *Format {
	for i := range formats {
		if formats[i].Name == name {
			return &formats[i]
		}
	}
	return nil
}

// Open makes the reader of a file of the format. Members are those that the mapping names, path is where its records
// stand in a document, for formats that have no place of their own. The format must be known.
func Open(name string, f *source.File, members []string, path string) reader.Reader {
	format := find(name)
	columns := format.Columns
	if columns == nil {
		columns = members
	}
	return &rows{format: format, file: f, columns: columns, path: path}
}

// rows reads one file of a format.
type rows struct {
	format  *Format
	file    *source.File
	columns []string
	path    string

	writer *record.Writer
	place  []int
	line   int64
}

// Columns names the columns of the rows.
func (r *rows) Columns() []string { return r.columns }

// Read passes every row on.
func (r *rows) Read(w *record.Writer, place []int) error {
	r.writer, r.place, r.line = w, place, 0
	return r.format.read(r)
}

// next gives the line under which a row is known: that of its document, or the one behind the row before, where a
// document holds several rows, since lines tell rows apart.
func (r *rows) next(line int64) int64 {
	r.line = max(line, r.line+1)
	return r.line
}

// pass hands on a row whose values stand in the order of the format's columns; a blank is a missing value.
func (r *rows) pass(line int64, raw []byte, values ...string) error {
	line = r.next(line)
	if !r.writer.Wants(line) {
		return nil
	}
	r.writer.Begin(line)
	for i, v := range values {
		if p := r.place[i]; p >= 0 && v != "" {
			r.writer.Field(p, []byte(v))
		}
	}
	return r.writer.End(raw)
}

// reject hands on a record that cannot be read as one of the format.
func (r *rows) reject(line int64, code, detail string, raw []byte) error {
	line = r.next(line)
	if !r.writer.Wants(line) {
		return nil
	}
	r.writer.Begin(line)
	return r.writer.Reject(code, "", []byte(detail), raw)
}
