package evaluate

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"weir/internal/calendar"
	"weir/internal/simulate"
	"weir/metrics"
	"weir/metrics/scoring"
)

// truths holds results against planted truths, in the way simulate.Expectation states them.
type truths struct {
	results map[string]map[string]*Result
}

// pageOf gives the page of a statement that the simulated city makes under a name of its own.
func pageOf(indicator string) string {
	if page, ok := map[string]string{
		"request_cycle_wd_p90":        "request_cycle_wd",
		"trigger_mix_matter":          "trigger_mix",
		"effective_ratio_as_consumer": "effective_ratio",
		"self_share_as_consumer":      "self_share",
		"empty_share_as_provider":     "empty_share",
	}[indicator]; ok {
		return page
	}
	return indicator
}

// figure is a value with what it was made of; value is NaN where there is none.
type figure struct {
	numerator, denominator, value float64
	n                             float64
}

func (f truths) row(indicator, department, month string) (Row, bool) {
	r := f.results[indicator][month]
	if r == nil {
		return Row{}, false
	}
	if department == "" {
		department = metrics.City
	}
	return r.Find(department)
}

// pool adds numerators and denominators of the months; a value that is no quotient is averaged over its months.
func (f truths) pool(indicator, department, from, to string) figure {
	numerator, denominator := new(big.Rat), new(big.Rat)
	sum, months := 0.0, 0
	n := 0.0
	quotient := true
	scale := 1.0
	for m := from; m <= to; m = nextMonth(m) {
		row, ok := f.row(indicator, department, m)
		if !ok || row.State != scoring.HasValue {
			continue
		}
		v, _ := row.Float()
		sum += v
		months++
		n += float64(row.N)
		if row.Numerator == nil || row.Denominator == nil {
			quotient = false
			continue
		}
		numerator.Add(numerator, row.Numerator)
		denominator.Add(denominator, row.Denominator)
		if f.results[indicator][m].Indicator.Unit == "%" {
			scale = 100
		}
	}
	if months == 0 {
		return figure{value: math.NaN()}
	}
	a, _ := numerator.Float64()
	b, _ := denominator.Float64()
	if quotient && b != 0 {
		return figure{a, b, scale * a / b, n}
	}
	return figure{a, b, sum / float64(months), n}
}

func nextMonth(m string) string {
	month, err := calendar.ParseMonth(m)
	if err != nil {
		panic(err)
	}
	return month.Add(1).String()
}

func (f truths) check(e simulate.Expectation) string {
	if step := e.StepUpIn + e.StepDownIn; step != "" {
		return f.checkStep(e, step)
	}
	if e.Pooled {
		if complaint := f.checkFigure(e, f.pool(e.Indicator, e.Department, e.From, e.To), e.From+".."+e.To); complaint != "" {
			return complaint
		}
	} else {
		for m := e.From; m <= e.To; m = nextMonth(m) {
			if complaint := f.checkFigure(e, f.pool(e.Indicator, e.Department, m, m), m); complaint != "" {
				return complaint
			}
		}
	}
	if e.Rank != "" {
		return f.checkRank(e)
	}
	return ""
}

func (f truths) checkFigure(e simulate.Expectation, got figure, when string) string {
	if math.IsNaN(got.value) {
		return when + ": no value"
	}
	var complaints []string
	wrong := func(what string, limit *simulate.Exact, got float64, holds func(got, limit float64) bool) {
		if limit == nil {
			return
		}
		want, err := strconv.ParseFloat(string(*limit), 64)
		if err != nil || !holds(got, want) {
			complaints = append(complaints, fmt.Sprintf("%s: %s is %v, want %s", when, what, got, *limit))
		}
	}
	equal := func(a, b float64) bool { return math.Abs(a-b) < 1e-6 }
	wrong("numerator", e.Numerator, got.numerator, equal)
	wrong("denominator", e.Denominator, got.denominator, equal)
	wrong("value", e.Value, got.value, equal)
	wrong("above", e.Above, got.value, func(a, b float64) bool { return a > b })
	wrong("below", e.Below, got.value, func(a, b float64) bool { return a < b })
	return strings.Join(complaints, "; ")
}

// checkRank compares with the departments that have at least five cases, where cases are counted.
func (f truths) checkRank(e simulate.Expectation) string {
	own := f.pool(e.Indicator, e.Department, e.From, e.To)
	last := f.results[e.Indicator][e.To]
	for _, row := range last.Rows {
		if row.DataKind != "" {
			continue
		}
		other := f.pool(e.Indicator, row.DepartmentID, e.From, e.To)
		if math.IsNaN(other.value) || last.Indicator.MinimumN > 0 && other.n < 5 {
			continue
		}
		if e.Rank == "lowest" && other.value < own.value-1e-9 || e.Rank == "highest" && other.value > own.value+1e-9 {
			return fmt.Sprintf("%v is not the %s: %s has %v", own.value, e.Rank, row.DepartmentID, other.value)
		}
	}
	return ""
}

func (f truths) checkStep(e simulate.Expectation, step string) string {
	begin, err := calendar.ParseMonth(step)
	if err != nil {
		return err.Error()
	}
	pool := func(from, to int) float64 {
		return f.pool(e.Indicator, e.Department, begin.Add(from).String(), begin.Add(to).String()).value
	}
	before, after := pool(-3, -1), pool(0, 2)
	rise := after - before
	if e.StepDownIn != "" {
		rise = -rise
	}
	by, err := strconv.ParseFloat(string(*e.By), 64)
	if err != nil || !(rise >= by) {
		return fmt.Sprintf("from %v to %v, want a step of %s", before, after, *e.By)
	}
	return ""
}
