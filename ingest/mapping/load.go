package mapping

import (
	"io/fs"
	"slices"
	"strings"

	"weir/internal/problem"
	"weir/queries/schema"
)

// Load reads the mapping files at the top of each file system; a later one replaces an earlier one of its name. A
// nil file system is skipped. The mappings are in order of their names.
func Load(model *schema.Model, from ...fs.FS) ([]*Mapping, problem.List) {
	byID := map[string]*Mapping{}
	var problems problem.List
	for _, f := range from {
		if f == nil {
			continue
		}
		names, err := fs.Glob(f, "*.yaml")
		if err != nil {
			problems = append(problems, problem.Problem{File: "mappings", What: err.Error()})
			continue
		}
		for _, name := range names {
			text, err := fs.ReadFile(f, name)
			if err != nil {
				problems = append(problems, problem.Problem{File: name, What: err.Error(), Cure: "check the permissions"})
				continue
			}
			m, ps := Parse(name, text, model)
			problems = append(problems, ps...)
			if m != nil {
				byID[m.ID] = m
			}
		}
	}
	all := make([]*Mapping, 0, len(byID))
	for _, m := range byID {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *Mapping) int { return strings.Compare(a.ID, b.ID) })
	return all, problems
}
