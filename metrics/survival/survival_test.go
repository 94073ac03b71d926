package survival

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

func cases(group string, times []float64, censored ...int) []Case {
	var out []Case
	for _, t := range times {
		out = append(out, Case{Time: t, Event: true, Group: group})
	}
	for _, i := range censored {
		out[i].Event = false
	}
	return out
}

// remission is the leukaemia trial of Freireich et al. (1963), Blood 21,
// 699-716: weeks of remission under 6-MP and under placebo.
func remission() (sixMP, placebo []Case) {
	return cases("6-MP", []float64{6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35}, 3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20),
		cases("placebo", []float64{1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23})
}

// aml is the acute myelogenous leukaemia trial of R's survival package
// (Miller 1997), as printed by summary(survfit(...)).
func aml() (maintained, not []Case) {
	return cases("Maintained", []float64{9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161}, 2, 5, 8, 10),
		cases("Nonmaintained", []float64{5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45}, 5)
}

func near(t *testing.T, name string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tol {
		t.Errorf("%s = %.8g, want %.8g ± %g", name, got, want, tol)
	}
}

func eventPoints(c Curve) []Point {
	var out []Point
	for _, p := range c.Points {
		if p.Events > 0 {
			out = append(out, p)
		}
	}
	return out
}

func TestKaplanMeierRemission(t *testing.T) {
	six, placebo := remission()
	c, err := KaplanMeier(six, Options{})
	if err != nil || c.N != 21 || c.Events != 9 {
		t.Fatalf("%+v %v", c, err)
	}
	// Kleinbaum and Klein, Survival Analysis, 3rd ed., 2.II: S(t) and
	// Greenwood's standard error under 6-MP.
	want := [][4]float64{{6, 21, .8571, .0764}, {7, 17, .8067, .0869}, {10, 15, .7529, .0963}, {13, 12, .6902, .1068},
		{16, 11, .6275, .1141}, {22, 7, .5378, .1282}, {23, 6, .4482, .1346}}
	got := eventPoints(c)
	if len(got) != len(want) {
		t.Fatalf("%d event times, want %d", len(got), len(want))
	}
	for i, w := range want {
		if got[i].Time != w[0] || float64(got[i].AtRisk) != w[1] {
			t.Errorf("point %d: %+v, want time %v, at risk %v", i, got[i], w[0], w[1])
		}
		near(t, "survival", got[i].Survival, w[2], 5.1e-5)
		near(t, "standard error", got[i].StandardError, w[3], 5.1e-5)
	}
	if m := c.Median(); m.Time == nil || *m.Time != 23 {
		t.Errorf("median under 6-MP: %+v, want 23", m)
	}
	p, err := KaplanMeier(placebo, Options{})
	if err != nil || *p.Median().Time != 8 {
		t.Errorf("median under placebo: %+v %v, want 8", p.Median(), err)
	}
}

func TestKaplanMeierLimits(t *testing.T) {
	maintained, not := aml()
	c, err := KaplanMeier(maintained, Options{Limits: Log})
	if err != nil {
		t.Fatal(err)
	}
	// summary(survfit(Surv(time, status) ~ x, data = aml)), maintained.
	want := [][4]float64{{.909, .0867, .7541, 1}, {.818, .1163, .6192, 1}, {.716, .1397, .4884, 1}, {.614, .1526, .3769, .999},
		{.491, .1642, .2549, .946}, {.368, .1627, .1549, .875}, {.184, .1535, .0359, .944}}
	for i, p := range eventPoints(c) {
		near(t, "survival", p.Survival, want[i][0], 5.1e-4)
		near(t, "standard error", p.StandardError, want[i][1], 5.1e-5)
		near(t, "low", p.Low, want[i][2], 5.1e-5)
		near(t, "high", p.High, want[i][3], 5.1e-4)
	}
	if m := c.Median(); *m.Time != 31 || *m.Low != 18 || m.High != nil {
		t.Errorf("median: %v, want 31 from 18 without upper limit", m)
	}
	n, err := KaplanMeier(not, Options{Limits: Log})
	if err != nil || *n.Median().Time != 23 || *n.Median().Low != 8 || n.Median().High != nil {
		t.Errorf("median, not maintained: %v %v, want 23 from 8", n.Median(), err)
	}
}

func TestLogRank(t *testing.T) {
	six, placebo := remission()
	// survdiff on this trial: observed 9 and 21, expected 19.3 and 10.7,
	// χ² = 16.8 (Kleinbaum and Klein: 16.79).
	lr, err := LogRank(append(six, placebo...))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "chi-square", lr.ChiSquare, 16.79, 5.1e-3)
	near(t, "expected 6-MP", lr.Groups[0].Expected, 19.3, .051)
	near(t, "expected placebo", lr.Groups[1].Expected, 10.7, .051)
	if lr.Groups[0].Observed != 9 || lr.Groups[1].Observed != 21 || lr.DegreesOfFreedom != 1 {
		t.Errorf("%+v", lr)
	}
	maintained, not := aml()
	lr, err = LogRank(append(maintained, not...)) // χ² = 3.4, p = 0.0653
	if err != nil {
		t.Fatal(err)
	}
	near(t, "aml chi-square", lr.ChiSquare, 3.4, .051)
	near(t, "aml p", lr.P, .0653, 5.1e-5)
}

func TestLogRankThreeGroups(t *testing.T) {
	six, placebo := remission()
	other := make([]Case, len(placebo))
	copy(other, placebo)
	for i := range other {
		other[i].Group = "third"
	}
	lr, err := LogRank(append(append(six, placebo...), other...))
	if err != nil || lr.DegreesOfFreedom != 2 || lr.P > .001 {
		t.Errorf("%+v %v", lr, err)
	}
	near(t, "equal groups expect the same", lr.Groups[1].Expected, lr.Groups[2].Expected, 1e-9)
}

func TestCompare(t *testing.T) {
	six, placebo := remission()
	c, err := Compare(append(placebo, six...), Options{})
	if err != nil || len(c.Curves) != 2 || c.Curves[0].Group != "6-MP" || c.LogRank == nil {
		t.Fatalf("%+v %v", c, err)
	}
	c, err = Compare(six, Options{})
	if err != nil || c.LogRank != nil || c.Reason == "" {
		t.Errorf("one group: %+v %v", c, err)
	}
}

func TestRestrictedMean(t *testing.T) {
	c, err := KaplanMeier(cases("", []float64{1, 2, 4}, 1), Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.RestrictedMean(3) // 1 + 2·⅔
	if err != nil {
		t.Fatal(err)
	}
	near(t, "restricted mean", m, 1+2*2.0/3, 1e-12)
	if s := c.At(1.5); math.Abs(s-2.0/3) > 1e-12 {
		t.Errorf("S(1.5) = %v", s)
	}
	if m, err := c.RestrictedMean(100); err != nil || math.Abs(m-3) > 1e-12 { // the curve is 0 from 4 on
		t.Errorf("beyond the end of a finished curve: %v %v", m, err)
	}
	open, _ := KaplanMeier(cases("", []float64{1, 2}, 1), Options{})
	if _, err := open.RestrictedMean(5); !errors.Is(err, ErrNoData) {
		t.Errorf("beyond the end of an open curve: %v", err)
	}
}

func TestDegenerate(t *testing.T) {
	if _, err := KaplanMeier(nil, Options{}); !errors.Is(err, ErrNoData) {
		t.Errorf("no cases: %v", err)
	}
	open := cases("a", []float64{3, 5}, 0, 1)
	c, err := KaplanMeier(open, Options{})
	if err != nil || c.Median().Time != nil || c.At(9) != 1 || c.Points[0].Low != 1 {
		t.Errorf("all censored: %+v %v", c, err)
	}
	if _, err := LogRank(append(open, cases("b", []float64{3}, 0)...)); !errors.Is(err, ErrNoData) {
		t.Errorf("no events: %v", err)
	}
	// One group is gone before the other has its first event.
	if _, err := LogRank(append(cases("a", []float64{1, 2}, 0, 1), cases("b", []float64{3, 4})...)); !errors.Is(err, ErrNoData) {
		t.Errorf("never at risk together: %v", err)
	}
	for _, x := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := KaplanMeier([]Case{{Time: x}}, Options{}); !errors.Is(err, ErrInvalid) {
			t.Errorf("time %v: %v", x, err)
		}
	}
	for _, o := range []Options{{Confidence: 1}, {Confidence: math.NaN()}, {Limits: "wide"}} {
		if _, err := KaplanMeier(open, o); !errors.Is(err, ErrInvalid) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// Curves fall, stay within [0, 1] and lie inside their limits, for every kind
// of limits and any mixture of times and states.
func TestCurveProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 4))
	for range 500 {
		var cs []Case
		for range 1 + rng.IntN(15) {
			cs = append(cs, Case{Time: float64(rng.IntN(6)), Event: rng.IntN(3) > 0, Group: string(rune('a' + rng.IntN(3)))})
		}
		for _, l := range []Limits{LogLog, Log, Plain} {
			c, err := KaplanMeier(cs, Options{Limits: l})
			if err != nil {
				t.Fatal(err)
			}
			before := 1.0
			for _, p := range c.Points {
				if !(p.Survival <= before && p.Survival >= 0 && p.Low <= p.Survival+1e-12 && p.High >= p.Survival-1e-12 && p.Low >= 0 && p.High <= 1) || math.IsNaN(p.StandardError) {
					t.Fatalf("%s: %+v after %v", l, p, before)
				}
				before = p.Survival
			}
		}
		if lr, err := LogRank(cs); err == nil && !(lr.P >= 0 && lr.P <= 1 && lr.ChiSquare >= -1e-9) {
			t.Fatalf("%+v", lr)
		} else if err != nil && !errors.Is(err, ErrNoData) {
			t.Fatal(err)
		}
	}
}
