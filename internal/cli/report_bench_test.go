package cli

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"syscall"
	"testing"
	"time"

	"weir/internal/edition"
	"weir/internal/lang"
	"weir/internal/store"
	"weir/internal/workspace"
)

var demo = flag.String("demo", "", "workspace whose newest month BenchmarkReports renders: weir demo DIR makes one")

// BenchmarkReports renders all reports of the newest month of a workspace, three kinds as HTML, PDF and XLSX, then one
// scorecard after the other as PDF alone, and prints wall and processor seconds and the largest memory of this process
// and of the typesetter's. The typesetter was compiled by the demo.
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
		render := func(what string, o order) error {
			o.index, o.out = true, b.TempDir()
			started, before := time.Now(), processorSeconds()
			out, _, err := e.renderReports(w, s, p, o)
			b.Logf("%s: %d files, %.1f s, %.1f CPU s without the typesetter's", what, out.Rendered, time.Since(started).Seconds(), processorSeconds()-before)
			return err
		}
		for b.Loop() {
			all := order{kinds: edition.Kinds, formats: []string{"html", "pdf", "xlsx"}, languages: []lang.Lang{lang.Zh}}
			if err := render("all reports", all); err != nil {
				return err
			}
			for _, department := range []string{"MZ", "GA", "DSJ"} {
				if err := render("a further PDF", order{kinds: edition.Kinds[1:2], department: department, formats: []string{"pdf"}, languages: []lang.Lang{lang.Zh}}); err != nil {
					return err
				}
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
	b.Logf("memory at most %d MB, the typesetter's process %d MB, which used %.1f CPU s", self.Maxrss>>10, children.Maxrss>>10, seconds(children))
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
