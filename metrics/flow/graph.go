// Package flow describes who exchanges data with whom: a directed graph of
// departments and its density, reciprocity, centralities, communities,
// isolation between columns of ministries, concentration and dependence on
// single sources, and the funnel from catalogue to use.
//
// Amounts are effective exchanges, counted elsewhere. Never added here: reading
// of events, drawing, judgement about a department.
package flow

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"
)

var (
	// ErrInvalid says that nodes or links contradict one another.
	ErrInvalid = errors.New("invalid flow input")
	// ErrNoData says that the quantity does not exist for this graph.
	ErrNoData = errors.New("no data")
)

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

func noData(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrNoData, fmt.Sprintf(format, args...))
}

// Link is a flow from one node to another; several links of the same pair add
// up.
type Link struct {
	From, To string
	Weight   float64 // above 0
}

// Graph is a directed graph with weights and no loops. Nodes keep their order,
// so that every result is the same each time.
type Graph struct {
	ids   []string
	index map[string]int
	out   []map[int]float64 // weights by target
	next  [][]int           // targets in order
	prev  [][]int           // sources in order
}

// NewGraph builds a graph of the given nodes. A link to an unknown node, a
// loop, a node given twice and a weight that is not above 0 are refused.
func NewGraph(ids []string, links []Link) (*Graph, error) {
	g := &Graph{ids: slices.Clone(ids), index: map[string]int{}, out: make([]map[int]float64, len(ids)),
		next: make([][]int, len(ids)), prev: make([][]int, len(ids))}
	for i, id := range ids {
		if _, ok := g.index[id]; ok {
			return nil, invalid("node %q is given twice", id)
		}
		g.index[id] = i
		g.out[i] = map[int]float64{}
	}
	for _, l := range links {
		u, ok1 := g.index[l.From]
		v, ok2 := g.index[l.To]
		switch {
		case !ok1 || !ok2:
			return nil, invalid("link from %q to %q names an unknown node", l.From, l.To)
		case u == v:
			return nil, invalid("link from %q to itself", l.From)
		case !(l.Weight > 0) || math.IsInf(l.Weight, 0):
			return nil, invalid("link from %q to %q has weight %v", l.From, l.To, l.Weight)
		}
		if _, ok := g.out[u][v]; !ok {
			g.next[u], g.prev[v] = append(g.next[u], v), append(g.prev[v], u)
		}
		if g.out[u][v] += l.Weight; math.IsInf(g.out[u][v], 0) {
			return nil, invalid("links from %q to %q overflow", l.From, l.To)
		}
	}
	for i := range ids {
		slices.Sort(g.next[i])
		slices.Sort(g.prev[i])
	}
	return g, nil
}

// Reversed returns the graph with every link turned round.
func (g *Graph) Reversed() *Graph {
	r := &Graph{ids: g.ids, index: g.index, out: make([]map[int]float64, len(g.ids)), next: g.prev, prev: g.next}
	for i := range r.out {
		r.out[i] = map[int]float64{}
	}
	for u, ws := range g.out {
		for v, w := range ws {
			r.out[v][u] = w
		}
	}
	return r
}

// Nodes returns the nodes' ids in order.
func (g *Graph) Nodes() []string { return slices.Clone(g.ids) }

// Links counts pairs with a link.
func (g *Graph) Links() int {
	n := 0
	for _, t := range g.next {
		n += len(t)
	}
	return n
}

// Weight is the weight of a link, 0 if there is none.
func (g *Graph) Weight(from, to string) float64 {
	u, ok1 := g.index[from]
	v, ok2 := g.index[to]
	if !ok1 || !ok2 {
		return 0
	}
	return g.out[u][v]
}

// Density is the share of possible links that exist, m/(n(n−1)). Fewer than two
// nodes give ErrNoData.
func (g *Graph) Density() (float64, error) {
	n := len(g.ids)
	if n < 2 {
		return 0, noData("%d nodes, density needs 2", n)
	}
	return float64(g.Links()) / float64(n*(n-1)), nil
}

// Reciprocity is the share of links that are returned. No links give ErrNoData.
//
// Wasserman, S. and Faust, K. (1994), Social Network Analysis, 13.
func (g *Graph) Reciprocity() (float64, error) {
	var links, returned float64
	for u, targets := range g.next {
		for _, v := range targets {
			links++
			if g.out[v][u] > 0 {
				returned++
			}
		}
	}
	if links == 0 {
		return 0, noData("no links")
	}
	return returned / links, nil
}

// The types below hand the graph to gonum, in node order. gonum's own graph
// types list nodes in the random order of Go maps.

type gnode int64

func (n gnode) ID() int64 { return int64(n) }

type gedge struct {
	from, to gnode
	weight   float64
}

func (e gedge) From() graph.Node         { return e.from }
func (e gedge) To() graph.Node           { return e.to }
func (e gedge) ReversedEdge() graph.Edge { return gedge{e.to, e.from, e.weight} }
func (e gedge) Weight() float64          { return e.weight }

// directed is the graph as gonum sees it.
type directed struct{ *Graph }

func (d directed) has(id int64) bool { return id >= 0 && id < int64(len(d.ids)) }

func (d directed) Node(id int64) graph.Node {
	if !d.has(id) {
		return nil
	}
	return gnode(id)
}

func (d directed) Nodes() graph.Nodes {
	all := make([]int, len(d.ids))
	for i := range all {
		all[i] = i
	}
	return nodesOf(all)
}

func nodesOf(at []int) graph.Nodes {
	nodes := make([]graph.Node, len(at))
	for i, v := range at {
		nodes[i] = gnode(v)
	}
	return iterator.NewOrderedNodes(nodes)
}

func (d directed) From(id int64) graph.Nodes {
	if !d.has(id) {
		return graph.Empty
	}
	return nodesOf(d.next[id])
}

func (d directed) To(id int64) graph.Nodes {
	if !d.has(id) {
		return graph.Empty
	}
	return nodesOf(d.prev[id])
}

func (d directed) HasEdgeFromTo(u, v int64) bool {
	return d.has(u) && d.has(v) && d.out[u][int(v)] > 0
}

func (d directed) HasEdgeBetween(u, v int64) bool {
	return d.HasEdgeFromTo(u, v) || d.HasEdgeFromTo(v, u)
}

func (d directed) Edge(u, v int64) graph.Edge {
	if !d.HasEdgeFromTo(u, v) {
		return nil
	}
	return gedge{gnode(u), gnode(v), d.out[u][int(v)]}
}

// undirected is the graph without directions, weights of both directions added.
type undirected struct {
	directed
	both [][]int
}

func newUndirected(g *Graph) undirected {
	u := undirected{directed{g}, make([][]int, len(g.ids))}
	for i := range g.ids {
		u.both[i] = append(slices.Clone(g.next[i]), g.prev[i]...)
		slices.Sort(u.both[i])
		u.both[i] = slices.Compact(u.both[i])
	}
	return u
}

func (d undirected) From(id int64) graph.Nodes {
	if !d.has(id) {
		return graph.Empty
	}
	return nodesOf(d.both[id])
}

func (d undirected) weight(u, v int64) float64 { return d.out[u][int(v)] + d.out[v][int(u)] }

func (d undirected) Edge(u, v int64) graph.Edge {
	if e := d.WeightedEdge(u, v); e != nil {
		return e
	}
	return nil
}

func (d undirected) EdgeBetween(u, v int64) graph.Edge { return d.Edge(u, v) }

func (d undirected) WeightedEdge(u, v int64) graph.WeightedEdge {
	if !d.HasEdgeBetween(u, v) {
		return nil
	}
	return gedge{gnode(u), gnode(v), d.weight(u, v)}
}

func (d undirected) WeightedEdgeBetween(u, v int64) graph.WeightedEdge { return d.WeightedEdge(u, v) }

func (d undirected) Weight(u, v int64) (float64, bool) {
	if u == v {
		return 0, true
	}
	if !d.HasEdgeBetween(u, v) {
		return 0, false
	}
	return d.weight(u, v), true
}
