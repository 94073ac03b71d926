// Package problem holds what is wrong with a file that a person wrote: where it is, what it is and what cures it.
//
// Every check of pages, mappings, configuration and input returns a List, so that all problems of a file are
// reported at once. The package formats; it never decides whether a problem is fatal.
package problem

import (
	"fmt"
	"sort"
	"strings"
)

// Problem is one finding. Line and Column count from 1; 0 means not known.
type Problem struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	What   string `json:"what"`
	Cure   string `json:"cure,omitempty"`
}

// Error writes file:line:column: what; cure.
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
		if p.Column > 0 {
			fmt.Fprintf(&b, ":%d", p.Column)
		}
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(p.What)
	if p.Cure != "" {
		b.WriteString("; ")
		b.WriteString(p.Cure)
	}
	return b.String()
}

// List is every problem of one or more files.
type List []Problem

// Error joins the problems, one a line.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, p := range l {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Err is the list as an error, nil when it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Sort orders by file, line, column.
func (l List) Sort() {
	sort.SliceStable(l, func(i, j int) bool {
		a, b := l[i], l[j]
		if a.File != b.File {
			return a.File < b.File
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
}

// Nearest is the candidate that a misspelt name most likely means: the one within an edit distance of a third of
// its length (at least 2), or "" when none is near.
func Nearest(name string, candidates []string) string {
	best, bestDistance := "", 1<<30
	for _, c := range candidates {
		if d := distance([]rune(strings.ToLower(name)), []rune(strings.ToLower(c))); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	if limit := max(2, len([]rune(name))/3); bestDistance > limit {
		return ""
	}
	return best
}

// DidYouMean is the cure for an unknown name: the nearest candidate, else the list of what is known.
func DidYouMean(name string, candidates []string) string {
	if n := Nearest(name, candidates); n != "" {
		return fmt.Sprintf("did you mean %q?", n)
	}
	sorted := append([]string(nil), candidates...)
	sort.Strings(sorted)
	return "known: " + strings.Join(sorted, ", ")
}

// distance is the Levenshtein distance, by two rows of the dynamic program.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
