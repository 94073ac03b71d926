package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync/atomic"
)

// serving is the store of a process that lives long.
var serving atomic.Pointer[Store]

// giveBack lets a thread of the engine's allocator return to the system what is no longer used: without it, what a load
// or a close once needed is returned only when the engine next allocates much. The thread is one for the whole process,
// and every engine that is opened or closed in it stops it, so it is started anew each time.
func giveBack(ctx context.Context) error {
	s := serving.Load()
	if s == nil {
		return nil
	}
	_, err := s.db.ExecContext(ctx, "SET allocator_background_threads = true")
	if serving.Load() != s {
		return nil // it was closed meanwhile
	}
	return err
}

// Memory is what an open database takes.
type Memory struct {
	Held     map[string]int64 // bytes of memory by what the engine holds them for, in the engine's own words
	Spilled  int64            // bytes on disk in place of memory
	File     int64            // bytes of the database file
	WriteLog int64            // bytes committed and not yet in the file
}

// Memory measures it.
func (s *Store) Memory(ctx context.Context) (Memory, error) {
	m := Memory{Held: map[string]int64{}}
	rows, err := s.db.QueryContext(ctx, "SELECT lower(tag), memory_usage_bytes, temporary_storage_bytes FROM duckdb_memory()")
	if err != nil {
		return m, err
	}
	for rows.Next() {
		var tag string
		var held, spilled int64
		if err := rows.Scan(&tag, &held, &spilled); err != nil {
			return m, errors.Join(err, rows.Close())
		}
		m.Held[tag] += held
		m.Spilled += spilled
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || s.path == "" {
		return m, err
	}
	if m.File, err = sizeOf(s.path); err != nil {
		return m, err
	}
	m.WriteLog, err = sizeOf(s.path + ".wal")
	return m, err
}

// sizeOf is the size of a file, 0 where there is none.
func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
