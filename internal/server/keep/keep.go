// Package keep stores what the service knows beside the data: users, sessions, tokens, the audit log, objections and
// jobs. Every function is one short transaction on a connection of its own, which does not wait for a load that is
// being written: the tables are the service's alone. It decides nothing.
package keep

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Database hands out connections of the workspace's database.
type Database interface {
	Conn(ctx context.Context) (*sql.Conn, error)
}

// Keeper keeps everything of the service in one database.
type Keeper struct {
	db Database
	mu sync.Mutex // the engine refuses two transactions that change one row; here they take turns
}

// New makes a keeper over the database, whose tables exist.
func New(db Database) *Keeper { return &Keeper{db: db} }

// write runs statements in one transaction.
func (k *Keeper) write(ctx context.Context, f func(*sql.Conn) error) (err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c, err := k.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if _, err := c.ExecContext(ctx, "BEGIN TRANSACTION"); err != nil {
		return err
	}
	if err = f(c); err == nil {
		_, err = c.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		// The context may be what failed: roll back without it.
		_, rollback := c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return errors.Join(err, rollback)
	}
	return nil
}

// read runs a query and scans each row.
func (k *Keeper) read(ctx context.Context, scan func(*sql.Rows) error, query string, arguments ...any) (err error) {
	c, err := k.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	rows, err := c.QueryContext(ctx, query, arguments...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// replace updates the row of a key, or inserts it. Columns and values begin with the key.
func replace(ctx context.Context, c *sql.Conn, table string, columns []string, values []any) error {
	set, marks := "", ""
	for i, name := range columns {
		if i > 0 {
			marks += ", "
		}
		marks += "?"
		if i > 1 {
			set += ", "
		}
		if i > 0 {
			set += name + " = ?"
		}
	}
	result, err := c.ExecContext(ctx, fmt.Sprintf("UPDATE %s SET %s WHERE %s = ?", table, set, columns[0]), append(append([]any{}, values[1:]...), values[0])...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	_, err = c.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, join(columns), marks), values...)
	return err
}

func join(names []string) string {
	text := ""
	for i, n := range names {
		if i > 0 {
			text += ", "
		}
		text += n
	}
	return text
}

// moment is a time as stored: NULL for the zero time.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

func timeOf(t sql.NullTime) time.Time {
	if !t.Valid {
		return time.Time{}
	}
	return t.Time.UTC()
}
