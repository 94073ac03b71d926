package composite

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"weir/metrics/scoring/sobol"
)

// factor is one choice that uncertainty varies; set applies the value u in
// [0, 1) to a trial.
type factor struct {
	name string
	set  func(t *trial, u float64)
}

// trial is a method under one draw of all factors.
type trial struct {
	variation
	normalise string
}

// uncertain draws variations of the method and says what becomes of the ranks:
// for each unit the rank as published, mean, median and the central 90 %, and
// where asked for the Sobol indices of the mean shift in rank.
//
// Saisana, M., Saltelli, A. and Tarantola, S. (2005), Uncertainty and
// sensitivity analysis techniques as tools for the quality assessment of
// composite indicators, JRSS A 168, 307-323.
func uncertain(p *prepared, m *Methodology, normal [][]float64, nominal []float64) ([]Stage, error) {
	u := *m.Uncertainty
	if u.Draws == 0 {
		u.Draws = 1000
	}
	v := &varied{p: p, m: m, base: map[string][][]float64{"": normal}, e: newEvaluation(p, m), nominal: nominal}
	if _, err := v.e.run(normal, variation{}); err != nil {
		return nil, err
	}
	factors, err := v.factors(u)
	if err != nil {
		return nil, err
	}
	if len(factors) == 0 {
		return nil, invalid("nothing is varied: give weights, normalise, aggregate or leave_out")
	}
	rng := rand.New(rand.NewPCG(u.Seed, 0x494e_4458))
	ranks := make([][]float64, len(p.units)) // by unit, over draws
	for range u.Draws {
		draw := make([]float64, len(factors))
		for i := range draw {
			draw[i] = rng.Float64()
		}
		r, err := v.ranks(factors, draw)
		if err != nil {
			return nil, err
		}
		for i, x := range r {
			if !math.IsNaN(x) {
				ranks[i] = append(ranks[i], x)
			}
		}
	}
	stages := []Stage{v.rankStage(ranks)}
	if u.Sobol > 0 {
		s, err := v.sensitivity(factors, u)
		if err != nil {
			return nil, err
		}
		stages = append(stages, s)
	}
	return stages, nil
}

type varied struct {
	p       *prepared
	m       *Methodology
	base    map[string][][]float64 // normalised tables by method
	e       *evaluation
	nominal []float64
}

// factors lists what the uncertainty section asks to vary.
func (v *varied) factors(u Uncertainty) ([]factor, error) {
	var out []factor
	pick := func(n int, x float64) int { return min(int(x*float64(n)), n-1) }
	if len(u.Normalise) > 0 {
		for _, method := range u.Normalise {
			t, err := v.p.normalised(method)
			if err != nil {
				return nil, fmt.Errorf("normalise %s: %w", method, err)
			}
			v.base[method] = t
		}
		out = append(out, factor{"normalise", func(t *trial, x float64) { t.normalise = u.Normalise[pick(len(u.Normalise), x)] }})
	}
	if len(u.Aggregate) > 0 {
		out = append(out, factor{"aggregate", func(t *trial, x float64) { t.aggregate = u.Aggregate[pick(len(u.Aggregate), x)] }})
	}
	if u.LeaveOut {
		out = append(out, factor{"leave_out", func(t *trial, x float64) {
			if k := pick(len(v.p.ids)+1, x); k > 0 {
				t.without = v.p.ids[k-1]
			}
		}})
	}
	if u.Weights > 0 {
		for k, n := range v.e.nodes {
			if n.parent >= 0 && len(v.e.nodes[n.parent].children) > 1 {
				out = append(out, factor{"weight " + n.name(), func(t *trial, x float64) { t.factors[k] = 1 + u.Weights*(2*x-1) }})
			}
		}
	}
	return out, nil
}

// ranks returns the ranks under one draw. A draw that leaves nothing of the
// index, because its only indicator was left out, ranks nobody.
func (v *varied) ranks(factors []factor, draw []float64) ([]float64, error) {
	t := trial{variation: variation{factors: slices.Repeat([]float64{1}, len(v.e.nodes))}}
	for i, f := range factors {
		f.set(&t, draw[i])
	}
	scores, err := v.e.run(v.base[t.normalise], t.variation)
	if err != nil {
		return nil, fmt.Errorf("normalise %q with aggregate %q: %w", t.normalise, t.aggregate, err)
	}
	return rankScores(scores, v.m.Ranking), nil
}

func (v *varied) rankStage(ranks [][]float64) Stage {
	names := []string{"rank", "mean", "median", "low_5", "high_95", "best", "worst", "share_at_rank"}
	columns := make([][]float64, len(names))
	for c := range columns {
		columns[c] = slices.Repeat([]float64{math.NaN()}, len(ranks))
	}
	for i, xs := range ranks {
		columns[0][i] = v.nominal[i]
		if len(xs) == 0 {
			continue
		}
		slices.Sort(xs)
		n := float64(len(xs))
		var sum, same float64
		for _, x := range xs {
			sum += x
			if x == v.nominal[i] {
				same++
			}
		}
		at := func(p float64) float64 { return xs[int(math.Round(p*(n-1)))] }
		for c, x := range []float64{sum / n, at(.5), at(.05), at(.95), xs[0], xs[len(xs)-1], same / n} {
			columns[c+1][i] = x
		}
	}
	return byColumns("uncertainty", Text{"排名的不确定性", "Uncertainty of ranks"}, unitHead, v.p.labels, names, columns, nil)
}

// sensitivity finds what moves ranks: Sobol indices of the mean absolute shift
// from the ranks as published.
func (v *varied) sensitivity(factors []factor, u Uncertainty) (Stage, error) {
	s := Stage{ID: "sensitivity", Title: Text{"排名变动的来源（Sobol 指数）", "What moves ranks (Sobol indices)"}, Head: Text{"因素", "Factor"},
		Columns: []string{"first", "first_low", "first_high", "total", "total_low", "total_high"}}
	shift := func(draw []float64) (float64, error) {
		r, err := v.ranks(factors, draw)
		if err != nil {
			return 0, err
		}
		var sum, n float64
		for i, x := range r {
			if !math.IsNaN(x) && !math.IsNaN(v.nominal[i]) {
				sum, n = sum+math.Abs(x-v.nominal[i]), n+1
			}
		}
		if n == 0 {
			return 0, nil
		}
		return sum / n, nil
	}
	r, err := sobol.Analyse(len(factors), shift, sobol.Options{Base: u.Sobol, Seed: u.Seed})
	if errors.Is(err, sobol.ErrInvalid) {
		s.Notes = append(s.Notes, Text{"所有变动都未改变排名", "no variation changes a rank"})
		return s, nil
	}
	if err != nil {
		return Stage{}, err
	}
	for i, f := range factors {
		in := r.Inputs[i]
		s.Rows = append(s.Rows, f.name)
		s.Cells = append(s.Cells, []*float64{cell(in.First), cell(in.FirstLow), cell(in.FirstHigh), cell(in.Total), cell(in.TotalLow), cell(in.TotalHigh)})
	}
	return s, nil
}
