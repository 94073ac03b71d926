package cli

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"weir/internal/workspace"
)

// reportDraft is the name of a report while it is written: that of the file with a number.
var reportDraft = regexp.MustCompile(`^\..+\.[a-z]+-\d+$`)

// sweep removes the unfinished files of processes that were killed: drafts of closes, reports and backups. All of them
// are put in place by a rename when they are whole, and only who holds the database writes them, as this process does.
func sweep(w *workspace.Workspace) error {
	var failed error
	for _, pattern := range []string{
		filepath.Join(w.Lake(), ".closing-*"),
		filepath.Join(w.Reports(), ".*-*"),
		filepath.Join(w.Reports(), "*", ".*-*"), // an issue as a whole is mended by package publish
		filepath.Join(backupDirectory(w), ".backup-*"),
		filepath.Join(w.Temp(), "backup-*"),
	} {
		left, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		for _, path := range left {
			if strings.HasPrefix(pattern, w.Reports()) && !reportDraft.MatchString(filepath.Base(path)) {
				continue
			}
			failed = errors.Join(failed, os.RemoveAll(path))
		}
	}
	return failed
}
