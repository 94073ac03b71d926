package cli

import (
	"errors"
	"os"
	"path/filepath"

	"weir/internal/workspace"
)

// sweep removes the unfinished files of processes that were killed: drafts of closes, reports and backups. All of them
// are put in place by a rename when they are whole, and only who holds the database writes them, as this process does.
func sweep(w *workspace.Workspace) error {
	var failed error
	for _, pattern := range []string{
		filepath.Join(w.Lake(), ".closing-*"),
		filepath.Join(w.Reports(), ".*-*"),
		filepath.Join(w.Reports(), "*", ".*-*"),
		filepath.Join(backupDirectory(w), ".backup-*"),
		filepath.Join(w.Temp(), "backup-*"),
	} {
		left, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		for _, path := range left {
			failed = errors.Join(failed, os.RemoveAll(path))
		}
	}
	return failed
}
