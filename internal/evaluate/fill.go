package evaluate

import (
	"math/big"
	"slices"
	"strings"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

var hundred = big.NewRat(100, 1)

// fill turns the cells of a query into rows with their states, adds up kinds and departments, and gives every
// department in being a row.
func (s *Session) fill(r *Result, cells []cell) {
	p := r.Indicator
	byDepartment := map[string][]cell{}
	var city *cell
	for i, c := range cells {
		if c.allDepartments {
			if c.allKinds {
				city = &cells[i]
			}
			continue
		}
		byDepartment[c.department] = append(byDepartment[c.department], c)
	}
	var all []cell
	for _, d := range s.departments {
		found := byDepartment[d.ID]
		if !d.Plays(p.Roles) {
			r.Rows = append(r.Rows, Row{DepartmentID: d.ID, State: scoring.NotApplicable})
			continue
		}
		total := totalOf(p, found)
		r.Rows = append(r.Rows, rowOf(p, d.ID, "", total))
		for _, c := range found {
			if !c.allKinds && p.Grain == page.ByKind {
				if kind := rowOf(p, d.ID, c.kind, c); c.kind != "" || len(found) > 1 {
					r.Rows = append(r.Rows, named(kind))
				}
			}
		}
		all = append(all, total)
	}
	slices.SortStableFunc(r.Rows, func(a, b Row) int {
		if c := strings.Compare(a.DepartmentID, b.DepartmentID); c != 0 {
			return c
		}
		return strings.Compare(a.DataKind, b.DataKind)
	})
	switch {
	case p.Total == page.TotalSum:
		r.Total = rowOf(p, metrics.City, "", add(all))
	case p.Total == page.TotalQuery && city != nil:
		r.Total = rowOf(p, metrics.City, "", *city)
	default:
		r.Total = Row{DepartmentID: metrics.City, State: scoring.NotApplicable}
	}
}

// Unclassified is the kind of data under which a row of data without a kind stands beside others that have one.
const Unclassified = "-"

func named(r Row) Row {
	if r.DataKind == "" {
		r.DataKind = Unclassified
	}
	return r
}

// totalOf is the cell of a department over all kinds: the query's own, or the sum.
func totalOf(p *page.Indicator, found []cell) cell {
	if p.Grain == page.ByDepartment && len(found) > 0 {
		return found[0]
	}
	if p.Total == page.TotalQuery {
		for _, c := range found {
			if c.allKinds {
				return c
			}
		}
		return cell{}
	}
	return add(found)
}

// add adds numerators, denominators and cases. Quotients are never averaged.
func add(cells []cell) cell {
	var sum cell
	for _, c := range cells {
		sum.numerator = plus(sum.numerator, c.numerator)
		sum.denominator = plus(sum.denominator, c.denominator)
		sum.n = plus(sum.n, c.n)
		sum.expected = plus(sum.expected, c.expected)
	}
	return sum
}

func plus(a, b *big.Rat) *big.Rat {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return new(big.Rat).Add(a, b)
}

// rowOf tells the states apart. Without a denominator, or without a value, nothing is measured: the data are
// missing where the page says so or where the query expected some, else the indicator does not apply.
func rowOf(p *page.Indicator, department, kind string, c cell) Row {
	r := Row{DepartmentID: department, DataKind: kind, Numerator: c.numerator, Denominator: c.denominator}
	switch {
	case c.value != nil:
		r.Value = c.value
	case c.numerator != nil && c.denominator != nil && c.denominator.Sign() != 0:
		r.Value = new(big.Rat).Quo(c.numerator, c.denominator)
		if p.Unit == "%" {
			r.Value.Mul(r.Value, hundred)
		}
	case p.Absent == page.AbsentMissing || c.expected != nil && c.expected.Sign() > 0:
		r.State = scoring.Missing
		return r
	default:
		r.State = scoring.NotApplicable
		return r
	}
	r.State = scoring.HasValue
	switch {
	case c.n != nil && c.n.IsInt():
		r.N = c.n.Num().Int64()
	case c.n == nil && c.denominator != nil && c.denominator.IsInt() && p.Kind == page.Proportion:
		r.N = c.denominator.Num().Int64()
	}
	return r
}
