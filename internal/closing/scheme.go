package closing

import (
	"slices"
	"strings"

	"weir/metrics/scoring"
	"weir/queries/page"
)

// The headline indices beside the total: the dimensions whose figures a reader looks for first.
var headlines = []string{"liquidity", "timeliness", "reuse", "performance"}

// outside is the group of indicators that judge the finance and assessment process: they count in their headline
// index and not in a department's total.
const outside = "outside"

// Scheme builds the scoring scheme out of the pages: each page names its group and weight, groups such as
// output/quality nest, and a headline index is the tree of one dimension's indicators.
func Scheme(pages []*page.Indicator, bands scoring.Bands, minimumN map[string]int) (*scoring.Scheme, error) {
	s := &scoring.Scheme{Bands: bands, Total: scoring.Node{ID: "total"}}
	for _, p := range pages {
		if p.Scoring == nil || p.Scoring.Weight == 0 || p.Status != page.Active {
			continue
		}
		minimum := p.MinimumN
		if own, ok := minimumN[p.ID]; ok {
			minimum = own
		}
		s.Indicators = append(s.Indicators, scoring.Indicator{ID: p.ID, Rule: rule(p), MinimumN: int64(minimum)})
		leaf := scoring.Node{Indicator: p.ID, Weight: p.Scoring.Weight}
		if p.Scoring.Group != outside {
			place(&s.Total, strings.Split(p.Scoring.Group, "/"), leaf)
		}
		for _, dimension := range headlines {
			if p.Dimension == dimension {
				index(s, dimension).Children = append(index(s, dimension).Children, leaf)
			}
		}
	}
	if len(s.Indicators) == 0 {
		return s, nil
	}
	// The official form lists execution, output, benefit, satisfaction.
	slices.SortStableFunc(s.Total.Children, func(a, b scoring.Node) int { return groupPlace(a.ID) - groupPlace(b.ID) })
	return s, s.Validate()
}

// groupPlace is the place of a top group in the vocabulary.
func groupPlace(id string) int {
	return slices.IndexFunc(page.Groups, func(g page.Term) bool { top, _, _ := strings.Cut(g.ID, "/"); return top == id })
}

// place puts a leaf below the group that a path names, making the groups on the way.
func place(n *scoring.Node, path []string, leaf scoring.Node) {
	for _, id := range path {
		at := -1
		for i := range n.Children {
			if n.Children[i].ID == id {
				at = i
			}
		}
		if at < 0 {
			n.Children = append(n.Children, scoring.Node{ID: id})
			at = len(n.Children) - 1
		}
		n = &n.Children[at]
	}
	n.Children = append(n.Children, leaf)
}

func index(s *scoring.Scheme, id string) *scoring.Node {
	for i := range s.Indices {
		if s.Indices[i].ID == id {
			return &s.Indices[i]
		}
	}
	s.Indices = append(s.Indices, scoring.Node{ID: id})
	return &s.Indices[len(s.Indices)-1]
}

// rule is the scoring rule that direction, target and scale of a page amount to.
func rule(p *page.Indicator) scoring.Rule {
	r := scoring.Rule{Scale: scoring.Scale(p.Scoring.Scale), Ceiling: p.Scoring.Ceiling}
	if p.Target != nil {
		r.Target, r.Lower, r.Upper = p.Target.Default, p.Target.Lower, p.Target.Upper
	}
	switch p.Direction {
	case page.Lower:
		r.Kind = scoring.Reverse
	case page.Within:
		r.Kind = scoring.BandRule
	default:
		r.Kind = scoring.Positive
	}
	return r
}
