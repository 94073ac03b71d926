package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"weir/internal/store"
)

// copies lends the database to queries of people while the service holds it: a copy in a file of its own, made when
// the first query after a load or a close asks, and kept for those that follow.
type copies struct {
	store     *store.Store
	directory string

	mu     sync.Mutex
	newest *lent
	made   int
}

// lent is one copy. The last who uses it removes it, once there is a newer one.
type lent struct {
	path, state string
	users       int
	old         bool
}

// newCopies removes what an earlier service left in the directory.
func newCopies(s *store.Store, directory string) (*copies, error) {
	if err := os.RemoveAll(directory); err != nil {
		return nil, err
	}
	return &copies{store: s, directory: directory}, os.MkdirAll(directory, 0o700)
}

// borrow gives the path of a copy that holds every load and close up to now.
func (c *copies) borrow(ctx context.Context) (path string, release func() error, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	// The state is read before the copy is made: what comes in between is in the copy and makes the next one.
	r, err := c.store.Query(ctx, "SELECT printf('%d %d %d', (SELECT count(*) FROM load), (SELECT count(*) FROM month_close), (SELECT count(*) FROM quarantine WHERE replayed_load_id IS NOT NULL))", nil)
	if err != nil {
		return "", nil, err
	}
	if state := r.Rows[0][0].(string); c.newest == nil || c.newest.state != state {
		c.made++
		next := &lent{path: filepath.Join(c.directory, fmt.Sprintf("%d.duckdb", c.made)), state: state}
		if err := c.store.Copy(ctx, next.path); err != nil {
			return "", nil, errors.Join(fmt.Errorf("copy of the database: %w", err), remove(next.path))
		}
		if c.newest != nil {
			c.newest.old = true
			if err := c.drop(c.newest); err != nil {
				return "", nil, err
			}
		}
		c.newest = next
	}
	l := c.newest
	l.users++
	return l.path, func() error {
		c.mu.Lock()
		defer c.mu.Unlock()
		l.users--
		return c.drop(l)
	}, nil
}

// drop removes a copy that is neither the newest nor in use.
func (c *copies) drop(l *lent) error {
	if !l.old || l.users > 0 {
		return nil
	}
	return remove(l.path)
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// close removes every copy.
func (c *copies) close() error { return os.RemoveAll(c.directory) }
