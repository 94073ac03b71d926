package simulate

import (
	"strconv"
	"time"
)

// instant is a moment in Unix seconds; 0 stands for none. The city lives at UTC+8 without summer time.
type instant int64

const (
	secondsPerDay = 86400
	offset        = 8 * 3600
	minute        = 60
	hour          = 3600
)

var zone = time.FixedZone("+08:00", offset)

// day is a date: days since 1970-01-01 in the city's time.
type day int

func (t instant) day() day { return day((int64(t) + offset) / secondsPerDay) }

func (t instant) time() time.Time { return time.Unix(int64(t), 0).In(zone) }

// String writes ISO 8601 with the offset; none is empty.
func (t instant) String() string {
	if t == 0 {
		return ""
	}
	return string(t.append(nil))
}

func (t instant) append(b []byte) []byte {
	if t == 0 {
		return b
	}
	return t.time().AppendFormat(b, "2006-01-02T15:04:05-07:00")
}

func instantOf(t time.Time) instant { return instant(t.Unix()) }

func (d day) start() instant { return instant(int64(d)*secondsPerDay - offset) }

func (d day) at(hours, minutes, seconds int) instant {
	return d.start() + instant(hours*hour+minutes*minute+seconds)
}

func (d day) date() time.Time { return d.start().time() }

// String writes YYYY-MM-DD; day 0 is empty.
func (d day) String() string {
	if d == 0 {
		return ""
	}
	return d.date().Format("2006-01-02")
}

func dayOf(year int, month time.Month, number int) day {
	return instantOf(time.Date(year, month, number, 0, 0, 0, 0, zone)).day()
}

// month counts months since year 0.
type month int

func monthOf(t time.Time) month { return month(t.Year()*12 + int(t.Month()) - 1) }

func (d day) month() month { return monthOf(d.date()) }

func (t instant) month() month { return monthOf(t.time()) }

func (m month) first() day { return dayOf(int(m)/12, time.Month(int(m)%12+1), 1) }

func (m month) year() int { return int(m) / 12 }

func (m month) number() int { return int(m)%12 + 1 }

// String writes YYYY-MM.
func (m month) String() string { return m.first().date().Format("2006-01") }

// compact writes YYMM, the part of identifiers that says when.
func (m month) compact() string { return m.first().date().Format("0601") }

func itoa[T ~int | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// optional writes a number, or nothing for 0.
func optional(n int) string {
	if n == 0 {
		return ""
	}
	return itoa(n)
}

func yes(b bool) string { return strconv.FormatBool(b) }

// money writes fen as yuan with two decimals.
func money(fen int) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return sign + itoa(fen/100) + "." + pad(fen%100, 2)
}

func pad(n, width int) string {
	s := itoa(n)
	for len(s) < width {
		s = "0" + s
	}
	return s
}
