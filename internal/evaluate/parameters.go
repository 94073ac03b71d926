package evaluate

import (
	"time"

	"weir/internal/calendar"
)

const instantForm = "2006-01-02 15:04:05.999999"

// EndOfTime stands for no as-of instant: everything that is in the tables is known. A session opened as of it judges a
// whole month on marts that it builds from the events and keeps for itself.
var EndOfTime = time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)

// Parameters are the values of page.Parameters for a month, and those that only marts use. A zero asOf means the whole
// month; another instant means that nothing dated from it on is known. Dates and instants are
// bound as text, which the engine reads as the type of the column they meet; a time.Time would arrive with a zone.
func (e *Evaluator) Parameters(month calendar.Month, asOf time.Time) map[string]any {
	start, end := month.Limits(e.zone)
	known := EndOfTime
	if !asOf.IsZero() {
		known = asOf
		if asOf.Before(end) {
			end = asOf
		}
	}
	lastDay := calendar.DateOf(end.Add(-time.Microsecond), e.zone)
	before := func(days int) string { return dateText(lastDay.AddDate(0, 0, 1-days)) }
	yearBefore, _ := month.Add(-12).Limits(e.zone)
	fiscalYear, fiscalStart := e.fiscalYear(month)
	return map[string]any{
		"month":                 dateText(month.Day()),
		"next_month":            dateText(month.Add(1).Day()),
		"from_12_months":        dateText(month.Add(-11).Day()),
		"from_3_months":         dateText(month.Add(-2).Day()),
		"period_start":          instantText(start),
		"period_end":            instantText(end),
		"known_until":           instantText(known),
		"last_day":              dateText(lastDay),
		"from_30":               before(30),
		"from_90":               before(90),
		"from_180":              before(180),
		"from_365":              before(365),
		"fiscal_year":           fiscalYear,
		"fiscal_year_start":     dateText(fiscalStart),
		"time_zone":             e.zone.String(),
		"history_12":            instantText(yearBefore),
		"resubmission_restarts": e.settings.Resubmission == "restart",
	}
}

func instantText(t time.Time) string { return t.UTC().Format(instantForm) }

// fiscalYear is the budget year of a month and its first day. A year that begins in April 2026 is 2026.
func (e *Evaluator) fiscalYear(month calendar.Month) (int, time.Time) {
	start := time.Month(e.settings.FiscalYearStart)
	year := month.Year
	if month.Month < start {
		year--
	}
	return year, calendar.Date(year, start, 1)
}
