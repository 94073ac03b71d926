package figure

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"

	"weir/internal/lang"
	"weir/reports/document"
)

var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// check refuses a figure that would not stand alone.
func (h Head) check() error {
	if !idPattern.MatchString(h.ID) {
		return fmt.Errorf("figure id %q: use letters, digits, '-', '_', '.'", h.ID)
	}
	for _, part := range []struct{ name, text string }{{"title", h.Title}, {"unit", h.Unit}, {"source", h.Source}} {
		if strings.TrimSpace(part.text) == "" {
			return fmt.Errorf("figure %s has no %s: every figure states its finding, its unit and its source", h.ID, part.name)
		}
	}
	return nil
}

// part is the head of the i-th of n parts.
func (h Head) part(l lang.Lang, i, n int) Head {
	if n > 1 {
		h.Title += fmt.Sprintf(l.Pick("（%d/%d）", " (%d/%d)"), i+1, n)
		if i > 0 {
			h.ID += fmt.Sprintf("-%d", i+1)
		}
	}
	return h
}

// errorf is an error that names the figure.
func (h Head) errorf(format string, a ...any) error {
	return fmt.Errorf("figure %s: %w", h.ID, fmt.Errorf(format, a...))
}

// width is the width of the figure in pixels.
func (h Head) width() int {
	if h.Half {
		return halfWidth
	}
	return fullWidth
}

// figure puts head, option, words and table together.
func (h Head) figure(o option, height int, alt string, table document.Table) (*document.Figure, error) {
	encoded, err := o.encode()
	if err != nil {
		return nil, h.errorf("%w", err)
	}
	f := h.empty("", alt, table)
	f.Height, f.Option = height, encoded
	return f, nil
}

// empty is a figure without a chart, with the reason in words.
func (h Head) empty(reason, alt string, table document.Table) *document.Figure {
	if h.Alt != "" {
		alt = h.Alt
	}
	table.ID, table.Title = h.ID+"-table", h.Title
	if table.Unit == "" {
		table.Unit = h.Unit
	}
	table.Source, table.Note = h.Source, h.Note
	return &document.Figure{
		ID: h.ID, Title: h.Title, Unit: h.Unit, Source: h.Source, Note: h.Note, Alt: alt, Explain: h.Explain, Half: h.Half,
		Width: h.width(), Height: 0, Empty: reason, Table: table,
	}
}

// show is a value as printed.
func show(v document.Value, decimals int, l lang.Lang) string {
	if v.Ok() {
		return document.FormatNumber(v.Number, decimals)
	}
	return v.State.Word(l)
}

func (h Head) checkValue(what string, v document.Value) error {
	if v.Ok() && (math.IsNaN(v.Number) || math.IsInf(v.Number, 0)) {
		return h.errorf("%s is %v: a value is a number or states why there is none", what, v.Number)
	}
	return nil
}

func (h Head) checkInterval(what string, i *document.Interval) error {
	if i != nil && !(i.Low <= i.High) {
		return h.errorf("%s: interval from %v to %v", what, i.Low, i.High)
	}
	return nil
}

// axisScale is the unit in which all numbers of an axis are printed, with its
// word; 1 and no word where the numbers are short. It follows from the larger
// end, so that 5k and 11k stand on one axis, never 5000 and 11k.
func axisScale(l lang.Lang, low, high float64) (unit float64, word string) {
	type scale struct {
		from, unit float64
		word       string
	}
	scales := []scale{{1e12, 1e12, "万亿"}, {1e8, 1e8, "亿"}, {1e4, 1e4, "万"}}
	if l == lang.En {
		scales = []scale{{1e12, 1e12, "tn"}, {1e9, 1e9, "bn"}, {1e6, 1e6, "m"}, {1e4, 1e3, "k"}}
	}
	for _, s := range scales {
		if max(math.Abs(low), math.Abs(high)) >= s.from {
			return s.unit, s.word
		}
	}
	return 1, ""
}

// valueAxis is the axis of numbers.
func valueAxis(l lang.Lang, low, high float64) m {
	unit, word := axisScale(l, low, high)
	axis := m{
		"type": "value", "min": low, "max": high, "splitNumber": 5,
		"axisLine": m{"show": false}, "axisTick": m{"show": false}, "splitLine": m{"lineStyle": m{"color": gridLine}},
		"axisLabel": m{"color": muted, "fontSize": 11, "formatter": function("axis", m{"unit": unit, "word": word}), "hideOverlap": true},
	}
	if step := tickStep(low, high); step > 0 {
		axis["interval"] = step
	}
	return axis
}

// tickStep is the largest round step of which both ends of the axis are
// multiples, with at least five steps between them if it can be, or 0: left to
// itself the chart library puts 87, 90 and 93 between 85 and 100.
func tickStep(low, high float64) float64 {
	whole := func(v float64) bool { return math.Abs(v-math.Round(v)) < 1e-6 }
	// From 5 to 2, 2 to 1 and 1 to 0.5; a little less than 0.4, for 0.4 times 0.05 is more than 0.02 in binary.
	for step := niceStep((high - low) / 5 * (1 - 1e-9)); (high-low)/step <= 10; step = niceStep(step * 0.39) {
		if whole(low/step) && whole(high/step) {
			return step
		}
	}
	return 0
}

// span finds the ends of an axis for the numbers: from the given ends, or round
// ones around the data, with zero where the data come near it.
func span(low, high float64, numbers []float64) (float64, float64) {
	if low != 0 || high != 0 {
		return low, high
	}
	if len(numbers) == 0 {
		return 0, 1
	}
	least, most := numbers[0], numbers[0]
	for _, n := range numbers {
		least, most = min(least, n), max(most, n)
	}
	if least > 0 && least < most/2 || least == most && least > 0 {
		least = 0
	}
	if most < 0 && most > least/2 {
		most = 0
	}
	if least == most {
		return least - 1, most + 1
	}
	// Shares add up to a little more than 100 in binary arithmetic: that needs no longer axis.
	const noise = 1e-9
	step := niceStep((most - least) / 5 * (1 - noise))
	return math.Floor(least/step+noise) * step, math.Ceil(most/step-noise) * step
}

// niceStep is the smallest of 1, 2, 5 times a power of ten that is at least v.
func niceStep(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, f := range []float64{1, 2, 5} {
		if f*power >= v {
			return f * power
		}
	}
	return 10 * power
}

// names lists up to three names for an alternative text.
func names(l lang.Lang, all []string) string {
	shown := all
	if len(shown) > 3 {
		shown = shown[:3]
	}
	text := strings.Join(shown, l.Pick("、", ", "))
	if more := len(all) - len(shown); more > 0 {
		text += fmt.Sprintf(l.Pick("等 %d 个", " and %d more"), pick(l, len(all), more))
	}
	return text
}

func pick(l lang.Lang, zh, en int) int {
	if l == lang.En {
		return en
	}
	return zh
}

var errNoRows = errors.New("there is nothing to draw: give at least one item")

// leastRows is the least number of rows in the last part of a figure.
const leastRows = 4

// parts divides n things into the least number of parts of at most limit, and returns the ends of the parts. All but
// the last fill their page; what comes after the figure follows the last, which is not left with a row or two.
func parts(n, limit int) []int {
	var ends []int
	for end := max(limit, 1); end < n; end += max(limit, 1) {
		ends = append(ends, end)
	}
	if last := len(ends) - 1; last >= 0 && limit > leastRows {
		ends[last] = min(ends[last], n-leastRows)
	}
	return append(ends, n)
}
