package scoring

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// bigScheme has the shape of the real one: groups of 10, 50, 30 and 10, the
// second and third with subgroups, n indicators in all.
func bigScheme(n int) *Scheme {
	s := &Scheme{Total: Node{ID: "total", Children: []Node{
		{ID: "execution"},
		{ID: "output", Children: []Node{{ID: "quantity"}, {ID: "quality"}, {ID: "time"}, {ID: "cost"}}},
		{ID: "benefit", Children: []Node{{ID: "effect"}, {ID: "sustained"}, {ID: "restraint"}}},
		{ID: "satisfaction"},
	}}}
	groups := []*Node{&s.Total.Children[0]}
	for i := range s.Total.Children[1].Children {
		groups = append(groups, &s.Total.Children[1].Children[i])
	}
	for i := range s.Total.Children[2].Children {
		groups = append(groups, &s.Total.Children[2].Children[i])
	}
	groups = append(groups, &s.Total.Children[3])
	rules := []Rule{{Kind: Positive, Target: 80}, {Kind: Reverse, Target: 20}, {Kind: BandRule, Lower: 40, Upper: 120}, {Kind: Reverse, Ceiling: 100}, {Kind: Positive, Target: 50, Scale: Log10OnePlus}}
	for i := range n {
		id := fmt.Sprintf("indicator_%02d", i)
		s.Indicators = append(s.Indicators, Indicator{ID: id, Rule: rules[i%len(rules)], MinimumN: 5})
		g := groups[i%len(groups)]
		g.Children = append(g.Children, Node{Indicator: id, Weight: 1.75})
	}
	return s
}

func randomDepartments(rng *rand.Rand, s *Scheme, n int) []Department {
	var out []Department
	for d := range n {
		dep := Department{ID: fmt.Sprint("D", d), Observations: map[string]Observation{}}
		for _, ind := range s.Indicators {
			o := Observation{State: HasValue, Value: rng.Float64() * 130, N: int64(rng.IntN(60)), StandardError: 3, Low: 0, High: 200}
			switch rng.IntN(12) {
			case 0:
				o = Observation{State: NotApplicable}
			case 1:
				o = Observation{State: Missing}
			}
			dep.Observations[ind.ID] = o
		}
		out = append(out, dep)
	}
	return out
}

// The unrounded model of the simulations agrees with the score that is printed,
// up to the rounding of lines.
func TestModelAgreesWithScore(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 8))
	s := bigScheme(56)
	ds := randomDepartments(rng, s, 40)
	results, err := s.ScoreAll(ds)
	if err != nil {
		t.Fatal(err)
	}
	m, err := newModel(s, ds)
	if err != nil {
		t.Fatal(err)
	}
	work := m.scratch()
	for i, r := range results {
		got := m.score(&m.cells[i], m.cells[i].fraction, setting{}, work)
		if math.Abs(got-r.Total.Score) > .3 { // 56 lines, each rounded by at most 0.005
			t.Errorf("%s: model %v, printed %v", r.Department, got, r.Total.Score)
		}
	}
}

func TestSimulate(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 8))
	s := bigScheme(30)
	ds := randomDepartments(rng, s, 12)
	results, err := s.ScoreAll(ds)
	if err != nil {
		t.Fatal(err)
	}
	fixed, err := s.Simulate(ds, SimulationOptions{Draws: 50})
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range fixed {
		if f.Score.Low != f.Score.High || math.Abs(f.Score.Median-results[i].Total.Score) > .2 || f.Rank.Low != f.Rank.High {
			t.Errorf("nothing varied: %+v, score %v", f, results[i].Total.Score)
		}
	}
	opt := SimulationOptions{Draws: 600, Seed: 4, Values: true, Concentration: 200, Targets: .1, Aggregation: true}
	got, err := s.Simulate(ds, opt)
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range got {
		var p float64
		for _, gp := range g.Grades {
			p += gp.Probability
		}
		if math.Abs(p-1) > 1e-9 || !(g.Score.Low <= g.Score.Median && g.Score.Median <= g.Score.High) || g.Rank.Low < 1 || g.Rank.High > 12 {
			t.Errorf("%+v", g)
		}
		if g.Score.High-g.Score.Low <= 0 {
			t.Errorf("%s: no spread", g.Department)
		}
		_ = i
	}
	again, err := s.Simulate(ds, opt)
	if err != nil || !reflect.DeepEqual(got, again) {
		t.Error("the same seed gave another answer", err)
	}
	opt.Seed = 5
	if other, _ := s.Simulate(ds, opt); reflect.DeepEqual(got, other) {
		t.Error("another seed gave the same draws")
	}
}

// With weights varied alone, a department with full marks keeps them, and a
// department's score interval does not depend on other departments' data.
func TestSimulateIndependence(t *testing.T) {
	s := smallScheme()
	weak := fullMarks()
	weak["reply"] = value(10, 9)
	opt := SimulationOptions{Draws: 300, Seed: 1, Concentration: 30}
	a, err := s.Simulate([]Department{{ID: "A", Observations: fullMarks()}, {ID: "B", Observations: weak}}, opt)
	if err != nil {
		t.Fatal(err)
	}
	if a[0].Score.Low < 100-1e-9 || a[0].Rank.High != 1 || a[1].Rank.Low != 2 {
		t.Errorf("%+v", a)
	}
	if a[1].Score.High-a[1].Score.Low < 5 {
		t.Errorf("weights hardly move B: %+v", a[1].Score)
	}
	opt.Values = true
	noisy := weak["update"]
	noisy.StandardError = 30
	weak["update"] = noisy
	a, err = s.Simulate([]Department{{ID: "A", Observations: fullMarks()}, {ID: "B", Observations: weak}}, opt)
	if err != nil {
		t.Fatal(err)
	}
	weak2 := fullMarks()
	noisy.StandardError = 5
	weak2["reply"], weak2["dormant"], weak2["update"] = value(10, 9), value(40, 0), noisy
	b, err := s.Simulate([]Department{{ID: "A", Observations: weak2}, {ID: "B", Observations: weak}}, opt)
	if err != nil || !reflect.DeepEqual(a[1].Score, b[1].Score) {
		t.Errorf("B's interval moved with A's data: %+v, %+v, %v", a[1].Score, b[1].Score, err)
	}
}

// Dirichlet weights have the mean and spread that the options promise.
func TestDirichlet(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	w := []float64{50, 30, 20, 0}
	var mean, square [4]float64
	const n = 20000
	for range n {
		d := dirichlet(w, 50, rng)
		var sum float64
		for i, x := range d {
			sum += x
			mean[i] += x / n
			square[i] += x * x / n
		}
		if math.Abs(sum-100) > 1e-9 || d[3] != 0 {
			t.Fatalf("%v", d)
		}
	}
	for i, x := range w[:3] {
		p := x / 100
		sd := 100 * math.Sqrt(p*(1-p)/51)
		if math.Abs(mean[i]-x) > .3 || math.Abs(math.Sqrt(square[i]-mean[i]*mean[i])-sd) > .15 {
			t.Errorf("weight %v: mean %v, deviation %v, want %v", x, mean[i], math.Sqrt(square[i]-mean[i]*mean[i]), sd)
		}
	}
}

func TestSimulateRefuses(t *testing.T) {
	ds := []Department{{ID: "A", Observations: fullMarks()}}
	bad := fullMarks()
	o := value(1, 9)
	o.StandardError = math.NaN()
	bad["reply"] = o
	for name, f := range map[string]func() error{
		"draws":         func() error { _, err := smallScheme().Simulate(ds, SimulationOptions{Draws: 3}); return err },
		"confidence":    func() error { _, err := smallScheme().Simulate(ds, SimulationOptions{Confidence: 2}); return err },
		"concentration": func() error { _, err := smallScheme().Simulate(ds, SimulationOptions{Concentration: -1}); return err },
		"targets":       func() error { _, err := smallScheme().Simulate(ds, SimulationOptions{Targets: 1}); return err },
		"standard error": func() error {
			_, err := smallScheme().Simulate([]Department{{ID: "A", Observations: bad}}, SimulationOptions{})
			return err
		},
		"nothing varied": func() error { _, err := smallScheme().Sensitivity(ds, "A", SensitivityOptions{}); return err },
		"unknown department": func() error {
			_, err := smallScheme().Sensitivity(ds, "B", SensitivityOptions{Weights: .1})
			return err
		},
		"spread":          func() error { _, err := smallScheme().Swings(ds, "A", 0); return err },
		"unknown, swings": func() error { _, err := smallScheme().Swings(ds, "B", .1); return err },
	} {
		if err := f(); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	none := map[string]Observation{}
	for id := range fullMarks() {
		none[id] = Observation{State: NotApplicable}
	}
	got, err := smallScheme().Simulate([]Department{{ID: "A", Observations: none}}, SimulationOptions{})
	if err != nil || got[0].Scored || got[0].Grades != nil {
		t.Errorf("nothing applies: %+v %v", got, err)
	}
	if got, err := smallScheme().Simulate(nil, SimulationOptions{}); err != nil || len(got) != 0 {
		t.Errorf("no departments: %v %v", got, err)
	}
}

func TestSensitivity(t *testing.T) {
	obs := fullMarks()
	obs["reply"], obs["dormant"] = value(50, 9), value(30, 0)
	ds := []Department{{ID: "A", Observations: obs}, {ID: "B", Observations: fullMarks()}}
	// Only values vary, the score is linear in both: shares of variance follow
	// from weight × standard error ÷ target: reply 20·s/100, dormant 30·s/20.
	noisy := map[string]Observation{}
	for id, o := range obs {
		noisy[id] = o
	}
	r, d := noisy["reply"], noisy["dormant"]
	r.StandardError, d.StandardError = 4, .5
	noisy["reply"], noisy["dormant"] = r, d
	got, err := smallScheme().Sensitivity([]Department{{ID: "A", Observations: noisy}, ds[1]}, "A", SensitivityOptions{Values: true, Base: 4096, Seed: 2})
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v %v", got, err)
	}
	a, b := 20*4.0/100, 30*.5/20
	if got[0].Indicator != "reply" || math.Abs(got[0].First-a*a/(a*a+b*b)) > .01 || math.Abs(got[1].Total-b*b/(a*a+b*b)) > .01 {
		t.Errorf("%+v, want shares %.3f and %.3f", got, a*a/(a*a+b*b), b*b/(a*a+b*b))
	}
	got, err = smallScheme().Sensitivity(ds, "B", SensitivityOptions{Weights: .3})
	if err != nil || len(got) != 0 {
		t.Errorf("weights do not move full marks: %+v %v", got, err)
	}
	got, err = smallScheme().Sensitivity(ds, "A", SensitivityOptions{Weights: .3, Targets: .2, Aggregation: true, Base: 64})
	if err != nil || len(got) < 10 {
		t.Errorf("%d factors, %v", len(got), err)
	}
}

func TestSwings(t *testing.T) {
	a, b := fullMarks(), fullMarks()
	a["reply"] = value(60, 9)    // 12 of 20
	b["dormant"] = value(26, 0)  // 21 of 30
	b["update"] = value(95.1, 9) //
	ds := []Department{{ID: "A", Observations: a}, {ID: "B", Observations: b}}
	got, err := smallScheme().Swings(ds, "A", .3)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]Swing{}
	for _, s := range got {
		by[string(s.Kind)+" "+s.Indicator] = s
	}
	// A target of 70 instead of 100: 60/70 of 20 points.
	if s := by["target reply"]; math.Abs(s.ScoreLow-(80+20*60.0/70)) > 1e-9 || s.RankLow != 1 {
		t.Errorf("%+v", s)
	}
	// By weight alone: 8 of 20 lost at reply, 9 of 30 at dormant. A reply
	// weight of 26 makes A lose 10.4 of 106, B 9 of 106.
	if s := by["weight reply"]; !s.Moves || s.RankHigh != 2 || s.RankLow != 1 || math.Abs(s.ScoreHigh-100*(106-10.4)/106) > 1e-9 {
		t.Errorf("%+v", s)
	}
}

func TestDecomposeByHand(t *testing.T) {
	before := score(t, fullMarks()).Total
	obs := fullMarks()
	obs["reply"] = value(50, 9)                       // value: −10
	obs["dormant"] = Observation{State: Missing}      // availability: −30
	o := value(99, 9)                                 // target of 198: −5
	o.Rule = &Rule{Kind: Positive, Target: 198}       //
	obs["update"] = o                                 //
	obs["delivery"] = Observation{State: NotMeasured} // weight: 80 are left
	after := score(t, obs).Total
	if after.Score != 43.75 { // 35 of 80
		t.Fatalf("score %v", after.Score)
	}
	d, err := Decompose(before, after)
	if err != nil || d.Change != -56.25 {
		t.Fatalf("%+v %v", d, err)
	}
	by := map[string]ChangeLine{}
	for _, l := range d.Lines {
		by[l.Indicator] = l
	}
	if l := by["dormant"]; l.Total != -30 || l.Availability != -33.75 || l.Weight != 3.75 { // w̄ = (30+37.5)/2
		t.Errorf("dormant: %+v", l)
	}
	if l := by["update"]; l.Value != 0 || l.Target >= 0 || l.Total != -3.75 { // 10 of 100 → 5 of 80
		t.Errorf("update: %+v", l)
	}
	if l := by["delivery"]; l.Weight != -20 || l.Total != -20 {
		t.Errorf("delivery: %+v", l)
	}
	if l := by["reply"]; l.Value >= 0 || l.Target != 0 || l.Availability != 0 {
		t.Errorf("reply: %+v", l)
	}
}

func TestDecomposeSumsExactly(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	s := bigScheme(56)
	for range 150 {
		ds := randomDepartments(rng, s, 2)
		for _, ind := range s.Indicators[:8] {
			for i := range ds {
				o := ds[i].Observations[ind.ID]
				if o.State == HasValue && rng.IntN(2) == 0 {
					o.Rule = &Rule{Kind: Positive, Target: 1 + 100*rng.Float64()}
					ds[i].Observations[ind.ID] = o
				}
			}
		}
		notMeasured := map[string]bool{}
		if rng.IntN(2) == 0 {
			notMeasured[s.Indicators[rng.IntN(56)].ID] = true
		}
		a, err := s.Score(ds[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.Score(ds[1], notMeasured)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Decompose(a.Total, b.Total)
		if err != nil {
			t.Fatal(err)
		}
		var total, value, target, weight, availability int64
		for _, l := range d.Lines {
			total += hundredths(l.Total)
			value, target = value+hundredths(l.Value), target+hundredths(l.Target)
			weight, availability = weight+hundredths(l.Weight), availability+hundredths(l.Availability)
			if hundredths(l.Value)+hundredths(l.Target)+hundredths(l.Weight)+hundredths(l.Availability) != hundredths(l.Total) {
				t.Fatalf("parts do not sum: %+v", l)
			}
		}
		want := hundredths(b.Total.Score) - hundredths(a.Total.Score)
		if total != want || hundredths(d.Change) != want || value != hundredths(d.Value) || target != hundredths(d.Target) || weight != hundredths(d.Weight) || availability != hundredths(d.Availability) {
			t.Fatalf("lines sum to %d hundredths, the score changed by %d", total, want)
		}
		same, err := Decompose(a.Total, a.Total)
		if err != nil || same.Change != 0 || same.Value != 0 || same.Weight != 0 {
			t.Fatalf("no change: %+v %v", same, err)
		}
		for _, l := range same.Lines {
			if l.Total != 0 || l.Value != 0 || l.Target != 0 {
				t.Fatalf("no change: %+v", l)
			}
		}
	}
	if _, err := Decompose(Tally{}, Tally{Scored: true}); !errors.Is(err, ErrInvalid) {
		t.Errorf("no score on one side: %v", err)
	}
}

func TestImprovements(t *testing.T) {
	obs := fullMarks()
	obs["reply"] = value(50, 9)
	obs["dormant"] = Observation{State: Missing}
	s := smallScheme()
	r := score(t, obs) // 60
	got := s.Improvements(r)
	if len(got) != 2 || got[0].Indicator != "dormant" || got[0].Gain != 30 || got[0].State != Missing || !got[0].ReachesNext {
		t.Errorf("%+v", got)
	}
	if got[1].Indicator != "reply" || got[1].Gain != 10 || got[1].Needed != 100 || got[1].ReachesNext {
		t.Errorf("%+v", got[1])
	}
	if got := s.Improvements(score(t, fullMarks())); got != nil {
		t.Errorf("full marks: %+v", got)
	}
	band := Rule{Kind: BandRule, Lower: 2, Upper: 3}
	for actual, want := range map[float64]float64{1: 2, 2.5: 2.5, 9: 3} {
		if x, ok := band.FullAt(actual); !ok || x != want {
			t.Errorf("band at %v: %v", actual, x)
		}
	}
}

func BenchmarkScore500x56(b *testing.B) {
	s := bigScheme(56)
	ds := randomDepartments(rand.New(rand.NewPCG(1, 2)), s, 500)
	for range b.N {
		if _, err := s.ScoreAll(ds); err != nil {
			b.Fatal(err)
		}
	}
}

// 500 departments × 56 indicators × 1,000 draws of values, weights, targets
// and aggregation.
func BenchmarkSimulate500x56x1000(b *testing.B) {
	s := bigScheme(56)
	ds := randomDepartments(rand.New(rand.NewPCG(1, 2)), s, 500)
	for range b.N {
		if _, err := s.Simulate(ds, SimulationOptions{Values: true, Concentration: 100, Targets: .1, Aggregation: true}); err != nil {
			b.Fatal(err)
		}
	}
}
