package reading

import (
	"fmt"
	"slices"
	"strings"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
)

// Explain gives a document its appendix: the definition of every indicator and what lies behind the figures of the
// given departments, metrics.City among them where it is named; of others behind those figures to which its text leads.
func (r *Reading) Explain(d *document.Document, departments ...string) {
	led := ledTo(d)
	for _, p := range r.Indicators {
		d.Definitions = append(d.Definitions, r.definition(p))
		ids := slices.Clone(departments)
		for _, id := range r.Departments() {
			if led[ExplanationID(p.ID, id)] && !slices.Contains(departments, id) {
				ids = append(ids, id)
			}
		}
		for _, id := range ids {
			if v, ok := r.Value(p.ID, id); ok {
				d.Explanations = append(d.Explanations, r.explanation(p, v))
			}
		}
	}
}

// ledTo are the explanations to which the running text of a document leads.
func ledTo(d *document.Document) map[string]bool {
	led := map[string]bool{}
	add := func(paragraphs ...document.Paragraph) {
		for _, p := range paragraphs {
			for _, s := range p.Spans {
				led[s.Explain] = true
			}
		}
	}
	d.Blocks(func(_ *document.Section, block document.Block) {
		switch b := block.(type) {
		case *document.Paragraph:
			add(*b)
		case *document.List:
			add(b.Items...)
		case *document.Note:
			add(b.Body...)
		}
	})
	return led
}

// Departments lists the identifiers of the month's departments in their order.
func (r *Reading) Departments() []string {
	ids := make([]string, len(r.Month.Departments))
	for i, d := range r.Month.Departments {
		ids[i] = d.ID
	}
	return ids
}

func (r *Reading) definition(p *page.Indicator) document.Definition {
	d := document.Definition{
		ID: DefinitionID(p.ID), Name: p.Name.In(r.Lang), Question: p.Question.In(r.Lang), Meaning: p.Definition.In(r.Lang), Formula: p.FormulaText().In(r.Lang),
		Unit: r.Unit(p), Decimals: p.Decimals, Direction: p.Direction.Label().In(r.Lang), Version: fmt.Sprint(p.Version), SQL: strings.TrimSpace(p.SQL.Text),
	}
	if !p.Limits.Empty() {
		d.Notes = append(d.Notes, r.T("不度量：", "It does not measure: ")+p.Limits.In(r.Lang))
	}
	for _, basis := range p.Basis {
		d.Basis = append(d.Basis, document.Basis{Text: basis.Sentence(r.Lang), Read: basis.Mark.Label().In(r.Lang)})
	}
	return d
}

func (r *Reading) explanation(p *page.Indicator, v metrics.Value) document.Explanation {
	k := Key{p.ID, v.Department}
	e := document.Explanation{
		ID: ExplanationID(p.ID, v.Department), Definition: DefinitionID(p.ID), Subject: r.Name(v.Department), Value: Number(v),
		Numerator: Optional(v.Numerator), Denominator: Optional(v.Denominator), N: Cases(v),
		Interval: Interval(v), Target: v.Target, Points: document.None(document.NotApplicable), PointsMax: document.None(document.NotApplicable),
	}
	if e.Interval != nil {
		zh, en := v.Method.Text()
		e.Interval.Method = r.T(zh, en)
	}
	if line, ok := r.lines[k]; ok && line.Weight > 0 {
		e.Points, e.PointsMax = document.Num(line.Points), document.Num(line.Weight)
	}
	if v.Department != metrics.City {
		e.Note = r.Remark(p.ID, v.Department)
	}
	return e
}

// Remark says why an indicator does not count as usual, or whether its change is more than noise.
func (r *Reading) Remark(indicator, department string) string {
	k := Key{indicator, department}
	if line, ok := r.lines[k]; ok {
		switch line.Reason { // the section on method says what becomes of the weight
		case scoring.ReasonTooFew:
			return r.T("样本不足，不评分", "too few cases, not graded")
		case scoring.ReasonMissing:
			return r.T("缺数，计 0 分", "missing, counts 0 points")
		}
	}
	if v := r.values[k]; v.State != scoring.HasValue {
		return StateOf(v.State).Word(r.Lang)
	}
	if c, ok := r.changes[k]; ok && c.Tested {
		switch {
		case !c.Significant:
			return r.T("无显著变化", "no significant change")
		case c.Difference > 0:
			return r.T("显著提高", "rose significantly")
		default:
			return r.T("显著下降", "fell significantly")
		}
	}
	return ""
}

// DimensionName is a dimension of the catalogue as printed.
func (r *Reading) DimensionName(id string) string {
	for _, t := range page.Dimensions {
		if t.ID == id {
			return t.Label.In(r.Lang)
		}
	}
	return id
}

// GroupName is a group of the scoring scheme as printed, by its path or its last part.
func (r *Reading) GroupName(id string) string {
	switch id {
	case "output":
		return r.T("产出", "Output")
	case "benefit":
		return r.T("效益", "Benefit")
	case "total":
		return r.T("合计", "Total")
	}
	for _, t := range page.Groups {
		if t.ID == id {
			return t.Label.In(r.Lang)
		}
	}
	for _, t := range page.Groups {
		if _, last, ok := strings.Cut(t.ID, "/"); ok && last == id {
			label := t.Label.In(r.Lang)
			for _, mark := range []string{"·", ": "} {
				if _, after, cut := strings.Cut(label, mark); cut {
					label = after
				}
			}
			return label
		}
	}
	return id
}

// Grouped lists the indicators of each dimension in the order of the catalogue.
func (r *Reading) Grouped() []Dimension {
	var list []Dimension
	for _, t := range page.Dimensions {
		d := Dimension{ID: t.ID, Name: t.Label.In(r.Lang)}
		for _, p := range r.Indicators {
			if p.Dimension == t.ID {
				d.Indicators = append(d.Indicators, p)
			}
		}
		if len(d.Indicators) > 0 {
			list = append(list, d)
		}
	}
	return list
}

// Dimension is one dimension with its indicators.
type Dimension struct {
	ID, Name   string
	Indicators []*page.Indicator
}
