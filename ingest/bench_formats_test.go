package ingest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/xuri/excelize/v2"

	"weir/ingest/reader"
	"weir/internal/store"
)

// BenchmarkFormats compares loading a file of a format that the engine does not read with reading it by its decoder
// alone: the standard library's for JSON and regular expressions, Arrow's and a spreadsheet library's for theirs. The
// metric ratio is the decoder's time over loading time, cpu-ratio the same of processor time; loading does all that
// BenchmarkIngest names and fills the tables. The files have a tenth of the rows of the flag.
func BenchmarkFormats(b *testing.B) {
	envelope := func(head, tail string) func([]string) []byte {
		return func(records []string) []byte { return []byte(head + strings.Join(records, ",\n") + tail) }
	}
	plain := func(records []string) []byte { return []byte(strings.Join(records, "\n") + "\n") }
	for _, c := range []struct {
		name, mapping, table, ending string
		record                       string // with # for its number, of six digits
		file                         func(records []string) []byte
		decode                       func(*os.File) error
	}{
		{"xroad_raw", "xroad_raw", "", "json", `{"monitoringDataTs":1600000000,"securityServerInternalIp":"10.0.0.1","securityServerType":"Client","requestInTs":1600000#,"requestOutTs":1600000#,"responseInTs":1600000#,"responseOutTs":1600000#,"clientXRoadInstance":"EE","clientMemberClass":"GOV","clientMemberCode":"1","serviceXRoadInstance":"EE","serviceMemberClass":"GOV","serviceMemberCode":"2","serviceSubsystemCode":"s","serviceCode":"read","messageId":"m#","xRequestId":"x#","messageUserId":"EE#","requestSoapSize":1200,"responseSoapSize":3400,"succeeded":true}`, plain, decodeJSON},
		{"ckan", "ckan", "", "json", `{"id":"p#","name":"population-#","title":"人口统计#","notes":"人口数据","metadata_modified":"2026-10-01T08:00:00","organization":{"title":"统计局"},"resources":[{"id":"r#","format":"CSV","last_modified":"2026-09-01T08:00:00"}]}`, envelope(`{"success":true,"result":{"results":[`, `]}}`), decodeJSON},
		{"dcat", "dcat", "", "json", `{"@type":"dcat:Dataset","identifier":"i#","title":"Population #","description":"Counts","accessLevel":"public","accrualPeriodicity":"R/P1M","modified":"2026-10-01","publisher":{"name":"Statistics"},"distribution":[{"downloadURL":"https://data.example/#.csv","mediaType":"text/csv"}]}`, envelope(`{"dataset":[`, `]}`), decodeJSON},
		{"openlineage", "openlineage", "", "json", `{"eventType":"COMPLETE","eventTime":"2026-10-01T00:00:00Z","run":{"runId":"r#"},"job":{"namespace":"D001","name":"j"},"inputs":[{"namespace":"D001","name":"a"}],"outputs":[{"namespace":"D002","name":"b#"}]}`, plain, decodeJSON},
		{"kong", "kong", "", "json", `{"started_at":1790812#,"client_ip":"10.9.8.7","latencies":{"proxy":20,"kong":3,"request":31},"request":{"id":"q#","method":"GET","uri":"/p?id=#","size":90},"response":{"status":200,"size":"5123"},"service":{"name":"people","tags":["D001"]},"consumer":{"username":"D002"}}`, plain, decodeJSON},
		{"apisix", "apisix", "", "json", `{"start_time":1790812800123,"client_ip":"10.9.8.7","route_id":"1","service_id":"D001","latency":1#.6,"consumer":{"username":"D002"},"request":{"method":"GET","uri":"/p?id=#","size":90},"response":{"status":200,"size":10}}`, plain, decodeJSON},
		{"nginx_json", "nginx_json", "", "json", `{"time_local":"01/Oct/2026:10:00:00 +0800","remote_addr":"10.1.2.3","remote_user":"-","request":"GET /p?id=# HTTP/1.1","status":"200","body_bytes_sent":"#","http_user_agent":"client","request_time":"0.012"}`, plain, decodeJSON},
		{"access_combined", "web_access_combined", "", "log", `10.1.2.3 - app [01/Oct/2026:10:00:00 +0800] "GET /p?id=# HTTP/1.1" 200 # "-" "Mozilla/5.0 (X11; Linux x86_64)" 0.012`, plain, decodeLog},
		{"xlsx", "", "usage_event", "xlsx", benchUsage, objectsAs(workbookFile), decodeWorkbook},
		{"arrow", "", "usage_event", "arrow", benchUsage, objectsAs(arrowFile), decodeArrow},
	} {
		b.Run(c.name, func(b *testing.B) {
			records := make([]string, *benchRows/10)
			for i := range records {
				records[i] = strings.ReplaceAll(c.record, "#", fmt.Sprintf("%06d", i))
			}
			path := filepath.Join(b.TempDir(), "file."+c.ending)
			if err := os.WriteFile(path, c.file(records), 0o600); err != nil {
				b.Fatal(err)
			}
			var wall, cpu []float64
			for b.Loop() {
				bare := measure(b, func(*store.Store) { benchDecode(b, path, c.decode) })
				load := measure(b, func(st *store.Store) {
					r, err := Files(context.Background(), st, settings, []string{path}, Options{Mapping: c.mapping, Table: c.table})
					if err != nil {
						b.Fatal(err)
					}
					if r[0].RowsIn != int64(len(records)) || r[0].RowsLoaded != r[0].RowsIn {
						b.Fatalf("%+v", r[0])
					}
				})
				wall = append(wall, bare.wall.Seconds()/load.wall.Seconds())
				cpu = append(cpu, bare.cpu.Seconds()/load.cpu.Seconds())
				b.ReportMetric(float64(len(records))/load.wall.Seconds(), "rows/s")
				b.ReportMetric(float64(len(records))/load.cpu.Seconds(), "rows/cpu-s")
			}
			b.ReportMetric(median(wall), "ratio")
			b.ReportMetric(median(cpu), "cpu-ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

const benchUsage = `{"event_id":"E#","occurred_at":"2026-10-01 08:30:00","resource_id":"R1","provider_id":"D001","consumer_id":"D002","ok":"true","rows":"#","purpose":"户籍核验"}`

// objectsAs writes JSON objects by a writer of rows.
func objectsAs(write func([]map[string]any) []byte) func([]string) []byte {
	return func(records []string) []byte {
		rows := make([]map[string]any, len(records))
		for i, r := range records {
			if err := json.Unmarshal([]byte(r), &rows[i]); err != nil {
				panic(err)
			}
		}
		return write(rows)
	}
}

func benchDecode(b *testing.B, path string, decode func(*os.File) error) {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if err := decode(f); err != nil {
		b.Fatal(err)
	}
}

func decodeJSON(f *os.File) error {
	d := json.NewDecoder(bufio.NewReaderSize(f, 1<<20))
	for {
		var v any
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func decodeLog(f *os.File) error {
	pattern := regexp.MustCompile(reader.Patterns["combined"])
	s := bufio.NewScanner(f)
	for s.Scan() {
		if pattern.FindSubmatchIndex(s.Bytes()) == nil {
			return fmt.Errorf("no match: %s", bytes.Clone(s.Bytes()))
		}
	}
	return s.Err()
}

func decodeWorkbook(f *os.File) error {
	book, err := excelize.OpenReader(f)
	if err != nil {
		return err
	}
	rows, err := book.Rows("Sheet1")
	if err != nil {
		return err
	}
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			return err
		}
	}
	return errors.Join(rows.Close(), book.Close())
}

func decodeArrow(f *os.File) error {
	r, err := ipc.NewFileReader(f)
	if err != nil {
		return err
	}
	for i := range r.NumRecords() {
		if _, err := r.RecordBatch(i); err != nil {
			return err
		}
	}
	return r.Close()
}
