package runner

import (
	"fmt"
	"path/filepath"
	"time"
)

// Request is one query to run. The zero value of each part has a stated meaning.
type Request struct {
	SQL        string         `json:"sql"`
	Parameters map[string]any `json:"-"` // values by name: see Parameter
	Source     Source         `json:"source"`
	Limits     Limits         `json:"limits"`
	Format     Format         `json:"format"` // of Stream; Query and Plan do not use it

	// Reproducible refuses functions whose answer changes with the clock, with chance or by estimation.
	Reproducible bool `json:"reproducible"`
}

// Source is what a query may read: views over a database, over files, or over both. Without views nothing is read.
type Source struct {
	Database string   `json:"database"` // DuckDB file, attached read-only as workspace; "" for none
	Files    []string `json:"files"`    // files that views read with read_parquet
	// Directories hold files of the list and nothing that is not published: the kernel is told of them instead of each
	// file, which is faster for thousands. The engine still opens only the files.
	Directories []string `json:"directories"`
	Views       []View   `json:"views"` // what is published, under the names that queries use

	Functions []Function `json:"functions"` // macros that queries may call besides the engine's functions
	TimeZone  string     `json:"time_zone"`
}

// View is a published table. Its SQL is the host's, not the user's: it reads workspace.<table> or read_parquet([…]).
type View struct {
	Name string `json:"name"`
	SQL  string `json:"sql"`
	Else string `json:"else,omitempty"` // used where SQL names a table that does not exist; "" where that is an error
}

// Function is a published macro. Its SQL is a CREATE MACRO of the host.
type Function struct {
	Name  string   `json:"name"`
	SQL   string   `json:"sql"`
	Reads []string `json:"reads,omitempty"` // views that its SQL names
}

// Limits bound one query. A zero field takes the value of DefaultLimits.
type Limits struct {
	Time     time.Duration `json:"time"`      // from the start of the child to the last row
	Memory   int64         `json:"memory"`    // bytes that the engine may use; the process as a whole gets half as much again and 384 MiB
	TempDisk int64         `json:"temp_disk"` // bytes that may be spilled
	Rows     int64         `json:"rows"`      // rows of the answer; what is beyond is cut and the cut is stated
	Bytes    int64         `json:"bytes"`     // bytes of the answer; an answer that is larger fails
	Threads  int           `json:"threads"`
	Length   int           `json:"length"` // bytes of the text
}

// DefaultLimits serve a person at a screen on a shared machine.
func DefaultLimits() Limits {
	return Limits{Time: 30 * time.Second, Memory: 1 << 30, TempDisk: 2 << 30, Rows: 10_000, Bytes: 256 << 20, Threads: 2, Length: 100_000}
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	if l.Time == 0 {
		l.Time = d.Time
	}
	if l.Memory == 0 {
		l.Memory = d.Memory
	}
	if l.TempDisk == 0 {
		l.TempDisk = d.TempDisk
	}
	if l.Rows == 0 {
		l.Rows = d.Rows
	}
	if l.Bytes == 0 {
		l.Bytes = d.Bytes
	}
	if l.Threads == 0 {
		l.Threads = d.Threads
	}
	if l.Length == 0 {
		l.Length = d.Length
	}
	return l
}

// processMemory is what the child may have as a whole: the engine's limit does not count single calls, the rows of
// the answer and the program itself.
func (l Limits) processMemory() int64 { return l.Memory + l.Memory/2 + 384<<20 }

// Format is the form of a streamed answer.
type Format string

// The formats of Stream.
const (
	Arrow   Format = "arrow" // Arrow IPC stream
	CSV     Format = "csv"   // UTF-8 with a header
	JSON    Format = "json"  // array of objects
	Parquet Format = "parquet"
)

func (f Format) valid() bool {
	switch f {
	case Arrow, CSV, JSON, Parquet:
		return true
	}
	return false
}

// absolute makes the paths of a source absolute, since the child works in a directory of its own.
func (s Source) absolute() (Source, error) {
	if s.Database != "" {
		path, err := filepath.Abs(s.Database)
		if err != nil {
			return s, err
		}
		s.Database = path
	}
	for _, f := range s.Files {
		if !filepath.IsAbs(f) {
			return s, fmt.Errorf("file %s of a source is not an absolute path", f)
		}
	}
	return s, nil
}
