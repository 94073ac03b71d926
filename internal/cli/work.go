package cli

import (
	"context"
	"errors"
	"time"

	"weir/ingest"
	"weir/internal/calendar"
	"weir/internal/publish"
	"weir/internal/server"
	"weir/internal/server/backend"
	"weir/internal/server/job"
	"weir/internal/server/keep"
	"weir/internal/store"
	"weir/internal/workspace"
)

// work is what the jobs of the service do.
func (e *env) work(w *workspace.Workspace, s *store.Store, loads *backend.Loads, keeper *keep.Keeper, closed func()) (server.Work, error) {
	closer, err := closerOf(w, s)
	if err != nil {
		return server.Work{}, err
	}
	// The typesetter's process ends with this one, which closes its input.
	publisher, _, err := publisherOf(w, s)
	if err != nil {
		return server.Work{}, err
	}
	j := &jobs{env: e, workspace: w, store: s, loads: loads, keeper: keeper, publisher: publisher}
	work := server.Work{Loads: loads, Backup: j.backup, Inbox: j.inbox, Retention: j.retention}
	work.Close = func(ctx context.Context, month, asOf string) (any, error) {
		m, err := calendar.ParseMonth(month)
		if err != nil {
			return nil, err
		}
		summary, err := closer.Close(ctx, m, asOf)
		if err != nil {
			return nil, err
		}
		closed()
		return map[string]any{"month": summary.Month, "revision": summary.Revision, "stamp": summary.Stamp, "unchanged": summary.Unchanged, "values": summary.Values,
			"departments": summary.Departments, "indicators": summary.Indicators, "changes": len(summary.Changes), "notes": summary.Notes}, nil
	}
	work.Render = j.render
	work.Month = func(ctx context.Context) (any, error) {
		month, _, err := dueMonth(w, now().In(w.Config.Location()))
		if err != nil {
			return nil, err
		}
		one := *e
		one.ctx = ctx
		r := newMonthRun(&one, w, s, month)
		r.publisher = publisher
		err = r.do()
		closed()
		return r.log, err
	}
	return work, nil
}

// jobs holds what the jobs share.
type jobs struct {
	env       *env
	workspace *workspace.Workspace
	store     *store.Store
	loads     *backend.Loads
	keeper    *keep.Keeper
	publisher *publish.Publisher
}

// render writes the reports of a month that the configuration asks for, with their index, and what the scheduled
// notebooks give. A notebook that fails leaves the reports where they are.
func (j *jobs) render(ctx context.Context, month string) (any, error) {
	e := *j.env
	e.ctx = ctx
	out, _, err := e.renderReports(j.workspace, j.store, j.publisher, monthOrder(j.workspace, month))
	files := []string{}
	if err != nil {
		return files, err
	}
	filed, _, err := e.fileNotebooks(j.workspace, j.store, j.publisher, month)
	for _, f := range append(out.Files, filed.Files...) {
		files = append(files, f.Name)
	}
	return files, err
}

// inbox takes in the files that were dropped. Those that cannot be loaded fail the job, so that somebody looks.
func (j *jobs) inbox(ctx context.Context) (any, error) {
	outcomes, err := inboxOf(j.workspace, j.store, j.loads.Settings).Take(ctx)
	return outcomes, errors.Join(err, inboxFailures(outcomes))
}

// retention forgets what is older than the configuration keeps.
func (j *jobs) retention(ctx context.Context) (any, error) {
	days := j.workspace.Config.Server.Schedule.RetentionDays
	if days == 0 {
		return nil, nil
	}
	before := now().AddDate(0, 0, -days)
	return map[string]string{"before": before.Format(time.DateOnly)}, j.keeper.Forget(ctx, before)
}

// timetableOf reads the schedule of the configuration.
func timetableOf(w *workspace.Workspace, q *job.Queue, c *calendar.Calendar) (*job.Timetable, error) {
	o, zone := w.Config.Server.Schedule, w.Config.Location()
	var tasks []job.Task
	if o.Month != "" {
		day, hour, minute, err := workspace.MonthRule(o.Month)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, job.Task{Kind: server.KindMonth, Due: monthEnd(c, day, hour, minute, zone)})
	}
	if o.Backup != "" {
		hour, minute, err := workspace.TimeOfDay(o.Backup)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, job.Task{Kind: server.KindBackup, Due: job.Daily(hour, minute, zone)})
	}
	if o.InboxMinutes > 0 {
		tasks = append(tasks, job.Task{Kind: server.KindInbox, First: true, Due: job.Every(time.Duration(o.InboxMinutes)*time.Minute, inboxHolds(w))})
	}
	if o.RetentionDays > 0 {
		tasks = append(tasks, job.Task{Kind: server.KindRetention, Due: job.Daily(3, 30, zone)})
	}
	return job.NewTimetable(q, tasks...), nil
}

// inboxHolds tells whether a file waits in the inbox, so that no job is made for an empty one.
func inboxHolds(w *workspace.Workspace) func() bool {
	return func() bool {
		files, err := inboxOf(w, nil, ingest.Settings{}).Waiting()
		return err == nil && len(files) > 0
	}
}

// monthEnd is due on a working day after each month's end.
func monthEnd(c *calendar.Calendar, day, hour, minute int, zone *time.Location) func(time.Time) (time.Time, time.Time, error) {
	of := func(m calendar.Month) (time.Time, error) {
		due, err := c.Due(m.Day().AddDate(0, 0, -1), day)
		if err != nil {
			return time.Time{}, err
		}
		return time.Date(due.Year(), due.Month(), due.Day(), hour, minute, 0, 0, zone), nil
	}
	return func(now time.Time) (last, next time.Time, err error) {
		month := calendar.MonthOf(now.In(zone))
		for _, m := range []calendar.Month{month.Add(-1), month, month.Add(1)} {
			due, err := of(m)
			if err != nil && !last.IsZero() {
				return last, next, nil // what comes after is not announced yet
			}
			if err != nil {
				return last, next, err
			}
			if due.After(now) {
				return last, due, nil
			}
			last = due
		}
		return last, next, nil
	}
}
