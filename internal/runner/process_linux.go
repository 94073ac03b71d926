package runner

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// executable is this program, also after its file was replaced.
func executable() string { return "/proc/self/exe" }

// launch starts a command on a thread that waits for it: the kernel kills a child whose parent thread is gone, which is
// what must happen when this process dies, and only then.
func launch(cmd *exec.Cmd) (<-chan *os.ProcessState, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setsid: true}
	started := make(chan error, 1)
	exited := make(chan *os.ProcessState, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		cmd.Wait() // how it ended stands in its state
		exited <- cmd.ProcessState
	}()
	return exited, <-started
}

// enclose keeps this process, the child, to its files and starts it anew, since the kernel encloses one thread and
// what that thread starts. Where the kernel has no Landlock, it returns and the engine's own lock remains.
func enclose(a access) error {
	if landlockVersion() == 0 {
		return nil
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	parent := os.Getppid()
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return os.NewSyscallError("prctl", err)
	}
	if os.Getppid() != parent {
		return errors.New("the parent is gone")
	}
	if err := restrict(a); err != nil {
		return err
	}
	return unix.Exec(executable(), []string{"weir", WorkerCommand, enclosed}, os.Environ())
}

// confine sets the limits of this process, the child. Memory counts private pages, which leaves out what the Go
// runtime only reserves; the address space has a wider limit beside it.
func confine(l Limits) error {
	seconds := uint64(l.Time.Seconds())*uint64(max(1, l.Threads)) + 2
	memory := uint64(l.processMemory())
	limits := []struct {
		resource int
		value    uint64
	}{
		{unix.RLIMIT_DATA, memory},
		{unix.RLIMIT_AS, memory + 4<<30},
		{unix.RLIMIT_CPU, seconds},
		{unix.RLIMIT_FSIZE, uint64(l.TempDisk + l.Bytes)},
		{unix.RLIMIT_CORE, 0},
	}
	for _, r := range limits {
		if err := unix.Setrlimit(r.resource, &unix.Rlimit{Cur: r.value, Max: r.value}); err != nil {
			return os.NewSyscallError("setrlimit", err)
		}
	}
	return nil
}

// peakMemory is the largest resident size of a process in bytes, 0 where not known.
func peakMemory(pid int) int64 {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kib << 10
		}
	}
	return 0
}

// running tells whether a process exists.
func running(pid int) bool { return unix.Kill(pid, 0) != unix.ESRCH }
