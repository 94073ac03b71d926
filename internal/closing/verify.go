package closing

import (
	"context"
	"errors"

	"weir/internal/calendar"
	"weir/internal/evaluate"
	"weir/internal/lang"
)

// Part is what of a closed month a finding is about.
type Part string

// The parts, in the order in which they are looked at.
const (
	PartStamp  Part = "stamp"  // the record of the close against its stamp
	PartFile   Part = "file"   // Parquet files against the hashes of their manifest
	PartFrozen Part = "frozen" // frozen rows of the database against the files
	PartLoad   Part = "load"   // loads that the stamp covers against those in the database
	PartEvent  Part = "event"  // rows of these loads against the files
	PartRule   Part = "rule"   // pages, marts, macros, configuration, targets, engine
	PartFigure Part = "figure" // figures computed anew from the events
)

// Finding is one thing of a closed month that is not as it was frozen.
type Finding struct {
	Month    string
	Revision int
	Part     Part
	Where    string // file, table and key, indicator and department, …
	What     lang.Text
	// Later says that data which came in after the close explain it: closing again makes a revision.
	Later bool
}

// Verification is what a check of one closed month found.
type Verification struct {
	Month      string
	Revision   int
	Stamp      string
	Files      int // Parquet files whose hash was computed
	Rows       int64
	Figures    int // values computed anew and compared bit for bit; 0 where the rules or the engine are others now
	Scores     int
	LaterLoads int // loads that came in after the close
	Findings   []Finding
}

// Sound reports whether everything is as it was frozen, but for what later data explain.
func (v *Verification) Sound() bool {
	for _, f := range v.Findings {
		if !f.Later {
			return false
		}
	}
	return true
}

// findingsAPart bounds what is listed of one table or part; the count is always stated.
const findingsAPart = 50

// verifier checks one close.
type verifier struct {
	*Closer
	closed Closed
	cover  manifest // as it was recorded
	period period
	found  *Verification
}

func (v *verifier) add(part Part, where, zh, en string) {
	v.addFinding(Finding{Part: part, Where: where, What: lang.T(zh, en)})
}

func (v *verifier) addFinding(f Finding) {
	f.Month, f.Revision = v.closed.Month, v.closed.Revision
	v.found.Findings = append(v.found.Findings, f)
}

// Verify holds a revision of a closed month against all that is known of it: its stamp against its record, the files of
// the lake against their hashes, the frozen rows and the events against the files, the rules against those in use. Then
// it computes every figure anew from the events and compares bit for bit. Revision 0 is the newest, month "" the newest
// month. Nothing is changed.
func (c *Closer) Verify(ctx context.Context, month string, revision int) (*Verification, error) {
	closed, err := find(ctx, c.store, month, revision)
	if err != nil {
		return nil, err
	}
	parsed, err := calendar.ParseMonth(closed.Month)
	if err != nil {
		return nil, err
	}
	v := &verifier{Closer: c, closed: closed, period: periodOf(parsed, c.zone),
		found: &Verification{Month: closed.Month, Revision: closed.Revision, Stamp: closed.Stamp}}
	if err := readJSON(ctx, c.store, "manifest", closed, &v.cover); err != nil {
		return nil, err
	}
	if stamp := v.cover.stamp(); stamp != closed.Stamp {
		v.add(PartStamp, "month_close", "记录的印记 "+short(closed.Stamp)+" 不是其清单的 "+short(stamp), "the recorded stamp "+short(closed.Stamp)+" is not that of its manifest, "+short(stamp))
	}
	for _, step := range []func(context.Context) error{v.lake, v.loads, v.recompute} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return v.found, nil
}

// recompute compares the rules and, where they are the same, the figures.
func (v *verifier) recompute(ctx context.Context) (err error) {
	asOf := evaluate.EndOfTime
	if v.cover.Day != "" || !v.closed.AsOf.Equal(v.period.end) {
		asOf = v.closed.AsOf
	}
	session, err := v.evaluator.Open(ctx, v.period.month, asOf)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	cover, err := v.Closer.cover(ctx, session, v.closed.AsOf, v.cover.Day, nil)
	if err != nil {
		return err
	}
	changed := v.rules(cover)
	if changed.all {
		return nil // no figure would be the same, and none wrong
	}
	draft, err := v.compute(ctx, session, v.period)
	if err != nil {
		return err
	}
	if err := v.values(ctx, draft, changed); err != nil {
		return err
	}
	if len(changed.indicators) > 0 {
		return nil // the score follows from all of them
	}
	if err := v.score(ctx, session, draft, cover.seed()); err != nil {
		return err
	}
	return v.content(ctx, draft.content)
}

func short(stamp string) string { return stamp[:min(len(stamp), 12)] }
