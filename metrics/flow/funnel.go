package flow

// Step is a stage of the way from catalogue to use and how many data resources
// reached it.
type Step struct {
	ID    string
	Count int64
}

// FunnelStep is a step with its ratios. A nil ratio has no base.
type FunnelStep struct {
	ID         string   `json:"id"`
	Count      int64    `json:"count"`
	OfPrevious *float64 `json:"of_previous"`
	OfFirst    *float64 `json:"of_first"`
	Lost       int64    `json:"lost"` // less than at the step before; 0 if more
	// Rises: more than at the step before, which a funnel of the same
	// resources cannot do; the sources then count different things.
	Rises bool `json:"rises"`
	// Narrowest: the step that keeps the smallest share of the one before.
	Narrowest bool `json:"narrowest"`
}

// Funnel compares successive steps, for example catalogued, mounted, requested,
// provided, used (编目→挂接→申请→提供→使用). No steps and negative counts are
// refused.
func Funnel(steps []Step) ([]FunnelStep, error) {
	if len(steps) == 0 {
		return nil, noData("no steps")
	}
	out := make([]FunnelStep, len(steps))
	narrowest, least := -1, 0.0
	for i, s := range steps {
		if s.Count < 0 {
			return nil, invalid("step %q counts %d", s.ID, s.Count)
		}
		out[i] = FunnelStep{ID: s.ID, Count: s.Count}
		if i == 0 {
			continue
		}
		before := steps[i-1].Count
		if out[i].OfPrevious = ratio(s.Count, before); out[i].OfPrevious != nil {
			if r := *out[i].OfPrevious; narrowest < 0 || r < least {
				narrowest, least = i, r
			}
		}
		out[i].OfFirst = ratio(s.Count, steps[0].Count)
		out[i].Lost = max(0, before-s.Count)
		out[i].Rises = s.Count > before
	}
	if narrowest > 0 && least < 1 {
		out[narrowest].Narrowest = true
	}
	return out, nil
}

func ratio(a, b int64) *float64 {
	if b == 0 {
		return nil
	}
	r := float64(a) / float64(b)
	return &r
}
