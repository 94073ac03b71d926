package composite

import (
	"fmt"
	"math"
	"slices"

	"weir/metrics/scoring/decide"
	"weir/metrics/scoring/vote"
	"weir/metrics/scoring/weigh"
)

// combine aggregates children's scores, scores[unit][child], with weights that
// sum to 1. Missing scores are NaN; a unit without a score gets NaN.
func (n Node) combine(scores [][]float64, weights []float64) ([]float64, error) {
	if n.Missing == "zero" {
		filled := make([][]float64, len(scores))
		for i, row := range scores {
			filled[i] = slices.Clone(row)
			for j, v := range row {
				if math.IsNaN(v) {
					filled[i][j] = 0
				}
			}
		}
		scores = filled
	}
	if slices.Contains(comparingMethods, n.Aggregate) {
		return n.compare(scores, weights)
	}
	out := make([]float64, len(scores))
	for i, row := range scores {
		var xs, ws []float64
		for j, v := range row {
			if !math.IsNaN(v) {
				xs, ws = append(xs, v), append(ws, weights[j])
			}
		}
		if len(xs) == 0 || len(xs) < len(row) && n.Missing != "share" {
			out[i] = math.NaN()
			continue
		}
		var total float64
		for _, w := range ws {
			total += w
		}
		if total == 0 { // only children without weight are present
			out[i] = math.NaN()
			continue
		}
		for k := range ws {
			ws[k] /= total
		}
		v, err := mean(orElse(n.Aggregate, "arithmetic"), n.Exponent, xs, ws)
		if err != nil {
			return nil, &unitError{i, err}
		}
		out[i] = v
	}
	return out, nil
}

// unitError carries the number of the unit for which a value does not exist.
type unitError struct {
	unit int
	err  error
}

func (e *unitError) Error() string { return fmt.Sprintf("unit %d: %v", e.unit+1, e.err) }
func (e *unitError) Unwrap() error { return e.err }

// mean is the weighted mean of one unit's scores. Geometric, harmonic and power
// means need scores of at least 0; one score of 0 makes the first two 0, so
// that it cannot be made up for.
func mean(method string, exponent float64, xs, ws []float64) (float64, error) {
	switch method {
	case "minimum":
		return slices.Min(xs), nil
	case "maximum":
		return slices.Max(xs), nil
	case "median":
		s := slices.Clone(xs)
		slices.Sort(s)
		return (s[(len(s)-1)/2] + s[len(s)/2]) / 2, nil
	case "arithmetic":
		var sum float64
		for i, x := range xs {
			sum += ws[i] * x
		}
		return sum, nil
	case "geometric":
		exponent = 0
	case "harmonic":
		exponent = -1
	}
	var sum float64
	zero := false
	for i, x := range xs {
		switch {
		case x < 0:
			return 0, invalid("the %s mean of a negative score (%v) does not exist; normalise to a range of at least 0", method, x)
		case ws[i] == 0:
		case x == 0:
			zero = true
		case exponent == 0:
			sum += ws[i] * math.Log(x)
		default:
			sum += ws[i] * math.Pow(x, exponent)
		}
	}
	switch {
	case zero && exponent <= 0:
		return 0, nil
	case exponent == 0:
		return math.Exp(sum), nil
	case sum == 0:
		return 0, nil
	}
	v := math.Pow(sum, 1/exponent)
	if !isFinite(v) {
		return 0, invalid("the %s mean overflows", method)
	}
	return v, nil
}

// compare aggregates by comparing units with one another; units with a missing
// score take no part.
func (n Node) compare(scores [][]float64, weights []float64) ([]float64, error) {
	out := make([]float64, len(scores))
	var at []int
	var rows [][]float64
	for i, row := range scores {
		out[i] = math.NaN()
		if !slices.ContainsFunc(row, math.IsNaN) {
			at, rows = append(at, i), append(rows, row)
		}
	}
	if len(rows) == 0 {
		return out, nil
	}
	values, err := n.compareComplete(rows, weights)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	for k, i := range at {
		out[i] = values[k]
	}
	return out, nil
}

func (n Node) compareComplete(rows [][]float64, weights []float64) ([]float64, error) {
	problem := decide.Problem{Matrix: weigh.Matrix{Values: rows}, Weights: weights}
	switch n.Aggregate {
	case "topsis":
		return decide.TOPSIS(problem, decide.VectorNorm)
	case "promethee":
		return decide.PROMETHEE(problem, nil)
	case "benefit_of_the_doubt":
		rs, err := decide.BenefitOfTheDoubt(rows, n.ShareLeast, valueOr(n.ShareMost, 1))
		out := make([]float64, len(rs))
		for i, r := range rs {
			out[i] = r.Score
		}
		return out, err
	}
	o, err := vote.OutrankingOf(rows, weights)
	if err != nil {
		return nil, err
	}
	if n.Aggregate == "copeland" {
		return o.Copeland()
	}
	// Borda with ties: the support for a before the others, summed.
	out := make([]float64, len(rows))
	for a, row := range o {
		for _, v := range row {
			out[a] += v
		}
	}
	return out, nil
}

// weigh returns the weights of the children from their scores.
func (n Node) weigh(scores [][]float64) (weights []float64, note Text, err error) {
	k := len(n.Children)
	method := weightMethod(n)
	switch method {
	case "equal":
		weights, err = weigh.Equal(k)
		return weights, Text{}, err
	case "given":
		given := make([]float64, k)
		for i, c := range n.Children {
			given[i] = *c.Weight
		}
		weights, err = weigh.Given(given)
		return weights, Text{}, err
	case "ahp":
		r, err := weigh.AHP(weigh.Pairwise{At: n.Weights.Pairwise}, weigh.RandomIndex(n.Weights.RandomIndex))
		if err != nil {
			return nil, Text{}, err
		}
		note = Text{ZH: fmt.Sprintf("%s：最大特征值 %.4f，一致性比率 %.4f", n.ID, r.LambdaMax, r.ConsistencyRatio),
			EN: fmt.Sprintf("%s: principal eigenvalue %.4f, consistency ratio %.4f", n.ID, r.LambdaMax, r.ConsistencyRatio)}
		if !r.Consistent() {
			note.ZH += "，达到或超过 0.10，判断不一致，应重新比较"
			note.EN += ", not below 0.10: the judgements are inconsistent and should be made again"
		}
		return r.Weights, note, nil
	}
	var complete [][]float64
	for _, row := range scores {
		if !slices.ContainsFunc(row, math.IsNaN) {
			complete = append(complete, row)
		}
	}
	m := weigh.Matrix{Values: complete}
	if err := m.Validate(); err != nil {
		return nil, Text{}, fmt.Errorf("no unit has all scores: %w", err)
	}
	switch method {
	case "entropy":
		r, err := weigh.Entropy(m.MinMax())
		return r.Weights, Text{}, err
	case "standard_deviation":
		weights, err = weigh.StandardDeviation(m.MinMax())
	case "critic":
		weights, err = weigh.CRITIC(m.MinMax(), n.Weights.Spearman)
	case "merec":
		weights, err = weigh.MEREC(m)
	default:
		weights, err = weigh.FactorWeights(m, n.Weights.Factors)
	}
	return weights, Text{}, err
}
