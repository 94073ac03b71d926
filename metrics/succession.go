package metrics

import (
	"slices"

	"weir/internal/lang"
)

// Predecessor is a department that is no longer in being and whose figures count for the one that took over its duties.
type Predecessor struct {
	ID        string
	Name      lang.Text // as it stood at the close
	Successor string    // for which its figures count: of a chain of mergers the last
	Until     string    // its last day, YYYY-MM-DD
}

// PredecessorsOf lists those whose figures the department's own hold, in the order of their ids.
func (m *Month) PredecessorsOf(department string) []Predecessor {
	var list []Predecessor
	for _, p := range m.Predecessors {
		if p.Successor == department {
			list = append(list, p)
		}
	}
	return list
}

// Joined lists the predecessors whose figures a department's hold in this month and did not in an earlier one, so that
// the two are not like for like.
func (m *Month) Joined(before *Month, department string) []Predecessor {
	return slices.DeleteFunc(m.PredecessorsOf(department), before.counts)
}

// counts tells whether the month's figures of the successor hold those of the predecessor. A month that was closed
// before successions were kept still says who was in being: a department of its own counted for nobody else.
func (m *Month) counts(p Predecessor) bool {
	if m.Predecessors == nil {
		return !slices.ContainsFunc(m.Departments, func(d Department) bool { return d.ID == p.ID })
	}
	return slices.ContainsFunc(m.Predecessors, func(q Predecessor) bool { return q.ID == p.ID && q.Successor == p.Successor })
}

// FlowsAs gives the month's flows as a later month counts them: those of its predecessors are their successors', and
// what passed between the two is own use, which is no flow.
func (m *Month) FlowsAs(later *Month) []Flow {
	if len(later.Predecessors) == 0 {
		return m.Flows
	}
	successor := map[string]string{}
	for _, p := range later.Predecessors {
		successor[p.ID] = p.Successor
	}
	var list []Flow
	for _, f := range m.Flows {
		if s, ok := successor[f.Provider]; ok {
			f.Provider = s
		}
		if s, ok := successor[f.Consumer]; ok {
			f.Consumer = s
		}
		if f.Provider != f.Consumer {
			list = append(list, f)
		}
	}
	return list
}
