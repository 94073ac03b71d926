package live_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The measurements below need a workspace with closed months, which they copy: make bench-serve and make soak give them
// the demo.
var (
	demo    = flag.String("demo", "", "workspace that is measured, such as weir-demo")
	readers = flag.Int("readers", 64, "people who read at the same time")
	rows    = flag.Int("rows", 1_000_000, "events that are loaded meanwhile")
	think   = flag.Duration("think", 0, "pause of a reader between two pages")
)

// demoCopy is a copy of the workspace that is measured, with limits of requests out of the way, and its accounts.
func demoCopy(t testing.TB) (dir string, a *accounts) {
	t.Helper()
	if *demo == "" {
		t.Skip("no workspace is given; run make bench-serve or make soak")
	}
	dir = t.TempDir()
	for _, name := range []string{"weir.yaml", "weir.duckdb", "hash.key", "lake", "inbox"} {
		if info, err := os.Stat(filepath.Join(*demo, name)); err != nil {
			t.Fatal(err)
		} else if info.IsDir() {
			if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(*demo, name))); err != nil {
				t.Fatal(err)
			}
			continue
		}
		content, err := os.ReadFile(filepath.Join(*demo, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "weir.yaml" {
			content = append(content, "\nserver: {rate_per_second: 100000, burst: 100000}\n"...)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a = &accounts{dir: dir, passwords: map[string]string{}}
	table, err := csv.NewReader(strings.NewReader(done(t, "--dir", dir, "--format", "csv", "user", "demo"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range table[1:] {
		a.passwords[row[0]] = row[1]
	}
	return dir, a
}

// closedPages are the overview and the department pages of the newest month, in both languages.
func closedPages(t testing.TB, p *person) []string {
	t.Helper()
	_, text, err := p.send("GET", "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	month := regexp.MustCompile(`/months/(\d{4}-\d{2})`).FindStringSubmatch(text)
	if month == nil {
		t.Fatal("the start page leads to no month; close one")
	}
	found := regexp.MustCompile(`/months/`+month[1]+`/departments/[A-Z]+\b`).FindAllString(text, -1)
	slices.Sort(found)
	var pages []string
	for i, path := range append([]string{"/months/" + month[1]}, slices.Compact(found)...) {
		for _, language := range []string{"zh", "en"} {
			pages = append(pages, path+"?lang="+language)
			if i == 0 { // the overview is read as often as all departments together
				for range len(slices.Compact(found)) - 1 {
					pages = append(pages, path+"?lang="+language)
				}
			}
		}
	}
	return pages
}

// reading is what readers saw.
type reading struct {
	mu     sync.Mutex
	took   []time.Duration
	bytes  int64
	failed []string
}

func (r *reading) add(took time.Duration, bytes int64, failure string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.took, r.bytes = append(r.took, took), r.bytes+bytes
	if failure != "" {
		r.failed = append(r.failed, failure)
	}
}

// quantile is the smallest duration that a share of all answers did not exceed, in milliseconds.
func (r *reading) quantile(share float64) float64 {
	slices.Sort(r.took)
	return float64(r.took[min(len(r.took)-1, int(share*float64(len(r.took))))].Microseconds()) / 1000
}

// read lets every person ask for page after page until stopped is closed.
func read(people []*person, pages []string, stopped <-chan struct{}) *reading {
	r := &reading{}
	var all sync.WaitGroup
	for i, p := range people {
		all.Go(func() {
			for n := i * 7; ; n++ {
				select {
				case <-stopped:
					return
				case <-time.After(*think):
				}
				path := pages[n%len(pages)]
				began := time.Now()
				bytes, failure := p.page(path, n%50 == 0)
				r.add(time.Since(began), bytes, failure)
			}
		})
	}
	all.Wait()
	return r
}

// page asks for a page as a browser does, compressed, and looks at its whole text now and then.
func (p *person) page(path string, look bool) (bytes int64, failure string) {
	r, err := http.NewRequest("GET", p.address+path, nil)
	if err != nil {
		return 0, err.Error()
	}
	r.Header.Set("Accept-Encoding", "gzip")
	answer, err := p.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	body := &counting{Reader: answer.Body}
	if answer.StatusCode != http.StatusOK {
		return 0, path + ": " + answer.Status
	}
	if !look {
		_, err = io.Copy(io.Discard, body)
	} else if z, zipped := gzip.NewReader(body); zipped != nil {
		err = zipped
	} else if text, unzipped := io.ReadAll(z); unzipped != nil {
		err = unzipped
	} else if !strings.HasSuffix(strings.TrimSpace(string(text)), "</html>") {
		err = fmt.Errorf("%s is not whole", path)
	}
	if err != nil {
		return body.n, err.Error()
	}
	return body.n, ""
}

type counting struct {
	io.Reader
	n int64
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += int64(n)
	return n, err
}

// manyEvents writes events as a CSV file.
func manyEvents(t testing.TB, path string, n int) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(f)
	fmt.Fprintln(out, "event_id,occurred_at,resource_id,provider_id,consumer_id,channel,ok,rows,bytes,duration_ms")
	consumers := []string{"MZ", "RS", "WJ", "JT"}
	for i := range n {
		fmt.Fprintf(out, "L-%08d,2026-11-%02dT%02d:%02d:%02d+08:00,GA-R002,GA,%s,api,true,%d,%d,%d\n", i, 1+i%20, i/60%24, i%60, i%60, consumers[i%4], 1+i%9, 300+i%900, 20+i%300)
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// loadFile uploads a file and waits until it is loaded.
func (p *person) loadFile(path string) (result struct {
	Loaded int64 `json:"rows_loaded"`
}, err error) {
	f, err := os.Open(path)
	if err != nil {
		return result, err
	}
	defer f.Close()
	code, text, err := p.send("POST", "/api/v1/loads?name="+filepath.Base(path), f)
	if err != nil {
		return result, err
	}
	var j struct {
		ID     int64 `json:"job_id"`
		State  string
		Error  string
		Result json.RawMessage
	}
	for {
		if code != http.StatusOK && code != http.StatusAccepted {
			return result, fmt.Errorf("%d %s", code, text)
		}
		if err := json.Unmarshal([]byte(text), &j); err != nil {
			return result, err
		}
		if j.State == "done" {
			return result, json.Unmarshal(j.Result, &result)
		}
		time.Sleep(200 * time.Millisecond)
		if code, text, err = p.send("GET", fmt.Sprint("/api/v1/jobs/", j.ID), nil); err != nil {
			return result, err
		}
	}
}

// BenchmarkReadersWhileEventsLoad lets people read pages of closed values, first alone and then while events are loaded
// through the service, and reports how long a page takes. Readers, loader and service share the machine.
func BenchmarkReadersWhileEventsLoad(b *testing.B) {
	dir, accounts := demoCopy(b)
	s := serve(b, dir)
	people := make([]*person, *readers)
	for i := range people {
		people[i] = s.signIn(accounts, "finance")
	}
	operator, pages := s.signIn(accounts, "operator"), closedPages(b, people[0])
	path := filepath.Join(b.TempDir(), "usage_event.csv")
	manyEvents(b, path, *rows)
	fmt.Printf("%d readers, pause %s, %d pages, %d events, %d cores\n", *readers, *think, len(pages), *rows, runtime.NumCPU())
	fmt.Printf("%-12s %8s %9s %9s %9s %9s %9s %8s %7s\n", "", "seconds", "pages", "pages/s", "p50 ms", "p95 ms", "p99 ms", "max ms", "errors")
	report := func(name string, r *reading, took time.Duration) {
		fmt.Printf("%-12s %8.1f %9d %9.0f %9.1f %9.1f %9.1f %8.0f %7d\n", name, took.Seconds(), len(r.took), float64(len(r.took))/took.Seconds(), r.quantile(0.5), r.quantile(0.95), r.quantile(0.99), r.quantile(1), len(r.failed))
		if len(r.failed) > 0 {
			b.Errorf("%s: %d errors, the first: %s", name, len(r.failed), r.failed[0])
		}
	}
	timed := func(name string, work func() error) *reading {
		stopped := make(chan struct{})
		began := time.Now()
		var failed error
		go func() { failed = work(); close(stopped) }()
		r := read(people, pages, stopped)
		if failed != nil {
			b.Fatal(failed)
		}
		report(name, r, time.Since(began))
		return r
	}
	first := &reading{}
	began := time.Now()
	for _, path := range slices.Compact(slices.Sorted(slices.Values(pages))) {
		at := time.Now()
		bytes, failure := people[0].page(path, true)
		first.add(time.Since(at), bytes, failure)
	}
	report("first time", first, time.Since(began))
	for b.Loop() {
		timed("alone", func() error { time.Sleep(10 * time.Second); return nil })
		var took atomic.Int64
		r := timed("while loading", func() error {
			began := time.Now()
			result, err := operator.loadFile(path)
			took.Store(int64(time.Since(began)))
			if err == nil && result.Loaded != int64(*rows) {
				err = fmt.Errorf("%d of %d events were loaded", result.Loaded, *rows)
			}
			return err
		})
		b.ReportMetric(r.quantile(0.95), "p95-ms")
		b.ReportMetric(float64(*rows)/time.Duration(took.Load()).Seconds(), "events/s")
	}
	if code := s.stop(); code != 0 {
		b.Fatalf("exit %d\n%s", code, s.messages())
	}
	if strings.Contains(s.messages(), `"level":"ERROR"`) {
		b.Error(firstError(s.messages()))
	}
}

func firstError(log string) string {
	for line := range bytes.Lines([]byte(log)) {
		if bytes.Contains(line, []byte(`"level":"ERROR"`)) {
			return string(line)
		}
	}
	return ""
}
