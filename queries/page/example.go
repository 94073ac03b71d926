package page

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"weir/internal/problem"
	"weir/queries/schema"
)

// Example is a worked example: given rows and what the indicator must give for a month.
type Example struct {
	Month  string // 2026-10
	AsOf   string // 2026-10-18 or 2026-10-18T12:00; "" for the whole month
	Given  []Rows
	Expect Rows
}

// Rows is a table of a page in CSV. An empty cell is NULL.
type Rows struct {
	Table   string // "" for what is expected
	Columns []string
	Cells   [][]string
	Line    int   // line of the header
	Lines   []int // line of each row
}

// Expectable lists the columns that csv expect may hold.
var Expectable = []string{"department_id", "data_kind", "state", "numerator", "denominator", "value", "n"}

// exampleReader gathers csv blocks into examples. Given tables belong to the next expect; a further expect
// without given tables of its own uses them again.
type exampleReader struct {
	file     string
	examples []Example
	given    []Rows
	used     bool // given has been used by an expect
	problems problem.List
}

func (r *exampleReader) add(line int, what, cure string) {
	r.problems = append(r.problems, problem.Problem{File: r.file, Line: line, What: what, Cure: cure})
}

func (r *exampleReader) take(b Block) {
	switch table := b.Value("given"); {
	case table != "":
		r.takeGiven(b, table)
	case b.Has("expect"):
		r.takeExpect(b)
	default:
		r.add(b.InfoLine, "a csv block without a purpose", "write csv given=<table> or csv expect month=2026-10 after the backticks")
	}
}

func (r *exampleReader) takeGiven(b Block, table string) {
	if r.used {
		r.given, r.used = nil, false
	}
	model := schema.Default()
	t, ok := model.Table(table)
	if !ok {
		r.add(b.InfoLine, fmt.Sprintf("unknown table %q", table), problem.DidYouMean(table, model.TableNames()))
		return
	}
	rows := r.read(b, t.ColumnNames())
	rows.Table = table
	for _, c := range t.Columns {
		if c.Required && len(rows.Columns) > 0 && !slices.Contains(rows.Columns, c.Name) {
			r.add(rows.Line, fmt.Sprintf("table %s needs the column %s", table, c.Name), "add it to the header and to each row")
		}
	}
	r.given = append(r.given, rows)
}

func (r *exampleReader) takeExpect(b Block) {
	e := Example{Month: b.Value("month"), AsOf: b.Value("as_of"), Given: slices.Clone(r.given), Expect: r.read(b, Expectable)}
	for _, p := range b.Pairs {
		if p.Key != "month" && p.Key != "as_of" {
			r.add(b.InfoLine, fmt.Sprintf("unknown key %q after csv expect", p.Key), problem.DidYouMean(p.Key, []string{"month", "as_of"}))
		}
	}
	if e.Month == "" {
		r.add(b.InfoLine, "csv expect does not name its month", "write csv expect month=2026-10")
	}
	if len(e.Given) == 0 {
		r.add(b.InfoLine, "nothing is given for this expectation", "put the rows before it as csv given=<table>")
	}
	if len(e.Expect.Columns) > 0 && !slices.Contains(e.Expect.Columns, "department_id") {
		r.add(e.Expect.Line, "csv expect has no column department_id", "name the department of each row; * is the whole city")
	}
	r.used = true
	r.examples = append(r.examples, e)
}

// read reads a CSV block with a header of known columns.
func (r *exampleReader) read(b Block, known []string) Rows {
	rows := Rows{Line: b.Line}
	c := csv.NewReader(strings.NewReader(b.Text))
	c.FieldsPerRecord = -1
	c.TrimLeadingSpace = true
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line := b.Line
			var bad *csv.ParseError
			if errors.As(err, &bad) {
				line, err = bad.StartLine+b.Line-1, bad.Err
			}
			r.add(line, "this is no CSV: "+err.Error(), "put cells with commas or quotation marks in double quotes")
			return rows
		}
		line, _ := c.FieldPos(0)
		line += b.Line - 1
		for i := range record {
			record[i] = strings.TrimSpace(record[i])
		}
		if rows.Columns == nil {
			rows.Columns, rows.Line = record, line
			r.checkHeader(record, known, line)
			continue
		}
		if len(record) != len(rows.Columns) {
			r.add(line, fmt.Sprintf("%d cells under a header of %d", len(record), len(rows.Columns)), "give each row as many cells as the header")
			continue
		}
		rows.Cells = append(rows.Cells, record)
		rows.Lines = append(rows.Lines, line)
	}
	if rows.Columns == nil {
		r.add(b.InfoLine, "an empty table", "write a header and at least one row")
	}
	return rows
}

func (r *exampleReader) checkHeader(header, known []string, line int) {
	for i, name := range header {
		if !slices.Contains(known, name) {
			r.add(line, fmt.Sprintf("unknown column %q", name), problem.DidYouMean(name, known))
		}
		if slices.Contains(header[:i], name) {
			r.add(line, fmt.Sprintf("column %q stands twice", name), "keep one")
		}
	}
}

func (r *exampleReader) finish() []Example {
	if len(r.given) > 0 && !r.used {
		r.add(r.given[0].Line, "rows are given and nothing is expected of them", "add csv expect month=… after them")
	}
	return r.examples
}
