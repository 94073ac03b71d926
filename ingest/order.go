package ingest

import (
	"slices"

	"weir/queries/schema"
)

// order puts files of the same call in the order of the model, departments first, so that rows find what they
// refer to however the shell sorted the names. Files whose name says no table keep their place behind the others.
func order(paths []string, table string, model *schema.Model) []string {
	if table != "" {
		return paths
	}
	return Order(paths, model)
}

// Order puts files in the order of the model's tables, by their names; files whose name says no table keep their place
// behind the others.
func Order(paths []string, model *schema.Model) []string {
	names := model.TableNames()
	rank := func(path string) int {
		if t := tableOf(path, model); t != nil {
			return slices.Index(names, t.Name)
		}
		return len(names)
	}
	ordered := slices.Clone(paths)
	slices.SortStableFunc(ordered, func(a, b string) int { return rank(a) - rank(b) })
	return ordered
}
