package ingest

import (
	"context"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/array"

	"weir/ingest/reader"
	"weir/ingest/record"
)

// firstRows gives the first rows of a reader as text, "" for what is missing.
func firstRows(ctx context.Context, r reader.Reader, n int) ([][]string, error) {
	o := record.Options{BatchRows: n}
	var place []int
	for i, name := range r.Columns() {
		o.Columns = append(o.Columns, record.Column{Name: name})
		place = append(place, i)
	}
	s := record.Start(ctx, o, func(w *record.Writer) error { return r.Read(w, place) })
	var rows [][]string
	if s.Next() {
		all := s.RecordBatch().Column(0).(*array.Struct)
		// The fields of the file stand behind those that every stream has.
		first := all.NumField() - len(o.Columns)
		for row := range min(n, all.Len()) {
			values := make([]string, len(o.Columns))
			for i := range values {
				if c := all.Field(first + i).(*array.String); !c.IsNull(row) {
					values[i] = strings.Clone(c.Value(row)) // the memory is used again
				}
			}
			rows = append(rows, values)
		}
		rows = slices.Clip(rows)
		_, _ = s.Close() // the reader is stopped in the middle
		return rows, nil
	}
	_, err := s.Close()
	return rows, err
}
