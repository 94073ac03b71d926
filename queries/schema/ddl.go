package schema

import (
	"fmt"
	"strings"

	"weir/internal/lang"
)

// Every row of the event model says which load brought it and from which line of the file.
var provenance = []Column{
	{Name: "load_id", Type: Integer, Required: true, Text: lang.T("装载批次", "load that brought the row")},
	{Name: "source_line", Type: Integer, Required: true, Text: lang.T("源文件行号", "line in the source file")},
}

// Stored lists the columns of the table as it stands in the database: its own and the provenance.
func (t *Table) Stored() []Column { return append(append([]Column(nil), t.Columns...), provenance...) }

// CreateSQL is the DDL of the table, without constraints: keys on facts make loading five times slower, so the
// loader checks them.
func (t *Table) CreateSQL() string {
	columns := t.Stored()
	lines := make([]string, len(columns))
	for i, c := range columns {
		lines[i] = fmt.Sprintf("  %s %s", Quote(c.Name), c.Type.SQL())
	}
	return fmt.Sprintf("CREATE TABLE %s (\n%s\n)", Quote(t.Name), strings.Join(lines, ",\n"))
}

// Comment is the bilingual text of a column with unit and codes, as BI tools show it.
func (m *Model) Comment(c Column) string {
	text := c.Zh + " | " + c.En
	if c.Unit != "" {
		text += " [" + c.Unit + "]"
	}
	if c.Codes != "" {
		text += " {" + strings.Join(m.CodeNames(c.Codes), ", ") + "}"
	}
	if c.Type == Timestamp {
		text += " (UTC)"
	}
	return text
}

// CommentSQL gives the statements that set the comments of a table and its columns.
func (m *Model) CommentSQL(t *Table) []string {
	statements := []string{fmt.Sprintf("COMMENT ON TABLE %s IS %s", Quote(t.Name), Literal(t.Zh+" | "+t.En))}
	for _, c := range t.Stored() {
		statements = append(statements, fmt.Sprintf("COMMENT ON COLUMN %s.%s IS %s", Quote(t.Name), Quote(c.Name), Literal(m.Comment(c))))
	}
	return statements
}

// CodeNames lists the codes of a list in alphabetical order.
func (m *Model) CodeNames(list string) []string {
	return sortedKeys(m.Codes[list])
}

// Quote makes an SQL identifier.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// Literal makes an SQL string literal. Values of users are bound, not pasted: this is for DDL and option lists.
func Literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
