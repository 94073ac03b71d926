package metrics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"weir/metrics/scoring"
	"weir/metrics/stats"
)

func at(x float64) *float64 { return &x }

// rate is a proportion as a closed month freezes it.
func rate(t *testing.T, department string, x, n int64) Value {
	t.Helper()
	i, err := stats.Wilson(x, n, .95)
	if err != nil {
		t.Fatal(err)
	}
	return Value{Indicator: "reply", Version: 1, Department: department, State: scoring.HasValue, Numerator: at(float64(x)), Denominator: at(float64(n)),
		Value: at(100 * float64(x) / float64(n)), N: &n, Low: at(100 * i.Low), High: at(100 * i.High), Method: Wilson}
}

func mean(department string, value, se float64, cases int64) Value {
	return Value{Indicator: "freshness", Version: 1, Department: department, State: scoring.HasValue, Value: &value, Low: at(value - 2*se), High: at(value + 2*se),
		StandardError: &se, Cases: &cases, Method: RatioTotals}
}

func find(t *testing.T, list []Comparison, indicator, department string) Comparison {
	t.Helper()
	for _, c := range list {
		if c.Indicator == indicator && c.Department == department {
			return c
		}
	}
	t.Fatalf("no comparison of %s of %s", indicator, department)
	return Comparison{}
}

func TestCompareMonthsByKind(t *testing.T) {
	before := &Month{Values: []Value{rate(t, "A", 10, 40), rate(t, "B", 10, 40), mean("A", .5, .02, 30), mean("B", .5, .02, 30)}}
	now := &Month{
		Values: []Value{rate(t, "A", 35, 40), rate(t, "B", 12, 40), mean("A", .7, .02, 30), mean("B", .51, .02, 30),
			{Indicator: "stored", Department: "A", State: scoring.HasValue, Value: at(3)}},
		Scheme: &scoring.Scheme{Indicators: []scoring.Indicator{{ID: "reply", Rule: scoring.Rule{Kind: scoring.Positive}}, {ID: "freshness", Rule: scoring.Rule{Kind: scoring.Reverse}}}},
	}
	before.Values = append(before.Values, Value{Indicator: "stored", Department: "A", State: scoring.HasValue, Value: at(90)})
	list, err := Compare(now, before)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		indicator, department string
		verdict               Verdict
		better                int
	}{
		{"reply", "A", Higher, 1}, {"reply", "B", Unchanged, 1},
		{"freshness", "A", Higher, -1}, {"freshness", "B", Unchanged, -1},
		{"stored", "A", Untested, 0},
	} {
		c := find(t, list, want.indicator, want.department)
		if c.Verdict != want.verdict || c.Better != want.better {
			t.Errorf("%s of %s: %s, better %d, want %s, %d (q %v)", want.indicator, want.department, c.Verdict, c.Better, want.verdict, want.better, c.Q)
		}
	}
	// The p-value is that of the test itself, the q-value no smaller.
	test, err := stats.TwoProportions(10, 40, 12, 40, .95)
	if err != nil {
		t.Fatal(err)
	}
	if c := find(t, list, "reply", "B"); c.P != test.P || c.Q < c.P {
		t.Errorf("p %v (want %v), q %v", c.P, test.P, c.Q)
	}
}

// A changed definition is another figure.
func TestCompareLeavesOtherVersionsUntested(t *testing.T) {
	was, is := rate(t, "A", 1, 40), rate(t, "A", 39, 40)
	is.Version = 2
	list, err := Compare(&Month{Values: []Value{is}}, &Month{Values: []Value{was}})
	if err != nil {
		t.Fatal(err)
	}
	if list[0].Verdict != Untested {
		t.Errorf("verdict %s", list[0].Verdict)
	}
}

// Where nothing but chance separates two months, the correction must keep false findings rare: of 200 pairs of months
// with 40 departments each, well below the 10 % in which some finding would be too many.
func TestCorrectionKeepsFalseFindingsRare(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	with := 0
	for range 200 {
		now, before := &Month{}, &Month{}
		for d := range 40 {
			id := fmt.Sprint(d)
			draw := func() int64 {
				var x int64
				for range 60 {
					if rng.Float64() < .7 {
						x++
					}
				}
				return x
			}
			now.Values = append(now.Values, rate(t, id, draw(), 60))
			before.Values = append(before.Values, rate(t, id, draw(), 60))
		}
		list, err := Compare(now, before)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			if c.Verdict != Unchanged {
				with++
				break
			}
		}
	}
	if with > 20 {
		t.Errorf("%d of 200 comparisons of nothing found something", with)
	}
}

func TestCompareMedian(t *testing.T) {
	m := &Month{}
	for d := range 9 {
		m.Values = append(m.Values, rate(t, fmt.Sprint("full", d), 20, 20))
	}
	m.Values = append(m.Values, rate(t, "one late", 19, 20), rate(t, "late", 4, 20), rate(t, City, 180, 220))
	list, err := CompareMedian(m)
	if err != nil {
		t.Fatal(err)
	}
	// The median department has 100 %. One case of twenty is no proof of another rate, sixteen are.
	if c := find(t, list, "reply", "one late"); c.Verdict != Unchanged || c.Reference != 100 {
		t.Errorf("19 of 20: %+v", c)
	}
	if c := find(t, list, "reply", "late"); c.Verdict != Lower {
		t.Errorf("4 of 20: %+v", c)
	}
	for _, c := range list {
		if c.Department == City {
			t.Error("the city was compared with its own departments")
		}
	}
	if list, err := CompareMedian(&Month{Values: m.Values[:5]}); err != nil || len(list) != 0 {
		t.Errorf("five departments: %v, %v", list, err)
	}
}

func TestScoreIsComparedByItsInterval(t *testing.T) {
	month := func(score, half float64) *Month {
		return &Month{
			Scores:    []scoring.Result{{Department: "A", Total: scoring.Tally{Scored: true, Score: score}}},
			Standings: []Standing{{Department: "A", Data: scoring.Simulated{Scored: true, Score: scoring.Range{Low: score - half, High: score + half}}}},
		}
	}
	for _, want := range []struct {
		half    float64
		verdict Verdict
	}{{2, Higher}, {9, Unchanged}, {0, Untested}} {
		list, err := Compare(month(80, want.half), month(70, want.half))
		if err != nil {
			t.Fatal(err)
		}
		if c := find(t, list, TotalScore, "A"); c.Verdict != want.verdict || c.Difference != 10 {
			t.Errorf("±%v: %+v, want %s", want.half, c, want.verdict)
		}
	}
}

func TestWordsFollowVerdicts(t *testing.T) {
	for _, v := range []Verdict{Higher, Lower, Unchanged, Untested} {
		for _, a := range []Against{AgainstMonth, AgainstMedian} {
			w := v.Words(a)
			significant := v == Higher || v == Lower
			if strings.HasPrefix(w.Zh, "显著") != significant || w.En == "" {
				t.Errorf("%s against %s: %+v", v, a, w)
			}
		}
	}
}

// Decompose over months keeps what scoring.Decompose promises: the lines sum to the change.
func TestDecomposeMonths(t *testing.T) {
	s := &scoring.Scheme{
		Indicators: []scoring.Indicator{{ID: "a", Rule: scoring.Rule{Kind: scoring.Positive, Target: 100}}, {ID: "b", Rule: scoring.Rule{Kind: scoring.Positive, Target: 50}}},
		Total:      scoring.Node{ID: "total", Children: []scoring.Node{{Indicator: "a", Weight: 60}, {Indicator: "b", Weight: 40}}},
	}
	month := func(a, b float64, state scoring.State) *Month {
		r, err := s.ScoreAll([]scoring.Department{{ID: "A", Observations: map[string]scoring.Observation{
			"a": {State: scoring.HasValue, Value: a}, "b": {State: state, Value: b}}}})
		if err != nil {
			t.Fatal(err)
		}
		return &Month{Scores: r}
	}
	list, err := Decompose(month(90, 20, scoring.HasValue), month(33, 0, scoring.Missing))
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	var sum float64
	for _, l := range list[0].Lines {
		sum += l.Total
	}
	// a: (90 − 33) % of 60 points; b: from missing (0) to 20/50 of 40 points.
	if math.Abs(sum-list[0].Change) > 1e-9 || math.Abs(list[0].Change-(34.2+16)) > 1e-9 {
		t.Errorf("lines sum to %v, change %v", sum, list[0].Change)
	}
}

// A closed month can be scored again: what Observed gives leads to the same scores.
func TestObservedScoresAgain(t *testing.T) {
	s := &scoring.Scheme{
		Indicators: []scoring.Indicator{{ID: "a", Rule: scoring.Rule{Kind: scoring.Positive, Target: 100}, MinimumN: 5}, {ID: "b", Rule: scoring.Rule{Kind: scoring.Reverse, Target: 10}}},
		Total:      scoring.Node{ID: "total", Children: []scoring.Node{{Indicator: "a", Weight: 60}, {Indicator: "b", Weight: 40}}},
		Indices:    []scoring.Node{{ID: "i", Children: []scoring.Node{{Indicator: "b", Weight: 1}}}},
	}
	own := scoring.Rule{Kind: scoring.Positive, Target: 50}
	first, err := s.ScoreAll([]scoring.Department{
		{ID: "A", GradeCap: "中", CapReason: "leak", Observations: map[string]scoring.Observation{"a": {State: scoring.HasValue, Value: 45, N: 9, Rule: &own}, "b": {State: scoring.HasValue, Value: 3}}},
		{ID: "B", Observations: map[string]scoring.Observation{"a": {State: scoring.HasValue, Value: 45, N: 3}, "b": {State: scoring.Missing}}},
		{ID: "C", Observations: map[string]scoring.Observation{"a": {State: scoring.NotApplicable}, "b": {State: scoring.NotApplicable}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := &Month{Scheme: s, Scores: first, Caps: []Cap{{Department: "A", Grade: "中", Reason: "leak"}}}
	again, err := s.ScoreAll(m.Observed())
	if err != nil {
		t.Fatal(err)
	}
	for i := range first {
		a, b := first[i], again[i]
		if a.Total.Score != b.Total.Score || a.Grade != b.Grade || a.CapReason != b.CapReason || a.Rank != b.Rank || a.Total.Coverage != b.Total.Coverage {
			t.Errorf("%s: %+v, again %+v", a.Department, a.Total, b.Total)
		}
	}
}
