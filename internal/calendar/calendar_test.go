package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
)

func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Due days worked out by hand from the State Council's notices.
func TestDueByHand(t *testing.T) {
	for _, c := range []struct {
		start string
		n     int
		due   string
	}{
		{"2025-08-01", 1, "2025-08-04"},  // Friday → Monday
		{"2025-09-26", 1, "2025-09-28"},  // a working Sunday
		{"2025-09-30", 1, "2025-10-09"},  // over the National Day holiday
		{"2025-09-26", 10, "2025-10-16"}, // conditional sharing: reply
		{"2025-09-26", 20, "2025-10-30"},
		{"2025-10-16", 20, "2025-11-13"},
		{"2026-02-13", 1, "2026-02-14"}, // a working Saturday
		{"2026-02-14", 10, "2026-03-06"},
		{"2026-02-14", 2, "2026-02-25"},
		{"2026-04-30", 10, "2026-05-18"},
		{"2026-09-18", 15, "2026-10-15"},
		{"2024-02-08", 10, "2024-02-28"}, // 2024-02-09, New Year's eve, was a working day
		{"2025-12-31", 10, "2026-01-15"}, // over the turn of the year
		{"2023-09-28", 10, "2023-10-18"},
		{"2026-10-03", 0, "2026-10-03"},
	} {
		got, err := China().Due(day(t, c.start), c.n)
		if err != nil || got.Format(time.DateOnly) != c.due {
			t.Errorf("%s + %d: %s %v, want %s", c.start, c.n, got.Format(time.DateOnly), err, c.due)
		}
	}
}

func TestWorkingDaysByHand(t *testing.T) {
	for _, c := range []struct {
		from, to string
		n        int
	}{{"2025-09-26", "2025-10-16", 10}, {"2026-02-14", "2026-03-02", 6}, {"2026-03-02", "2026-02-14", -6}, {"2026-10-01", "2026-10-01", 0}} {
		got, err := China().WorkingDays(day(t, c.from), day(t, c.to))
		if err != nil || got != c.n {
			t.Errorf("(%s, %s]: %d %v, want %d", c.from, c.to, got, err, c.n)
		}
	}
}

// Working days a month, counted from the notices and equal in three public collections of them.
func TestMonthCounts(t *testing.T) {
	want := map[int][12]int{
		2023: {18, 20, 23, 20, 21, 21, 21, 23, 20, 19, 22, 21},
		2024: {22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22},
		2025: {19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23},
		2026: {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23},
	}
	got := map[int][12]int{}
	for _, d := range China().Days() {
		if d.IsWorking {
			months := got[d.Date.Year()]
			months[d.Date.Month()-1]++
			got[d.Date.Year()] = months
		}
	}
	for year, months := range want {
		if got[year] != months {
			t.Errorf("%d: %v, want %v", year, got[year], months)
		}
	}
}

// Every day of 2022 to 2026 against an independent collection of the same notices.
func TestAgreesWithLunar(t *testing.T) {
	c := China()
	if c.First() != Date(2022, 1, 1) || c.Last() != Date(2026, 12, 31) {
		t.Fatalf("covers %s to %s", c.First(), c.Last())
	}
	for _, d := range c.Days() {
		want := !isWeekend(d.Date)
		if h := HolidayUtil.GetHoliday(d.Date.Format(time.DateOnly)); h != nil {
			want = h.IsWork()
		}
		if d.IsWorking != want {
			t.Errorf("%s: working %v, lunar-go says %v", d.Date.Format(time.DateOnly), d.IsWorking, want)
		}
	}
}

func TestOrdinalsAddUp(t *testing.T) {
	days := China().Days()
	for i, d := range days {
		before := 0
		if i > 0 {
			before = days[i-1].Ordinal
		}
		if step := d.Ordinal - before; step != 0 && step != 1 || (step == 1) != d.IsWorking {
			t.Fatalf("%s: ordinal %d after %d", d.Date.Format(time.DateOnly), d.Ordinal, before)
		}
	}
}

func TestBeyondTheAnnouncedYears(t *testing.T) {
	for name, f := range map[string]func() error{
		"due":   func() error { _, err := China().Due(Date(2026, 12, 25), 10); return err },
		"start": func() error { _, err := China().Due(Date(2027, 1, 4), 1); return err },
		"count": func() error { _, err := China().WorkingDays(Date(2021, 12, 31), Date(2022, 2, 1)); return err },
		"day":   func() error { _, err := China().IsWorking(Date(2027, 1, 1)); return err },
	} {
		var beyond *CoverageError
		if err := f(); !errors.As(err, &beyond) {
			t.Errorf("%s: %v, want a CoverageError", name, err)
		}
	}
	if _, err := China().Due(Date(2026, 1, 1), -1); err == nil {
		t.Error("negative limit accepted")
	}
}

func TestImportedYear(t *testing.T) {
	text := `{"name": "x", "years": [{"year": 2027, "notice": "试例", "url": "https://example.org", "off": ["2026-12-31", "2027-01-01/2027-01-03"], "working": ["2027-01-09"]}]}`
	c, problems := China().With("2027.json", []byte(text))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	got, err := c.Due(Date(2026, 12, 30), 6) // 4 to 8 January are five days, the working Saturday is the sixth
	if err != nil || got != Date(2027, 1, 9) {
		t.Errorf("%v %v", got, err)
	}
	if _, problems := c.With("again.json", []byte(strings.ReplaceAll(text, `"2027-01-09"`, ""))); len(problems) > 0 {
		t.Errorf("replacing a year: %v", problems)
	}
}

func TestFaultyFilesAreReportedWhole(t *testing.T) {
	text := `{"name": "x", "years": [
  {"year": 2027, "off": ["2027-02-30"], "working": ["2027-01-04", "?"]},
  {"year": 2029, "notice": "n", "url": "https://example.org", "off": ["2029-01-06", "2024-01-01"], "working": ["2029-01-06"]}]}`
	_, problems := Parse("x.json", []byte(text))
	for _, want := range []string{"2027-02-30", "2027-01-04 is no Saturday", `"?"`, "notice or url", "follows 2027", "both off and working", "2024-01-01 is not of this year"} {
		if !strings.Contains(problems.Error(), want) {
			t.Errorf("missing %q in:\n%v", want, problems)
		}
	}
	_, problems = Parse("x.json", []byte("{\"years\": [\n{\"yaer\": 2027}]}"))
	if got := problems.Error(); !strings.Contains(got, "x.json:2") || !strings.Contains(got, "year") {
		t.Errorf("typo: %v", got)
	}
	if _, problems = Parse("x.json", []byte("{}")); len(problems) == 0 {
		t.Error("empty file accepted")
	}
}

func TestDateOf(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	if got := DateOf(time.Date(2026, 9, 30, 16, 0, 0, 0, time.UTC), shanghai); got != Date(2026, 10, 1) {
		t.Errorf("%s", got)
	}
}
