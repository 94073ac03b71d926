package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"weir/internal/edition"
	"weir/internal/lang"
	"weir/internal/publish"
	"weir/internal/store"
	"weir/internal/workspace"
)

var demo = flag.String("demo", "", "workspace whose newest month BenchmarkReports renders: weir demo DIR makes one")

// BenchmarkReports renders all reports of the newest month of a workspace, three kinds as HTML, PDF and XLSX, then in
// the same run further PDFs alone: all scorecards as a run makes them, then each kind one after the other.
// It prints wall and processor seconds, and the largest memory of this process and the typesetter's at one instant.
// The typesetter was compiled by the demo.
func BenchmarkReports(b *testing.B) {
	if *demo == "" {
		b.Skip("name a workspace: go test -run XXX -bench Reports ./internal/cli -args -demo DIR")
	}
	directory := b.TempDir()
	if err := os.CopyFS(directory, os.DirFS(*demo)); err != nil {
		b.Fatal(err)
	}
	e := &env{ctx: context.Background(), stdout: io.Discard, stderr: io.Discard, dir: directory}
	err := e.withStore(func(w *workspace.Workspace, s *store.Store) (err error) {
		p, done, err := publisherOf(w, s)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, done()) }()
		most, stop := watchMemory()
		defer stop()
		for b.Loop() {
			started, own, setter := time.Now(), processorSeconds(), childrenSeconds()
			all := order{kinds: edition.Kinds, formats: []string{"html", "pdf", "xlsx"}, languages: []lang.Lang{lang.Zh}, index: true, out: b.TempDir()}
			out, _, err := e.renderReports(w, s, p, all)
			if err != nil {
				return err
			}
			b.Logf("all reports: %d files, %.1f s, %.1f CPU s and %.1f of the typesetter", out.Rendered, time.Since(started).Seconds(), processorSeconds()-own, childrenSeconds()-setter)
			b.Logf("memory at most %v", most())
			started, own = time.Now(), processorSeconds()
			if out, _, err = e.renderReports(w, s, p, all); err != nil {
				return err
			}
			b.Logf("the same month asked for again: %d files made, %.1f s, %.1f CPU s", out.Rendered, time.Since(started).Seconds(), processorSeconds()-own)
			started, own, setter = time.Now(), processorSeconds(), childrenSeconds()
			scorecards := order{kinds: []string{"department_scorecard"}, formats: []string{"pdf"}, languages: []lang.Lang{lang.Zh}, index: true, out: b.TempDir()}
			if out, _, err = e.renderReports(w, s, p, scorecards); err != nil {
				return err
			}
			n := float64(out.Rendered)
			b.Logf("a further PDF of %d scorecards in one run: %.2f s, %.2f CPU s and %.2f of the typesetter", out.Rendered, time.Since(started).Seconds()/n, (processorSeconds()-own)/n, (childrenSeconds()-setter)/n)
			if err := furtherPDFs(b, e, w, s, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// furtherPDFs renders PDFs alone, for which the typesetter is warm, and prints the medians of each kind. Reading the
// month is not part of them: a run reads it once.
func furtherPDFs(b *testing.B, e *env, w *workspace.Workspace, s *store.Store, p *publish.Publisher) error {
	ed, err := editionOf(e.ctx, w, s, "")
	if err != nil {
		return err
	}
	reports, err := ed.Reports(edition.Kinds, "", []lang.Lang{lang.Zh})
	if err != nil {
		return err
	}
	const most = 9 // of a kind
	for _, kind := range edition.Kinds {
		var wall, own, setter []float64
		for _, r := range reports {
			if r.Kind != kind || len(wall) == most {
				continue
			}
			started, ownBefore, setterBefore := time.Now(), processorSeconds(), childrenSeconds()
			if _, err := writeReport(e.ctx, p, ed, r, []string{"pdf"}, b.TempDir()); err != nil {
				return err
			}
			wall, own, setter = append(wall, time.Since(started).Seconds()), append(own, processorSeconds()-ownBefore), append(setter, childrenSeconds()-setterBefore)
		}
		b.Logf("a further PDF, %s, median of %d: %.2f s, %.2f CPU s and %.2f of the typesetter", kind, len(wall), median(wall), median(own), median(setter))
	}
	return nil
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// processorSeconds is what this process has used.
func processorSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return seconds(u)
}

func seconds(u syscall.Rusage) float64 {
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// memory is the resident memory of this process and of its children, in MB.
type memory struct{ own, children int }

func (m memory) String() string {
	return fmt.Sprintf("%d MB: %d, and %d of the typesetter at the same time", m.own+m.children, m.own, m.children)
}

// watchMemory looks at the memory of this process and its children 20 times a second; most is the largest sum so far.
func watchMemory() (most func() memory, stop func()) {
	var mu sync.Mutex
	var largest memory
	ended := make(chan struct{})
	go func() {
		for tick := time.Tick(50 * time.Millisecond); ; {
			select {
			case <-ended:
				return
			case <-tick:
			}
			now := memory{own: statusOf(os.Getpid(), "VmRSS") >> 10}
			for _, child := range children() {
				now.children += statusOf(child, "VmRSS") >> 10
			}
			mu.Lock()
			if now.own+now.children > largest.own+largest.children {
				largest = now
			}
			mu.Unlock()
		}
	}()
	return func() memory { mu.Lock(); defer mu.Unlock(); return largest }, func() { close(ended) }
}

// children are the process ids of the running children.
func children() []int {
	var out []int
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, name := range lists {
		text, _ := os.ReadFile(name) // a thread may have ended
		for _, word := range strings.Fields(string(text)) {
			if pid, err := strconv.Atoi(word); err == nil {
				out = append(out, pid)
			}
		}
	}
	return out
}

// childrenSeconds is what the running children have used. The kernel counts it in hundredths of a second.
func childrenSeconds() float64 {
	ticks := 0
	for _, child := range children() {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child))
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		if fields := strings.Fields(rest); len(fields) > 12 {
			user, _ := strconv.Atoi(fields[11])
			system, _ := strconv.Atoi(fields[12])
			ticks += user + system
		}
	}
	return float64(ticks) / 100
}

// statusOf reads a number of /proc/PID/status; 0 where the process has ended.
func statusOf(pid int, key string) int {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == key+":" {
			n, _ := strconv.Atoi(fields[1])
			return n
		}
	}
	return 0
}
