// Package ingest brings files into the event tables: one file is one load and one transaction, wholly in or wholly
// out.
//
// The way of every format: a reader splits the file into records, each with its line; a projection, the identity
// for Weir's own tables or a mapping, makes the target's columns of them in SQL; what is invalid is quarantined with
// reason, column and cure; what is known already is counted as duplicate; the rest is stored with load and line.
// For every load, rows in = rows loaded + rows duplicate + rows quarantined, or it is rolled back.
//
// The package never guesses what a value means and never drops a row without counting it.
package ingest

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"weir/ingest/mapping"
	"weir/ingest/mappings"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/queries/schema"
)

// Settings are those of the workspace. The zero value has no mappings of its own and no key.
type Settings struct {
	Mappings  fs.FS  // the workspace's mapping files (*.yaml at its top), which go before those shipped; nil: none
	Key       []byte // key of the hashes of personal codes; required only for files that hold such
	Temp      string // folder for what must lie on the disk to be read; "" is that of the system
	FreeSpace uint64 // bytes that must stay free on the disk beside what a load needs; 0 is 64 MiB
}

// Options are those of one command.
type Options struct {
	Table         string           // table of the event model that the files hold; "" goes by the file names
	Mapping       string           // name of a mapping, or path of a mapping file; "" goes by the file names
	Reader        string           // format that the files are read as; "" or auto goes by content
	Sheet         string           // sheet of a workbook; "" is that of the mapping, of the table's name, or the first
	MaxQuarantine int64            // rows of one file that may be quarantined before it is refused as a whole; 0 is 200,000
	DryRun        bool             // do everything but keep nothing
	Now           func() time.Time // clock for the load register; nil is time.Now
	Progress      func(Progress)   // told now and then while a file is read; nil: nobody
}

// Progress says how far a file is read.
type Progress struct {
	File  string
	Done  int64 // bytes read of the file
	Total int64 // bytes of the file
}

// Result says what became of a file.
type Result struct {
	File            string      `json:"file"`
	LoadID          int64       `json:"load_id"` // 0 on a dry run; the earlier load where AlreadyLoaded
	Table           string      `json:"table"`
	Mapping         string      `json:"mapping,omitempty"`
	RowsIn          int64       `json:"rows_in"`
	RowsLoaded      int64       `json:"rows_loaded"`
	RowsDuplicate   int64       `json:"rows_duplicate"`
	RowsQuarantined int64       `json:"rows_quarantined"`
	RowsCorrected   int64       `json:"rows_corrected"`      // rows loaded that replaced an earlier version
	Exchanges       int64       `json:"exchanges"`           // usage events made or completed from halves of exchanges
	Departments     int64       `json:"departments_created"` // departments registered from the file
	AlreadyLoaded   bool        `json:"already_loaded"`      // the same content was loaded the same way before: nothing was done
	Warnings        []lang.Text `json:"warnings,omitempty"`  // findings that stop no row
	Reader          string      `json:"reader"`              // what the file was taken for
	SHA256          string      `json:"sha256"`
}

// warn adds a finding that stops no row.
func (r *Result) warn(zh, en string) { r.Warnings = append(r.Warnings, lang.T(zh, en)) }

// Files loads the files, those named after a table in the order of the model, others as given after them. A file that fails does not keep the others from being loaded: the
// results are those of the files that were loaded, the error joins the failures, each a problem.Problem.
func Files(ctx context.Context, st *store.Store, s Settings, paths []string, o Options) ([]Result, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	known, problems := Mappings(st.Model(), s.Mappings)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	l := loader{store: st, settings: s, options: o, mappings: known}
	var results []Result
	var failures []error
	for _, path := range order(paths, o.Table, st.Model()) {
		r, err := l.file(ctx, path)
		if err != nil {
			failures = append(failures, err)
			if ctx.Err() != nil {
				break
			}
			continue
		}
		results = append(results, r)
	}
	return results, errors.Join(failures...)
}

// Mappings lists the mappings that ship with the product and those of the workspace; a workspace's mapping replaces
// the shipped one of its name. Problems of files that cannot be read as mappings are listed beside.
func Mappings(model *schema.Model, workspace fs.FS) ([]*mapping.Mapping, problem.List) {
	return mapping.Load(model, mappings.FS, workspace)
}

// CheckMapping reports every problem of a mapping file; SQL expressions are checked when a file is read with it.
func CheckMapping(name string, text []byte) problem.List {
	_, problems := mapping.Parse(name, text, schema.Default())
	return problems
}
