package scoring

import (
	"errors"
	"slices"
	"testing"
)

func TestGrade(t *testing.T) {
	b := DefaultBands()
	for score, want := range map[float64]string{100: "优", 90: "优", 89.995: "优", 89.99: "良", 80: "良", 79.994: "中", 60: "中", 59.99: "差", 0: "差", -1: "差"} {
		if got := b.Grade(score); got != want {
			t.Errorf("%v: %s, want %s", score, got, want)
		}
	}
	if g, m, ok := b.ToNext(87.66); g != "优" || m != 2.34 || !ok {
		t.Errorf("to next from 87.66: %s %v %v", g, m, ok)
	}
	if _, _, ok := b.ToNext(93); ok {
		t.Error("the best band has no next")
	}
	if g, err := b.Cap("优", "中"); g != "中" || err != nil {
		t.Errorf("cap: %s %v", g, err)
	}
	if g, err := b.Cap("差", "中"); g != "差" || err != nil {
		t.Errorf("a cap must not raise a grade: %s %v", g, err)
	}
	if _, err := b.Cap("优", "甲"); !errors.Is(err, ErrInvalid) {
		t.Errorf("unknown cap: %v", err)
	}
}

func TestBandsRefused(t *testing.T) {
	for _, b := range []Bands{nil, {{"a", 50}}, {{"a", 50}, {"b", 60}, {"c", 0}}, {{"a", 50}, {"a", 0}}, {{"", 0}}, {{"a", 101}, {"b", 0}}} {
		if err := b.Validate(); !errors.Is(err, ErrInvalid) {
			t.Errorf("%v: %v, want a refusal", b, err)
		}
	}
	if err := DefaultBands().Validate(); err != nil {
		t.Error(err)
	}
}

func TestRank(t *testing.T) {
	xs := []float64{10, 30, 20, 20}
	for ties, want := range map[Ties][]float64{
		TiesMin: {4, 1, 2, 2}, "": {4, 1, 2, 2}, TiesAverage: {4, 1, 2.5, 2.5}, TiesMax: {4, 1, 3, 3}, TiesDense: {3, 1, 2, 2},
	} {
		if got := RankDescending(xs, ties); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", ties, got, want)
		}
	}
	if got, want := RankAscending(xs, TiesMin), []float64{1, 4, 2, 2}; !slices.Equal(got, want) {
		t.Errorf("ascending: %v, want %v", got, want)
	}
	if got := RankDescending(nil, TiesMin); len(got) != 0 {
		t.Errorf("nothing to rank: %v", got)
	}
}
