package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"
)

// TestMemoryIsTold measures what an open database takes.
func TestMemoryIsTold(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, filepath.Join(t.TempDir(), "weir.duckdb"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	before, err := s.Memory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.Exec("CREATE TABLE much AS SELECT range AS n, md5(CAST(range AS VARCHAR)) AS text FROM range(100_000)"); err != nil {
		t.Fatal(err)
	}
	after, err := s.Memory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	sum := func(m Memory) (n int64) {
		for _, held := range m.Held {
			n += held
		}
		return n
	}
	// The texts alone are 3.2 MB; they are in memory, in the log, or in the file.
	if grown := sum(after) + after.File + after.WriteLog - sum(before) - before.File - before.WriteLog; grown < 3_000_000 {
		t.Errorf("a table of 100,000 rows takes %d bytes", grown)
	}
	if after.File == 0 {
		t.Error("the file of the database has no size")
	}
}

// resident is the memory of this process in bytes.
func resident(t *testing.T) int64 {
	t.Helper()
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("this system does not tell the memory of a process")
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

// TestAServingStoreGivesMemoryBack uses much memory for a while, beside another engine that was closed before: what was
// used goes back to the system although nothing is asked any more.
func TestAServingStoreGivesMemoryBack(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, "", Options{Serving: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	box, err := OpenSandbox(ctx, SandboxOptions{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := box.Close(); err != nil {
		t.Fatal(err)
	}
	before := resident(t)
	for _, statement := range []string{"CREATE TABLE much AS SELECT range AS n, md5(CAST(range AS VARCHAR)) AS text FROM range(1_500_000)", "SELECT text, count(*) FROM much GROUP BY ALL ORDER BY ALL LIMIT 1"} {
		if _, err := s.db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	used := resident(t) - before
	if used < 50<<20 {
		t.Fatalf("only %d MB were used", used>>20)
	}
	if _, err := s.db.Exec("DROP TABLE much"); err != nil {
		t.Fatal(err)
	}
	var kept int64
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Second) {
		if kept = resident(t) - before; kept < used/10 {
			return
		}
	}
	t.Errorf("%d of %d MB are kept", kept>>20, used>>20)
}
