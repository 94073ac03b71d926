package composite

import (
	"fmt"
	"math"
	"slices"
)

// variation is one way in which a method is changed; the zero value changes
// nothing.
type variation struct {
	factors   []float64 // of the weights, by node; nil = all 1
	aggregate string    // in place of every group's mean; "" = its own
	without   string    // indicator left out; "" = none
}

// flatNode is a node with its place in the tree.
type flatNode struct {
	Node
	parent   int // −1 for the root
	depth    int
	children []int
}

// evaluation computes the tree. Weights from data are found once, on the
// method as given, and then varied.
type evaluation struct {
	p       *prepared
	nodes   []flatNode
	weights []float64 // among siblings, by node; nil before the first run
	notes   []Text
	scores  [][]float64 // by node, of the last run
	at      map[string]int
}

func newEvaluation(p *prepared, m *Methodology) *evaluation {
	e := &evaluation{p: p, at: map[string]int{}}
	for j, id := range p.ids {
		e.at[id] = j
	}
	var add func(n Node, parent, depth int) int
	add = func(n Node, parent, depth int) int {
		k := len(e.nodes)
		e.nodes = append(e.nodes, flatNode{Node: n, parent: parent, depth: depth})
		for _, c := range n.Children {
			child := add(c, k, depth+1)
			e.nodes[k].children = append(e.nodes[k].children, child)
		}
		return k
	}
	add(m.Index, -1, 0)
	return e
}

// run evaluates the tree bottom-up and returns the root's scores.
func (e *evaluation) run(normal [][]float64, v variation) ([]float64, error) {
	first := e.weights == nil
	if first {
		e.weights = make([]float64, len(e.nodes))
		e.weights[0] = 1
	}
	e.scores = make([][]float64, len(e.nodes))
	for k := len(e.nodes) - 1; k >= 0; k-- {
		n := e.nodes[k]
		var err error
		if n.Indicator != "" {
			if n.Indicator != v.without {
				e.scores[k] = slices.Clone(normal[e.at[n.Indicator]])
			}
		} else if e.scores[k], err = e.group(n, v, first); err != nil {
			return nil, fmt.Errorf("group %q: %w", n.ID, e.p.nameUnit(err))
		}
		if d := e.p.discounts[n.Discount]; d != nil {
			for i := range e.scores[k] {
				e.scores[k][i] *= 1 - d[i]/100
			}
		}
	}
	if e.scores[0] == nil {
		return nil, invalid("nothing is left of the index")
	}
	return e.scores[0], nil
}

// group aggregates the children that are left; none left means no group.
func (e *evaluation) group(n flatNode, v variation, first bool) ([]float64, error) {
	var left []int
	for _, c := range n.children {
		if e.scores[c] != nil {
			left = append(left, c)
		}
	}
	if len(left) == 0 {
		return nil, nil
	}
	rows := make([][]float64, len(e.p.units))
	for i := range rows {
		for _, c := range left {
			rows[i] = append(rows[i], e.scores[c][i])
		}
	}
	if first {
		w, note, err := n.weigh(rows)
		if err != nil {
			return nil, fmt.Errorf("%w: weights: %w", ErrInvalid, err)
		}
		for i, c := range n.children {
			e.weights[c] = w[i]
		}
		if note != (Text{}) {
			e.notes = append(e.notes, note)
		}
	}
	weights := make([]float64, len(left))
	var sum float64
	for i, c := range left {
		weights[i] = e.weights[c]
		if v.factors != nil {
			weights[i] *= v.factors[c]
		}
		sum += weights[i]
	}
	if sum == 0 {
		return nil, nil // only children without weight are left
	}
	for i := range weights {
		weights[i] /= sum
	}
	node := n.Node
	if v.aggregate != "" && slices.Contains([]string{"", "arithmetic", "geometric", "harmonic"}, node.Aggregate) {
		node.Aggregate = v.aggregate
	}
	out, err := node.combine(rows, weights)
	if err != nil {
		return nil, err
	}
	for i, x := range out {
		if math.IsInf(x, 0) {
			return nil, &unitError{i, invalid("the score overflows")}
		}
	}
	if n.Rescale != nil {
		norm := Normalise{Method: "minmax", Range: n.Rescale}
		if len(present(out)) > 0 {
			if out, _, err = norm.apply(out, false); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// name is a node's id, or its indicator's.
func (n flatNode) name() string { return orElse(n.ID, n.Indicator) }

// weightStage lists every node's weight among its siblings and in the whole.
// The latter is exact for arithmetic means only.
func (e *evaluation) weightStage() Stage {
	s := Stage{ID: "weights", Title: Text{"权重", "Weights"}, Head: Text{"节点", "Node"},
		Columns: []string{"depth", "weight", "effective_weight"}, Notes: e.notes}
	effective := make([]float64, len(e.nodes))
	for k, n := range e.nodes {
		effective[k] = e.weights[k]
		if n.parent >= 0 {
			effective[k] *= effective[n.parent]
		}
		s.Rows = append(s.Rows, n.name())
		s.Cells = append(s.Cells, []*float64{cell(float64(n.depth)), cell(e.weights[k]), cell(effective[k])})
	}
	return s
}

// groupStage lists the scores of all nodes, the root first.
func (e *evaluation) groupStage() Stage {
	var names []string
	for _, n := range e.nodes {
		names = append(names, n.name())
	}
	return byColumns("groups", Text{"各级得分", "Scores at every level"}, unitHead, e.p.labels, names, e.scores, nil)
}
