package store

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
)

// Result is a query's answer, held in memory: ask for no more than is to be shown.
type Result struct {
	Columns []Column
	Rows    [][]any
}

// Column is a column of a result with the engine's type name.
type Column struct {
	Name string
	Type string
}

// Querier runs queries: a *sql.Conn inside a transaction, or a pool.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Query runs one statement with values bound by name; parameters that it does not use are left out.
func (s *Store) Query(ctx context.Context, query string, parameters map[string]any) (*Result, error) {
	return Collect(ctx, s.db, query, parameters)
}

// Collect is Query on a given connection.
func Collect(ctx context.Context, q Querier, query string, parameters map[string]any) (_ *Result, err error) {
	rows, err := q.QueryContext(ctx, query, Bind(query, parameters)...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	result := &Result{}
	for _, t := range types {
		result.Columns = append(result.Columns, Column{Name: t.Name(), Type: t.DatabaseTypeName()})
	}
	for rows.Next() {
		row := make([]any, len(types))
		targets := make([]any, len(types))
		for i := range row {
			targets[i] = &row[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		result.Rows = append(result.Rows, row)
	}
	return result, rows.Err()
}

var (
	parameterName = regexp.MustCompile(`\$[A-Za-z_][A-Za-z0-9_]*`)
	literal       = regexp.MustCompile(`(?s)'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/`)
)

// Bind gives the named arguments for the $names that occur in the query outside of strings, quoted names and
// comments. A name without a value is left out, so that the engine names it in its error.
func Bind(query string, parameters map[string]any) []any {
	var arguments []any
	seen := map[string]bool{}
	for _, name := range parameterName.FindAllString(literal.ReplaceAllString(query, " "), -1) {
		name = name[1:]
		value, ok := parameters[name]
		if !ok || seen[name] {
			continue
		}
		seen[name] = true
		arguments = append(arguments, sql.Named(name, value))
	}
	return arguments
}
