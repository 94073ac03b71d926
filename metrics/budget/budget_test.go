package budget

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func amounts(p Plan) []float64 {
	var out []float64
	for _, l := range p.Lines {
		out = append(out, l.Amount)
	}
	return out
}

func equal(a []float64, b ...float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-9 {
			return false
		}
	}
	return true
}

func compare(t *testing.T, ds []Department, opt Options) (uniform, graded, best Plan) {
	t.Helper()
	plans, err := Compare(ds, opt)
	if err != nil {
		t.Fatal(err)
	}
	return plans[0], plans[1], plans[2]
}

// Three departments of 100, a cap of 270, by hand.
func TestScenariosByHand(t *testing.T) {
	ds := []Department{
		{ID: "A", Current: 100, Scored: true, Score: 92, Grade: "优", GradeProbability: .95},
		{ID: "B", Current: 100, Scored: true, Score: 85, Grade: "良", GradeProbability: .6},
		{ID: "C", Current: 100, Scored: true, Score: 50, Grade: "差", Protected: 75},
	}
	uniform, graded, best := compare(t, ds, Options{Cap: 270})
	if !equal(amounts(uniform), 90, 90, 90) || uniform.Unallocated != 0 {
		t.Errorf("uniform: %v", amounts(uniform))
	}
	// The rule wants 105, 100 and 75 (70, but 75 are protected): 280. Floors
	// 70, 70, 75 are kept, the 65 above them shrink to 55.
	if !equal(amounts(graded), 99.62, 95.38, 75) || graded.Total != 270 {
		t.Errorf("grade-linked: %v", amounts(graded))
	}
	// Most effect: C at its protected 75, A at its ceiling of 120, B the rest.
	if !equal(amounts(best), 120, 75, 75) {
		t.Errorf("optimised: %v", amounts(best))
	}
	if got, want := best.Effect, 120*.92+75*.85+75*.5; math.Abs(got-want) > 1e-9 {
		t.Errorf("effect %v, want %v", got, want)
	}
	if got, want := best.LostByUniform, 30*.92-15*.85-15*.5; math.Abs(got-want) > 1e-9 {
		t.Errorf("lost by uniform %v, want %v", got, want)
	}
	if math.Abs(best.Marginal-.85) > 1e-9 { // one more yuan would go to B
		t.Errorf("marginal effect %v, want 0.85", best.Marginal)
	}
	if best.Lines[0].Bound != "ceiling" || best.Lines[1].Bound != "" || best.Lines[2].Bound != "protected" {
		t.Errorf("bounds: %+v", best.Lines)
	}
	for _, l := range append(graded.Lines, best.Lines...) {
		if !strings.HasPrefix(l.Reason.ZH, "建议") || !strings.Contains(l.Reason.EN, "Proposal") {
			t.Errorf("reason: %v", l.Reason)
		}
	}
	if r := graded.Lines[1].Reason; !strings.Contains(r.ZH, "等级不确定") || !strings.Contains(r.EN, "60%") {
		t.Errorf("an uncertain grade must be said: %v", r)
	}
	if r := graded.Lines[0].Reason; strings.Contains(r.ZH, "不确定") {
		t.Errorf("a certain grade: %v", r)
	}
}

func TestUnusedCap(t *testing.T) {
	ds := []Department{{ID: "A", Current: 100, Scored: true, Score: 50, Grade: "差"}}
	uniform, graded, best := compare(t, ds, Options{Cap: 500})
	if !equal(amounts(uniform), 120) || uniform.Unallocated != 380 {
		t.Errorf("the ceiling leaves money: %+v", uniform)
	}
	if !equal(amounts(graded), 70) || graded.Unallocated != 430 || best.Marginal != 0 {
		t.Errorf("%+v %+v", graded, best)
	}
}

func TestMeasuredEffect(t *testing.T) {
	high, low := 4.0, 1.0
	ds := []Department{
		{ID: "A", Current: 100, Scored: true, Score: 95, Grade: "优", EffectPerYuan: &low},
		{ID: "B", Current: 100, Scored: true, Score: 60, Grade: "中", EffectPerYuan: &high},
	}
	_, _, best := compare(t, ds, Options{Cap: 190})
	if !equal(amounts(best), 70, 120) || best.EffectUnit.EN != "measured output" {
		t.Errorf("measured effect must decide: %v %v", amounts(best), best.EffectUnit)
	}
	ds[0].EffectPerYuan = nil
	_, _, best = compare(t, ds, Options{Cap: 190})
	if !equal(amounts(best), 120, 70) {
		t.Errorf("not measured for all, so the score decides: %v", amounts(best))
	}
}

func TestDiminishing(t *testing.T) {
	ds := []Department{{ID: "A", Current: 100, Scored: true, Score: 90, Grade: "优"}, {ID: "B", Current: 100, Scored: true, Score: 80, Grade: "良"}}
	_, _, best := compare(t, ds, Options{Cap: 200, Diminishing: .5})
	if !equal(amounts(best), 100, 100) { // a yuan more for A is worth 0.45, one less for B costs 0.80
		t.Errorf("%v", amounts(best))
	}
}

func TestUnscoredAndNew(t *testing.T) {
	floor, ceiling := 10.0, 50.0
	ds := []Department{
		{ID: "A", Current: 100, Scored: true, Score: 90, Grade: "优"},
		{ID: "B", Current: 100},
		{ID: "C", Current: 0, Scored: true, Score: 80, Grade: "良", Floor: &floor, Ceiling: &ceiling},
	}
	uniform, graded, best := compare(t, ds, Options{Cap: 200})
	for _, p := range []Plan{graded, best} {
		if p.Lines[1].Amount != uniform.Lines[1].Amount || !strings.Contains(p.Lines[1].Reason.ZH, "无得分") {
			t.Errorf("%s: a department without a score takes its uniform share: %+v", p.Scenario, p.Lines[1])
		}
	}
	if c := uniform.Lines[2]; c.Amount != 10 || c.ChangeShare != nil {
		t.Errorf("a new department gets its floor: %+v", c)
	}
}

// Departments with equal scores get equal shares in the optimised plan too.
func TestTreatedAlike(t *testing.T) {
	var ds []Department
	for i := range 4 {
		ds = append(ds, Department{ID: fmt.Sprint(i), Current: 100 * float64(1+i%2), Scored: true, Score: 80, Grade: "良"})
	}
	_, _, best := compare(t, ds, Options{Cap: 540})
	if !equal(amounts(best), 90, 180, 90, 180) {
		t.Errorf("%v", amounts(best))
	}
}

func TestRefusals(t *testing.T) {
	good := Department{ID: "A", Current: 100, Scored: true, Score: 80, Grade: "良"}
	nan, inf := math.NaN(), math.Inf(1)
	with := func(f func(d *Department)) []Department {
		d := good
		f(&d)
		return []Department{d}
	}
	for name, c := range map[string]struct {
		ds  []Department
		opt Options
	}{
		"none":            {nil, Options{Cap: 1}},
		"twice":           {[]Department{good, good}, Options{Cap: 200}},
		"NaN current":     {with(func(d *Department) { d.Current = nan }), Options{Cap: 100}},
		"infinite":        {with(func(d *Department) { d.Current = inf }), Options{Cap: 100}},
		"negative":        {with(func(d *Department) { d.Current = -1 }), Options{Cap: 100}},
		"NaN score":       {with(func(d *Department) { d.Score = nan }), Options{Cap: 100}},
		"unknown grade":   {with(func(d *Department) { d.Grade = "甲" }), Options{Cap: 100}},
		"NaN effect":      {with(func(d *Department) { d.EffectPerYuan = &nan }), Options{Cap: 100}},
		"floor > ceiling": {with(func(d *Department) { d.Ceiling = new(float64) }), Options{Cap: 100}},
		"NaN cap":         {[]Department{good}, Options{Cap: nan}},
		"negative cap":    {[]Department{good}, Options{Cap: -1}},
		"cut beyond all":  {[]Department{good}, Options{Cap: 100, MaxCut: 2}},
		"diminishing":     {[]Department{good}, Options{Cap: 100, Diminishing: 2}},
		"rate":            {[]Department{good}, Options{Cap: 100, Rates: map[string]float64{"良": -2}}},
	} {
		if _, err := Compare(c.ds, c.opt); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	_, err := Compare([]Department{good}, Options{Cap: 60})
	if !errors.Is(err, ErrInfeasible) || !strings.Contains(err.Error(), "10.00") {
		t.Errorf("cap below the floors: %v, want the 10 yuan that are missing", err)
	}
	if plans, err := Compare(with(func(d *Department) { d.Current = 0 }), Options{}); err != nil || plans[2].Total != 0 {
		t.Errorf("no money at all: %+v %v", plans, err)
	}
}

// For any departments: no plan exceeds the cap or a bound, protected items are
// kept, and no plan promises more than the optimised one.
func TestPlanProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 5))
	grades := []string{"优", "良", "中", "差"}
	for range 400 {
		var ds []Department
		var sum float64
		for i := range 1 + rng.IntN(20) {
			d := Department{ID: fmt.Sprint(i), Current: math.Round(rng.Float64()*1e9) / 100, Scored: rng.IntN(6) > 0, Score: math.Round(rng.Float64()*20) * 5, Grade: grades[rng.IntN(4)]}
			if rng.IntN(3) == 0 {
				d.Protected = d.Current * rng.Float64()
			}
			sum += d.Current
			ds = append(ds, d)
		}
		opt := Options{Cap: sum * (.95 + .3*rng.Float64()), MaxCut: .3, MaxRise: .2, Diminishing: []float64{0, .3}[rng.IntN(2)]}
		plans, err := Compare(ds, opt)
		if errors.Is(err, ErrInfeasible) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		best := plans[2]
		for _, p := range plans {
			var total float64
			for i, l := range p.Lines {
				total += l.Amount
				if l.Amount < ds[i].Protected-.011 || l.Amount < .7*ds[i].Current-.011 || l.Amount > math.Max(1.2*ds[i].Current, ds[i].Protected)+.011 {
					t.Fatalf("%s: %+v leaves the bounds of %+v", p.Scenario, l, ds[i])
				}
				if math.Abs(l.Amount*100-math.Round(l.Amount*100)) > 1e-4 {
					t.Fatalf("%s: %v is not to the cent", p.Scenario, l.Amount)
				}
			}
			if total > opt.Cap+1e-6 || math.Abs(total-p.Total) > 1e-4 || math.Abs(p.Total+p.Unallocated-opt.Cap) > .0051 {
				t.Fatalf("%s: total %v (%v), unallocated %v, cap %v", p.Scenario, total, p.Total, p.Unallocated, opt.Cap)
			}
			if p.Effect > best.Effect+.02*float64(len(ds)) {
				t.Fatalf("%s promises %v, the optimum %v", p.Scenario, p.Effect, best.Effect)
			}
		}
	}
}
