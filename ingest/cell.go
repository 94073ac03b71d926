package ingest

import (
	"fmt"
	"strings"

	"weir/ingest/mapping"
	"weir/ingest/reason"
	"weir/queries/schema"
)

// cell is one column of the target on its way from the file. In SQL it has up to three columns: x, the text as the
// file has it; t, the value where the reader converted it already; v, the value that is stored.
type cell struct {
	column schema.Column
	n      int
	typed  bool              // there is a t
	words  map[string]string // vocabulary that the text is translated by
	other  string            // what becomes of a word that the vocabulary lacks, as in mapping.Column.Else
	own    string            // expression of v over x and t in place of that of the type
	tries  string            // name of the guarded expression that x comes from, "" where x cannot fail
	names  *names            // departments that the text is resolved by
	moment string            // expression of the moment, in UTC, whose names count; never NULL
}

// fault is a way in which a cell may be wrong.
type fault struct {
	code      reason.Code
	column    string
	condition string // over the columns of the cell; TRUE or FALSE, never NULL
	value     string // expression of what is shown as the value at fault
}

func (c *cell) x() string { return fmt.Sprintf("x%d", c.n) }
func (c *cell) t() string { return fmt.Sprintf("t%d", c.n) }
func (c *cell) v() string { return fmt.Sprintf("v%d", c.n) }

// Dates and times outside of these years are refused: they are typing errors, or years of another calendar.
const (
	earliest = "1990-01-01"
	latest   = "2100-01-01"
)

// value is the expression of v over x and t.
func (c *cell) value() string {
	x := c.x()
	switch {
	case c.own != "":
		return c.own
	case c.names != nil:
		return c.names.lookup(x, c.moment)
	case c.words != nil:
		v := mapping.WordsSQL(x, c.words, c.column.Name == mapping.Cadence)
		if c.other != "" && c.other != mapping.Refuse && c.other != mapping.Null {
			v = fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN coalesce(%s, %s) END", x, v, schema.Literal(c.other))
		}
		return v
	}
	v := cast(c.column.Type, x)
	if c.typed {
		v = fmt.Sprintf("coalesce(%s, %s)", c.t(), v)
	}
	return v
}

// cast reads a text as a value of the type; what is no such value becomes NULL.
func cast(t schema.Type, x string) string {
	switch t {
	case schema.Integer:
		// The engine would round 12.7 to 13.
		return fmt.Sprintf(`CASE WHEN regexp_full_match(%[1]s, '[+-]?[0-9]{1,18}([.]0*)?') THEN TRY_CAST(%[1]s AS BIGINT) END`, x)
	case schema.Decimal:
		return fmt.Sprintf(`CASE WHEN regexp_full_match(%[1]s, '[+-]?[0-9]{1,16}([.][0-9]{0,2}0*)?|[+-]?[.][0-9]{1,2}0*') THEN TRY_CAST(%[1]s AS DECIMAL(18,2)) END`, x)
	case schema.Boolean:
		return fmt.Sprintf(`CASE %[1]s WHEN '是' THEN true WHEN '否' THEN false ELSE TRY_CAST(%[1]s AS BOOLEAN) END`, x)
	case schema.Date:
		return fmt.Sprintf(`CASE WHEN %[1]s[1] BETWEEN '0' AND '9' THEN TRY_CAST(%[1]s AS DATE) END`, x)
	case schema.Timestamp:
		// An offset in the text is honoured, a time without one is taken in the session's zone; stored as UTC.
		return fmt.Sprintf(`CASE WHEN %[1]s[1] BETWEEN '0' AND '9' THEN make_timestamp(epoch_us(TRY_CAST(%[1]s AS TIMESTAMPTZ))) END`, x)
	}
	return x
}

var notA = map[schema.Type]reason.Code{
	schema.Integer: reason.NotInteger, schema.Decimal: reason.NotDecimal, schema.Boolean: reason.NotBoolean,
	schema.Date: reason.NotDate, schema.Timestamp: reason.NotTime,
}

// faults lists the ways in which the cell may be wrong, the most telling first.
func (c *cell) faults(codes []string) []fault {
	x, v, name := c.x(), c.v(), c.column.Name
	var faults []fault
	add := func(code reason.Code, condition string) {
		faults = append(faults, fault{code: code, column: name, condition: condition, value: x})
	}
	if c.tries != "" {
		faults = append(faults, fault{code: reason.Expression, column: name, condition: c.tries + " IS NULL", value: "NULL"})
	}
	unreadable := fmt.Sprintf("%s IS NOT NULL AND %s IS NULL", x, v)
	switch {
	case c.names != nil:
		if c.names.ambiguous {
			add(reason.Ambiguous, fmt.Sprintf("coalesce(%s = '', false)", v))
		}
		if len(c.names.changes) > 0 {
			add(reason.NameDate, unreadable+" AND "+c.names.isDated(x))
		}
		add(reason.Department, unreadable)
	case c.words != nil && c.column.Name == mapping.Cadence:
		if c.other != mapping.Null {
			add(reason.Cadence, unreadable)
		}
	case c.words != nil:
		if c.other != mapping.Null {
			add(reason.UnknownCode, unreadable)
		}
	case len(codes) > 0:
		add(reason.UnknownCode, fmt.Sprintf("%s IS NOT NULL AND %s NOT IN (%s)", v, v, literals(codes)))
	case c.column.Type != schema.Text:
		add(notA[c.column.Type], unreadable)
	}
	if c.column.Type == schema.Date || c.column.Type == schema.Timestamp {
		add(reason.OutOfRange, fmt.Sprintf("%[1]s IS NOT NULL AND (%[1]s < %[2]s '%[3]s' OR %[1]s >= %[2]s '%[4]s')", v, c.column.Type.SQL(), earliest, latest))
	}
	if c.column.Required {
		add(reason.Required, fmt.Sprintf("%s IS NULL AND %s IS NULL", x, v))
	}
	return faults
}

func literals(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = schema.Literal(v)
	}
	return strings.Join(quoted, ", ")
}
