package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
)

// ErrLocked says that another process holds the database.
var ErrLocked = errors.New("the database is in use by another process")

// ErrDiskFull says that the disk has no space left for the database or for what the engine spills. What was committed
// is kept: the database opens, and the write can be repeated once there is space.
var ErrDiskFull = errors.New("the disk of the database is full")

// noSpace matches what systems say of a full disk, a used up quota and a limit on the size of files, and what the
// engine says when it may not spill more.
var noSpace = regexp.MustCompile(`No space left on device|[Dd]isk quota exceeded|File too large|not enough space on the disk|max_temp_directory_size`)

// writeError turns the engine's message about a full disk into ErrDiskFull with the folder; other errors stay.
func (s *Store) writeError(err error) error {
	if err == nil || !noSpace.MatchString(err.Error()) {
		return err
	}
	return fmt.Errorf("%s: %w; what was written before is kept; free some space, then try again (%v)", filepath.Dir(s.path), ErrDiskFull, err)
}

var lockHolder = regexp.MustCompile(`Conflicting lock is held in (?:(\S.*?) )?\(?PID (\d+)`)

// openError turns the engine's lock message into one that says who holds the file and what to do.
func openError(path string, err error) error {
	if m := lockHolder.FindStringSubmatch(err.Error()); m != nil {
		holder := "process " + m[2]
		if m[1] != "" { // a process that may not look at others is not told the program
			holder += ", " + m[1]
		}
		return fmt.Errorf("%s: %w (%s); wait until it ends, or end it", path, ErrLocked, holder)
	}
	return fmt.Errorf("open database %s: %w", path, err)
}
