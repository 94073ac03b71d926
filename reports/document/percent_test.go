package document

import (
	"slices"
	"testing"
)

func TestPercentsAddUpToTheirSum(t *testing.T) {
	for _, c := range []struct{ shares, want []float64 }{
		{[]float64{0.065, 0.935}, []float64{7, 93}}, // rounded apart 101
		{[]float64{0.785, 0.215}, []float64{79, 21}},
		{[]float64{1. / 3, 1. / 3, 1. / 3}, []float64{34, 33, 33}}, // rounded apart 99
		{[]float64{0.6, 0.25}, []float64{60, 25}},                  // the rest is not shown
		{[]float64{0.29, 0.71}, []float64{29, 71}},                 // 100 × 0.29 is a little less than 29
		{[]float64{1}, []float64{100}}, {nil, []float64{}},
	} {
		if got := Percents(c.shares...); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.shares, got, c.want)
		}
	}
}
