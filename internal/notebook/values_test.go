package notebook

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"weir/internal/runner"
)

// diffOfCloses compares two months; a close compared with itself has no difference.
func diffOfCloses(t *testing.T, c *city) {
	n := find(t, c, "duplicate_collection")
	before, after := c.run(t, c.host(t, "2026-09"), n, nil), c.run(t, c.host(t, "2026-10"), n, nil)
	changes, err := Diff(before, after)
	if err != nil || len(changes) == 0 {
		t.Errorf("two months: %d changes, %v", len(changes), err)
	}
	if changes, err = Diff(after, after); err != nil || len(changes) != 0 {
		t.Errorf("itself: %v %v", changes, err)
	}
}

// chosenValues tries what a person may give for a parameter.
func chosenValues(t *testing.T, c *city, h *Host) {
	n := find(t, c, "stuck_requests")
	for given, want := range map[string]string{
		"department=MZ": "MZ", "department=民政局": "MZ", "department=all": All, "department=全部": All, "department=": All,
		"month=2026-03": "2026-03", "month=latest": "2026-10", "least_days=5": "5",
		"department=MZZ": `did you mean "MZ"`, "month=2026-11": "lies after 2026-10", "month=October": "write it as 2026-10",
		"least_days=-1": "is below 0", "least_days=many": "is no number", "departmant=MZ": `did you mean "department"`,
	} {
		name, text, _ := strings.Cut(given, "=")
		values, err := h.Resolve(context.Background(), n, map[string]string{name: text})
		got := fmt.Sprint(err)
		if err == nil {
			for _, v := range values {
				if v.Param.Name == name {
					got = v.Text
				}
			}
		}
		if got != want && !strings.Contains(got, want) || err == nil && got != want {
			t.Errorf("%s: %s, want %s", given, got, want)
		}
	}
	r := c.run(t, h, n, map[string]string{"department": "MZ", "least_days": "0"})
	for _, row := range cellOf(t, r, "longest").Result.Rows {
		if row[2] != "民政局" {
			t.Errorf("a request of %v in the answer for 民政局", row[2])
		}
	}
}

// replay runs a notebook on an earlier close and gets what that close held.
func replay(t *testing.T, c *city) {
	n := find(t, c, "silos")
	old := c.run(t, c.host(t, "2026-01"), n, nil)
	again := c.run(t, c.host(t, "2026-01.1"), n, nil)
	if old.Stamp != again.Stamp || !cmp.Equal(printed(cellOf(t, old, "trend").Result), printed(cellOf(t, again, "trend").Result)) {
		t.Error("the same close gives different answers")
	}
	last := cellOf(t, old, "trend").Result.Rows
	if month := runner.FormatCell(last[len(last)-1][0], "DATE"); month != "2026-01-01" {
		t.Errorf("a close of 2026-01 knows of %s", month)
	}
	if now := c.run(t, c.host(t, ""), n, nil); now.Stamp == old.Stamp {
		t.Error("two closes give the same stamp")
	}
}
