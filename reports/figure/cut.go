package figure

import (
	"fmt"
	"slices"

	"weir/internal/lang"
	"weir/metrics/stats"
	"weir/reports/document"
)

// scale is the axis of bars. Where a few bars are so long that drawn to scale
// they would press all others flat, it ends before them; they are drawn broken,
// and a note names them with their values. Bars begin at zero, so that a
// logarithm is no way out.
type scale struct {
	low, high float64
	cut       bool // bars beyond high are broken
}

const (
	// farOut times the distance of the quartiles beyond the upper one is where Tukey's "far out" values begin
	// (Exploratory Data Analysis, 1977, section 2D).
	farOut = 3
	// leastCut is how many times longer than the longest other bar the longest must be for the axis to be cut:
	// the others still have a fifth of the axis if it is not.
	leastCut = 5
	// cutRoom is the part of the axis behind its last tick in which the broken bars end.
	cutRoom = 0.12
)

// scaleOf finds the scale for the numbers of a figure's bars. Only outliers upwards are cut: no more than a quarter of
// the numbers can be, and none where there are fewer than five.
func scaleOf(all []float64) scale {
	c := scale{}
	inside := all
	if fence, err := fence(all); err == nil {
		ordinary := slices.DeleteFunc(slices.Clone(all), func(v float64) bool { return v > fence })
		if len(ordinary) > 0 && slices.Max(ordinary) > 0 && slices.Max(all) >= leastCut*slices.Max(ordinary) {
			inside, c.cut = ordinary, true
		}
	}
	c.low, c.high = span(0, 0, append(slices.Clone(inside), 0))
	return c
}

// fence is the value above which numbers are far out.
func fence(all []float64) (float64, error) {
	lower, err := stats.Quantile(all, 0.25)
	if err != nil {
		return 0, err
	}
	upper, err := stats.Quantile(all, 0.75)
	return upper + farOut*(upper-lower), err
}

// axis is the value axis, with room behind the last tick where it is cut.
func (c scale) axis(l lang.Lang) m {
	axis := valueAxis(l, c.low, c.high)
	if c.cut {
		axis["max"] = c.high + cutRoom*(c.high-c.low)
		set(axis["axisLabel"].(m), m{"showMaxLabel": false})
		set(axis["splitLine"].(m), m{"showMaxLine": false})
	}
	return axis
}

// broken tells whether a bar of the value ends behind the break.
func (c scale) broken(v document.Value) bool { return c.cut && v.Ok() && v.Number > c.high }

// mark puts a slanted gap before the end of a broken bar.
func (c scale) mark(item m, v document.Value, upright bool) {
	if !c.broken(v) {
		return
	}
	position, turn := "insideRight", -20
	if upright {
		position, turn = "insideTop", 70
	}
	item["label"] = m{"show": true, "position": position, "distance": 10, "rotate": turn, "formatter": "\u2009", "backgroundColor": "#ffffff", "width": 4, "height": 30}
}

// note names the broken bars with their values, or is empty.
func (c scale) note(l lang.Lang, broken []string, decimals int, unit string) string {
	if len(broken) == 0 {
		return ""
	}
	end := document.FormatShort(c.high, decimals) + " " + unit
	return fmt.Sprintf(l.Pick("数值轴止于 %s；超出者的条形中有斜断口，长度不按比例：%s。", "The axis ends at %s; bars beyond it are broken and not to scale: %s."), end, names(l, broken))
}

// whiskerLook is how an interval is drawn: one that goes on behind the end of a cut axis ends in an arrow.
func (c scale) whiskerLook() m {
	look := m{"color": ink, "width": 1.2, "cap": 3.5, "halo": "#ffffff"}
	if c.cut {
		look["end"] = c.high + cutRoom*(c.high-c.low)
	}
	return function("whisker", look)
}
