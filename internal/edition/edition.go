// Package edition is all the reports of one closed month: it gathers what they are made of, once, and builds each
// document on request.
//
// It wires workspace, closing and read model to the reports. What a report says is decided in reports, how it looks
// by the renderers, where it is written by internal/publish.
package edition

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"weir/internal/calendar"
	"weir/internal/closing"
	"weir/internal/lang"
	"weir/internal/readmodel"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/metrics"
	"weir/queries/page"
	"weir/reports/budgetreview"
	"weir/reports/document"
	"weir/reports/monthly"
	"weir/reports/reading"
	"weir/reports/scorecard"
)

// Kinds lists the reports of a month.
var Kinds = []string{monthly.Kind, scorecard.Kind, budgetreview.Kind}

// Edition is one closed month, ready to be reported.
type Edition struct {
	Input  reading.Input
	terms  scorecard.Terms
	review budgetreview.Options
}

// Source is what an edition is read from. A nil calendar is that of mainland China.
type Source struct {
	Workspace *workspace.Workspace
	Store     *store.Store
	Pages     *page.Set
	Calendar  *calendar.Calendar
}

// earlierMonths is how far back the reports look besides the month itself.
const earlierMonths = 24

// Open reads a closed month in its newest revision, "" for the newest month.
func (s Source) Open(ctx context.Context, month string) (*Edition, error) {
	m, err := closing.Read(ctx, s.Store, month)
	if err != nil {
		return nil, err
	}
	config := s.Workspace.Config
	e := &Edition{Input: reading.Input{Name: config.Name, Organisation: config.Organisation, Month: m, Bands: config.Grades, Zone: config.Location()}}
	if m.Scheme != nil && len(m.Scheme.Bands) > 0 {
		e.Input.Bands = m.Scheme.Bands // the grades by which the month was closed
	}
	if e.Input.Earlier, err = earlier(ctx, s.Store, m.Month); err != nil {
		return nil, err
	}
	if e.Input.Indicators, err = Definitions(s.Pages, m); err != nil {
		return nil, err
	}
	model := readmodel.Source{Store: s.Store, Lake: s.Workspace.Lake(), Settings: config.Settings}
	if e.Input.Dossier, err = model.Read(ctx, m); err != nil {
		return nil, err
	}
	e.terms, e.review = s.terms(m), review(config.Reporting)
	return e, nil
}

// earlier reads the newest revisions of the months before.
func earlier(ctx context.Context, s *store.Store, month string) ([]*metrics.Month, error) {
	closed, err := closing.List(ctx, s)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range closed {
		if c.Month < month && !slices.Contains(names, c.Month) {
			names = append(names, c.Month)
		}
	}
	var list []*metrics.Month
	for _, name := range names[max(0, len(names)-earlierMonths):] {
		m, err := closing.Read(ctx, s, name)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// Definitions finds the versions of the pages that a closed month used, in the order of the catalogue.
func Definitions(pages *page.Set, m *metrics.Month) ([]*page.Indicator, error) {
	versions := map[string]int{}
	for _, v := range m.Values {
		versions[v.Indicator] = v.Version
	}
	var list []*page.Indicator
	found := map[string]bool{}
	for _, id := range pages.IDs() {
		for _, p := range pages.Versions(id) {
			if p.Version == versions[id] {
				list, found[id] = append(list, p), true
			}
		}
	}
	for id, version := range versions {
		if !found[id] {
			return nil, fmt.Errorf("%s was closed with version %d of %s, whose page is gone; put it back into indicators/", m.Month, version, id)
		}
	}
	return list, nil
}

// terms counts the days for objections from the day of the close.
func (s Source) terms(m *metrics.Month) scorecard.Terms {
	o := s.Workspace.Config.Reporting.Objections
	t := scorecard.Terms{Days: o.WorkingDays, Contact: o.Contact}
	c := s.Calendar
	if c == nil {
		c = calendar.China()
	}
	// Beyond the calendar no day is named: working days that nobody announced are not guessed.
	if day, err := c.Due(calendar.DateOf(m.ClosedAt, s.Workspace.Config.Location()), o.WorkingDays); err == nil {
		t.Deadline = day
	}
	return t
}

func review(r workspace.Reporting) budgetreview.Options {
	o := budgetreview.Options{Actions: r.Actions, Gap: r.Gap}
	for _, a := range r.Alarms {
		o.Alarms = append(o.Alarms, budgetreview.Alarm{Month: a.Month, Rate: a.Rate})
	}
	return o
}

// Report names one document of the edition.
type Report struct {
	Kind       string
	Department string // of a scorecard
	Lang       lang.Lang
}

// Reports lists the documents of some kinds in some languages: one scorecard for each department, or for the named
// one.
func (e *Edition) Reports(kinds []string, department string, languages []lang.Lang) ([]Report, error) {
	var list []Report
	for _, l := range languages {
		for _, kind := range kinds {
			switch {
			case !slices.Contains(Kinds, kind):
				return nil, fmt.Errorf("there is no report %q; choose from %v or all", kind, Kinds)
			case kind != scorecard.Kind:
				list = append(list, Report{Kind: kind, Lang: l})
			default:
				found := false
				for _, d := range e.Input.Month.Departments {
					if department == "" || d.ID == department {
						list, found = append(list, Report{Kind: kind, Department: d.ID, Lang: l}), true
					}
				}
				if !found && department != "" {
					return nil, fmt.Errorf("%s has no department %q; weir value --month %s lists them", e.Input.Month.Month, department, e.Input.Month.Month)
				}
			}
		}
	}
	return list, nil
}

// Build makes a document.
func (e *Edition) Build(r Report) (*document.Document, error) {
	var d *document.Document
	var err error
	switch r.Kind {
	case monthly.Kind:
		d, err = monthly.Build(e.Input, r.Lang)
	case scorecard.Kind:
		d, err = scorecard.Build(e.Input, r.Department, e.terms, r.Lang)
	case budgetreview.Kind:
		d, err = budgetreview.Build(e.Input, e.review, r.Lang)
	default:
		err = fmt.Errorf("there is no report %q", r.Kind)
	}
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", r.Kind, e.Input.Month.Month, err)
	}
	return d, nil
}

// MadeFrom is a SHA-256 over all that the documents of the edition are built from: the month and those before it, the
// rows behind it, definitions, names, bands and what the configuration says about reports. Two editions with the same
// give the same documents.
func (e *Edition) MadeFrom() (string, error) {
	sum := sha256.New()
	in := e.Input
	if in.Zone != nil {
		fmt.Fprintln(sum, in.Zone) // its fields are hidden
	}
	// Each part is a line of its own: an encoder holds the whole of a value, which for years of months is 40 MB.
	parts := []any{len(in.Earlier), e.terms, e.review}
	for _, m := range in.Earlier {
		parts = append(parts, m)
	}
	in.Earlier = nil
	out := json.NewEncoder(sum)
	for _, part := range append(parts, in) {
		if err := out.Encode(part); err != nil {
			return "", fmt.Errorf("what the reports of %s are made from: %w", in.Month.Month, err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Day is the last day of the data.
func (e *Edition) Day() string {
	return e.Input.Month.AsOf.In(e.Input.Zone).Add(-time.Microsecond).Format(time.DateOnly)
}
