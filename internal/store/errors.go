package store

import (
	"errors"
	"fmt"
	"regexp"
)

// ErrLocked says that another process holds the database.
var ErrLocked = errors.New("the database is in use by another process")

var lockHolder = regexp.MustCompile(`Conflicting lock is held in (.*?) ?\(PID (\d+)\)`)

// openError turns the engine's lock message into one that says who holds the file and what to do.
func openError(path string, err error) error {
	if m := lockHolder.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Errorf("%s: %w (process %s, %s); wait until it ends, or end it", path, ErrLocked, m[2], m[1])
	}
	return fmt.Errorf("open database %s: %w", path, err)
}
