// Package closing closes months (月结): it evaluates every indicator, scores the departments, freezes all of it
// under one stamp as a revision that never changes, and writes the month to the lake.
//
// It knows how a month becomes fixed and what changed between revisions. What an indicator means stands in its
// page, how points come about in metrics/scoring; no report is made here.
package closing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"weir/internal/calendar"
	"weir/internal/evaluate"
	"weir/internal/store"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

// Rules are all that decides a figure besides the data.
type Rules struct {
	Pages    *page.Set
	Settings evaluate.Settings
	Calendar *calendar.Calendar // nil is that of mainland China
	Bands    scoring.Bands
	LeakCap  string // best grade open to a department with a confirmed leak in the last twelve months; "" for none
	// Uncertainty steers the simulations behind intervals of scores and ranks; its zero value means the defaults.
	Uncertainty Uncertainty
	// Integrity holds the limits beyond which records are flagged; its zero value flags nothing.
	Integrity Integrity
}

// Closer closes months of one store.
type Closer struct {
	store     *store.Store
	rules     Rules
	lake      string // directory of the lake
	zone      *time.Location
	evaluator *evaluate.Evaluator
	now       func() time.Time
}

// New makes a closer that writes its lake into a directory; now is the clock of the records.
func New(s *store.Store, rules Rules, lake string, now func() time.Time) (*Closer, error) {
	zone, err := time.LoadLocation(s.TimeZone())
	if err != nil {
		return nil, err
	}
	rules.Uncertainty = rules.Uncertainty.orDefault()
	if err := errors.Join(rules.Uncertainty.Validate(), rules.Integrity.Validate(), rules.Integrity.known(rules.Pages)); err != nil {
		return nil, err
	}
	evaluator, err := evaluate.New(s, rules.Pages, rules.Settings, rules.Calendar)
	if err != nil {
		return nil, err
	}
	return &Closer{store: s, rules: rules, lake: lake, zone: zone, evaluator: evaluator, now: now}, nil
}

// Summary is what a close did.
type Summary struct {
	Month    string
	Revision int
	Stamp    string
	// Unchanged says that the newest revision already holds this month under the same stamp, so that none was made.
	Unchanged   bool
	AsOf        time.Time
	Departments int
	Indicators  int
	Values      int // rows with a value
	Built       []evaluate.Built
	Notes       []string
	Changes     []Change // against the revision before; empty for the first
}

// Close computes a month and freezes it. day is the last day known, "" for a month that is over.
func (c *Closer) Close(ctx context.Context, month calendar.Month, day string) (_ *Summary, err error) {
	p := periodOf(month, c.zone)
	asOf, err := p.asOf(day, c.now(), c.zone)
	if err != nil {
		return nil, err
	}
	session, err := c.open(ctx, p, day, asOf)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	draft, err := c.compute(ctx, session, p)
	if err != nil {
		return nil, err
	}
	cover, err := c.cover(ctx, session, asOf, day, draft.frozen)
	if err != nil {
		return nil, err
	}
	if err := c.score(ctx, session, draft, cover.seed()); err != nil {
		return nil, err
	}
	summary := &Summary{Month: month.String(), Stamp: cover.stamp(), AsOf: asOf, Departments: len(draft.content.Departments),
		Indicators: len(session.Indicators()), Values: draft.measured(), Built: session.Built, Notes: session.Notes}
	err = c.store.Write(ctx, func(ctx context.Context, conn *sql.Conn) error {
		return c.freeze(ctx, conn, session, p, draft, cover, summary)
	})
	return summary, err
}

// open starts the session; a month that is over is evaluated whole, so that its marts are kept.
func (c *Closer) open(ctx context.Context, p period, day string, asOf time.Time) (*evaluate.Session, error) {
	if day == "" {
		return c.evaluator.Open(ctx, p.month, time.Time{})
	}
	return c.evaluator.Open(ctx, p.month, asOf)
}

// freeze writes the revision, unless the newest one stands under the same stamp.
func (c *Closer) freeze(ctx context.Context, conn *sql.Conn, session *evaluate.Session, p period, d *draft, cover manifest, summary *Summary) error {
	last, stamp, err := lastRevision(ctx, conn, summary.Month)
	if err != nil {
		return err
	}
	if last > 0 && stamp == summary.Stamp {
		summary.Revision, summary.Unchanged = last, true
		return nil
	}
	summary.Revision = last + 1
	if last > 0 {
		if summary.Changes, err = c.changes(ctx, conn, summary.Month, last, d, cover); err != nil {
			return err
		}
	}
	if err := keepFrozen(ctx, conn, d.frozen, c.now()); err != nil {
		return err
	}
	if err := insertValues(ctx, conn, summary.Month, summary.Revision, d.values); err != nil {
		return err
	}
	if err := insertScores(ctx, conn, summary.Month, summary.Revision, d.content); err != nil {
		return err
	}
	if err := insertProbabilities(ctx, conn, summary.Month, summary.Revision, d.content.Standings); err != nil {
		return err
	}
	if err := insertIntegrity(ctx, conn, summary.Month, summary.Revision, d.content.Integrity); err != nil {
		return err
	}
	now := c.now().UTC()
	if err := insertClose(ctx, conn, summary, cover, d.content, now); err != nil {
		return err
	}
	m := lakeManifest{Month: summary.Month, Revision: summary.Revision, AsOf: summary.AsOf, ClosedAt: now, TimeZone: c.store.TimeZone(), Stamp: summary.Stamp}
	if err := writeLake(ctx, conn, session, c.lake, m, lakeQueries(c.store.Model(), p, summary.Revision)); err != nil {
		return fmt.Errorf("lake: %w", err)
	}
	return nil
}

// content is what a closed month keeps besides its values.
type content struct {
	Departments []metrics.Department
	// Predecessors is nil in months that were closed before they were kept.
	Predecessors []metrics.Predecessor `json:",omitzero"`
	Scores       []scoring.Result
	Scheme       *scoring.Scheme
	Caps         []metrics.Cap
	Standings    []metrics.Standing
	Integrity    []metrics.Integrity
	Flows        []metrics.Flow
	Sources      []metrics.Source
}
