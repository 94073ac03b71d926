package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Conn takes a connection of its own: temporary tables and settings stay on it. The caller closes it.
func (s *Store) Conn(ctx context.Context) (*sql.Conn, error) {
	return s.db.Conn(ctx)
}

// Write runs f in one transaction on one connection; writers take turns. The transaction commits when f returns
// nil and is rolled back otherwise, also when f panics. A full disk is ErrDiskFull.
func (s *Store) Write(ctx context.Context, f func(context.Context, *sql.Conn) error) (err error) {
	s.writer.Lock()
	defer s.writer.Unlock()
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(s.writeError(err), conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "BEGIN TRANSACTION"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	ended := false
	defer func() {
		if !ended {
			// The context may be the reason for the failure: roll back without it.
			if _, rollback := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); rollback != nil {
				err = errors.Join(err, fmt.Errorf("rollback: %w", rollback))
			}
		}
	}()
	if err := f(ctx, conn); err != nil {
		return err
	}
	ended = true // a commit that fails has rolled back
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
