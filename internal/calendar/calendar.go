// Package calendar knows which days are working days, so that limits of the law stated in 工作日 can be counted.
//
// It ships the holiday arrangements of mainland China that the State Council has announced, year by year with the
// address of each notice, and reads further years from a file of the same form. A day outside the announced years
// is an error: nobody can know it, and Monday to Friday is never assumed. It counts days; what falls due on them
// is the business of the rules that use it.
package calendar

import (
	"fmt"
	"slices"
	"time"
)

// Calendar is a run of whole years without a gap. It is immutable.
type Calendar struct {
	first   time.Time // first day known, a 1 January
	working []bool    // by days since first
	ordinal []int     // working days from first up to and including the day
	byCount []int     // byCount[k] is the index of the (k+1)-th working day
	years   []Year
}

// Day is a row of the reference table working_day.
type Day struct {
	Date      time.Time
	IsWorking bool
	Ordinal   int // working days of the calendar up to and including the day
}

// CoverageError says that a day lies outside the announced years.
type CoverageError struct {
	Day, First, Last time.Time
}

func (e *CoverageError) Error() string {
	return fmt.Sprintf("%s lies outside the working-day calendar (%s to %s); import the year's holiday arrangement once it is announced",
		e.Day.Format(time.DateOnly), e.First.Format(time.DateOnly), e.Last.Format(time.DateOnly))
}

// Date is a calendar day: midnight UTC, without a zone's meaning.
func Date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// DateOf is the calendar day on which an instant falls in a zone.
func DateOf(instant time.Time, zone *time.Location) time.Time {
	y, m, d := instant.In(zone).Date()
	return Date(y, m, d)
}

// First and Last are the limits of what is known, both included.
func (c *Calendar) First() time.Time { return c.first }

// Last is the last day known.
func (c *Calendar) Last() time.Time { return c.first.AddDate(0, 0, len(c.working)-1) }

// Years lists what was announced, with the address of each notice.
func (c *Calendar) Years() []Year { return slices.Clone(c.years) }

// IsWorking tells whether a day is a working day.
func (c *Calendar) IsWorking(day time.Time) (bool, error) {
	i, err := c.index(day)
	return err == nil && c.working[i], err
}

// Due is the n-th working day after start; it lasts until 24:00. The day of start is not counted (Civil Code,
// article 201). n = 0 gives start itself, working day or not; a negative n is an error, and so is a due day beyond
// the announced years.
func (c *Calendar) Due(start time.Time, n int) (time.Time, error) {
	if n < 0 {
		return time.Time{}, fmt.Errorf("limit of %d working days: want at least 0", n)
	}
	i, err := c.index(start)
	if err != nil || n == 0 {
		return start, err
	}
	k := c.ordinal[i] + n - 1
	if k >= len(c.byCount) {
		return time.Time{}, &CoverageError{Day: c.Last().AddDate(0, 0, 1), First: c.first, Last: c.Last()}
	}
	return c.first.AddDate(0, 0, c.byCount[k]), nil
}

// WorkingDays counts the working days in (from, to]: none when to is from, negative when to is earlier.
func (c *Calendar) WorkingDays(from, to time.Time) (int, error) {
	i, err := c.index(from)
	if err != nil {
		return 0, err
	}
	j, err := c.index(to)
	if err != nil {
		return 0, err
	}
	return c.ordinal[j] - c.ordinal[i], nil
}

// Days lists every day known, in order. In SQL the due day of a limit of n working days that starts on a day is
// the working day whose ordinal is the start's ordinal plus n.
func (c *Calendar) Days() []Day {
	days := make([]Day, len(c.working))
	for i := range days {
		days[i] = Day{Date: c.first.AddDate(0, 0, i), IsWorking: c.working[i], Ordinal: c.ordinal[i]}
	}
	return days
}

func (c *Calendar) index(day time.Time) (int, error) {
	i := daysBetween(c.first, day)
	if i < 0 || i >= len(c.working) {
		return 0, &CoverageError{Day: day, First: c.first, Last: c.Last()}
	}
	return i, nil
}

func daysBetween(from, to time.Time) int {
	return int(to.Sub(from).Round(time.Hour) / (24 * time.Hour))
}

// count fills ordinal and byCount from working.
func (c *Calendar) count() {
	c.ordinal = make([]int, len(c.working))
	n := 0
	for i, w := range c.working {
		if w {
			n++
			c.byCount = append(c.byCount, i)
		}
		c.ordinal[i] = n
	}
}
