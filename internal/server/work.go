package server

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"

	"weir/internal/server/job"
)

// Work is what jobs do, handed in by the wiring. A function that is nil has no kind of job.
type Work struct {
	Loads     Loads
	Close     func(ctx context.Context, month, asOf string) (any, error)
	Render    func(ctx context.Context, month string) (any, error)
	Month     func(ctx context.Context) (any, error) // month-end: inbox, close, reports, where one is due
	Inbox     func(ctx context.Context) (any, error) // files that were dropped
	Backup    func(ctx context.Context) (any, error)
	Retention func(ctx context.Context) (any, error)
}

// Names of the kinds that the timetable starts.
const (
	KindMonth     = "month"
	KindInbox     = "inbox"
	KindBackup    = "backup"
	KindRetention = "retention"
)

// Kinds lists the kinds of jobs. All of them may be run again after a crash: a load is wholly in or wholly out, a
// close under the same stamp makes no revision, a report is put in place whole.
func Kinds(w Work) []job.Kind {
	plain := func(name string, f func(context.Context) (any, error)) job.Kind {
		return job.Kind{Name: name, Resume: true, Run: func(ctx context.Context, _ job.Job) (any, error) { return f(ctx) }, After: freeMemory}
	}
	var kinds []job.Kind
	if w.Loads != nil {
		kinds = append(kinds, job.Kind{Name: kindIngest, Resume: true, Run: w.ingest, After: forgetUpload}, job.Kind{Name: kindRepair, Resume: true, Run: w.repair})
	}
	if w.Close != nil {
		kinds = append(kinds, job.Kind{Name: kindClose, Resume: true, Run: func(ctx context.Context, j job.Job) (any, error) {
			var a closeArgument
			if err := json.Unmarshal(j.Argument, &a); err != nil {
				return nil, err
			}
			return w.Close(ctx, a.Month, a.AsOf)
		}, After: freeMemory})
	}
	if w.Render != nil {
		kinds = append(kinds, job.Kind{Name: kindReport, Resume: true, Run: func(ctx context.Context, j job.Job) (any, error) {
			var a closeArgument
			if err := json.Unmarshal(j.Argument, &a); err != nil {
				return nil, err
			}
			return w.Render(ctx, a.Month)
		}, After: freeMemory})
	}
	for _, k := range []struct {
		name string
		run  func(context.Context) (any, error)
	}{{KindMonth, w.Month}, {KindInbox, w.Inbox}, {KindBackup, w.Backup}, {KindRetention, w.Retention}} {
		if k.run != nil {
			kinds = append(kinds, plain(k.name, k.run))
		}
	}
	return kinds
}

// freeMemory gives back what a job took that holds whole months or documents; the runtime would keep it for the next
// one, which may be a month away.
func freeMemory(job.Job) error {
	debug.FreeOSMemory()
	return nil
}

// ingest loads an uploaded file. After a crash it is run again: the same file twice is loaded once.
func (w Work) ingest(ctx context.Context, j job.Job) (any, error) {
	var a ingestArgument
	if err := json.Unmarshal(j.Argument, &a); err != nil {
		return nil, err
	}
	result, err := w.Loads.Ingest(ctx, a.Path, a.Name, a.Source, a.DryRun)
	if err != nil {
		return nil, err
	}
	return result, nil
}

// forgetUpload removes the file of a load that is over. Before that is recorded it may be needed at the next start.
func forgetUpload(j job.Job) error {
	var a ingestArgument
	if err := json.Unmarshal(j.Argument, &a); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Dir(a.Path))
}

func (w Work) repair(ctx context.Context, j job.Job) (any, error) {
	var a repairArgument
	if err := json.Unmarshal(j.Argument, &a); err != nil {
		return nil, err
	}
	return w.Loads.Repair(ctx, a.Load, a.Rows)
}
