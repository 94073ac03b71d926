package composite

import (
	"fmt"
	"math"
	"slices"

	"weir/metrics/stats"
)

// present returns the values that are not missing.
func present(xs []float64) []float64 {
	out := make([]float64, 0, len(xs))
	for _, x := range xs {
		if !math.IsNaN(x) {
			out = append(out, x)
		}
	}
	return out
}

// denominate divides by the denominator. A denominator of 0 has no quotient
// and makes the value missing; a note says where.
func denominate(values, denominators []float64, per float64) (out []float64, zeros []int) {
	if per == 0 {
		per = 1
	}
	out = make([]float64, len(values))
	for i, v := range values {
		out[i] = v / denominators[i] * per
		if denominators[i] == 0 {
			out[i] = math.NaN()
			zeros = append(zeros, i)
		}
	}
	return out, zeros
}

// fill imputes missing values and says which.
func (im Impute) fill(values []float64, groups []string) (out []float64, filled []int, err error) {
	out = slices.Clone(values)
	if im.Method == "none" {
		return out, nil, nil
	}
	for i, v := range values {
		if !math.IsNaN(v) {
			continue
		}
		pool := present(values)
		if groups != nil {
			pool = pool[:0:0]
			for k, x := range values {
				if groups[k] == groups[i] && !math.IsNaN(x) {
					pool = append(pool, x)
				}
			}
		}
		if im.Method == "value" {
			out[i] = im.Value
		} else if len(pool) == 0 {
			continue
		} else if out[i], err = im.from(pool); err != nil {
			return nil, nil, err
		}
		filled = append(filled, i)
	}
	return out, filled, nil
}

func (im Impute) from(pool []float64) (float64, error) {
	switch im.Method {
	case "mean", "group_mean":
		return stats.Mean(pool)
	case "median", "group_median":
		return stats.Median(pool)
	case "minimum":
		return slices.Min(pool), nil
	}
	return slices.Max(pool), nil
}

// transform applies the indicator's transform; a value outside its domain is
// an error.
func transform(kind string, x float64) (float64, error) {
	y := x
	switch kind {
	case "log10":
		y = math.Log10(x)
	case "ln":
		y = math.Log(x)
	case "sqrt":
		y = math.Sqrt(x)
	case "log10_1p":
		y = math.Log1p(x) / math.Ln10
	}
	if !math.IsNaN(x) && !isFinite(y) {
		return 0, invalid("%s of %v does not exist", kind, x)
	}
	return y, nil
}

// Skewness and Kurtosis are the adjusted sample coefficients G1 and G2 (excess)
// of SAS and of spreadsheets; 0 for fewer than three or four values or no
// spread.
//
// Joanes, D. N. and Gill, C. A. (1998), Comparing measures of sample skewness
// and kurtosis, The Statistician 47, 183-189.
func Skewness(xs []float64) float64 {
	n := float64(len(xs))
	m2, m3, _ := moments(xs)
	if n < 3 || m2 == 0 {
		return 0
	}
	return m3 / math.Pow(m2, 1.5) * math.Sqrt(n*(n-1)) / (n - 2)
}

// Kurtosis is described with Skewness.
func Kurtosis(xs []float64) float64 {
	n := float64(len(xs))
	m2, _, m4 := moments(xs)
	if n < 4 || m2 == 0 {
		return 0
	}
	return (n - 1) / ((n - 2) * (n - 3)) * ((n+1)*(m4/(m2*m2)-3) + 6)
}

// moments are central moments of values scaled by the largest deviation, which
// leaves the coefficients as they are and cannot overflow.
func moments(xs []float64) (m2, m3, m4 float64) {
	n := float64(len(xs))
	var mean, most float64
	for _, x := range xs {
		mean += x / n
	}
	for _, x := range xs {
		most = math.Max(most, math.Abs(x-mean))
	}
	if most == 0 || !isFinite(most) {
		return 0, 0, 0
	}
	for _, x := range xs {
		d := (x - mean) / most
		m2, m3, m4 = m2+d*d/n, m3+d*d*d/n, m4+d*d*d*d/n
	}
	return m2, m3, m4
}

// treat applies the outlier method; changed lists the units whose value moved,
// note says where winsorising was not enough.
func (o Outliers) treat(values []float64) (out []float64, changed []int, note string, err error) {
	out = slices.Clone(values)
	xs := present(values)
	switch o.Method {
	case "winsorise":
		note = o.winsorise(out)
	case "percentile", "fences":
		var lo, hi float64
		if o.Method == "percentile" {
			lo, err = stats.Quantile(xs, valueOr(o.Low, .05))
			if err == nil {
				hi, err = stats.Quantile(xs, valueOr(o.High, .95))
			}
		} else {
			lo, hi, err = o.limits(xs)
		}
		if err != nil {
			return nil, nil, "", err
		}
		for i, x := range out {
			if !math.IsNaN(x) {
				out[i] = math.Min(hi, math.Max(lo, x))
			}
		}
	}
	for i, x := range out {
		if x != values[i] && !math.IsNaN(x) {
			changed = append(changed, i)
		}
	}
	return out, changed, note, nil
}

func (o Outliers) limits(xs []float64) (lo, hi float64, err error) {
	q1, err := stats.Quantile(xs, .25)
	if err != nil {
		return 0, 0, err
	}
	q3, err := stats.Quantile(xs, .75)
	if err != nil {
		return 0, 0, err
	}
	w := valueOr(o.Width, 1.5) * (q3 - q1)
	return q1 - w, q3 + w, nil
}

// winsorise works in place. The extreme on the side of the skew becomes the
// next value inside it, ties together.
func (o Outliers) winsorise(out []float64) (note string) {
	limit := 5
	if o.Limit != nil {
		limit = *o.Limit
	}
	skewed := func() (float64, bool) {
		xs := present(out)
		s := Skewness(xs)
		return s, math.Abs(s) > valueOr(o.Skewness, 2) && Kurtosis(xs) > valueOr(o.Kurtosis, 3.5)
	}
	for range limit {
		s, beyond := skewed()
		if !beyond {
			return ""
		}
		pullIn(out, s > 0)
	}
	if s, beyond := skewed(); beyond {
		return fmt.Sprintf("skewness %.2f after %d steps", s, limit)
	}
	return ""
}

func pullIn(xs []float64, top bool) {
	s := present(xs)
	slices.Sort(s)
	s = slices.Compact(s)
	if len(s) < 2 {
		return
	}
	extreme, next := s[len(s)-1], s[len(s)-2]
	if !top {
		extreme, next = s[0], s[1]
	}
	for i, x := range xs {
		if x == extreme {
			xs[i] = next
		}
	}
}
