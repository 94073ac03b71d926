package ingest

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// expressionColumns parses an SQL expression with the engine's own parser, without running it, and lists the columns
// that it uses; a.b is listed as "a.b". An expression may compute on the columns of one row and nothing else: tables,
// subqueries, windows and parameters are errors.
func expressionColumns(ctx context.Context, c *sql.Conn, expression string) ([]string, error) {
	var text string
	if err := c.QueryRowContext(ctx, "SELECT json_serialize_sql(?::VARCHAR)::VARCHAR", "SELECT "+expression).Scan(&text); err != nil {
		return nil, err
	}
	var parsed struct {
		Error      bool   `json:"error"`
		Message    string `json:"error_message"`
		Statements []struct {
			Node map[string]any `json:"node"`
		} `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		return nil, err
	}
	if parsed.Error {
		return nil, errors.New(parsed.Message)
	}
	if len(parsed.Statements) != 1 {
		return nil, errors.New("want one expression")
	}
	node := parsed.Statements[0].Node
	list, _ := node["select_list"].([]any)
	from, _ := node["from_table"].(map[string]any)
	if node["type"] != "SELECT_NODE" || len(list) != 1 || from == nil || from["type"] != "EMPTY" || node["where_clause"] != nil {
		return nil, errors.New("want one expression over the columns of the file")
	}
	w := expressionWalk{}
	if err := w.walk(list[0], nil); err != nil {
		return nil, err
	}
	slices.Sort(w.columns)
	return slices.Compact(w.columns), nil
}

type expressionWalk struct{ columns []string }

func (w *expressionWalk) walk(node any, bound []string) error {
	switch n := node.(type) {
	case []any:
		for _, e := range n {
			if err := w.walk(e, bound); err != nil {
				return err
			}
		}
	case map[string]any:
		switch class, _ := n["class"].(string); class {
		case "SUBQUERY", "WINDOW", "STAR", "PARAMETER":
			return fmt.Errorf("%s is not allowed in a mapping", strings.ToLower(class))
		case "LAMBDA":
			inner := expressionWalk{}
			if err := inner.walk(n["lhs"], nil); err != nil {
				return err
			}
			return w.walk(n["expr"], append(slices.Clone(bound), inner.columns...))
		case "COLUMN_REF":
			var parts []string
			for _, p := range n["column_names"].([]any) {
				parts = append(parts, p.(string))
			}
			if !slices.Contains(bound, parts[0]) {
				w.columns = append(w.columns, strings.Join(parts, "."))
			}
			return nil
		}
		for _, key := range sortedKeys(n) {
			if err := w.walk(n[key], bound); err != nil {
				return err
			}
		}
	}
	return nil
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
