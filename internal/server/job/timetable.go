package job

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Task is work that the timetable starts.
type Task struct {
	Kind string // kind of the job
	// Due is the newest moment not after now at which it was due, and the next one after it. A zero moment says that
	// it was never due.
	Due func(now time.Time) (last, next time.Time, err error)
	// First says that a moment before the service's first start counts as missed.
	First bool
}

// Plan is a task with its times, for the page that shows the timetable.
type Plan struct {
	Kind       string
	Last, Next time.Time
	Error      string
}

// Timetable starts tasks when they are due. A moment that passed while the service was down is caught up once, however
// many were missed.
type Timetable struct {
	queue *Queue
	tasks []Task
	since time.Time
}

// NewTimetable makes a timetable whose history begins now.
func NewTimetable(q *Queue, tasks ...Task) *Timetable {
	return &Timetable{queue: q, tasks: tasks, since: q.clock()}
}

// Plans tells when each task was and will be due.
func (t *Timetable) Plans() []Plan {
	var plans []Plan
	for _, task := range t.tasks {
		p := Plan{Kind: task.Kind}
		var err error
		if p.Last, p.Next, err = task.Due(t.queue.clock()); err != nil {
			p.Error = err.Error()
		}
		plans = append(plans, p)
	}
	return plans
}

// Tick starts what is due and has not been started for that moment.
func (t *Timetable) Tick(ctx context.Context) error {
	var failed error
	for _, task := range t.tasks {
		last, _, err := task.Due(t.queue.clock())
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("timetable of %s: %w", task.Kind, err))
			continue
		}
		if last.IsZero() || t.started(task, last) {
			continue
		}
		key := task.Kind + "@" + last.UTC().Format(time.RFC3339)
		if _, _, err := t.queue.Add(ctx, task.Kind, struct{}{}, Schedule, key, last); err != nil {
			failed = errors.Join(failed, fmt.Errorf("timetable of %s: %w", task.Kind, err))
		}
	}
	return failed
}

// started tells whether the timetable has already started the task for this moment or a later one, even if the run
// failed: a failed run is seen on the page and repeated by hand, not every minute.
func (t *Timetable) started(task Task, due time.Time) bool {
	known := false
	for _, j := range t.queue.List() {
		if j.Kind != task.Kind || j.DueAt.IsZero() {
			continue
		}
		known = true
		if !j.DueAt.Before(due) {
			return true
		}
	}
	return !known && !task.First && due.Before(t.since)
}

// Run ticks until the context ends.
func (t *Timetable) Run(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if err := t.Tick(ctx); err != nil && ctx.Err() == nil {
			t.queue.log.Error("timetable", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// Daily is due every day at a time of day in a zone.
func Daily(hour, minute int, zone *time.Location) func(time.Time) (time.Time, time.Time, error) {
	return func(now time.Time) (time.Time, time.Time, error) {
		now = now.In(zone)
		today := time.Date(now.Year(), now.Month(), now.Day(), hour, minute, 0, 0, zone)
		if today.After(now) {
			return today.AddDate(0, 0, -1), today, nil
		}
		return today, today.AddDate(0, 0, 1), nil
	}
}

// Every is due at whole multiples of an interval where there is something to do; moments that passed are not caught
// up one by one, since the next run does it all.
func Every(interval time.Duration, something func() bool) func(time.Time) (time.Time, time.Time, error) {
	return func(now time.Time) (time.Time, time.Time, error) {
		last := now.Truncate(interval)
		if !something() {
			return time.Time{}, last.Add(interval), nil
		}
		return last, last.Add(interval), nil
	}
}
