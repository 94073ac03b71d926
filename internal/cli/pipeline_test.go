package cli

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/reports/reporttest"
)

// hostileColumns are those of the sample city's files that get hostile names.
var hostileColumns = map[string]string{"department.csv": "name", "dataset.csv": "title", "resource.csv": "title", "budget.csv": "project_title", "kpi_target.csv": "title"}

// scorecardOf is the scorecard's department: its name holds a script.
const scorecardOf = "SW"

// hostileReports are the reports of a workspace in which departments, datasets, projects and targets have hostile
// names: all three kinds in all forms, rendered by two processes in two directories. Files are by their name.
var hostileReports = sync.OnceValues(func() (*rendered, error) {
	root, err := os.MkdirTemp("", "weir-pipeline-*")
	if err != nil {
		return nil, err
	}
	r := &rendered{root: root}
	r.log, err = r.render()
	return r, err
})

type rendered struct {
	root string
	log  string
}

func reportsOfHostileNames(t *testing.T) *rendered {
	t.Helper()
	if testing.Short() {
		t.Skip("renders some twenty reports")
	}
	r, err := hostileReports()
	if err != nil {
		t.Fatalf("%v\n%s", err, r.log)
	}
	return r
}

// directories are those of the two runs.
func (r *rendered) directories() [2]string {
	return [2]string{filepath.Join(r.root, "a", "out"), filepath.Join(r.root, "b", "elsewhere", "out")}
}

func (r *rendered) files(t *testing.T, ending string) map[string][]byte {
	t.Helper()
	return reportFiles(t, r.directories()[0], ending)
}

func reportFiles(t *testing.T, directory, ending string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ending) {
			continue
		}
		if files[e.Name()], err = os.ReadFile(filepath.Join(directory, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func (r *rendered) render() (string, error) {
	work := filepath.Join(r.root, "a", "w")
	inbox := filepath.Join(r.root, "files")
	if err := hostileFiles("../../testdata/city", inbox); err != nil {
		return "", err
	}
	sources, err := filepath.Glob(filepath.Join(inbox, "*"))
	if err != nil {
		return "", err
	}
	var log bytes.Buffer
	for _, args := range [][]string{{"--dir", work, "init"}, append([]string{"--dir", work, "ingest"}, sources...), {"--dir", work, "close", "2026-09"}, {"--dir", work, "close", "2026-10"}} {
		if code := Run(args, nil, &log, &log); code != exitDone {
			return log.String(), &exec.ExitError{}
		}
	}
	other := filepath.Join(r.root, "b", "elsewhere", "w")
	if err := os.CopyFS(other, os.DirFS(work)); err != nil {
		return log.String(), err
	}
	self, err := os.Executable()
	if err != nil {
		return log.String(), err
	}
	weir := filepath.Join(r.root, "weir")
	if err := os.Symlink(self, weir); err != nil {
		return log.String(), err
	}
	out := r.directories()
	for i, run := range []struct {
		work string
		env  []string
	}{{work, []string{"GOMAXPROCS=1", "TZ=UTC"}}, {other, []string{"GOMAXPROCS=2", "TZ=America/New_York", "LANG=de_DE.UTF-8"}}} {
		c := exec.Command(weir, "--dir", run.work, "--lang", "zh", "report", "2026-10", "--kind", "monthly_overview,budget_review", "--format-file", "html,pdf,xlsx,data", "--out", out[i])
		scorecard := exec.Command(weir, "--dir", run.work, "--lang", "zh", "report", "2026-10", "--department", scorecardOf, "--format-file", "html,pdf,xlsx,data", "--out", out[i])
		for _, c := range []*exec.Cmd{c, scorecard} {
			c.Env, c.Stdout, c.Stderr, c.Dir = append(os.Environ(), run.env...), &log, &log, filepath.Dir(run.work)
			if err := c.Run(); err != nil {
				return log.String(), err
			}
		}
		time.Sleep(1100 * time.Millisecond) // another second of the clock
	}
	return log.String(), nil
}

// hostileFiles copies the files of a city, with hostile names.
func hostileFiles(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(from, "*.csv.gz"))
	if err != nil {
		return err
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".gz")
		if err := hostileFile(file, filepath.Join(to, name), hostileColumns[name]); err != nil {
			return err
		}
	}
	return nil
}

func hostileFile(from, to, column string) error {
	packed, err := os.Open(from)
	if err != nil {
		return err
	}
	defer packed.Close()
	text, err := gzip.NewReader(packed)
	if err != nil {
		return err
	}
	if column == "" {
		content, err := io.ReadAll(text)
		if err != nil {
			return err
		}
		return os.WriteFile(to, content, 0o644)
	}
	rows, err := csv.NewReader(text).ReadAll()
	if err != nil {
		return err
	}
	at := slices.Index(rows[0], column)
	for i, row := range rows[1:] {
		if i < 2*len(reporttest.HostileNames) && i%2 == 1 { // every second one keeps its name
			row[at] = reporttest.HostileNames[i/2]
		}
	}
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		return err
	}
	return os.WriteFile(to, out.Bytes(), 0o644)
}

// Two processes, in two directories, with one and two processors, in two zones and languages, at two times, give the
// same bytes in every form.
func TestTheSameStampGivesTheSameBytes(t *testing.T) {
	r := reportsOfHostileNames(t)
	first, second := reportFiles(t, r.directories()[0], ""), reportFiles(t, r.directories()[1], "")
	if len(first) != 3*4+4 || len(second) != len(first) {
		t.Fatalf("%d and %d files, want three reports in four forms, three index pages and a manifest\n%s", len(first), len(second), r.log)
	}
	for name, content := range first {
		if !bytes.Equal(content, second[name]) {
			t.Errorf("%s differs between two runs", name)
		}
	}
}
