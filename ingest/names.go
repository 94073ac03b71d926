package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sort"
	"strings"

	"weir/queries/schema"
)

// names resolves what files write for a department to its identifier: by identifier, name, English name or alias.
// A text that stands for several departments is ambiguous and resolves to none of them.
type names struct {
	byText    map[string]string // text → identifier, "" where it is ambiguous
	literal   string            // identifiers as an SQL list, in the order of the type's members
	ambiguous bool              // some text is

	hasTexts, hasIdentifiers bool // the types exist
}

// The temporary types whose members are the identifiers, and all other texts that resolve: casting a text to a type
// is one hash lookup, where a join would make the engine build its table from the file. Identifiers have a type of
// their own, since files mostly hold those, and the list that the others need is costly to pass along.
const (
	identifierType = "weir_department_id"
	nameType       = "weir_department_name"
)

// readNames reads the registered departments. With a district, names of departments of other districts are left out.
func readNames(ctx context.Context, c *sql.Conn, district string) (_ *names, err error) {
	const query = `SELECT department_id, department_id, district, 0 AS rank FROM department
		UNION ALL SELECT name, department_id, district, 1 FROM department
		UNION ALL SELECT name_en, department_id, district, 1 FROM department WHERE name_en IS NOT NULL
		UNION ALL SELECT a.name, a.department_id, d.district, 1 FROM department_alias a JOIN department d ON d.department_id = a.department_id
		ORDER BY ALL`
	rows, err := c.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	n := &names{byText: map[string]string{}}
	for rows.Next() {
		var text, id string
		var of sql.NullString
		var rank int
		if err := rows.Scan(&text, &id, &of, &rank); err != nil {
			return nil, err
		}
		if rank > 0 && district != "" && of.Valid && of.String != district {
			continue
		}
		n.add(text, id, rank == 0)
	}
	return n, rows.Err()
}

// add registers a text; an identifier goes before any name.
func (n *names) add(text, id string, identifier bool) {
	text = strings.TrimSpace(text)
	switch known, ok := n.byText[text]; {
	case text == "":
	case !ok || identifier:
		n.byText[text] = id
	case known != id && known != text:
		n.byText[text] = ""
	}
}

// declare makes the types and gives their names.
func (n *names) declare(ctx context.Context, c *sql.Conn) (types []string, err error) {
	var identifiers, texts, ids []string
	for t := range n.byText {
		if n.byText[t] == t {
			identifiers = append(identifiers, t)
		} else {
			texts = append(texts, t)
		}
	}
	sort.Strings(identifiers)
	sort.Strings(texts)
	for _, t := range texts {
		ids = append(ids, n.byText[t])
		n.ambiguous = n.ambiguous || n.byText[t] == ""
	}
	n.literal = "[" + literals(ids) + "]"
	for name, members := range map[string][]string{identifierType: identifiers, nameType: texts} {
		if len(members) == 0 {
			continue
		}
		if _, err := c.ExecContext(ctx, fmt.Sprintf("CREATE TEMP TYPE %s AS ENUM (%s)", name, literals(members))); err != nil {
			return nil, fmt.Errorf("names of departments: %w", err)
		}
		types = append(types, name)
	}
	n.hasTexts, n.hasIdentifiers = len(texts) > 0, len(identifiers) > 0
	return types, nil
}

// lookup is the identifier that a text stands for, NULL for none, empty for several.
func (n *names) lookup(x string) string {
	other := "NULL"
	if n.hasTexts {
		other = fmt.Sprintf("%s[enum_code(TRY_CAST(%s AS %s)) + 1]", n.literal, x, nameType)
	}
	if !n.hasIdentifiers {
		return "CAST(" + other + " AS VARCHAR)"
	}
	return fmt.Sprintf("CASE WHEN TRY_CAST(%[1]s AS %[2]s) IS NOT NULL THEN %[1]s ELSE %[3]s END", x, identifierType, other)
}

// departmentColumns tells whether a table refers to departments.
func departmentColumns(columns []schema.Column) bool {
	for _, c := range columns {
		if c.Ref == "department" {
			return true
		}
	}
	return false
}
