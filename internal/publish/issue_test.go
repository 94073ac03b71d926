package publish

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"weir/internal/lang"
	"weir/metrics"
	"weir/reports/document"
	"weir/reports/reporttest"
)

// city is a publisher and a count of the documents that were built for it.
type city struct {
	t      *testing.T
	p      *Publisher
	target string
	built  atomic.Int32
}

func newCity(t *testing.T) *city {
	p, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &city{t: t, p: p, target: filepath.Join(t.TempDir(), "2026-10")}
}

// issue renders two reports as workbooks.
func (c *city) issue(stamp, madeFrom string, kinds ...string) (Outcome, *Shelf, error) {
	c.t.Helper()
	s, err := OpenShelf(c.target, &metrics.Month{Month: "2026-10", Revision: 1, Stamp: stamp}, "2026-10-31")
	if err != nil {
		c.t.Fatal(err)
	}
	i := Issue{MadeFrom: madeFrom, Formats: []string{"xlsx"}, Language: lang.Zh}
	for _, kind := range kinds {
		i.Tasks = append(i.Tasks, Task{Kind: kind, Language: lang.Zh, Build: func() (*document.Document, error) {
			c.built.Add(1)
			if kind == "faulty" {
				return nil, errors.New("cannot be built")
			}
			d, err := reporttest.Brief(lang.Zh)
			if err == nil {
				d.Kind, d.ID, d.Stamp = kind, kind+"-2026-10", stamp
			}
			return d, err
		}})
	}
	out, err := c.p.Issue(context.Background(), s, i)
	return out, s, err
}

func (c *city) names() []string {
	c.t.Helper()
	entries, err := os.ReadDir(filepath.Dir(c.target))
	if err != nil {
		c.t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	inside, err := os.ReadDir(c.target)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.t.Fatal(err)
	}
	for _, e := range inside {
		names = append(names, e.Name())
	}
	return names
}

var placed = []string{"2026-10", "budget_review-2026-10.zh.xlsx", "index.en.html", "index.html", "index.zh.html", "manifest.json", "monthly_overview-2026-10.zh.xlsx"}

func TestWhatLiesThereWholeIsNotRenderedAgain(t *testing.T) {
	c := newCity(t)
	for run, want := range []struct {
		rendered int
		before   func() error
	}{
		{2, func() error { return nil }},
		{0, func() error { return nil }},
		{1, func() error {
			return os.WriteFile(filepath.Join(c.target, "budget_review-2026-10.zh.xlsx"), []byte("cut"), 0o644)
		}},
		{1, func() error { return os.Remove(filepath.Join(c.target, "monthly_overview-2026-10.zh.xlsx")) }},
		{0, func() error { return os.Remove(filepath.Join(c.target, "index.en.html")) }}, // is written again all the same
	} {
		if err := want.before(); err != nil {
			t.Fatal(err)
		}
		built := c.built.Load()
		out, s, err := c.issue("one", "same", "monthly_overview", "budget_review")
		if err != nil || out.Rendered != want.rendered || int(c.built.Load()-built) != want.rendered || len(out.Files) != 2 || out.Files[0].Kind != "monthly_overview" {
			t.Errorf("run %d: %+v, %d built, %v; want %d rendered", run, out, c.built.Load()-built, err, want.rendered)
		}
		if got := c.names(); !slices.Equal(got, placed) {
			t.Errorf("run %d left %v", run, got)
		}
		for _, f := range s.Files {
			if !s.whole(f) {
				t.Errorf("run %d: %s is not what the manifest says", run, f.Name)
			}
		}
	}
	if out, _, err := c.issue("one", "other", "monthly_overview", "budget_review"); err != nil || out.Rendered != 2 {
		t.Errorf("made from other things: %+v %v", out, err)
	}
}

func TestAnIssueKeepsOtherReportsOfItsStampOnly(t *testing.T) {
	c := newCity(t)
	for _, step := range []struct{ stamp, kind string }{{"one", "monthly_overview"}, {"one", "budget_review"}} {
		if _, _, err := c.issue(step.stamp, "same", step.kind); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.names(); !slices.Equal(got, placed) {
		t.Errorf("two issues under one stamp left %v", got)
	}
	if _, _, err := c.issue("two", "same", "monthly_overview"); err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(slices.Clone(placed), func(name string) bool { return name == "budget_review-2026-10.zh.xlsx" })
	if got := c.names(); !slices.Equal(got, want) {
		t.Errorf("an issue under another stamp left %v", got)
	}
}

func TestAnIssueThatFailsOrWasCutOffIsNotSeen(t *testing.T) {
	c := newCity(t)
	if _, _, err := c.issue("one", "same", "monthly_overview", "budget_review"); err != nil {
		t.Fatal(err)
	}
	before := c.manifest()
	if _, _, err := c.issue("two", "same", "monthly_overview", "faulty"); err == nil {
		t.Fatal("a report that cannot be built was issued")
	}
	if got := c.names(); !slices.Equal(got, placed) || c.manifest().Stamp != before.Stamp {
		t.Errorf("a failed issue left %v under %s", got, c.manifest().Stamp)
	}
	// What a process leaves behind that dies while it renders, and one that dies between two renames.
	for _, left := range []string{".2026-10.draft", ".2026-10.old"} {
		if err := os.MkdirAll(filepath.Join(filepath.Dir(c.target), left), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(filepath.Dir(c.target), left, "half.xlsx"), []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := c.issue("two", "same", "monthly_overview", "budget_review"); err != nil {
		t.Fatal(err)
	}
	if got := c.names(); !slices.Equal(got, placed) || c.manifest().Stamp != "two" {
		t.Errorf("after a crash: %v under %s", got, c.manifest().Stamp)
	}
	if err := os.Rename(c.target, filepath.Join(filepath.Dir(c.target), ".2026-10.old")); err != nil {
		t.Fatal(err)
	}
	if out, _, err := c.issue("two", "same", "monthly_overview", "budget_review"); err != nil || len(out.Files) != 2 || !slices.Equal(c.names(), placed) {
		t.Errorf("after a crash between two renames: %+v %v %v", out, err, c.names())
	}
}

func (c *city) manifest() *Shelf {
	c.t.Helper()
	s, err := ReadShelf(c.target)
	if err != nil {
		c.t.Fatal(err)
	}
	return s
}

func TestADirectoryThatHoldsMoreKeepsIt(t *testing.T) {
	c := newCity(t)
	if err := os.MkdirAll(filepath.Join(c.target, "letters"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.target, "notes.txt"), []byte("own"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, stamp := range []string{"one", "two"} {
		if _, _, err := c.issue(stamp, stamp, "monthly_overview", "budget_review"); err != nil {
			t.Fatal(err)
		}
	}
	want := append(slices.Clone(placed), "letters", "notes.txt")
	got := c.names()
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) || c.manifest().Stamp != "two" {
		t.Errorf("%v", got)
	}
}

func TestTheManifestListsWhatLiesThere(t *testing.T) {
	c := newCity(t)
	if _, _, err := c.issue("one", "same", "monthly_overview"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(c.target, ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Month, Stamp string
		Files        []struct{ Name, SHA256 string }
	}
	if err := json.Unmarshal(text, &m); err != nil || m.Month != "2026-10" || m.Stamp != "one" || len(m.Files) != 1 || len(m.Files[0].SHA256) != 64 {
		t.Errorf("%s: %v", text, err)
	}
}
