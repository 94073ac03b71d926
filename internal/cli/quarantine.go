package cli

import (
	"weir/ingest"
	"weir/internal/store"
	"weir/internal/workspace"
)

type quarantineCommand struct {
	Load     int64  `placeholder:"ID" help:"${quarantine_load}"`
	File     string `placeholder:"NAME" help:"${quarantine_file}"`
	Code     string `placeholder:"CODE" help:"${quarantine_code}"`
	Replayed bool   `help:"${quarantine_replayed}"`
	Limit    int    `default:"0" help:"${quarantine_limit}"`
}

// Run lists the rows that could not be loaded, each with its place, the reason and the cure.
func (c quarantineCommand) Run(e *env) error {
	return e.withStore(func(_ *workspace.Workspace, s *store.Store) error {
		rows, err := ingest.Quarantine(e.ctx, s, ingest.QuarantineFilter{LoadID: c.Load, File: c.File, Code: c.Code, Replayed: c.Replayed, Limit: c.Limit})
		if err != nil {
			return err
		}
		t := &table{columns: []string{"load_id", "file", "line", "column", "reason", "cure", "value", "raw"}}
		for _, q := range rows {
			t.add(q.LoadID, q.File, q.Line, q.Column, q.Reason.In(e.lang), q.Cure.In(e.lang), q.Value, q.Raw)
		}
		return e.print(t)
	})
}
