package calendar

import (
	"testing"
	"time"
)

func TestMonth(t *testing.T) {
	m, err := ParseMonth("2025-12")
	if err != nil || m.String() != "2025-12" || m.Add(1).String() != "2026-01" || m.Add(-24).String() != "2023-12" {
		t.Errorf("%v %v", m, err)
	}
	if n := m.MonthsTo(Month{2026, 10}); n != 10 || !m.Before(Month{2026, 1}) || m.Before(m) {
		t.Errorf("months to: %d", n)
	}
	for _, bad := range []string{"", "2026", "2026-13", "2026-1-1", "10-2026"} {
		if _, err := ParseMonth(bad); err == nil {
			t.Errorf("%q accepted", bad)
		}
	}
	if !(Month{}).IsZero() || m.IsZero() {
		t.Error("zero")
	}
}

// March 2026 in Berlin is one hour short: summer time begins.
func TestMonthLimitsKeepSummerTime(t *testing.T) {
	for zone, hours := range map[string]float64{"Europe/Berlin": 31*24 - 1, "Asia/Shanghai": 31 * 24} {
		z, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		start, end := Month{2026, time.March}.Limits(z)
		if got := end.Sub(start).Hours(); got != hours {
			t.Errorf("%s: %v hours, want %v", zone, got, hours)
		}
	}
	shanghai, _ := time.LoadLocation("Asia/Shanghai")
	if start, _ := (Month{2026, time.October}).Limits(shanghai); start.UTC().Format(time.DateTime) != "2026-09-30 16:00:00" {
		t.Errorf("start %s", start.UTC())
	}
}
