package scoring

import (
	"hash/fnv"
	"io"
	"math"
)

// model is a scheme's total tree flattened for many evaluations of many
// departments, without rounding. The score of a group is the mean of its
// children that carry weight, weighed by their measured weights; that is what
// Score computes, up to the hundredths it keeps.
type model struct {
	scheme *Scheme
	nodes  []modelNode // children come after their parent
	leaves []int       // nodes that are leaves, in order
	top    []int       // children of the root
	cells  []modelDepartment
}

type modelNode struct {
	parent   int
	leaf     int // index among leaves, or −1
	measured float64
	id       string
}

type modelDepartment struct {
	id       string
	seed     uint64 // of its own draws
	cap      int    // index of the best grade open, 0 = none
	counts   []bool
	missing  []bool
	value    []float64
	se       []float64
	low      []float64
	high     []float64
	bounded  []bool
	rules    []fastRule
	fraction []float64
	scored   bool
}

// newModel validates and flattens.
func newModel(s *Scheme, departments []Department) (*model, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	notMeasured, err := NotMeasuredIn(departments)
	if err != nil {
		return nil, err
	}
	m := &model{scheme: s}
	var indicators []string
	var add func(n Node, parent int)
	add = func(n Node, parent int) {
		k := len(m.nodes)
		node := modelNode{parent: parent, leaf: -1, id: n.ID}
		if n.Indicator != "" {
			node.id, node.leaf = n.Indicator, len(m.leaves)
			if !notMeasured[n.Indicator] {
				node.measured = n.Weight
			}
			m.leaves = append(m.leaves, k)
			indicators = append(indicators, n.Indicator)
		}
		if parent == 0 {
			m.top = append(m.top, k)
		}
		m.nodes = append(m.nodes, node)
		for _, c := range n.Children {
			add(c, k)
		}
	}
	add(s.Total, -1)
	m.sumMeasured()
	for _, d := range departments {
		cells, err := s.cells(d, notMeasured)
		if err != nil {
			return nil, err
		}
		hash := fnv.New64a()
		io.WriteString(hash, d.ID)
		md := modelDepartment{id: d.ID, seed: hash.Sum64()}
		if d.GradeCap != "" {
			for i, b := range s.bands() {
				if b.Grade == d.GradeCap {
					md.cap = i
				}
			}
			if s.bands()[md.cap].Grade != d.GradeCap {
				return nil, invalid("department %q: cap %q is not among the bands", d.ID, d.GradeCap)
			}
		}
		for i, id := range indicators {
			c := cells[id]
			o := c.observed
			if !isFinite(o.StandardError) || o.StandardError < 0 || !isFinite(o.Low) || !isFinite(o.High) || o.Low > o.High {
				return nil, invalid("department %q, indicator %q: standard error %v, bounds %v and %v", d.ID, id, o.StandardError, o.Low, o.High)
			}
			counts := c.counts() && m.nodes[m.leaves[i]].measured > 0
			md.scored = md.scored || counts
			md.counts = append(md.counts, counts)
			md.missing = append(md.missing, c.reason == ReasonMissing)
			md.value, md.se = append(md.value, o.Value), append(md.se, o.StandardError)
			md.low, md.high = append(md.low, o.Low), append(md.high, o.High)
			md.bounded = append(md.bounded, o.Low != 0 || o.High != 0)
			md.rules = append(md.rules, compile(c.rule))
			md.fraction = append(md.fraction, c.fraction)
		}
		m.cells = append(m.cells, md)
	}
	return m, nil
}

// sumMeasured fills the measured weights of groups from those of leaves.
func (m *model) sumMeasured() {
	for k := range m.nodes {
		if m.nodes[k].leaf < 0 {
			m.nodes[k].measured = 0
		}
	}
	for k := len(m.nodes) - 1; k > 0; k-- {
		m.nodes[m.nodes[k].parent].measured += m.nodes[k].measured
	}
}

// setting is one state of everything that simulations vary; by leaf.
type setting struct {
	measured  []float64 // by node, as in the model; nil = the model's own
	targets   []float64 // factors of targets; nil = 1
	geometric bool      // mean of the top groups
}

// weights returns the measured weights by node for given leaf weights.
func (m *model) weights(leaf []float64) []float64 {
	out := make([]float64, len(m.nodes))
	for i, k := range m.leaves {
		out[k] = leaf[i]
	}
	for k := len(m.nodes) - 1; k > 0; k-- {
		out[m.nodes[k].parent] += out[k]
	}
	return out
}

func (m *model) leafWeights() []float64 {
	out := make([]float64, len(m.leaves))
	for i, k := range m.leaves {
		out[i] = m.nodes[k].measured
	}
	return out
}

// scratch holds one goroutine's working space.
type scratch struct{ sum, weight []float64 }

func (m *model) scratch() scratch {
	return scratch{make([]float64, len(m.nodes)), make([]float64, len(m.nodes))}
}

// geometricFloor is the share of points below which a group counts no less in
// the geometric mean, so that one empty group does not wipe out the rest.
const geometricFloor = .01

// score is the department's score, 0 to 100, for given fractions by leaf.
func (m *model) score(d *modelDepartment, fractions []float64, s setting, w scratch) float64 {
	clear(w.sum)
	clear(w.weight)
	for k := len(m.nodes) - 1; k > 0; k-- {
		n := &m.nodes[k]
		var v float64
		if n.leaf >= 0 {
			if !d.counts[n.leaf] {
				continue
			}
			v = fractions[n.leaf]
		} else {
			if w.weight[k] == 0 {
				continue
			}
			v = w.sum[k] / w.weight[k]
		}
		mk := n.measured
		if s.measured != nil {
			mk = s.measured[k]
		}
		if s.geometric && n.parent == 0 {
			v = math.Log(math.Max(v, geometricFloor))
		}
		w.sum[n.parent] += mk * v
		w.weight[n.parent] += mk
	}
	if w.weight[0] == 0 {
		return 0
	}
	v := w.sum[0] / w.weight[0]
	if s.geometric {
		v = math.Exp(v)
	}
	return 100 * v
}
