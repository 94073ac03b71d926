// Package monthly writes the monthly overview of all departments: who deserves attention and why, in the order in
// which a reviewer reads. It takes closed months and gives a document.
//
// It says what the closed months hold; it never computes an indicator or a score.
package monthly

import (
	"weir/internal/lang"
	"weir/metrics"
	"weir/reports/document"
	"weir/reports/finding"
	"weir/reports/reading"
)

// Kind is the name of the report.
const Kind = "monthly_overview"

// builder is one run of Build.
type builder struct {
	*reading.Reading
	findings []finding.Finding
}

// Build writes the overview in a language.
func Build(in reading.Input, l lang.Lang) (*document.Document, error) {
	r, err := reading.New(in, l)
	if err != nil {
		return nil, err
	}
	b := &builder{Reading: r}
	if b.findings, err = finding.All(r, finding.Options{Sections: true}); err != nil {
		return nil, err
	}
	d := r.Head(Kind, Kind+"-"+in.Month.Month, b.T("政务数据流动月度报告", "Monthly Report on the Flow of Government Data"), in.Name.In(l))
	d.Facts = append(d.Facts, document.Fact{Label: b.T("部门数", "Departments"), Value: document.FormatNumber(float64(len(in.Month.Departments)), 0)})
	for _, section := range []func() (document.Section, error){
		b.overview, b.ranking, b.heatMap, b.city, b.flows, b.funnel, b.kinds, b.storage, b.limits, b.integrity, b.trend, b.completeness, b.method, b.departments,
	} {
		s, err := section()
		if err != nil {
			return nil, err
		}
		if len(s.Blocks)+len(s.Sections) > 0 {
			d.Sections = append(d.Sections, s)
		}
	}
	r.Explain(d, append([]string{metrics.City}, r.Departments()...)...)
	return d, nil
}
