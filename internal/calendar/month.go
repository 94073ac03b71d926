package calendar

import (
	"fmt"
	"time"
)

// Month is a calendar month. The zero value is no month.
type Month struct {
	Year  int
	Month time.Month
}

// ParseMonth reads a month written as 2026-10.
func ParseMonth(text string) (Month, error) {
	t, err := time.Parse("2006-01", text)
	if err != nil {
		return Month{}, fmt.Errorf("month %q: write it as 2026-10", text)
	}
	return MonthOf(t), nil
}

// MonthOf is the month of a calendar day.
func MonthOf(day time.Time) Month { return Month{day.Year(), day.Month()} }

// String writes the month as 2026-10.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year, int(m.Month)) }

// IsZero reports whether m is no month.
func (m Month) IsZero() bool { return m == Month{} }

// Day is the first day of the month, as a calendar day.
func (m Month) Day() time.Time { return Date(m.Year, m.Month, 1) }

// Add is the month n months later.
func (m Month) Add(n int) Month { return MonthOf(m.Day().AddDate(0, n, 0)) }

// Before reports whether m is earlier than other.
func (m Month) Before(other Month) bool { return m.Day().Before(other.Day()) }

// MonthsTo counts the months from m to other, negative when other is earlier.
func (m Month) MonthsTo(other Month) int {
	return 12*(other.Year-m.Year) + int(other.Month) - int(m.Month)
}

// Limits is the half-open period of the month in a zone, as instants: an event at midnight belongs to one month.
func (m Month) Limits(zone *time.Location) (start, end time.Time) {
	next := m.Add(1)
	return time.Date(m.Year, m.Month, 1, 0, 0, 0, 0, zone), time.Date(next.Year, next.Month, 1, 0, 0, 0, 0, zone)
}
