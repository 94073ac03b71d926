// Package macros holds the few SQL functions that pages and marts use beyond what DuckDB and Trino share: calendar
// arithmetic, whole minutes, exact quotients. Each engine has one file with the same names.
//
// A macro that only one page needs is written in that page.
package macros

import (
	_ "embed"
	"strings"
)

//go:embed duckdb.sql
var duckdb string

// DuckDB lists the statements that define the macros on a connection, in order.
func DuckDB() []string {
	var statements []string
	for statement := range strings.SplitSeq(duckdb, ";\n") {
		if strings.Contains(statement, "CREATE") {
			statements = append(statements, statement)
		}
	}
	return statements
}
