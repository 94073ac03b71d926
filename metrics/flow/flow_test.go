package flow

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func readCase(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "testdata", "cases", "composite", "graph", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func num(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func near(t *testing.T, name string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tol {
		t.Errorf("%s = %.10g, want %.10g ± %g", name, got, want, tol)
	}
}

func graphCase(t *testing.T, edges string, nodes [][]string) *Graph {
	t.Helper()
	var ids []string
	for _, r := range nodes {
		ids = append(ids, r[0])
	}
	var links []Link
	for _, r := range readCase(t, edges) {
		links = append(links, Link{r[0], r[1], 1})
	}
	g, err := NewGraph(ids, links)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Langville and Meyer, Google's PageRank and Beyond, as asserted by NetworkX.
func TestPageRankCase(t *testing.T) {
	want := readCase(t, "pagerank_langville_expected_alpha0.9.csv")
	got, err := graphCase(t, "pagerank_langville_edges.csv", want).PageRank(.9)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range want {
		near(t, "node "+r[0], got[i], num(t, r[1]), 5.1e-9)
	}
}

func TestHITSCase(t *testing.T) {
	want := readCase(t, "hits_langville_expected.csv")
	hubs, authorities := graphCase(t, "hits_langville_edges.csv", want).HITS()
	for i, r := range want {
		near(t, "hub "+r[0], hubs[i], num(t, r[1]), 5.1e-7)
		near(t, "authority "+r[0], authorities[i], num(t, r[2]), 5.1e-7)
	}
}

// karate is Zachary, W. (1977), An information flow model for conflict and
// fission in small groups, Journal of Anthropological Research 33, 452-473: 34
// members, 78 ties, each in both directions here.
func karate(t *testing.T) *Graph {
	t.Helper()
	ties := "1:2 3 4 5 6 7 8 9 11 12 13 14 18 20 22 32;2:3 4 8 14 18 20 22 31;3:4 8 9 10 14 28 29 33;4:8 13 14;5:7 11;6:7 11 17;7:17;9:31 33 34;10:34;14:34;15:33 34;16:33 34;19:33 34;20:34;21:33 34;23:33 34;24:26 28 30 33 34;25:26 28 32;26:32;27:30 34;28:34;29:32 34;30:33 34;31:33 34;32:33 34;33:34"
	var ids []string
	for i := range 34 {
		ids = append(ids, fmt.Sprint(i+1))
	}
	var links []Link
	for _, group := range strings.Split(ties, ";") {
		from, to, _ := strings.Cut(group, ":")
		for _, v := range strings.Fields(to) {
			links = append(links, Link{from, v, 1}, Link{v, from, 1})
		}
	}
	g, err := NewGraph(ids, links)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestKarateClub(t *testing.T) {
	g := karate(t)
	if g.Links() != 2*78 {
		t.Fatalf("%d links", g.Links())
	}
	d, err := g.Density()
	if err != nil {
		t.Fatal(err)
	}
	near(t, "density", d, .139, 5e-4) // printed .139 in Wasserman-style texts: 78 of 561
	// Betweenness as NetworkX prints it.
	want := []float64{.43763528138528146, .053936688311688304, .14365680615680618, .011909271284271283, .0006313131313131313, .02998737373737374,
		.029987373737373736, 0, .05592682780182781, .0008477633477633478, .0006313131313131313, 0, 0, .04586339586339586}
	got := g.Betweenness()
	for i, w := range want {
		near(t, fmt.Sprint("betweenness ", i+1), got[i], w, 1e-12)
	}
	rank, err := g.PageRank(.85)
	if err != nil {
		t.Fatal(err)
	}
	// NetworkX stops when the ranks change by 34·1e-6 in all.
	near(t, "PageRank 1", rank[0], .09700181758983709, 1e-5)
	near(t, "PageRank 2", rank[1], .05287839103742701, 1e-5)
	// The best division known has modularity 0.4198 in four communities
	// (Brandes et al. 2008, On modularity clustering, IEEE TKDE 20, 172-188).
	p, err := g.Communities(0, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "modularity", p.Modularity, .4198, 5.1e-5)
	if len(p.Communities) != 4 {
		t.Errorf("%d communities, want 4", len(p.Communities))
	}
	for range 5 {
		again, err := g.Communities(0, 1)
		if err != nil || !reflect.DeepEqual(again, p) {
			t.Fatal("the same seed gave another division", err)
		}
	}
}

func TestReciprocity(t *testing.T) {
	// By hand: a ⇄ b, a → c: two of three links are returned.
	g, err := NewGraph([]string{"a", "b", "c"}, []Link{{"a", "b", 2}, {"b", "a", 1}, {"a", "c", 5}, {"a", "c", 1}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Reciprocity()
	if err != nil || math.Abs(r-2.0/3) > 1e-12 || g.Weight("a", "c") != 6 || g.Weight("x", "c") != 0 {
		t.Errorf("%v %v %v", r, err, g.Weight("a", "c"))
	}
	if got := g.Reversed(); got.Weight("c", "a") != 6 || got.Links() != 3 || !slices.Equal(got.Nodes(), g.Nodes()) {
		t.Errorf("reversed: %v", got.Weight("c", "a"))
	}
}

func TestWeightedPageRank(t *testing.T) {
	// By hand without jumps of consequence: a gives 3/4 to b, 1/4 to c; both
	// return everything, so b has three times c's rank for damping near 1.
	g, err := NewGraph([]string{"a", "b", "c"}, []Link{{"a", "b", 3}, {"a", "c", 1}, {"b", "a", 1}, {"c", "a", 1}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.PageRank(.999)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "ratio", r[1]/r[2], 3, .01)
	near(t, "sum", r[0]+r[1]+r[2], 1, 1e-12)
}

func TestAnalyse(t *testing.T) {
	departments := []Department{{"civil", "m"}, {"health", "m"}, {"tax", "f"}, {"police", ""}}
	exchanges := []Exchange{{"civil", "health", 6}, {"civil", "tax", 2}, {"civil", "tax", 1}, {"tax", "civil", 1}, {"police", "tax", 5}, {"tax", "tax", 9}, {"health", "tax", 0}}
	n, err := Analyse(departments, exchanges, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n.Links != 4 || n.Amount != 15 || n.SelfAmount != 9 {
		t.Errorf("%+v", n)
	}
	near(t, "density", *n.Density, 4.0/12, 1e-12)
	near(t, "reciprocity", *n.Reciprocity, .5, 1e-12)
	near(t, "EI", *n.EI, (4.0-6)/10, 1e-12)                                  // police has no column
	near(t, "HHI of providers", *n.HHIProvider, 1e4*(9*9+1+5*5)/225.0, 1e-9) // 9, 0, 1, 5 of 15
	near(t, "HHI of consumers", *n.HHIConsumer, 1e4*(1+6*6+8*8)/225.0, 1e-9) // 1, 6, 8, 0 of 15
	tax := n.Nodes[2]
	if tax.Providers != 2 || tax.Consumers != 1 || tax.MainProvider != "police" || tax.SingleSource {
		t.Errorf("%+v", tax)
	}
	near(t, "main share", tax.MainShare, 5.0/8, 1e-12)
	if h := n.Nodes[1]; !h.SingleSource || h.MainProvider != "civil" || *h.EI != -1 {
		t.Errorf("%+v", h)
	}
	if p := n.Nodes[3]; p.EI != nil || p.SingleSource || p.MainProvider != "" {
		t.Errorf("%+v", p)
	}
	if len(n.Lines) != 2 || n.Lines[0].Line != "f" || n.Lines[0].External != 4 || n.Lines[1].Internal != 6 || *n.Lines[0].EI != 1 {
		t.Errorf("%+v", n.Lines)
	}
	for _, d := range n.Nodes { // health gives nothing, so nobody's use speaks for it
		if d.ID != "health" && d.PageRank <= n.Nodes[1].PageRank {
			t.Errorf("%s ranks no higher than a department that gives nothing", d.ID)
		}
	}
}

func TestFunnel(t *testing.T) {
	got, err := Funnel([]Step{{"catalogued", 100}, {"mounted", 80}, {"requested", 20}, {"provided", 18}, {"used", 19}})
	if err != nil {
		t.Fatal(err)
	}
	if !got[2].Narrowest || *got[2].OfPrevious != .25 || *got[2].OfFirst != .2 || got[2].Lost != 60 || !got[4].Rises || got[4].Lost != 0 {
		t.Errorf("%+v", got)
	}
	got, err = Funnel([]Step{{"a", 0}, {"b", 0}})
	if err != nil || got[1].OfPrevious != nil || got[1].Narrowest {
		t.Errorf("nothing to start from: %+v %v", got, err)
	}
	if _, err := Funnel([]Step{{"a", -1}}); !errors.Is(err, ErrInvalid) {
		t.Errorf("negative: %v", err)
	}
	if _, err := Funnel(nil); !errors.Is(err, ErrNoData) {
		t.Errorf("no steps: %v", err)
	}
}

func TestDegenerate(t *testing.T) {
	for name, departments := range map[string][]Department{"none": nil, "one": {{"a", "x"}}, "unlinked": {{"a", "x"}, {"b", "y"}}} {
		n, err := Analyse(departments, nil, Options{})
		if err != nil || n.Reciprocity != nil || n.EI != nil || n.HHIProvider != nil || n.Modularity != 0 || len(n.Communities) != len(departments) {
			t.Errorf("%s: %+v %v", name, n, err)
		}
	}
	two := []Department{{"a", "x"}, {"b", "y"}}
	for name, bad := range map[string][]Exchange{
		"unknown": {{"a", "c", 1}}, "unknown self": {{"c", "c", 1}}, "negative": {{"a", "b", -1}}, "NaN": {{"a", "b", math.NaN()}},
		"infinite": {{"a", "b", math.Inf(1)}}, "overflow": {{"a", "b", math.MaxFloat64}, {"a", "b", math.MaxFloat64}},
	} {
		if _, err := Analyse(two, bad, Options{}); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	if _, err := Analyse([]Department{{"a", ""}, {"a", ""}}, nil, Options{}); !errors.Is(err, ErrInvalid) {
		t.Errorf("department twice: %v", err)
	}
	for _, o := range []Options{{Damping: 1}, {Damping: math.NaN()}, {Resolution: -1}, {Resolution: math.Inf(1)}} {
		if _, err := Analyse(two, nil, o); !errors.Is(err, ErrInvalid) {
			t.Errorf("%+v: %v, want a refusal", o, err)
		}
	}
	if _, err := NewGraph([]string{"a"}, []Link{{"a", "a", 1}}); !errors.Is(err, ErrInvalid) {
		t.Errorf("loop: %v", err)
	}
}

// Figures stay in their ranges, sums hold, and the same input gives the same
// answer, for any graph.
func TestNetworkProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	for range 150 {
		var departments []Department
		for i := range rng.IntN(12) {
			departments = append(departments, Department{fmt.Sprint(i), []string{"", "x", "y", "z"}[rng.IntN(4)]})
		}
		var exchanges []Exchange
		for range rng.IntN(30) {
			if len(departments) > 0 {
				exchanges = append(exchanges, Exchange{departments[rng.IntN(len(departments))].ID, departments[rng.IntN(len(departments))].ID, float64(rng.IntN(5)) * math.Pow(10, float64(rng.IntN(6)))})
			}
		}
		n, err := Analyse(departments, exchanges, Options{})
		if err != nil {
			t.Fatal(err)
		}
		again, err := Analyse(departments, exchanges, Options{})
		if err != nil || !reflect.DeepEqual(n, again) {
			t.Fatalf("another answer for the same input: %+v %+v %v", n, again, err)
		}
		var rank, given, received float64
		for _, d := range n.Nodes {
			rank, given, received = rank+d.PageRank, given+d.Given, received+d.Received
			for _, x := range []float64{d.Betweenness, d.PageRank, d.Hub, d.Authority, d.MainShare} {
				if !(x >= 0 && x <= 1+1e-12) {
					t.Fatalf("%+v", d)
				}
			}
			if d.EI != nil && !(*d.EI >= -1 && *d.EI <= 1) {
				t.Fatalf("%+v", d)
			}
		}
		if len(departments) > 0 && math.Abs(rank-1) > 1e-9 || math.Abs(given-n.Amount) > 1e-6 || math.Abs(received-n.Amount) > 1e-6 {
			t.Fatalf("sums: rank %v, given %v, received %v of %v", rank, given, received, n.Amount)
		}
		members := 0
		for _, c := range n.Communities {
			members += len(c)
		}
		if members != len(departments) || math.IsNaN(n.Modularity) {
			t.Fatalf("%d of %d departments in communities", members, len(departments))
		}
	}
}
