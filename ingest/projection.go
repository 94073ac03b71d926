package ingest

import (
	"fmt"
	"strings"

	"weir/ingest/reason"
	"weir/ingest/record"
	"weir/queries/schema"
)

// projection makes the target's columns of a relation's. The relation has the columns of package record, under their
// names, and those that sources name.
type projection struct {
	cells   []*cell
	from    func(raw bool) string // SELECT that gives line, defect, fault_column, fault_value, repeat, raw, x… and t…
	faults  []fault
	columns []string // names of the target's columns, in the order of the cells
}

func (p *projection) finish(model *schema.Model, flat bool) {
	for _, c := range p.cells {
		var codes []string
		if c.words == nil && c.column.Codes != "" && !flat {
			codes = model.CodeNames(c.column.Codes)
		}
		p.faults = append(p.faults, c.faults(codes)...)
		p.columns = append(p.columns, c.column.Name)
	}
}

// valued is the relation with the value of each cell. Gate is a number that is never negative, but of which the
// engine does not know it: a condition that holds it is evaluated after the values, not merged into them, so that no
// value is computed twice.
func (p *projection) valued(raw bool) string {
	values := make([]string, len(p.cells))
	for i, c := range p.cells {
		values[i] = c.value() + " AS " + c.v()
	}
	return fmt.Sprintf("SELECT *, %s, random() AS gate FROM (%s)", strings.Join(values, ", "), p.from(raw))
}

// sound is the condition that a row can be stored.
func (p *projection) sound() string {
	conditions := []string{"defect IS NULL", "repeat IS NULL"}
	for _, f := range p.faults {
		conditions = append(conditions, "NOT ("+f.condition+")")
	}
	return fmt.Sprintf("(%s) = (gate >= 0)", strings.Join(conditions, " AND "))
}

// insert stores what is sound into the relation, which has the target's columns, load_id and source_line.
func (p *projection) insert(into string, loadID int64) string {
	return fmt.Sprintf("INSERT INTO %s (%s, load_id, source_line) SELECT %s, %d, line FROM (%s) WHERE %s",
		into, p.names(), p.values(), loadID, p.valued(false), p.sound())
}

// leftovers keeps what insert leaves, with values, raw text and the first fault; repeats that are sound otherwise
// have no fault.
func (p *projection) leftovers(table string) string {
	code, column, value := p.firstFault()
	return fmt.Sprintf(`CREATE TEMP TABLE %s AS SELECT line AS source_line, repeat, raw, %s AS code, %s AS column_name, %s AS value, %s
		FROM (%s) WHERE repeat IS DISTINCT FROM false AND NOT (%s)`,
		table, code, column, value, p.named(), p.valued(true), p.sound())
}

func (p *projection) values() string {
	vs := make([]string, len(p.cells))
	for i, c := range p.cells {
		vs[i] = c.v()
	}
	return strings.Join(vs, ", ")
}

// named gives the values under the names of the target's columns, marked as such.
func (p *projection) named() string {
	vs := make([]string, len(p.cells))
	for i, c := range p.cells {
		vs[i] = c.v() + " AS " + schema.Quote(valueColumn(c.column.Name))
	}
	return strings.Join(vs, ", ")
}

func (p *projection) names() string { return quoted(p.columns, "") }

// valueColumn names a target's column in the table of leftovers, apart from its own columns.
func valueColumn(name string) string { return "v:" + name }

// quoted lists column names, each with the prefix of a table.
func quoted(names []string, table string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = table + schema.Quote(n)
	}
	return strings.Join(q, ", ")
}

// frame lists the columns of the stream that every relation has.
func frame(row string) string {
	return fmt.Sprintf("%[1]s.%[2]s AS line, %[1]s.%[3]s AS defect, %[1]s.%[4]s AS fault_column, %[1]s.%[5]s AS fault_value, %[1]s.%[6]s AS repeat, %[1]s.%[7]s AS raw",
		row, record.Line, record.Defect, record.Fault, record.Value, record.Repeat, record.Raw)
}

// reasonValues lists code, reason and cure as an inline table.
func reasonValues() string {
	var rows []string
	for _, c := range reason.Codes() {
		e := reason.Of(c)
		rows = append(rows, fmt.Sprintf("(%s, %s, %s)", schema.Literal(string(c)), schema.Literal(e.Reason.Joined()), schema.Literal(e.Cure.Joined())))
	}
	return "(VALUES " + strings.Join(rows, ", ") + ") AS reasons(code, reason, cure)"
}
