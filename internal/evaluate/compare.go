package evaluate

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"weir/internal/problem"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

// compare holds the rows of csv expect against a result. Departments that are not expected are not looked at; a
// value is compared to the decimals that are written.
func compare(p *page.Indicator, expect page.Rows, r *Result) problem.List {
	var problems problem.List
	for i, cells := range expect.Cells {
		want := map[string]string{}
		for k, name := range expect.Columns {
			want[name] = cells[k]
		}
		row, ok := find(r, want["department_id"], want["data_kind"])
		if !ok {
			problems = append(problems, problem.Problem{File: p.File, Line: expect.Lines[i],
				What: fmt.Sprintf("the indicator gives no row for department %q, kind %q", want["department_id"], want["data_kind"]), Cure: "give the department a row in csv given=department, or correct the expectation"})
			continue
		}
		for _, name := range expect.Columns {
			got, differs := differs(name, want[name], row)
			if differs {
				problems = append(problems, problem.Problem{File: p.File, Line: expect.Lines[i],
					What: fmt.Sprintf("example: %s of department %s is %s, expected %s", name, want["department_id"], got, shown(want[name])), Cure: "work the example out by hand; correct the SQL or the expectation"})
			}
		}
	}
	return problems
}

func find(r *Result, department, kind string) (Row, bool) {
	if department == metrics.City {
		return r.Total, true
	}
	i := slices.IndexFunc(r.Rows, func(w Row) bool { return w.DepartmentID == department && w.DataKind == kind })
	if i < 0 {
		return Row{}, false
	}
	return r.Rows[i], true
}

// differs compares one expected cell.
func differs(name, want string, row Row) (got string, yes bool) {
	switch name {
	case "state":
		return string(row.State), want != string(row.State)
	case "n":
		got = fmt.Sprint(row.N)
		return got, want != "" && want != got
	case "value":
		if want == "" {
			return ratText(row.Value, 6), row.State == scoring.HasValue
		}
		decimals := 0
		if _, fraction, ok := strings.Cut(want, "."); ok {
			decimals = len(fraction)
		}
		got = ratText(row.Value, decimals)
		return got, got != want
	case "numerator":
		return number(want, row.Numerator)
	case "denominator":
		return number(want, row.Denominator)
	}
	return "", false
}

func number(want string, got *big.Rat) (string, bool) {
	if want == "" {
		return shown(numberText(got)), false
	}
	expected, ok := new(big.Rat).SetString(want)
	if !ok || got == nil {
		return numberText(got), true
	}
	return numberText(got), expected.Cmp(got) != 0
}

// ratText rounds half away from zero, once.
func ratText(r *big.Rat, decimals int) string {
	if r == nil {
		return "nothing"
	}
	return r.FloatString(decimals)
}

func shown(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}
