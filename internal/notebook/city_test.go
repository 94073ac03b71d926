package notebook

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"weir/internal/lake"
	"weir/internal/lang"
	"weir/internal/runner"
	"weir/internal/testcity"
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

func newCity(t *testing.T) *city {
	t.Helper()
	set, problems := Load(notebooks.Files())
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return &city{lake: filepath.Join(testcity.Shared(t), "lake"), set: set}
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
