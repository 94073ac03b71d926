package evaluate

import (
	"strings"
	"testing"
	"time"

	"weir/queries/page"
)

func TestParseSpan(t *testing.T) {
	for text, want := range map[string]Span{
		"P1D": {Minutes: 1440}, "P1W": {Minutes: 10080}, "PT1H": {Minutes: 60}, "P1DT12H": {Minutes: 2160}, "PT90M": {Minutes: 90},
		"P1M": {Months: 1}, "P3M": {Months: 3}, "P1Y": {Months: 12}, "P1Y6M": {Months: 18},
	} {
		if got, err := ParseSpan(text); err != nil || got != want {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
	for _, text := range []string{"", "P", "PT", "P0D", "1M", "monthly", "P1M1D", "P-1D", "PT1S", "P99999999999999Y"} {
		if got, err := ParseSpan(text); err == nil {
			t.Errorf("%q accepted as %v", text, got)
		}
	}
	if got := (Span{Months: 12}).Nominal(); got != 365*24*60 {
		t.Errorf("a year has %d minutes", got)
	}
}

// A local limit goes before the national one while it is in force, and each day has its own.
func TestTimeLimitsByDateAndJurisdiction(t *testing.T) {
	day := func(text string) page.Date {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return page.Date{Time: d}
	}
	s := DefaultSettings()
	s.Jurisdiction = "testshire"
	s.TimeLimits = []TimeLimit{
		{Rule: "reply_conditional", Days: 15},
		{Rule: "reply_conditional", From: day("2025-08-01"), Days: 10, MaximumExtension: 10},
		{Rule: "reply_conditional", From: day("2026-01-01"), Days: 5, Jurisdiction: "testshire"},
		{Rule: "reply_conditional", From: day("2026-03-01"), Days: 3, Jurisdiction: "elsewhere"},
	}
	e := &Evaluator{settings: s}
	want := []string{
		"('reply_conditional', DATE '0001-01-01', DATE '2025-08-01', 15, 0)",
		"('reply_conditional', DATE '2025-08-01', DATE '2026-01-01', 10, 10)",
		"('reply_conditional', DATE '2026-01-01', DATE '9999-12-31', 5, 0)",
	}
	if got := e.timeLimitRules().rows; strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestRealtimeIsJudgedByTheConfiguredPeriod(t *testing.T) {
	s := DefaultSettings()
	s.Cadence.Realtime = "P7D"
	e := &Evaluator{settings: s}
	table, err := e.cadenceRules([]string{"PT1S", "realtime", "PT1M", "P1M", "static", "whenever"})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(table.rows, "\n")
	for _, want := range []string{"('PT1S', true, 0, 10080", "('realtime', true, 0, 10080", "('PT1M', true, 0, 60", "('P1M', true, 1, 0, 43800, 10, 87600)", "('static', false"} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %s in\n%s", want, got)
		}
	}
	if strings.Contains(got, "whenever") {
		t.Error("a promise that cannot be read must not be judged")
	}
}

func TestSettingsAreValidated(t *testing.T) {
	if err := DefaultSettings().Validate(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Settings){
		"rule":         func(s *Settings) { s.TimeLimits[0].Rule = "reply" },
		"days":         func(s *Settings) { s.TimeLimits[0].Days = -1 },
		"resubmission": func(s *Settings) { s.Resubmission = "stop" },
		"fiscal year":  func(s *Settings) { s.FiscalYearStart = 13 },
		"grace":        func(s *Settings) { s.Cadence.GracePercent = -1 },
		"realtime":     func(s *Settings) { s.Cadence.Realtime = "soon" },
		"shelf life":   func(s *Settings) { s.ShelfLife.ByKind = map[string]string{"证照": "a year"} },
		"periods":      func(s *Settings) { s.ShelfLife.Periods = 0 },
	} {
		s := DefaultSettings()
		spoil(&s)
		if s.Validate() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestTargetsByKindAndClass(t *testing.T) {
	p := &page.Indicator{ID: "x", Direction: page.Higher, Target: &page.Target{Default: 60, ByKind: map[string]float64{"证照": 80}, ByClass: map[string]float64{"街道": 40}}}
	s := DefaultSettings()
	for _, c := range []struct {
		class, kind string
		want        float64
	}{{"", "", 60}, {"街道", "", 40}, {"街道", "证照", 80}, {"", "证照", 80}, {"委办局", "其他", 60}} {
		if got, ok := s.Target(p, c.class, c.kind); !ok || got != c.want {
			t.Errorf("%+v: %v %v", c, got, ok)
		}
	}
	s.Targets = map[string]page.Target{"x": {Default: 70}}
	if got, _ := s.Target(p, "街道", "证照"); got != 70 {
		t.Errorf("the workspace's target: %v", got)
	}
}
