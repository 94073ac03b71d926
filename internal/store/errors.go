package store

import (
	"errors"
	"fmt"
	"regexp"
)

// ErrLocked says that another process holds the database.
var ErrLocked = errors.New("the database is in use by another process")

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
