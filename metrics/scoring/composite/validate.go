package composite

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

var (
	imputeMethods    = []string{"none", "value", "mean", "median", "minimum", "maximum", "group_mean", "group_median"}
	outlierMethods   = []string{"none", "winsorise", "percentile", "fences"}
	normaliseMethods = []string{"none", "minmax", "goalposts", "zscore", "rank", "percentile", "categorical", "distance_to_target",
		"ratio_to_mean", "ratio_to_best", "ratio_to_worst", "difference_from_mean", "difference_from_worst", "above_below_mean"}
	// freeMethods need no parameters, so that uncertainty can put one in place
	// of another.
	freeMethods      = []string{"minmax", "zscore", "rank", "percentile", "ratio_to_best"}
	transforms       = []string{"", "log10", "ln", "sqrt", "log10_1p"}
	weightMethods    = []string{"given", "equal", "entropy", "standard_deviation", "critic", "merec", "factor", "ahp"}
	meanMethods      = []string{"arithmetic", "geometric", "harmonic", "power", "minimum", "maximum", "median"}
	comparingMethods = []string{"topsis", "promethee", "benefit_of_the_doubt", "borda", "copeland"}
)

// problems collects what is wrong, to report it all at once.
type problems []string

func (p *problems) add(format string, args ...any) { *p = append(*p, fmt.Sprintf(format, args...)) }

func (p *problems) oneOf(what, value string, allowed []string) {
	if !slices.Contains(allowed, value) {
		p.add("%s %q is not known, want one of %s%s", what, value, strings.Join(allowed, ", "), didYouMean(value, allowed))
	}
}

// Validate reports every problem that shows without a table.
func (m *Methodology) Validate() error {
	var p problems
	if m.Unit == "" {
		p.add("unit: the column that names the units is missing")
	}
	if len(m.Indicators) == 0 {
		p.add("indicators: none given")
	}
	known := map[string]bool{}
	for _, ind := range m.Indicators {
		if ind.ID == "" {
			p.add("an indicator has no id")
			continue
		}
		if known[ind.ID] {
			p.add("indicator %q is given twice", ind.ID)
		}
		known[ind.ID] = true
		m.validateIndicator(&p, ind)
	}
	m.validateNode(&p, m.Index, known, map[string]bool{}, true)
	if d := m.Ranking.Decimals; d != nil && (*d < 0 || *d > 12) {
		p.add("ranking: decimals %d, want 0 to 12", *d)
	}
	p.oneOf("ranking: ties", orElse(m.Ranking.Ties, "min"), []string{"min", "average", "max", "dense"})
	if m.Uncertainty != nil {
		m.validateUncertainty(&p)
	}
	if len(p) == 0 {
		return nil
	}
	return invalid("%s", strings.Join(p, "\n"))
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func (m *Methodology) validateIndicator(p *problems, ind Indicator) {
	name := fmt.Sprintf("indicator %q", ind.ID)
	p.oneOf(name+": direction", orElse(ind.Direction, "higher"), []string{"higher", "lower"})
	p.oneOf(name+": transform", ind.Transform, transforms)
	if !isFinite(ind.Per) || ind.Per < 0 {
		p.add("%s: per %v, want a number above 0", name, ind.Per)
	}
	if ind.Per != 0 && ind.Denominator == "" {
		p.add("%s: per is given without a denominator", name)
	}
	im, out, norm := m.impute(ind), m.outliers(ind), m.normalise(ind)
	p.oneOf(name+": impute", im.Method, imputeMethods)
	if strings.HasPrefix(im.Method, "group_") && im.Group == "" {
		p.add("%s: impute %s needs a group column", name, im.Method)
	}
	p.oneOf(name+": outliers", out.Method, outlierMethods)
	for what, x := range map[string]*float64{"skewness": out.Skewness, "kurtosis": out.Kurtosis, "width": out.Width} {
		if x != nil && (!isFinite(*x) || *x < 0) {
			p.add("%s: outliers: %s %v, want a number of at least 0", name, what, *x)
		}
	}
	if out.Limit != nil && *out.Limit < 0 {
		p.add("%s: outliers: limit %d", name, *out.Limit)
	}
	if lo, hi := valueOr(out.Low, .05), valueOr(out.High, .95); !(lo >= 0 && lo < hi && hi <= 1) {
		p.add("%s: outliers: quantiles %v and %v, want 0 to 1, low below high", name, lo, hi)
	}
	norm.validate(p, name, ind.Direction == "lower")
}

func valueOr(x *float64, otherwise float64) float64 {
	if x == nil {
		return otherwise
	}
	return *x
}

func (n Normalise) validate(p *problems, name string, lower bool) {
	p.oneOf(name+": normalise", n.Method, normaliseMethods)
	p.oneOf(name+": deviation", orElse(n.Deviation, "sample"), []string{"sample", "population"})
	for what, x := range map[string]*float64{"min": n.Min, "max": n.Max, "target": n.Target, "threshold": n.Threshold} {
		if x != nil && !isFinite(*x) {
			p.add("%s: %s %v", name, what, *x)
		}
	}
	if r := n.Range; r != nil && (!isFinite(r[0]) || !isFinite(r[1]) || r[0] >= r[1]) {
		p.add("%s: range %v, want two ascending numbers", name, *r)
	}
	switch n.Method {
	case "goalposts":
		switch {
		case n.Min == nil || n.Max == nil:
			p.add("%s: goalposts need min and max", name)
		case *n.Min >= *n.Max:
			p.add("%s: goalposts from %v to %v, want min below max", name, *n.Min, *n.Max)
		case n.Log && *n.Min <= 0:
			p.add("%s: goalposts with log need min above 0", name)
		}
	case "distance_to_target":
		if n.Target == nil || *n.Target <= 0 {
			p.add("%s: distance_to_target needs a target above 0", name)
		}
	case "none", "ratio_to_mean", "difference_from_worst":
		if lower {
			p.add("%s: %s does not know direction lower; choose another method or transform the column", name, n.Method)
		}
	case "categorical":
		for i, c := range n.Categories {
			if !isFinite(c.From) || !isFinite(c.Score) || i > 0 && c.From <= n.Categories[i-1].From || i == 0 && c.From > 0 {
				p.add("%s: categories must start at 0 and ascend", name)
				break
			}
		}
	}
}

func (m *Methodology) validateNode(p *problems, n Node, known, seen map[string]bool, root bool) {
	name := orElse(n.ID, n.Indicator)
	if name == "" {
		p.add("a group of the index has no id")
		name = "?"
	}
	if seen[name] {
		p.add("node %q stands twice in the index", name)
	}
	seen[name] = true
	if n.Weight != nil && (!isFinite(*n.Weight) || *n.Weight < 0) {
		p.add("node %q: weight %v, want a number of at least 0", name, *n.Weight)
	}
	if n.Indicator != "" {
		switch {
		case root:
			p.add("index: want a group with children")
		case !known[n.Indicator]:
			p.add("node %q: indicator %q is not given", name, n.Indicator)
		case len(n.Children) > 0 || n.Weights != nil || n.Aggregate != "":
			p.add("node %q is an indicator and has children, weights or an aggregate", name)
		}
		return
	}
	if len(n.Children) == 0 {
		p.add("group %q has no children", name)
	}
	p.oneOf(fmt.Sprintf("group %q: aggregate", name), orElse(n.Aggregate, "arithmetic"), append(slices.Clone(meanMethods), comparingMethods...))
	p.oneOf(fmt.Sprintf("group %q: missing", name), orElse(n.Missing, "no_score"), []string{"no_score", "share", "zero"})
	if n.Aggregate == "power" && (!isFinite(n.Exponent) || n.Exponent == 0 || math.Abs(n.Exponent) > 100) {
		p.add("group %q: exponent %v, want a number other than 0 within ±100", name, n.Exponent)
	}
	if n.Missing == "share" && slices.Contains(comparingMethods, n.Aggregate) {
		p.add("group %q: missing share does not go with %s", name, n.Aggregate)
	}
	if lo, hi := n.ShareLeast, valueOr(n.ShareMost, 1); !(lo >= 0 && lo <= hi && hi <= 1) {
		p.add("group %q: shares from %v to %v", name, lo, hi)
	}
	if r := n.Rescale; r != nil && (!isFinite(r[0]) || !isFinite(r[1]) || r[0] >= r[1]) {
		p.add("group %q: rescale %v, want two ascending numbers", name, *r)
	}
	if w := n.Weights; w != nil {
		p.oneOf(fmt.Sprintf("group %q: weights", name), w.Method, weightMethods)
		if w.Method == "ahp" && len(w.Pairwise) != len(n.Children) {
			p.add("group %q: %d rows of pairwise judgements for %d children", name, len(w.Pairwise), len(n.Children))
		}
		if w.Factors < 0 {
			p.add("group %q: factors %d", name, w.Factors)
		}
	}
	given := 0
	for _, c := range n.Children {
		if c.Weight != nil {
			given++
		}
		m.validateNode(p, c, known, seen, false)
	}
	method := weightMethod(n)
	if method == "given" && given != len(n.Children) {
		p.add("group %q: %d of %d children have a weight", name, given, len(n.Children))
	}
	if method != "given" && given > 0 {
		p.add("group %q: children have weights, and weights are %s", name, method)
	}
}

// weightMethod is the method that applies to a group's children.
func weightMethod(n Node) string {
	if n.Weights != nil {
		return n.Weights.Method
	}
	for _, c := range n.Children {
		if c.Weight != nil {
			return "given"
		}
	}
	return "equal"
}

func (m *Methodology) validateUncertainty(p *problems) {
	u := m.Uncertainty
	if u.Draws < 0 || u.Draws > 1_000_000 {
		p.add("uncertainty: draws %d, want up to 1,000,000", u.Draws)
	}
	if !(u.Weights >= 0 && u.Weights <= 1) {
		p.add("uncertainty: weights %v, want a share from 0 to 1", u.Weights)
	}
	for _, n := range u.Normalise {
		p.oneOf("uncertainty: normalise", n, freeMethods)
	}
	for _, a := range u.Aggregate {
		p.oneOf("uncertainty: aggregate", a, []string{"arithmetic", "geometric", "harmonic"})
	}
	if u.Sobol != 0 && (u.Sobol < 8 || u.Sobol > 1<<16) {
		p.add("uncertainty: sobol %d, want 8 to 65536 points", u.Sobol)
	}
}

func (m *Methodology) impute(ind Indicator) Impute {
	for _, i := range []*Impute{ind.Impute, m.Impute} {
		if i != nil {
			return *i
		}
	}
	return Impute{Method: "none"}
}

func (m *Methodology) outliers(ind Indicator) Outliers {
	for _, o := range []*Outliers{ind.Outliers, m.Outliers} {
		if o != nil {
			return *o
		}
	}
	return Outliers{Method: "none"}
}

func (m *Methodology) normalise(ind Indicator) Normalise {
	for _, n := range []*Normalise{ind.Normalise, m.Normalise} {
		if n != nil {
			return *n
		}
	}
	return Normalise{Method: "minmax"}
}
