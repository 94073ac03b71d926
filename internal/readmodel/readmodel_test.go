package readmodel

import (
	"context"
	"strings"
	"testing"
	"time"

	"weir/internal/calendar"
	"weir/internal/evaluate"
	"weir/internal/lang"
	"weir/metrics"
	"weir/queries/page"
)

func from(year int, month time.Month) page.Date {
	return page.Date{Time: calendar.Date(year, month, 1)}
}

// The limit in force at the end of the month counts: a local one before a national one, the newest of either.
func TestTheLimitInForceIsNamed(t *testing.T) {
	limit := func(days int, jurisdiction string, since page.Date, source string) evaluate.TimeLimit {
		return evaluate.TimeLimit{Rule: "reply_conditional", Days: days, Jurisdiction: jurisdiction, From: since, Source: lang.T(source, source)}
	}
	settings := evaluate.Settings{Jurisdiction: "GD", TimeLimits: []evaluate.TimeLimit{
		limit(20, "", page.Date{}, "old"), limit(10, "", from(2025, time.August), "regulation"), limit(8, "", from(2026, time.December), "coming"),
		limit(5, "GD", from(2026, time.October), "local"), limit(1, "ZJ", from(2025, time.January), "elsewhere"),
	}}
	for _, c := range []struct {
		month calendar.Month
		want  string
		days  string
	}{
		{calendar.Month{Year: 2025, Month: time.July}, "old", "20 working days"},
		{calendar.Month{Year: 2025, Month: time.August}, "regulation", "10 working days"},
		{calendar.Month{Year: 2026, Month: time.September}, "regulation", "10 working days"},
		{calendar.Month{Year: 2026, Month: time.October}, "local", "5 working days"},
		{calendar.Month{Year: 2026, Month: time.December}, "local", "5 working days"},
	} {
		r := &reader{Source: Source{Settings: settings}, at: c.month}
		for _, rule := range r.rules() {
			if rule.ID == "reply_conditional" && (rule.Source.En != c.want || rule.Limit.En != c.days) {
				t.Errorf("%s: %s, %s; want %s, %s", c.month, rule.Source.En, rule.Limit.En, c.want, c.days)
			}
		}
	}
}

// Every duty is there, also one for which no limit is stated, and the words for its limit fit the number.
func TestEveryDutyHasALimitInWords(t *testing.T) {
	r := &reader{at: calendar.Month{Year: 2026, Month: time.October}}
	r.Settings.TimeLimits = []evaluate.TimeLimit{
		{Rule: "reply_unconditional", Days: 1, Source: lang.T("条例", "regulation")},
		{Rule: "delivery", Days: 20, MaximumExtension: 10, Mark: page.Design, Source: lang.T("管理标准", "standard")},
	}
	rules := r.rules()
	if len(rules) != len(ruleNames) {
		t.Fatalf("%d rules", len(rules))
	}
	want := map[string]struct {
		zh, en string
		isLaw  bool
	}{
		"reply_unconditional": {"1 个工作日", "1 working day", true},
		"delivery":            {"20 个工作日（经同意可延长 10 个）", "20 working days (up to 10 more with consent)", false},
		"coordination":        {"约定时间", "as agreed", false},
	}
	for _, rule := range rules {
		if w, ok := want[rule.ID]; ok && (rule.Limit.Zh != w.zh || rule.Limit.En != w.en || rule.IsLaw != w.isLaw) {
			t.Errorf("%s: %+v, want %+v", rule.ID, rule, w)
		}
	}
}

func TestALostLakeSaysHowToGetItBack(t *testing.T) {
	s := Source{Lake: t.TempDir()}
	if _, err := s.Read(context.Background(), &metrics.Month{Month: "2026-10", Revision: 2}); err == nil || !strings.Contains(err.Error(), "close the month again") || !strings.Contains(err.Error(), "revision 2") {
		t.Errorf("%v", err)
	}
	if _, err := s.Read(context.Background(), &metrics.Month{Month: "October"}); err == nil {
		t.Error("a month of no form was read")
	}
}

// A budget year that starts in April is named after the calendar year of its start.
func TestTheMonthHasItsPlaceInTheBudgetYear(t *testing.T) {
	for _, c := range []struct {
		start, month, year, place int
	}{{1, 1, 2026, 1}, {1, 10, 2026, 10}, {4, 4, 2026, 1}, {4, 3, 2025, 12}} {
		r := &reader{Source: Source{Settings: evaluate.Settings{FiscalYearStart: c.start}}, at: calendar.Month{Year: 2026, Month: time.Month(c.month)}}
		if year, place := r.fiscal(); year != c.year || place != c.place {
			t.Errorf("%+v: %d, %d", c, year, place)
		}
	}
}
