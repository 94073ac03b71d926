package flow

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/graph/community"
	"gonum.org/v1/gonum/graph/network"
)

// Betweenness returns, in node order, the share of all ordered pairs of other
// nodes whose shortest paths pass through a node, each path of a pair counting
// equally; weights do not matter. Fewer than three nodes have no such pairs and
// get 0.
//
// Freeman, L. C. (1977), A set of measures of centrality based on betweenness,
// Sociometry 40, 35-41; Brandes, U. (2001), Journal of Mathematical Sociology
// 25, 163-177.
func (g *Graph) Betweenness() []float64 {
	out := make([]float64, len(g.ids))
	n := float64(len(g.ids))
	if n < 3 {
		return out
	}
	for id, b := range network.Betweenness(directed{g}) {
		out[id] = b / ((n - 1) * (n - 2))
	}
	return out
}

// PageRank returns, in node order, the share of time that a walker spends at a
// node who follows links in proportion to their weights with probability
// damping and else, or at a node without links out, jumps anywhere. Damping is
// at least 0 and below 1, usually 0.85. No nodes give an empty list.
//
// It is computed here since gonum's starts from random numbers and so differs
// in the last digits from run to run.
//
// Brin, S. and Page, L. (1998), The anatomy of a large-scale hypertextual web
// search engine.
func (g *Graph) PageRank(damping float64) ([]float64, error) {
	if !(damping >= 0 && damping < 1) {
		return nil, invalid("damping %v, want at least 0 and below 1", damping)
	}
	n := len(g.ids)
	total := make([]float64, n)
	for u, targets := range g.next {
		for _, v := range targets {
			total[u] += g.out[u][v]
		}
	}
	rank := slices.Repeat([]float64{1 / float64(n)}, n)
	for range 10000 {
		var loose float64
		for u := range rank {
			if total[u] == 0 {
				loose += rank[u]
			}
		}
		next := slices.Repeat([]float64{(1 - damping + damping*loose) / float64(n)}, n)
		for u, targets := range g.next {
			for _, v := range targets {
				next[v] += damping * rank[u] * (g.out[u][v] / total[u])
			}
		}
		change := 0.0
		for i := range rank {
			change += math.Abs(next[i] - rank[i])
		}
		rank = next
		if change < 1e-15 {
			break
		}
	}
	return rank, nil
}

// HITS returns, in node order, hubs (nodes that link to good authorities) and
// authorities (nodes that good hubs link to), each summing to 1; weights do not
// matter. Without links all are 0.
//
// It is computed here since gonum's does not end for a graph without links.
//
// Kleinberg, J. M. (1999), Authoritative sources in a hyperlinked environment,
// JACM 46, 604-632.
func (g *Graph) HITS() (hubs, authorities []float64) {
	n := len(g.ids)
	hubs, authorities = make([]float64, n), make([]float64, n)
	if g.Links() == 0 {
		return hubs, authorities
	}
	for i := range hubs {
		hubs[i] = 1 / float64(n)
	}
	for range 10000 {
		a, h := make([]float64, n), make([]float64, n)
		for u, targets := range g.next {
			for _, v := range targets {
				a[v] += hubs[u]
			}
		}
		toShares(a)
		for u, targets := range g.next {
			for _, v := range targets {
				h[u] += a[v]
			}
		}
		toShares(h)
		change := 0.0
		for i := range h {
			change += math.Abs(h[i]-hubs[i]) + math.Abs(a[i]-authorities[i])
		}
		hubs, authorities = h, a
		if change < 1e-14 {
			break
		}
	}
	return hubs, authorities
}

func toShares(xs []float64) {
	var sum float64
	for _, x := range xs {
		sum += x
	}
	if sum > 0 {
		for i := range xs {
			xs[i] /= sum
		}
	}
}

// Partition is a division of the nodes into communities.
type Partition struct {
	Communities [][]string // largest first, then by first member; members in node order
	Of          []int      // community of each node, in node order
	Modularity  float64    // 0 without links
}

// Communities divides the nodes so that flows within exceed what chance would
// place there, by the Louvain method on the graph without directions. The best
// of 20 seeded runs is kept. Resolution above 1 gives smaller communities; 0
// means 1. Without links every node is its own.
//
// Blondel, V. D. et al. (2008), Fast unfolding of communities in large
// networks, Journal of Statistical Mechanics P10008; Newman, M. E. J. (2004).
func (g *Graph) Communities(resolution float64, seed uint64) (Partition, error) {
	if resolution == 0 {
		resolution = 1
	}
	if !(resolution > 0) || math.IsInf(resolution, 0) {
		return Partition{}, invalid("resolution %v, want a number above 0", resolution)
	}
	var best [][]int
	modularity := math.Inf(-1)
	if g.Links() == 0 {
		for i := range g.ids {
			best = append(best, []int{i})
		}
		modularity = 0
	} else {
		u := newUndirected(g)
		for run := range uint64(20) {
			found := community.Modularize(u, resolution, rand.NewPCG(seed, run)).Communities()
			q := community.Q(u, found, resolution)
			if q <= modularity+1e-12 {
				continue
			}
			modularity = q
			best = nil
			for _, c := range found {
				var members []int
				for _, n := range c {
					members = append(members, int(n.ID()))
				}
				slices.Sort(members)
				best = append(best, members)
			}
		}
	}
	slices.SortFunc(best, func(a, b []int) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return a[0] - b[0]
	})
	p := Partition{Of: make([]int, len(g.ids)), Modularity: modularity}
	for k, members := range best {
		var names []string
		for _, i := range members {
			p.Of[i] = k
			names = append(names, g.ids[i])
		}
		p.Communities = append(p.Communities, names)
	}
	return p, nil
}
