package finding

import (
	"slices"

	"weir/reports/document"
	"weir/reports/dossier"
	"weir/reports/reading"
)

// Tally counts the cases of one rule.
type Tally struct {
	Rule        dossier.Rule
	Due, Late   int
	Departments []dossier.Duty // those with late cases, most first
}

// Tallies adds up the duties that fell due, by rule in the order of the law; a department limits them to its own.
func Tallies(r *reading.Reading, department string) []Tally {
	var list []Tally
	for _, rule := range r.Dossier.Rules {
		t := Tally{Rule: rule}
		for _, d := range r.Dossier.Duties {
			if d.Rule != rule.ID || department != "" && d.Department != department {
				continue
			}
			t.Due += d.Due
			t.Late += d.Late
			if d.Late > 0 {
				t.Departments = append(t.Departments, d)
			}
		}
		slices.SortStableFunc(t.Departments, func(x, y dossier.Duty) int { return y.Late - x.Late })
		if t.Due > 0 {
			list = append(list, t)
		}
	}
	return list
}

// breaches words the legal limits that were passed, the one with most late cases first. What is no law is left to
// the section on time limits.
func (f *finder) breaches() ([]Finding, error) {
	var list []Finding
	for _, t := range Tallies(f.Reading, f.Department) {
		if t.Late == 0 || !t.Rule.IsLaw {
			continue
		}
		spans := []document.Span{{Text: f.F("%s（%s，%s）：%d 件到期，%d 件逾期（%s%%）", "%s (%s, %s): %d fell due, %d late (%s%%)",
			t.Rule.Name.In(f.Lang), t.Rule.Source.In(f.Lang), t.Rule.Limit.In(f.Lang), t.Due, t.Late, document.FormatNumber(100*float64(t.Late)/float64(t.Due), 1))}}
		if f.Department == "" && len(t.Departments) > 0 {
			worst, n := t.Departments[0], len(t.Departments)
			if n > 1 && t.Departments[1].Late == worst.Late { // nobody has the most
				spans = append(spans, document.Span{Text: f.F("，分布在 %d 个部门", ", at %d departments", n)})
			} else {
				word := f.T("，最多的是", ", the most at ")
				if n == 1 {
					word = f.T("，均在", ", all at ")
				}
				spans = append(spans, document.Span{Text: word}, f.name(worst.Department),
					document.Span{Text: f.F("（%d 件到期，%d 件逾期）", " (%d due, %d late)", worst.Due, worst.Late)})
			}
		}
		spans = append(spans, document.Span{Text: f.T("。", ".")})
		list = append(list, Finding{Kind: Breach, Weight: float64(t.Late), Paragraph: document.Paragraph{Spans: spans}})
	}
	return list, nil
}
