package live_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	soak = flag.Duration("soak", 0, "how long the service is used; make soak asks for 30 minutes")
	pace = flag.Float64("pace", 1, "how many times faster than usual people load, close, render and sign in")
)

// overlapping is the n-th delivery: exports of a platform that overlap, so that most of the events are known and a few
// are new. The database must stay nearly as it is: what grows is then the process's own.
func overlapping(n int) []byte {
	const deliveries, known, fresh = 20, 4980, 20
	return append(events(1000+n%deliveries, known), events(1000+deliveries+n, fresh)...)
}

// sample is what the process holds at a moment.
type sample struct {
	at                        time.Duration
	resident                  int64 // bytes
	heap, engine              int64 // bytes of it that the Go runtime and the engine hold
	kept                      int64 // bytes of pages that are kept
	database                  int64 // bytes of the database and its log
	busy                      bool  // a close or a render runs
	threads, files, children  int
	temporary                 int // files in private directories
	pages, loads, runs, fails int
}

// TestSoak uses the service as people do for a long time: pages, rows, exports, SQL, uploads, closes, reports, sign-ins.
// It prints what the process holds and fails where that grows on and on.
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("takes long; run make soak")
	}
	dir, accounts := demoCopy(t)
	s := serve(t, dir)
	people := []*person{s.signIn(accounts, "finance"), s.signIn(accounts, "finance"), s.signIn(accounts, "planner"), s.signIn(accounts, "department")}
	operator := s.signIn(accounts, "operator")
	month, departments := "2026-10", []string{"MZ", "GA", "RS", "WJ"}
	stopped := make(chan struct{})
	var mu sync.Mutex
	var sum sample
	note := func(count *int, code int, text string, err error) {
		mu.Lock()
		defer mu.Unlock()
		*count++
		if err != nil || code >= 500 || code == http.StatusUnprocessableEntity {
			sum.fails++
			t.Errorf("%d %.300s %v", code, text, err)
		}
	}
	var all sync.WaitGroup
	every := func(pause time.Duration, do func(n int)) {
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stopped:
					return
				case <-time.After(time.Duration(float64(pause) / *pace)):
					do(n)
				}
			}
		})
	}
	for i, p := range people {
		every(150*time.Millisecond, func(n int) {
			d := departments[(n+i)%len(departments)]
			if i == 3 {
				d = "MZ"
			}
			base := "/months/" + month
			paths := []string{base, base + "/departments/" + d, base + "/departments/" + d + "/reply_on_time_rate", base + "/departments/" + d + "/reply_on_time_rate/evidence", base + "/requests",
				base + "/datasets?q=" + d, base + "/departments/" + d + "/reply_on_time_rate/evidence?format=" + []string{"csv", "xlsx", "parquet", "arrow", "json"}[n%5], base + "/flows", "/codebook",
				base + "/indicators/reply_on_time_rate", "/api/v1/months/" + month + "/values?department=" + d}
			code, text, err := p.send("GET", paths[n%len(paths)], nil)
			note(&sum.pages, code, text, err)
		})
	}
	every(3*time.Second, func(n int) {
		code, text, err := operator.send("POST", "/api/v1/events/usage_event", bytes.NewReader(overlapping(n)), "Content-Type", "application/x-ndjson", "Idempotency-Key", fmt.Sprint("soak-", n))
		note(&sum.loads, code, text, err)
	})
	every(20*time.Second, func(n int) {
		code, _, messages := weir(t, "", "--dir", dir, "--format", "csv", "sql", "SELECT count(*) FROM usage_event")
		if code != 0 {
			note(&sum.runs, 500, messages, nil)
		}
	})
	every(90*time.Second, func(n int) {
		path, body := "/api/v1/months/"+month+"/close", ""
		if n%2 == 1 {
			path, body = "/months/"+month+"/reports", "csrf="+operator.token
		}
		code, text, err := operator.send("POST", path, strings.NewReader(body), "Content-Type", "application/x-www-form-urlencoded")
		note(&sum.runs, code, text, err)
	})
	every(30*time.Second, func(int) {
		if _, err := signIn(s.address, "finance", accounts.passwords["finance"]); err != nil {
			t.Error(err)
		}
	})

	fmt.Printf("%7s %8s %6s %6s %6s %8s %8s %6s %9s %10s %7s %6s %5s %5s\n", "minute", "RSS MB", "Go", "engine", "kept", "database", "threads", "files", "children", "temporary", "pages", "loads", "runs", "busy")
	var samples []sample
	began := time.Now()
	for time.Since(began) < *soak {
		time.Sleep(min(30*time.Second, *soak/20))
		mu.Lock()
		now := sum
		mu.Unlock()
		now.look(t, s, dir)
		now.ask(t, s)
		now.at = time.Since(began)
		samples = append(samples, now)
		fmt.Printf("%7.1f %8d %6d %6d %6.1f %8d %8d %6d %9d %10d %7d %6d %5d %5t\n", now.at.Minutes(), now.resident>>20, now.heap>>20, now.engine>>20, float64(now.kept)/(1<<20), now.database>>20,
			now.threads, now.files, now.children, now.temporary, now.pages, now.loads, now.runs, now.busy)
	}
	close(stopped)
	all.Wait()
	stable(t, samples)
	operator.settled(t)
	if code := s.stop(); code != 0 {
		t.Errorf("exit %d\n%s", code, firstError(s.messages()))
	}
}

// stable compares the second third of the time with the last. Memory is compared for what is comparable: while nothing
// but loads and readers use the service, and while a close or a render runs, since renders take turns with the thirds.
func stable(t testing.TB, samples []sample) {
	t.Helper()
	third := len(samples) / 3
	compared := 0
	for _, m := range []struct {
		name  string
		share float64 // by which it may grow
		least int     // samples in each third
		takes func(sample) bool
		of    func(sample) int64
	}{
		{"memory in MB at rest", 0.1, 3, func(s sample) bool { return !s.busy }, func(s sample) int64 { return s.resident >> 20 }},
		{"memory in MB during closes and renders", 0.1, 3, func(s sample) bool { return s.busy }, func(s sample) int64 { return s.resident >> 20 }},
		{"threads", 0.1, 1, func(sample) bool { return true }, func(s sample) int64 { return int64(s.threads) }},
		{"open files", 0.25, 1, func(sample) bool { return true }, func(s sample) int64 { return int64(s.files) }},
		{"temporary files", 0.25, 1, func(sample) bool { return true }, func(s sample) int64 { return int64(s.temporary) }},
	} {
		pick := func(all []sample) (taken []sample) {
			for _, s := range all {
				if m.takes(s) {
					taken = append(taken, s)
				}
			}
			return taken
		}
		second, last := pick(samples[third:2*third]), pick(samples[2*third:])
		if len(second) < m.least || len(last) < m.least {
			fmt.Printf("%s: %d samples in the second third, %d in the last: too few\n", m.name, len(second), len(last))
			continue
		}
		compared++
		before, after := median(second, m.of), median(last, m.of)
		fmt.Printf("%s, median: %d in the second third (%d samples), %d in the last (%d)\n", m.name, before, len(second), after, len(last))
		if float64(after) > (1+m.share)*float64(before)+20 {
			t.Errorf("%s grew from %d to %d", m.name, before, after)
		}
	}
	if compared < 4 {
		t.Error("memory could not be compared: run longer, or on a machine that has less else to do")
	}
}

func median(samples []sample, of func(sample) int64) int64 {
	values := make([]int64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

var gauge = regexp.MustCompile(`(?m)^(weir_\w+)(?:\{[^}]*\})? (\S+)$`)

// ask reads from /metrics what the memory is for.
func (m *sample) ask(t testing.TB, s *service) {
	t.Helper()
	answer, err := http.Get(s.address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("/metrics: %s %v", answer.Status, err)
	}
	sums := map[string]float64{}
	for _, found := range gauge.FindAllStringSubmatch(string(text), -1) {
		n, err := strconv.ParseFloat(found[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		sums[found[1]] += n
	}
	m.heap, m.engine, m.kept = int64(sums["weir_memory_go_bytes"]), int64(sums["weir_engine_memory_bytes"]), int64(sums["weir_kept_pages_bytes"])
	m.busy = strings.Contains(string(text), `weir_jobs_running{kind="report"}`) || strings.Contains(string(text), `weir_jobs_running{kind="close"}`)
	m.database = int64(sums["weir_database_bytes"] + sums["weir_database_log_bytes"])
}

// look reads what the process holds from /proc, and counts its private files.
func (m *sample) look(t testing.TB, s *service, dir string) {
	t.Helper()
	proc := fmt.Sprintf("/proc/%d", s.command.Process.Pid)
	status, err := os.ReadFile(proc + "/status")
	if err != nil {
		t.Fatalf("the service is gone: %v\n%s", err, firstError(s.messages()))
	}
	for line := range strings.Lines(string(status)) {
		name, text, _ := strings.Cut(line, ":")
		n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
		switch name {
		case "VmRSS":
			m.resident = n << 10
		case "Threads":
			m.threads = int(n)
		}
	}
	files, err := os.ReadDir(proc + "/fd")
	if err != nil {
		t.Fatal(err)
	}
	m.files = len(files)
	tasks, err := filepath.Glob(proc + "/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range tasks {
		if text, err := os.ReadFile(path); err == nil { // a thread may have ended
			m.children += len(strings.Fields(string(text)))
		}
	}
	for _, private := range []string{".tmp", ".service/uploads"} {
		// Files come and go while they are counted.
		_ = filepath.WalkDir(filepath.Join(dir, private), func(_ string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				m.temporary++
			}
			return nil
		})
	}
}
