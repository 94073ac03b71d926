package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"weir/queries/schema"
)

// names resolves what files write for a department to its identifier: by identifier, name, English name, name with its
// district, or alias. An alias holds between its dates only. A text that stands for several departments on a date is
// ambiguous and resolves to none of them.
type names struct {
	zone    *time.Location
	byText  map[string][]claim
	steady  []string // texts that mean the same on every date and are no identifiers, in the order of their type
	changes []string // texts whose meaning depends on the date, likewise
	pieces  [][]piece

	literal        string // what the steady texts mean, as an SQL list
	ambiguous      bool   // some text is
	hasIdentifiers bool
}

// claim is one department that a text may stand for. Zero dates are open; to is the first day no longer valid.
type claim struct {
	id         string
	from, to   time.Time
	identifier bool
	name       bool // its registered name, which goes on to mean it outside of its dates where nobody else has it
}

func (c claim) holds(at time.Time) bool {
	return (c.from.IsZero() || !at.Before(c.from)) && (c.to.IsZero() || at.Before(c.to))
}

// piece is a stretch of time in which a text means one department, "" for several.
type piece struct {
	from, to time.Time
	id       string
}

// The temporary types whose members are the identifiers, the texts of one meaning, and those of several in turn:
// casting a text to a type is one hash lookup, where a join would make the engine build its table from the file.
// Identifiers have a type of their own, since files mostly hold those, and the lists that the others need are costly
// to pass along.
const (
	identifierType = "weir_department_id"
	nameType       = "weir_department_name"
	datedNameType  = "weir_department_dated_name"
)

// readNames reads the registered departments. With a district, names of departments of other districts are left out.
func readNames(ctx context.Context, c *sql.Conn, district string, zone *time.Location) (_ *names, err error) {
	const query = `SELECT department_id, department_id, district, NULL::DATE, NULL::DATE, 'identifier' AS kind FROM department
		UNION ALL SELECT name, department_id, district, valid_from, valid_to, 'name' FROM department
		UNION ALL SELECT name_en, department_id, district, valid_from, valid_to, 'name' FROM department WHERE name_en IS NOT NULL
		UNION ALL SELECT district || name, department_id, district, valid_from, valid_to, 'name' FROM department WHERE NOT starts_with(name, district)
		UNION ALL SELECT a.name, a.department_id, d.district, a.valid_from, a.valid_to, 'alias' FROM department_alias a JOIN department d ON d.department_id = a.department_id
		ORDER BY ALL`
	rows, err := c.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if zone == nil {
		zone = time.UTC
	}
	n := &names{zone: zone, byText: map[string][]claim{}}
	day := func(d sql.NullTime) time.Time {
		if !d.Valid {
			return time.Time{}
		}
		return time.Date(d.Time.Year(), d.Time.Month(), d.Time.Day(), 0, 0, 0, 0, zone)
	}
	for rows.Next() {
		var text, id, kind string
		var of sql.NullString
		var from, to sql.NullTime
		if err := rows.Scan(&text, &id, &of, &from, &to, &kind); err != nil {
			return nil, err
		}
		if kind != "identifier" && district != "" && of.Valid && of.String != district {
			continue
		}
		n.add(text, claim{id: id, from: day(from), to: day(to), identifier: kind == "identifier", name: kind == "name"})
	}
	return n, rows.Err()
}

// add registers a text.
func (n *names) add(text string, c claim) {
	if text = strings.TrimSpace(text); text != "" {
		n.byText[text] = append(n.byText[text], c)
	}
}

// known tells whether a text stands for a department on any date.
func (n *names) known(text string) bool { return len(n.byText[strings.TrimSpace(text)]) > 0 }

// at is what a text means on a date: ok is false where it means nobody, id is empty where it means several.
func (n *names) at(text string, date time.Time) (id string, ok bool) {
	claims := n.byText[text]
	for _, c := range claims {
		if c.identifier {
			return c.id, true
		}
	}
	for _, holds := range []func(claim) bool{func(c claim) bool { return c.holds(date) }, func(c claim) bool { return c.name }} {
		found := map[string]bool{}
		for _, c := range claims {
			if holds(c) {
				found[c.id], id = true, c.id
			}
		}
		switch len(found) {
		case 0:
		case 1:
			return id, true
		default:
			return "", true
		}
	}
	return "", false
}

// Times that no record has, in place of open ends.
var (
	beginOfTime = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	endOfTime   = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
)

// meaning divides time into the pieces in which a text means one thing.
func (n *names) meaning(text string) []piece {
	limits := []time.Time{beginOfTime, endOfTime}
	for _, c := range n.byText[text] {
		for _, limit := range []time.Time{c.from, c.to} {
			if !limit.IsZero() {
				limits = append(limits, limit)
			}
		}
	}
	slices.SortFunc(limits, time.Time.Compare)
	var pieces []piece
	for i, from := range limits[:len(limits)-1] {
		id, ok := n.at(text, from)
		if to := limits[i+1]; ok && from.Before(to) {
			if last := len(pieces) - 1; last >= 0 && pieces[last].id == id && pieces[last].to.Equal(from) {
				pieces[last].to = to
				continue
			}
			pieces = append(pieces, piece{from, to, id})
		}
	}
	return pieces
}

// declare makes the types and gives their names.
func (n *names) declare(ctx context.Context, c *sql.Conn) (types []string, err error) {
	var identifiers, ids []string
	for text := range n.byText {
		if pieces := n.meaning(text); len(pieces) != 1 || pieces[0].from != beginOfTime || pieces[0].to != endOfTime {
			n.changes = append(n.changes, text)
		} else if pieces[0].id == text {
			identifiers = append(identifiers, text)
		} else {
			n.steady = append(n.steady, text)
		}
	}
	sort.Strings(identifiers)
	sort.Strings(n.steady)
	sort.Strings(n.changes)
	for _, text := range n.steady {
		id := n.meaning(text)[0].id
		ids = append(ids, id)
		n.ambiguous = n.ambiguous || id == ""
	}
	for _, text := range n.changes {
		pieces := n.meaning(text)
		n.pieces = append(n.pieces, pieces)
		n.ambiguous = n.ambiguous || slices.ContainsFunc(pieces, func(p piece) bool { return p.id == "" })
	}
	n.literal = "[" + literals(ids) + "]"
	for _, t := range []struct {
		name    string
		members []string
	}{{identifierType, identifiers}, {nameType, n.steady}, {datedNameType, n.changes}} {
		if len(t.members) == 0 {
			continue
		}
		if _, err := c.ExecContext(ctx, fmt.Sprintf("CREATE TEMP TYPE %s AS ENUM (%s)", t.name, literals(t.members))); err != nil {
			return nil, fmt.Errorf("names of departments: %w", err)
		}
		types = append(types, t.name)
	}
	n.hasIdentifiers = len(identifiers) > 0
	return types, nil
}

// lookup is the identifier that a text stands for at a moment (a timestamp in UTC, never NULL): NULL for none, empty
// for several.
func (n *names) lookup(x, at string) string {
	var found []string
	if len(n.steady) > 0 {
		found = append(found, fmt.Sprintf("%s[enum_code(TRY_CAST(%s AS %s)) + 1]", n.literal, x, nameType))
	}
	// Every text has as many places as the one of most changes; a place is a stretch of time and who is meant in it.
	places := 0
	for _, p := range n.pieces {
		places = max(places, len(p))
	}
	for place := range places {
		var from, to, ids []string
		for _, p := range n.pieces {
			if place >= len(p) {
				from, to, ids = append(from, "NULL"), append(to, "NULL"), append(ids, "NULL")
				continue
			}
			from, to, ids = append(from, n.moment(p[place].from)), append(to, n.moment(p[place].to)), append(ids, schema.Literal(p[place].id))
		}
		code := fmt.Sprintf("enum_code(TRY_CAST(%s AS %s)) + 1", x, datedNameType)
		found = append(found, fmt.Sprintf("CASE WHEN %[1]s >= CAST([%[3]s] AS TIMESTAMP[])[%[2]s] AND %[1]s < CAST([%[4]s] AS TIMESTAMP[])[%[2]s] THEN CAST([%[5]s] AS VARCHAR[])[%[2]s] END",
			at, code, strings.Join(from, ", "), strings.Join(to, ", "), strings.Join(ids, ", ")))
	}
	other := "NULL::VARCHAR"
	if len(found) > 0 {
		other = "coalesce(" + strings.Join(found, ", ") + ")"
	}
	if !n.hasIdentifiers {
		return "CAST(" + other + " AS VARCHAR)"
	}
	return fmt.Sprintf("CASE WHEN TRY_CAST(%[1]s AS %[2]s) IS NOT NULL THEN %[1]s ELSE %[3]s END", x, identifierType, other)
}

// isDated is the condition that a text is known and means nobody or somebody by the date.
func (n *names) isDated(x string) string {
	return fmt.Sprintf("TRY_CAST(%s AS %s) IS NOT NULL", x, datedNameType)
}

func (n *names) moment(t time.Time) string {
	return schema.Literal(t.UTC().Format("2006-01-02 15:04:05"))
}

// departmentColumns tells whether a table refers to departments.
func departmentColumns(columns []schema.Column) bool {
	return slices.ContainsFunc(columns, func(c schema.Column) bool { return c.Ref == "department" })
}
