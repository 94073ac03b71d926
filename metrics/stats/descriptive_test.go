package stats

import (
	"errors"
	"math"
	"testing"
)

// gauge is the sample of the NIST/SEMATECH e-Handbook of Statistical Methods,
// section 7.2.6.2 (percentiles).
var gauge = []float64{95.1772, 95.1567, 95.1937, 95.1959, 95.1442, 95.0610, 95.1591, 95.1195, 95.1065, 95.0925, 95.1990, 95.1682}

func TestQuantile(t *testing.T) {
	q, err := Quantile(gauge, .9)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "90th percentile, the handbook's spreadsheet value", q, 95.19568, 5e-6)
	for p, want := range map[float64]float64{0: 1, .25: 2, .5: 3, .75: 4, 1: 5} { // R: quantile(1:5)
		q, err := Quantile([]float64{5, 3, 1, 2, 4}, p)
		if err != nil || q != want {
			t.Errorf("quantile %v of 1…5: %v %v, want %v", p, q, err, want)
		}
	}
	if q, err := Quantile([]float64{-math.MaxFloat64, math.MaxFloat64}, .5); err != nil || q != 0 {
		t.Errorf("extreme values: %v %v", q, err)
	}
	for p, want := range map[float64]float64{0: 1, .5: 2, .51: 3, .75: 3, 1: 4} {
		q, err := QuantileNearestRank([]float64{4, 1, 3, 2}, p)
		if err != nil || q != want {
			t.Errorf("nearest rank %v: %v %v, want %v", p, q, err, want)
		}
	}
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[i] = float64(i + 1)
	}
	for k := 1; k <= 100; k++ {
		if q, _ := QuantileNearestRank(hundred, float64(k)/100); q != float64(k) {
			t.Errorf("nearest rank %d %% of 1…100: %v", k, q)
		}
	}
}

func TestMedianAbsoluteDeviation(t *testing.T) {
	// By hand: median 2, deviations 1 1 0 0 2 4 7.
	if m, err := MedianAbsoluteDeviation([]float64{1, 1, 2, 2, 4, 6, 9}); err != nil || m != 1 {
		t.Errorf("%v %v, want 1", m, err)
	}
}

func TestIntervals(t *testing.T) {
	// Student's sleep data, group 2 minus group 1; R: t.test(extra ~ group,
	// paired) prints mean 1.58, interval 0.7001142 to 2.4598858.
	iv, err := MeanInterval([]float64{1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, .8, 4.6, 1.4}, .95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean low", iv.Low, .7001142, 5e-7)
	near(t, "mean high", iv.High, 2.4598858, 5e-7)

	// Garwood's limits for 10 as tabulated: 4.795, 18.39; for 0: 3.689.
	iv, err = CountInterval(10, .95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "count low", iv.Low, 4.795, 5e-4)
	near(t, "count high", iv.High, 18.39, 5e-3)
	iv, err = CountInterval(0, .95)
	if err != nil || iv.Low != 0 {
		t.Errorf("count 0: %v %v", iv, err)
	}
	near(t, "count 0 high", iv.High, 3.689, 5e-4)

	// Table of order statistics for a 95 % interval of the median (Conover
	// 1999, table A3 logic): n = 6 → 1 and 6, n = 10 → 2 and 9, n = 20 → 6 and 15.
	for n, want := range map[int][2]float64{6: {1, 6}, 10: {2, 9}, 20: {6, 15}} {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = float64(n - i)
		}
		iv, err := MedianInterval(xs, .95)
		if err != nil || iv.Low != want[0] || iv.High != want[1] {
			t.Errorf("median interval of 1…%d: %v %v, want %v", n, iv, err, want)
		}
	}
	if _, err := MedianInterval([]float64{1, 2, 3, 4, 5}, .95); !errors.Is(err, ErrNoData) {
		t.Errorf("5 values: %v, want ErrNoData", err)
	}

	// By hand: r = 9/12, residuals ¼, −½, ¼; √(3/2·3/8)/12 = 0.0625.
	r, iv, err := RatioInterval([]float64{1, 4, 4}, []float64{1, 6, 5}, .95)
	if err != nil || r != .75 {
		t.Fatalf("ratio %v %v", r, err)
	}
	near(t, "ratio half width", iv.Width()/2, 4.302653*.0625, 1e-6)
	if _, _, err := RatioInterval([]float64{1, 2}, []float64{1, -1}, .95); !errors.Is(err, ErrNoData) {
		t.Errorf("denominators sum to 0: %v", err)
	}
}
