package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"weir/ingest"
	"weir/internal/store"
	"weir/internal/workspace"
)

type ingestCommand struct {
	Table   string   `placeholder:"TABLE" xor:"target" help:"${table}"`
	Mapping string   `placeholder:"NAME|FILE" xor:"target" help:"${mapping}"`
	Reader  string   `placeholder:"NAME" default:"auto" help:"${reader}"`
	Sheet   string   `placeholder:"NAME" help:"${sheet}"`
	DryRun  bool     `help:"${dry_run}"`
	Files   []string `arg:"" name:"file" help:"${files}"`
}

// Run loads files; each is wholly in or wholly out, and the sum of its rows is printed.
func (c ingestCommand) Run(e *env) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) (err error) {
		files, remove, err := withStandardInput(c.Files, e.stdin, w.Temp())
		defer func() { err = errors.Join(err, remove()) }()
		if err != nil {
			return err
		}
		var missing error
		if c.Files, missing = c.expand(e, files); len(c.Files) == 0 {
			return missing
		}
		results, err := c.load(e, w, s)
		err = shownError(errors.Join(missing, err), c.Files, e.lang)
		t := &table{columns: []string{"file", "load_id", "rows_in", "rows_loaded", "rows_duplicate", "rows_quarantined", "table", "mapping", "reader", "already_loaded"}}
		quarantined := int64(0)
		for _, r := range results {
			t.add(shownName(r.File), r.LoadID, r.RowsIn, r.RowsLoaded, r.RowsDuplicate, r.RowsQuarantined, r.Table, r.Mapping, r.Reader, r.AlreadyLoaded)
			if !r.AlreadyLoaded {
				quarantined += r.RowsQuarantined
			}
			for _, warning := range r.Warnings {
				e.say(shownName(r.File)+": "+warning.Zh, shownName(r.File)+": "+warning.En)
			}
		}
		if len(results) > 0 {
			if printed := e.print(t); printed != nil {
				return errors.Join(printed, err)
			}
		}
		c.sum(e, results)
		if err != nil {
			return err
		}
		if quarantined > 0 {
			e.say(fmt.Sprintf("%d 行被隔离；查看：weir --dir %s quarantine", quarantined, e.dir), fmt.Sprintf("%d rows quarantined; see: weir --dir %s quarantine", quarantined, e.dir))
			return errFindings
		}
		return nil
	})
}

// expand finds the files, and tells which were passed over.
func (c ingestCommand) expand(e *env, arguments []string) ([]string, error) {
	files, skipped, err := ingest.Expand(arguments)
	for _, f := range skipped {
		e.say(f+": 跳过（隐藏文件、锁文件或说明文档）", f+": passed over (hidden, a lock, or a document)")
	}
	return files, err
}

// sum says what became of several files together.
func (c ingestCommand) sum(e *env, results []ingest.Result) {
	if len(c.Files) < 2 {
		return
	}
	var known, in, loaded, duplicate, quarantined int64
	for _, r := range results {
		if r.AlreadyLoaded {
			known++
			continue
		}
		in, loaded, duplicate, quarantined = in+r.RowsIn, loaded+r.RowsLoaded, duplicate+r.RowsDuplicate, quarantined+r.RowsQuarantined
	}
	failed := len(c.Files) - len(results)
	e.say(fmt.Sprintf("%d 个文件：装入 %d，已装载过 %d，失败 %d；%d 行中装入 %d，重复 %d，隔离 %d", len(c.Files), int64(len(results))-known, known, failed, in, loaded, duplicate, quarantined),
		fmt.Sprintf("%d files: %d loaded, %d loaded before, %d failed; of %d rows %d were loaded, %d are duplicates, %d were quarantined", len(c.Files), int64(len(results))-known, known, failed, in, loaded, duplicate, quarantined))
}

func (c ingestCommand) load(e *env, w *workspace.Workspace, s *store.Store) ([]ingest.Result, error) {
	settings, err := ingestSettings(w)
	if err != nil {
		return nil, err
	}
	o := ingest.Options{Table: c.Table, Mapping: c.Mapping, Reader: c.Reader, Sheet: c.Sheet, DryRun: c.DryRun, Now: now}
	if e.terminal() {
		o.Progress = func(p ingest.Progress) {
			if p.Total > 0 {
				fmt.Fprintf(e.stderr, "\r\x1b[K%s %3d %%", filepath.Base(p.File), 100*p.Done/p.Total)
			}
			if p.Done >= p.Total {
				fmt.Fprint(e.stderr, "\r\x1b[K")
			}
		}
	}
	return ingest.Files(e.ctx, s, settings, c.Files, o)
}
