package reading

import (
	"fmt"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/metrics"
	"weir/reports/document"
)

// Includes says in a sentence whose figures a department's hold besides its own, "" where they hold nobody's.
func Includes(m *metrics.Month, department string, l lang.Lang) string {
	if names := named(m, department, l); names != "" {
		return fmt.Sprintf(l.Pick("含%s的数据。", "Includes the figures of %s."), names)
	}
	return ""
}

// named lists a department's predecessors with their last days.
func named(m *metrics.Month, department string, l lang.Lang) string {
	var parts []string
	for _, p := range m.PredecessorsOf(department) {
		parts = append(parts, fmt.Sprintf(l.Pick("%s（至 %s）", "%s (until %s)"), former(m, p, l), p.Until))
	}
	return strings.Join(parts, l.Pick("、", ", "))
}

// SuccessionFacts is the line of a cover that names a department's predecessors; none where it has none.
func (r *Reading) SuccessionFacts(department string) []document.Fact {
	names := named(r.Month, department, r.Lang)
	if names == "" {
		return nil
	}
	return []document.Fact{{Label: r.T("数据包含", "Includes"), Value: names}}
}

// Without says up to which of the months, of which the last is the reported one, a department's figures do not hold
// those of its predecessors; "" where they do in all of them.
func Without(months []*metrics.Month, department string, l lang.Lang) string {
	m, told := months[len(months)-1], map[string]bool{}
	var sentences []string
	for i := len(months) - 2; i >= 0; i-- {
		var lacking []metrics.Predecessor
		for _, p := range m.Joined(months[i], department) {
			if !told[p.ID] {
				lacking, told[p.ID] = append(lacking, p), true
			}
		}
		if len(lacking) > 0 {
			sentences = append(sentences, fmt.Sprintf(l.Pick("%s及以前各月不含%s的数据，与其相比口径不同。", "%s and the months before are without %s: comparisons with them are not like for like."),
				periodIn(months[i].Month, l), formers(m, lacking, l)))
		}
	}
	return Sentences(l, sentences...)
}

// Sentences puts sentences after each other, leaving out empty ones.
func Sentences(l lang.Lang, list ...string) string {
	list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "" })
	if l == lang.En {
		return strings.Join(list, " ")
	}
	return strings.Join(list, "")
}

// former names a department that is gone, with its identifier where it shares its name with another.
func former(m *metrics.Month, p metrics.Predecessor, l lang.Lang) string {
	name := p.Name.In(l)
	same := func(other string) bool { return other == name || strings.HasPrefix(other, name+l.Pick("（", " (")) }
	alike := name == ""
	for _, d := range m.Departments {
		alike = alike || same(d.Name.In(l))
	}
	for _, q := range m.Predecessors {
		alike = alike || q.ID != p.ID && same(q.Name.In(l))
	}
	switch {
	case name == "":
		name = p.ID
	case alike:
		name += l.Pick("（", " (") + p.ID + l.Pick("）", ")")
	}
	return l.Pick("原", "the former ") + name
}

func formers(m *metrics.Month, list []metrics.Predecessor, l lang.Lang) string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = former(m, p, l)
	}
	return strings.Join(names, l.Pick("、", ", "))
}

// Joined names those that joined a department since last month, "" for nobody: its figures of the two months are not
// like for like.
func (r *Reading) Joined(department string) string {
	if before := r.Previous(); before != nil {
		return formers(r.Month, r.Month.Joined(before, department), r.Lang)
	}
	return ""
}

// pastMonths is how far back a report looks: a year and the month itself.
const pastMonths = 13

// Succession says whose figures a department's hold, and what follows for comparisons with months before; "" where
// they hold nobody's.
func (r *Reading) Succession(department string) string {
	includes := Includes(r.Month, department, r.Lang)
	if includes == "" {
		return ""
	}
	untested := ""
	if r.Joined(department) != "" {
		untested = r.T("较上月的变化不作检验，不列为发现。", "Changes since last month are not tested and are no findings.")
	}
	return Sentences(r.Lang, includes, Without(r.Months(pastMonths), department, r.Lang), untested)
}

// SuccessionNote is Succession set apart from the text, nil where there is nothing to say.
func (r *Reading) SuccessionNote(department string) *document.Note {
	text := r.Succession(department)
	if text == "" {
		return nil
	}
	return &document.Note{Level: document.NoteInfo, Body: []document.Paragraph{*document.P(text)}}
}

// NotCompared says of departments that took over another since last month why a list of changes holds none of theirs;
// "" where none of them did.
func (r *Reading) NotCompared(departments ...string) string {
	var sentences []string
	for _, d := range departments {
		if joined := r.Joined(d); joined != "" {
			sentences = append(sentences, r.F("%s自本月起含%s的数据，与上月口径不同，其变化不作检验，不列为发现。", "%s includes %s as of this month and is not like for like with last month: its changes are not tested and are no findings.",
				r.Name(d), joined))
		}
	}
	return Sentences(r.Lang, sentences...)
}

// Since words "since last month" for a change of a department, with a warning where the months are not like for like.
func (r *Reading) Since(department string) string {
	if r.Joined(department) != "" {
		return r.T("较上月（口径不同）", "since last month (not like for like)")
	}
	return r.T("较上月", "since last month")
}
