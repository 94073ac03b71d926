package closing

import (
	"context"
	"errors"
	"fmt"

	"weir/internal/evidence"
	"weir/internal/store"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

// Step is an indicator by which a department can gain points, with the cases behind the loss.
type Step struct {
	scoring.Improvement
	Page  *page.Indicator
	Value metrics.Value
	// Failing is the number of cases that cost the points, such as overdue requests; nil where the figure has none.
	Failing *int64
	// Evidence lists the first of them, those at fault before the others.
	Evidence *store.Result
	More     bool // there are further rows
}

// Improve ranks the indicators of a closed month by the points that a department can still gain. At most limit rows
// are listed behind each of the first detailed ones, 0 for all; they are those from which the figure was made, as in Explain.
func (c *Closer) Improve(ctx context.Context, department, month string, detailed, limit int) (_ *metrics.Month, steps []Step, err error) {
	m, err := Read(ctx, c.store, month)
	if err != nil {
		return nil, nil, err
	}
	r, ok := m.Score(department)
	if !ok || !r.Total.Scored {
		return m, nil, fmt.Errorf("department %q has no score in %s", department, m.Month)
	}
	reader := evidence.New(c.lake, c.evaluator)
	defer func() { err = errors.Join(err, reader.Close()) }()
	for i, improvement := range m.Scheme.Improvements(r) {
		v, _ := m.Find(improvement.Indicator, department)
		step := Step{Improvement: improvement, Value: v}
		if step.Page, err = c.pageOf(improvement.Indicator, v.Version, m.Month); err != nil {
			return m, nil, err
		}
		step.Failing = failing(step.Page, v)
		if i < detailed && v.State == scoring.HasValue {
			if step.Evidence, step.More, err = reader.Rows(ctx, m.Month, m.Revision, step.Page, department, 0, rowsAtFault(step.Failing, limit)); err != nil {
				return m, nil, err
			}
			switch {
			case step.Failing == nil:
				step.More = !cutWhereMarkChanges(step.Evidence) && step.More
			case *step.Failing > 0:
				step.More = int64(len(step.Evidence.Rows)) < *step.Failing
			}
		}
		steps = append(steps, step)
	}
	return m, steps, nil
}

// failing counts the cases of a proportion that are not as they should be.
func failing(p *page.Indicator, v metrics.Value) *int64 {
	if p.Kind != page.Proportion || v.State != scoring.HasValue || v.Numerator == nil || v.Denominator == nil {
		return nil
	}
	n := int64(*v.Denominator - *v.Numerator)
	if p.Direction == page.Lower {
		n = int64(*v.Numerator)
	}
	return &n
}

// rowsAtFault cuts the evidence to the cases at fault, which a page lists first.
func rowsAtFault(failing *int64, limit int) int {
	if failing == nil || *failing == 0 {
		return limit
	}
	if limit == 0 || *failing < int64(limit) {
		return int(*failing)
	}
	return limit
}

// cutWhereMarkChanges keeps the rows up to where the mark by which they are sorted changes: pages list what is at fault
// first, such as resources that are dormant before those that are not. It reports whether it cut.
func cutWhereMarkChanges(r *store.Result) bool {
	for column := range r.Columns {
		change, sorted := 0, len(r.Rows) > 0
		for i := range r.Rows {
			if _, ok := r.Rows[i][column].(bool); !ok {
				sorted = false
				break
			}
			if i > 0 && r.Rows[i][column] != r.Rows[i-1][column] {
				if change > 0 {
					sorted = false
					break
				}
				change = i
			}
		}
		if sorted && change > 0 {
			r.Rows = r.Rows[:change]
			return true
		}
	}
	return false
}

// pageOf is the version of a page by which a month was closed.
func (c *Closer) pageOf(indicator string, version int, month string) (*page.Indicator, error) {
	for _, p := range c.rules.Pages.Versions(indicator) {
		if p.Version == version {
			return p, nil
		}
	}
	return nil, fmt.Errorf("version %d of %s, by which %s was closed, is no longer among the pages; put it back", version, indicator, month)
}
