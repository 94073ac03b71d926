package cli

import (
	"context"
	"path/filepath"

	"weir/internal/server/backup"
	"weir/internal/store"
	"weir/internal/workspace"
)

type backupCommand struct {
	Out string `placeholder:"FILE" type:"path" help:"${backup_out}"`
}

// Run backs the workspace up into one file.
func (c backupCommand) Run(e *env) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		if c.Out == "" {
			c.Out = filepath.Join(backupDirectory(w), backup.Name(now()))
		}
		m, err := backup.Write(e.ctx, s, backupWorkspace(w), c.Out, now())
		if err != nil {
			return err
		}
		return e.print(backupTable(c.Out, m))
	})
}

func backupTable(path string, m backup.Manifest) *table {
	t := &table{columns: []string{"backup", "files", "bytes", "made_at"}}
	bytes := int64(0)
	for _, f := range m.Files {
		bytes += f.Bytes
	}
	t.add(path, len(m.Files), bytes, m.MadeAt)
	return t
}

func backupWorkspace(w *workspace.Workspace) backup.Workspace {
	return backup.Workspace{Dir: w.Dir, Database: w.Database(), Temp: w.Temp()}
}

func backupDirectory(w *workspace.Workspace) string {
	dir := w.Config.Server.Schedule.BackupDir
	if dir == "" {
		dir = "backups"
	}
	if filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(w.Dir, dir)
}

const backupsKept = 14

// backup is the job of the timetable.
func (j *jobs) backup(ctx context.Context) (any, error) {
	directory := backupDirectory(j.workspace)
	path := filepath.Join(directory, backup.Name(now()))
	m, err := backup.Write(ctx, j.store, backupWorkspace(j.workspace), path, now())
	if err != nil {
		return nil, err
	}
	keep := j.workspace.Config.Server.Schedule.BackupKeep
	if keep == 0 {
		keep = backupsKept
	}
	return map[string]any{"backup": path, "files": len(m.Files)}, backup.Prune(directory, keep)
}

type restoreCommand struct {
	Backup string `arg:"" type:"existingfile" help:"${restore_in}"`
	Out    string `arg:"" placeholder:"DIR" type:"path" help:"${restore_out}"`
}

// Run restores a backup as a new workspace and opens it once, so that a damaged one is found now.
func (c restoreCommand) Run(e *env) error {
	m, err := backup.Restore(e.ctx, c.Backup, c.Out)
	if err != nil {
		return err
	}
	e.dir = c.Out
	err = e.withStore(func(*workspace.Workspace, *store.Store) error { return nil })
	if err != nil {
		return err
	}
	return e.print(backupTable(c.Out, m))
}
