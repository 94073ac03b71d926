package cli

import (
	"fmt"

	"weir/internal/closing"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/metrics"
	"weir/metrics/scoring"
)

type valueCommand struct {
	Month      string `placeholder:"YYYY-MM" help:"${month}"`
	Indicator  string `placeholder:"ID" help:"${indicator}"`
	Department string `placeholder:"ID" help:"${department}"`
	ByKind     bool   `help:"${by_kind}"`
	FailOn     bool   `name:"fail-on" help:"${fail_on}"`
}

// Run lists frozen values: one row for each indicator and department, the whole city under *.
func (v valueCommand) Run(e *env) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		m, err := closing.Read(e.ctx, s, v.Month)
		if err != nil {
			return err
		}
		if err := v.known(m); err != nil {
			return err
		}
		names := departmentNames(m, e)
		t := &table{columns: []string{"month", "revision", "department_id", "department", "indicator_id", "kind", "numerator", "denominator", "value", "n", "target", "unit", "state", "low", "high"}}
		missed := 0
		for _, value := range m.Values {
			if v.Indicator != "" && value.Indicator != v.Indicator || v.Department != "" && value.Department != v.Department || value.DataKind != "" && !v.ByKind {
				continue
			}
			t.add(m.Month, m.Revision, value.Department, names[value.Department], value.Indicator, value.DataKind,
				optional(value.Numerator), optional(value.Denominator), optional(value.Value), optional(value.N), optional(value.Target), value.Unit,
				string(value.State), optional(value.Low), optional(value.High))
		}
		for _, r := range m.Scores {
			for _, line := range r.Total.Lines {
				if line.Graded && line.Fraction < 1 && (v.Indicator == "" || v.Indicator == line.Indicator) && (v.Department == "" || v.Department == r.Department) {
					missed++
				}
			}
		}
		if err := e.printRounded(t, 4); err != nil {
			return err
		}
		if v.FailOn && missed > 0 {
			e.say(fmt.Sprintf("%d 个值未达目标", missed), fmt.Sprintf("%d values below target", missed))
			return errFindings
		}
		return nil
	})
}

// known refuses filters that name nothing, since an empty answer would read as "no data".
func (v valueCommand) known(m *metrics.Month) error {
	indicators, departments := map[string]bool{}, map[string]bool{metrics.City: true}
	for _, value := range m.Values {
		indicators[value.Indicator] = true
	}
	for _, d := range m.Departments {
		departments[d.ID] = true
	}
	if v.Indicator != "" && !indicators[v.Indicator] {
		return usageError{fmt.Sprintf("no indicator %q in %s; %s", v.Indicator, m.Month, problem.DidYouMean(v.Indicator, keys(indicators)))}
	}
	if v.Department != "" && !departments[v.Department] {
		return usageError{fmt.Sprintf("no department %q in %s; %s", v.Department, m.Month, problem.DidYouMean(v.Department, keys(departments)))}
	}
	return nil
}

func departmentNames(m *metrics.Month, e *env) map[string]string {
	names := map[string]string{metrics.City: e.lang.Pick("全市", "all departments")}
	for _, d := range m.Departments {
		names[d.ID] = d.Name.In(e.lang)
	}
	return names
}

// optional is a cell for a value that may be absent.
func optional[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

func keys(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for k := range set {
		list = append(list, k)
	}
	return list
}

// stateWord is a state as printed; empty for a value.
func stateWord(e *env, s scoring.State) string {
	switch s {
	case scoring.Missing:
		return e.lang.Pick("缺数", "missing")
	case scoring.NotApplicable:
		return e.lang.Pick("不适用", "not applicable")
	case scoring.NotMeasured:
		return e.lang.Pick("未测", "not measured")
	default:
		return ""
	}
}
