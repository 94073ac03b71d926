package evaluate

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"weir/internal/problem"
	"weir/internal/store"
	"weir/queries/marts"
	"weir/queries/page"
	"weir/queries/schema"
)

// tableUse is a table that a query reads and where it stands.
type tableUse struct {
	name   string
	offset int // bytes from the begin of the query
}

// tablesOf parses a query, without running it, and lists the tables it reads, names of its own WITH left out.
// A query that is not exactly one SELECT is an error.
func tablesOf(ctx context.Context, q store.Querier, query string) ([]tableUse, error) {
	r, err := store.Collect(ctx, q, "SELECT CAST(json_serialize_sql(CAST($query AS VARCHAR)) AS VARCHAR)", map[string]any{"query": query})
	if err != nil {
		return nil, err
	}
	var tree struct {
		Error        bool              `json:"error"`
		ErrorMessage string            `json:"error_message"`
		Statements   []json.RawMessage `json:"statements"`
	}
	if err := json.Unmarshal([]byte(r.Rows[0][0].(string)), &tree); err != nil {
		return nil, err
	}
	switch {
	case tree.Error:
		return nil, fmt.Errorf("%s", tree.ErrorMessage)
	case len(tree.Statements) != 1:
		return nil, fmt.Errorf("%d statements; write one SELECT", len(tree.Statements))
	}
	var node any
	if err := json.Unmarshal(tree.Statements[0], &node); err != nil {
		return nil, err
	}
	w := syntaxWalk{own: map[string]bool{}}
	w.walk(node)
	return slices.DeleteFunc(w.tables, func(t tableUse) bool { return w.own[strings.ToLower(t.name)] }), nil
}

type syntaxWalk struct {
	tables []tableUse
	own    map[string]bool // names defined by WITH
}

func (w *syntaxWalk) walk(node any) {
	switch node := node.(type) {
	case []any:
		for _, item := range node {
			w.walk(item)
		}
	case map[string]any:
		if ctes, ok := node["cte_map"].(map[string]any); ok {
			if list, ok := ctes["map"].([]any); ok {
				for _, item := range list {
					if entry, ok := item.(map[string]any); ok {
						w.own[strings.ToLower(fmt.Sprint(entry["key"]))] = true
					}
				}
			}
		}
		if node["type"] == "BASE_TABLE" {
			offset, _ := node["query_location"].(float64)
			w.tables = append(w.tables, tableUse{name: fmt.Sprint(node["table_name"]), offset: int(offset)})
		}
		for _, key := range sortedKeys(node) {
			w.walk(node[key])
		}
	}
}

// readable reports whether a page may read a table: marts, reference tables and rules, never raw events.
func readable(table string) bool {
	if _, ok := marts.Find(table); ok {
		return true
	}
	if slices.Contains(ruleTableNames, table) {
		return true
	}
	t, ok := schema.Default().Table(table)
	return ok && len(t.Time) == 0
}

// checkTables finds the raw events that a page's query reads.
func checkTables(ctx context.Context, q store.Querier, p *page.Indicator, what string, query page.Query) problem.List {
	if strings.TrimSpace(query.Text) == "" {
		return nil // reported by the page's own validation
	}
	tables, err := tablesOf(ctx, q, query.Text)
	if err != nil {
		return problem.List{{File: p.File, Line: query.Line, What: what + ": " + err.Error(), Cure: "correct the SQL"}}
	}
	var problems problem.List
	for _, t := range tables {
		if readable(t.name) {
			continue
		}
		line := query.Line
		if t.offset >= 0 && t.offset <= len(query.Text) {
			line += strings.Count(query.Text[:t.offset], "\n")
		}
		found := problem.Problem{File: p.File, Line: line, What: fmt.Sprintf("%s: it reads %s", what, t.name)}
		if _, event := schema.Default().Table(t.name); event {
			found.What += ", a table of raw events"
			found.Cure = "read a mart, so that a month costs the same however long the history is; sql check may read events"
		} else {
			found.Cure = problem.DidYouMean(t.name, readableNames())
		}
		problems = append(problems, found)
	}
	return problems
}

func readableNames() []string {
	names := slices.Clone(ruleTableNames)
	for _, m := range marts.All() {
		names = append(names, m.Name)
	}
	for _, t := range schema.Default().Tables {
		if len(t.Time) == 0 {
			names = append(names, t.Name)
		}
	}
	return names
}
