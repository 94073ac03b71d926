// Package budgetreview writes the review for the finance bureau: budget execution and dual monitoring, spending
// structure, cost of an effective share, efficiency against peers, self-evaluation tables in the official form for
// departments and projects, and proposals with their evidence.
//
// It proposes and never decides: every proposal is worded 建议, with score, interval and what it rests on. It takes
// scores from the closed month and computes points of project targets by the same rules (metrics/scoring); no other
// scoring is ever added here.
package budgetreview

import (
	"weir/internal/lang"
	"weir/metrics"
	"weir/reports/document"
	"weir/reports/finding"
	"weir/reports/reading"
)

// Kind is the name of the report.
const Kind = "budget_review"

// Options are what a jurisdiction sets. The zero value takes the defaults.
type Options struct {
	// Actions words the proposal for each grade; a grade without one gets that of its place among the bands: 优先保障,
	// 保障, 压缩, 取消 (applied so in Sichuan; read in a secondary source).
	Actions map[string]lang.Text
	// Alarms are the execution rates below which an alarm is raised, by month of the fiscal year.
	Alarms []Alarm
	// Gap is the difference of target progress and execution, in percentage points, above which an alarm is raised.
	Gap float64
}

// Alarm is the least execution rate at the end of a month of the fiscal year.
type Alarm struct {
	Month int     `yaml:"month"`
	Rate  float64 `yaml:"rate"` // %
}

// DefaultAlarms and DefaultGap are those of 川财绩〔2025〕10 号 (read in a secondary source).
var DefaultAlarms = []Alarm{{4, 25}, {6, 40}, {8, 60}, {10, 80}}

// DefaultGap is the difference of progress and execution that raises an alarm, in percentage points.
const DefaultGap = 10

// builder is one run of Build.
type builder struct {
	*reading.Reading
	options  Options
	accounts []account
	findings []finding.Finding
}

// Build writes the review in a language.
func Build(in reading.Input, o Options, l lang.Lang) (*document.Document, error) {
	r, err := reading.New(in, l)
	if err != nil {
		return nil, err
	}
	if len(o.Alarms) == 0 {
		o.Alarms = DefaultAlarms
	}
	if o.Gap == 0 {
		o.Gap = DefaultGap
	}
	b := &builder{Reading: r, options: o}
	if b.accounts, err = b.open(); err != nil {
		return nil, err
	}
	if b.findings, err = finding.All(r, finding.Options{}); err != nil {
		return nil, err
	}
	d := r.Head(Kind, Kind+"-"+in.Month.Month, b.T("政务数据项目预算绩效评价报告", "Budget Performance Review of Government Data Projects"), in.Name.In(l))
	d.Form = document.FormOfficial
	d.Facts = append(d.Facts, document.Fact{Label: b.T("预算年度", "Fiscal year"), Value: b.yearOf()},
		document.Fact{Label: b.T("文件性质", "Nature"), Value: b.T("供预算决策参考的建议，不作为最终决定", "proposals for budget decisions, no decision itself")})
	for _, section := range []func() (document.Section, error){b.summary, b.basics, b.work, b.results, b.analysis, b.problems, b.proposals, b.notes, b.departmentTables, b.projectTables} {
		s, err := section()
		if err != nil {
			return nil, err
		}
		if len(s.Blocks)+len(s.Sections) > 0 {
			d.Sections = append(d.Sections, s)
		}
	}
	r.Explain(d, metrics.City)
	return d, nil
}
