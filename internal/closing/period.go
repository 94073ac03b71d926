package closing

import (
	"fmt"
	"time"

	"weir/internal/calendar"
)

// period is a month in the workspace's zone, half open: an event at midnight belongs to one month only.
type period struct {
	month      calendar.Month
	start, end time.Time // UTC
}

func periodOf(month calendar.Month, zone *time.Location) period {
	start, end := month.Limits(zone)
	return period{month: month, start: start.UTC(), end: end.UTC()}
}

// asOf decides the state of the data at which the month is judged: the end of the month, or the end of the day
// that was asked for. A month that is not over needs a date.
func (p period) asOf(day string, now time.Time, zone *time.Location) (time.Time, error) {
	if day == "" {
		if now.Before(p.end) {
			return time.Time{}, fmt.Errorf("%s is not over; close it after %s, or give --as-of with a day in it",
				p.month, p.end.In(zone).Add(-time.Second).Format(time.DateOnly))
		}
		return p.end, nil
	}
	start, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("--as-of %q is not of the form YYYY-MM-DD", day)
	}
	end := start.AddDate(0, 0, 1).UTC()
	if !end.After(p.start) {
		return time.Time{}, fmt.Errorf("--as-of %s lies before %s begins", day, p.month)
	}
	return end, nil
}
