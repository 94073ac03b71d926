package record

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
)

// row is a record as the engine gets it.
type row struct {
	line         int64
	defect       bool
	repeat, name string
	count        string
}

// batches gives all rows that a stream carries, batch by batch. Columns are a text and an integer.
func batches(t *testing.T, o Options, read func(*Writer) error) ([][]row, Counts) {
	t.Helper()
	o.Columns = []Column{{Name: "name"}, {Name: "count", Kind: Integer}}
	s := Start(context.Background(), o, read)
	var all [][]row
	for s.Next() {
		fields := s.RecordBatch().Column(0).(*array.Struct)
		var batch []row
		for i := range fields.Len() {
			text := func(field int) string {
				if fields.Field(field).IsNull(i) {
					return "-"
				}
				return fields.Field(field).ValueStr(i)
			}
			r := row{line: fields.Field(0).(*array.Int64).Value(i), defect: text(1) != "-", repeat: text(4), name: text(6), count: text(7)}
			if r.count == "-" {
				r.count = text(8)
			}
			batch = append(batch, r)
		}
		all = append(all, batch)
	}
	counts, err := s.Close()
	if err != nil {
		t.Fatal(err)
	}
	return all, counts
}

// The engine stores a batch at once only when it has as many sound rows as a row group: rejected and repeated records
// are on top of them, up to a quarter more.
func TestABatchHasAsManySoundRecordsAsAsked(t *testing.T) {
	for _, c := range []struct {
		name  string
		bad   func(n int) bool
		sizes []int
	}{
		{"all sound", func(int) bool { return false }, []int{8, 8, 8, 6}},
		{"one in ten", func(n int) bool { return n%10 == 5 }, []int{9, 9, 9, 3}},
		{"two in the first batch", func(n int) bool { return n == 3 || n == 4 }, []int{10, 8, 8, 4}},
		{"half of them", func(n int) bool { return n%2 == 1 }, []int{10, 10, 10}},
	} {
		for _, how := range []string{"rejected", "repeated"} {
			t.Run(c.name+" "+how, func(t *testing.T) {
				got, counts := batches(t, Options{BatchRows: 8, Key: []int{0}}, func(w *Writer) error {
					for n := range 30 {
						w.Begin(int64(n + 1))
						if c.bad(n) && how == "rejected" {
							if err := w.Reject("ragged", "", nil, nil); err != nil {
								return err
							}
							continue
						}
						name := fmt.Sprintf("N%d", n)
						if c.bad(n) {
							name = "N0"
						}
						w.Field(0, []byte(name))
						if err := w.End(fmt.Appendf(nil, "%d", n)); err != nil {
							return err
						}
					}
					return nil
				})
				var sizes []int
				line := int64(0)
				for _, b := range got {
					sizes = append(sizes, len(b))
					for _, r := range b {
						line++
						bad := c.bad(int(line - 1))
						if r.line != line || r.defect != (bad && how == "rejected") || (r.repeat == "true") != (bad && how == "repeated") {
							t.Errorf("line %d: %+v", line, r)
						}
					}
				}
				if !slices.Equal(sizes, c.sizes) {
					t.Errorf("batches of %v, want %v", sizes, c.sizes)
				}
				if bad := counts.Rejected + counts.Repeated; counts.Rows != 30 || int(bad) != len(counts.Left) {
					t.Errorf("%+v", counts)
				}
			})
		}
	}
}

// A record keeps its values in batches of any size, and what it lacks is NULL, while columns grow and are used again.
func TestValuesStayWithTheirRecords(t *testing.T) {
	const records = 3*firstRows*4 + 7
	want := func(n int) row {
		r := row{line: int64(n + 1), repeat: "-", name: "-", count: "-"}
		if n%3 > 0 {
			r.name = fmt.Sprintf("name %d", n)
		}
		switch {
		case n%1000 == 0:
			r.count = "a few"
		case n%2 == 0:
			r.count = fmt.Sprint(n)
		}
		return r
	}
	got, _ := batches(t, Options{BatchRows: firstRows*4 + 1}, func(w *Writer) error {
		for n := range records {
			r := want(n)
			w.Begin(r.line)
			if r.count != "-" {
				w.Field(1, []byte(r.count))
			}
			if r.name != "-" {
				w.Field(0, []byte(" "+r.name+"\u3000"))
				if w.Field(0, []byte("a second value")) {
					t.Error("a second value was taken")
				}
			}
			if err := w.End(nil); err != nil {
				return err
			}
		}
		return nil
	})
	n := 0
	for _, b := range got {
		for _, r := range b {
			if r != want(n) {
				t.Fatalf("got %+v, want %+v", r, want(n))
			}
			n++
		}
	}
	if n != records || len(got) != 4 {
		t.Errorf("%d records in %d batches", n, len(got))
	}
}

// Long texts end a batch before it fills the memory.
func TestLongTextsEndABatch(t *testing.T) {
	long := make([]byte, 1<<20)
	for i := range long {
		long[i] = 'x'
	}
	got, _ := batches(t, Options{}, func(w *Writer) error {
		for n := range 150 {
			w.Begin(int64(n + 1))
			w.Field(0, long)
			if err := w.End(nil); err != nil {
				return err
			}
		}
		return nil
	})
	var sizes []int
	for _, b := range got {
		sizes = append(sizes, len(b))
	}
	if !slices.Equal(sizes, []int{64, 64, 22}) {
		t.Errorf("batches of %v", sizes)
	}
}
