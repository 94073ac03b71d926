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
	DryRun  bool     `help:"${dry_run}"`
	Files   []string `arg:"" name:"file" help:"${files}"`
}

// Run loads files; each is wholly in or wholly out, and the sum of its rows is printed.
func (c ingestCommand) Run(e *env) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		results, err := c.load(e, w, s)
		t := &table{columns: []string{"file", "load_id", "rows_in", "rows_loaded", "rows_duplicate", "rows_quarantined", "table", "mapping", "reader", "already_loaded"}}
		quarantined := int64(0)
		for _, r := range results {
			t.add(r.File, r.LoadID, r.RowsIn, r.RowsLoaded, r.RowsDuplicate, r.RowsQuarantined, r.Table, r.Mapping, r.Reader, r.AlreadyLoaded)
			if !r.AlreadyLoaded {
				quarantined += r.RowsQuarantined
			}
			for _, warning := range r.Warnings {
				e.say(r.File+": "+warning, r.File+": "+warning)
			}
		}
		if len(results) > 0 {
			if printed := e.print(t); printed != nil {
				return errors.Join(printed, err)
			}
		}
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

func (c ingestCommand) load(e *env, w *workspace.Workspace, s *store.Store) ([]ingest.Result, error) {
	settings, err := ingestSettings(w)
	if err != nil {
		return nil, err
	}
	o := ingest.Options{Table: c.Table, Mapping: c.Mapping, Reader: c.Reader, DryRun: c.DryRun, Now: now}
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
