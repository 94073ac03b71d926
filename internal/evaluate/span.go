package evaluate

import (
	"fmt"
	"regexp"
	"strconv"
)

// Span is an update period: either whole months by the calendar or whole minutes.
type Span struct {
	Months  int64
	Minutes int64
}

var spanForm = regexp.MustCompile(`^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$`)

// ParseSpan reads an ISO 8601 period such as P1M, P1Y, P7D or PT1H. Months and days may not be mixed, and a span
// of nothing is refused.
func ParseSpan(text string) (Span, error) {
	m := spanForm.FindStringSubmatch(text)
	if m == nil {
		return Span{}, fmt.Errorf("period %q: write it as ISO 8601, such as P1D, P1M or P1Y", text)
	}
	n := make([]int64, len(m))
	for i := 1; i < len(m); i++ {
		if m[i] == "" {
			continue
		}
		v, err := strconv.ParseInt(m[i], 10, 32)
		if err != nil {
			return Span{}, fmt.Errorf("period %q: %w", text, err)
		}
		n[i] = v
	}
	s := Span{Months: 12*n[1] + n[2], Minutes: ((7*n[3]+n[4])*24+n[5])*60 + n[6]}
	if (s.Months > 0) == (s.Minutes > 0) {
		return Span{}, fmt.Errorf("period %q: want either months and years, or weeks, days, hours and minutes, and more than nothing", text)
	}
	return s, nil
}

// minutesInMonth is a twelfth of 365 days.
const minutesInMonth = 365 * 24 * 60 / 12

// Nominal is the length in minutes, a month taken as a twelfth of 365 days.
func (s Span) Nominal() int64 { return s.Months*minutesInMonth + s.Minutes }
