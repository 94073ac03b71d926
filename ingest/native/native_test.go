package native

import (
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"weir/ingest/personal"
	"weir/ingest/reader"
	"weir/ingest/record"
	"weir/ingest/source"
)

// fields are what mappings of a format without columns of its own ask for.
var fields = []string{"xRequestId", "securityServerType", "messageUserId", "client_ip", "request.uri", "response.size", "started_at"}

// read gives the lines that a reader passes on and what it counted; a panic of the reader fails the test.
func read(t *testing.T, name string, text []byte, raw bool) ([]int64, record.Counts, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := source.Open(path, source.Options{})
	if err != nil {
		return nil, record.Counts{}, err
	}
	defer f.Close()
	var r reader.Reader
	if name == "log" {
		if r, err = reader.NewLines(f, "combined"); err != nil {
			t.Fatal(err)
		}
	} else if r = Open(name, f, fields, ""); r == nil {
		t.Fatal("no reader")
	}
	o := record.Options{Raw: raw, Hash: personal.New([]byte("k")), BatchRows: 64}
	var place []int
	for i, c := range r.Columns() {
		o.Columns = append(o.Columns, record.Column{Name: c, Personal: c == "client_ip" || c == "remote_addr" || c == "messageUserId"})
		place = append(place, i)
	}
	var lines []int64
	s := record.Start(context.Background(), o, func(w *record.Writer) error { return r.Read(w, place) })
	for s.Next() {
		lines = append(lines, linesOf(s)...)
	}
	counts, err := s.Close()
	if err != nil && strings.Contains(err.Error(), "the reader failed on this file") {
		t.Fatal(err)
	}
	return lines, counts, err
}

// seeds are the public files of the folders, shortened, and texts of one's own.
func seeds(f *testing.F, own []string, globs ...string) {
	for _, s := range own {
		f.Add([]byte(s))
	}
	for _, g := range globs {
		names, err := filepath.Glob(filepath.Join("..", "..", "testdata", "public", filepath.FromSlash(g)))
		if err != nil || len(names) == 0 {
			f.Fatalf("no seeds at %s: %v", g, err)
		}
		for _, n := range names {
			f.Add(head(f, n))
		}
	}
}

// head is the start of a compressed file.
func head(t testing.TB, name string) []byte {
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(io.LimitReader(z, 16<<10))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// check states what holds for any text: rows are told apart by their lines, all rows are counted, and reading with
// raw text sees the same rows.
func check(t *testing.T, name string, text []byte) {
	lines, counts, err := read(t, name, text, false)
	if err != nil {
		return
	}
	if int64(len(lines)) != counts.Rows {
		t.Errorf("%d rows passed on, %d counted", len(lines), counts.Rows)
	}
	for i := 1; i < len(lines); i++ {
		if lines[i] <= lines[i-1] {
			t.Fatalf("line %d follows line %d", lines[i], lines[i-1])
		}
	}
	again, _, err := read(t, name, text, true)
	if err != nil || !slices.Equal(lines, again) {
		t.Errorf("the second pass saw other rows: %v", err)
	}
}

func fuzz(f *testing.F, name string) {
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 0 {
			check(t, name, text)
		}
	})
}

func FuzzXRoadCorrected(f *testing.F) {
	seeds(f, []string{`{"client":null,"producer":null}`, `[{"client":{"messageUserId":"EE1"}}]`}, "xroad_cases/edge/clean_data_*.gz", "xroad_cases/real/peer_paired*.gz")
	fuzz(f, "xroad_corrected")
}

func FuzzCKAN(f *testing.F) {
	seeds(f, []string{`{"success":true,"result":{"results":[{"id":"a","extras":[{"key":"frequency","value":"daily"}],"resources":[{"size":"1"}]}]}}`, `{"success":false}`, `{"result":[{"id":1}]}`})
	fuzz(f, "ckan")
}

func FuzzDCAT(f *testing.F) {
	seeds(f, []string{`{"@graph":[{"@id":"a","@type":"dcat:Dataset","dct:title":[{"@value":"x","@language":"zh"}],"dcat:distribution":{"@id":"b"}},{"@id":"b","dcat:byteSize":1}]}`, `[]`, `{"@type":["Dataset"]}`}, "us_datajson/*.gz")
	fuzz(f, "dcat")
}

func FuzzOpenLineage(f *testing.F) {
	seeds(f, []string{`{"eventType":"COMPLETE","eventTime":"2026-10-01T00:00:00Z","run":{"runId":"1"},"job":{"namespace":"n","name":"j"},"inputs":[{"name":"i"}],"outputs":[{"name":"o"},{"name":"p"}]}`, `{"eventType":"WHAT"}`})
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, name := range []string{"openlineage", "openlineage_inputs", "openlineage_sources"} {
			if len(text) > 0 {
				check(t, name, text)
			}
		}
	})
}

func FuzzGateway(f *testing.F) {
	seeds(f, []string{`{"started_at":1,"client_ip":"10.0.0.1","request":{"uri":"/a","headers":{"authorization":"x"}},"response":{"size":"1"}}`, `[{"request":null},{"request":1}]`})
	fuzz(f, "kong")
}

func FuzzNginxJSON(f *testing.F) {
	seeds(f, []string{`{"remote_addr":"10.0.0.1","request":"GET /a HTTP/1.1","status":200,"msec":"1790812800.123"}`, `{"time_local":"01/Oct/2026:10:00:00 +0800","uri":"/b"}`})
	fuzz(f, "nginx_json")
}

func FuzzNginxStatus(f *testing.F) {
	seeds(f, []string{`{"timestamp":1,"server_zones":{"a":{"requests":1,"responses":{"2xx":1}}}}`}, "web_access_logs/nginxplus*.gz")
	fuzz(f, "nginx_status")
}

func FuzzCombined(f *testing.F) {
	seeds(f, []string{`10.0.0.1 - - [01/Oct/2026:10:00:00 +0800] "GET / HTTP/1.1" 200 - "-" "\"x\""`}, "web_access_logs/apache*.gz")
	fuzz(f, "log")
}

func FuzzRecognise(f *testing.F) {
	seeds(f, []string{`{"records":[]}`, `[[[[`, `{"success":true,"result":`}, "us_datajson/c*.gz", "xroad_cases/*/*.gz", "web_access_logs/*.gz")
	f.Fuzz(func(t *testing.T, text []byte) {
		found, ok := recognise(text)
		if ok && (found.Mapping == "" || found.Why.Zh == "" || found.Why.En == "") {
			t.Errorf("%+v", found)
		}
	})
}

// What a gateway's log tells of headers and arguments is not kept.
func TestHeadersAreNotKept(t *testing.T) {
	kept := string(withoutHeaders([]byte(`{"request":{"uri":"/a","headers":{"authorization":"Bearer x"},"querystring":{"id":"7"}},"client_ip":"1.2.3.4"}`)))
	if want := `{"client_ip":"1.2.3.4","request":{"uri":"/a"}}`; kept != want {
		t.Errorf("kept %s", kept)
	}
}

func TestSampleFindsMembersOfTheFirstRecord(t *testing.T) {
	s := newSample([]byte(` [{"a": {"b": [{"c": 1}, {"d": 2}]}, "e": null}, {"f": 1}, {"cut`))
	for name, want := range map[string]bool{"[].a": true, "[].a.b[].c": true, "[].a.b[].d": false, "[].e": true, "[].f": false} {
		if s.has(name) != want {
			t.Errorf("%s: %t", name, !want)
		}
	}
}
