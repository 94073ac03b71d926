package figure_test

import (
	"encoding/json"
	"strings"
	"testing"

	"weir/internal/lang"
	"weir/reports/document"
	"weir/reports/figure"
)

// outlier is a ranking of costs, of which the last is a million times the others.
func outlier() figure.Ranking {
	r := figure.Ranking{Head: figure.Head{ID: "cost", Title: "t", Unit: "元", Source: "s"}, Decimals: 2}
	for i, v := range []float64{9155.66, 18339.96, 33873.25, 48435.87, 99099.94, 125878.32, 23359768171.58} {
		r.Items = append(r.Items, figure.RankingItem{Label: figure.Label{ID: string(rune('a' + i)), Name: "部门" + string(rune('A'+i))}, Value: document.Num(v)})
	}
	return r
}

// drawnAxis is what a test reads of an option.
type drawnAxis struct {
	XAxis, YAxis json.RawMessage
	Series       []struct{ Data []json.RawMessage }
}

func axisEnd(t *testing.T, f *document.Figure, upright bool) (end float64, marks int) {
	t.Helper()
	var o drawnAxis
	if err := json.Unmarshal(f.Option, &o); err != nil {
		t.Fatal(err)
	}
	var axis struct{ Max float64 }
	raw := o.XAxis
	if upright {
		var all []json.RawMessage
		if err := json.Unmarshal(o.YAxis, &all); err != nil {
			t.Fatal(err)
		}
		raw = all[0]
	}
	if err := json.Unmarshal(raw, &axis); err != nil {
		t.Fatal(err)
	}
	for _, s := range o.Series {
		for _, item := range s.Data {
			if strings.Contains(string(item), `"rotate"`) {
				marks++
			}
		}
	}
	return axis.Max, marks
}

// One bar a million times as long as the others does not make them invisible: it is broken, which the note and the
// alternative text say with its value, and the table holds it.
func TestAnOutlyingBarIsBrokenAndSaidSo(t *testing.T) {
	columns := bars("元", 9155.66, 18339.96, 33873.25, 48435.87, 99099.94, 125878.32, 23359768171.58)
	upright := columns
	upright.Horizontal = false
	for name, c := range map[string]struct {
		builder figure.Builder
		upright bool
	}{"ranking": {outlier(), false}, "rows": {columns, false}, "columns": {upright, true}} {
		for _, l := range []lang.Lang{lang.Zh, lang.En} {
			figures, err := c.builder.Figures(l)
			if err != nil {
				t.Fatal(err)
			}
			f := figures[0]
			if end, marks := axisEnd(t, f, c.upright); end < 125878 || end > 250000 || marks != 1 {
				t.Errorf("%s %s: the axis ends at %v with %d broken bars, want it behind the second longest and one", name, l, end, marks)
			}
			for what, text := range map[string]string{"note": f.Note, "alternative text": f.Alt} {
				if !strings.Contains(text, l.Pick("断口", "broken")) || !strings.Contains(text, "23,359,768,17") {
					t.Errorf("%s %s: the %s says nothing of the broken bar: %q", name, l, what, text)
				}
			}
			last := f.Table.Rows[len(f.Table.Rows)-1].Cells
			if got := last[len(last)-1].Value.Number; got != 23359768171.58 {
				t.Errorf("%s %s: the table says %v", name, l, got)
			}
			if seen := texts(draw(t, session(t), f)); seen[l.Pick("15万", "150k")] != 1 {
				t.Errorf("%s %s: the axis lacks its last round number: %v", name, l, seen)
			}
		}
	}
}

// Bars that merely differ, are few, or stand on an axis that was given are all drawn to scale.
func TestOrdinaryBarsAreDrawnToScale(t *testing.T) {
	given := outlier()
	given.High = 3e10
	stacked := bars("元", 1, 2, 3, 4, 5, 1e9)
	stacked.Stacked = true
	for name, b := range map[string]figure.Builder{
		"skewed": bars("元", 1, 2, 3, 4, 5, 15), "few": bars("元", 1, 2, 1e9), "one": bars("元", 5), "zeros": bars("元", 0, 0, 0, 0, 0, 7),
		"many large": bars("元", 1, 2, 3, 1e6, 1e6, 1e6), "given": given, "stacked": stacked,
	} {
		figures, err := b.Figures(lang.En)
		if err != nil {
			t.Fatal(err)
		}
		if _, marks := axisEnd(t, figures[0], false); marks != 0 || strings.Contains(figures[0].Note, "broken") {
			t.Errorf("%s: %d bars are broken; note %q", name, marks, figures[0].Note)
		}
	}
}

// An interval that goes on behind the end of a cut axis does not seem to end there.
func TestAnIntervalBehindTheCutEndsInAnArrow(t *testing.T) {
	r := outlier()
	r.Items[2].Interval = &document.Interval{Low: 20000, High: 9e9, Level: 0.95}
	cut, err := r.Figures(lang.En)
	if err != nil {
		t.Fatal(err)
	}
	r.Items[2].Interval = &document.Interval{Low: 20000, High: 150000 * 1.12, Level: 0.95}
	whole, err := r.Figures(lang.En)
	if err != nil {
		t.Fatal(err)
	}
	if draw(t, session(t), cut[0]).svg == draw(t, session(t), whole[0]).svg {
		t.Error("an interval up to 9 bn looks like one that ends with the axis")
	}
}
