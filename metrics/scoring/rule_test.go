package scoring

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

func TestRulePoints(t *testing.T) {
	positive := func(target float64) Rule { return Rule{Kind: Positive, Target: target} }
	reverse := func(target, ceiling float64) Rule { return Rule{Kind: Reverse, Target: target, Ceiling: ceiling} }
	equal := func(target float64) Rule { return Rule{Kind: Equal, Target: target} }
	band := func(lo, hi float64) Rule { return Rule{Kind: BandRule, Lower: lo, Upper: hi} }
	cases := []struct {
		name           string
		rule           Rule
		actual, weight float64
		want           float64
	}{
		// The first three: golden vectors of the specification. The others by
		// hand from the formula in the rule's comment.
		{"golden positive", positive(95), 87.5, 6, 5.53},
		{"golden reverse", reverse(10, 0), 12, 5, 4},
		{"golden reverse at twice the target", reverse(10, 0), 20, 5, 0},
		{"positive above target", positive(95), 130, 6, 6},
		{"positive negative actual", positive(95), -3, 6, 0},
		{"positive target 0", positive(0), 0, 6, 6},
		{"reverse at target", reverse(10, 0), 10, 5, 5},
		{"reverse target 0 all", reverse(0, 0), 0, 5, 5},
		{"reverse target 0 none", reverse(0, 0), .01, 5, 0},
		{"reverse target 0 ceiling", reverse(0, 40), 10, 4, 3},
		{"reverse target 0 at ceiling", reverse(0, 40), 40, 4, 0},
		{"reverse with ceiling", reverse(20, 60), 30, 4, 3},
		{"reverse negative actual", reverse(0, 0), -5, 5, 5},
		{"equal target 0 met", equal(0), 0, 3, 3},
		{"equal target 0 not met", equal(0), 1, 3, 0},
		{"equal short", equal(8), 6, 4, 3},
		{"equal above", equal(8), 9, 4, 4},
		{"band inside", band(.8, 2.5), 1, 4, 4},
		{"band lower edge", band(.8, 2.5), .8, 4, 4},
		{"band below", band(.8, 2.5), .6, 4, 2},
		{"band at half lower", band(.8, 2.5), .4, 4, 0},
		{"band above", band(.8, 2.5), 3.75, 4, 2},
		{"band at double upper", band(.8, 2.5), 5, 4, 0},
		{"band from 0", band(0, 2), 0, 4, 4},
		{"qualitative", Rule{Kind: Qualitative}, 85, 6, 5.1},
		{"qualitative above 100", Rule{Kind: Qualitative}, 120, 6, 6},
		{"log scale", Rule{Kind: Positive, Target: 99, Scale: Log10OnePlus}, 9, 4, 2},
	}
	for _, c := range cases {
		got, err := c.rule.Points(c.actual, c.weight)
		if err != nil || got != c.want {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
		}
	}
}

func TestRuleRefuses(t *testing.T) {
	bad := []Rule{
		{}, {Kind: "best"}, {Kind: Positive, Target: -1}, {Kind: Positive, Target: math.NaN()},
		{Kind: Reverse, Target: math.Inf(1)}, {Kind: Reverse, Target: 10, Ceiling: 10}, {Kind: Positive, Target: 1, Ceiling: 2},
		{Kind: BandRule}, {Kind: BandRule, Lower: 2, Upper: 1}, {Kind: Positive, Upper: 1}, {Kind: Positive, Scale: "ln"},
	}
	for _, r := range bad {
		if _, err := r.Points(1, 1); !errors.Is(err, ErrInvalid) {
			t.Errorf("%+v: %v, want a refusal", r, err)
		}
	}
	for _, a := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if _, err := (Rule{Kind: Positive, Target: 1}).Points(a, 1); !errors.Is(err, ErrInvalid) {
			t.Errorf("actual %v: %v, want a refusal", a, err)
		}
		if _, err := (Rule{Kind: Positive, Target: 1}).Points(1, a); !errors.Is(err, ErrInvalid) {
			t.Errorf("weight %v: %v, want a refusal", a, err)
		}
	}
}

// A better value never earns less, and every fraction lies in [0, 1].
func TestRuleMonotone(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		target := math.Floor(rng.Float64()*20) / 2
		rules := []Rule{{Kind: Positive, Target: target}, {Kind: Equal, Target: target}, {Kind: Reverse, Target: target},
			{Kind: Reverse, Target: target, Ceiling: target + 1 + rng.Float64()*10}, {Kind: Positive, Target: target, Scale: Log10OnePlus},
			{Kind: BandRule, Lower: target, Upper: target + .1 + rng.Float64()}, {Kind: Qualitative}, {Kind: Reverse, Target: target, Scale: Log10OnePlus}}
		a := rng.Float64()*40 - 5
		b := a + rng.Float64()*5
		for _, r := range rules {
			fa, errA := r.Fraction(a)
			fb, errB := r.Fraction(b)
			if errA != nil || errB != nil {
				t.Fatalf("%+v: %v %v", r, errA, errB)
			}
			if fa < 0 || fa > 1 || fb < 0 || fb > 1 {
				t.Fatalf("%+v: fractions %v, %v", r, fa, fb)
			}
			if fast := compile(r); fast.at(a, 1) != fa || fast.at(b, 1) != fb {
				t.Fatalf("%+v: compiled %v and %v, rule %v and %v", r, fast.at(a, 1), fast.at(b, 1), fa, fb)
			}
			switch r.Kind {
			case Positive:
				if fb < fa {
					t.Fatalf("%+v falls from %v to %v", r, fa, fb)
				}
			case Reverse:
				if fb > fa {
					t.Fatalf("%+v rises from %v to %v", r, fa, fb)
				}
			}
		}
	}
}

// Any rule that validates gives a fraction in [0, 1] for any finite value.
func FuzzRule(f *testing.F) {
	f.Add("band", 0.0, 5e-324, 1.0, 0.0, false, 0.0)
	f.Add("reverse", 1.7e308, 0.0, 0.0, 0.0, true, 1.7e308)
	f.Add("reverse", 0.0, 0.0, 0.0, 5e-324, false, 1e-300)
	f.Fuzz(func(t *testing.T, kind string, target, lower, upper, ceiling float64, log bool, actual float64) {
		r := Rule{Kind: RuleKind(kind), Target: target, Lower: lower, Upper: upper, Ceiling: ceiling}
		if log {
			r.Scale = Log10OnePlus
		}
		got, err := r.Fraction(actual)
		if err == nil && !(got >= 0 && got <= 1) {
			t.Errorf("%+v at %v: %v", r, actual, got)
		}
		if fast := compile(r); err == nil && fast.at(actual, 1) != got {
			t.Errorf("%+v at %v: compiled %v, rule %v", r, actual, fast.at(actual, 1), got)
		}
	})
}

func TestOverachieved(t *testing.T) {
	r := Rule{Kind: Positive, Target: 10}
	if r.Overachieved(12.9, 1.3) || !r.Overachieved(13, 1.3) {
		t.Error("130 % of the target must ask for a reason, 129 % must not")
	}
	if (Rule{Kind: Reverse, Target: 10}).Overachieved(100, 1.3) || (Rule{Kind: Positive}).Overachieved(5, 1.3) {
		t.Error("reverse rules and targets of 0 are never overachieved")
	}
}

func TestLevelOf(t *testing.T) {
	for share, want := range map[float64]string{100: "达成年度指标", 80: "达成年度指标", 79.99: "部分达成并具有一定效果", 60: "部分达成并具有一定效果", 59.9: "未达成且效果较差", 0: "未达成且效果较差"} {
		if got := LevelOf(share); got.ZH != want || got.EN == "" {
			t.Errorf("%v: %v, want %s", share, got, want)
		}
	}
}

func TestRound(t *testing.T) {
	cases := []struct {
		x        float64
		decimals int
		want     float64
	}{
		{1.005, 2, 1.01}, {2.675, 2, 2.68}, {-1.005, 2, -1.01}, {.285 * 100, 0, 29}, {0, 2, 0}, {1e-20, 2, 0},
		{.005, 2, .01}, {.0049999, 2, 0}, {99.995, 2, 100}, {999.999, 2, 1000}, {123456789, -3, 123457000}, {49, -2, 0}, {50, -2, 100},
		{1.1, 5, 1.1}, {.1 + .2, 1, .3}, {5.525, 2, 5.53}, {1e300, 2, 1e300}, {4.5, 0, 5}, {-.5, 0, -1},
	}
	for _, c := range cases {
		if got := Round(c.x, c.decimals); got != c.want {
			t.Errorf("Round(%v, %d) = %v, want %v", c.x, c.decimals, got, c.want)
		}
	}
	if !math.IsNaN(Round(math.NaN(), 2)) || !math.IsInf(Round(math.Inf(-1), 2), -1) {
		t.Error("NaN and infinite values must come back unchanged")
	}
}

func FuzzRound(f *testing.F) {
	f.Add(1.005, 2)
	f.Add(-99999.5, 0)
	f.Add(5e-324, 300)
	f.Fuzz(func(t *testing.T, x float64, d int) {
		if math.IsNaN(x) || math.IsInf(x, 0) || d < -20 || d > 20 {
			return
		}
		got := Round(x, d)
		half := math.Pow(10, float64(-d)) / 2
		if math.Abs(got-x) > half*(1+1e-9)+math.Abs(x)*1e-13 {
			t.Errorf("Round(%v, %d) = %v is more than half a unit away", x, d, got)
		}
		if again := Round(got, d); again != got {
			t.Errorf("Round(%v, %d) = %v, again %v", x, d, got, again)
		}
	})
}
