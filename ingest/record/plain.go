package record

import "time"

// plainInteger reads an optional minus sign and up to 18 digits.
func plainInteger(b []byte) (int64, bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	if len(b) == 0 || len(b) > 18 {
		return 0, false
	}
	var v int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int64(c-'0')
	}
	if negative {
		v = -v
	}
	return v, true
}

// plainBoolean reads true and false in lower case.
func plainBoolean(b []byte) (value, ok bool) {
	switch string(b) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// Times outside of these limits are left to the engine, which refuses them with a reason.
const (
	firstYear = 1990
	endYear   = 2100
)

// clock converts plain times. It remembers the stretch around the last one in which the zone's offset did not change.
type clock struct {
	zone       *time.Location
	start, end int64 // seconds since 1970, as if local time were UTC
	offset     int64 // seconds east of UTC
	day        [10]byte
	dayStart   int64 // seconds since 1970 at the start of the remembered day
	dayOK      bool
}

// plainTime reads YYYY-MM-DD, or that followed by a blank or T, HH:MM:SS, up to six decimals, and an offset, as
// microseconds since 1970 in UTC. A time without offset is one of the zone.
func (c *clock) plainTime(b []byte) (int64, bool) {
	if len(b) < 10 {
		return 0, false
	}
	if !c.dayOK || string(b[:10]) != string(c.day[:]) {
		if !c.readDay(b[:10]) {
			return 0, false
		}
	}
	seconds, micros := c.dayStart, int64(0)
	if b = b[10:]; len(b) > 0 {
		if len(b) < 9 || b[0] != ' ' && b[0] != 'T' || b[3] != ':' || b[6] != ':' {
			return 0, false
		}
		h, m, s := twoDigits(b[1:]), twoDigits(b[4:]), twoDigits(b[7:])
		if h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59 {
			return 0, false
		}
		seconds += h*3600 + m*60 + s
		if b = b[9:]; len(b) > 0 && b[0] == '.' {
			scale := int64(100000)
			b = b[1:]
			if len(b) == 0 || b[0] < '0' || b[0] > '9' {
				return 0, false
			}
			for len(b) > 0 && b[0] >= '0' && b[0] <= '9' {
				if scale == 0 {
					return 0, false
				}
				micros += int64(b[0]-'0') * scale
				scale /= 10
				b = b[1:]
			}
		}
		if len(b) > 0 {
			offset, ok := plainOffset(b)
			if !ok {
				return 0, false
			}
			return (seconds-offset)*1e6 + micros, true
		}
	}
	if seconds < c.start || seconds >= c.end {
		if !c.locate(seconds) {
			return 0, false
		}
	}
	return (seconds-c.offset)*1e6 + micros, true
}

// plainOffset reads Z, ±HH, ±HHMM or ±HH:MM as seconds.
func plainOffset(b []byte) (int64, bool) {
	if len(b) == 1 && b[0] == 'Z' {
		return 0, true
	}
	if len(b) < 3 || b[0] != '+' && b[0] != '-' {
		return 0, false
	}
	h, m, rest := twoDigits(b[1:]), int64(0), b[3:]
	if len(rest) == 3 && rest[0] == ':' {
		rest = rest[1:]
	}
	switch len(rest) {
	case 0:
	case 2:
		m = twoDigits(rest)
	default:
		return 0, false
	}
	if h < 0 || h > 14 || m < 0 || m > 59 {
		return 0, false
	}
	if b[0] == '-' {
		return -(h*3600 + m*60), true
	}
	return h*3600 + m*60, true
}

// readDay reads YYYY-MM-DD. The first and last days of the limits are left to the engine, so that no offset crosses
// the limits.
func (c *clock) readDay(b []byte) bool {
	if b[4] != '-' || b[7] != '-' {
		return false
	}
	century, rest, month, day := twoDigits(b), twoDigits(b[2:]), twoDigits(b[5:]), twoDigits(b[8:])
	year := century*100 + rest
	if century < 0 || rest < 0 || month < 1 || month > 12 || day < 1 || day > 31 || year <= firstYear || year >= endYear-1 {
		return false
	}
	t := time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC)
	if t.Day() != int(day) {
		return false
	}
	copy(c.day[:], b)
	c.dayStart, c.dayOK = t.Unix(), true
	return true
}

// locate finds the offset in force around a local time and how far it holds. Within a day of a change the local
// time may be ambiguous or not exist: that is left to the engine.
func (c *clock) locate(local int64) bool {
	at := time.Unix(local, 0).In(c.zone)
	_, offset := at.Zone()
	start, end := at.ZoneBounds()
	const far, day = int64(1) << 40, int64(86400)
	from, to := -far, far
	if !start.IsZero() {
		from = start.Unix() + day
	}
	if !end.IsZero() {
		to = end.Unix() - day
	}
	if local < from || local >= to {
		return false
	}
	c.start, c.end, c.offset = from, to, int64(offset)
	return true
}

// twoDigits reads two digits, -1 if they are none.
func twoDigits(b []byte) int64 {
	if b[0] < '0' || b[0] > '9' || b[1] < '0' || b[1] > '9' {
		return -1
	}
	return int64(b[0]-'0')*10 + int64(b[1]-'0')
}
