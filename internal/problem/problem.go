// Package problem holds what is wrong with a file that a person wrote: where it is, what it is and what cures it.
//
// Every check of pages, mappings, configuration and input returns a List, so that all problems of a file are
// reported at once. The package formats; it never decides whether a problem is fatal.
package problem

import (
	"fmt"
	"sort"
	"strings"

	"weir/internal/lang"
)

// Problem is one finding. Line and Column count from 1; 0 means not known.
type Problem struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	What   string `json:"what"` // in English
	Cure   string `json:"cure,omitempty"`

	// WhatZh and CureZh are the same in Chinese; without them the English ones stand for both languages.
	WhatZh string `json:"what_zh,omitempty"`
	CureZh string `json:"cure_zh,omitempty"`
}

// Of is a problem of a file as a whole, in both languages.
func Of(file string, what, cure lang.Text) Problem {
	return Problem{File: file, What: what.En, WhatZh: what.Zh, Cure: cure.En, CureZh: cure.Zh}
}

// At is the problem at a line.
func (p Problem) At(line int) Problem {
	p.Line = line
	return p
}

// Error writes file:line:column: what; cure, in English.
func (p Problem) Error() string { return p.written(p.What, "; ", p.Cure) }

// In writes the same in a language.
func (p Problem) In(l lang.Lang) string {
	if l == lang.En || p.WhatZh == "" {
		return p.Error()
	}
	return p.written(p.WhatZh, "；", lang.T(p.CureZh, p.Cure).In(l))
}

func (p Problem) written(what, then, cure string) string {
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
	b.WriteString(what)
	if cure != "" {
		b.WriteString(then)
		b.WriteString(cure)
	}
	return b.String()
}

// In is the text of an error in a language: that of every problem that it wraps, with the words around it as they are.
func In(err error, l lang.Lang) string {
	text := err.Error()
	each(err, func(p Problem) { text = strings.Replace(text, p.Error(), p.In(l), 1) })
	return text
}

// each visits the problems of an error and of what it wraps.
func each(err error, visit func(Problem)) {
	switch e := err.(type) {
	case Problem:
		visit(e)
	case *Problem:
		visit(*e)
	case List:
		for _, p := range e {
			visit(p)
		}
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			each(inner, visit)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			each(inner, visit)
		}
	}
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
	return "known: " + sorted(candidates)
}

// Meant is DidYouMean in both languages.
func Meant(name string, candidates []string) lang.Text {
	if n := Nearest(name, candidates); n != "" {
		return lang.T(fmt.Sprintf("是否为 %q？", n), DidYouMean(name, candidates))
	}
	return lang.T("已有："+sorted(candidates), DidYouMean(name, candidates))
}

func sorted(names []string) string {
	list := append([]string(nil), names...)
	sort.Strings(list)
	return strings.Join(list, ", ")
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
