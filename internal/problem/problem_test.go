package problem

import "testing"

func TestNearestFindsTypos(t *testing.T) {
	known := []string{"occurred_at", "resource_id", "rows", "bytes"}
	for name, want := range map[string]string{"resorce_id": "resource_id", "Rows": "rows", "occured_at": "occurred_at", "salary": ""} {
		if got := Nearest(name, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestProblemSaysWhereWhatAndCure(t *testing.T) {
	p := Problem{File: "a.yaml", Line: 3, Column: 5, What: `unknown key "unti"`, Cure: `did you mean "unit"?`}
	if got, want := p.Error(), `a.yaml:3:5: unknown key "unti"; did you mean "unit"?`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if (List{}).Err() != nil {
		t.Error("an empty list is no error")
	}
}
