package vote

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"weir/metrics/scoring/internal/cases"
)

func profileCase(t *testing.T, name string) Profile {
	t.Helper()
	var p Profile
	for _, row := range cases.Read(t, "social_choice/"+name).Rows {
		b := Ballot{Voters: cases.Number(t, row[0])}
		for _, a := range row[1:] {
			b.Ranking = append(b.Ranking, int(a[0]-'a'))
		}
		p.N = len(b.Ranking)
		p.Ballots = append(p.Ballots, b)
	}
	return p
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Handbook tables 25 to 27: 21 indicators, 4 countries.
func TestHandbook21Indicators(t *testing.T) {
	p := profileCase(t, "handbook_t25_profile.csv")
	borda := must[[]float64](t)(p.Borda())
	o := must[Outranking](t)(p.Outranking())
	kemeny := must[KemenyResult](t)(o.Kemeny())
	tab := cases.Read(t, "social_choice/handbook_t25_expected.csv")
	for _, row := range tab.Rows {
		for k, cell := range row[1:] {
			want := cases.Number(t, cell)
			switch {
			case row[0] == "borda":
				cases.Near(t, row[0], borda[k], want, 0)
			case row[0] == "condorcet_rank":
				cases.Near(t, row[0], float64(slices.Index(kemeny.Rankings[0], k)+1), want, 0)
			case strings.HasPrefix(row[0], "outrank_row_"):
				cases.Near(t, row[0], o[row[0][len("outrank_row_")]-'a'][k], want, 0)
			}
		}
	}
	if len(kemeny.Rankings) != 1 {
		t.Errorf("%d best rankings, want 1", len(kemeny.Rankings))
	}
	if w, ok := o.CondorcetWinner(); !ok || w != 2 {
		t.Errorf("winner %d %v, want c", w, ok)
	}
	if o.Cycle() != nil {
		t.Errorf("cycle %v where there is none", o.Cycle())
	}
	// Table 25's point: by plurality a wins, which most indicators rank last.
	if got := must[[]float64](t)(p.Plurality()); !slices.Equal(got, []float64{8, 7, 6, 0}) {
		t.Errorf("plurality %v", got)
	}
}

// Handbook tables 28 to 30: Condorcet's own example with a cycle.
func TestHandbookCycle(t *testing.T) {
	p := profileCase(t, "handbook_t28_condorcet_profile.csv")
	borda := must[[]float64](t)(p.Borda())
	o := must[Outranking](t)(p.Outranking())
	kemeny := must[KemenyResult](t)(o.Kemeny())
	index := func(s string) []int {
		var out []int
		for _, r := range strings.ReplaceAll(s, ">", "") {
			out = append(out, int(r-'a'))
		}
		return out
	}
	for _, row := range cases.Read(t, "social_choice/handbook_t28_expected.csv").Rows {
		kind, what, _ := strings.Cut(row[0], "_")
		switch {
		case row[0] == "kemeny_best":
			if !slices.Equal(kemeny.Rankings[0], index(row[1])) || len(kemeny.Rankings) != 1 {
				t.Errorf("best %v, want %s", kemeny.Rankings, row[1])
			}
		case row[0] == "condorcet_cycle":
			want := index(row[1])
			if got := o.Cycle(); !slices.Equal(append(got, got[0]), want) {
				t.Errorf("cycle %v, want %s", got, row[1])
			}
		case kind == "borda":
			cases.Near(t, row[0], borda[what[0]-'a'], cases.Number(t, row[1]), 0)
		case kind == "outrank":
			cases.Near(t, row[0], o[what[0]-'a'][what[1]-'a'], cases.Number(t, row[1]), 0)
		case kind == "kemeny":
			cases.Near(t, row[0], o.Support(index(what)), cases.Number(t, row[1]), 0)
		default:
			t.Errorf("unknown measure %s", row[0])
		}
	}
	if _, ok := o.CondorcetWinner(); ok {
		t.Error("a cycle has no winner")
	}
}

// Handbook table 31: striking the last alternative reverses Borda's order.
func TestHandbookFishburn(t *testing.T) {
	p := profileCase(t, "handbook_t31_fishburn_profile.csv")
	for _, row := range cases.Read(t, "social_choice/handbook_t31_expected.csv").Rows {
		got := must[[]float64](t)(p.Borda())
		if row[0] == "borda_without_d" {
			got = must[[]float64](t)(p.Without(3).Borda())
		}
		for k, x := range got {
			cases.Near(t, row[0], x, cases.Number(t, row[k+1]), 0)
		}
	}
}

// Handbook tables 35 to 37: five countries on eight indicators.
func TestHandbookFiveCountries(t *testing.T) {
	tab := cases.Read(t, "social_choice/handbook_t35_tai5.csv")
	weights := slices.Repeat([]float64{1.0 / 8}, 8)
	o := must[Outranking](t)(OutrankingOf(tab.Matrix(t, 1), weights))
	for i, row := range cases.Read(t, "social_choice/handbook_t36_outranking.csv").Matrix(t, 1) {
		for j, want := range row {
			cases.Near(t, "table 36", o[i][j], want, 0)
		}
	}
	names := tab.Column(t, "country")
	kemeny := must[KemenyResult](t)(o.Kemeny())
	best := 0
	for _, row := range cases.Read(t, "social_choice/handbook_t37_kemeny.csv").Rows {
		var ranking []int
		for _, c := range strings.Split(row[0], ">") {
			ranking = append(ranking, slices.Index(names, c))
		}
		want := cases.Number(t, row[1])
		cases.Near(t, row[0], o.Support(ranking), want, 1e-12)
		if want == 6.375 {
			best++
			if !slices.ContainsFunc(kemeny.Rankings, func(r []int) bool { return slices.Equal(r, ranking) }) {
				t.Errorf("%s is not among the best", row[0])
			}
		}
	}
	if len(kemeny.Rankings) != best || best != 3 {
		t.Errorf("%d best rankings, want 3", len(kemeny.Rankings))
	}
}

// The Kemeny rule against all orders, one by one.
func TestKemenyAgainstAllOrders(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for round := range 100 {
		n := 1 + rng.IntN(6)
		voters := round%2 == 0 // support that adds up to the number of voters
		o := newOutranking(n)
		for i := range n {
			for j := range i {
				o[i][j], o[j][i] = float64(rng.IntN(5)), float64(rng.IntN(5))
				if voters {
					o[j][i] = 4 - o[i][j]
				}
			}
		}
		best, count := math.Inf(-1), 0
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		var permute func(k int)
		permute = func(k int) {
			if k == n {
				switch s := o.Support(order); {
				case s > best:
					best, count = s, 1
				case s == best:
					count++
				}
				return
			}
			for i := k; i < n; i++ {
				order[k], order[i] = order[i], order[k]
				permute(k + 1)
				order[k], order[i] = order[i], order[k]
			}
		}
		permute(0)
		r := must[KemenyResult](t)(o.Kemeny())
		if r.Support != best || len(r.Rankings) != count || !r.Complete {
			t.Fatalf("%v: support %v in %d rankings, want %v in %d", o, r.Support, len(r.Rankings), best, count)
		}
		if w, ok := o.CondorcetWinner(); ok && voters && r.Rankings[0][0] != w {
			t.Fatalf("winner %d does not lead %v", w, r.Rankings)
		}
	}
}

func TestKemenyTies(t *testing.T) {
	r := must[KemenyResult](t)(newOutranking(8).Kemeny())
	if r.Complete || len(r.Rankings) != kemenyTies {
		t.Errorf("%d rankings of 40,320 equal ones, complete %v", len(r.Rankings), r.Complete)
	}
}

func TestCopeland(t *testing.T) {
	p := profileCase(t, "handbook_t25_profile.csv")
	got := must[[]float64](t)(must[Outranking](t)(p.Outranking()).Copeland())
	if !slices.Equal(got, []float64{-3, 1, 3, -1}) {
		t.Errorf("%v", got)
	}
}

func TestRefusals(t *testing.T) {
	for name, p := range map[string]Profile{
		"no alternatives": {Ballots: []Ballot{{1, nil}}},
		"no ballots":      {N: 2},
		"short":           {N: 2, Ballots: []Ballot{{1, []int{0}}}},
		"twice":           {N: 2, Ballots: []Ballot{{1, []int{0, 0}}}},
		"out of range":    {N: 2, Ballots: []Ballot{{1, []int{0, 2}}}},
		"no voters":       {N: 1, Ballots: []Ballot{{0, []int{0}}}},
		"NaN voters":      {N: 1, Ballots: []Ballot{{math.NaN(), []int{0}}}},
	} {
		if _, err := p.Borda(); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, o := range map[string]Outranking{"empty": {}, "ragged": {{0, 1}}, "NaN": {{math.NaN()}}, "large": newOutranking(KemenyLimit + 1)} {
		if _, err := o.Kemeny(); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, v := range [][][]float64{nil, {{1}, {1, 2}}, {{math.NaN()}}} {
		if _, err := OutrankingOf(v, []float64{1}); !errors.Is(err, ErrInvalid) {
			t.Errorf("%v: %v", v, err)
		}
	}
}
