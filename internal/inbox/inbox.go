// Package inbox takes in the files that are dropped into a folder: each once, when it is whole, by the mapping that its
// folder, a rule, its name or its content says, and moves it aside, with a log of what became of it.
//
// Nothing is overwritten and nothing is deleted. A file that cannot be loaded goes to rejected/ with the reason beside
// it; what is not the file's fault, such as a full disk, leaves it where it is. A crash between load and move does no
// harm: the file is found again, known as loaded, and moved.
package inbox

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"weir/ingest"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
)

// Folders inside the inbox to which files are moved, each with a folder for the day.
const (
	doneFolder     = "done"
	rejectedFolder = "rejected"
)

// Settle is how long a file must have been left alone before it is taken for whole, where nothing else is said.
const Settle = 10 * time.Second

// Rule says how files of a name are read.
type Rule struct {
	Files   string // pattern of names, as path.Match reads it
	Table   string // of the event model, "" with a mapping
	Mapping string
}

// Inbox is a folder that is looked after.
type Inbox struct {
	Dir      string // the folder
	Log      string // file to which a line of JSON is written for every file; "" for none
	Store    *store.Store
	Settings ingest.Settings
	Rules    []Rule           // tried in order, after the folder's name and before the file's
	Settle   time.Duration    // how long a file must have been left alone; 0 takes all
	Now      func() time.Time // nil is time.Now
	Language lang.Lang        // of the reasons why files were not loaded
}

// State is what became of a file.
type State string

// The states.
const (
	Loaded   State = "loaded"   // it is in, apart from rows in quarantine
	Known    State = "known"    // the same content was loaded before
	Rejected State = "rejected" // it cannot be loaded
	Kept     State = "kept"     // it stays for the next time: the fault is not its own, or it changed meanwhile
)

// Outcome is what became of one file.
type Outcome struct {
	At          time.Time `json:"at"`   // UTC
	File        string    `json:"file"` // below the inbox
	State       State     `json:"state"`
	LoadID      int64     `json:"load_id,omitempty"`
	Table       string    `json:"table,omitempty"`
	Mapping     string    `json:"mapping,omitempty"`
	Reader      string    `json:"reader,omitempty"`
	SHA256      string    `json:"sha256,omitempty"`
	In          int64     `json:"rows_in"`
	Loaded      int64     `json:"rows_loaded"`
	Duplicate   int64     `json:"rows_duplicate"`
	Quarantined int64     `json:"rows_quarantined"`
	MovedTo     string    `json:"moved_to,omitempty"` // below the inbox
	Reason      string    `json:"reason,omitempty"`
}

// busy holds a lock for each inbox of this process. The database keeps other processes out.
var busy sync.Map

// Take loads every file that is whole and gives what became of each. Departments and other tables that rows refer to
// go first. The error is of the inbox itself, such as a folder that cannot be read; files that are rejected are none.
func (b *Inbox) Take(ctx context.Context) ([]Outcome, error) {
	if b.Now == nil {
		b.Now = time.Now
	}
	key, err := filepath.Abs(b.Dir)
	if err != nil {
		return nil, err
	}
	lock, _ := busy.LoadOrStore(key, &sync.Mutex{})
	lock.(*sync.Mutex).Lock()
	defer lock.(*sync.Mutex).Unlock()
	files, err := b.Waiting()
	if err != nil || len(files) == 0 {
		return nil, err
	}
	known, problems := ingest.Mappings(b.Store.Model(), b.Settings.Mappings)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	var mappings []string
	for _, m := range known {
		mappings = append(mappings, m.ID)
	}
	var outcomes []Outcome
	for _, file := range ingest.Order(files, b.Store.Model()) {
		if ctx.Err() != nil {
			return outcomes, ctx.Err()
		}
		o, err := b.take(ctx, file, b.options(file, mappings))
		if o.State != "" {
			outcomes = append(outcomes, o)
		}
		if err != nil {
			return outcomes, err
		}
	}
	return outcomes, nil
}

// Waiting lists the files that are whole and have not been taken, in the order of their names.
func (b *Inbox) Waiting() ([]string, error) {
	now := b.Now
	if now == nil {
		now = time.Now
	}
	var files []string
	err := filepath.WalkDir(b.Dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && path != b.Dir:
			return nil // moved away since the folder was read
		case err != nil:
			return err
		case d.IsDir():
			if path != b.Dir && (hidden(d.Name()) || filepath.Dir(path) == b.Dir && slices.Contains(asideFolders, d.Name())) {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular() || unfinished(d.Name()):
			return nil
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if b.Settle == 0 || now().Sub(lastChange(info)) >= b.Settle {
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// asideFolders hold what was taken; failed is what rejected was called before.
var asideFolders = []string{doneFolder, rejectedFolder, "failed"}

func hidden(name string) bool { return strings.HasPrefix(name, ".") }

// unfinished tells of names that copying programs, browsers and editors give to files that are not whole yet, of locks,
// and of documents that lie beside data.
func unfinished(name string) bool {
	if hidden(name) || strings.HasPrefix(name, "~") || strings.HasSuffix(name, "~") {
		return true
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download", ".swp", ".lock", ".md", ".yaml", ".yml":
		return true
	}
	return false
}

// options say how a file is read: by its folder, named after a mapping or a table, by a rule, or else by its own name
// and content.
func (b *Inbox) options(file string, mappings []string) ingest.Options {
	o := ingest.Options{Now: b.Now}
	if folder := filepath.Base(filepath.Dir(file)); filepath.Dir(file) != filepath.Clean(b.Dir) {
		if slices.Contains(mappings, folder) {
			o.Mapping = folder
			return o
		}
		if _, ok := b.Store.Model().Table(folder); ok {
			o.Table = folder
			return o
		}
	}
	for _, r := range b.Rules {
		if ok, err := filepath.Match(r.Files, filepath.Base(file)); err == nil && ok {
			o.Table, o.Mapping = r.Table, r.Mapping
			return o
		}
	}
	return o
}

// take loads one file, moves it and writes the log.
func (b *Inbox) take(ctx context.Context, file string, options ingest.Options) (Outcome, error) {
	name, err := filepath.Rel(b.Dir, file)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{At: b.Now().UTC(), File: filepath.ToSlash(name)}
	before, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return o, nil // taken away since
	}
	if err != nil {
		return o, err
	}
	results, failure := ingest.Files(ctx, b.Store, b.Settings, []string{file}, options)
	if failure == nil {
		r := results[0]
		o.State, o.LoadID, o.Table, o.Mapping, o.Reader, o.SHA256 = Loaded, r.LoadID, r.Table, r.Mapping, r.Reader, r.SHA256
		o.In, o.Loaded, o.Duplicate, o.Quarantined = r.RowsIn, r.RowsLoaded, r.RowsDuplicate, r.RowsQuarantined
		if r.AlreadyLoaded {
			o.State = Known
		}
	} else {
		o.State, o.Reason = Rejected, strings.ReplaceAll(problem.In(failure, b.Language), file, o.File)
		if !ingest.FaultOfFile(failure) || ctx.Err() != nil {
			o.State = Kept
		}
	}
	after, err := os.Stat(file)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return o, err
	case err != nil:
		o.Reason = b.Language.Pick("装入时文件被取走", "the file was taken away while it was loaded")
	case o.State != Kept && (after.Size() != before.Size() || lastChange(after) != lastChange(before)):
		// What was read is loaded; the whole is loaded next time, when what is in already counts as duplicate.
		o.State, o.Reason = Kept, b.Language.Pick("装入时文件发生变化，待其稳定后再次装入", "the file changed while it was loaded; it is loaded again when it has settled")
	case o.State != Kept:
		if o.MovedTo, err = b.move(file, o); err != nil {
			return o, err
		}
	}
	return o, b.write(o)
}
