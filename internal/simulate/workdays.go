package simulate

import (
	"weir/internal/calendar"
)

// workdays counts the working days of the announced years by day number.
type workdays struct {
	first   day
	ordinal []int // working days up to and including the day
	byCount []day
}

func newWorkdays() workdays {
	var w workdays
	for i, d := range calendar.China().Days() {
		on := dayOf(d.Date.Year(), d.Date.Month(), d.Date.Day())
		if i == 0 {
			w.first = on
		}
		w.ordinal = append(w.ordinal, d.Ordinal)
		if d.IsWorking {
			w.byCount = append(w.byCount, on)
		}
	}
	return w
}

// unknown is later than every day of the city: a limit that ends beyond the announced years has not run out.
const unknown day = 1 << 20

func (w workdays) count(d day) int {
	i := int(d - w.first)
	switch {
	case i < 0:
		return 0
	case i >= len(w.ordinal):
		return len(w.byCount)
	}
	return w.ordinal[i]
}

func (w workdays) working(d day) bool { return w.count(d) > w.count(d-1) }

// due is the n-th working day after the day.
func (w workdays) due(d day, n int) day {
	k := w.count(d) + n - 1
	if k >= len(w.byCount) {
		return unknown
	}
	return w.byCount[k]
}

// between counts the working days in (from, to].
func (w workdays) between(from, to day) int { return w.count(to) - w.count(from) }

// officeHours draws a moment at the desk: 9:00-12:00 or, after the noon rest, 14:00-18:00.
func officeHours(d dice, on day) instant {
	at := d.n(7 * hour)
	if at >= 3*hour {
		at += 2 * hour
	}
	return on.start() + instant(9*hour+at)
}

// deskMoment draws a moment at the desk on a working day of the month.
func (w workdays) deskMoment(d dice, m month) instant {
	first, last := w.count(m.first()-1), w.count((m+1).first()-1)
	return officeHours(d, w.byCount[first+d.n(last-first)])
}

// onlineMoment draws a moment at which somebody sends a form: mostly at the desk, now and then in the evening or on
// a day off.
func (w workdays) onlineMoment(d dice, m month) instant {
	if !d.chance(60) {
		return w.deskMoment(d, m)
	}
	first := m.first()
	on := first + day(d.n(int((m+1).first()-first)))
	return on.start() + instant(d.between(18*hour, 24*hour-1))
}
