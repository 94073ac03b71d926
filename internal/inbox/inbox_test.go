package inbox

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/ingest"
	"weir/internal/store"
)

func newInbox(t *testing.T) *Inbox {
	t.Helper()
	st, err := store.Open(context.Background(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	return &Inbox{Dir: filepath.Join(dir, "inbox"), Log: filepath.Join(dir, "log", "inbox.ndjson"), Store: st, Settings: ingest.Settings{Key: []byte("k")}}
}

func (b *Inbox) drop(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(b.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func (b *Inbox) taken(t *testing.T) string {
	t.Helper()
	outcomes, err := b.Take(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, o := range outcomes {
		lines = append(lines, fmt.Sprintf("%s %s %s%s %d/%d → %s", o.File, o.State, o.Table, o.Mapping, o.Loaded, o.In, o.MovedTo))
	}
	return strings.Join(lines, "\n")
}

// files lists what lies below the inbox.
func (b *Inbox) files(t *testing.T) []string {
	t.Helper()
	var list []string
	if err := filepath.WalkDir(b.Dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(b.Dir, path)
			list = append(list, filepath.ToSlash(name))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

const (
	departments = "department_id,name\nMZ,民政局\nJY,教育局\n"
	requests    = "request_id,requester_id,provider_id,submitted_at\nR1,MZ,JY,2026-10-08\n"
)

// TestFilesAreTakenOnceAndMovedAside takes departments first, whatever the names; nothing is overwritten.
func TestFilesAreTakenOnceAndMovedAside(t *testing.T) {
	b := newInbox(t)
	b.Now = func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) }
	b.drop(t, "request.csv", requests)
	b.drop(t, "department.csv", departments)
	b.drop(t, "nonsense.csv", "a,b\n1,2\n")
	b.drop(t, "department_alias.csv.part", "half a copy")
	b.drop(t, "~$department.csv", "lock")
	b.drop(t, ".hidden.csv", "x")
	b.drop(t, "request.csv~", "backup of an editor")
	const day = "2026-11-24"
	want := "department.csv loaded department 2/2 → done/" + day + "/department.csv\n" +
		"request.csv loaded request 1/1 → done/" + day + "/request.csv\n" +
		"nonsense.csv rejected  0/0 → rejected/" + day + "/nonsense.csv"
	if got := b.taken(t); got != want {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
	reason, err := os.ReadFile(filepath.Join(b.Dir, "rejected", day, "nonsense.csv.reason.txt"))
	if err != nil || !strings.Contains(string(reason), "无法判断文件属于哪个表") || strings.Contains(string(reason), b.Dir) {
		t.Errorf("%s %v", reason, err)
	}
	// The same again, and another file of a name that lies there: known by content, moved under a name of its own.
	b.drop(t, "department.csv", departments)
	b.drop(t, "request.csv", strings.ReplaceAll(requests, "R1", "R2"))
	b.drop(t, "nonsense.csv", "a,b\n1,2\n")
	want = "department.csv known department 2/2 → done/" + day + "/department-2.csv\n" +
		"request.csv loaded request 1/1 → done/" + day + "/request-2.csv\n" +
		"nonsense.csv rejected  0/0 → rejected/" + day + "/nonsense-2.csv"
	if got := b.taken(t); got != want {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
	if got := b.taken(t); got != "" {
		t.Error(got)
	}
	left := []string{".hidden.csv", "department_alias.csv.part", "done/2026-11-24/department-2.csv", "done/2026-11-24/department.csv", "done/2026-11-24/request-2.csv", "done/2026-11-24/request.csv",
		"rejected/2026-11-24/nonsense-2.csv", "rejected/2026-11-24/nonsense-2.csv.reason.txt", "rejected/2026-11-24/nonsense.csv", "rejected/2026-11-24/nonsense.csv.reason.txt", "request.csv~", "~$department.csv"}
	if got := b.files(t); !slices.Equal(got, left) {
		t.Errorf("%q", got)
	}
	log, err := os.Open(b.Log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	lines := 0
	for s := bufio.NewScanner(log); s.Scan(); lines++ {
		var o Outcome
		if err := json.Unmarshal(s.Bytes(), &o); err != nil || o.File == "" || o.State == "" || o.State != Rejected && o.SHA256 == "" {
			t.Errorf("%s: %v", s.Text(), err)
		}
	}
	if lines != 6 {
		t.Errorf("%d lines in the log", lines)
	}
}

// TestFoldersAndRulesSayWhatAFileIs goes by the folder first, then by the rules.
func TestFoldersAndRulesSayWhatAFileIs(t *testing.T) {
	b := newInbox(t)
	b.Rules = []Rule{{Files: "units_*.csv", Table: "department"}, {Files: "nothing", Mapping: "x"}}
	b.drop(t, "department/list.csv", "department_id,name\nA,甲\n")
	b.drop(t, "units_2026.csv", "department_id,name\nB,乙\n")
	b.drop(t, "shanghai/export.json", `[{"数据名称":"甲","数据提供方":"市教委"}]`)
	got := b.taken(t)
	for _, want := range []string{"department/list.csv loaded department 1/1 → done/", "units_2026.csv loaded department 1/1"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	// The folder chose the mapping: its columns are asked for.
	reason := ""
	for _, f := range b.files(t) {
		if strings.HasSuffix(f, "shanghai/export.json.reason.txt") {
			text, err := os.ReadFile(filepath.Join(b.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			reason = string(text)
		}
	}
	if !strings.Contains(reason, "shanghai.yaml") && !strings.Contains(got, "shanghai/export.json loaded catalogue_entryshanghai") {
		t.Errorf("%s\n%s", got, reason)
	}
}

// TestAGrowingFileIsLeftAlone goes by the last change, which a copy cannot set back.
func TestAGrowingFileIsLeftAlone(t *testing.T) {
	b := newInbox(t)
	b.Settle = time.Minute
	path := b.drop(t, "department.csv", departments)
	old := time.Now().Add(-24 * time.Hour)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	if got := b.taken(t); got != "" {
		t.Errorf("taken while it may still grow: %s", got)
	}
	b.Now = func() time.Time { return time.Now().Add(2 * time.Minute) }
	if got := b.taken(t); !strings.Contains(got, "loaded department 2/2") {
		t.Error(got)
	}
}

// TestACrashBetweenLoadAndMoveDoesNoHarm loads the file beside the inbox, as a run that died before moving it had done.
func TestACrashBetweenLoadAndMoveDoesNoHarm(t *testing.T) {
	b := newInbox(t)
	path := b.drop(t, "department.csv", departments)
	if _, err := ingest.Files(context.Background(), b.Store, b.Settings, []string{path}, ingest.Options{}); err != nil {
		t.Fatal(err)
	}
	if got := b.taken(t); !strings.Contains(got, "known department") {
		t.Error(got)
	}
	r, err := b.Store.Query(context.Background(), "SELECT (SELECT count(*) FROM department), (SELECT count(*) FROM load)", nil)
	if err != nil || r.Rows[0][0].(int64) != 2 || r.Rows[0][1].(int64) != 1 {
		t.Errorf("%v %v", r, err)
	}
}

// TestTwoWatchersTakeEachFileOnce runs several at a time.
func TestTwoWatchersTakeEachFileOnce(t *testing.T) {
	b := newInbox(t)
	b.drop(t, "department.csv", departments)
	for i := range 12 {
		b.drop(t, fmt.Sprintf("request_%02d.csv", i), strings.ReplaceAll(requests, "R1", fmt.Sprintf("R%d", i)))
	}
	var mu sync.Mutex
	states := map[string][]State{}
	var running sync.WaitGroup
	for range 4 {
		running.Go(func() {
			one := *b
			outcomes, err := one.Take(context.Background())
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, o := range outcomes {
				states[o.File] = append(states[o.File], o.State)
			}
		})
	}
	running.Wait()
	if len(states) != 13 {
		t.Errorf("%d files", len(states))
	}
	for file, s := range states {
		if len(s) != 1 || s[0] != Loaded {
			t.Errorf("%s: %v", file, s)
		}
	}
}

// TestWhatIsNotTheFilesFaultLeavesItThere cancels the work, and fills the disk.
func TestWhatIsNotTheFilesFaultLeavesItThere(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(context.Background(), filepath.Join(dir, "weir.duckdb"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	b := &Inbox{Dir: filepath.Join(dir, "inbox"), Store: st, Settings: ingest.Settings{FreeSpace: 1 << 60}}
	b.drop(t, "department.csv", departments)
	outcomes, err := b.Take(context.Background())
	if err != nil || len(outcomes) != 1 || outcomes[0].State != Kept || !strings.Contains(outcomes[0].Reason, "剩余") {
		t.Fatalf("%+v %v", outcomes, err)
	}
	b.Settings.FreeSpace = 0
	if got := b.taken(t); !strings.Contains(got, "loaded department") {
		t.Error(got)
	}
	b.drop(t, "request.csv", requests)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := b.Take(cancelled); err == nil || !slices.Contains(b.files(t), "request.csv") {
		t.Errorf("%v %v", err, b.files(t))
	}
}
