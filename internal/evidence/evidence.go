// Package evidence lists the rows behind closed figures: it reads the Parquet files that a close left in the lake under
// the names that pages use, so that a figure is explained by the rows from which it was made, whatever has come into
// the database since.
//
// It never touches the database: neither a load nor a close that runs holds a reader up. It computes no figure and
// writes nothing.
package evidence

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"weir/internal/calendar"
	"weir/internal/evaluate"
	"weir/internal/lake"
	"weir/internal/store"
	"weir/queries/page"
)

// mostDesks is how many questions are answered at the same time, and how many desks wait for the next one.
const mostDesks = 4

// Reader answers questions on closed months. It is safe for concurrent use; close it.
type Reader struct {
	directory string
	evaluator *evaluate.Evaluator
	seats     chan struct{}

	mu     sync.Mutex
	idle   []*desk // the last used at the end
	closed bool
}

// New reads the lake of a directory. Months are judged by the evaluator's rules.
func New(directory string, e *evaluate.Evaluator) *Reader {
	return &Reader{directory: directory, evaluator: e, seats: make(chan struct{}, mostDesks)}
}

// Rows lists the rows behind the figure of one department, at most limit of them after the first offset; a limit of 0
// is none. More reports that there are further rows.
func (r *Reader) Rows(ctx context.Context, month string, revision int, p *page.Indicator, department string, offset, limit int) (rows *store.Result, more bool, err error) {
	query := p.Evidence.Text
	if limit > 0 {
		query = fmt.Sprintf("SELECT * FROM (\n%s\n) AS evidence LIMIT %d OFFSET %d", query, limit+1, offset)
	}
	rows, err = r.Query(ctx, month, revision, query, map[string]any{"department": department})
	if err != nil {
		return nil, false, fmt.Errorf("rows behind %s: %w", p.ID, err)
	}
	if limit > 0 && len(rows.Rows) > limit {
		rows.Rows, more = rows.Rows[:limit], true
	}
	return rows, more, nil
}

// Query runs a query over the tables and marts of a closed month. The parameters of the month bind by name beside those
// given. The answer is held in memory: ask for no more than is to be shown.
func (r *Reader) Query(ctx context.Context, month string, revision int, query string, further map[string]any) (*store.Result, error) {
	select {
	case r.seats <- struct{}{}:
		defer func() { <-r.seats }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	d, err := r.take(ctx, fmt.Sprintf("%s.%d", month, revision))
	if err != nil {
		return nil, err
	}
	result, err := d.query(ctx, query, further)
	if err != nil {
		// An engine that failed may be in any state.
		return nil, errors.Join(err, d.close())
	}
	return result, r.give(d)
}

// take gives a desk on which the close lies: one that waits, or a new one.
func (r *Reader) take(ctx context.Context, name string) (*desk, error) {
	r.mu.Lock()
	for i := len(r.idle) - 1; i >= 0; i-- {
		if d := r.idle[i]; d.name == name {
			r.idle = append(r.idle[:i], r.idle[i+1:]...)
			r.mu.Unlock()
			return d, nil
		}
	}
	r.mu.Unlock()
	l, err := lake.Open(r.directory)
	if err != nil {
		return nil, err
	}
	snapshot, err := l.At(name)
	if err != nil {
		return nil, fmt.Errorf("%w; restore its directory in %s from a backup, or close the month again", err, r.directory)
	}
	parameters, err := r.parameters(snapshot)
	if err != nil {
		return nil, err
	}
	return newDesk(ctx, snapshot, parameters)
}

// parameters are those by which the month was judged: whole, or as of the day for which it was closed.
func (r *Reader) parameters(s *lake.Snapshot) (map[string]any, error) {
	month, err := calendar.ParseMonth(s.Month)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return nil, err
	}
	asOf := s.AsOf
	if _, end := month.Limits(zone); asOf.Equal(end) {
		asOf = time.Time{}
	}
	return maps.Clone(r.evaluator.Parameters(month, asOf)), nil
}

// give puts a desk back; the one that has waited longest makes room.
func (r *Reader) give(d *desk) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return d.close()
	}
	r.idle = append(r.idle, d)
	if len(r.idle) <= mostDesks {
		return nil
	}
	oldest := r.idle[0]
	r.idle = r.idle[1:]
	return oldest.close()
}

// Close ends what waits; a question that is still being answered ends its own.
func (r *Reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	var err error
	for _, d := range r.idle {
		err = errors.Join(err, d.close())
	}
	r.idle = nil
	return err
}
