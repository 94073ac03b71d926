package cli

import (
	"fmt"
	"slices"

	"weir/metrics"
	"weir/metrics/scoring"
)

// sensitivity says what a score or rank hangs on: an overview of all departments, or every factor of one.
func (c scoreCommand) sensitivity(e *env, m *metrics.Month) (*table, error) {
	if !(c.Spread > 0 && c.Spread < 1) {
		return nil, usageError{fmt.Sprintf("--spread %v: want a part between 0 and 1, such as 0.25", c.Spread)}
	}
	observed := m.Observed()
	if c.Department == "" {
		return c.overview(e, m, observed)
	}
	return c.factors(e, m, observed)
}

func (c scoreCommand) overview(e *env, m *metrics.Month, observed []scoring.Department) (*table, error) {
	t := &table{columns: []string{"month", "department_id", "department", "total", "grade", "next_grade", "points_missing", "rank", "moved_by_weights", "moved_by_targets", "strongest_factor", "strongest_indicator", "score_low", "score_high"}}
	names := departmentNames(m, e)
	for _, r := range c.picked(m) {
		if !r.Total.Scored {
			continue
		}
		swings, err := m.Scheme.Swings(observed, r.Department, c.Spread)
		if err != nil {
			return nil, err
		}
		row := []any{m.Month, r.Department, names[r.Department], r.Total.Score, r.Grade}
		row = append(row, nextGrade(m, r)...)
		moved := map[scoring.FactorKind]int{}
		for _, s := range swings {
			if s.Moves {
				moved[s.Kind]++
			}
		}
		row = append(row, r.Rank, moved[scoring.WeightFactor], moved[scoring.TargetFactor])
		if len(swings) > 0 {
			s := swings[0]
			row = append(row, string(s.Kind), s.Indicator, scoring.Round(s.ScoreLow, 2), scoring.Round(s.ScoreHigh, 2))
		} else {
			row = append(row, nil, nil, nil, nil)
		}
		t.add(row...)
	}
	return t, nil
}

func nextGrade(m *metrics.Month, r scoring.Result) []any {
	bands := m.Scheme.Bands
	if len(bands) == 0 {
		bands = scoring.DefaultBands()
	}
	grade, missing, ok := bands.ToNext(r.Total.Score)
	if !ok {
		return []any{nil, nil}
	}
	return []any{grade, missing}
}

// factors joins the swing of each weight and target with the Sobol indices of score and rank.
func (c scoreCommand) factors(e *env, m *metrics.Month, observed []scoring.Department) (*table, error) {
	r, _ := m.Score(c.Department)
	if !r.Total.Scored {
		return nil, fmt.Errorf(e.lang.Pick("%s 在 %s 没有得分", "%s has no score in %s"), c.Department, m.Month)
	}
	swings, err := m.Scheme.Swings(observed, c.Department, c.Spread)
	if err != nil {
		return nil, err
	}
	type key struct {
		kind      scoring.FactorKind
		indicator string
	}
	indices := [2]map[key]scoring.FactorIndex{{}, {}}
	for i, rank := range []bool{false, true} {
		list, err := m.Scheme.Sensitivity(observed, c.Department, scoring.SensitivityOptions{Values: true, Weights: c.Spread, Targets: c.Spread, Aggregation: true, Rank: rank, Seed: 1, Base: 256})
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			indices[i][key{f.Kind, f.Indicator}] = f
		}
	}
	t := &table{columns: []string{"month", "department_id", "factor", "indicator_id", "score_low", "score_high", "rank_low", "rank_high", "moves_rank", "score_first", "score_total", "rank_first", "rank_total"}}
	add := func(k key, swing []any) {
		row := append([]any{m.Month, c.Department, string(k.kind), text(k.indicator)}, swing...)
		for i := range indices {
			if f, ok := indices[i][k]; ok {
				row = append(row, scoring.Round(f.First, 4), scoring.Round(f.Total, 4))
			} else {
				row = append(row, nil, nil)
			}
			delete(indices[i], k)
		}
		t.add(row...)
	}
	for _, s := range swings {
		add(key{s.Kind, s.Indicator}, []any{scoring.Round(s.ScoreLow, 2), scoring.Round(s.ScoreHigh, 2), s.RankLow, s.RankHigh, s.Moves})
	}
	// Values and the way of averaging have no two ends to be moved to.
	var rest []key
	for k := range indices[0] {
		rest = append(rest, k)
	}
	for k := range indices[1] {
		if _, ok := indices[0][k]; !ok {
			rest = append(rest, k)
		}
	}
	slices.SortFunc(rest, func(a, b key) int {
		return slices.Compare([]string{string(a.kind), a.indicator}, []string{string(b.kind), b.indicator})
	})
	for _, k := range rest {
		add(k, []any{nil, nil, nil, nil, nil})
	}
	next := nextGrade(m, r)
	if next[0] != nil {
		e.say(fmt.Sprintf("%s 得 %g 分，等级“%s”，名次 %d；距“%s”还差 %g 分", c.Department, r.Total.Score, r.Grade, r.Rank, next[0], next[1]),
			fmt.Sprintf("%s scores %g, grade %q, rank %d; %g points to %q", c.Department, r.Total.Score, r.Grade, r.Rank, next[1], next[0]))
	}
	return t, nil
}
