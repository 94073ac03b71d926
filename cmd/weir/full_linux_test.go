package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"weir/ingest"
	"weir/internal/problem"
	"weir/internal/store"
)

// onSmallDisk names, in the environment of the child, the folder where it mounts its disk.
const onSmallDisk = "WEIR_TEST_SMALL_DISK"

// A disk that runs full in the middle of a load, or at its commit, loses nothing: the error says so and what to do,
// the database opens, also while the disk is full, and the load goes through once there is space.
//
// The disk is a file system in memory, mounted in a name space that only the child of this test sees.
func TestFullDiskLosesNothing(t *testing.T) {
	if dir := os.Getenv(onSmallDisk); dir != "" {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=128m"); err != nil {
			t.Skip("the kernel forbids to mount: ", err)
		}
		for name, rows := range map[string]int{"in the middle": 200_000, "at the commit": 3000} {
			t.Run(name, func(t *testing.T) { fillWhileLoading(t, filepath.Join(dir, fmt.Sprint(rows)), rows) })
		}
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, "-test.run", "^TestFullDiskLosesNothing$", "-test.v")
	c.Env = append(os.Environ(), onSmallDisk+"="+t.TempDir())
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	output, err := c.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Skip("the kernel forbids user name spaces: ", err)
	}
	if strings.Contains(string(output), "--- SKIP") {
		t.Skip(string(output))
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

func fillWhileLoading(t *testing.T, dir string, rows int) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	database, filler := filepath.Join(dir, "weir.duckdb"), filepath.Join(dir, "filler")
	defer os.RemoveAll(dir)
	departments := []byte("department_id,name\n")
	for i := range 60 {
		departments = fmt.Appendf(departments, "D%03d,部门%d\n", i, i)
	}
	before := usageFile(t, "usage_event_1.csv", 0, 2000)
	second := usageFile(t, "usage_event_2.csv", 10_000, rows)
	third := usageFile(t, "usage_event_3.csv", 2_000_000, 500)
	st := openStore(t, database)
	if _, err := load(st, nil, writeFile(t, "department.csv", departments), before); err != nil {
		t.Fatal(err)
	}
	want := events(t, st)

	_, err := load(st, func(ingest.Progress) { fill(filler) }, second, third)
	var p problem.Problem
	if !errors.As(err, &p) || p.File != second || !strings.Contains(p.What, "ran full") || !strings.Contains(p.What, dir) || p.Cure == "" {
		t.Errorf("the error does not say what, where and what to do: %#v", err)
	}
	if err := st.Close(); err != nil && !errors.Is(err, store.ErrDiskFull) {
		t.Error(err)
	}
	st = openStore(t, database)
	if got := events(t, st); got != want {
		t.Errorf("while the disk is full there are %s, want %s", got, want)
	}
	if err := st.Close(); err != nil && !errors.Is(err, store.ErrDiskFull) {
		t.Error(err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	st = openStore(t, database)
	results, err := load(st, nil, second, third)
	if err != nil || len(results) != 2 {
		t.Errorf("with space again: %v, %v", results, err)
	}
	if err := st.Close(); err != nil {
		t.Error(err)
	}
}

func openStore(t *testing.T, path string) *store.Store {
	t.Helper()
	st, err := store.Open(context.Background(), path, store.Options{})
	if err != nil {
		t.Fatalf("the database does not open: %v", err)
	}
	return st
}

func load(st *store.Store, progress func(ingest.Progress), files ...string) ([]ingest.Result, error) {
	return ingest.Files(context.Background(), st, ingest.Settings{Key: []byte("key"), FreeSpace: 1}, files, ingest.Options{Progress: progress})
}

// events describes what is stored.
func events(t *testing.T, st *store.Store) string {
	t.Helper()
	r, err := st.Query(context.Background(), "SELECT concat_ws(' ', (SELECT count(*) FROM usage_event), (SELECT sum(hash(u)) FROM usage_event u), (SELECT count(*) FROM quarantine), (SELECT count(*) FROM load))", nil)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(r.Rows[0][0])
}

// fill writes until the disk is full.
func fill(name string) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return // no space even for the name
	}
	defer f.Close()
	for block := make([]byte, 1<<20); len(block) > 0; {
		n, err := f.Write(block)
		if err != nil && n == 0 {
			block = block[:len(block)/2]
		}
	}
}
