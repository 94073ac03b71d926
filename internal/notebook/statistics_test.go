package notebook

import (
	"math"
	"testing"
)

// survivalAgrees computes the curve of after_opening again, case by case, from the lives that the notebook prints.
func survivalAgrees(t *testing.T, c *city, h *Host) {
	r := c.run(t, h, find(t, c, "after_opening"), nil)
	lives, curve := cellOf(t, r, "lives"), cellOf(t, r, "curve")
	for _, row := range curve.Result.Rows {
		day := row[0].(int64)
		unused := 1.0
		for at := int64(0); at <= day; at++ {
			risk, used := 0, 0
			for _, life := range lives.Result.Rows {
				days := life[8].(int64)
				if days >= at {
					risk++
				}
				if days == at && life[7].(bool) {
					used++
				}
			}
			if risk > 0 {
				unused *= 1 - float64(used)/float64(risk)
			}
		}
		if got := row[1].(float64); math.Abs(got-100*(1-unused)) > 0.051 {
			t.Errorf("day %d: %.1f, want %.3f", day, got, 100*(1-unused))
		}
	}
}

// forecastAgrees computes the forecast of load_forecast again by the textbook's formulas.
func forecastAgrees(t *testing.T, c *city, h *Host) {
	r := c.run(t, h, find(t, c, "load_forecast"), nil)
	var y []float64
	for _, row := range cellOf(t, r, "months_used").Result.Rows {
		y = append(y, row[3].(float64))
	}
	n := float64(len(y))
	var sx, sy, sxx, sxy float64
	for i, v := range y {
		x := float64(i + 1)
		sx, sy, sxx, sxy = sx+x, sy+v, sxx+x*x, sxy+x*v
	}
	slope := (n*sxy - sx*sy) / (n*sxx - sx*sx)
	intercept := (sy - slope*sx) / n
	var rss float64
	for i, v := range y {
		e := v - intercept - slope*float64(i+1)
		rss += e * e
	}
	next := n + 1
	half := 2.228 * math.Sqrt(rss/(n-2)) * math.Sqrt(1+1/n+(next-sx/n)*(next-sx/n)/(sxx-sx*sx/n)) // t with 10 degrees of freedom
	row := cellOf(t, r, "forecast").Result.Rows[0]
	days := float64(row[1].(int64))
	for i, want := range []float64{days * (intercept + slope*next), days * (intercept + slope*next - half), days * (intercept + slope*next + half)} {
		if got := row[2+i].(float64); math.Abs(got-want) > 0.51 {
			t.Errorf("column %d: %v, want %.2f", 2+i, got, want)
		}
	}
}
