package page

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"weir/internal/problem"
)

// Parameter is a value that a query may bind by name. Dates are days in the workspace's zone, instants are UTC.
type Parameter struct {
	Name string
	Type string // SQL type, by which another engine writes the value
	Says string
}

// Parameters lists every value bound to indicator queries.
var Parameters = []Parameter{
	{"month", "DATE", "first day of the month"},
	{"next_month", "DATE", "first day of the month after"},
	{"from_12_months", "DATE", "first day of the twelve months that end with this one"},
	{"from_3_months", "DATE", "first day of the three months that end with this one"},
	{"period_start", "TIMESTAMP", "begin of the month, included"},
	{"period_end", "TIMESTAMP", "end of the month or the as-of instant, excluded"},
	{"known_until", "TIMESTAMP", "what is dated from this instant on is not known yet: the as-of instant, else the end of time"},
	{"last_day", "DATE", "last day of the period, also where only a part of it lies in it"},
	{"from_30", "DATE", "first of the 30 days that end with last_day"},
	{"from_90", "DATE", "first of the 90 days that end with last_day"},
	{"from_180", "DATE", "first of the 180 days that end with last_day"},
	{"from_365", "DATE", "first of the 365 days that end with last_day"},
	{"fiscal_year", "BIGINT", "budget year in which the month lies"},
	{"fiscal_year_start", "DATE", "first day of that budget year"},
	{"time_zone", "VARCHAR", "name of the workspace's zone"},
	{"department", "VARCHAR", "department whose rows are listed; evidence only"},
}

func parameterNames(evidence bool) []string {
	var names []string
	for _, p := range Parameters {
		if evidence || p.Name != "department" {
			names = append(names, p.Name)
		}
	}
	return names
}

var (
	sqlNoise   = regexp.MustCompile(`(?s)'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/`)
	sqlName    = regexp.MustCompile(`\$[A-Za-z_][A-Za-z0-9_]*`)
	sqlOrderBy = regexp.MustCompile(`(?i)\border\s+by\b`)
	notBlank   = regexp.MustCompile(`[^\n]`)
)

// Bare is the SQL with strings, quoted names and comments blanked, every offset and line kept.
func Bare(sql string) string {
	return sqlNoise.ReplaceAllStringFunc(sql, func(s string) string { return notBlank.ReplaceAllString(s, " ") })
}

// checkSQL finds what can be seen in a query without an engine: unknown parameters, no order, several statements.
func checkSQL(file, what string, q Query, evidence bool) problem.List {
	var problems problem.List
	add := func(offset int, text, cure string) {
		before := q.Text[:offset]
		line := q.Line + strings.Count(before, "\n")
		column := len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
		problems = append(problems, problem.Problem{File: file, Line: line, Column: column, What: text, Cure: cure})
	}
	bare := Bare(q.Text)
	known := parameterNames(evidence)
	for _, at := range sqlName.FindAllStringIndex(bare, -1) {
		if name := bare[at[0]+1 : at[1]]; !slices.Contains(known, name) {
			add(at[0], fmt.Sprintf("%s: unknown parameter $%s", what, name), problem.DidYouMean(name, known))
		}
	}
	if !orderedOutside(bare) {
		add(0, what+": the result has no order", "end it with ORDER BY, so that the same data give the same rows in the same order")
	}
	if i := strings.IndexByte(bare, ';'); i >= 0 {
		add(i, what+": a semicolon", "write one SELECT without a semicolon")
	}
	if evidence && !strings.Contains(bare, "$department") {
		add(0, what+": it does not use $department", "list the rows of one department: WHERE department_id = $department")
	}
	return problems
}

// orderedOutside reports whether ORDER BY stands outside of all parentheses.
func orderedOutside(bare string) bool {
	depth := 0
	var outside strings.Builder
	for _, r := range bare {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case depth == 0:
			outside.WriteRune(r)
			continue
		}
		outside.WriteByte(' ')
	}
	return sqlOrderBy.MatchString(outside.String())
}
