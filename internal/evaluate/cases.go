package evaluate

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"weir/internal/store"
	"weir/queries/page"
)

// CaseForm says what a page's cases consist of.
type CaseForm string

// The forms, by the columns that the query gives besides department_id and data_kind.
const (
	ValueCases    CaseForm = "value"    // value: one figure a case
	QuotientCases CaseForm = "quotient" // numerator, denominator: parts of a ratio of totals
	StratumCases  CaseForm = "stratum"  // the same with stratum: parts of a mean of several ratios of totals
	ProductCases  CaseForm = "product"  // numerator, denominator, numerator_2, denominator_2: parts of a product of two such ratios
	DurationCases CaseForm = "duration" // time, event: how long until something happened, or was last seen open
)

// Case is one case behind a figure.
type Case struct {
	DepartmentID string
	DataKind     string // "" for a page without kinds
	// Value is the figure of the case, the numerator of a quotient or the time of a duration, in the unit of the page.
	Value       float64
	Denominator float64 // of a quotient
	Stratum     string  // the ratio to which a quotient belongs
	// Value2 and Denominator2 are the parts of the second ratio of a product.
	Value2, Denominator2 float64
	Event                bool // of a duration: it ended, and is not merely still open
}

// Cases lists the single cases of a page for every department, in a fixed order. A page without a block sql cases
// gives none.
func (s *Session) Cases(ctx context.Context, p *page.Indicator) (CaseForm, []Case, error) {
	if p.Cases.Text == "" {
		return "", nil, nil
	}
	// Text is exact for every type of number; the order makes sums of floating-point numbers repeatable.
	wrapped := "SELECT COLUMNS(*)::VARCHAR FROM (\n" + p.Cases.Text + "\n) AS asked ORDER BY ALL"
	r, err := store.Collect(ctx, s.conn, wrapped, s.parameters)
	if err != nil {
		return "", nil, sqlError(p, p.Cases, err, 1)
	}
	index := map[string]int{}
	for i, c := range r.Columns {
		index[strings.ToLower(c.Name)] = i
	}
	form, err := caseForm(p, index)
	if err != nil {
		return "", nil, err
	}
	cases := make([]Case, len(r.Rows))
	for i, row := range r.Rows {
		if cases[i], err = readCase(form, index, row); err != nil {
			return "", nil, fmt.Errorf("%s:%d: %w", p.File, p.Cases.Line, err)
		}
	}
	return form, cases, nil
}

// caseForms lists the columns of each form.
var caseForms = map[CaseForm][]string{
	ValueCases:    {"value"},
	QuotientCases: {"denominator", "numerator"},
	StratumCases:  {"denominator", "numerator", "stratum"},
	ProductCases:  {"denominator", "denominator_2", "numerator", "numerator_2"},
	DurationCases: {"event", "time"},
}

func caseForm(p *page.Indicator, index map[string]int) (CaseForm, error) {
	var own []string
	for name := range index {
		if name != "department_id" && name != "data_kind" {
			own = append(own, name)
		}
	}
	slices.Sort(own)
	_, hasDepartment := index["department_id"]
	_, hasKind := index["data_kind"]
	if !hasDepartment || hasKind != (p.Grain == page.ByKind) {
		return "", fmt.Errorf("%s:%d: cases of an indicator with grain %s need department_id%s", p.File, p.Cases.Line, p.Grain,
			map[bool]string{true: " and data_kind", false: " and no data_kind"}[p.Grain == page.ByKind])
	}
	for form, columns := range caseForms {
		if slices.Equal(columns, own) {
			return form, nil
		}
	}
	return "", fmt.Errorf("%s:%d: cases give the columns %s; give value, or numerator and denominator (with stratum, or with numerator_2 and denominator_2), or time and event", p.File, p.Cases.Line, strings.Join(slices.Sorted(maps.Keys(index)), ", "))
}

func readCase(form CaseForm, index map[string]int, row []any) (Case, error) {
	text := func(name string) string {
		i, ok := index[name]
		if !ok {
			return ""
		}
		value, _ := row[i].(string)
		return value
	}
	c := Case{DepartmentID: text("department_id"), DataKind: text("data_kind")}
	number := func(name string) (float64, error) {
		f, err := strconv.ParseFloat(text(name), 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return 0, fmt.Errorf("cases: column %s of department %q is %q, which is no number", name, c.DepartmentID, text(name))
		}
		return f, nil
	}
	c.Stratum, c.Event = text("stratum"), text("event") == "true"
	for name, into := range map[string]*float64{"value": &c.Value, "numerator": &c.Value, "time": &c.Value, "denominator": &c.Denominator,
		"numerator_2": &c.Value2, "denominator_2": &c.Denominator2} {
		if !slices.Contains(caseForms[form], name) {
			continue
		}
		var err error
		if *into, err = number(name); err != nil {
			return c, err
		}
	}
	return c, nil
}
