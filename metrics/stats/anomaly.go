package stats

import (
	"math"
	"slices"
)

// AnomalyOptions steers SeasonalAnomaly.
type AnomalyOptions struct {
	Threshold     float64 // |score| that counts as an anomaly; 0 = 3.5
	SeasonMinimum int     // values of the same season needed to use it; 0 = 3
	Minimum       int     // values of history needed at all; 0 = 6
}

// Anomaly says how far a value lies from what its season makes expected.
type Anomaly struct {
	Expected float64 `json:"expected"`
	Scale    float64 `json:"scale"` // robust standard deviation of the history
	Score    float64 `json:"score"` // (value − expected)/scale; 0 if the history does not vary
	Seasonal bool    `json:"seasonal"`
	// Flagged: |score| above the threshold or, for a history that does not
	// vary at all, any other value.
	Flagged bool `json:"flagged"`
}

// SeasonalAnomaly compares a value with its history. Expected is the median of
// the history's values of the same season (month, weekday), or of the whole
// history where that season has too few. Scale is 1.4826 times the median
// absolute deviation of the history from its own seasonal medians; where that
// is 0, 1.2533 times their mean absolute deviation. Medians are used so that an
// earlier anomaly does not hide the next.
//
// Iglewicz, B. and Hoaglin, D. C. (1993), How to Detect and Handle Outliers,
// for the threshold 3.5 and both scales.
func SeasonalAnomaly(history []float64, seasons []string, value float64, season string, opt AnomalyOptions) (Anomaly, error) {
	if opt.Threshold == 0 {
		opt.Threshold = 3.5
	}
	if opt.SeasonMinimum == 0 {
		opt.SeasonMinimum = 3
	}
	if opt.Minimum == 0 {
		opt.Minimum = 6
	}
	if !isFinite(opt.Threshold) || opt.Threshold < 0 || opt.SeasonMinimum < 1 || opt.Minimum < 2 {
		return Anomaly{}, invalid("threshold %v, season minimum %d, minimum %d", opt.Threshold, opt.SeasonMinimum, opt.Minimum)
	}
	if len(history) != len(seasons) {
		return Anomaly{}, invalid("%d values and %d seasons", len(history), len(seasons))
	}
	if err := checkFinite("history", history); err != nil {
		return Anomaly{}, err
	}
	if !isFinite(value) {
		return Anomaly{}, invalid("value %v", value)
	}
	if len(history) < opt.Minimum {
		return Anomaly{}, noData("%d earlier values, an anomaly needs %d", len(history), opt.Minimum)
	}
	bySeason := map[string][]float64{}
	for i, s := range seasons {
		bySeason[s] = append(bySeason[s], history[i])
	}
	overall := medianOf(history)
	expect := func(s string) (float64, bool) {
		if xs := bySeason[s]; len(xs) >= opt.SeasonMinimum {
			return medianOf(xs), true
		}
		return overall, false
	}
	deviations := make([]float64, len(history))
	var sum float64
	for i, x := range history {
		m, _ := expect(seasons[i])
		deviations[i] = math.Abs(x - m)
		sum += deviations[i]
	}
	a := Anomaly{}
	a.Expected, a.Seasonal = expect(season)
	if a.Scale = 1.4826 * medianOf(deviations); a.Scale == 0 {
		a.Scale = 1.2533 * sum / float64(len(deviations))
	}
	if a.Scale == 0 {
		a.Flagged = value != a.Expected
		return a, nil
	}
	a.Score = (value - a.Expected) / a.Scale
	if !isFinite(a.Score) || !isFinite(a.Scale) {
		return Anomaly{}, invalid("value %v or its history is too large to be scaled", value)
	}
	a.Flagged = math.Abs(a.Score) > opt.Threshold
	return a, nil
}

func medianOf(xs []float64) float64 {
	s := slices.Clone(xs)
	slices.Sort(s)
	return quantileSorted(s, .5)
}
