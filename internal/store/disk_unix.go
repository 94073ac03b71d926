//go:build unix

package store

import "golang.org/x/sys/unix"

func freeDisk(directory string) (uint64, bool) {
	var s unix.Statfs_t
	if err := unix.Statfs(directory, &s); err != nil {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
