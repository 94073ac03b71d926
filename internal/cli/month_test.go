package cli

import (
	"testing"
	"time"

	"weir/internal/calendar"
	"weir/internal/publish"
	"weir/internal/workspace"
)

func TestARecipientGetsOnlyWhatItMaySee(t *testing.T) {
	shelf := &publish.Shelf{Files: []publish.File{
		{Name: "o.pdf", Kind: "monthly_overview", Language: "zh", Format: "pdf"}, {Name: "b.pdf", Kind: "budget_review", Language: "zh", Format: "pdf"},
		{Name: "mz.pdf", Kind: "department_scorecard", Department: "MZ", Language: "zh", Format: "pdf"}, {Name: "mz.html", Kind: "department_scorecard", Department: "MZ", Language: "zh", Format: "html"},
		{Name: "ga.pdf", Kind: "department_scorecard", Department: "GA", Language: "zh", Format: "pdf"},
	}}
	for _, c := range []struct {
		recipient workspace.Recipient
		want      []string
	}{
		{workspace.Recipient{Department: "MZ"}, []string{"mz.pdf"}},
		{workspace.Recipient{Department: "MZ", Kinds: []string{"monthly_overview"}}, nil},
		{workspace.Recipient{Department: "*", Kinds: []string{"budget_review"}}, []string{"b.pdf"}},
		{workspace.Recipient{Department: "*"}, []string{"o.pdf", "b.pdf", "mz.pdf", "ga.pdf"}},
		{workspace.Recipient{}, nil},
	} {
		var got []string
		for _, f := range filesFor(shelf, c.recipient, "zh") {
			got = append(got, f.Name)
		}
		if len(got) != len(c.want) {
			t.Errorf("%+v: %v, want %v", c.recipient, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%+v: %v, want %v", c.recipient, got, c.want)
			}
		}
	}
}

func TestTheMonthIsDueOnItsWorkingDay(t *testing.T) {
	w := &workspace.Workspace{Config: workspace.Default()}
	zone := w.Config.Location()
	// The fifth working day of October 2026, after the holiday of the first to the seventh, is the thirteenth: 8, 9,
	// the working Saturday 10, 12, 13.
	month, due, err := dueMonth(w, time.Date(2026, 10, 12, 12, 0, 0, 0, zone))
	if err != nil || month != (calendar.Month{Year: 2026, Month: time.September}) || !due.Equal(time.Date(2026, 10, 13, 0, 0, 0, 0, zone)) {
		t.Errorf("%v %v %v", month, due, err)
	}
}
