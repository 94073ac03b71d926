package reader

import (
	"weir/ingest/record"
	"weir/ingest/source"
)

// Documents passes every JSON object of a file on as text, with its line: one a line, the elements of one array, or
// what stands at the dotted path inside one object, an array of objects or a single one. The bytes are valid until
// use returns. Whether an object is well formed is for use to find out.
func Documents(f *source.File, path string, use func(line int64, raw []byte) error) error {
	j := NewJSON(f, JSONOptions{Path: path})
	j.use = use
	return j.Read(nil, nil)
}

// Objects reads JSON objects that a caller has split off a file, as JSON reads those of a file.
type Objects struct{ json *JSON }

// NewObjects prepares the reader for the members; a dotted name reaches into nested objects.
func NewObjects(f *source.File, members []string) *Objects {
	return &Objects{NewJSON(f, JSONOptions{Columns: members})}
}

// Pass hands one object to the writer. Kept is what the quarantine keeps of it.
func (o *Objects) Pass(w *record.Writer, place []int, line int64, raw, kept []byte) error {
	if !w.Wants(line) {
		return nil
	}
	w.Begin(line)
	return o.PassBegun(w, place, line, raw, kept)
}

// PassBegun is Pass for a record that was begun already.
func (o *Objects) PassBegun(w *record.Writer, place []int, line int64, raw, kept []byte) error {
	o.json.parser.writer, o.json.parser.place = w, place
	return o.json.begun(raw, kept, line)
}
