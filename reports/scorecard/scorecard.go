// Package scorecard writes the scorecard of one department: its scores against target, class and its own past, every
// indicator with what it is made of, the cases behind it, what would help most, and how to object.
//
// It names no other department's figures: of others it prints medians over at least four departments only. It
// computes no indicator and no score.
package scorecard

import (
	"fmt"
	"time"

	"weir/internal/lang"
	"weir/reports/document"
	"weir/reports/finding"
	"weir/reports/reading"
)

// Kind is the name of the report.
const Kind = "department_scorecard"

// Terms say how a department objects to its figures.
type Terms struct {
	Days     int       // working days after the close
	Deadline time.Time // last day; zero where the working-day calendar does not reach it
	Contact  lang.Text // whom to write to; empty for the issuer
}

// builder is one run of Build.
type builder struct {
	*reading.Reading
	department string
	terms      Terms
	findings   []finding.Finding
}

// ID is the identifier of a department's scorecard, which becomes part of file names.
func ID(month, department string) string {
	return Kind + "-" + month + "-" + reading.Slug(department)
}

// Build writes the scorecard of a department that was in being in the month.
func Build(in reading.Input, department string, terms Terms, l lang.Lang) (*document.Document, error) {
	r, err := reading.New(in, l)
	if err != nil {
		return nil, err
	}
	known := false
	for _, id := range r.Departments() {
		known = known || id == department
	}
	if !known {
		return nil, fmt.Errorf("%s has no department %q", in.Month.Month, department)
	}
	b := &builder{Reading: r, department: department, terms: terms}
	if b.findings, err = finding.All(r, finding.Options{Department: department}); err != nil {
		return nil, err
	}
	d := r.Head(Kind, ID(in.Month.Month, department), b.T("部门数据流动评分卡", "Department Scorecard"), r.Name(department))
	d.Facts = append([]document.Fact{{Label: b.T("部门", "Department"), Value: r.Name(department)}, {Label: b.T("部门标识", "Identifier"), Value: department},
		{Label: b.T("部门类别", "Class"), Value: r.ClassName(department)}}, d.Facts...)
	d.Facts = append(d.Facts, r.SuccessionFacts(department)...)
	for _, section := range []func() (document.Section, error){b.summary, b.composition, b.comparison, b.improvements, b.cases, b.details, b.kinds, b.integrity, b.objections, b.method} {
		s, err := section()
		if err != nil {
			return nil, err
		}
		if len(s.Blocks)+len(s.Sections) > 0 {
			d.Sections = append(d.Sections, s)
		}
	}
	r.Explain(d, department)
	return d, nil
}

func (b *builder) method() (document.Section, error) {
	return document.Section{ID: "method", Title: b.T("方法说明", "Method"), Blocks: b.Method()}, nil
}

func (b *builder) integrity() (document.Section, error) {
	s := document.Section{ID: "integrity", Title: b.T("数据真实性提示", "Can the records be trusted")}
	if t := b.IntegrityTable("integrity-flags", b.T("超出限值的度量，请核查说明", "Measures beyond their limits, to be looked into"), b.department); len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	return s, nil
}
