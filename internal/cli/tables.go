package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"weir/metrics/scoring"
)

// section is one of several tables of an answer.
type section struct {
	id    string // stable, for programs
	title string // for people; "" prints none
	notes []string
	table *table
}

// printSections writes several tables: under headings in text and Markdown, as objects in JSON, and in CSV as one
// table of single cells, since a CSV file holds one table. A lone section is written as a table of its own.
func (e *env) printSections(list []section) error {
	if len(list) == 1 && (e.format == "csv" || e.format == "arrow") {
		return e.print(list[0].table)
	}
	switch e.format {
	case "json":
		return e.sectionsJSON(list)
	case "csv", "arrow":
		return e.print(singleCells(list))
	}
	for i, s := range list {
		if err := e.heading(s, i > 0); err != nil {
			return err
		}
		if len(s.table.rows) == 0 {
			continue
		}
		if err := e.print(readable(s.table)); err != nil {
			return err
		}
	}
	return nil
}

// readable keeps ten significant digits of each number, which hides the noise of binary arithmetic from people;
// programs get every digit.
func readable(t *table) *table {
	return t.mapNumbers(func(f float64) float64 {
		if r, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 10, 64), 64); err == nil {
			return r
		}
		return f
	})
}

// printRounded prints numbers to people with so many decimals at most, and to programs in full.
func (e *env) printRounded(t *table, decimals int) error {
	if e.format == "table" || e.format == "markdown" {
		t = t.mapNumbers(func(f float64) float64 { return scoring.Round(f, decimals) })
	}
	return e.print(t)
}

// mapNumbers is the table with every floating-point number replaced.
func (t *table) mapNumbers(replace func(float64) float64) *table {
	out := &table{columns: t.columns}
	for _, row := range t.rows {
		cells := slices.Clone(row)
		for j, cell := range cells {
			if f, ok := cell.(float64); ok {
				cells[j] = replace(f)
			}
		}
		out.add(cells...)
	}
	return out
}

func (e *env) heading(s section, gap bool) error {
	var b strings.Builder
	if gap {
		b.WriteString("\n")
	}
	mark, item := "", "  "
	if e.format == "markdown" {
		mark, item = "## ", "* "
	}
	if s.title != "" {
		b.WriteString(mark + s.title + "\n")
		if e.format == "markdown" {
			b.WriteString("\n")
		}
	}
	for _, note := range s.notes {
		b.WriteString(item + note + "\n")
	}
	if e.format == "markdown" && len(s.notes) > 0 {
		b.WriteString("\n")
	}
	_, err := io.WriteString(e.stdout, b.String())
	return err
}

// sectionsJSON writes an array of objects with id, title, notes and rows.
func (e *env) sectionsJSON(list []section) error {
	var b strings.Builder
	b.WriteString("[")
	for i, s := range list {
		if i > 0 {
			b.WriteString(",")
		}
		notes := "[]"
		if len(s.notes) > 0 {
			quoted := make([]string, len(s.notes))
			for k, n := range s.notes {
				quoted[k] = jsonText(n)
			}
			notes = "[" + strings.Join(quoted, ", ") + "]"
		}
		var rows strings.Builder
		if err := s.table.json(&rows); err != nil {
			return err
		}
		fmt.Fprintf(&b, "\n{\"id\": %s, \"title\": %s, \"notes\": %s, \"rows\": %s}", jsonText(s.id), jsonText(s.title), notes, strings.TrimSuffix(rows.String(), "\n"))
	}
	b.WriteString("\n]\n")
	_, err := io.WriteString(e.stdout, b.String())
	return err
}

// singleCells turns several tables into one of table, row, column and value; the first column names the row.
func singleCells(list []section) *table {
	t := &table{columns: []string{"table", "row", "column", "value"}}
	for _, s := range list {
		for _, row := range s.table.rows {
			for j, cell := range row[1:] {
				t.add(s.id, row[0], s.table.columns[j+1], cell)
			}
		}
	}
	return t
}

// jsonText quotes a text; json.Marshal of a string cannot fail.
func jsonText(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(b)
}
