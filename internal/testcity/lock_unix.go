//go:build unix

package testcity

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lock waits until no other process holds the file. The kernel lets go of it when the process ends, however it does.
func lock(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, errors.Join(errNotShared, err)
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX); err != nil {
		return nil, errors.Join(errNotShared, err, file.Close())
	}
	return func() { file.Close() }, nil
}
