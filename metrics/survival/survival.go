// Package survival estimates how long something takes when some cases are
// still open: a request without an answer is not missing, it is censored at
// the time it was last seen open.
//
// It holds the product-limit curve with limits, its quartiles and the log-rank
// test. Never added here: regression, SQL, the meaning of a time or an event.
package survival

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

var (
	// ErrNoData says that the quantity does not exist: no cases, no events.
	ErrNoData = errors.New("no data")
	// ErrInvalid says that times are negative, NaN or infinite, or that an
	// option is out of range.
	ErrInvalid = errors.New("invalid input")
)

// Case is one case followed over time.
type Case struct {
	Time  float64 // from its start to the event, or to when it was last seen open; at least 0
	Event bool    // false = still open (censored)
	Group string  // for comparisons; may be empty
}

// Limits says on which scale confidence limits are symmetric.
type Limits string

const (
	// LogLog is symmetric for ln(−ln S) and stays within [0, 1]. The zero
	// value means the same.
	LogLog Limits = "log-log"
	// Log is symmetric for ln S, cut at 1; the default of R.
	Log Limits = "log"
	// Plain is S ± z·se, cut to [0, 1].
	Plain Limits = "plain"
)

// Options steers the estimates.
type Options struct {
	Confidence float64 // 0 = 0.95
	Limits     Limits  // "" = log-log
}

func (o Options) z() (float64, error) {
	if o.Confidence == 0 {
		o.Confidence = .95
	}
	if !(o.Confidence > 0 && o.Confidence < 1) {
		return 0, fmt.Errorf("%w: confidence %v, want a number between 0 and 1 such as 0.95", ErrInvalid, o.Confidence)
	}
	switch o.Limits {
	case "", LogLog, Log, Plain:
	default:
		return 0, fmt.Errorf("%w: limits %q, want log-log, log or plain", ErrInvalid, o.Limits)
	}
	return distuv.UnitNormal.Quantile(1 - (1-o.Confidence)/2), nil
}

// Point is the curve from one time at which something happened until the next.
type Point struct {
	Time          float64 `json:"time"`
	AtRisk        int     `json:"at_risk"` // open just before Time
	Events        int     `json:"events"`
	Censored      int     `json:"censored"`
	Survival      float64 `json:"survival"` // share still open after Time
	StandardError float64 `json:"standard_error"`
	Low           float64 `json:"low"`
	High          float64 `json:"high"`
}

// Quantile is the time by which a share P of the cases had their event. A nil
// time was not reached while cases were followed; a nil limit is not bounded.
type Quantile struct {
	P    float64  `json:"p"`
	Time *float64 `json:"time"`
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
}

// Curve is the Kaplan-Meier estimate of one group.
type Curve struct {
	Group     string      `json:"group"`
	N         int         `json:"n"`
	Events    int         `json:"events"`
	Points    []Point     `json:"points"`
	Quartiles [3]Quantile `json:"quartiles"` // P = 0.25, 0.5, 0.75
}

// Median is the time by which half the cases had their event.
func (c Curve) Median() Quantile { return c.Quartiles[1] }

func check(cases []Case) error {
	if len(cases) == 0 {
		return fmt.Errorf("%w: no cases", ErrNoData)
	}
	for i, c := range cases {
		if !(c.Time >= 0) || math.IsInf(c.Time, 0) {
			return fmt.Errorf("%w: time %v of case %d, want a finite number of at least 0", ErrInvalid, c.Time, i+1)
		}
	}
	return nil
}

// KaplanMeier returns the product-limit estimate S(t) = Π(1 − dᵢ/nᵢ) over event
// times up to t, with Greenwood's standard error S·√Σ d/(n(n−d)). Groups are
// ignored. A case censored at an event time counts as open at that time. When
// S reaches 0 the formulas for the limits break down: the low limit is then 0
// and the high limit stays where it was before.
//
// Without any event the curve stays at 1 and no quartile is reached; that is
// an answer, not an error.
//
// Kaplan, E. L. and Meier, P. (1958), Nonparametric estimation from incomplete
// observations, JASA 53, 457-481; limits as in Kalbfleisch, J. D. and Prentice,
// R. L. (2002), The Statistical Analysis of Failure Time Data, 1.4.
func KaplanMeier(cases []Case, opt Options) (Curve, error) {
	z, err := opt.z()
	if err != nil {
		return Curve{}, err
	}
	if err := check(cases); err != nil {
		return Curve{}, err
	}
	s := slices.Clone(cases)
	slices.SortStableFunc(s, func(a, b Case) int { return cmp.Compare(a.Time, b.Time) })
	curve := Curve{Group: cases[0].Group, N: len(s)}
	survival, greenwood, low, high := 1.0, 0.0, 1.0, 1.0
	for from := 0; from < len(s); {
		p := Point{Time: s[from].Time, AtRisk: len(s) - from}
		to := from
		for ; to < len(s) && s[to].Time == p.Time; to++ {
			if s[to].Event {
				p.Events++
			} else {
				p.Censored++
			}
		}
		n, d := float64(p.AtRisk), float64(p.Events)
		survival *= 1 - d/n
		if d < n {
			greenwood += d / (n * (n - d))
		}
		p.Survival = survival
		if survival > 0 {
			p.StandardError = survival * math.Sqrt(greenwood)
		}
		if survival > 0 {
			low, high = limits(survival, math.Sqrt(greenwood), z, opt.Limits)
		} else {
			low = 0
		}
		p.Low, p.High = low, high
		curve.Events += p.Events
		curve.Points = append(curve.Points, p)
		from = to
	}
	for i, q := range []float64{.25, .5, .75} {
		curve.Quartiles[i] = curve.Quantile(q)
	}
	return curve, nil
}

// limits returns the confidence limits of s above 0, whose relative standard error is
// rel (the standard error of ln S).
func limits(s, rel, z float64, kind Limits) (low, high float64) {
	if rel == 0 {
		return s, s
	}
	switch kind {
	case Plain:
		low, high = s-z*s*rel, s+z*s*rel
	case Log:
		low, high = s*math.Exp(-z*rel), s*math.Exp(z*rel)
	default:
		// se of ln(−ln S) is rel/|ln S|
		theta := math.Exp(z * rel / math.Abs(math.Log(s)))
		low, high = math.Pow(s, theta), math.Pow(s, 1/theta)
	}
	return math.Max(0, low), math.Min(1, high)
}

// Quantile returns the smallest time at which the curve is at or below 1 − p,
// with the limits of Brookmeyer and Crowley (1982): the smallest times at which
// the lower and the upper limit of the curve are.
func (c Curve) Quantile(p float64) Quantile {
	q := Quantile{P: p}
	q.Time = c.first(p, func(pt Point) float64 { return pt.Survival })
	q.Low = c.first(p, func(pt Point) float64 { return pt.Low })
	q.High = c.first(p, func(pt Point) float64 { return pt.High })
	return q
}

func (c Curve) first(p float64, height func(Point) float64) *float64 {
	for _, pt := range c.Points {
		// The tolerance absorbs rounding in the product, as R does.
		if pt.Events > 0 && height(pt) <= 1-p+1e-12 {
			t := pt.Time
			return &t
		}
	}
	return nil
}

// At returns the share still open after time t.
func (c Curve) At(t float64) float64 {
	s := 1.0
	for _, p := range c.Points {
		if p.Time > t {
			break
		}
		s = p.Survival
	}
	return s
}

// RestrictedMean is the mean time up to the horizon, the area under the curve:
// every case counts at most the horizon. It is defined also where the median
// is not reached. A horizon beyond the last time is refused, since the curve
// is not known there unless it has reached 0.
func (c Curve) RestrictedMean(horizon float64) (float64, error) {
	if !(horizon >= 0) || math.IsInf(horizon, 0) {
		return 0, fmt.Errorf("%w: horizon %v", ErrInvalid, horizon)
	}
	if len(c.Points) == 0 {
		return 0, fmt.Errorf("%w: no cases", ErrNoData)
	}
	last := c.Points[len(c.Points)-1]
	if horizon > last.Time && last.Survival > 0 {
		return 0, fmt.Errorf("%w: horizon %v lies beyond the last observed time %v", ErrNoData, horizon, last.Time)
	}
	area, from, s := 0.0, 0.0, 1.0
	for _, p := range c.Points {
		to := math.Min(p.Time, horizon)
		area += s * (to - from)
		from, s = to, p.Survival
	}
	return area + s*(horizon-from), nil
}
