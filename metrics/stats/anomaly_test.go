package stats

import (
	"errors"
	"math"
	"testing"
)

func TestSeasonalAnomaly(t *testing.T) {
	history := []float64{100, 10, 102, 11, 98, 9, 101, 10}
	seasons := []string{"a", "b", "a", "b", "a", "b", "a", "b"}
	// By hand: season b: median 10; a: 100.5. Deviations .5 0 1.5 1 2.5 1 .5 0,
	// median .75, scale 1.11195.
	got, err := SeasonalAnomaly(history, seasons, 100, "b", AnomalyOptions{})
	if err != nil || got.Expected != 10 || !got.Seasonal || !got.Flagged {
		t.Fatalf("%+v %v", got, err)
	}
	near(t, "scale", got.Scale, 1.4826*.75, 1e-12)
	near(t, "score", got.Score, 90/(1.4826*.75), 1e-9)
	if got, err := SeasonalAnomaly(history, seasons, 100, "a", AnomalyOptions{}); err != nil || got.Flagged {
		t.Errorf("usual in its season: %+v %v", got, err)
	}
	if got, err := SeasonalAnomaly(history, seasons, 100, "c", AnomalyOptions{}); err != nil || got.Seasonal || got.Expected != 54.5 {
		t.Errorf("unknown season uses the whole history: %+v %v", got, err)
	}
}

func TestSeasonalAnomalyDegenerate(t *testing.T) {
	flat, s := []float64{3, 3, 3, 3, 3, 3}, make([]string, 6)
	if got, err := SeasonalAnomaly(flat, s, 3, "", AnomalyOptions{}); err != nil || got.Flagged || got.Score != 0 {
		t.Errorf("flat and usual: %+v %v", got, err)
	}
	if got, err := SeasonalAnomaly(flat, s, 4, "", AnomalyOptions{}); err != nil || !got.Flagged || got.Score != 0 {
		t.Errorf("flat and new: %+v %v", got, err)
	}
	if got, err := SeasonalAnomaly([]float64{3, 3, 3, 3, 3, 9}, s, 3, "", AnomalyOptions{}); err != nil || got.Scale != 1.2533 {
		t.Errorf("mean deviation where the median one is 0: %+v %v", got, err)
	}
	if _, err := SeasonalAnomaly(flat[:5], s[:5], 3, "", AnomalyOptions{}); !errors.Is(err, ErrNoData) {
		t.Errorf("short history: %v", err)
	}
	if _, err := SeasonalAnomaly(flat, s[:5], 3, "", AnomalyOptions{}); !errors.Is(err, ErrInvalid) {
		t.Errorf("lengths: %v", err)
	}
	for _, x := range []float64{math.NaN(), math.Inf(-1)} {
		if _, err := SeasonalAnomaly(flat, s, x, "", AnomalyOptions{}); !errors.Is(err, ErrInvalid) {
			t.Errorf("%v: %v", x, err)
		}
	}
	if _, err := SeasonalAnomaly([]float64{0, 0, 0, 0, 0, 1e-300}, s, math.MaxFloat64, "", AnomalyOptions{}); err == nil {
		t.Error("a score that overflows must be refused")
	}
}

func TestTimeliness(t *testing.T) {
	// Golden vectors of the specification.
	for _, c := range []struct{ age, life, s, want float64 }{{3, 7, 1, .571429}, {3, 7, 2, .326531}, {9, 7, 1, 0}, {-2, 7, 1, 1}} {
		got, err := BallouTimeliness(c.age, c.life, c.s)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "Ballou", got, c.want, 5e-7)
	}
	got, err := ExponentialTimeliness(1.5, .2)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "exponential", got, .740818, 5e-7)
	if _, err := BallouTimeliness(1, 0, 1); !errors.Is(err, ErrInvalid) {
		t.Errorf("shelf life 0: %v", err)
	}
	if _, err := ExponentialTimeliness(1, math.Inf(1)); !errors.Is(err, ErrInvalid) {
		t.Errorf("infinite rate: %v", err)
	}
}
