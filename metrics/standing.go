package metrics

import "weir/metrics/scoring"

// Cap is the best grade that was open to a department, and why.
type Cap struct {
	Department string
	Grade      string
	Reason     string
}

// Standing says how firm a department's score, rank and grade are. Each part is a simulation of 1,000 or so seeded
// draws in which one thing varies and all else stays; intervals hold the central 95 %.
type Standing struct {
	Department string
	// Data: every value that has an interval varies within it, independently of the others.
	Data scoring.Simulated
	// Weights: the weights of the indicators vary around those of the scheme (Dirichlet).
	Weights scoring.Simulated
	// Choices: weights, targets and the way of averaging the groups vary together.
	Choices scoring.Simulated
}

// Standing finds that of a department.
func (m *Month) Standing(department string) (Standing, bool) {
	for _, s := range m.Standings {
		if s.Department == department {
			return s, true
		}
	}
	return Standing{}, false
}

// Score finds the score of a department.
func (m *Month) Score(department string) (scoring.Result, bool) {
	for _, r := range m.Scores {
		if r.Department == department {
			return r, true
		}
	}
	return scoring.Result{}, false
}

// Observed gives what each department brought to the scoring, so that a closed month can be scored again under
// other weights or targets.
func (m *Month) Observed() []scoring.Department {
	caps := map[string]Cap{}
	for _, c := range m.Caps {
		caps[c.Department] = c
	}
	var list []scoring.Department
	for _, r := range m.Scores {
		d := scoring.Department{ID: r.Department, Observations: map[string]scoring.Observation{}, GradeCap: caps[r.Department].Grade, CapReason: caps[r.Department].Reason}
		for _, t := range append([]scoring.Tally{r.Total}, r.Indices...) {
			for _, l := range t.Lines {
				o := l.Observed
				o.Rule = &l.Rule
				d.Observations[l.Indicator] = o
			}
		}
		list = append(list, d)
	}
	return list
}
