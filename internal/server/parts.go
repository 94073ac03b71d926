package server

import (
	"context"
	"io"
	"time"

	"weir/internal/lang"
	"weir/metrics"
	"weir/queries/page"
	"weir/reports/document"
)

// Closed is one revision of a closed month.
type Closed struct {
	Month    string
	Revision int
	AsOf     time.Time
	ClosedAt time.Time
	Stamp    string
}

// Months reads closed months.
type Months interface {
	// List gives every revision of every month, oldest first.
	List(ctx context.Context) ([]Closed, error)
	// Read gives one revision; 0 is the newest.
	Read(ctx context.Context, month string, revision int) (*metrics.Month, error)
}

// Definitions gives the indicator pages.
type Definitions interface {
	// Used gives the pages in the versions that a closed month used, in the order of the catalogue.
	Used(m *metrics.Month) ([]*page.Indicator, error)
	// Versions lists every version of an indicator, oldest first.
	Versions(id string) []*page.Indicator
	IDs() []string
}

// Table is rows under named columns, as many as were asked for.
type Table struct {
	Columns []TableColumn
	Rows    [][]any
	More    bool // there are further rows
}

// TableColumn is a column with the engine's type and, where known, its meaning.
type TableColumn struct {
	Name  string
	Type  string
	Label lang.Text
}

// Rows reads rows of closed months from the lake.
type Rows interface {
	// Evidence lists the rows behind one department's figure, by the page by which it was made.
	Evidence(ctx context.Context, month string, revision int, p *page.Indicator, department string, offset, limit int) (*Table, error)
	// Query runs one of the service's own queries over the tables of a closed month.
	Query(ctx context.Context, month string, revision int, query string, parameters map[string]any) (*Table, error)
}

// Charts draws figures.
type Charts interface {
	SVG(f *document.Figure) (string, error)
}

// Load is one line of the register of loads.
type Load struct {
	ID                                int64
	File, Table, Mapping, Reader      string
	SHA256                            string
	Bytes                             int64
	StartedAt, FinishedAt             time.Time
	In, Loaded, Duplicate, Quarantine int64
}

// Quarantined is a row that could not be loaded. Raw is masked.
type Quarantined struct {
	Load     int64
	File     string
	Line     int64
	Column   string
	Code     string
	Reason   lang.Text
	Cure     lang.Text
	Raw      string
	Table    string
	Mapping  string
	Replayed int64 // load that took it after repair, 0 for none
}

// LoadResult is what one file gave.
type LoadResult struct {
	Load        int64       `json:"load_id"`
	File        string      `json:"file"`
	Table       string      `json:"table,omitempty"`
	In          int64       `json:"rows_in"`
	Loaded      int64       `json:"rows_loaded"`
	Duplicate   int64       `json:"rows_duplicate"`
	Quarantined int64       `json:"rows_quarantined"`
	Known       bool        `json:"known,omitempty"` // the same file was loaded before
	Warnings    []lang.Text `json:"warnings,omitempty"`
}

// Source says how a file is to be read.
type Source struct {
	Table   string `json:"table,omitempty"`   // one of the model's tables, "" with a mapping or where the file's name says it
	Mapping string `json:"mapping,omitempty"` // name of a mapping

	Language lang.Lang `json:"language,omitempty"` // in which a file that is refused is told so
}

// Loads takes files in.
type Loads interface {
	Ingest(ctx context.Context, path, name string, from Source, dryRun bool) (LoadResult, error)
	List(ctx context.Context, limit int) ([]Load, error)
	Quarantine(ctx context.Context, load int64, offset, limit int) ([]Quarantined, error)
	// Repair loads repaired rows, given by their line in the old file, and marks those that went in.
	Repair(ctx context.Context, load int64, repaired map[int64]string) (LoadResult, error)
	// Names lists names of departments that wait for a decision.
	Names(ctx context.Context) ([]UnknownName, error)
	Mappings() []string
}

// UnknownName is a name that files write for a department and that stands for none, or for several.
type UnknownName struct {
	Name        string
	Rows        int64
	First, Last time.Time
	Files       []string
	Nearest     []string // departments of like names: identifier and name
}

// Report is one rendered file.
type Report struct {
	Name       string // file name below the month's directory
	Kind       string // monthly_overview, department_scorecard, budget_review …
	Department string // "" for all departments
	Lang       lang.Lang
	Format     string // html, pdf, xlsx, zip …
	Bytes      int64
	Modified   time.Time
}

// Reports lists and opens rendered reports.
type Reports interface {
	List(ctx context.Context, month string) ([]Report, error)
	Open(ctx context.Context, month, name string) (io.ReadSeekCloser, Report, error)
}

// Difference is a value that a revision changed.
type Difference struct {
	Indicator, Department, Kind string
	Before, After               *float64
	StateBefore, StateAfter     string
	Cause                       string // data, rule, or both
}

// Revisions compares revisions of a month.
type Revisions interface {
	// Differences lists what a revision changed against the one before it.
	Differences(ctx context.Context, month string, revision int) ([]Difference, error)
}

// Lake reads the tables of closed months.
type Lake interface {
	Tables(month string, revision int) []string
	Read(ctx context.Context, month string, revision int, table string, offset, limit int) (*Table, error)
}
