package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"

	"weir/internal/lang"
	"weir/reports/document"
)

// Issue is a set of reports that belong on a shelf.
type Issue struct {
	// MadeFrom names all that the documents are made from: two issues with the same name have the same documents.
	MadeFrom string
	Tasks    []Task
	Formats  []string
	// Language is that of the index page.
	Language lang.Lang
	// Progress, where set, hears of each document that is started; done counts from 0.
	Progress func(done int, t Task)
}

// Task is one document of an issue. Build may run beside that of other tasks.
type Task struct {
	Kind, Department string // department of a scorecard, id of a notebook
	Language         lang.Lang
	MadeFrom         string // what this document is made from besides what all are
	Build            func() (*document.Document, error)
}

// Outcome is what an issue left on its shelf.
type Outcome struct {
	Files    []File // in the order of the tasks, then of the formats
	Rendered int    // of them made anew; the others lay there, whole and made from the same
}

// Issue renders what the shelf lacks, and puts it there: all of it or, after an error, nothing. A shelf that holds
// everything stays untouched.
func (p *Publisher) Issue(ctx context.Context, s *Shelf, i Issue) (Outcome, error) {
	defer saveMemory()()
	making, err := p.making()
	if err != nil {
		return Outcome{}, err
	}
	madeFrom := func(t Task) string {
		key := sha256.Sum256([]byte(i.MadeFrom + " " + t.MadeFrom + " " + making))
		return hex.EncodeToString(key[:])
	}
	kept := make([][]File, len(i.Tasks))
	lacking := make([][]string, len(i.Tasks))
	lack := 0
	for n, t := range i.Tasks {
		for _, format := range i.Formats {
			if f, ok := s.find(t, format); ok && f.MadeFrom == madeFrom(t) && s.whole(f) {
				kept[n] = append(kept[n], f)
				continue
			}
			lacking[n] = append(lacking[n], format)
			lack++
		}
	}
	if lack == 0 && s.complete() {
		return Outcome{Files: slices.Concat(kept...)}, nil
	}
	d, err := newDraft(s.directory)
	if err != nil {
		return Outcome{}, err
	}
	made, err := p.writeAll(ctx, d.directory, i, lacking)
	if err != nil {
		return Outcome{}, errors.Join(err, d.discard())
	}
	out := Outcome{Rendered: lack}
	for n := range i.Tasks {
		for m := range made[n] {
			made[n][m].MadeFrom = madeFrom(i.Tasks[n])
		}
		files := slices.Concat(kept[n], made[n])
		slices.SortFunc(files, func(a, b File) int { return slices.Index(i.Formats, a.Format) - slices.Index(i.Formats, b.Format) })
		out.Files = append(out.Files, files...)
	}
	s.Put(out.Files...)
	return out, s.place(d, i.Language)
}

// atOnce is the number of documents that are made side by side. Each takes some 50 MB; the typesetter sets one after
// the other.
func atOnce() int { return min(runtime.GOMAXPROCS(0), 4) }

// writeAll renders what each task lacks. The first error ends the others.
func (p *Publisher) writeAll(ctx context.Context, directory string, i Issue, lacking [][]string) ([][]File, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	made := make([][]File, len(i.Tasks))
	next := make(chan int)
	var workers sync.WaitGroup
	for range atOnce() {
		workers.Go(func() {
			for n := range next {
				files, err := p.writeTask(ctx, directory, i.Tasks[n], lacking[n])
				if err != nil {
					stop(err)
				}
				made[n] = files
			}
		})
	}
	for n, t := range i.Tasks {
		if ctx.Err() != nil {
			break
		}
		if len(lacking[n]) == 0 {
			continue
		}
		if i.Progress != nil {
			i.Progress(n, t)
		}
		next <- n
	}
	close(next)
	workers.Wait()
	return made, context.Cause(ctx)
}

func (p *Publisher) writeTask(ctx context.Context, directory string, t Task, formats []string) ([]File, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	d, err := t.Build()
	if err != nil {
		return nil, err
	}
	files, err := p.Write(ctx, directory, d, formats...)
	for n := range files {
		files[n].Department = t.Department
	}
	return files, err
}

// making is a SHA-256 over the program and the look: another build may print the same figures in another way.
func making(o Options) (string, error) {
	sum := sha256.New()
	program, err := os.Open("/proc/self/exe") // also where the file was replaced while this process runs
	if err != nil {
		self, err := os.Executable()
		if err != nil {
			return "", err
		}
		if program, err = os.Open(self); err != nil {
			return "", err
		}
	}
	_, err = io.Copy(sum, program)
	if err := errors.Join(err, program.Close()); err != nil {
		return "", err
	}
	look, err := json.Marshal(o.Look) // the keys of a map come out sorted
	if err != nil {
		return "", err
	}
	fmt.Fprintf(sum, "%T %s", o.Typesetter, look)
	return hex.EncodeToString(sum.Sum(nil)), nil
}
