package cli

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"weir/internal/edition"
	"weir/internal/lang"
	"weir/internal/store"
	"weir/internal/workspace"
)

var demo = flag.String("demo", "", "workspace whose newest month BenchmarkReports renders: weir demo DIR makes one")

// BenchmarkReports renders all reports of the newest month of a workspace, three kinds as HTML, PDF and XLSX, and
// prints wall and processor seconds, those of a further PDF and the largest memory of this process and of the
// typesetter's. One run before the clock starts compiles what is kept between runs.
func BenchmarkReports(b *testing.B) {
	if *demo == "" {
		b.Skip("name a workspace: go test -run XXX -bench Reports ./internal/cli -args -demo DIR")
	}
	directory := b.TempDir()
	if err := os.CopyFS(directory, os.DirFS(*demo)); err != nil {
		b.Fatal(err)
	}
	e := &env{ctx: context.Background(), stdout: io.Discard, stderr: io.Discard, dir: directory}
	err := e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		render := func(o order) (time.Duration, float64) {
			p, done, err := publisherOf(w, s)
			if err != nil {
				b.Fatal(err)
			}
			started, before := time.Now(), processorSeconds()
			if _, _, err := e.renderReports(w, s, p, o); err != nil {
				b.Fatal(err)
			}
			if err := done(); err != nil {
				b.Fatal(err)
			}
			return time.Since(started), processorSeconds() - before
		}
		all := order{kinds: edition.Kinds, languages: []lang.Lang{lang.Zh}, index: true}
		all.formats, all.out = []string{"pdf"}, filepath.Join(directory, "warm")
		all.kinds = all.kinds[:1]
		render(all)
		for b.Loop() {
			all.kinds = edition.Kinds
			for _, formats := range [][]string{{"pdf"}, {"html", "pdf", "xlsx"}} {
				all.formats, all.out = formats, filepath.Join(b.TempDir(), "reports")
				wall, processor := render(all)
				files, err := os.ReadDir(all.out)
				if err != nil {
					return err
				}
				b.Logf("%v: %d files, %.1f s, %.1f CPU s", formats, len(files), wall.Seconds(), processor)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	var self, children syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &self); err != nil {
		b.Fatal(err)
	}
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &children); err != nil {
		b.Fatal(err)
	}
	b.Logf("memory at most %d MB, the typesetter's process %d MB", self.Maxrss>>10, children.Maxrss>>10)
}

// processorSeconds is what this process and its ended children have used.
func processorSeconds() float64 {
	sum := 0.0
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			for _, t := range []syscall.Timeval{u.Utime, u.Stime} {
				sum += float64(t.Sec) + float64(t.Usec)/1e6
			}
		}
	}
	return sum
}
