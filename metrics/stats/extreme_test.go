package stats

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// finite reports whether every float in a value is finite.
func finite(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Float64:
		return isFinite(v.Float())
	case reflect.Struct:
		for i := range v.NumField() {
			if !finite(v.Field(i)) {
				return false
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if !finite(v.Index(i)) {
				return false
			}
		}
	}
	return true
}

// Whatever the numbers, a function either refuses or returns finite figures.
func TestExtremeInput(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 1))
	wild := []float64{0, 0, 1, 1, -1, 2, 3, .5, 1e-300, 5e-324, 1e300, math.MaxFloat64, -math.MaxFloat64, math.NaN(), math.Inf(1), math.Inf(-1)}
	draw := func(tame bool) []float64 {
		xs := make([]float64, rng.IntN(8))
		for i := range xs {
			xs[i] = wild[rng.IntN(len(wild))]
			if tame {
				xs[i] = wild[rng.IntN(13)]
			}
		}
		return xs
	}
	answered := 0
	for round := range 6000 {
		x, y := draw(round%4 > 0), draw(round%4 > 0)
		if rng.IntN(3) > 0 && len(x) > 0 {
			y = append(y, x...)[:len(x)]
		}
		p := wild[rng.IntN(len(wild))]
		for name, call := range map[string]func() (any, error){
			"Mean":                    func() (any, error) { return Mean(x) },
			"StandardDeviation":       func() (any, error) { return StandardDeviation(x) },
			"Quantile":                func() (any, error) { return Quantile(x, p) },
			"QuantileNearestRank":     func() (any, error) { return QuantileNearestRank(x, p) },
			"MedianAbsoluteDeviation": func() (any, error) { return MedianAbsoluteDeviation(x) },
			"MeanInterval":            func() (any, error) { return MeanInterval(x, .95) },
			"MedianInterval":          func() (any, error) { return MedianInterval(x, .5) },
			"RatioInterval":           func() (any, error) { r, iv, err := RatioInterval(x, y, .95); return []any{r, iv}, err },
			"TwoMeans": func() (any, error) {
				return TwoMeans(MeanSummary{3, p, 1e200}, MeanSummary{4, 1, math.Abs(p)}, .95)
			},
			"HHI": func() (any, error) { return HHI(x) }, "HHINormalised": func() (any, error) { return HHINormalised(x) },
			"Gini": func() (any, error) { return Gini(x) }, "GiniSample": func() (any, error) { return GiniSample(x) },
			"TheilT": func() (any, error) { return TheilT(x) }, "TheilL": func() (any, error) { return TheilL(x) },
			"Hoover": func() (any, error) { return Hoover(x) }, "HillNumber": func() (any, error) { return HillNumber(x, p) },
			"Atkinson": func() (any, error) { a, e, err := Atkinson(x, p); return []float64{a, e}, err },
			"Pearson":  func() (any, error) { return Pearson(x, y) }, "Spearman": func() (any, error) { return Spearman(x, y) },
			"KendallTauB": func() (any, error) { return KendallTauB(x, y) }, "MannKendall": func() (any, error) { return MannKendall(x, y, .95) },
			"PermutationTest": func() (any, error) { d, q, err := PermutationTest(x, y, 100, 1); return []float64{d, q}, err },
			"SeasonalAnomaly": func() (any, error) {
				return SeasonalAnomaly(x, make([]string, len(x)), p, "", AnomalyOptions{Minimum: 2})
			},
			"BallouTimeliness":      func() (any, error) { return BallouTimeliness(p, math.Abs(p), 2) },
			"ExponentialTimeliness": func() (any, error) { return ExponentialTimeliness(p, math.Abs(p)) },
			"BenjaminiHochberg":     func() (any, error) { return BenjaminiHochberg(x) },
		} {
			got, err := call()
			if err != nil {
				continue
			}
			answered++
			v := reflect.ValueOf(got)
			if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Interface {
				for i := range v.Len() {
					if !finite(v.Index(i).Elem()) {
						t.Fatalf("%s of %v, %v, %v: %v", name, x, y, p, got)
					}
				}
			} else if !finite(v) {
				t.Fatalf("%s of %v, %v, %v: %+v", name, x, y, p, got)
			}
		}
	}
	if answered < 20000 {
		t.Errorf("only %d answers", answered)
	}
}
