package reader

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/xuri/excelize/v2"

	"weir/ingest/record"
	"weir/ingest/source"
)

// drainDisk is drain for formats that seek: rows that are counted arrive, and a second pass sees the same.
func drainDisk(t *testing.T, content []byte, open func(*source.File) (Reader, error)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fuzz")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	pass := func(raw bool) (int64, error) {
		file, err := source.OpenDisk(path, t.TempDir())
		if err != nil {
			return 0, err
		}
		defer file.Close()
		r, err := open(file)
		if err != nil {
			return 0, err
		}
		options := record.Options{BatchRows: 3, Raw: raw}
		place := make([]int, len(r.Columns()))
		for i, name := range r.Columns() {
			place[i] = i
			options.Columns = append(options.Columns, record.Column{Name: name, Kind: record.Kind(i % 4)})
		}
		s := record.Start(context.Background(), options, func(w *record.Writer) error { return r.Read(w, place) })
		rows := int64(0)
		for s.Next() {
			rows += s.RecordBatch().NumRows()
		}
		counts, err := s.Close()
		if err == nil && rows != counts.Rows {
			t.Errorf("%d records were counted, %d arrived", counts.Rows, rows)
		}
		if err != nil && strings.Contains(err.Error(), "the reader failed on this file") {
			t.Errorf("panic: %v", err)
		}
		return counts.Rows, err
	}
	first, err := pass(false)
	if err != nil {
		return
	}
	if again, err := pass(true); err != nil || again != first {
		t.Errorf("%d rows, then %d: %v", first, again, err)
	}
}

// fuzzRows are the header and the first records of a public file, few and narrow, so that a fuzzer gets far with them.
func fuzzRows(f *testing.F) [][]string {
	from := csv.NewReader(strings.NewReader(seed(f, "xroad_exchange/harvest_PLAYGROUND_2023.csv.gz")))
	rows := make([][]string, 5)
	for i := range rows {
		r, err := from.Read()
		if err != nil {
			f.Fatal(err)
		}
		rows[i] = []string{r[0], r[2], r[12], r[18], r[26]}
	}
	return rows
}

func FuzzXLSX(f *testing.F) {
	x := excelize.NewFile()
	for i, r := range fuzzRows(f) {
		if err := x.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+1), &r); err != nil {
			f.Fatal(err)
		}
	}
	if err := x.MergeCell("Sheet1", "B2", "B3"); err != nil {
		f.Fatal(err)
	}
	b, err := x.WriteToBuffer()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 0 {
			drainDisk(t, content, func(file *source.File) (Reader, error) { return NewXLSX(file, XLSXOptions{}) })
		}
	})
}

func FuzzArrow(f *testing.F) {
	rows := fuzzRows(f)
	fields := make([]arrow.Field, len(rows[0]))
	for i, name := range rows[0] {
		fields[i] = arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true}
	}
	fields[2].Type = &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "UTC"}
	fields[3].Type = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for _, r := range rows[1:] {
		for i, v := range r {
			if i == 2 {
				ms, _ := strconv.ParseInt(v, 10, 64)
				v = time.UnixMilli(ms).UTC().Format(time.RFC3339)
			}
			if err := b.Field(i).AppendValueFromString(v); err != nil {
				f.Fatal(err)
			}
		}
	}
	batch := b.NewRecordBatch()
	for _, o := range [][]ipc.Option{{}, {ipc.WithLZ4()}} {
		var stream bytes.Buffer
		w := ipc.NewWriter(&stream, append(o, ipc.WithSchema(schema))...)
		path := filepath.Join(f.TempDir(), "file")
		disk, err := os.Create(path)
		if err != nil {
			f.Fatal(err)
		}
		file, err := ipc.NewFileWriter(disk, append(o, ipc.WithSchema(schema))...)
		if err := errors.Join(err, w.Write(batch), w.Close(), file.Write(batch), file.Close(), disk.Close()); err != nil {
			f.Fatal(err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
		f.Add(stream.Bytes())
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 0 {
			drainDisk(t, content, func(file *source.File) (Reader, error) { return NewArrow(file) })
		}
	})
}
