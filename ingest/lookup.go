package ingest

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"weir/ingest/mapping"
	"weir/ingest/personal"
	"weir/internal/problem"
	"weir/queries/schema"
)

// lookups gives the expressions of the columns that the mapping's lookups make and its columns use. A personal column
// is hashed before anything sees it, so its keys are hashed likewise and must match exactly.
func (l *load) lookups(ctx context.Context, c *sql.Conn, used *usedColumns) ([]string, error) {
	m := l.plan.mapping
	var expressions []string
	for i := range m.Lookups {
		one := &m.Lookups[i]
		place := slices.Index(used.names, one.Column)
		if place < 0 {
			continue
		}
		hash := used.personal[place]
		if hash && one.Prefix {
			return nil, problem.Problem{File: m.Source, Line: one.Line, What: fmt.Sprintf("the lookup %s matches prefixes of %s, which is personal and only known as a hash", one.Name, one.Column), Cure: "match it exactly"}
		}
		if hash && l.settings.Key == nil {
			return nil, l.noKey()
		}
		kind := fmt.Sprintf("weir_lookup_%d", i)
		if !one.Prefix {
			if _, err := c.ExecContext(ctx, fmt.Sprintf("CREATE TEMP TYPE %s AS ENUM (%s)", kind, literals(l.lookupKeys(one, hash)))); err != nil {
				return nil, fmt.Errorf("lookup %s: %w", one.Name, err)
			}
			l.types = append(l.types, kind)
		}
		for _, field := range one.Fields {
			expression := exactLookup(one, field, kind)
			if one.Prefix {
				expression = prefixLookup(one, field)
			}
			expressions = append(expressions, expression+" AS "+schema.Quote(one.Name+"."+field))
		}
	}
	return expressions, nil
}

func (l *load) lookupKeys(one *mapping.Lookup, hash bool) []string {
	keys := make([]string, len(one.Rows))
	for i, r := range one.Rows {
		keys[i] = r.Key
		if hash {
			keys[i] = string(personal.New(l.settings.Key).Append(nil, []byte(r.Key)))
		}
	}
	return keys
}

// exactLookup finds the value's row by one hash lookup.
func exactLookup(one *mapping.Lookup, field, kind string) string {
	values := make([]string, len(one.Rows))
	for i, r := range one.Rows {
		values[i] = optional(r.Values, field)
	}
	found := fmt.Sprintf("enum_code(TRY_CAST(%s AS %s))", schema.Quote(one.Column), kind)
	return fmt.Sprintf("CASE WHEN %s IS NULL THEN %s ELSE (CAST([%s] AS VARCHAR[]))[%s + 1] END", found, optional(one.Else, field), strings.Join(values, ", "), found)
}

// prefixLookup tries the keys from the longest to the shortest. A key ends where a word ends: /tax does not fit
// /taxation, but /tax/2026 and /tax?year=2026.
func prefixLookup(one *mapping.Lookup, field string) string {
	rows := slices.Clone(one.Rows)
	slices.SortStableFunc(rows, func(a, b mapping.LookupRow) int { return len(b.Key) - len(a.Key) })
	x := schema.Quote(one.Column)
	var b strings.Builder
	b.WriteString("CASE")
	for _, r := range rows {
		fmt.Fprintf(&b, " WHEN starts_with(%s, %s)", x, schema.Literal(r.Key))
		if last := r.Key[max(0, len(r.Key)-1):]; !strings.ContainsAny(last, "/?#.:=&") {
			fmt.Fprintf(&b, " AND substr(%s, %d, 1) IN ('', '/', '?', '#', '.', ':', ';', '&')", x, len([]rune(r.Key))+1)
		}
		b.WriteString(" THEN " + optional(r.Values, field))
	}
	return b.String() + " ELSE " + optional(one.Else, field) + " END"
}

func optional(values map[string]string, field string) string {
	if v, ok := values[field]; ok {
		return schema.Literal(v)
	}
	return "NULL::VARCHAR"
}
