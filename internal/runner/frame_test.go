package runner

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCellsComeBackAsTheyWere(t *testing.T) {
	row := []any{nil, true, false, int64(math.MinInt64), int64(0), 0.1, math.Inf(1), "民政局", "", json.Number("1.50"),
		json.RawMessage(`[1]`), time.Date(1899, 12, 31, 23, 59, 59, 999_999_000, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}
	var payload []byte
	var err error
	for _, cell := range row {
		if payload, err = appendCell(payload, cell); err != nil {
			t.Fatal(err)
		}
	}
	c := cells{payload}
	got, ok, err := c.row(len(row))
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	if diff := cmp.Diff(row, got); diff != "" {
		t.Error(diff)
	}
	if _, err := appendCell(nil, struct{}{}); err == nil {
		t.Error("a cell of an unknown type was written")
	}
}

// FuzzAnswer reads what a child might send: any bytes must give an end or an error.
func FuzzAnswer(f *testing.F) {
	var out bytes.Buffer
	w := newFrameWriter(&out)
	payload, _ := appendCell(nil, "x")
	if err := w.write(frameRows, payload); err != nil {
		f.Fatal(err)
	}
	if err := w.flush(); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes(), 1)
	f.Add([]byte("R\x01\x00\x00\x00\x05"), 1)
	f.Add([]byte("R\xff\xff\xff\xff"), 1)
	f.Add([]byte("D\x02\x00\x00\x00{}"), 0)
	f.Fuzz(func(t *testing.T, sent []byte, columns int) {
		frames := newFrameReader(bytes.NewReader(sent))
		for {
			_, payload, err := frames.read()
			if err != nil {
				return
			}
			if columns > 0 && columns < 100 {
				eachRow(payload, columns, func([]any) error { return nil })
			}
		}
	})
}
