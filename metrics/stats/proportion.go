package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is a confidence interval in the unit of the estimate.
type Interval struct {
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Confidence float64 `json:"confidence"` // for example 0.95
}

// Contains reports whether x lies in the closed interval.
func (i Interval) Contains(x float64) bool { return i.Low <= x && x <= i.High }

// Width is High − Low.
func (i Interval) Width() float64 { return i.High - i.Low }

// zTwoSided is the standard normal quantile that leaves (1−confidence)/2 in
// each tail; 1.959964 for 0.95.
func zTwoSided(confidence float64) float64 {
	return distuv.UnitNormal.Quantile(1 - (1-confidence)/2)
}

func checkProportion(successes, n int64, confidence float64) error {
	if err := checkConfidence(confidence); err != nil {
		return err
	}
	switch {
	case n == 0:
		return noData("0 cases, a proportion needs at least 1")
	case n < 0 || successes < 0 || successes > n:
		return invalid("%d successes of %d cases", successes, n)
	}
	return nil
}

// Wilson returns the score interval of a proportion,
//
//	(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n),  p = successes/n.
//
// It never leaves [0, 1] and has width above 0 even for 0 or n successes,
// which is why every rate uses it. n = 0 gives ErrNoData.
//
// Wilson, E. B. (1927), Probable inference, the law of succession, and
// statistical inference, JASA 22, 209-212.
func Wilson(successes, n int64, confidence float64) (Interval, error) {
	if err := checkProportion(successes, n, confidence); err != nil {
		return Interval{}, err
	}
	z, nf := zTwoSided(confidence), float64(n)
	p := float64(successes) / nf
	z2 := z * z
	centre := p + z2/(2*nf)
	half := z * math.Sqrt(p*(1-p)/nf+z2/(4*nf*nf))
	scale := 1 + z2/nf
	iv := Interval{Low: (centre - half) / scale, High: (centre + half) / scale, Confidence: confidence}
	// The limits at the ends are 0 and 1 exactly; rounding must not blur them.
	if successes == 0 {
		iv.Low = 0
	}
	if successes == n {
		iv.High = 1
	}
	return iv, nil
}

// ClopperPearson returns the exact interval of a proportion, the limits at
// which the observed count would sit in a tail of (1−confidence)/2:
//
//	low  = B⁻¹(α/2;   x,   n−x+1)   (0 for x = 0)
//	high = B⁻¹(1−α/2; x+1, n−x)     (1 for x = n)
//
// with B⁻¹ the beta quantile. It never covers less than stated and is wider
// than Wilson's. n = 0 gives ErrNoData.
//
// Clopper, C. and Pearson, E. S. (1934), The use of confidence or fiducial
// limits illustrated in the case of the binomial, Biometrika 26, 404-413.
func ClopperPearson(successes, n int64, confidence float64) (Interval, error) {
	if err := checkProportion(successes, n, confidence); err != nil {
		return Interval{}, err
	}
	alpha := 1 - confidence
	x, nf := float64(successes), float64(n)
	iv := Interval{Low: 0, High: 1, Confidence: confidence}
	if successes > 0 {
		iv.Low = mathext.InvRegIncBeta(x, nf-x+1, alpha/2)
	}
	if successes < n {
		iv.High = mathext.InvRegIncBeta(x+1, nf-x, 1-alpha/2)
	}
	return iv, nil
}
