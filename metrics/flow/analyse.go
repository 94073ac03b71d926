package flow

import (
	"math"
	"slices"

	"weir/metrics/stats"
)

// Department is a node of the exchange graph.
type Department struct {
	ID   string
	Line string // column of ministries it belongs to (条); "" = unknown
}

// Exchange is an amount of data given by a provider to a consumer.
type Exchange struct {
	Provider, Consumer string
	Amount             float64 // effective exchanges, at least 0
}

// Options steers Analyse; the zero value is the usual choice.
type Options struct {
	Damping    float64 // of PageRank; 0 = 0.85
	Resolution float64 // of communities; 0 = 1
	Seed       uint64  // of communities
}

// Network is the exchange graph of a period.
type Network struct {
	Departments int     `json:"departments"`
	Links       int     `json:"links"`       // pairs provider → consumer
	Amount      float64 `json:"amount"`      // across departments
	SelfAmount  float64 `json:"self_amount"` // provider = consumer: counted here and nowhere else
	// A nil figure does not exist for this graph.
	Density     *float64   `json:"density"`
	Reciprocity *float64   `json:"reciprocity"` // share of links that are returned
	EI          *float64   `json:"ei"`          // isolation between columns, see EIIndex
	HHIProvider *float64   `json:"hhi_provider"`
	HHIConsumer *float64   `json:"hhi_consumer"`
	Modularity  float64    `json:"modularity"`
	Communities [][]string `json:"communities"`
	Nodes       []Node     `json:"nodes"` // in the order of the departments
	Lines       []Line     `json:"lines"` // by name
}

// Node is a department's place in the network.
type Node struct {
	ID          string   `json:"id"`
	Line        string   `json:"line"`
	Consumers   int      `json:"consumers"` // departments it gives to
	Providers   int      `json:"providers"` // departments it receives from
	Given       float64  `json:"given"`
	Received    float64  `json:"received"`
	Betweenness float64  `json:"betweenness"` // 0 to 1
	PageRank    float64  `json:"page_rank"`   // of links consumer → provider: use speaks for the source; sums to 1
	Hub         float64  `json:"hub"`         // gives to those who receive much
	Authority   float64  `json:"authority"`   // receives from those who give much
	Community   int      `json:"community"`   // index in Communities
	EI          *float64 `json:"ei"`
	// MainProvider is the largest source and MainShare its share of what the
	// department receives; "" and 0 if it receives nothing.
	MainProvider string  `json:"main_provider"`
	MainShare    float64 `json:"main_share"`
	// SingleSource: everything it receives comes from one department.
	SingleSource bool `json:"single_source"`
}

// Line is a column of ministries.
type Line struct {
	Line     string   `json:"line"`
	Members  int      `json:"members"`
	Internal float64  `json:"internal"` // amount between its members
	External float64  `json:"external"` // amount with members of other columns, either way
	EI       *float64 `json:"ei"`
}

// EIIndex is (E − I)/(E + I) with E the amount across and I the amount within
// columns: −1 when all flows stay within, 1 when all cross. No flows give
// ErrNoData.
//
// Krackhardt, D. and Stern, R. N. (1988), Informal networks and organizational
// crises, Social Psychology Quarterly 51, 123-140.
func EIIndex(external, internal float64) (float64, error) {
	if !(external >= 0 && internal >= 0) || math.IsInf(external+internal, 0) {
		return 0, invalid("flows %v across and %v within", external, internal)
	}
	if external+internal == 0 {
		return 0, noData("no flows")
	}
	return (external - internal) / (external + internal), nil
}

// Analyse describes the exchange graph. Exchanges of a pair add up; amounts of
// 0 are no link. An exchange with a department that is not given, and negative,
// NaN or infinite amounts are refused. Flows with a department of unknown
// column stay out of the isolation figures.
func Analyse(departments []Department, exchanges []Exchange, opt Options) (Network, error) {
	if opt.Damping == 0 {
		opt.Damping = .85
	}
	n := Network{Departments: len(departments)}
	var ids []string
	for _, d := range departments {
		ids = append(ids, d.ID)
	}
	var links []Link
	for _, e := range exchanges {
		switch {
		case !(e.Amount >= 0) || math.IsInf(e.Amount, 0):
			return Network{}, invalid("exchange from %q to %q has amount %v", e.Provider, e.Consumer, e.Amount)
		case e.Amount == 0:
		case e.Provider == e.Consumer:
			if !slices.Contains(ids, e.Provider) {
				return Network{}, invalid("exchange of %q with itself names an unknown department", e.Provider)
			}
			n.SelfAmount += e.Amount
		default:
			links = append(links, Link{e.Provider, e.Consumer, e.Amount})
			n.Amount += e.Amount
		}
	}
	if math.IsInf(n.Amount+n.SelfAmount, 0) {
		return Network{}, invalid("amounts overflow")
	}
	g, err := NewGraph(ids, links)
	if err != nil {
		return Network{}, err
	}
	n.Links = g.Links()
	n.Density, n.Reciprocity = known(g.Density()), known(g.Reciprocity())
	if err := n.place(g, departments, opt); err != nil {
		return Network{}, err
	}
	n.isolation(g, departments)
	var given, received []float64
	for _, d := range n.Nodes {
		given, received = append(given, d.Given), append(received, d.Received)
	}
	n.HHIProvider, n.HHIConsumer = known(stats.HHI(given)), known(stats.HHI(received))
	return n, nil
}

// known turns a figure that does not exist into nil.
func known(x float64, err error) *float64 {
	if err != nil {
		return nil
	}
	return &x
}

// place fills every department's own figures.
func (n *Network) place(g *Graph, departments []Department, opt Options) error {
	// Use speaks for the source: a consumer's links point to its providers.
	rank, err := g.Reversed().PageRank(opt.Damping)
	if err != nil {
		return err
	}
	parts, err := g.Communities(opt.Resolution, opt.Seed)
	if err != nil {
		return err
	}
	n.Communities, n.Modularity = parts.Communities, parts.Modularity
	between := g.Betweenness()
	hubs, authorities := g.HITS()
	for i, d := range departments {
		node := Node{ID: d.ID, Line: d.Line, Consumers: len(g.next[i]), Providers: len(g.prev[i]), Betweenness: between[i],
			PageRank: rank[i], Hub: hubs[i], Authority: authorities[i], Community: parts.Of[i]}
		for _, v := range g.next[i] {
			node.Given += g.out[i][v]
		}
		most := 0.0
		for _, u := range g.prev[i] {
			w := g.out[u][i]
			node.Received += w
			if w > most {
				most, node.MainProvider = w, g.ids[u]
			}
		}
		if node.Received > 0 {
			node.MainShare = most / node.Received
		}
		node.SingleSource = node.Providers == 1
		n.Nodes = append(n.Nodes, node)
	}
	return nil
}

// isolation fills the figures between columns of ministries.
func (n *Network) isolation(g *Graph, departments []Department) {
	lines := map[string]*Line{}
	for _, d := range departments {
		if d.Line == "" {
			continue
		}
		if lines[d.Line] == nil {
			lines[d.Line] = &Line{Line: d.Line}
		}
		lines[d.Line].Members++
	}
	var external, internal float64
	across, within := make([]float64, len(departments)), make([]float64, len(departments))
	for u, targets := range g.next {
		for _, v := range targets {
			a, b, w := departments[u].Line, departments[v].Line, g.out[u][v]
			switch {
			case a == "" || b == "":
			case a == b:
				internal += w
				within[u], within[v] = within[u]+w, within[v]+w
				lines[a].Internal += w
			default:
				external += w
				across[u], across[v] = across[u]+w, across[v]+w
				lines[a].External += w
				lines[b].External += w
			}
		}
	}
	n.EI = known(EIIndex(external, internal))
	for i := range n.Nodes {
		n.Nodes[i].EI = known(EIIndex(across[i], within[i]))
	}
	for _, l := range lines {
		l.EI = known(EIIndex(l.External, l.Internal))
		n.Lines = append(n.Lines, *l)
	}
	slices.SortFunc(n.Lines, func(a, b Line) int {
		if a.Line < b.Line {
			return -1
		}
		return 1
	})
}
