package live_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var soak = flag.Duration("soak", 0, "how long the service is used; make soak asks for 30 minutes")

// sample is what the process holds at a moment.
type sample struct {
	at                        time.Duration
	resident                  int64 // bytes
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
				case <-time.After(pause):
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
		code, text, err := operator.send("POST", "/api/v1/events/usage_event", bytes.NewReader(events(n+1000, 5000)), "Content-Type", "application/x-ndjson", "Idempotency-Key", fmt.Sprint("soak-", n))
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

	fmt.Printf("%7s %8s %8s %7s %9s %10s %8s %6s %6s\n", "minute", "RSS MB", "threads", "files", "children", "temporary", "pages", "loads", "runs")
	var samples []sample
	began := time.Now()
	for time.Since(began) < *soak {
		time.Sleep(min(30*time.Second, *soak/20))
		mu.Lock()
		now := sum
		mu.Unlock()
		now.look(t, s, dir)
		now.at = time.Since(began)
		samples = append(samples, now)
		fmt.Printf("%7.1f %8d %8d %7d %9d %10d %8d %6d %6d\n", now.at.Minutes(), now.resident>>20, now.threads, now.files, now.children, now.temporary, now.pages, now.loads, now.runs)
	}
	close(stopped)
	all.Wait()
	third := len(samples) / 3
	for name, of := range map[string]func(sample) int64{
		"memory in MB": func(s sample) int64 { return s.resident >> 20 }, "threads": func(s sample) int64 { return int64(s.threads) },
		"open files": func(s sample) int64 { return int64(s.files) }, "temporary files": func(s sample) int64 { return int64(s.temporary) },
	} {
		before, after := median(samples[third:2*third], of), median(samples[2*third:], of)
		fmt.Printf("%s, median: %d in the second third, %d in the last\n", name, before, after)
		if float64(after) > 1.25*float64(before)+20 {
			t.Errorf("%s grew from %d to %d", name, before, after)
		}
	}
	operator.settled(t)
	if code := s.stop(); code != 0 {
		t.Errorf("exit %d\n%s", code, firstError(s.messages()))
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
