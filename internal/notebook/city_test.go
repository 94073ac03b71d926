package notebook

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"weir/ingest"
	"weir/internal/calendar"
	"weir/internal/closing"
	"weir/internal/evaluate"
	"weir/internal/lake"
	"weir/internal/lang"
	"weir/internal/runner"
	"weir/internal/simulate"
	"weir/internal/store"
	"weir/metrics/scoring"
	"weir/queries/indicators"
	"weir/queries/notebooks"
	"weir/queries/page"
)

var update = flag.Bool("update", false, "write the golden answers anew")

// TestMain makes this test binary its own child, as cmd/weir does.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == runner.WorkerCommand {
		os.Exit(runner.Worker(os.Args[2:], os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// city is the lake of the sample city with all its months closed.
type city struct {
	lake string
	set  *Set
}

// newCity invents the sample city, loads it and closes its months.
func newCity(t *testing.T) *city {
	t.Helper()
	dir, ctx := t.TempDir(), context.Background()
	clock := func() time.Time { return time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC) }
	summary, err := simulate.Generate(simulate.Dir(filepath.Join(dir, "inbox")), simulate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, filepath.Join(dir, "weir.duckdb"), store.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var files []string
	for _, name := range summary.Files {
		if filepath.Base(name) != simulate.TruthFile {
			files = append(files, filepath.Join(dir, "inbox", name))
		}
	}
	if _, err := ingest.Files(ctx, s, ingest.Settings{Key: make([]byte, 32)}, files, ingest.Options{Now: clock}); err != nil {
		t.Fatal(err)
	}
	rules := closing.Rules{Pages: indicators.BuiltIn(), Settings: evaluate.DefaultSettings(), Bands: scoring.DefaultBands()}
	rules.Uncertainty = closing.DefaultUncertainty()
	rules.Uncertainty.Draws = 20 // no notebook shows what comes of them
	c := &city{lake: filepath.Join(dir, "lake")}
	if err := os.Mkdir(c.lake, 0o755); err != nil {
		t.Fatal(err)
	}
	closer, err := closing.New(s, rules, c.lake, clock)
	if err != nil {
		t.Fatal(err)
	}
	for month, n := (calendar.Month{Year: 2025, Month: 5}), 0; n < 18; month, n = month.Add(1), n+1 {
		if _, err := closer.Close(ctx, month, ""); err != nil {
			t.Fatal(err)
		}
	}
	set, problems := Load(notebooks.Files())
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	c.set = set
	return c
}

// host opens a close of the city; "" is the newest.
func (c *city) host(t *testing.T, name string) *Host {
	t.Helper()
	l, err := lake.Open(c.lake)
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := l.At(name)
	if err != nil {
		t.Fatal(err)
	}
	r, err := runner.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	zone, err := time.LoadLocation(snapshot.TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	return &Host{Runner: r, Snapshot: snapshot, Source: snapshot.Source(indicators.BuiltIn()), Organisation: lang.T("清澜市大数据局", "Qinglan Data Bureau"), Zone: zone}
}

// run runs a notebook with some values given.
func (c *city) run(t *testing.T, h *Host, n *page.Notebook, given map[string]string) *Run {
	t.Helper()
	values, err := h.Resolve(context.Background(), n, given)
	if err != nil {
		t.Fatal(err)
	}
	r, err := h.Run(context.Background(), n, values, lang.En)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
