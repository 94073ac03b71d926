package scoring

import (
	"math"
	"strconv"
)

// PointDecimals is the number of decimals that points carry.
const PointDecimals = 2

// noiseDigits is the number of significant decimal digits that survive before
// rounding. A float64 carries 15 to 17; the last ones hold binary noise, so
// that 1.005 is stored as 1.00499999999999989. Cutting at 14 restores what a
// reader computes by hand.
const noiseDigits = 14

// Round rounds half up (四舍五入: a half goes away from zero) to the given
// number of decimals, on the decimal notation of x cut to 14 significant
// digits. So Round(1.005, 2) = 1.01, as on paper. NaN and infinite values come
// back unchanged. Decimals may be negative (tens, hundreds).
func Round(x float64, decimals int) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) || x == 0 {
		return x
	}
	if r, ok := roundFast(x, decimals); ok {
		return r
	}
	s := strconv.FormatFloat(math.Abs(x), 'e', noiseDigits-1, 64)
	// d.ddddddddddddde±xx
	exp, err := strconv.Atoi(s[noiseDigits+2:])
	if err != nil {
		return x
	}
	digits := make([]byte, 0, noiseDigits)
	digits = append(digits, s[0])
	digits = append(digits, s[2:noiseDigits+1]...)
	keep := exp + 1 + decimals // digits to keep
	switch {
	case keep >= len(digits):
		return x
	case keep < 0:
		return 0
	}
	up := digits[keep] >= '5'
	n := uint64(0)
	for _, d := range digits[:keep] {
		n = n*10 + uint64(d-'0')
	}
	if up {
		n++
	}
	// Let the parser find the nearest float64 of the decimal result.
	r, err := strconv.ParseFloat(strconv.FormatUint(n, 10)+"e"+strconv.Itoa(-decimals), 64)
	if err != nil {
		return x
	}
	return math.Copysign(r, x)
}

// roundFast rounds values that are clearly not halves, for which noise in the
// last digits decides nothing. The quotient of two exact numbers is the float64
// nearest to the decimal result, as in the slow way.
func roundFast(x float64, decimals int) (float64, bool) {
	if decimals < 0 || decimals >= len(powers) {
		return 0, false
	}
	y := math.Abs(x) * powers[decimals]
	if y >= 1e12 {
		return 0, false
	}
	whole := math.Floor(y)
	if math.Abs(y-whole-.5) <= 1e-12*math.Max(1, y) {
		return 0, false
	}
	return math.Copysign(math.Floor(y+.5)/powers[decimals], x), true
}

var powers = [...]float64{1, 10, 100, 1e3, 1e4, 1e5, 1e6}

// hundredths returns x in hundredths, rounded half up. Points and weights are
// added in this unit, so that a printed column sums to its printed total.
func hundredths(x float64) int64 { return int64(math.Round(Round(x, PointDecimals) * 100)) }

// fromHundredths is the inverse of hundredths.
func fromHundredths(n int64) float64 { return float64(n) / 100 }
