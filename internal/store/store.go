// Package store keeps the database of a workspace: one DuckDB file, one writing process.
//
// It is the only package that imports the driver. It opens, migrates and hands out connections; what the tables
// mean is described in queries/schema, what is written into them is the business of ingest and internal/closing.
// It never opens the same file twice: a second instance in the process would read stale pages and drop the lock.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"weir/queries/schema"
)

// Options say how to open a store. The zero value is a sound default.
type Options struct {
	TimeZone      string           // zone in which timestamps without offset are read; default Asia/Shanghai
	MemoryLimit   string           // DuckDB's memory_limit, such as 1GB; default: the engine's
	Threads       int              // threads of the engine; 0: one a core
	TempDirectory string           // where the engine spills; default: beside the file
	Serving       bool             // for a process that lives long: memory that becomes free goes back to the system soon
	Now           func() time.Time // clock for migration records; default time.Now
}

// DefaultTimeZone is the zone of a workspace that names none.
const DefaultTimeZone = "Asia/Shanghai"

// Store is an open database. It is safe for concurrent use; writing takes turns.
type Store struct {
	db       *sql.DB
	path     string
	timeZone string
	model    *schema.Model
	now      func() time.Time
	writer   sync.Mutex
	copies   atomic.Int64 // copies made so far
}

// Open opens the database at path, creating and migrating it where needed; "" is a database in memory.
// A file held by another process is ErrLocked with the holder's process id.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.TimeZone == "" {
		o.TimeZone = DefaultTimeZone
	}
	if _, err := time.LoadLocation(o.TimeZone); err != nil {
		return nil, fmt.Errorf("time zone %q is not known: %w", o.TimeZone, err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	connector, err := duckdb.NewConnector(path, func(c driver.ExecerContext) error {
		// The zone is a setting of each connection.
		_, err := c.ExecContext(context.Background(), "SET TimeZone = "+schema.Literal(o.TimeZone), nil)
		return err
	})
	if err != nil {
		return nil, openError(path, err)
	}
	s := &Store{db: sql.OpenDB(connector), path: path, timeZone: o.TimeZone, model: schema.Default(), now: o.Now}
	if err := s.prepare(ctx, o); err != nil {
		return nil, errors.Join(openError(path, err), s.db.Close())
	}
	return s, nil
}

// prepare sets the engine's options, one statement after the other since options of a DSN apply in random order,
// and migrates.
func (s *Store) prepare(ctx context.Context, o Options) error {
	settings := []string{
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
		"SET allow_community_extensions = false",
		"SET allow_persistent_secrets = false",
	}
	if o.MemoryLimit != "" {
		settings = append(settings, "SET memory_limit = "+schema.Literal(o.MemoryLimit))
	}
	if o.Threads > 0 {
		settings = append(settings, fmt.Sprintf("SET threads = %d", o.Threads))
	}
	if o.TempDirectory != "" {
		settings = append(settings, "SET temp_directory = "+schema.Literal(o.TempDirectory))
	}
	for _, statement := range settings {
		if _, err := s.db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	if err := s.migrate(ctx); err != nil || !o.Serving {
		return err
	}
	serving.Store(s)
	return giveBack(ctx)
}

// Close checkpoints and closes. Connections taken with Conn must have been closed. Where the disk is full, ErrDiskFull,
// what was committed stays in the log beside the file and is found by the next Open.
func (s *Store) Close() error {
	serving.CompareAndSwap(s, nil)
	if _, err := s.db.Exec("CHECKPOINT"); err != nil {
		return errors.Join(s.writeError(err), s.db.Close())
	}
	return errors.Join(s.db.Close(), giveBack(context.Background()))
}

// Path is the file of the database, "" in memory.
func (s *Store) Path() string { return s.path }

// TimeZone is the name of the workspace's zone.
func (s *Store) TimeZone() string { return s.timeZone }

// Model is the event model that the tables follow.
func (s *Store) Model() *schema.Model { return s.model }

// EngineVersion is the version of DuckDB, such as v1.5.6.
func (s *Store) EngineVersion(ctx context.Context) (string, error) {
	var version string
	err := s.db.QueryRowContext(ctx, "SELECT version()").Scan(&version)
	return version, err
}

// FreeDisk is the free space in bytes where the database lies, and whether it is known.
func (s *Store) FreeDisk() (uint64, bool) {
	if s.path == "" {
		return 0, false
	}
	return freeDisk(filepath.Dir(s.path))
}

// Exists tells whether a database file stands at path.
func Exists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
