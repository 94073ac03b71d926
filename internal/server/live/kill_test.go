package live_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"weir/internal/lake"
	"weir/internal/store"
)

// kills is how often each of the tests below kills the service; make test-service-kill does it many times.
var kills = flag.Int("service-kills", 1, "how often the service is killed during each kind of work")

// pauses gives the moments at which the service is killed: spread over what the work takes, so that few kills meet
// different stages of it too.
func pauses(t *testing.T, least, most time.Duration) func() time.Duration {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random, n := rand.New(rand.NewPCG(seed, 0)), 0
	return func() time.Duration {
		slice := (most - least) / time.Duration(*kills)
		n++
		return least + slice*time.Duration((n-1)%*kills) + time.Duration(random.Int64N(int64(slice)))
	}
}

// database opens the database of a workspace in which no process is left.
func database(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(dir, "weir.duckdb"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func count(t *testing.T, s *store.Store, query string) int64 {
	t.Helper()
	r, err := s.Query(context.Background(), query, nil)
	if err != nil {
		t.Fatal(err)
	}
	n, ok := r.Rows[0][0].(int64)
	if !ok {
		t.Fatalf("%s gave %v", query, r.Rows[0][0])
	}
	return n
}

// left fails where unfinished files lie about.
func left(t *testing.T, dir string, patterns ...string) {
	t.Helper()
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > 0 {
			t.Errorf("left behind: %s", found)
		}
	}
}

// events is a batch of usage events of its own as JSON lines; one in a hundred has no time and belongs in quarantine.
func events(batch, n int) []byte {
	var b bytes.Buffer
	for i := range n {
		at := fmt.Sprintf("2026-10-%02dT%02d:%02d:%02d+08:00", 1+i%28, i%24, i%60, i%60)
		if i%100 == 99 {
			at = "never"
		}
		fmt.Fprintf(&b, `{"event_id":"K%d-%d","occurred_at":%q,"resource_id":"GA-R002","provider_id":"GA","consumer_id":"MZ","ok":true,"rows":%d}`+"\n", batch, i, at, i)
	}
	return b.Bytes()
}

// TestKilledDuringUploads sends batches of events while the service is killed and started again. Every batch is sent
// anew until it is answered, as a client does that got no answer; in the end each is in once.
func TestKilledDuringUploads(t *testing.T) {
	const rows = 20_000
	dir, accounts := workspace(t, "")
	pause := pauses(t, 10*time.Millisecond, 1500*time.Millisecond)
	batches := *kills + 1
	for n := range batches {
		s := serve(t, dir)
		operator := s.signIn(accounts, "operator")
		if n < *kills {
			time.AfterFunc(pause(), func() { s.command.Process.Kill() })
		}
		// Every batch so far: the earlier ones may have been answered, queued, half received, or never have arrived.
		for batch := range n + 1 {
			code, text, err := operator.send("POST", "/api/v1/events/usage_event", bytes.NewReader(events(batch, rows)), "Content-Type", "application/x-ndjson", "Idempotency-Key", fmt.Sprint("batch-", batch))
			if err == nil && code != http.StatusOK && code != http.StatusAccepted {
				t.Fatalf("batch %d: %d %s", batch, code, text)
			}
		}
		if n < *kills {
			<-s.ended
			continue
		}
		for _, j := range operator.settled(t) {
			if j.State != "done" {
				t.Errorf("job %+v", j)
			}
		}
		if code := s.stop(); code != 0 {
			t.Fatalf("exit %d\n%s", code, s.messages())
		}
	}
	left(t, dir, ".service/uploads/*", ".service/uploads/.*")
	db := database(t, dir)
	want := int64(batches * rows * 99 / 100)
	if got, distinct := count(t, db, "SELECT count(*) FROM usage_event"), count(t, db, "SELECT count(DISTINCT event_id) FROM usage_event"); got != want || distinct != want {
		t.Errorf("%d rows, %d different events, want %d", got, distinct, want)
	}
	if got := count(t, db, "SELECT count(*) FROM quarantine"); got != int64(batches*rows/100) {
		t.Errorf("%d rows in quarantine", got)
	}
	if got := count(t, db, "SELECT count(*) FROM load WHERE table_name = 'usage_event'"); got != int64(batches) {
		t.Errorf("%d loads, want one for each of %d batches", got, batches)
	}
	if got := count(t, db, "SELECT count(*) FROM load WHERE rows_in <> rows_loaded + rows_duplicate + rows_quarantined"); got != 0 {
		t.Errorf("%d loads do not add up", got)
	}
	if got := count(t, db, "SELECT count(*) FROM usage_event AS e LEFT JOIN load AS l ON l.load_id = e.load_id WHERE l.load_id IS NULL"); got != 0 {
		t.Errorf("%d rows of no load", got)
	}
}

// TestKilledDuringCloses closes a month for each kill. After the restart each month is closed once, its files are whole,
// and they are those that a close without a kill writes.
func TestKilledDuringCloses(t *testing.T) {
	dir, accounts := workspace(t, "")
	pause := pauses(t, 10*time.Millisecond, 2*time.Second)
	month := func(n int) string { return fmt.Sprintf("2026-%02d", 1+n%10) }
	for n := range min(*kills, 10) {
		s := serve(t, dir)
		operator := s.signIn(accounts, "operator")
		time.AfterFunc(pause(), func() { s.command.Process.Kill() })
		if code, text, err := operator.send("POST", "/api/v1/months/"+month(n)+"/close", nil); err == nil && code != http.StatusOK && code != http.StatusAccepted {
			t.Fatalf("close: %d %s", code, text)
		}
		<-s.ended
	}
	s := serve(t, dir)
	operator := s.signIn(accounts, "operator")
	operator.settled(t)
	for n := range min(*kills, 10) { // who got no answer asks again; what is closed stays as it is
		if code, text, err := operator.send("POST", "/api/v1/months/"+month(n)+"/close", nil); err != nil || code != http.StatusOK {
			t.Fatalf("close: %d %s %v", code, text, err)
		}
	}
	if code := s.stop(); code != 0 {
		t.Fatalf("exit %d\n%s", code, s.messages())
	}
	left(t, dir, "lake/.*", ".tmp/backup-*")
	l, err := lake.Open(filepath.Join(dir, "lake"))
	if err != nil {
		t.Fatal(err)
	}
	if closes := l.Closes(); len(closes) != min(*kills, 10) {
		t.Errorf("%d closes in the lake, want %d", len(closes), min(*kills, 10))
	}
	plain, _ := workspace(t, "")
	for _, c := range l.Closes() {
		done(t, "--dir", plain, "close", c.Month)
		for _, f := range c.Files {
			content, err := os.ReadFile(filepath.Join(dir, "lake", "month="+c.Month, fmt.Sprintf("revision=%d", c.Revision), f.Name))
			if err != nil {
				t.Fatal(err)
			}
			if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != f.SHA256 {
				t.Errorf("%s of %s is not what its manifest says", f.Name, c.Name())
			}
		}
	}
	again, err := lake.Open(filepath.Join(plain, "lake"))
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range l.Closes() {
		if want := again.Closes()[i]; c.Stamp != want.Stamp || c.Revision != 1 {
			t.Errorf("%s has stamp %s, without a kill %s", c.Name(), c.Stamp, want.Stamp)
		}
	}
	db, reference := database(t, dir), database(t, plain)
	for _, query := range []string{"SELECT count(*) FROM month_close", "SELECT count(*) FROM indicator_value", "SELECT count(*) FROM department_score"} {
		if got, want := count(t, db, query), count(t, reference, query); got != want {
			t.Errorf("%s: %d, without a kill %d", query, got, want)
		}
	}
}

// TestKilledDuringReports renders a month's reports. What lies in the directory right after the kill is whole, and after
// the restart all is there, byte for byte as without a kill.
func TestKilledDuringReports(t *testing.T) {
	const settings = "reporting: {kinds: [monthly_overview], formats: [html, xlsx], languages: [zh]}\n"
	dir, accounts := workspace(t, settings)
	done(t, "--dir", dir, "close", "2026-10")
	pause := pauses(t, 50*time.Millisecond, 2500*time.Millisecond)
	render := func(p *person) (int, string, error) {
		return p.send("POST", "/months/2026-10/reports", strings.NewReader("csrf="+p.token), "Content-Type", "application/x-www-form-urlencoded")
	}
	reports := filepath.Join(dir, "reports", "2026-10")
	for range *kills {
		s := serve(t, dir)
		operator := s.signIn(accounts, "operator")
		if err := os.RemoveAll(reports); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(pause(), func() { s.command.Process.Kill() })
		if code, text, err := render(operator); err == nil && code != http.StatusOK {
			t.Fatalf("render: %d %s", code, text)
		}
		<-s.ended
		wholeReports(t, reports)
	}
	s := serve(t, dir)
	operator := s.signIn(accounts, "operator")
	for _, j := range operator.settled(t) {
		if j.State != "done" {
			t.Errorf("job %+v", j)
		}
	}
	if code, text, err := render(operator); err != nil || code != http.StatusOK {
		t.Fatalf("render: %d %s %v", code, text, err)
	}
	operator.settled(t)
	if code := s.stop(); code != 0 {
		t.Fatalf("exit %d\n%s", code, s.messages())
	}
	left(t, reports, ".*")
	got := wholeReports(t, reports)
	if err := os.RemoveAll(reports); err != nil {
		t.Fatal(err)
	}
	done(t, "--dir", dir, "report", "2026-10", "--kind", "monthly_overview", "--format-file", "html,xlsx", "--out", reports)
	want := wholeReports(t, reports)
	if len(want) != 2 {
		t.Fatalf("reports: %v", want)
	}
	for name, sum := range want {
		if got[name] != sum {
			t.Errorf("%s differs from the one that was made without a kill", name)
		}
	}
}

// wholeReports gives the hash of every report in a directory and fails where one is not whole.
func wholeReports(t *testing.T, directory string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	files, err := filepath.Glob(filepath.Join(directory, "[^.]*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		switch filepath.Ext(name) {
		case ".html":
			if !bytes.HasSuffix(bytes.TrimSpace(content), []byte("</html>")) {
				t.Errorf("%s is cut off", name)
			}
		case ".xlsx", ".zip":
			if _, err := zip.NewReader(bytes.NewReader(content), int64(len(content))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if strings.HasPrefix(name, "monthly_overview-") {
			sum := sha256.Sum256(content)
			sums[name] = hex.EncodeToString(sum[:])
		}
	}
	return sums
}
