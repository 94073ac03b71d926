package scoring

import (
	"fmt"
	"strings"
)

// Indicator is what a scheme needs to know of an indicator.
type Indicator struct {
	ID   string `yaml:"id"`
	Rule Rule   `yaml:"rule"`
	// MinimumN is the number of cases below which a value is shown and not
	// graded; 0 means no minimum.
	MinimumN int64 `yaml:"minimum_n,omitempty"`
}

// Node is a group of the scheme or, with Indicator set, a leaf.
type Node struct {
	ID        string  `yaml:"id,omitempty"` // of a group, unique in its tree; a leaf is named by its indicator
	Indicator string  `yaml:"indicator,omitempty"`
	Weight    float64 `yaml:"weight,omitempty"` // of a leaf, at most two decimals; a group weighs what its leaves weigh
	Children  []Node  `yaml:"children,omitempty"`
}

// Scheme says what counts and how much. Total is the tree of the score, for
// example 执行 10, 产出 50, 效益 30, 满意度 10; Indices are trees of figures
// shown beside it (liquidity, timeliness, …), whose weights are relative and
// scaled to 100. An indicator may stand once in each tree.
type Scheme struct {
	Indicators []Indicator `yaml:"indicators"`
	Total      Node        `yaml:"total"`
	Indices    []Node      `yaml:"indices,omitempty"`
	Bands      Bands       `yaml:"bands,omitempty"` // empty = DefaultBands
}

// Validate reports every problem of the scheme at once, one per line.
func (s *Scheme) Validate() error {
	var problems []string
	add := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	known := map[string]bool{}
	for _, ind := range s.Indicators {
		switch {
		case ind.ID == "":
			add("an indicator has no id")
		case known[ind.ID]:
			add("indicator %q is defined twice", ind.ID)
		}
		known[ind.ID] = true
		if err := ind.Rule.Validate(); err != nil {
			add("indicator %q: %v", ind.ID, err)
		}
		if ind.MinimumN < 0 {
			add("indicator %q: minimum_n %d is negative", ind.ID, ind.MinimumN)
		}
	}
	for _, tree := range append([]Node{s.Total}, s.Indices...) {
		seen := map[string]bool{}
		checkNode(tree, known, seen, add)
		if tree.nominal() == 0 {
			add("tree %q has no weight", tree.ID)
		}
	}
	if err := s.bands().Validate(); err != nil {
		add("%v", err)
	}
	if len(problems) == 0 {
		return nil
	}
	return invalid("scoring scheme:\n%s", strings.Join(problems, "\n"))
}

func checkNode(n Node, known, seen map[string]bool, add func(string, ...any)) {
	// A group may bear the name of an indicator, as 满意度 does.
	name, key := n.ID, "group "+n.ID
	if n.Indicator != "" {
		name, key = n.Indicator, n.Indicator
	}
	if name != "" && seen[key] {
		add("%q stands twice in one tree", name)
	}
	seen[key] = true
	if n.Indicator != "" {
		switch {
		case !known[n.Indicator]:
			add("indicator %q carries weight and is not defined", n.Indicator)
		case len(n.Children) > 0:
			add("indicator %q has children", n.Indicator)
		case !isFinite(n.Weight) || n.Weight < 0 || n.Weight > 1e6:
			add("indicator %q: weight %v", n.Indicator, n.Weight)
		case Round(n.Weight, PointDecimals) != n.Weight:
			add("indicator %q: weight %v has more than two decimals", n.Indicator, n.Weight)
		}
		return
	}
	if n.ID == "" {
		add("a group has no id")
	}
	if n.Weight != 0 {
		add("group %q states the weight %v; a group weighs what its leaves weigh", n.ID, n.Weight)
	}
	if len(n.Children) == 0 {
		add("group %q is empty", n.ID)
	}
	for _, c := range n.Children {
		checkNode(c, known, seen, add)
	}
}

func (s *Scheme) bands() Bands {
	if len(s.Bands) == 0 {
		return DefaultBands()
	}
	return s.Bands
}

// nominal is the weight of a node in hundredths, before anything is left out.
func (n Node) nominal() int64 {
	if n.Indicator != "" {
		return hundredths(n.Weight)
	}
	var sum int64
	for _, c := range n.Children {
		sum += c.nominal()
	}
	return sum
}
