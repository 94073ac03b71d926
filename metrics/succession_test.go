package metrics

import (
	"fmt"
	"testing"
)

// ids names predecessors in one line.
func ids(list []Predecessor) string {
	text := ""
	for _, p := range list {
		text += p.ID + " "
	}
	return text
}

// TestMonthsKnowWhoJoinedBetween follows A into B and B into C, over months that kept successions and months closed
// before they did.
func TestMonthsKnowWhoJoinedBetween(t *testing.T) {
	a, ab := Predecessor{ID: "A", Successor: "C", Until: "2025-12-31"}, Predecessor{ID: "A", Successor: "B", Until: "2025-12-31"}
	b := Predecessor{ID: "B", Successor: "C", Until: "2026-03-14"}
	now := &Month{Departments: []Department{{ID: "C"}}, Predecessors: []Predecessor{a, b}}
	for name, c := range map[string]struct {
		before *Month
		want   string
	}{
		"the same state":                {&Month{Departments: []Department{{ID: "C"}}, Predecessors: []Predecessor{a, b}}, ""},
		"A counted for B":               {&Month{Departments: []Department{{ID: "B"}, {ID: "C"}}, Predecessors: []Predecessor{ab}}, "A B "},
		"nobody gone":                   {&Month{Departments: []Department{{ID: "A"}, {ID: "B"}, {ID: "C"}}, Predecessors: []Predecessor{}}, "A B "},
		"not kept, both in being":       {&Month{Departments: []Department{{ID: "A"}, {ID: "B"}, {ID: "C"}}}, "A B "},
		"not kept, neither is":          {&Month{Departments: []Department{{ID: "C"}}}, ""},
		"decided after the other month": {&Month{Departments: []Department{{ID: "B"}, {ID: "C"}}, Predecessors: []Predecessor{}}, "A B "},
	} {
		if got := ids(now.Joined(c.before, "C")); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := ids(now.PredecessorsOf("B")); got != "" {
		t.Errorf("B is gone itself and holds %s", got)
	}
}

// TestAMergerIsNoChangeToTest leaves the successor untested, and the tests of all others as they would be without it.
func TestAMergerIsNoChangeToTest(t *testing.T) {
	before := &Month{Departments: []Department{{ID: "A"}, {ID: "B"}, {ID: "C"}}, Values: []Value{rate(t, "A", 10, 40), rate(t, "B", 10, 40), rate(t, "C", 40, 40)}}
	now := &Month{Departments: []Department{{ID: "A"}, {ID: "B"}}, Values: []Value{rate(t, "A", 35, 40), rate(t, "B", 75, 80)}, Predecessors: []Predecessor{{ID: "C", Successor: "B", Until: "2026-05-31"}}}
	list, err := Compare(now, before)
	if err != nil {
		t.Fatal(err)
	}
	if a := find(t, list, "reply", "A"); a.Verdict != Higher || a.Q != a.P {
		t.Errorf("%+v", a) // one test alone needs no correction
	}
	if b := find(t, list, "reply", "B"); b.Verdict != Untested || b.Difference != 68.75 {
		t.Errorf("%+v", b) // 75 of 80 against 10 of 40
	}
	before.Predecessors = now.Predecessors
	if list, err = Compare(now, before); err != nil {
		t.Fatal(err)
	}
	if b := find(t, list, "reply", "B"); b.Verdict != Higher {
		t.Errorf("both months hold it: %+v", b)
	}
}

func TestFlowsAreCountedAsALaterMonthDoes(t *testing.T) {
	before := &Month{Flows: []Flow{{"A", "B", 1, 1}, {"A", "X", 2, 2}, {"X", "A", 4, 4}, {"B", "X", 8, 8}}}
	if got := before.FlowsAs(&Month{}); fmt.Sprint(got) != fmt.Sprint(before.Flows) {
		t.Errorf("nobody gone: %v", got)
	}
	got := fmt.Sprint(before.FlowsAs(&Month{Predecessors: []Predecessor{{ID: "A", Successor: "B"}}}))
	if got != "[{B X 2 2} {X B 4 4} {B X 8 8}]" {
		t.Error(got)
	}
}
