package page

import (
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"weir/internal/lang"
)

// Status says whether an indicator counts.
type Status string

// The states of a definition.
const (
	Active     Status = "active"     // computed and, where it has a weight, scored
	Diagnostic Status = "diagnostic" // computed and reported, never scored
	Withdrawn  Status = "withdrawn"  // kept for old months only
)

// Direction says which way is better. Arrows, colours and the scoring rule follow from it.
type Direction string

// The directions. A diagnostic may have none.
const (
	Higher Direction = "higher"
	Lower  Direction = "lower"
	Within Direction = "band"
	None   Direction = "none"
)

// Kind says what sort of figure it is, and so which interval and which test belong to it.
type Kind string

// The kinds of figures.
const (
	Proportion Kind = "proportion" // cases of a total: Wilson interval, two-proportion test
	Share      Kind = "share"      // part of a measured total such as bytes or yuan: no interval of cases
	Ratio      Kind = "ratio"      // quotient of two measures
	Mean       Kind = "mean"
	Median     Kind = "median"
	Count      Kind = "count"
	Index      Kind = "index"
)

// Grain says what a row of the result is.
type Grain string

// The grains.
const (
	ByDepartment Grain = "department"
	ByKind       Grain = "department_kind" // a row for each department and kind of data
)

// Total says how totals over kinds and departments come about. Quotients add numerators and denominators; a
// median or an index must be computed over all cases, so its query gives the total rows itself, with NULL in
// department_id or data_kind.
type Total string

// The ways to a total.
const (
	TotalSum   Total = "sum"
	TotalQuery Total = "query"
	TotalNone  Total = "none"
)

// Role is a part that a department plays. An indicator does not apply to a department that plays none of its roles.
type Role string

// The roles.
const (
	Provider Role = "provider"
	Demander Role = "demander"
	Bureau   Role = "bureau" // the authority in charge of data sharing
	Any      Role = "any"
)

// Absent says what a department without a denominator means.
type Absent string

// The meanings of an absent denominator. A query may also return a column expected: where it is above 0 and the
// denominator is 0, the data should exist and the state is missing.
const (
	AbsentNotApplicable Absent = "not_applicable"
	AbsentMissing       Absent = "missing"
)

// Method names a model that makes the figure from what the query gives.
type Method string

// DEA solves data envelopment analysis over columns named input_… and output_….
const DEA Method = "dea"

// Mark says how well a source was read. What was only remembered may not stand in a page.
type Mark string

// The marks.
const (
	TextRead        Mark = "text_read"        // the law's own text was read
	SecondarySource Mark = "secondary_source" // read in a digest or a system that applies it
	Design          Mark = "design"           // our own proposal, to be calibrated on local data
)

// Frozen names the statistic of last year's values of a class that becomes this year's target.
type Frozen string

// The statistics.
const (
	FrozenMedian Frozen = "median"
	FrozenP75    Frozen = "p75"
)

// Term is a word of a vocabulary with its label.
type Term struct {
	ID    string
	Label lang.Text
}

// Dimensions in the order of the catalogue.
var Dimensions = []Term{
	{"liquidity", lang.T("流动性", "Liquidity")},
	{"timeliness", lang.T("时效性", "Timeliness")},
	{"reuse", lang.T("复用", "Reuse")},
	{"quality", lang.T("质量", "Quality")},
	{"linkage", lang.T("关联", "Linkage")},
	{"mechanisms", lang.T("机制", "Mechanisms")},
	{"resources", lang.T("资源", "Resources")},
	{"performance", lang.T("绩效管理", "Performance management")},
	{"diagnostics", lang.T("诊断", "Diagnostics")},
	{"integrity", lang.T("数据真实性", "Integrity of the data")},
}

// Groups of the 10/50/30/10 scheme. Outside judges the finance and assessment process and carries no weight in a
// department's own score.
var Groups = []Term{
	{"execution", lang.T("预算执行", "Budget execution")},
	{"output/quantity", lang.T("产出·数量", "Output: quantity")},
	{"output/quality", lang.T("产出·质量", "Output: quality")},
	{"output/timeliness", lang.T("产出·时效", "Output: timeliness")},
	{"output/cost", lang.T("产出·成本", "Output: cost")},
	{"benefit/effectiveness", lang.T("效益·效能", "Benefit: effectiveness")},
	{"benefit/sustainability", lang.T("效益·可持续", "Benefit: sustainability")},
	{"benefit/constraint", lang.T("效益·约束", "Benefit: constraint")},
	{"satisfaction", lang.T("满意度", "Satisfaction")},
	{"outside", lang.T("不计入部门得分", "Outside the department's score")},
}

// Units that a page may use, with the label that follows a figure.
var Units = []Term{
	{"%", lang.T("%", "%")},
	{"1", lang.T("", "")},
	{"point", lang.T("分", "points")},
	{"pp", lang.T("个百分点", "percentage points")},
	{"CNY", lang.T("元", "yuan")},
	{"working_day", lang.T("个工作日", "working days")},
	{"day", lang.T("天", "days")},
	{"month", lang.T("个月", "months")},
	{"per_year", lang.T("次/年", "times a year")},
	{"period", lang.T("倍更新周期", "× update period")},
	{"resource", lang.T("个", "resources")},
	{"level", lang.T("级", "levels")},
	{"HHI", lang.T("", "")},
	{"times", lang.T("倍", "×")},
}

// UnitLabel is the label of a unit; the unit itself where it is not known.
func UnitLabel(unit string) lang.Text {
	if i := slices.IndexFunc(Units, func(t Term) bool { return t.ID == unit }); i >= 0 {
		return Units[i].Label
	}
	return lang.Same(unit)
}

func ids(terms []Term) []string {
	list := make([]string, len(terms))
	for i, t := range terms {
		list[i] = t.ID
	}
	return list
}

// Placeholders that a finding may hold in braces.
var Placeholders = []string{"department", "month", "value", "unit", "numerator", "denominator", "target", "n"}

// Date is a day in front matter, written as 2025-08-01.
type Date struct{ time.Time }

// UnmarshalYAML reads the day.
func (d *Date) UnmarshalYAML(n *yaml.Node) error {
	t, err := time.Parse(time.DateOnly, n.Value)
	if err != nil {
		return fmt.Errorf("line %d: %q is no day, write it as 2025-08-01", n.Line, n.Value)
	}
	d.Time = t
	return nil
}

// MarshalText writes the day.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.Format(time.DateOnly)), nil }
