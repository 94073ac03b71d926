// Package composite rebuilds composite indices from a table of units ×
// indicators and a methodology, stage by stage: denominators, imputation,
// transformation, outliers, normalisation, weights, aggregation through a
// hierarchy of any depth, ranks, and how uncertain they are. Every stage is
// available as a table, so that a published index can be checked step by step.
//
// A methodology is a strict YAML file: an unknown key is an error with its
// position. A methodology may compare units with one another; departments that
// money depends on are scored by package scoring instead.
//
// Never added here: an index's own figures, SQL, charts.
package composite

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrInvalid says that a table or a methodology cannot be used.
var ErrInvalid = errors.New("invalid index input")

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

// Table is a table of text cells with a head. Lines holds each row's line in
// the file it came from.
type Table struct {
	Name    string
	Columns []string
	Rows    [][]string
	Lines   []int
}

// ReadTable reads a CSV file with a head: UTF-8, a leading byte order mark
// allowed. Rows of another length than the head, an empty or repeated column
// name and a table without rows are errors with their line.
func ReadTable(r io.Reader, name string) (Table, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return Table{}, fmt.Errorf("%s: %w", name, err)
	}
	text := strings.TrimPrefix(string(data), "\uFEFF")
	if !utf8.ValidString(text) {
		return Table{}, invalid("%s: not UTF-8", name)
	}
	c := csv.NewReader(strings.NewReader(text))
	c.FieldsPerRecord = -1
	t := Table{Name: name}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Table{}, fmt.Errorf("%w: %s: %w", ErrInvalid, name, err)
		}
		line, _ := c.FieldPos(0)
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		switch {
		case t.Columns == nil:
			t.Columns = row
		case len(row) != len(t.Columns):
			return Table{}, invalid("%s:%d: %d cells, the head has %d", name, line, len(row), len(t.Columns))
		default:
			t.Rows, t.Lines = append(t.Rows, row), append(t.Lines, line)
		}
	}
	for i, h := range t.Columns {
		if h == "" {
			return Table{}, invalid("%s:1: column %d has no name", name, i+1)
		}
		if slices.Index(t.Columns, h) != i {
			return Table{}, invalid("%s:1: column %q appears twice", name, h)
		}
	}
	if len(t.Rows) == 0 {
		return Table{}, invalid("%s: no rows below the head", name)
	}
	return t, nil
}

// column returns the index of a column, with a suggestion where there is none.
func (t Table) column(name string) (int, error) {
	if i := slices.Index(t.Columns, name); i >= 0 {
		return i, nil
	}
	return 0, invalid("%s has no column %q%s", t.Name, name, didYouMean(name, t.Columns))
}

// Text returns a column as text.
func (t Table) Text(name string) ([]string, error) {
	k, err := t.column(name)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(t.Rows))
	for i, r := range t.Rows {
		out[i] = r[k]
	}
	return out, nil
}

// Numbers returns a column as numbers; an empty cell is missing and becomes
// NaN. Text, NaN and infinite values in the file are errors with their line.
func (t Table) Numbers(name string) ([]float64, error) {
	cells, err := t.Text(name)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(cells))
	for i, s := range cells {
		if s == "" {
			out[i] = math.NaN()
			continue
		}
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, invalid("%s:%d: column %q: %q is not a number", t.Name, t.Lines[i], name, s)
		}
		out[i] = x
	}
	return out, nil
}

// didYouMean suggests the nearest of the known names, or nothing.
func didYouMean(name string, known []string) string {
	best, at := 3, ""
	for _, k := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < best && d < len(name) {
			best, at = d, k
		}
	}
	if at == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", at)
}

// distance is the Levenshtein distance.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, p := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, q := range y {
			cost := diagonal
			if p != q {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(y)]
}
