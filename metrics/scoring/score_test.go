package scoring

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// smallScheme has two groups, the second with subgroups.
func smallScheme() *Scheme {
	return &Scheme{
		Indicators: []Indicator{
			{ID: "execution", Rule: Rule{Kind: Positive, Target: 100}},
			{ID: "reply", Rule: Rule{Kind: Positive, Target: 100}, MinimumN: 5},
			{ID: "delivery", Rule: Rule{Kind: Positive, Target: 100}, MinimumN: 5},
			{ID: "update", Rule: Rule{Kind: Positive, Target: 95}, MinimumN: 5},
			{ID: "dormant", Rule: Rule{Kind: Reverse, Target: 20}},
			{ID: "satisfaction", Rule: Rule{Kind: Positive, Target: 90}},
		},
		Total: Node{ID: "total", Children: []Node{
			{ID: "in", Children: []Node{{Indicator: "execution", Weight: 10}}},
			{ID: "out", Children: []Node{
				{ID: "time", Children: []Node{{Indicator: "reply", Weight: 20}, {Indicator: "delivery", Weight: 20}, {Indicator: "update", Weight: 10}}},
				{ID: "stock", Children: []Node{{Indicator: "dormant", Weight: 30}}},
			}},
			{ID: "pleased", Children: []Node{{Indicator: "satisfaction", Weight: 10}}},
		}},
		Indices: []Node{{ID: "timeliness", Children: []Node{{Indicator: "reply", Weight: 1}, {Indicator: "update", Weight: 1}}}},
	}
}

func value(v float64, n int64) Observation { return Observation{State: HasValue, Value: v, N: n} }

func fullMarks() map[string]Observation {
	return map[string]Observation{"execution": value(100, 0), "reply": value(100, 9), "delivery": value(100, 9),
		"update": value(99, 9), "dormant": value(5, 0), "satisfaction": value(95, 12)}
}

func score(t *testing.T, obs map[string]Observation) Result {
	t.Helper()
	r, err := smallScheme().Score(Department{ID: "MZ", Observations: obs}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestScoreByHand(t *testing.T) {
	obs := fullMarks()
	obs["reply"] = value(87.5, 8)     // 20 × .875 = 17.5
	obs["update"] = value(38, 9)      // 10 × .4 = 4
	obs["dormant"] = value(25, 0)     // 30 × (1 − 5/20) = 22.5
	obs["execution"] = value(97.3, 0) // 9.73
	r := score(t, obs)
	if r.Total.Score != 83.73 || r.Total.Points != 83.73 || r.Grade != "良" || r.Total.Coverage != 1 || len(r.Total.LeftOut) != 0 {
		t.Errorf("%+v", r.Total)
	}
	if got := r.Indices[0]; got.Score != 63.75 { // (87.5 + 40) / 2
		t.Errorf("index: %+v", got)
	}
	want := map[string]float64{"total": 83.73, "in": 9.73, "out": 64, "time": 41.5, "stock": 22.5, "pleased": 10}
	for _, g := range r.Total.Groups {
		if g.Points != want[g.ID] {
			t.Errorf("group %s: %v, want %v", g.ID, g.Points, want[g.ID])
		}
	}
}

func TestFourStates(t *testing.T) {
	full := score(t, fullMarks())
	if full.Total.Score != 100 || full.Grade != "优" {
		t.Fatalf("full marks: %+v", full.Total)
	}

	// Not applicable: the weight of 20 goes to delivery and update 2:1.
	obs := fullMarks()
	obs["reply"] = Observation{State: NotApplicable}
	obs["update"] = value(0, 9)
	r := score(t, obs)
	if r.Total.Score != 83.33 || r.Total.Weight != 100 {
		t.Errorf("not applicable: %v of %v, want 83.33 of 100 (update carries 16.67)", r.Total.Score, r.Total.Weight)
	}
	if lo := r.Total.LeftOut; len(lo) != 1 || lo[0] != (LeftOut{"reply", ReasonNotApplicable, 20, "time"}) {
		t.Errorf("left out: %+v", lo)
	}

	// A whole group not applicable: its weight goes to the group's siblings.
	obs = fullMarks()
	obs["dormant"] = Observation{State: NotApplicable}
	obs["update"] = value(0, 9)
	r = score(t, obs)
	if r.Total.Score != 84 || r.Total.LeftOut[0].Share != "out" { // update carries 10 of 50 of 80
		t.Errorf("group not applicable: %v, %+v", r.Total.Score, r.Total.LeftOut)
	}

	// Missing: 0 points, weight kept, whether said or simply absent.
	for _, absent := range []bool{true, false} {
		obs = fullMarks()
		obs["reply"] = Observation{State: Missing}
		if absent {
			delete(obs, "reply")
		}
		r = score(t, obs)
		if r.Total.Score != 80 || r.Total.Coverage != .8 || r.Total.LeftOut[0].Reason != ReasonMissing {
			t.Errorf("missing: %+v", r.Total)
		}
	}

	// Not measured: left out of points and weight, the rest counts to 100.
	obs = fullMarks()
	obs["reply"] = Observation{State: NotMeasured}
	obs["dormant"] = value(40, 0)
	r = score(t, obs)
	if r.Total.Weight != 80 || r.Total.Points != 50 || r.Total.Score != 62.5 || r.Total.Coverage != .8 {
		t.Errorf("not measured: %+v", r.Total)
	}

	// Too few cases: shown, not graded, weight shared.
	obs = fullMarks()
	obs["reply"] = value(0, 4)
	r = score(t, obs)
	if r.Total.Score != 100 || r.Total.LeftOut[0].Reason != ReasonTooFew || r.Total.Lines[1].Observed.Value != 0 {
		t.Errorf("too few: %+v", r.Total)
	}

	// Nothing applies: no score, not a score of 0.
	for id := range obs {
		obs[id] = Observation{State: NotApplicable}
	}
	r = score(t, obs)
	if r.Total.Scored || r.Grade != "" || r.Total.Coverage != 0 {
		t.Errorf("nothing applies: %+v", r.Total)
	}
	// Nothing delivered: a score of 0.
	r = score(t, nil)
	if !r.Total.Scored || r.Total.Score != 0 || r.Grade != "差" {
		t.Errorf("nothing delivered: %+v", r.Total)
	}
}

func TestGradeCap(t *testing.T) {
	d := Department{ID: "MZ", Observations: fullMarks(), GradeCap: "中", CapReason: "confirmed leak"}
	r, err := smallScheme().Score(d, nil)
	if err != nil || r.Grade != "中" || r.Uncapped != "优" || r.CapReason == "" || r.Total.Score != 100 {
		t.Errorf("%+v, %v", r, err)
	}
	d.GradeCap = "甲"
	if _, err := smallScheme().Score(d, nil); !errors.Is(err, ErrInvalid) {
		t.Errorf("unknown cap: %v", err)
	}
}

func TestTargetByClass(t *testing.T) {
	obs := fullMarks()
	o := value(50, 9)
	o.Rule = &Rule{Kind: Positive, Target: 50}
	obs["reply"] = o
	if r := score(t, obs); r.Total.Score != 100 {
		t.Errorf("a department's own target must replace the scheme's: %v", r.Total.Score)
	}
}

func TestScoreAllRanks(t *testing.T) {
	half := fullMarks()
	half["dormant"] = value(30, 0)
	none := map[string]Observation{}
	for id := range half {
		none[id] = Observation{State: NotApplicable}
	}
	got, err := smallScheme().ScoreAll([]Department{{ID: "A", Observations: half}, {ID: "B", Observations: fullMarks()}, {ID: "C", Observations: half}, {ID: "D", Observations: none}, {ID: "E"}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{2, 1, 2, 0, 4} {
		if got[i].Rank != want {
			t.Errorf("%s: rank %d, want %d", got[i].Department, got[i].Rank, want)
		}
	}
}

func TestScoreAllRefuses(t *testing.T) {
	mixed := fullMarks()
	mixed["reply"] = Observation{State: NotMeasured}
	nan := fullMarks()
	nan["reply"] = value(math.NaN(), 9)
	negative := fullMarks()
	negative["reply"] = value(1, -1)
	odd := fullMarks()
	odd["reply"] = Observation{State: "unknown"}
	for name, ds := range map[string][]Department{
		"measured for one only": {{ID: "A", Observations: mixed}, {ID: "B", Observations: fullMarks()}},
		"same department twice": {{ID: "A"}, {ID: "A"}},
		"NaN":                   {{ID: "A", Observations: nan}},
		"negative n":            {{ID: "A", Observations: negative}},
		"unknown state":         {{ID: "A", Observations: odd}},
	} {
		if _, err := smallScheme().ScoreAll(ds); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	if got, err := smallScheme().ScoreAll(nil); err != nil || len(got) != 0 {
		t.Errorf("no departments: %v %v", got, err)
	}
}

func TestSchemeValidate(t *testing.T) {
	s := &Scheme{
		Indicators: []Indicator{{ID: "a", Rule: Rule{Kind: "?"}}, {ID: "a", Rule: Rule{Kind: Positive, Target: 1}}, {}},
		Total:      Node{ID: "t", Children: []Node{{Indicator: "b", Weight: 1}, {Indicator: "a", Weight: -1}, {ID: "g"}, {Indicator: "a", Weight: 1.234}}},
		Bands:      Bands{{"x", 10}},
	}
	err := s.Validate()
	if err == nil {
		t.Fatal("want problems")
	}
	for _, want := range []string{"rule \"?\"", "defined twice", "no id", "not defined", "weight -1", "\"g\" is empty", "stands twice", "last grade"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing in the report: %s\n%v", want, err)
		}
	}
}

func TestGroupMayBearTheNameOfItsIndicator(t *testing.T) {
	s := smallScheme()
	s.Total.Children[2].ID = "satisfaction"
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	r, err := s.Score(Department{ID: "MZ", Observations: fullMarks()}, nil)
	if err != nil || r.Total.Score != 100 {
		t.Errorf("score %v, %v", r.Total.Score, err)
	}
	s.Total.Children[2].ID = "out"
	if s.Validate() == nil {
		t.Error("two groups of one name were taken")
	}
}

// randomDepartment draws observations in all states for the small scheme.
func randomDepartment(rng *rand.Rand, id string) Department {
	d := Department{ID: id, Observations: map[string]Observation{}}
	for _, ind := range smallScheme().Indicators {
		switch rng.IntN(5) {
		case 0:
			d.Observations[ind.ID] = Observation{State: NotApplicable}
		case 1:
			d.Observations[ind.ID] = Observation{State: Missing}
		default:
			d.Observations[ind.ID] = value(rng.Float64()*120, int64(rng.IntN(12)))
		}
	}
	return d
}

// A department's score must not change when another department's data change,
// columns must sum, and missing data must never raise a score.
func TestScoreProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	s := smallScheme()
	for range 400 {
		ds := make([]Department, 5)
		for i := range ds {
			ds[i] = randomDepartment(rng, fmt.Sprint(i))
		}
		before, err := s.ScoreAll(ds)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(ds); i++ {
			ds[i] = randomDepartment(rng, fmt.Sprint(i))
		}
		after, err := s.ScoreAll(ds)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(before[0].Total, after[0].Total) || !reflect.DeepEqual(before[0].Indices, after[0].Indices) || before[0].Grade != after[0].Grade {
			t.Fatalf("the score of one department moved with the data of others:\n%+v\n%+v", before[0], after[0])
		}
		for _, r := range after {
			var points, weight int64
			for _, l := range r.Total.Lines {
				points, weight = points+hundredths(l.Points), weight+hundredths(l.Weight)
				if l.Points > l.Weight {
					t.Fatalf("%s earns %v of %v", l.Indicator, l.Points, l.Weight)
				}
			}
			if fromHundredths(points) != r.Total.Points || fromHundredths(weight) != r.Total.Weight {
				t.Fatalf("lines add up to %d of %d hundredths, total says %v of %v", points, weight, r.Total.Points, r.Total.Weight)
			}
			if r.Total.Scored && weight != 10000 {
				t.Fatalf("weight %d hundredths after sharing, want 10000", weight)
			}
			if sc := r.Total.Score; math.IsNaN(sc) || sc < 0 || sc > 100 {
				t.Fatalf("score %v", sc)
			}
		}
		for id, o := range ds[0].Observations {
			if o.State != HasValue {
				continue
			}
			lost := Department{ID: "0", Observations: map[string]Observation{}}
			for k, v := range ds[0].Observations {
				if k != id {
					lost.Observations[k] = v
				}
			}
			r, err := s.Score(lost, nil)
			if err != nil {
				t.Fatal(err)
			}
			// A value of too few cases carries no weight, so only there may the
			// rounding of shared weights move by some hundredths.
			slack := 0.0
			if o.N > 0 && o.N < 5 {
				slack = .05
			}
			if after[0].Total.Scored && r.Total.Score > after[0].Total.Score+slack {
				t.Fatalf("losing the data of %s raised the score from %v to %v", id, after[0].Total.Score, r.Total.Score)
			}
		}
	}
}
