// Package finding turns facts of a closed month into sentences: significant changes, breaches of time limits by
// article, lowered grades, anomalies, concentrations, dormant storage and what it costs.
//
// No sentence without figures, and none where nothing happened. It ranks findings and words them; it computes no
// indicator and decides nothing.
package finding

import (
	"slices"

	"weir/reports/document"
	"weir/reports/reading"
)

// Kind is what a finding is about.
type Kind string

// The kinds, in the order in which a list takes one of each.
const (
	Changed      Kind = "change"        // significant change against last month
	Breach       Kind = "breach"        // a legal time limit was passed
	Capped       Kind = "cap"           // a grade was lowered
	Anomaly      Kind = "anomaly"       // a volume far from what is usual
	Dormant      Kind = "dormant"       // storage that nobody uses
	Concentrated Kind = "concentration" // exchange that hangs on one partner
)

// Finding is one sentence with its weight.
type Finding struct {
	Kind       Kind
	Department string // "" where it is about all
	Weight     float64
	Better     bool // a change to the better
	Paragraph  document.Paragraph
}

// Options says where sentences may lead.
type Options struct {
	// Sections tells that departments have sections in the document.
	Sections bool
	// Department limits the findings to one department.
	Department string
}

// finder is one run.
type finder struct {
	*reading.Reading
	Options
}

// All lists every finding, the kinds in order and within a kind the weightiest first.
func All(r *reading.Reading, o Options) ([]Finding, error) {
	f := &finder{r, o}
	var list []Finding
	for _, find := range []func() ([]Finding, error){f.changes, f.breaches, f.caps, f.anomalies, f.dormant, f.concentrations} {
		found, err := find()
		if err != nil {
			return nil, err
		}
		slices.SortStableFunc(found, func(x, y Finding) int {
			switch {
			case x.Weight > y.Weight:
				return -1
			case x.Weight < y.Weight:
				return 1
			}
			return 0
		})
		list = append(list, found...)
	}
	return list, nil
}

// Top takes at most n findings in turns: the weightiest of each kind first, then the second of each, so that no
// kind crowds out the others.
func Top(all []Finding, n int) []Finding {
	var top []Finding
	turn := map[Kind]int{}
	turns := make([]int, len(all))
	for i, f := range all {
		turns[i] = turn[f.Kind]
		turn[f.Kind]++
	}
	for round := 0; len(top) < min(n, len(all)); round++ {
		for i, f := range all {
			if turns[i] == round && len(top) < n {
				top = append(top, f)
			}
		}
	}
	return top
}

// Paragraphs are the sentences of the findings.
func Paragraphs(list []Finding) []document.Paragraph {
	out := make([]document.Paragraph, len(list))
	for i, f := range list {
		out[i] = f.Paragraph
	}
	return out
}

// Has tells whether a finding of the kind is in the list.
func Has(list []Finding, k Kind) bool {
	return slices.ContainsFunc(list, func(f Finding) bool { return f.Kind == k })
}

// skips tells whether a department is out of scope.
func (f *finder) skips(department string) bool {
	return f.Department != "" && f.Department != department
}

// name is the department as the subject of a sentence, with a link where it has a section.
func (f *finder) name(department string) document.Span {
	s := document.Span{Text: f.Name(department), Strong: true}
	if f.Sections && f.Has(department) {
		s.Link = reading.DepartmentSection(department)
	}
	return s
}
