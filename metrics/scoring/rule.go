package scoring

import (
	"errors"
	"fmt"
	"math"
)

// RuleKind names how an actual value earns points.
type RuleKind string

// The kinds of rules. Positive, reverse, equal and qualitative follow the
// budget performance scheme of 财预〔2020〕10号 as finance systems apply it.
const (
	// Positive: higher is better. a ≥ t earns all, below it a/t.
	Positive RuleKind = "positive"
	// Reverse: lower is better. a ≤ t earns all, then 1 − (a−t)/t, none from
	// 2t on. With a ceiling c: linear from t to c instead. With t = 0 and no
	// ceiling: all at 0, else none.
	Reverse RuleKind = "reverse"
	// Equal: the target is to be met. t = 0: all if a ≤ 0, else none; t > 0:
	// as positive.
	Equal RuleKind = "equal"
	// BandRule: all inside [lower, upper], linear to none at half the lower
	// and at double the upper bound.
	BandRule RuleKind = "band"
	// Qualitative: the actual value is the assessed share of attainment, 0 to
	// 100; LevelOf names its grade.
	Qualitative RuleKind = "qualitative"
)

// Scale transforms actual value, target and bounds before the rule applies.
type Scale string

const (
	// Linear leaves values as they are; the zero value means the same.
	Linear Scale = "linear"
	// Log10OnePlus is log10(1+v), for quantities that span powers of ten.
	Log10OnePlus Scale = "log10_1p"
)

// Rule says how an indicator's actual value earns its weight.
type Rule struct {
	Kind    RuleKind `yaml:"kind" json:"kind"`
	Target  float64  `yaml:"target,omitempty" json:"target"`             // t; not used by band and qualitative
	Lower   float64  `yaml:"lower,omitempty" json:"lower,omitempty"`     // band only
	Upper   float64  `yaml:"upper,omitempty" json:"upper,omitempty"`     // band only
	Ceiling float64  `yaml:"ceiling,omitempty" json:"ceiling,omitempty"` // reverse only; 0 = 2·target
	Scale   Scale    `yaml:"scale,omitempty" json:"scale,omitempty"`     // zero value = linear
}

// ErrInvalid says that a rule, a scheme or a value cannot be scored.
var ErrInvalid = errors.New("invalid scoring input")

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Validate reports what makes the rule unusable, or nil.
func (r Rule) Validate() error {
	for _, v := range []struct {
		name string
		x    float64
	}{{"target", r.Target}, {"lower", r.Lower}, {"upper", r.Upper}, {"ceiling", r.Ceiling}} {
		if !isFinite(v.x) || v.x < 0 {
			return invalid("%s %v, want a finite number of at least 0", v.name, v.x)
		}
	}
	switch r.Scale {
	case "", Linear, Log10OnePlus:
	default:
		return invalid("scale %q, want %q or %q", r.Scale, Linear, Log10OnePlus)
	}
	if r.Ceiling != 0 && r.Kind != Reverse {
		return invalid("ceiling given with rule %q, it belongs to %q", r.Kind, Reverse)
	}
	if (r.Lower != 0 || r.Upper != 0) && r.Kind != BandRule {
		return invalid("lower or upper given with rule %q, they belong to %q", r.Kind, BandRule)
	}
	switch r.Kind {
	case Positive, Equal, Qualitative:
		return nil
	case Reverse:
		if r.Ceiling != 0 && r.Ceiling <= r.Target {
			return invalid("ceiling %v is not above target %v", r.Ceiling, r.Target)
		}
		return nil
	case BandRule:
		if r.Upper <= 0 || r.Lower > r.Upper {
			return invalid("band from %v to %v, want 0 ≤ lower ≤ upper and upper above 0", r.Lower, r.Upper)
		}
		return nil
	}
	return invalid("rule %q, want one of positive, reverse, equal, band, qualitative", r.Kind)
}

// Fraction returns the share of the weight that the actual value earns, in
// [0, 1], not rounded. Negative actual values count as 0, as in the finance
// systems. NaN and infinite values are refused.
func (r Rule) Fraction(actual float64) (float64, error) {
	if err := r.Validate(); err != nil {
		return 0, err
	}
	if !isFinite(actual) {
		return 0, invalid("actual value %v", actual)
	}
	return r.fraction(actual), nil
}

// fraction is Fraction for a rule and a value already checked.
func (r Rule) fraction(actual float64) float64 {
	a, t := r.scaled(math.Max(actual, 0)), r.scaled(r.Target)
	switch r.Kind {
	case Positive:
		return share(a, t)
	case Equal:
		if t > 0 {
			return share(a, t)
		}
		return oneIf(a <= 0)
	case Reverse:
		zero := 2 * t
		if r.Ceiling > 0 {
			zero = r.scaled(r.Ceiling)
		}
		switch {
		case a <= t:
			return 1
		case a >= zero:
			return 0
		}
		return clamp01(1 - (a-t)/(zero-t))
	case BandRule:
		lo, hi := r.scaled(r.Lower), r.scaled(r.Upper)
		switch {
		case a < lo:
			return clamp01((a - lo/2) / (lo / 2))
		case a > hi:
			return clamp01((2*hi - a) / hi)
		}
		return 1
	case Qualitative:
		return clamp01(math.Max(actual, 0) / 100)
	}
	return 0
}

// Points returns weight × Fraction, rounded half up to two decimals.
// A negative, NaN or infinite weight is refused.
func (r Rule) Points(actual, weight float64) (float64, error) {
	f, err := r.Fraction(actual)
	if err != nil {
		return 0, err
	}
	if !isFinite(weight) || weight < 0 {
		return 0, invalid("weight %v", weight)
	}
	return Round(f*weight, PointDecimals), nil
}

// Overachieved reports whether the actual value of a positive or equal rule
// reaches factor times its target, where a reason is asked for (1.3 in the
// budget performance scheme: the target may have been set too low). A target
// of 0 is never overachieved.
func (r Rule) Overachieved(actual, factor float64) bool {
	return (r.Kind == Positive || r.Kind == Equal) && r.Target > 0 && actual >= factor*r.Target
}

func (r Rule) scaled(x float64) float64 {
	if r.Scale == Log10OnePlus {
		return math.Log1p(x) / math.Ln10
	}
	return x
}

// share is min(1, a/t), and 1 for a target of 0, which nothing can miss.
func share(a, t float64) float64 {
	if a >= t {
		return 1
	}
	return a / t
}

// clamp01 cuts to [0, 1]; NaN, which only bounds below the smallest number give,
// counts as 0.
func clamp01(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	return math.Min(1, x)
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// QualitativeLevel is a grade of a qualitative assessment.
type QualitativeLevel struct {
	ZH, EN string
}

// LevelOf names the grade of an assessed share of attainment in percent:
// 80 to 100 attained, 60 to below 80 partly attained, below 60 not attained.
func LevelOf(share float64) QualitativeLevel {
	switch {
	case share >= 80:
		return QualitativeLevel{"达成年度指标", "attained"}
	case share >= 60:
		return QualitativeLevel{"部分达成并具有一定效果", "partly attained with some effect"}
	}
	return QualitativeLevel{"未达成且效果较差", "not attained, little effect"}
}
