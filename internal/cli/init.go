package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"weir/internal/store"
	"weir/internal/workspace"
)

type initCommand struct{}

// Run makes the directories, weir.yaml, the key for personal data and the empty database.
func (initCommand) Run(e *env) error {
	w, err := workspace.Init(e.dir)
	if err != nil {
		return err
	}
	err = e.withStore(func(*workspace.Workspace, *store.Store) error { return nil })
	if err != nil {
		return errors.Join(err, fmt.Errorf("the directories are made, the database is not; run init in another directory once the cause is gone"))
	}
	path, err := filepath.Abs(w.Dir)
	if err != nil {
		return err
	}
	e.say(fmt.Sprintf("工作区已建立：%s\n下一步：编辑 weir.yaml，然后 weir --dir %s ingest 文件…", path, e.dir),
		fmt.Sprintf("workspace made: %s\nnext: edit weir.yaml, then weir --dir %s ingest FILE…", path, e.dir))
	return nil
}
