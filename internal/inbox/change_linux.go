package inbox

import (
	"io/fs"
	"syscall"
	"time"
)

// lastChange is when content or place of a file changed last. A copy may set the time of modification back to that of
// its source; the time of change it cannot set.
func lastChange(info fs.FileInfo) time.Time {
	at := info.ModTime()
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		if changed := time.Unix(s.Ctim.Unix()); changed.After(at) {
			at = changed
		}
	}
	return at
}
