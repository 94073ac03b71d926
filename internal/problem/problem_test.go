package problem

import (
	"errors"
	"fmt"
	"testing"

	"weir/internal/lang"
)

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

func TestAProblemIsSaidInTheLanguageAskedFor(t *testing.T) {
	p := Of("a.csv", lang.T("没有列 x", "no column x"), Meant("bites", []string{"bytes", "rows"})).At(2)
	english := Problem{File: "b.csv", What: "broken", Cure: "repair it"}
	for _, c := range []struct {
		err    error
		zh, en string
	}{
		{p, `a.csv:2: 没有列 x；是否为 "bytes"？`, `a.csv:2: no column x; did you mean "bytes"?`},
		{&p, `a.csv:2: 没有列 x；是否为 "bytes"？`, `a.csv:2: no column x; did you mean "bytes"?`},
		{english, "b.csv: broken; repair it", "b.csv: broken; repair it"},
		{fmt.Errorf("load 7: %w", errors.Join(List{p}, english)), "load 7: a.csv:2: 没有列 x；是否为 \"bytes\"？\nb.csv: broken; repair it",
			"load 7: a.csv:2: no column x; did you mean \"bytes\"?\nb.csv: broken; repair it"},
		{errors.New("other"), "other", "other"},
	} {
		if zh, en := In(c.err, lang.Zh), In(c.err, lang.En); zh != c.zh || en != c.en {
			t.Errorf("got %s\nand %s\nwant %s\nand %s", zh, en, c.zh, c.en)
		}
	}
	if got := Meant("x", []string{"rows", "bytes"}); got.Zh != "已有：bytes, rows" || got.En != "known: bytes, rows" {
		t.Errorf("%+v", got)
	}
}
