package live_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"weir/internal/store"
)

// TestUploadsThatUnfoldAreRefused uploads small files that unfold to hundreds of megabytes. Each is refused with its reason, nothing
// of it is kept, the memory of the service stays small, and it goes on answering.
func TestUploadsThatUnfoldAreRefused(t *testing.T) {
	const unfolded = 512 << 20
	dir, accounts := workspace(t, "memory_limit: 512MB\n")
	s := serve(t, dir)
	operator := s.signIn(accounts, "operator")
	head := "event_id,occurred_at,resource_id,provider_id,consumer_id,ok\n"
	row := "E1,2026-10-01T00:00:00+08:00,GA-R002,GA,MZ,true\n"
	for _, c := range []struct {
		name    string
		content []byte
	}{
		{"usage_event.csv.gz", gzipped(t, head, "x", unfolded)},
		{"usage_event.csv.zst", zstandard(t, head, row, unfolded)},
		{"usage_event.ndjson.gz", gzipped(t, "", "\n", unfolded)},
		{"usage_event.ndjson.zst", zstandard(t, `{"event_id":"`, "x", unfolded)},
		{"usage_event.csv", gzipped(t, head, row, unfolded)},
		{"usage_event.xlsx", workbook(t, unfolded)},
		{"usage_event.parquet", parquet(t)},
	} {
		if len(c.content) > 16<<20 {
			t.Fatalf("%s is %d bytes: no bomb", c.name, len(c.content))
		}
		began := time.Now()
		code, text, err := operator.send("POST", "/api/v1/loads?table=usage_event&name="+c.name, bytes.NewReader(c.content))
		for err == nil && code == http.StatusAccepted && time.Since(began) < 2*time.Minute {
			time.Sleep(100 * time.Millisecond)
			var j work
			if j = operator.settled(t)[0]; j.State == "failed" {
				code, text = http.StatusUnprocessableEntity, j.Error
			}
		}
		t.Logf("%s: %d bytes, %s, %d MB: %d %.300s", c.name, len(c.content), time.Since(began).Round(time.Millisecond), peak(t, s)>>20, code, text)
		if err != nil || code != http.StatusUnprocessableEntity && code != http.StatusBadRequest || strings.Contains(text, dir) {
			t.Errorf("%s: %d %s %v", c.name, code, text, err)
		}
		if code, _, err := operator.send("GET", "/healthz", nil); err != nil || code != http.StatusOK {
			t.Fatalf("health after %s: %d %v", c.name, code, err)
		}
	}
	if p := peak(t, s); p > 3<<29 {
		t.Errorf("the service took %d MB", p>>20)
	}
	if code := s.stop(); code != 0 {
		t.Errorf("exit %d", code)
	}
	// An upload is removed once its outcome is told, and at the latest when the service stops.
	left(t, dir, ".service/uploads/*", ".service/uploads/.*", ".tmp/*/usage*")
	if n := count(t, database(t, dir), "SELECT (SELECT count(*) FROM usage_event) + (SELECT count(*) FROM quarantine) + (SELECT count(*) FROM load WHERE table_name = 'usage_event')"); n != 0 {
		t.Errorf("%d rows are left of them", n)
	}
}

// peak is the most memory that the process has held, in bytes.
func peak(t testing.TB, s *service) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid))
	if err != nil {
		t.Skip("this system has no /proc")
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	t.Fatal("no VmHWM")
	return 0
}

// blocks is a text of one megabyte, and how often it is repeated. Compressed once, it is repeated as it is: both formats
// allow streams that follow one another.
func blocks(text string, unfolded int) (string, int) {
	return strings.Repeat(text, 1<<20/len(text)), unfolded >> 20
}

func gzipped(t testing.TB, head, text string, unfolded int) []byte {
	t.Helper()
	member := func(text string) []byte {
		var out bytes.Buffer
		z := gzip.NewWriter(&out)
		if _, err := io.WriteString(z, text); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	block, n := blocks(text, unfolded)
	return append(member(head), bytes.Repeat(member(block), n)...)
}

func zstandard(t testing.TB, head, text string, unfolded int) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	block, n := blocks(text, unfolded)
	return append(z.EncodeAll([]byte(head), nil), bytes.Repeat(z.EncodeAll([]byte(block), nil), n)...)
}

// workbook is a sheet whose cells unfold.
func workbook(t testing.TB, unfolded int) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, part[1]); err != nil {
			t.Fatal(err)
		}
	}
	// The sheet is one deflate stream of parts that refer to nothing before them.
	deflated := func(text string, last bool) []byte {
		var out bytes.Buffer
		z, err := flate.NewWriter(&out, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(z, text); err != nil {
			t.Fatal(err)
		}
		if last {
			err = z.Close()
		} else {
			err = z.Flush()
		}
		if err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	head := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">`
	block, n := blocks(`<c t="inlineStr"><is><t>x</t></is></c>`, unfolded)
	content := slices.Concat(deflated(head, false), bytes.Repeat(deflated(block, false), n), deflated("", true))
	w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(head) + n*len(block))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// parquet is one long text, stored once in a dictionary and repeated by number.
func parquet(t testing.TB) []byte {
	t.Helper()
	db, err := store.Open(context.Background(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	path := filepath.Join(t.TempDir(), "usage_event.parquet")
	_, err = db.Query(context.Background(), fmt.Sprintf(`COPY (SELECT repeat('x', 100000) AS event_id, '2026-10-01' AS occurred_at, 'GA-R002' AS resource_id, 'GA' AS provider_id, 'MZ' AS consumer_id, true AS ok FROM range(20000))
		TO '%s' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 10000, DICTIONARY_SIZE_LIMIT 1000000)`, path), nil)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
