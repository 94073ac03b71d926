package runner

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"weir/internal/runner/guard"
	"weir/internal/store"
)

// endless is a query that ends only when it is ended.
const endless = "SELECT count(*) FROM range(1000000000000) a(i) WHERE md5(i::VARCHAR) = ''"

// deaf is a single call that does not hear the engine's cancel for many seconds.
const deaf = "SELECT len(list_sort(list(md5(i::VARCHAR)))) FROM range(5000000) r(i)"

func TestCancelEndsTheQueryAndItsProcess(t *testing.T) {
	for _, sql := range []string{endless, deaf} {
		r := newRunner(t)
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(300*time.Millisecond, cancel)
		_, err := r.Query(ctx, Request{SQL: sql})
		var f *Failure
		if !errors.As(err, &f) || f.Reason != Canceled || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", sql, err)
		}
		r.Close()
		if left := children(os.Getpid()); len(left) > 0 {
			t.Errorf("processes left: %v", left)
		}
	}
}

func TestTheTimeLimitIsStated(t *testing.T) {
	r := newRunner(t)
	_, err := r.Query(context.Background(), Request{SQL: endless, Limits: Limits{Time: 500 * time.Millisecond}})
	var f *Failure
	if !errors.As(err, &f) || f.Reason != TimeUp || !strings.Contains(err.Error(), "500ms") {
		t.Errorf("%v", err)
	}
}

func TestAProcessThatIsKilledIsReportedAndNothingElse(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("children are found in /proc")
	}
	r := newRunner(t)
	go func() {
		for range 100 {
			time.Sleep(50 * time.Millisecond)
			for _, pid := range children(os.Getpid()) {
				if process, err := os.FindProcess(pid); err == nil && process.Kill() == nil {
					return
				}
			}
		}
	}()
	_, err := r.Query(context.Background(), Request{SQL: endless, Limits: Limits{Time: 20 * time.Second}})
	var f *Failure
	if !errors.As(err, &f) || f.Reason != Broken || !strings.Contains(err.Error(), "killed") {
		t.Errorf("%v", err)
	}
	if result, err := r.Query(context.Background(), Request{SQL: "SELECT 1"}); err != nil || len(result.Rows) != 1 {
		t.Errorf("after it: %v", err)
	}
}

func TestAHandlersErrorEndsTheRun(t *testing.T) {
	r := newRunner(t)
	enough := errors.New("enough")
	n := 0
	_, err := r.Each(context.Background(), Request{SQL: "SELECT * FROM range(1000000)", Limits: Limits{Rows: 1_000_000}}, nil, func([]any) error {
		if n++; n == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 3 {
		t.Errorf("after %d rows: %v", n, err)
	}
}

// TestNoChildOutlivesItsParent starts a process that runs an endless query, kills it, and looks for its child.
func TestNoChildOutlivesItsParent(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("children are found in /proc")
	}
	if root := os.Getenv("WEIR_TEST_PARENT"); root != "" {
		r, err := New(root)
		if err != nil {
			t.Fatal(err)
		}
		r.Query(context.Background(), Request{SQL: endless, Limits: Limits{Time: time.Minute}})
		return
	}
	parent := exec.Command(os.Args[0], "-test.run=^TestNoChildOutlivesItsParent$")
	parent.Env = append(os.Environ(), "WEIR_TEST_PARENT="+t.TempDir())
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	pid := 0
	eventually(t, "the parent has a child", func() bool {
		if found := children(parent.Process.Pid); len(found) > 0 {
			pid = found[0]
		}
		return pid != 0
	})
	parent.Process.Kill()
	parent.Wait()
	eventually(t, "the child is gone", func() bool { return !alive(pid) })
}

// alive tells whether a process runs and is no mere entry waiting to be reaped by whoever adopted it.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z")
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 400 {
		if holds() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("waited in vain until %s", what)
}

// children lists the processes started by a process.
func children(parent int) []int {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
	var found []int
	for _, task := range tasks {
		text, _ := os.ReadFile(task)
		for _, field := range strings.Fields(string(text)) {
			pid, _ := strconv.Atoi(field)
			found = append(found, pid)
		}
	}
	return found
}

// TestALockedDatabaseNamesItsHolder opens the database here, where the child cannot.
func TestALockedDatabaseNamesItsHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weir.duckdb")
	s, err := store.Open(context.Background(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = newRunner(t).Query(context.Background(), Request{SQL: "SELECT 1", Source: Source{Database: path}})
	var f *Failure
	if !errors.As(err, &f) || f.Reason != Locked || !strings.Contains(err.Error(), "process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("%v", err)
	}
}

func TestEveryFunctionOfTheEngineIsListed(t *testing.T) {
	s, err := store.Open(context.Background(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Query(context.Background(), `SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type <> 'pragma'
		AND function_name NOT LIKE 'icu_collate_%' AND function_name NOT LIKE '\_\_internal\_%' ESCAPE '\'
		AND function_name NOT LIKE '%\_scan\_dumb' ESCAPE '\' ORDER BY 1`, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Rows {
		if name := row[0].(string); guard.Verdict(name) == "" {
			t.Errorf("%s is a function of the engine and stands nowhere in functions.txt", name)
		}
	}
}

// TestTheKernelKeepsTheChildToItsFiles starts this binary as a child that tries what no child may.
func TestTheKernelKeepsTheChildToItsFiles(t *testing.T) {
	if !enclosesFiles() {
		t.Skip("this system cannot keep a process to some files")
	}
	dir := t.TempDir()
	for _, name := range []string{"given", "secret", "own/"} {
		path := filepath.Join(dir, name)
		if strings.HasSuffix(name, "/") {
			os.Mkdir(path, 0o700)
		} else if err := os.WriteFile(path, []byte(secret), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	probe := exec.Command(os.Args[0], "probe", dir)
	probe.Dir = dir
	out, err := probe.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	n := 0
	for lines.Scan() {
		n++
		what, got, _ := strings.Cut(lines.Text(), ": ")
		want := "denied"
		if strings.HasPrefix(what, "may ") {
			want = "done"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	if n < 10 {
		t.Errorf("the probe said too little:\n%s", out)
	}
}

// runProbe is the child of the test above.
func runProbe(dir string) {
	secret := filepath.Join(dir, "secret")
	tries := []struct {
		what string
		try  func() error
	}{
		{"may read what it was given", func() error { _, err := os.ReadFile(filepath.Join(dir, "given")); return err }},
		{"may write in its own directory", func() error { return os.WriteFile(filepath.Join(dir, "own", "x"), nil, 0o600) }},
		{"read another file", func() error { _, err := os.ReadFile(secret); return err }},
		{"read it through its root", func() error { _, err := os.ReadFile("/proc/self/root" + secret); return err }},
		{"list a directory", func() error { _, err := os.ReadDir(dir); return err }},
		{"read /etc/passwd", func() error { _, err := os.ReadFile("/etc/passwd"); return err }},
		{"read another process", func() error { _, err := os.ReadFile("/proc/1/cmdline"); return err }},
		{"write what it was given", func() error { return os.WriteFile(filepath.Join(dir, "given"), nil, 0o600) }},
		{"make a file beside it", func() error { return os.WriteFile(filepath.Join(dir, "new"), nil, 0o600) }},
		{"remove a file", func() error { return os.Remove(secret) }},
		{"link a file into its own directory", func() error { return os.Link(secret, filepath.Join(dir, "own", "link")) }},
		{"run a program", func() error { return exec.Command("/bin/sh", "-c", "true").Run() }},
		{"connect", dialNowhere},
	}
	for _, t := range tries {
		switch err := t.try(); {
		case err == nil:
			fmt.Println(t.what + ": done")
		case errors.Is(err, os.ErrPermission), strings.Contains(err.Error(), "cross-device"):
			fmt.Println(t.what + ": denied")
		default:
			fmt.Println(t.what + ": " + err.Error())
		}
	}
}
