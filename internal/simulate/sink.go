package simulate

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"

	"weir/queries/schema"
)

// Output takes the files of a city. Names are relative and may hold one folder, written with a slash.
type Output interface {
	Create(name string) (io.WriteCloser, error)
}

// Dir is an Output in a directory, which is made where it does not exist.
type Dir string

// Create opens a file for writing and replaces an older one.
func (d Dir) Create(name string) (io.WriteCloser, error) {
	path := filepath.Join(string(d), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	return os.Create(path)
}

// sink writes tables. The first error sticks and everything after it does nothing.
type sink struct {
	out   Output
	plain bool
	files []string
	rows  map[string]int
	err   error
}

func newSink(w Output, o Options) *sink {
	return &sink{out: w, plain: o.Plain, rows: map[string]int{}}
}

func (s *sink) fail(err error) {
	if s.err == nil && err != nil {
		s.err = err
	}
}

// table opens NAME.csv.gz. The columns must be those of the event model, so that a change of the model is noticed.
func (s *sink) table(name string, columns ...string) *table {
	return s.part("", name, columns...)
}

func (s *sink) part(folder, name string, columns ...string) *table {
	t := &table{sink: s, name: name, columns: len(columns)}
	model, ok := schema.Default().Table(name)
	switch {
	case !ok:
		s.fail(fmt.Errorf("the event model has no table %s", name))
	case !slices.Equal(columns, model.ColumnNames()):
		s.fail(fmt.Errorf("table %s: the simulator fills %v, the event model has %v", name, columns, model.ColumnNames()))
	}
	file := folder + name + ".csv"
	if !s.plain {
		file += ".gz"
	}
	t.open(file)
	t.row(columns...)
	s.rows[name]-- // the header is no row
	return t
}

// text writes a file that is no table.
func (s *sink) text(name, content string) {
	if s.err != nil {
		return
	}
	f, err := s.out.Create(name)
	if err != nil {
		s.fail(err)
		return
	}
	s.files = append(s.files, name)
	_, err = io.WriteString(f, content)
	s.fail(err)
	s.fail(f.Close())
}

// table is one CSV file under way.
type table struct {
	sink    *sink
	name    string
	columns int
	file    io.WriteCloser
	packed  *gzip.Writer
	buffer  *bufio.Writer
}

func (t *table) open(file string) {
	if t.sink.err != nil {
		return
	}
	f, err := t.sink.out.Create(file)
	if err != nil {
		t.sink.fail(err)
		return
	}
	t.file = f
	t.sink.files = append(t.sink.files, file)
	var w io.Writer = f
	if !t.sink.plain {
		// The header carries neither name nor time: the same rows give the same bytes.
		t.packed, err = gzip.NewWriterLevel(f, 7)
		t.sink.fail(err)
		w = t.packed
	}
	t.buffer = bufio.NewWriterSize(w, 1<<16)
}

// row writes one row, its cells in the order of the columns; an empty cell is NULL.
func (t *table) row(cells ...string) {
	if t.sink.err != nil {
		return
	}
	if len(cells) != t.columns {
		t.sink.fail(fmt.Errorf("table %s: a row of %d cells under %d columns", t.name, len(cells), t.columns))
		return
	}
	for i, cell := range cells {
		if i > 0 {
			t.buffer.WriteByte(',')
		}
		if strings.ContainsAny(cell, ",\"\r\n") {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		t.buffer.WriteString(cell)
	}
	t.sink.fail(t.buffer.WriteByte('\n'))
	t.sink.rows[t.name]++
}

// line writes a row that is already formatted, with its line end.
func (t *table) line(text []byte) {
	if t.sink.err != nil {
		return
	}
	_, err := t.buffer.Write(text)
	t.sink.fail(err)
	t.sink.rows[t.name]++
}

func (t *table) close() {
	if t.file == nil {
		return
	}
	t.sink.fail(t.buffer.Flush())
	if t.packed != nil {
		t.sink.fail(t.packed.Close())
	}
	t.sink.fail(t.file.Close())
	t.file = nil
}
