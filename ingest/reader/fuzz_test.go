package reader

import (
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"weir/ingest/record"
	"weir/ingest/source"
)

// seed gives the first kilobytes of a public file.
func seed(f *testing.F, name string) string {
	f.Helper()
	file, err := os.Open(filepath.Join("..", "..", "testdata", "public", filepath.FromSlash(name)))
	if err != nil {
		f.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		f.Fatal(err)
	}
	b, err := io.ReadAll(io.LimitReader(z, 4<<10))
	if err != nil {
		f.Fatal(err)
	}
	return string(b)
}

// drain runs a reader over a text and gives what it counted. A reader may fail, but it must not panic, and every
// record that it counts must arrive.
func drain(t *testing.T, content string, open func(*source.File) (Reader, error)) (record.Counts, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fuzz")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := source.Open(path, source.Options{})
	if err != nil {
		return record.Counts{}, err
	}
	defer file.Close()
	r, err := open(file)
	if err != nil {
		return record.Counts{}, err
	}
	options := record.Options{BatchRows: 3, Raw: true}
	place := make([]int, len(r.Columns()))
	for i, name := range r.Columns() {
		place[i] = i
		options.Columns = append(options.Columns, record.Column{Name: name, Kind: record.Kind(i % 4)})
	}
	if len(options.Columns) > 0 {
		options.Key = []int{0}
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
	return counts, err
}

func FuzzDelimited(f *testing.F) {
	f.Add("a,b\n1,2\n\"x\ny\",\"\"\"\"\n")
	f.Add("a\tb\r\n1\t2\r\n3")
	f.Add(seed(f, "xroad_exchange/harvest_PLAYGROUND_2023.csv.gz"))
	f.Add(seed(f, "tw_city_catalogues/taipei_cp950.csv.gz"))
	f.Add(seed(f, "tw_city_catalogues/taoyuan.csv.gz"))
	f.Fuzz(func(t *testing.T, content string) {
		_, _ = drain(t, content, func(file *source.File) (Reader, error) { return NewDelimited(file, DelimitedOptions{}) })
	})
}

func FuzzJSON(f *testing.F) {
	f.Add(`{"a":1,"b":"\u4e2d"}` + "\n" + `{"a":null}`)
	f.Add(`[{"a":{"b":[1,2]}},{"a":"x"}]`)
	f.Add(seed(f, "cn_catalogue_dev/guizhou_anshun.json.gz"))
	f.Add(seed(f, "xroad_exchange/raw_operational_monitoring.jsonl.gz"))
	f.Add(seed(f, "us_datajson/cms.json.gz"))
	f.Fuzz(func(t *testing.T, content string) {
		_, _ = drain(t, content, func(file *source.File) (Reader, error) {
			return NewJSON(file, JSONOptions{Columns: []string{"a", "a.b", "messageId", "标题"}, Path: "dataset"}), nil
		})
	})
}

func FuzzLines(f *testing.F) {
	f.Add(`1.2.3.0 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 1` + "\n")
	f.Add(seed(f, "web_access_logs/apache_combined_10k.log.gz"))
	f.Fuzz(func(t *testing.T, content string) {
		_, _ = drain(t, content, func(file *source.File) (Reader, error) { return NewLines(file, "combined") })
	})
}

// Records that span the reader's window, and those as long as it, arrive whole.
func TestRecordsLargerThanTheWindow(t *testing.T) {
	long := strings.Repeat("长", 1<<20)
	counts, err := drain(t, "a,b\n1,\""+long+"\"\n2,x\n", func(f *source.File) (Reader, error) { return NewDelimited(f, DelimitedOptions{}) })
	if err != nil || counts.Rows != 2 || counts.Rejected != 0 {
		t.Errorf("%+v, %v", counts, err)
	}
	counts, err = drain(t, `{"a":"`+long+`"}`+"\n"+`{"a":"x"}`+"\n", func(f *source.File) (Reader, error) {
		return NewJSON(f, JSONOptions{Columns: []string{"a"}}), nil
	})
	if err != nil || counts.Rows != 2 || counts.Rejected != 0 {
		t.Errorf("%+v, %v", counts, err)
	}
}
