package document

import (
	"math"
	"strconv"
	"strings"
)

// minus is the typographic minus sign, as wide as a figure.
const minus = "−"

// FormatNumber writes v with the decimals and commas between thousands. It
// rounds once, half away from zero, on the shortest decimal form of v, so that
// 0.285 becomes 0.29 although its binary form is a little less. NaN and
// infinities, which no closed month holds, are written as they are.
func FormatNumber(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	digits := roundDecimal(strconv.FormatFloat(math.Abs(v), 'f', -1, 64), decimals)
	whole, fraction, _ := strings.Cut(digits, ".")
	var b strings.Builder
	if v < 0 && strings.Trim(digits, "0.") != "" {
		b.WriteString(minus)
	}
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if fraction != "" {
		b.WriteByte('.')
		b.WriteString(fraction)
	}
	return b.String()
}

// FormatShort is FormatNumber without the zeros at the end of the decimals.
func FormatShort(v float64, decimals int) string {
	s := FormatNumber(v, decimals)
	if strings.Contains(s, ".") {
		return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// FormatSigned is FormatNumber with a plus sign before positive numbers, for
// changes.
func FormatSigned(v float64, decimals int) string {
	s := FormatNumber(v, decimals)
	if v > 0 && strings.Trim(s, "0.,") != "" {
		return "+" + s
	}
	return s
}

// roundDecimal rounds the unsigned decimal number half up to the decimals.
func roundDecimal(digits string, decimals int) string {
	whole, fraction, _ := strings.Cut(digits, ".")
	if len(fraction) <= decimals {
		fraction += strings.Repeat("0", decimals-len(fraction))
		return joinDecimal(whole, fraction)
	}
	up := fraction[decimals] >= '5'
	all := []byte(whole + fraction[:decimals])
	if up {
		i := len(all) - 1
		for ; i >= 0 && all[i] == '9'; i-- {
			all[i] = '0'
		}
		if i >= 0 {
			all[i]++
		} else {
			all = append([]byte{'1'}, all...)
		}
	}
	cut := len(all) - decimals
	return joinDecimal(string(all[:cut]), string(all[cut:]))
}

func joinDecimal(whole, fraction string) string {
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}
