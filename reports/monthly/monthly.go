// Package monthly writes the monthly overview of all departments: who deserves attention and why, in the order in
// which a reviewer reads. It takes closed months and gives a document.
//
// It states what the closed months hold and tests whether a change is more than noise; it never computes an
// indicator or a score.
package monthly

import (
	"fmt"
	"time"

	"weir/internal/lang"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
)

// Input is what the report is made of.
type Input struct {
	Name         lang.Text // the city or region
	Organisation lang.Text // who issues the report
	Month        *metrics.Month
	Earlier      []*metrics.Month  // closed months before it, newest revision each, oldest first; may be empty
	Indicators   []*page.Indicator // the definitions that the month used, in the order of the catalogue
	Bands        scoring.Bands
	Zone         *time.Location
}

// builder is one run of Build: the input with its look-ups, in one language.
type builder struct {
	Input
	l         lang.Lang
	names     map[string]string
	values    map[key]metrics.Value
	before    map[key]metrics.Value // of the month before, empty where that month is not closed
	scores    map[string]scoring.Result
	lines     map[key]scoring.Line
	changes   map[key]change
	indicator map[string]*page.Indicator
}

type key struct{ indicator, department string }

// Build writes the overview in a language.
func Build(in Input, l lang.Lang) (*document.Document, error) {
	b := &builder{Input: in, l: l}
	b.index()
	if err := b.compare(); err != nil {
		return nil, err
	}
	d := &document.Document{
		Kind: "monthly_overview", ID: "monthly_overview-" + in.Month.Month, Lang: l,
		Title:        l.Pick("政务数据流动月度报告", "Monthly Report on the Flow of Government Data"),
		Subtitle:     in.Name.In(l),
		Organisation: in.Organisation.In(l),
		Period:       b.period(in.Month.Month),
		Date:         in.Month.AsOf.In(in.Zone),
		Stamp:        in.Month.Stamp,
		Facts: []document.Fact{
			{Label: l.Pick("编制单位", "Issued by"), Value: in.Organisation.In(l)},
			{Label: l.Pick("数据截至", "Data as of"), Value: in.Month.AsOf.In(in.Zone).Format("2006-01-02 15:04")},
			{Label: l.Pick("版次", "Revision"), Value: fmt.Sprint(in.Month.Revision)},
			{Label: l.Pick("部门数", "Departments"), Value: fmt.Sprint(len(in.Month.Departments))},
		},
	}
	for _, section := range []func() (document.Section, error){b.overview, b.ranking, b.heatMap, b.flows, b.trend, b.completeness, b.method} {
		s, err := section()
		if err != nil {
			return nil, err
		}
		d.Sections = append(d.Sections, s)
	}
	departments, err := b.departments()
	if err != nil {
		return nil, err
	}
	d.Sections = append(d.Sections, departments)
	d.Definitions, d.Explanations = b.definitions(), b.explanations()
	return d, nil
}

func (b *builder) index() {
	b.names = map[string]string{metrics.City: b.l.Pick("全市", "All departments")}
	for _, d := range b.Month.Departments {
		b.names[d.ID] = d.Name.In(b.l)
	}
	b.values = valuesOf(b.Month)
	b.before = map[key]metrics.Value{}
	if m := b.previous(); m != nil {
		b.before = valuesOf(m)
	}
	b.scores, b.lines = map[string]scoring.Result{}, map[key]scoring.Line{}
	for _, r := range b.Month.Scores {
		b.scores[r.Department] = r
		for _, line := range r.Total.Lines {
			b.lines[key{line.Indicator, r.Department}] = line
		}
	}
	b.indicator = map[string]*page.Indicator{}
	for _, p := range b.Indicators {
		b.indicator[p.ID] = p
	}
}

func valuesOf(m *metrics.Month) map[key]metrics.Value {
	values := map[key]metrics.Value{}
	for _, v := range m.Values {
		if v.DataKind == "" {
			values[key{v.Indicator, v.Department}] = v
		}
	}
	return values
}

// previous is the closed month right before the reported one, nil where it is not closed.
func (b *builder) previous() *metrics.Month {
	this, err := time.Parse("2006-01", b.Month.Month)
	if err != nil || len(b.Earlier) == 0 {
		return nil
	}
	last := b.Earlier[len(b.Earlier)-1]
	if last.Month != this.AddDate(0, -1, 0).Format("2006-01") {
		return nil
	}
	return last
}

// period writes a month as people say it.
func (b *builder) period(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return b.l.Pick(t.Format("2006年1月"), t.Format("January 2006"))
}

func departmentSection(id string) string { return document.ID("department", id) }

func definitionID(indicator string) string { return "indicator-" + indicator }

func explanationID(indicator, department string) string {
	if department == metrics.City {
		department = "all"
	}
	return indicator + "." + document.ID(department)
}

// number turns a frozen value into one that is printed.
func number(v metrics.Value) document.Value {
	if v.State == scoring.HasValue && v.Value != nil {
		return document.Num(*v.Value)
	}
	return document.None(stateOf(v.State))
}

func stateOf(s scoring.State) document.State {
	switch s {
	case scoring.Missing:
		return document.Missing
	case scoring.NotApplicable:
		return document.NotApplicable
	default:
		return document.NotMeasured
	}
}

func optional(v *float64) document.Value {
	if v == nil {
		return document.None(document.NotApplicable)
	}
	return document.Num(*v)
}
