package runner

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Rights of Landlock (https://docs.kernel.org/userspace-api/landlock.html), the kernel's own sandbox, which needs no
// privilege. What a ruleset handles and does not grant is denied.
const (
	readFile = unix.LANDLOCK_ACCESS_FS_READ_FILE
	readTree = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	program  = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE
	fileOnly = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
		unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
)

// landlockVersion is the version of the kernel's interface, 0 where there is none.
var landlockVersion = sync.OnceValue(func() int {
	v, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(v)
})

// handled are the rights that a version of the interface knows.
func handled(version int) unix.LandlockRulesetAttr {
	a := unix.LandlockRulesetAttr{Handled_access_fs: unix.LANDLOCK_ACCESS_FS_MAKE_SYM<<1 - 1}
	if version >= 2 {
		a.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if version >= 3 {
		a.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if version >= 4 {
		a.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if version >= 5 {
		a.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	if version >= 6 {
		a.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	return a
}

// restrict keeps the calling thread, and every process it starts, to the files of a, the program and its libraries,
// and off the network. Where the kernel has no Landlock, nothing happens: the engine's own lock remains.
func restrict(a access) error {
	version := landlockVersion()
	if version == 0 {
		return nil
	}
	attributes := handled(version)
	ruleset, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attributes)), unsafe.Sizeof(attributes), 0)
	if errno != 0 {
		return os.NewSyscallError("landlock_create_ruleset", errno)
	}
	defer unix.Close(int(ruleset))
	grant := func(path string, rights uint64) error {
		return addRule(int(ruleset), path, rights&attributes.Handled_access_fs)
	}
	own, err := programFiles()
	if err != nil {
		return err
	}
	for _, path := range own {
		err = errors.Join(err, grant(path, program))
	}
	for _, path := range []string{"/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom",
		"/proc/sys/vm/overcommit_memory", "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"} {
		err = errors.Join(err, grant(path, readFile))
	}
	// The engine asks the control groups for its limits, and dies where it may not.
	for _, path := range []string{"/proc/self", "/sys/fs/cgroup", "/sys/devices/system/cpu", "/usr/share/zoneinfo"} {
		err = errors.Join(err, grant(path, readTree))
	}
	for _, path := range a.Read {
		err = errors.Join(err, grant(path, readTree))
	}
	if err := errors.Join(err, grant(a.Own, attributes.Handled_access_fs)); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return os.NewSyscallError("prctl", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0, 0); errno != 0 {
		return os.NewSyscallError("landlock_restrict_self", errno)
	}
	return nil
}

// addRule grants rights to a file, or to what lies beneath a directory. A file that does not exist needs no right.
func addRule(ruleset int, path string, rights uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &= fileOnly
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 {
		return fmt.Errorf("%s: %w", path, os.NewSyscallError("landlock_add_rule", errno))
	}
	return nil
}

// programFiles lists this program and the libraries it has mapped: the child, being the same program, needs the same.
func programFiles() ([]string, error) {
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return nil, err
	}
	defer maps.Close()
	files := []string{"/proc/self/exe"}
	seen := map[string]bool{}
	lines := bufio.NewScanner(maps)
	for lines.Scan() {
		// address perms offset dev inode path
		fields := strings.Fields(lines.Text())
		if len(fields) < 6 || !strings.Contains(fields[1], "x") {
			continue
		}
		if path := strings.Join(fields[5:], " "); filepath.IsAbs(path) && !seen[path] {
			seen[path] = true
			files = append(files, path)
		}
	}
	return files, lines.Err()
}
