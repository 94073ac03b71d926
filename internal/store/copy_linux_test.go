package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Whoever is given a copy reads it from another process, or as a file: the engine must be done with it, though queries
// that look at all its databases keep one that is detached for as long as they run.
func TestACopyIsFreeOnceItIsMade(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "weir.duckdb"))
	ctx := context.Background()
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := s.Query(ctx, "SELECT count(*) FROM duckdb_columns() AS a, range(20)", nil); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 20 {
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.duckdb", i))
		if err := s.Copy(ctx, path); err != nil {
			t.Fatal(err)
		}
		if held, err := holds(path); err != nil || held {
			t.Errorf("copy %d: held %t, %v", i, held, err)
		}
		if _, err := os.Stat(path + ".wal"); err == nil {
			t.Errorf("copy %d: its log was not written into it", i)
		}
	}
	close(stop)
	all.Wait()
}
