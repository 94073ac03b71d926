package edition

import (
	"strings"
	"testing"
	"time"

	"weir/internal/lang"
	"weir/metrics"
	"weir/queries/indicators"
	"weir/reports/reading"
)

func closed() *Edition {
	value := 50.0
	return &Edition{Input: reading.Input{Name: lang.T("清澜市", "Qinglan"), Zone: time.UTC, Month: &metrics.Month{Month: "2026-10", Stamp: "one",
		Departments: []metrics.Department{{ID: "GA"}, {ID: "MZ"}}, Values: []metrics.Value{{Indicator: "reply_on_time_rate", Department: "MZ", Value: &value}}}}}
}

func TestReportsAreOneScorecardForEachDepartment(t *testing.T) {
	e := closed()
	list, err := e.Reports(Kinds, "", []lang.Lang{lang.Zh, lang.En})
	if err != nil || len(list) != 2*(2+2) {
		t.Errorf("%v, %v", list, err)
	}
	list, err = e.Reports(Kinds[1:2], "MZ", []lang.Lang{lang.En})
	if err != nil || len(list) != 1 || list[0] != (Report{Kind: "department_scorecard", Department: "MZ", Lang: lang.En}) {
		t.Errorf("%v, %v", list, err)
	}
	for _, c := range []struct{ kind, department, want string }{{"department_scorecard", "XX", `no department "XX"`}, {"yearly", "", `no report "yearly"`}} {
		if _, err := e.Reports([]string{c.kind}, c.department, []lang.Lang{lang.Zh}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want an error that says %s", err, c.want)
		}
	}
}

// What the documents are made from has one name, and every part of it counts.
func TestMadeFromNamesAllThatIsPrinted(t *testing.T) {
	name := func(change func(*Edition)) string {
		e := closed()
		change(e)
		got, err := e.MadeFrom()
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	same := func(*Edition) {}
	if name(same) != name(same) || len(name(same)) != 64 {
		t.Error("the same edition has two names")
	}
	seen := map[string]string{name(same): "nothing"}
	for what, change := range map[string]func(*Edition){
		"a value":        func(e *Edition) { *e.Input.Month.Values[0].Value = 51 },
		"a name":         func(e *Edition) { e.Input.Name.En = "Other" },
		"the zone":       func(e *Edition) { e.Input.Zone = time.FixedZone("x", 3600) },
		"an older month": func(e *Edition) { e.Input.Earlier = []*metrics.Month{{Month: "2026-09"}} },
		"a predecessor":  func(e *Edition) { e.Input.Month.Predecessors = []metrics.Predecessor{{ID: "WH", Successor: "MZ"}} },
		"the terms":      func(e *Edition) { e.terms.Days = 7 },
		"the review":     func(e *Edition) { e.review.Gap = 3 },
	} {
		got := name(change)
		if other, known := seen[got]; known {
			t.Errorf("%s changes no more than %s", what, other)
		}
		seen[got] = what
	}
}

func TestADefinitionThatIsGoneIsAnError(t *testing.T) {
	m := closed().Input.Month
	m.Values[0].Version = 1
	list, err := Definitions(indicators.BuiltIn(), m)
	if err != nil || len(list) != 1 || list[0].ID != "reply_on_time_rate" {
		t.Errorf("%v, %v", list, err)
	}
	m.Values[0].Version = 99
	if _, err := Definitions(indicators.BuiltIn(), m); err == nil || !strings.Contains(err.Error(), "put it back") {
		t.Errorf("%v", err)
	}
}

func TestTheDayIsThatOfTheZone(t *testing.T) {
	e := closed()
	e.Input.Zone = time.FixedZone("CST", 8*3600)
	e.Input.Month.AsOf = time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC) // midnight at the end of October
	if got := e.Day(); got != "2026-10-31" {
		t.Errorf("day %s", got)
	}
}
