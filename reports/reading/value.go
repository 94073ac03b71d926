package reading

import (
	"strings"

	"weir/internal/lang"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/metrics/stats"
	"weir/queries/page"
	"weir/reports/document"
)

// Number turns a frozen value into one that is printed.
func Number(v metrics.Value) document.Value {
	if v.State == scoring.HasValue && v.Value != nil {
		return document.Num(*v.Value)
	}
	return document.None(StateOf(v.State))
}

// StateOf is the state as printed.
func StateOf(s scoring.State) document.State {
	switch s {
	case scoring.HasValue:
		return document.Measured
	case scoring.Missing:
		return document.Missing
	case scoring.NotApplicable:
		return document.NotApplicable
	default:
		return document.NotMeasured
	}
}

// Optional is a number that may not exist.
func Optional(v *float64) document.Value {
	if v == nil {
		return document.None(document.NotApplicable)
	}
	return document.Num(*v)
}

// Cases is the number of cases behind a value. Where an indicator counts none, as the ratio of two sums of money,
// the closed month holds 0 beside the value: it does not apply then.
func Cases(v metrics.Value) document.Value {
	if v.N == nil || *v.N == 0 && Number(v).Ok() {
		return document.None(document.NotApplicable)
	}
	return document.Num(float64(*v.N))
}

// Interval is the interval of a value, nil where there is none.
func Interval(v metrics.Value) *document.Interval {
	if v.Low == nil || v.High == nil {
		return nil
	}
	return &document.Interval{Low: *v.Low, High: *v.High, Level: 0.95}
}

// Unit is the label of the indicator's unit.
func (r *Reading) Unit(p *page.Indicator) string { return page.UnitLabel(p.Unit).In(r.Lang) }

// Amount writes a number with the indicator's decimals and unit: 95.0%, 12 个工作日.
func (r *Reading) Amount(p *page.Indicator, v float64) string {
	text := document.FormatNumber(v, p.Decimals)
	switch unit := r.Unit(p); {
	case unit == "":
		return text
	case unit == "%":
		return text + unit
	default:
		return text + " " + unit
	}
}

// Figure writes a value with its unit, or the reason why there is none.
func (r *Reading) Figure(p *page.Indicator, v metrics.Value) string {
	n := Number(v)
	if !n.Ok() {
		return n.State.Word(r.Lang)
	}
	return r.Amount(p, n.Number)
}

// TargetText writes the target with the side on which it lies: ≥ 95.0%, ≤ 20.0%, 0.8–2.5.
func (r *Reading) TargetText(p *page.Indicator, v metrics.Value) string {
	switch {
	case p.Direction == page.Within && p.Target != nil:
		return strings.TrimSpace(document.FormatNumber(p.Target.Lower, p.Decimals) + "–" + r.Amount(p, p.Target.Upper))
	case v.Target == nil:
		return ""
	case p.Direction == page.Lower:
		return "≤ " + r.Amount(p, *v.Target)
	default:
		return "≥ " + r.Amount(p, *v.Target)
	}
}

// classMinimum is the number of other departments that a class median needs, so that it gives no single one away.
const classMinimum = 3

// ClassMedian is the median of the other departments of the class, and how many they are; ok is false where they are
// too few. A department without a class is held against all others.
func (r *Reading) ClassMedian(indicator, department string) (median float64, n int, ok bool) {
	var others []float64
	for _, d := range r.Month.Departments {
		if d.ID == department || d.Class != r.classes[department] {
			continue
		}
		if v, found := r.Value(indicator, d.ID); found && Number(v).Ok() {
			others = append(others, *v.Value)
		}
	}
	if len(others) < classMinimum {
		return 0, len(others), false
	}
	median, err := stats.Median(others)
	return median, len(others), err == nil
}

// ClassName is the class of a department as printed.
func (r *Reading) ClassName(department string) string {
	if c := r.classes[department]; c != "" {
		return c
	}
	return r.T("全部部门", "all departments")
}

// ClassScore is the median score of the other departments of the class.
func (r *Reading) ClassScore(department string) (median float64, n int, ok bool) {
	var others []float64
	for _, d := range r.Month.Departments {
		if s, found := r.scores[d.ID]; found && d.ID != department && d.Class == r.classes[department] && s.Total.Scored {
			others = append(others, s.Total.Score)
		}
	}
	if len(others) < classMinimum {
		return 0, len(others), false
	}
	median, err := stats.Median(others)
	return median, len(others), err == nil
}

// MeetsTarget tells whether a value reaches its target; ok is false where it has none.
func MeetsTarget(p *page.Indicator, v metrics.Value) (meets, ok bool) {
	if v.State != scoring.HasValue || v.Value == nil {
		return false, false
	}
	switch {
	case p.Direction == page.Within && p.Target != nil:
		return *v.Value >= p.Target.Lower && *v.Value <= p.Target.Upper, true
	case v.Target == nil:
		return false, false
	case p.Direction == page.Lower:
		return *v.Value <= *v.Target, true
	case p.Direction == page.Higher:
		return *v.Value >= *v.Target, true
	}
	return false, false
}

// Money writes an amount in yuan as officials of the language do: 123.4 万元, 1,234,000 yuan.
func (r *Reading) Money(yuan float64) string {
	return r.T(document.FormatNumber(yuan/1e4, 1)+" 万元", document.FormatNumber(yuan, 0)+" yuan")
}

// MoneyColumn is a column of amounts in the unit that Money writes; MoneyCell makes its cells.
func (r *Reading) MoneyColumn(id, title string) document.Column {
	return document.Column{ID: id, Title: title, Unit: r.MoneyUnit(), Kind: document.KindNumber, Decimals: r.moneyDecimals()}
}

// MoneyUnit is the unit of amounts in tables.
func (r *Reading) MoneyUnit() string { return r.T("万元", "yuan") }

func (r *Reading) moneyDecimals() int {
	if r.Lang == lang.En {
		return 0
	}
	return 2
}

// MoneyCell is an amount in yuan as a cell of a MoneyColumn.
func (r *Reading) MoneyCell(yuan float64) document.Cell { return document.Number(r.InMoneyUnit(yuan)) }

// InMoneyUnit converts yuan to the unit of MoneyUnit.
func (r *Reading) InMoneyUnit(yuan float64) float64 {
	if r.Lang == lang.En {
		return yuan
	}
	return yuan / 1e4
}
