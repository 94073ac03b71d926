// Package vote ranks alternatives from many rankings of them by the methods of
// social choice: each ranking counts as so many voters. An indicator that ranks
// departments is such a voter, and no unit of measurement enters.
//
// It holds plurality, Borda, Condorcet, Copeland and the Kemeny rule (also
// called Condorcet-Kemeny-Young-Levenglick, C-K-Y-L). Never added here: scores,
// weights found from data.
package vote

import (
	"errors"
	"fmt"
	"math"
)

// ErrInvalid says that the profile is malformed or too large.
var ErrInvalid = errors.New("invalid profile")

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

// Ballot is a complete ranking, the best alternative first, and how many voters
// share it.
type Ballot struct {
	Voters  float64
	Ranking []int // indices of alternatives
}

// Profile is a set of ballots over alternatives 0 … N−1.
type Profile struct {
	N       int
	Ballots []Ballot
}

// Validate reports ballots that are no permutation or have no voters.
func (p Profile) Validate() error {
	if p.N < 1 {
		return invalid("%d alternatives", p.N)
	}
	if len(p.Ballots) == 0 {
		return invalid("no ballots")
	}
	for i, b := range p.Ballots {
		if math.IsNaN(b.Voters) || math.IsInf(b.Voters, 0) || b.Voters <= 0 {
			return invalid("ballot %d has %v voters", i+1, b.Voters)
		}
		if len(b.Ranking) != p.N {
			return invalid("ballot %d ranks %d of %d alternatives", i+1, len(b.Ranking), p.N)
		}
		seen := make([]bool, p.N)
		for _, a := range b.Ranking {
			if a < 0 || a >= p.N || seen[a] {
				return invalid("ballot %d names alternative %d twice or out of range", i+1, a)
			}
			seen[a] = true
		}
	}
	return nil
}

// Plurality counts the voters who rank each alternative first.
func (p Profile) Plurality() ([]float64, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	out := make([]float64, p.N)
	for _, b := range p.Ballots {
		out[b.Ranking[0]] += b.Voters
	}
	return out, nil
}

// Borda gives an alternative N−1 points from each voter who ranks it first,
// N−2 for second, … 0 for last. Leaving out one alternative can reverse the
// order of the others (Fishburn).
//
// Borda, J. C. de (1781).
func (p Profile) Borda() ([]float64, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	out := make([]float64, p.N)
	for _, b := range p.Ballots {
		for place, a := range b.Ranking {
			out[a] += b.Voters * float64(p.N-1-place)
		}
	}
	return out, nil
}

// Without returns the profile with one alternative struck from every ballot;
// those after it move up by one index.
func (p Profile) Without(alternative int) Profile {
	out := Profile{N: p.N - 1}
	for _, b := range p.Ballots {
		nb := Ballot{Voters: b.Voters}
		for _, a := range b.Ranking {
			switch {
			case a < alternative:
				nb.Ranking = append(nb.Ranking, a)
			case a > alternative:
				nb.Ranking = append(nb.Ranking, a-1)
			}
		}
		out.Ballots = append(out.Ballots, nb)
	}
	return out
}

// Outranking returns the matrix whose entry a, b is the number of voters who
// rank a before b.
func (p Profile) Outranking() (Outranking, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	o := newOutranking(p.N)
	for _, b := range p.Ballots {
		for i, a := range b.Ranking {
			for _, c := range b.Ranking[i+1:] {
				o[a][c] += b.Voters
			}
		}
	}
	return o, nil
}
