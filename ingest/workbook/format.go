package workbook

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// readFormats finds the cell formats that show a date or a time.
func (b *Book) readFormats(part string) error {
	own := map[int]bool{}
	inside := false
	return b.each(part, func(t token) error {
		switch t.name {
		case "numFmt":
			if t.kind == opening {
				own[t.number("numFmtId")] = showsDate(t.value("formatCode"))
			}
		case "cellXfs":
			inside = t.kind == opening
		case "xf":
			if !inside || t.kind != opening || len(b.dates) >= mostFormats {
				return nil
			}
			id := t.number("numFmtId")
			date, given := own[id]
			b.dates = append(b.dates, date || !given && builtInDate(id))
		}
		return nil
	})
}

// builtInDate knows the numbers of the formats that are not written down, those of Chinese programs included. 46
// shows a length of time, which is a number.
func builtInDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id == 45 || id == 47 || id >= 50 && id <= 58
}

// showsDate tells whether a number format shows dates or times: it has a sign of a date outside of quotes, escapes
// and brackets. A format in brackets such as [h]:mm shows a length of time.
func showsDate(code string) bool {
	code, _, _ = strings.Cut(code, ";")
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return false
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return false
			}
			switch strings.ToLower(code[i+1 : i+end]) {
			case "h", "hh", "m", "mm", "s", "ss":
				return false
			}
			i += end
		case 'y', 'Y', 'm', 'M', 'd', 'D', 'h', 'H', 's', 'S':
			return true
		case 'G', 'g':
			if len(code)-i >= 7 && strings.EqualFold(code[i:i+7], "general") {
				i += 6
			}
		}
	}
	return false
}

// date writes a serial date: days since the end of 1899, or since 1904. It is "" for what no program shows as a date.
//
// Programs that count from 1900 take that year for a leap year: serial 60 is a day that never was, and those before
// it are one day behind.
func date(serial float64, since int) string {
	const most = 2958466 // the year 10000
	if math.IsNaN(serial) || serial < 0 || serial >= most {
		return ""
	}
	// A double keeps microseconds at these sizes; what a program entered are milliseconds at most.
	ms := int64(math.Round(serial * 86_400_000))
	day, rest := ms/86_400_000, ms%86_400_000
	clock := time.UnixMilli(rest).UTC().Format("15:04:05.999")
	if day == 0 && since == 1900 {
		return clock
	}
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case since == 1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 60:
		return ""
	case day < 60:
		start = start.AddDate(0, 0, 1)
	}
	text := start.AddDate(0, 0, int(day)).Format(time.DateOnly)
	if rest != 0 {
		text += " " + clock
	}
	return text
}

// plain writes a number as a decimal. A whole number stays as it is written; any other is a double, of which programs
// keep and show 15 digits: 12.350000000000001 was entered as 12.35.
func plain(written []byte) (string, bool) {
	if whole(written) {
		return string(written), true
	}
	v, err := strconv.ParseFloat(string(written), 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return "", false
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		return "", false
	}
	return strconv.FormatFloat(short, 'f', -1, 64), true
}

func whole(b []byte) bool {
	if len(b) > 0 && b[0] == '-' {
		b = b[1:]
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0 && len(b) <= 18
}
