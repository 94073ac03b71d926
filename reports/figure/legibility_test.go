package figure_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"weir/internal/lang"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/reporttest"
)

// texts counts the words of a picture.
func texts(p picture) map[string]int {
	out := map[string]int{}
	for _, x := range p.texts {
		out[x.text]++
	}
	return out
}

// bars are horizontal bars of one series.
func bars(unit string, values ...float64) figure.BarLine {
	b := figure.BarLine{Head: figure.Head{ID: "b", Title: "t", Unit: unit, Source: "s"}, Horizontal: true, Bars: []figure.Series{{Label: figure.Label{ID: "x", Name: "payments"}}}}
	for i, v := range values {
		b.Categories = append(b.Categories, figure.Label{ID: fmt.Sprint(i), Name: fmt.Sprintf("row %d", i)})
		b.Bars[0].Values = append(b.Bars[0].Values, document.Num(v))
	}
	return b
}

// An axis prints all its numbers in one unit, and eleven thousand is 11k, not 1.1k.
func TestAnAxisHasOneUnit(t *testing.T) {
	for _, c := range []struct {
		l     lang.Lang
		value float64
		want  []string
	}{
		{lang.En, 15_000, []string{"0", "5k", "10k", "15k"}},
		{lang.En, 2_500_000_000, []string{"0", "0.5bn", "2.5bn"}},
		{lang.En, 9_000, []string{"0", "2k", "10k"}}, {lang.En, 900, []string{"0", "200", "1000"}},
		{lang.Zh, 15_000, []string{"0", "0.5万", "1.5万"}},
		{lang.Zh, 1_500_000_000_000, []string{"0", "0.5万亿", "1.5万亿"}},
	} {
		figures, err := bars("u", c.value).Figures(c.l)
		if err != nil {
			t.Fatal(err)
		}
		seen := texts(draw(t, session(t), figures[0]))
		for _, want := range c.want {
			if seen[want] == 0 {
				t.Errorf("%s, up to %v: the axis lacks %q: %v", c.l, c.value, want, seen)
			}
		}
	}
}

// Ticks are as far apart at the ends as in the middle.
func TestTicksAreEven(t *testing.T) {
	dots := figure.IntervalDots{Head: figure.Head{ID: "d", Title: "t", Unit: "%", Source: "s"}, Decimals: 1}
	for i, v := range []float64{85.7, 96.3} {
		dots.Items = append(dots.Items, figure.DotItem{Label: figure.Label{Name: fmt.Sprintf("kind %d", i)}, Value: document.Num(v)})
	}
	figures, err := dots.Figures(lang.En)
	if err != nil {
		t.Fatal(err)
	}
	seen := texts(draw(t, session(t), figures[0]))
	for _, want := range []string{"85", "90", "95", "100"} {
		if seen[want] == 0 {
			t.Errorf("the axis lacks %s: %v", want, seen)
		}
	}
	for _, other := range []string{"87", "93", "interval", "n"} { // no row has an interval or a number of cases
		if seen[other] != 0 {
			t.Errorf("%q stands in the picture", other)
		}
	}
}

// Ends of which no larger step is a divisor, at every power of ten, find their step or none.
func TestEveryAxisComesToAnEnd(t *testing.T) {
	for _, scale := range []float64{0.001, 0.01, 0.1, 1, 10, 1e6} {
		for low := 80.0; low < 100; low++ {
			dots := figure.IntervalDots{Head: figure.Head{ID: "d", Title: "t", Unit: "u", Source: "s"}, Low: low * scale, High: 113 * scale,
				Items: []figure.DotItem{{Label: figure.Label{Name: "one"}, Value: document.Num(101 * scale)}}}
			if _, err := dots.Figures(lang.En); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// One series needs no legend: title and unit say what the bars are.
func TestOneSeriesHasNoLegend(t *testing.T) {
	upright := bars("u", 1, 2, 3)
	upright.Horizontal = false
	for _, b := range []figure.BarLine{bars("u", 1, 2, 3), upright} {
		figures, err := b.Figures(lang.En)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(figures[0].Option), `"legend":{"data"`) {
			t.Errorf("horizontal %v: a legend of one series", b.Horizontal)
		}
	}
}

// Bars of many departments go on in a second figure; none becomes too small to read, none is lost.
func TestManyRowsOfBarsAreDivided(t *testing.T) {
	values := make([]float64, 60)
	for i := range values {
		values[i] = float64(i + 1)
	}
	figures, err := bars("u", values...).Figures(lang.En)
	if err != nil {
		t.Fatal(err)
	}
	rows, ends := 0, map[float64]bool{}
	for _, f := range figures {
		if f.Height > 900 {
			t.Errorf("%s is %d high", f.ID, f.Height)
		}
		rows += len(f.Table.Rows)
		var option struct{ XAxis struct{ Max float64 } }
		if err := json.Unmarshal(f.Option, &option); err != nil {
			t.Fatal(err)
		}
		ends[option.XAxis.Max] = true
	}
	if len(figures) < 2 || rows != len(values) || len(ends) != 1 {
		t.Errorf("%d figures with %d rows on %d scales, want several with %d on one", len(figures), rows, len(ends), len(values))
	}
}

// Heads of columns break between words.
func TestHeadsBreakBetweenWords(t *testing.T) {
	figures, err := reporttest.Shares(lang.En).Figures(lang.En)
	if err != nil {
		t.Fatal(err)
	}
	seen := texts(draw(t, session(t), figures[0]))
	whole := false
	for text := range seen {
		whole = whole || text == "Maintenance" || text == "Maintenance and"
	}
	if !whole {
		t.Errorf("the word maintenance is broken: %v", seen)
	}
}

// Names of a hundred letters stand in full; where one cannot, what tells it from its like is kept.
func TestLongNamesStandInFull(t *testing.T) {
	r := figure.Ranking{Head: figure.Head{ID: "r", Title: "t", Unit: "points", Source: "s"}, High: 100}
	const long = "Bureau of Emergency Management, Integrated Administrative Enforcement and Government Data Services"
	for i := range 12 {
		r.Items = append(r.Items, figure.RankingItem{Label: figure.Label{Name: fmt.Sprintf("%s (D%02d)", long, i)}, Value: document.Num(50)})
	}
	full := func() string {
		figures, err := r.Figures(lang.En)
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, x := range draw(t, session(t), figures[0]).texts {
			all.WriteString(x.text + " ")
		}
		return all.String()
	}
	if got := full(); strings.Contains(got, "…") {
		t.Errorf("a name is cut: %s", got)
	}
	r.Items[3].Name = strings.Repeat("Very ", 60) + "(D03)"
	if got := full(); !strings.Contains(got, "…(D03)") {
		t.Errorf("a cut name lost its end: %s", got)
	}
}

// No name above a column of a heat map is cut, and no word of a group's name is broken.
func TestHeadsOfHeatMapsStandInFull(t *testing.T) {
	h := reporttest.HeatMap(lang.En, 5, 20)
	for i := range h.Columns {
		h.Columns[i].Name, h.Columns[i].Group = "Guarantee mechanism index", "Resources"
		if i >= 18 {
			h.Columns[i].Group = "Performance management"
		}
	}
	figures, err := h.Figures(lang.En)
	if err != nil {
		t.Fatal(err)
	}
	seen := texts(draw(t, session(t), figures[0]))
	if seen["Guarantee mechanism index"] != 20 || seen["management"] != 1 {
		t.Errorf("heads are cut or broken: %v", seen)
	}
}
