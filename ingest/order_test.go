package ingest

import (
	"slices"
	"testing"

	"weir/queries/schema"
)

func TestFilesOfOneCallComeInTheOrderOfTheModel(t *testing.T) {
	got := order([]string{"b/usage_event.csv.gz", "portal.json", "a/dataset.csv", "department_2026.csv", "department_alias.csv"}, "", schema.Default())
	want := []string{"department_2026.csv", "department_alias.csv", "a/dataset.csv", "b/usage_event.csv.gz", "portal.json"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	given := []string{"usage_event.csv", "department.csv"}
	if got := order(given, "spend", schema.Default()); !slices.Equal(got, given) {
		t.Errorf("with --table the order is the caller's: %v", got)
	}
}
