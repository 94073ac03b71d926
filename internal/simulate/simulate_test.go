package simulate

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"weir/queries/schema"
)

// content reads a file, unpacked where it is packed: rows are compared, not what a version of gzip makes of them.
func content(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(path, ".gz") {
		return text
	}
	r, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	text, err = io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return text
}

func generate(t *testing.T, o Options) (string, Summary) {
	t.Helper()
	dir := t.TempDir()
	s, err := Generate(Dir(dir), o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, s
}

var writeAnew = flag.Bool("update", false, "write testdata/city anew")

func TestTheCommittedCityIsTheOneThatIsGenerated(t *testing.T) {
	if *writeAnew {
		if _, err := Generate(Dir(sampleDir), Options{}); err != nil {
			t.Fatal(err)
		}
	}
	dir, s := generate(t, Options{})
	for _, name := range s.Files {
		got, want := sha256.Sum256(content(t, filepath.Join(dir, name))), sha256.Sum256(content(t, filepath.Join(sampleDir, name)))
		if got != want {
			t.Errorf("%s differs from testdata/city: write it anew with -update and commit it", name)
		}
	}
	if want := len(schema.Default().Delivered()) + 1; len(s.Files) != want {
		t.Errorf("%d files, want %d: every table and the truths", len(s.Files), want)
	}
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	o := Options{Seed: 5, Months: 3, EventsPerMonth: 900}
	a, s := generate(t, o)
	b, _ := generate(t, o)
	o.Seed = 6
	other, _ := generate(t, o)
	for _, name := range s.Files {
		first, err1 := os.ReadFile(filepath.Join(a, name))
		second, err2 := os.ReadFile(filepath.Join(b, name))
		if err1 != nil || err2 != nil || !bytes.Equal(first, second) {
			t.Errorf("%s differs between two runs", name)
		}
	}
	if bytes.Equal(content(t, filepath.Join(a, "usage_event.csv.gz")), content(t, filepath.Join(other, "usage_event.csv.gz"))) {
		t.Error("another seed gives the same events")
	}
}

func TestSizes(t *testing.T) {
	dir, s := generate(t, Options{Departments: 60, Resources: 900, EventsPerMonth: 8000, Months: 2, Scale: 2, MonthlyParts: true, Plain: true, Start: "2026-01"})
	if s.Rows["department"] != 60 || s.Rows["resource"] != 900 {
		t.Errorf("%d departments, %d resources", s.Rows["department"], s.Rows["resource"])
	}
	if n := s.Rows["usage_event"]; n < 13_000 || n > 17_000 {
		t.Errorf("%d usage events in two months of 8,000", n)
	}
	for _, month := range []string{"2026-01", "2026-02"} {
		lines := strings.Split(string(content(t, filepath.Join(dir, month, "usage_event.csv"))), "\n")
		if len(lines) < 1000 || !strings.HasPrefix(lines[0], "event_id,occurred_at,") {
			t.Errorf("%s: %d lines", month, len(lines))
		}
	}
	_, small := generate(t, Options{Scale: 1, Months: 2, Start: "2026-01"})
	_, large := generate(t, Options{Scale: 3, Months: 2, Start: "2026-01"})
	for _, table := range []string{"request", "matter", "quality_check", "correction_ticket", "data_collection"} {
		if large.Rows[table] < small.Rows[table]*5/4 {
			t.Errorf("%s: %d rows at scale 1, %d at scale 3", table, small.Rows[table], large.Rows[table])
		}
	}
}

func TestRepeatedRows(t *testing.T) {
	dir, s := generate(t, Options{Months: 2, Repeated: 100})
	seen, again := map[string]string{}, 0
	for _, line := range strings.Split(string(content(t, filepath.Join(dir, "usage_event.csv.gz"))), "\n") {
		id, _, _ := strings.Cut(line, ",")
		if first, ok := seen[id]; ok {
			again++
			if first != line {
				t.Fatalf("%s comes twice with other content", id)
			}
		}
		seen[id] = line
	}
	sheet, err := ReadTruths(filepath.Join(dir, TruthFile))
	if err != nil {
		t.Fatal(err)
	}
	if share := again * 1000 / (s.Rows["usage_event"] - again); again != sheet.Repeat.Rows || share < 80 || share > 120 {
		t.Errorf("%d repeated rows of %d, %d stated", again, s.Rows["usage_event"], sheet.Repeat.Rows)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for want, o := range map[string]Options{
		"write it as 2025-05": {Start: "May 2025"},
		"end in 2026":         {Start: "2026-06", Months: 12},
		"start in 2024":       {Start: "2023-06", Months: 2},
		"departments":         {Departments: 10},
		"resources":           {Resources: 3},
		"events a month":      {EventsPerMonth: -1},
		"scale":               {Scale: -2},
		"repeated":            {Repeated: 1001},
		"months":              {Months: -1},
	} {
		if _, err := Generate(Dir(t.TempDir()), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want %q", o, err, want)
		}
	}
}

type brokenOutput struct{ left int }

type brokenFile struct{ o *brokenOutput }

func (o *brokenOutput) Create(string) (io.WriteCloser, error) { return brokenFile{o}, nil }

func (f brokenFile) Write(p []byte) (int, error) {
	if f.o.left -= len(p); f.o.left < 0 {
		return 0, fmt.Errorf("no space left on device")
	}
	return len(p), nil
}

func (brokenFile) Close() error { return nil }

func TestAFullDiskIsAnError(t *testing.T) {
	for _, room := range []int{0, 30_000, 400_000} {
		if _, err := Generate(&brokenOutput{room}, Options{Months: 6}); err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("with room for %d bytes: error %v", room, err)
		}
	}
}

func TestWorkdaysOfTheCityAreThoseOfTheCalendar(t *testing.T) {
	w := newWorkdays()
	at := func(s string) day {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return dayOf(d.Year(), d.Month(), d.Day())
	}
	// Golden due days computed from the State Council's notices.
	for _, g := range []struct {
		from string
		n    int
		due  string
	}{{"2025-09-26", 1, "2025-09-28"}, {"2025-09-30", 1, "2025-10-09"}, {"2026-02-13", 1, "2026-02-14"}, {"2025-10-16", 20, "2025-11-13"}, {"2025-12-31", 10, "2026-01-15"}} {
		if got := w.due(at(g.from), g.n).String(); got != g.due {
			t.Errorf("%s + %d = %s, want %s", g.from, g.n, got, g.due)
		}
	}
	if w.due(at("2026-12-31"), 1) != unknown {
		t.Error("a day of 2027 is known")
	}
}
