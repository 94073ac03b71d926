// Package job runs what takes longer than a request, one after the other, since the database has one writer: loads,
// closes, reports, backups. A job is recorded before it starts and after it ends, so that one that a crash interrupts
// is seen and, where its kind allows, started again. What a job does is handed in as a function; the package knows
// no files, months or tables.
package job

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// State is where a job stands.
type State string

// The states.
const (
	Queued      State = "queued"
	Running     State = "running"
	Done        State = "done"
	Failed      State = "failed"
	Interrupted State = "interrupted" // the service ended while it ran, and its kind is not started again
)

// Job is one piece of work.
type Job struct {
	ID         int64           `json:"job_id"`
	Kind       string          `json:"kind"`
	Argument   json.RawMessage `json:"argument"`
	By         string          `json:"requested_by"` // user, or Schedule
	Key        string          `json:"key,omitempty"`
	State      State           `json:"state"`
	DueAt      time.Time       `json:"due_at,omitzero"` // of a run by the timetable
	QueuedAt   time.Time       `json:"queued_at"`
	StartedAt  time.Time       `json:"started_at,omitzero"`
	FinishedAt time.Time       `json:"finished_at,omitzero"`
	Result     json.RawMessage `json:"result,omitempty"`
	Error      string          `json:"error,omitempty"`
}

// Over tells whether the job has ended.
func (j Job) Over() bool { return j.State != Queued && j.State != Running }

// Schedule is the requester of what the timetable starts.
const Schedule = "schedule"

// Kind is a sort of work.
type Kind struct {
	Name string
	// Run does it. The context ends when the service stops; a run that it ends must leave nothing half-done.
	Run func(ctx context.Context, j Job) (result any, err error)
	// Resume says that a run which a crash or a stop ended is started again.
	Resume bool
	// After clears away what a job needed, once it is recorded that the job is over; nil for nothing. A crash may come
	// in between.
	After func(j Job) error
}

// Keeper stores jobs.
type Keeper interface {
	SaveJob(ctx context.Context, j Job) error
	// Jobs gives the newest jobs, newest first, and every job that is not over.
	Jobs(ctx context.Context, limit int) ([]Job, error)
}

// Errors of the queue.
var (
	ErrBusy    = errors.New("too much is waiting already; try again later")
	ErrUnknown = errors.New("there is no such job")
)

// MostQueued is how many jobs may wait; beyond it callers are asked to come back.
const MostQueued = 64

const keptInMemory = 500

// Queue runs jobs one after the other.
type Queue struct {
	keeper Keeper
	log    *slog.Logger
	now    func() time.Time
	kinds  map[string]Kind

	mu      sync.Mutex
	jobs    []Job // newest last
	next    int64
	changed chan struct{} // closed and replaced at each change
	stopped bool
}

// NewQueue reads what was left from before. Register the kinds before Start.
func NewQueue(ctx context.Context, k Keeper, log *slog.Logger, now func() time.Time, kinds ...Kind) (*Queue, error) {
	if now == nil {
		now = time.Now
	}
	q := &Queue{keeper: k, log: log, now: now, kinds: map[string]Kind{}, changed: make(chan struct{}), next: 1}
	for _, kind := range kinds {
		q.kinds[kind.Name] = kind
	}
	jobs, err := k.Jobs(ctx, keptInMemory)
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	slices.SortFunc(jobs, func(a, b Job) int { return cmp.Compare(a.ID, b.ID) })
	q.jobs = jobs
	for i := range q.jobs {
		j := &q.jobs[i]
		q.next = max(q.next, j.ID+1)
		if j.State != Running {
			continue
		}
		j.State, j.Error = Interrupted, "the service ended while the job ran"
		j.FinishedAt = q.clock()
		if q.kinds[j.Kind].Resume {
			j.State, j.Error, j.FinishedAt, j.StartedAt = Queued, "", time.Time{}, time.Time{}
		}
		if err := k.SaveJob(ctx, *j); err != nil {
			return nil, fmt.Errorf("jobs: %w", err)
		}
	}
	return q, nil
}

func (q *Queue) clock() time.Time { return q.now().UTC().Truncate(time.Microsecond) }

// Add puts a job at the end of the queue. A key that an earlier job of the kind had, and that did not fail, gives
// that job instead, with added false: the same request twice is done once.
func (q *Queue) Add(ctx context.Context, kind string, argument any, by, key string, due time.Time) (_ Job, added bool, err error) {
	if _, ok := q.kinds[kind]; !ok {
		return Job{}, false, fmt.Errorf("job kind %q is not known", kind)
	}
	text, err := json.Marshal(argument)
	if err != nil {
		return Job{}, false, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := 0
	for i := len(q.jobs) - 1; i >= 0; i-- {
		j := q.jobs[i]
		if key != "" && j.Key == key && j.Kind == kind && j.State != Failed && j.State != Interrupted {
			return j, false, nil
		}
		if !j.Over() {
			waiting++
		}
	}
	if waiting >= MostQueued || q.stopped {
		return Job{}, false, ErrBusy
	}
	j := Job{ID: q.next, Kind: kind, Argument: text, By: by, Key: key, State: Queued, DueAt: due, QueuedAt: q.clock()}
	if err := q.keeper.SaveJob(ctx, j); err != nil {
		return Job{}, false, err
	}
	q.next++
	q.jobs = append(q.jobs, j)
	q.trim()
	q.signal()
	return j, true, nil
}

// trim forgets old jobs that are over; the keeper still has them.
func (q *Queue) trim() {
	for len(q.jobs) > keptInMemory && q.jobs[0].Over() {
		q.jobs = q.jobs[1:]
	}
}

func (q *Queue) signal() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// List gives the newest jobs first.
func (q *Queue) List() []Job {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := slices.Clone(q.jobs)
	slices.Reverse(list)
	return list
}

// Find gives one job.
func (q *Queue) Find(id int64) (Job, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := q.index(id)
	if i < 0 {
		return Job{}, fmt.Errorf("job %d: %w", id, ErrUnknown)
	}
	return q.jobs[i], nil
}

func (q *Queue) index(id int64) int {
	return slices.IndexFunc(q.jobs, func(j Job) bool { return j.ID == id })
}

// Wait waits until the job is over or the context ends, and gives it as it is then.
func (q *Queue) Wait(ctx context.Context, id int64) (Job, error) {
	for {
		q.mu.Lock()
		i, changed := q.index(id), q.changed
		if i < 0 {
			q.mu.Unlock()
			return Job{}, fmt.Errorf("job %d: %w", id, ErrUnknown)
		}
		j := q.jobs[i]
		q.mu.Unlock()
		if j.Over() {
			return j, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return j, nil
		}
	}
}

// Waiting counts the jobs that are not over.
func (q *Queue) Waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for _, j := range q.jobs {
		if !j.Over() {
			n++
		}
	}
	return n
}

// Run works the queue until the context ends. The job that runs then is given grace to end by itself, and is
// cancelled after it; what can be resumed stays queued for the next start.
func (q *Queue) Run(ctx context.Context, grace time.Duration) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	defer stop()
	for {
		q.mu.Lock()
		i := slices.IndexFunc(q.jobs, func(j Job) bool { return j.State == Queued })
		changed := q.changed
		var j Job
		if i >= 0 {
			j = q.jobs[i]
		}
		q.mu.Unlock()
		if ctx.Err() != nil {
			q.mu.Lock()
			q.stopped = true
			q.mu.Unlock()
			return
		}
		if i < 0 {
			select {
			case <-changed:
			case <-ctx.Done():
			}
			continue
		}
		q.run(work, j)
	}
}

func (q *Queue) run(ctx context.Context, j Job) {
	j.State, j.StartedAt = Running, q.clock()
	if !q.record(ctx, j) {
		// What cannot be recorded is not done. The pause keeps a full disk from becoming a busy loop.
		time.Sleep(time.Second)
		return
	}
	result, err := q.guarded(ctx, j)
	j.FinishedAt = q.clock()
	switch {
	case ctx.Err() != nil && err != nil && q.kinds[j.Kind].Resume:
		j.State, j.StartedAt, j.FinishedAt = Queued, time.Time{}, time.Time{}
	case ctx.Err() != nil && err != nil:
		j.State, j.Error = Interrupted, "the service was stopped while the job ran"
	case err != nil:
		j.State, j.Error = Failed, err.Error()
	default:
		j.State = Done
	}
	if result != nil {
		if j.Result, err = json.Marshal(result); err != nil {
			q.log.Error("result of a job", "job", j.ID, "kind", j.Kind, "error", err)
		}
	}
	q.record(context.WithoutCancel(ctx), j)
	if after := q.kinds[j.Kind].After; after != nil && j.Over() {
		if err := after(j); err != nil {
			q.log.Error("after a job", "job", j.ID, "kind", j.Kind, "error", err)
		}
	}
	q.log.Info("job", "job", j.ID, "kind", j.Kind, "state", j.State, "by", j.By, "error", j.Error, "seconds", q.clock().Sub(j.QueuedAt).Seconds())
}

// guarded turns a panic of a job into its failure: one broken file must not end the service.
func (q *Queue) guarded(ctx context.Context, j Job) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
			q.log.Error("panic in a job", "job", j.ID, "kind", j.Kind, "panic", fmt.Sprint(p))
		}
	}()
	return q.kinds[j.Kind].Run(ctx, j)
}

// record saves the job's new state and tells those who wait.
func (q *Queue) record(ctx context.Context, j Job) bool {
	err := q.keeper.SaveJob(ctx, j)
	if err != nil {
		q.log.Error("a job cannot be recorded", "job", j.ID, "kind", j.Kind, "state", j.State, "error", err)
		if j.State == Running {
			return false
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := q.index(j.ID); i >= 0 {
		q.jobs[i] = j
	}
	q.signal()
	return true
}
