//go:build !linux

package inbox

import (
	"io/fs"
	"time"
)

// lastChange is when the content of a file changed last.
func lastChange(info fs.FileInfo) time.Time { return info.ModTime() }
