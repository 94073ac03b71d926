package finding

import (
	"math"

	"weir/metrics"
	"weir/reports/document"
	"weir/reports/reading"
)

// changes are the significant changes of departments, each weighted by its size against the target, so that figures
// of different units can be ordered. Departments that took over another since last month have none: what came with the
// other is no performance of theirs, and a sentence on it would lead a list by which people are judged.
func (f *finder) changes() ([]Finding, error) {
	var list []Finding
	for _, k := range f.Changes() {
		c, _ := f.Change(k.Indicator, k.Department)
		if !c.Significant || k.Department == metrics.City || f.skips(k.Department) || f.Indicator(k.Indicator) == nil {
			continue
		}
		list = append(list, Finding{Kind: Changed, Department: k.Department, Weight: f.size(k, c), Better: c.Direction > 0, Paragraph: f.change(k, c)})
	}
	return list, nil
}

// size is the change as a share of the larger of the two values.
func (f *finder) size(k reading.Key, c reading.Change) float64 {
	v, _ := f.Value(k.Indicator, k.Department)
	if f.Indicator(k.Indicator).Unit == "%" {
		return math.Abs(c.Difference) / 100
	}
	scale := math.Max(math.Abs(*v.Value), math.Abs(*v.Value-c.Difference))
	if scale == 0 {
		return 0
	}
	return math.Min(1, math.Abs(c.Difference)/scale)
}

func (f *finder) change(k reading.Key, c reading.Change) document.Paragraph {
	p := f.Indicator(k.Indicator)
	v, _ := f.Value(k.Indicator, k.Department)
	was, _ := f.Before(k.Indicator, k.Department)
	word := f.T("显著提高", "rose significantly")
	if c.Difference < 0 {
		word = f.T("显著下降", "fell significantly")
	}
	switch c.Direction {
	case 1:
		word += f.T("（好转）", " (better)")
	case -1:
		word += f.T("（变差）", " (worse)")
	}
	behind := f.T("校正后 ", "corrected ") + reading.Probability(c.Q)
	if v.Numerator != nil && v.Denominator != nil {
		behind = f.F("%s/%s，", "%s of %s, ", document.FormatNumber(*v.Numerator, 0), document.FormatNumber(*v.Denominator, 0)) + behind
	}
	return document.Paragraph{Spans: []document.Span{
		f.name(k.Department),
		{Text: f.F("的%s%s，由 %s 变为 %s（%s）。", ": %s %s, from %s to %s (%s). ", p.Name.In(f.Lang), word, f.Figure(p, was), f.Figure(p, v), behind)},
		{Text: f.T("查看依据", "Evidence"), Explain: reading.ExplanationID(k.Indicator, k.Department)},
	}}
}

// caps names the departments whose grade was lowered.
func (f *finder) caps() ([]Finding, error) {
	var list []Finding
	for _, s := range f.Month.Scores {
		if s.CapReason == "" || f.skips(s.Department) {
			continue
		}
		list = append(list, Finding{Kind: Capped, Department: s.Department, Weight: s.Total.Score, Paragraph: document.Paragraph{Spans: []document.Span{
			f.name(s.Department), {Text: f.F("得分 %s：", " scored %s. ", document.FormatNumber(s.Total.Score, 2)) + f.Cap(s)}}}})
	}
	return list, nil
}
