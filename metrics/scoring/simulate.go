package scoring

import (
	"cmp"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
)

// SimulationOptions says what a simulation varies. Ranks from weights alone and
// ranks from data alone are two simulations.
type SimulationOptions struct {
	Draws      int     // 0 = 1000
	Seed       uint64  // the same seed gives the same answer on any machine
	Confidence float64 // of intervals; 0 = 0.95

	// Values draws every value with a standard error from a normal
	// distribution, cut to the observation's bounds.
	Values bool
	// Concentration draws the indicators' weights from a Dirichlet
	// distribution around the scheme's, one draw for all departments; larger
	// stays closer: a weight of share w has standard deviation
	// √(w(1−w)/(Concentration+1)). 0 leaves the weights.
	Concentration float64
	// Targets varies every target, bound and ceiling by up to this share
	// either way, one draw for all departments. 0 leaves them.
	Targets float64
	// Aggregation takes the geometric mean of the top groups in half of the
	// draws, with a floor of 1 point of 100 for a group.
	Aggregation bool
}

func (o SimulationOptions) defaults() (SimulationOptions, error) {
	if o.Draws == 0 {
		o.Draws = 1000
	}
	if o.Confidence == 0 {
		o.Confidence = .95
	}
	switch {
	case o.Draws < 20 || o.Draws > 1_000_000:
		return o, invalid("%d draws, want 20 to 1,000,000", o.Draws)
	case !(o.Confidence > 0 && o.Confidence < 1):
		return o, invalid("confidence %v, want a number between 0 and 1 such as 0.95", o.Confidence)
	case !isFinite(o.Concentration) || o.Concentration < 0:
		return o, invalid("concentration %v", o.Concentration)
	case !(o.Targets >= 0 && o.Targets < 1):
		return o, invalid("spread of targets %v, want a share below 1", o.Targets)
	}
	return o, nil
}

// Range is the central part of simulated figures.
type Range struct {
	Low    float64 `json:"low"`
	Median float64 `json:"median"`
	High   float64 `json:"high"`
}

// Simulated is what a simulation says of one department.
type Simulated struct {
	Department string `json:"department"`
	Scored     bool   `json:"scored"` // false: nothing applies, the rest is empty
	Score      Range  `json:"score"`
	Rank       Range  `json:"rank"`
	// Grades holds the probability of each grade in the order of the bands,
	// after the cap.
	Grades []GradeProbability `json:"grades"`
}

// GradeProbability is the share of draws with a grade.
type GradeProbability struct {
	Grade       string  `json:"grade"`
	Probability float64 `json:"probability"`
}

// Simulate scores all departments under many draws of what the options vary
// and returns intervals of scores and ranks and the probability of each grade.
// Draws are not rounded. Nothing varied gives intervals of width 0.
func (s *Scheme) Simulate(departments []Department, opt SimulationOptions) ([]Simulated, error) {
	opt, err := opt.defaults()
	if err != nil {
		return nil, err
	}
	m, err := newModel(s, departments)
	if err != nil {
		return nil, err
	}
	scores := m.draw(opt) // by department, over draws
	ranks := drawRanks(m, scores, opt.Draws)
	out := make([]Simulated, len(departments))
	for i := range out {
		d := &m.cells[i]
		out[i] = Simulated{Department: d.id, Scored: d.scored}
		if !d.scored {
			continue
		}
		counts := make([]int, len(s.bands()))
		for _, x := range scores[i] {
			counts[max(d.cap, s.bands().index(Round(x, PointDecimals)))]++
		}
		for b, c := range counts {
			out[i].Grades = append(out[i].Grades, GradeProbability{s.bands()[b].Grade, float64(c) / float64(opt.Draws)})
		}
		out[i].Score = centre(scores[i], opt.Confidence)
		out[i].Rank = centre(ranks[i], opt.Confidence)
	}
	return out, nil
}

// draw returns scores[department][draw]. Each draw has its own generator, so
// that the answer does not depend on how draws are shared out to processors.
func (m *model) draw(opt SimulationOptions) [][]float64 {
	scores := make([][]float64, len(m.cells))
	for i := range scores {
		scores[i] = make([]float64, opt.Draws)
	}
	workers := min(runtime.GOMAXPROCS(0), opt.Draws)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			work, fractions := m.scratch(), make([]float64, len(m.leaves))
			source := rand.NewPCG(0, 0)
			values := rand.New(source)
			for k := w; k < opt.Draws; k += workers {
				rng := rand.New(rand.NewPCG(opt.Seed, uint64(k)))
				set := m.drawSetting(opt, rng)
				for i := range m.cells {
					// Seeded by the department, so that its draws are the same
					// whatever the others bring.
					source.Seed(opt.Seed^m.cells[i].seed, uint64(k))
					scores[i][k] = m.score(&m.cells[i], m.drawFractions(&m.cells[i], fractions, set, opt, values), set, work)
				}
			}
		})
	}
	wg.Wait()
	return scores
}

// drawSetting draws what all departments share.
func (m *model) drawSetting(opt SimulationOptions, rng *rand.Rand) setting {
	var set setting
	if opt.Concentration > 0 {
		set.measured = m.weights(dirichlet(m.leafWeights(), opt.Concentration, rng))
	}
	if opt.Targets > 0 {
		set.targets = make([]float64, len(m.leaves))
		for i := range set.targets {
			set.targets[i] = 1 + opt.Targets*(2*rng.Float64()-1)
		}
	}
	set.geometric = opt.Aggregation && rng.IntN(2) == 1
	return set
}

// drawFractions fills into with the fractions of one department's leaves, or
// returns the department's own where nothing varies them.
func (m *model) drawFractions(d *modelDepartment, into []float64, set setting, opt SimulationOptions, rng *rand.Rand) []float64 {
	if set.targets == nil && !opt.Values {
		return d.fraction
	}
	for i := range into {
		if !d.counts[i] || d.missing[i] {
			into[i] = 0
			continue
		}
		x, target := d.value[i], 1.0
		if set.targets != nil {
			target = set.targets[i]
		}
		if opt.Values && d.se[i] > 0 {
			x += d.se[i] * rng.NormFloat64()
			if d.bounded[i] {
				x = math.Min(d.high[i], math.Max(d.low[i], x))
			}
		} else if target == 1 {
			into[i] = d.fraction[i]
			continue
		}
		into[i] = d.rules[i].at(x, target)
	}
	return into
}

// dirichlet draws weights around the given ones; their sum stays the same.
func dirichlet(weights []float64, concentration float64, rng *rand.Rand) []float64 {
	var total, sum float64
	for _, w := range weights {
		total += w
	}
	out := make([]float64, len(weights))
	for i, w := range weights {
		if w > 0 {
			out[i] = distuv.Gamma{Alpha: concentration * w / total, Beta: 1, Src: rng}.Rand()
			sum += out[i]
		}
	}
	if sum == 0 { // all draws underflowed: a tiny concentration
		return weights
	}
	for i := range out {
		out[i] *= total / sum
	}
	return out
}

// drawRanks ranks the scored departments in every draw.
func drawRanks(m *model, scores [][]float64, draws int) [][]float64 {
	ranks := make([][]float64, len(scores))
	var at []int
	for i := range m.cells {
		if m.cells[i].scored {
			at = append(at, i)
			ranks[i] = make([]float64, draws)
		}
	}
	order := make([]int, len(at))
	for k := range draws {
		copy(order, at)
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[b][k], scores[a][k]) })
		rank := 1
		for place, i := range order {
			if place > 0 && scores[i][k] < scores[order[place-1]][k] {
				rank = place + 1
			}
			ranks[i][k] = float64(rank)
		}
	}
	return ranks
}

// centre returns order statistics; it sorts a copy.
func centre(xs []float64, confidence float64) Range {
	s := slices.Clone(xs)
	slices.Sort(s)
	last := float64(len(s) - 1)
	tail := (1 - confidence) / 2
	return Range{Low: s[int(math.Floor(tail*last))], Median: s[int(math.Round(last/2))], High: s[int(math.Ceil((1-tail)*last))]}
}
