// Package reading is closed months read in one language: names that tell departments apart, values, scores and
// their changes at hand by key, and the pieces that several reports share, such as the table of a department's
// indicators.
//
// It looks up and words what was frozen, and tests whether a change is more than noise. It never computes an
// indicator or a score, and it decides on no layout.
package reading

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/dossier"
)

// Input is what reports are made of.
type Input struct {
	Name         lang.Text // the city or region
	Organisation lang.Text // who issues the report
	Month        *metrics.Month
	Earlier      []*metrics.Month  // closed months before it, newest revision each, oldest first; may be empty
	Indicators   []*page.Indicator // the definitions that the month used, in the order of the catalogue
	Bands        scoring.Bands
	Zone         *time.Location
	Dossier      *dossier.Dossier // rows behind the month; nil where none are at hand
}

// Reading is the input with its look-ups, in one language.
type Reading struct {
	Input
	Lang lang.Lang

	names      map[string]string
	classes    map[string]string
	values     map[Key]metrics.Value
	kinds      map[Key][]metrics.Value // values by kind of data
	before     map[Key]metrics.Value   // of the month before, empty where that month is not closed
	scores     map[string]scoring.Result
	lines      map[Key]scoring.Line
	changes    map[Key]Change
	medians    map[Key]metrics.Comparison
	indicators map[string]*page.Indicator
}

// Key names one figure.
type Key struct{ Indicator, Department string }

// New reads the months. Zone nil is UTC.
func New(in Input, l lang.Lang) (*Reading, error) {
	if in.Dossier == nil {
		in.Dossier = &dossier.Dossier{Month: in.Month.Month, Connected: map[string]bool{}}
	}
	if in.Zone == nil {
		in.Zone = time.UTC
	}
	r := &Reading{Input: in, Lang: l, values: valuesOf(in.Month), kinds: map[Key][]metrics.Value{}, before: map[Key]metrics.Value{},
		scores: map[string]scoring.Result{}, lines: map[Key]scoring.Line{}, indicators: map[string]*page.Indicator{}, classes: map[string]string{}}
	r.names = Names(in.Month.Departments, in.Dossier.Districts, l)
	for _, d := range in.Month.Departments {
		r.classes[d.ID] = d.Class
	}
	for _, v := range in.Month.Values {
		if v.DataKind != "" {
			k := Key{v.Indicator, v.Department}
			r.kinds[k] = append(r.kinds[k], v)
		}
	}
	if m := r.Previous(); m != nil {
		r.before = valuesOf(m)
	}
	for _, s := range in.Month.Scores {
		r.scores[s.Department] = s
		for _, line := range s.Total.Lines {
			r.lines[Key{line.Indicator, s.Department}] = line
		}
	}
	for _, p := range in.Indicators {
		r.indicators[p.ID] = p
	}
	r.addKinds()
	return r, r.compare()
}

func valuesOf(m *metrics.Month) map[Key]metrics.Value {
	values := map[Key]metrics.Value{}
	for _, v := range m.Values {
		if v.DataKind == "" {
			values[Key{v.Indicator, v.Department}] = v
		}
	}
	return values
}

// T picks the text of the reading's language, which may be empty.
func (r *Reading) T(zh, en string) string { return r.Lang.Pick(zh, en) }

// F is T with the arguments of fmt.Sprintf.
func (r *Reading) F(zh, en string, a ...any) string { return fmt.Sprintf(r.T(zh, en), a...) }

// List joins names.
func (r *Reading) List(names []string) string { return strings.Join(names, r.T("、", ", ")) }

// Previous is the closed month right before the reported one, nil where it is not closed.
func (r *Reading) Previous() *metrics.Month { return r.ago(1) }

// ago is the closed month n months before the reported one, nil where it is not closed.
func (r *Reading) ago(n int) *metrics.Month {
	this, err := time.Parse("2006-01", r.Month.Month)
	if err != nil {
		return nil
	}
	name := this.AddDate(0, -n, 0).Format("2006-01")
	for _, m := range r.Earlier {
		if m.Month == name {
			return m
		}
	}
	return nil
}

// Period writes a month as people say it.
func (r *Reading) Period(month string) string { return periodIn(month, r.Lang) }

func periodIn(month string, l lang.Lang) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return l.Pick(t.Format("2006年1月"), t.Format("January 2006"))
}

// Day writes an instant as the day in the workspace's zone, a calendar day as it is.
func (r *Reading) Day(t *time.Time) string {
	if t == nil {
		return ""
	}
	if t.Location() == time.UTC && t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format(time.DateOnly)
	}
	return t.In(r.Zone).Format(time.DateOnly)
}

// Source names the closed month as the source of figures and tables.
func (r *Reading) Source() string {
	return r.F("%s月结第 %d 版", "%s, revision %d of the closed month", r.Period(r.Month.Month), r.Month.Revision)
}

// Indicator finds the definition that the month used, nil where it used none.
func (r *Reading) Indicator(id string) *page.Indicator { return r.indicators[id] }

// Value is the figure of an indicator for a department, or for metrics.City.
func (r *Reading) Value(indicator, department string) (metrics.Value, bool) {
	v, ok := r.values[Key{indicator, department}]
	return v, ok
}

// Before is the figure of the month before.
func (r *Reading) Before(indicator, department string) (metrics.Value, bool) {
	v, ok := r.before[Key{indicator, department}]
	return v, ok
}

// YearBefore is the figure of the same month a year ago.
func (r *Reading) YearBefore(indicator, department string) (metrics.Value, bool) {
	if m := r.ago(12); m != nil {
		return m.Find(indicator, department)
	}
	return metrics.Value{}, false
}

// Kinds lists the figures of an indicator for a department by kind of data.
func (r *Reading) Kinds(indicator, department string) []metrics.Value {
	return r.kinds[Key{indicator, department}]
}

// Score is the department's result.
func (r *Reading) Score(department string) (scoring.Result, bool) {
	s, ok := r.scores[department]
	return s, ok
}

// Line is the place of an indicator in the department's score.
func (r *Reading) Line(indicator, department string) (scoring.Line, bool) {
	l, ok := r.lines[Key{indicator, department}]
	return l, ok
}

// ScoreIn is the department's result in another closed month.
func ScoreIn(m *metrics.Month, department string) (scoring.Result, bool) {
	if m == nil {
		return scoring.Result{}, false
	}
	for _, s := range m.Scores {
		if s.Department == department {
			return s, true
		}
	}
	return scoring.Result{}, false
}

// Ranked gives the scored departments, best first.
func (r *Reading) Ranked() []scoring.Result {
	var list []scoring.Result
	for _, s := range r.Month.Scores {
		if s.Total.Scored {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(x, y scoring.Result) int {
		if x.Rank != y.Rank {
			return x.Rank - y.Rank
		}
		return strings.Compare(x.Department, y.Department)
	})
	return list
}

// Months are the earlier months and the reported one, at most n of them, the newest last.
func (r *Reading) Months(n int) []*metrics.Month {
	months := append(slices.Clone(r.Earlier), r.Month)
	if len(months) > n {
		months = months[len(months)-n:]
	}
	return months
}

// Head starts a document of the month: title, issuer, period, date, stamp and the lines of the cover.
func (r *Reading) Head(kind, id, title, subtitle string) *document.Document {
	d := &document.Document{
		Kind: kind, ID: id, Lang: r.Lang, Title: title, Subtitle: subtitle, Organisation: r.Organisation.In(r.Lang),
		Period: r.Period(r.Month.Month), Date: r.Date(), Stamp: r.Month.Stamp,
		Facts: []document.Fact{
			{Label: r.T("编制单位", "Issued by"), Value: r.Organisation.In(r.Lang)},
			{Label: r.T("数据截至", "Data as of"), Value: r.asOf()},
			{Label: r.T("版次", "Revision"), Value: r.F("第 %d 版", "%d", r.Month.Revision)},
		},
	}
	return d
}

// asOf writes the state of the data. The end of a day is that day at 24:00, as officials write it.
func (r *Reading) asOf() string {
	t := r.Month.AsOf.In(r.Zone)
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.AddDate(0, 0, -1).Format("2006-01-02") + " 24:00"
	}
	return t.Format("2006-01-02 15:04")
}

// Date is the day of the document: the last day of the data.
func (r *Reading) Date() time.Time { return r.Month.AsOf.In(r.Zone).Add(-time.Microsecond) }
