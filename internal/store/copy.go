package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"weir/queries/schema"
)

// Copy writes the database as it is at this moment into a file of its own, which must not exist. Neither readers nor
// the writer wait for it.
func (s *Store) Copy(ctx context.Context, target string) (err error) {
	c, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	var name string
	if err := c.QueryRowContext(ctx, "SELECT current_database()").Scan(&name); err != nil {
		return err
	}
	// Copies may be made at the same time: each is attached under a name of its own.
	alias := fmt.Sprintf("copy_%d", s.copies.Add(1))
	if _, err := c.ExecContext(ctx, "ATTACH "+schema.Literal(target)+" AS "+alias); err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, "COPY FROM DATABASE "+schema.Quote(name)+" TO "+alias)
	_, detached := c.ExecContext(context.WithoutCancel(ctx), "DETACH "+alias)
	if err = errors.Join(err, detached); err != nil {
		return err
	}
	return released(ctx, target)
}

// longestHold is how long a query may keep a copy that was detached: those of people are stopped sooner.
const longestHold = 2 * time.Minute

// released waits until the engine is done with a detached file. A query that looks at all databases keeps it while it
// runs; only then is the log written into the file, and may another process open it.
func released(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, longestHold)
	defer cancel()
	for wait := time.Millisecond; ; wait = min(2*wait, 100*time.Millisecond) {
		held, err := holds(path)
		if err != nil {
			return err
		}
		_, err = os.Stat(path + ".wal")
		if !held && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the copy %s is still in use by a query: %w", path, context.Cause(ctx))
		case <-time.After(wait):
		}
	}
}
