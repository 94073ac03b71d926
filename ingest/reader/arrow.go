package reader

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"weir/ingest/reason"
	"weir/ingest/record"
	"weir/ingest/source"
	"weir/internal/lang"
)

// Arrow reads the IPC file and stream formats of Apache Arrow (Feather version 2). Its lines are the numbers of the
// rows. A member of a struct is a column of its own with a dotted name; lists and the like are JSON.
type Arrow struct {
	file    *source.File
	schema  *arrow.Schema
	columns []string
	paths   [][]int // of each column: its field, and the members that lead to it
	batch   func(i int) (arrow.RecordBatch, error)
}

// maxBuffer is the longest buffer of a batch: hostile files state any length.
const maxBuffer = 1 << 30

// limited refuses to allocate what no sound file needs.
type limited struct{ memory.Allocator }

func (l limited) Allocate(size int) []byte {
	l.check(size)
	return l.Allocator.Allocate(size)
}

func (l limited) Reallocate(size int, b []byte) []byte {
	l.check(size)
	return l.Allocator.Reallocate(size, b)
}

// check panics, since allocators cannot fail; the decoder turns it into an error.
func (limited) check(size int) {
	if size > maxBuffer {
		panic(fmt.Sprintf("a buffer of %d MB", size>>20))
	}
}

// NewArrow reads the schema. The file must be open on the disk.
func NewArrow(f *source.File) (a *Arrow, err error) {
	a = &Arrow{file: f}
	defer a.recovered(&err)
	options := []ipc.Option{ipc.WithAllocator(limited{memory.DefaultAllocator}), ipc.WithBodySizeLimit(min(maxBuffer, f.DiskSize())), ipc.WithMetadataSizeLimit(min(64<<20, f.DiskSize()))}
	content := io.NewSectionReader(f.Disk(), 0, f.DiskSize())
	magic := make([]byte, 6)
	if _, err := content.ReadAt(magic, 0); err != nil && err != io.EOF {
		return nil, err
	}
	if string(magic) == "ARROW1" {
		if err := checkFile(content, f.DiskSize()); err != nil {
			return nil, a.damaged(err)
		}
		r, err := ipc.NewFileReader(content, options...)
		if err != nil {
			return nil, a.damaged(err)
		}
		f.OnClose(r.Close)
		a.schema, a.batch = r.Schema(), func(i int) (arrow.RecordBatch, error) { return fileBatch(r, i) }
	} else {
		if err := checkStream(content, f.DiskSize(), 0); err != nil {
			return nil, a.damaged(err)
		}
		r, err := ipc.NewReader(content, options...)
		if err != nil {
			return nil, a.damaged(err)
		}
		f.OnClose(func() error { r.Release(); return nil })
		a.schema, a.batch = r.Schema(), func(int) (arrow.RecordBatch, error) { return a.streamBatch(r, content) }
	}
	for i, field := range a.schema.Fields() {
		a.add(field, field.Name, []int{i})
	}
	if len(a.columns) == 0 {
		return nil, failure(f.Path, 0, lang.T("Arrow 文件没有列", "the Arrow file has no columns"), exportAgain)
	}
	return a, nil
}

// add lists a column and, of a struct, its members.
func (a *Arrow) add(field arrow.Field, name string, path []int) {
	a.columns, a.paths = append(a.columns, name), append(a.paths, path)
	if s, ok := field.Type.(*arrow.StructType); ok && len(path) < 8 {
		for i, member := range s.Fields() {
			a.add(member, name+"."+member.Name, append(append([]int(nil), path...), i))
		}
	}
}

// recovered turns a panic of the decoder on a hostile file into an error.
func (a *Arrow) recovered(err *error) {
	if p := recover(); p != nil {
		*err = a.damaged(fmt.Errorf("%v", p))
	}
}

func (a *Arrow) damaged(err error) error {
	return failure(a.file.Path, 0, lang.T(fmt.Sprintf("Arrow 文件中断或损坏，未装入任何内容（%v）", err), fmt.Sprintf("the Arrow file is cut off or damaged; nothing of it was loaded (%v)", err)), sendAgain)
}

// fileBatch gives a batch of the file format, nil behind the last one.
func fileBatch(r *ipc.FileReader, i int) (arrow.RecordBatch, error) {
	if i >= r.NumRecords() {
		return nil, nil
	}
	return r.RecordBatchAt(i)
}

// streamEnd is the mark behind the last batch of a stream. Writers may leave it out, but then nobody can tell a stream
// that was cut off.
var streamEnd = []byte{0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0}

// streamBatch gives the next batch of a stream, nil behind the last one.
func (a *Arrow) streamBatch(r *ipc.Reader, content *io.SectionReader) (arrow.RecordBatch, error) {
	if r.Next() {
		batch := r.RecordBatch()
		batch.Retain()
		return batch, nil
	}
	if err := r.Err(); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	at, err := content.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, err
	}
	tail := make([]byte, len(streamEnd))
	if _, err := content.ReadAt(tail, max(0, at-int64(len(tail)))); err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case !bytes.Equal(tail, streamEnd):
		return nil, errors.New("the stream has no end mark")
	case at < content.Size():
		return nil, errors.New("more data stand behind the end of the stream; keep one stream in a file")
	}
	return nil, nil
}

// Columns names the columns, members of structs behind their struct.
func (a *Arrow) Columns() []string { return a.columns }

// Read passes every row on.
func (a *Arrow) Read(w *record.Writer, place []int) (err error) {
	defer a.recovered(&err)
	line := int64(0)
	for i := 0; ; i++ {
		batch, err := a.batch(i)
		if err != nil {
			return a.damaged(err)
		}
		if batch == nil {
			return nil
		}
		err = a.rows(w, place, batch, line)
		line += batch.NumRows()
		batch.Release()
		if err != nil {
			return err
		}
	}
}

// rows passes the rows of a batch on.
func (a *Arrow) rows(w *record.Writer, place []int, batch arrow.RecordBatch, before int64) error {
	values := make([]valuer, len(a.columns))
	for i, path := range a.paths {
		values[i] = reach(batch.Column(path[0]), path[1:])
	}
	var raw, text []byte
	for row := range int(batch.NumRows()) {
		line := before + int64(row) + 1
		if !w.Wants(line) {
			continue
		}
		w.Begin(line)
		raw = raw[:0]
		for i, value := range values {
			var ok bool
			if text, ok = value(text[:0], row); ok && place[i] >= 0 {
				w.Field(place[i], text)
			}
			if len(a.paths[i]) == 1 {
				raw = a.appendRaw(raw, w.KeepsRaw(), i, text, ok)
			}
		}
		if w.KeepsRaw() {
			raw = append(raw, '}')
		}
		end := w.End
		if !utf8.Valid(raw) {
			end = func(raw []byte) error { return w.Reject(string(reason.Encoding), "", nil, raw) }
		}
		if err := end(raw); err != nil {
			return err
		}
	}
	return nil
}

// appendRaw writes a value into the raw text of its row: a JSON object of texts where it is kept, else only what
// tells rows apart.
func (a *Arrow) appendRaw(raw []byte, kept bool, i int, text []byte, ok bool) []byte {
	if !kept {
		if !ok {
			return append(raw, 0x1E)
		}
		return append(append(raw, text...), 0x1F)
	}
	if len(raw) == 0 {
		raw = append(raw, '{')
	}
	if !ok {
		return raw
	}
	if len(raw) > 1 {
		raw = append(raw, ',')
	}
	raw = append(appendJSON(raw, []byte(a.columns[i])), ':')
	return appendJSON(raw, text)
}

// valuer appends the text of a row's value; false for a missing one.
type valuer func(to []byte, row int) ([]byte, bool)

// reach walks down structs.
func reach(column arrow.Array, path []int) valuer {
	if len(path) == 0 {
		return valuerOf(column)
	}
	parent := column.(*array.Struct)
	inner := reach(parent.Field(path[0]), path[1:])
	return func(to []byte, row int) ([]byte, bool) {
		if parent.IsNull(row) {
			return to, false
		}
		return inner(to, row)
	}
}
