package runner

import (
	"net"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"
)

func enclosesFiles() bool { return landlockVersion() >= 4 }

// probe encloses this process as a child is enclosed, and starts it anew to try what it may.
func probe(arguments []string) {
	if dir := arguments[0]; dir != "enclosed" {
		runtime.LockOSThread()
		err := restrict(access{Read: []string{filepath.Join(dir, "given")}, Own: filepath.Join(dir, "own")})
		if err == nil {
			err = unix.Exec(executable(), []string{"weir", "probe", "enclosed", dir}, os.Environ())
		}
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	runProbe(arguments[1])
}

// dialNowhere connects to a port of this machine on which nobody listens: refused by the kernel's network, unless the
// attempt itself is denied.
func dialNowhere() error {
	c, err := net.Dial("tcp", "127.0.0.1:9")
	if err == nil {
		c.Close()
	}
	return err
}
