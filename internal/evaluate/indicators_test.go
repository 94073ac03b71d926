package evaluate

import (
	"context"
	"testing"

	"weir/queries/indicators"
	"weir/queries/page"
)

// TestPages runs what the engine can check of every shipped page: its SQL, its worked examples, its check.
func TestPages(t *testing.T) {
	set, problems := page.Load(indicators.Files())
	if err := problems.Err(); err != nil {
		t.Fatalf("\n%v", err)
	}
	var pages []*page.Indicator
	for _, id := range set.IDs() {
		pages = append(pages, set.Versions(id)...)
	}
	problems, err := Lint(context.Background(), pages, DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	if err := problems.Err(); err != nil {
		t.Errorf("\n%v", err)
	}
}
