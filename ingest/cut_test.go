package ingest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"weir/ingest/mapping"
	"weir/ingest/record"
)

// A file that is cut off at any byte gives records of the whole file only, or is refused: a value that is cut short
// would be taken for the fact, and no later file could tell that it is none.
func TestAFileCutAnywhereGivesNoOtherRecords(t *testing.T) {
	const chinese = "event_id,purpose,ok\nE1,户籍人口核验与社保资格认证,true\nE2,\"企业\n\"\"登记\"\"核验\",true\nE3,不动产查验,false\n"
	const traditional = "event_id,purpose,ok\nE1,戶籍人口核驗與社會保險資格認證,true\nE2,企業登記核驗,true\nE3,不動產查驗,false\n"
	encoded := func(e interface{ String(string) (string, error) }, s string) string {
		b, err := e.String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	columns := []string{"event_id", "purpose", "ok"}
	objects := `{"event_id":"E1","purpose":"户籍","ok":true,"n":120}` + "\n" + `{"event_id":"E2","ok":false,"n":12.50}` + "\n" + `{"n":7,"event_id":"E\u00313"}` + "\n"
	array := "[" + strings.ReplaceAll(strings.TrimSpace(objects), "\n", ",\n") + "]\n"
	members := []string{"event_id", "purpose", "n"}
	path := filepath.Join(t.TempDir(), "file")
	for _, c := range []struct {
		name, text string
		in         input
	}{
		{"csv", chinese, input{format: "csv"}},
		{"csv with Windows line ends", strings.ReplaceAll(chinese, "\n", "\r\n"), input{format: "csv"}},
		{"csv in GB18030", encoded(simplifiedchinese.GB18030.NewEncoder(), chinese), input{format: "csv"}},
		{"csv in Big5", encoded(traditionalchinese.Big5.NewEncoder(), traditional), input{format: "csv"}},
		{"csv in UTF-16", encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), chinese), input{format: "csv"}},
		{"tsv without header", "E1\tx\ttrue\nE2\ty\tfalse\n", input{format: "tsv", read: mapping.Read{NoHeader: true, NoQuotes: true, Names: columns}}},
		{"table with a column a year", "name,A 2020,A 2021\nx,10,20\ny,,30\n", input{format: "csv", read: mapping.Read{Unpivot: mapping.Unpivot{Pattern: "A *", Name: "year", Value: "amount"}}}},
		{"log", firstLines(t, "web_access_logs/apache_combined_10k.log.gz", 2) + strings.TrimSuffix(access("10.1.2.3", "a", "10:00:00", "GET /p", "200", "x"), "\n") + " 0.125\n", input{format: "log"}},
		{"ndjson", objects, input{format: "json", wanted: members}},
		{"json array", array, input{format: "json", wanted: members}},
		{"json in an envelope", `{"success":true,"records":` + strings.TrimSpace(array) + `,"total":3}`, input{format: "json", wanted: members, read: mapping.Read{Path: "records"}}},
		{"json over several lines", strings.ReplaceAll(objects, ",", ",\n"), input{format: "json", wanted: members}},
		{"xroad_corrected", `{"client":{"messageId":"m","requestInTs":1600},"producer":{"messageId":"m","requestInTs":1601}}` + "\n", input{format: "xroad_corrected", wanted: []string{"messageId", "requestInTs"}}},
		{"ckan", `{"success":true,"result":{"count":2,"results":[{"id":"a","title":"x","resources":[{"id":"r1"}]},{"id":"b","title":"y"}]}}`, input{format: "ckan"}},
		{"dcat", `{"dataset":[{"identifier":"a","title":"x","publisher":{"name":"p"}},{"identifier":"b","title":"y","publisher":{"name":"q"}}]}`, input{format: "dcat"}},
		{"openlineage", `{"eventType":"COMPLETE","eventTime":"2026-10-01T00:00:00Z","run":{"runId":"r"},"job":{"namespace":"n","name":"j"},"inputs":[{"namespace":"n","name":"a"}],"outputs":[{"namespace":"n","name":"b"}]}` + "\n", input{format: "openlineage"}},
		{"kong", `{"started_at":1790812800000,"client_ip":"10.9.8.7","request":{"uri":"/p"},"response":{"size":"5123"}}` + "\n", input{format: "kong", wanted: []string{"started_at", "response.size"}}},
		{"apisix", `[{"start_time":1790812800123,"response":{"status":503,"size":10}}]` + "\n", input{format: "apisix", wanted: []string{"start_time", "response.size"}}},
		{"nginx_status", `{"timestamp":1490000000000,"server_zones":{"a":{"requests":12,"received":345}}}` + "\n", input{format: "nginx_status"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			whole := accepted(t, path, c.in, []byte(c.text))
			if len(whole) == 0 {
				t.Fatal("the whole file gives no record")
			}
			forms := map[string][]byte{"plain": []byte(c.text)}
			if c.text == chinese {
				// A compressed file may have several members, and be cut between them.
				half := len(c.text) / 2
				forms["gzip"] = slices.Concat(gzipped(t, c.text[:half]), gzipped(t, c.text[half:]))
				forms["zstd"] = slices.Concat(zstandard(t, c.text[:half]), zstandard(t, c.text[half:]))
			}
			for form, content := range forms {
				for cut := 1; cut < len(content); cut++ {
					got := accepted(t, path, c.in, content[:cut])
					if len(got) > len(whole) || !slices.Equal(got, whole[:len(got)]) {
						t.Fatalf("%s cut at byte %d of %d gives\n%q\nwhich is not how the whole file begins:\n%q", form, cut, len(content), got, whole)
					}
				}
			}
		})
	}
}

// accepted gives the records that a text file brings, none where it is refused. Each is a list of name and value.
func accepted(t *testing.T, path string, in input, content []byte) []string {
	t.Helper()
	in.path = path
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	f, r, err := in.open()
	if err != nil {
		return nil
	}
	defer f.Close()
	o := record.Options{BatchRows: 8}
	var place []int
	for i, name := range r.Columns() {
		place = append(place, i)
		o.Columns = append(o.Columns, record.Column{Name: name})
	}
	s := record.Start(context.Background(), o, func(w *record.Writer) error { return r.Read(w, place) })
	var records []string
	for s.Next() {
		row := s.RecordBatch().Column(0).(*array.Struct)
		defect := row.Field(1)
		for i := range row.Len() {
			if !defect.IsNull(i) {
				continue
			}
			var b strings.Builder
			for k, name := range r.Columns() {
				if v := row.Field(6 + k); !v.IsNull(i) {
					fmt.Fprintf(&b, "%s=%s;", name, v.ValueStr(i))
				}
			}
			records = append(records, b.String())
		}
	}
	_, err = s.Close()
	if err == nil {
		_, err = f.Finish()
	}
	if err != nil {
		return nil
	}
	return records
}

func firstLines(t *testing.T, name string, n int) string {
	t.Helper()
	return strings.Join(strings.SplitAfterN(text(t, name), "\n", n+1)[:n], "")
}

func gzipped(t *testing.T, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstandard(t *testing.T, s string) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	return z.EncodeAll([]byte(s), nil)
}
