package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"weir/ingest/reason"
	"weir/queries/schema"
)

// distribute settles the inserted rows with what is stored already and counts what is new. Rows of the flat target
// are spread over its tables first.
func (s *settlement) distribute(ctx context.Context) error {
	r := &s.result
	extra := s.same
	if exists, err := s.count(ctx, "SELECT count(*) FROM duckdb_tables() WHERE temporary AND table_name = '"+extraTable+"'"); err != nil {
		return err
	} else if exists > 0 {
		found, err := s.count(ctx, "SELECT count(*) FROM "+extraTable+" WHERE same")
		if err != nil {
			return err
		}
		extra += found
	}
	if s.plan.flat == nil {
		same, err := s.known(ctx, s.plan.table)
		if err != nil {
			return err
		}
		r.RowsDuplicate = extra + same
		if r.RowsLoaded, err = s.count(ctx, fmt.Sprintf("SELECT count(*) FROM %s WHERE load_id = %d", s.into, s.id)); err != nil {
			return err
		}
		if s.plan.table.Name == halfTable {
			return s.pair(ctx)
		}
		if s.plan.table.Name == accessTable {
			return s.countAccesses(ctx)
		}
		return nil
	}
	var lines []string
	for _, name := range s.plan.flat.Tables {
		t, _ := s.store.Model().Table(name)
		if err := s.spread(ctx, t); err != nil {
			return err
		}
		if _, err := s.known(ctx, t); err != nil {
			return err
		}
		lines = append(lines, fmt.Sprintf("SELECT source_line FROM %s WHERE load_id = %d", schema.Quote(name), s.id))
	}
	staged, err := s.count(ctx, "SELECT count(*) FROM "+stageTable)
	if err != nil {
		return err
	}
	// An entry is loaded when it brought anything new into any of its tables.
	r.RowsLoaded, err = s.count(ctx, "SELECT count(*) FROM ("+strings.Join(lines, " UNION ")+")")
	r.RowsDuplicate = extra + staged - r.RowsLoaded
	return err
}

// known finds inserted rows whose key an earlier load brought. The same content is a duplicate and taken out; other
// content replaces a row that may be corrected, keeping the old version, and is a conflict for a logged fact.
func (s *settlement) known(ctx context.Context, t *schema.Table) (same int64, err error) {
	name := schema.Quote(t.Name)
	if others, err := s.count(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE load_id <> %d LIMIT 1)", name, s.id)); err != nil || others == 0 {
		return 0, err
	}
	const both = "weir_both"
	hash := hashOf(t.Key, "")
	if err := s.exec(ctx, fmt.Sprintf("CREATE TEMP TABLE %[1]s AS SELECT DISTINCT h FROM (SELECT %[2]s AS h FROM %[3]s WHERE load_id = %[4]d) WHERE h IN (SELECT %[2]s FROM %[3]s WHERE load_id <> %[4]d)", both, hash, name, s.id)); err != nil {
		return 0, err
	}
	if n, err := s.count(ctx, "SELECT count(*) FROM "+both); err != nil || n == 0 {
		return 0, s.or(err, ctx, "DROP TABLE "+both)
	}
	content := columnNames(t.Columns)
	if err := s.exec(ctx, fmt.Sprintf(`CREATE TEMP TABLE %s AS SELECT n.source_line, o.load_id AS other_load, o.source_line AS other_line, o.rowid AS other_row, %s = %s AS same
		FROM (SELECT * FROM %s WHERE load_id = %d AND %s IN (SELECT h FROM %s)) n
		JOIN (SELECT *, rowid FROM %s WHERE load_id <> %d AND %s IN (SELECT h FROM %s)) o ON %s`,
		knownTable, hashOf(content, "n."), hashOf(content, "o."), name, s.id, hash, both, name, s.id, hash, both, equalKeys(t.Key, "n", "o")),
		"DROP TABLE "+both); err != nil {
		return 0, err
	}
	if t.OnChange == schema.Refuse {
		err = s.refuse(ctx, name)
	} else {
		err = s.correct(ctx, t)
	}
	if err != nil {
		return 0, err
	}
	same, err = s.count(ctx, "SELECT count(DISTINCT source_line) FROM "+knownTable+" WHERE same")
	return same, s.or(err, ctx, "DROP TABLE "+knownTable)
}

func (s *settlement) refuse(ctx context.Context, name string) error {
	return s.exec(ctx,
		fmt.Sprintf("DELETE FROM %s WHERE load_id = %d AND source_line IN (SELECT source_line FROM %s)", name, s.id, knownTable),
		fmt.Sprintf("INSERT INTO %s SELECT source_line, %s, min(other_load), min_by(other_line, other_load), NULL FROM %s GROUP BY source_line HAVING NOT bool_or(same)",
			conflictTable, schema.Literal(string(reason.KeyStored)), knownTable))
}

func (s *settlement) correct(ctx context.Context, t *schema.Table) error {
	name := schema.Quote(t.Name)
	corrected, err := s.count(ctx, "SELECT count(DISTINCT source_line) FROM "+knownTable+" WHERE NOT same")
	if err != nil {
		return err
	}
	s.result.RowsCorrected += corrected
	return s.exec(ctx,
		fmt.Sprintf("DELETE FROM %s WHERE load_id = %d AND source_line IN (SELECT source_line FROM %s WHERE same)", name, s.id, knownTable),
		fmt.Sprintf(`INSERT INTO superseded (table_name, key, content, load_id, source_line, superseded_by, superseded_at)
			SELECT %s, %s, %s, o.load_id, o.source_line, %d, TIMESTAMP %s FROM %s o WHERE o.rowid IN (SELECT other_row FROM %s WHERE NOT same)`,
			schema.Literal(t.Name), jsonOf(t.Key), jsonOf(columnNames(t.Columns)), s.id, schema.Literal(s.started.Format("2006-01-02 15:04:05.999999")), name, knownTable),
		fmt.Sprintf("DELETE FROM %s WHERE rowid IN (SELECT other_row FROM %s WHERE NOT same)", name, knownTable))
}

// jsonOf writes columns of o as a JSON object.
func jsonOf(names []string) string {
	members := make([]string, len(names))
	for i, n := range names {
		members[i] = schema.Quote(n) + " := o." + schema.Quote(n)
	}
	return "to_json(struct_pack(" + strings.Join(members, ", ") + "))::VARCHAR"
}

func equalKeys(key []string, a, b string) string {
	terms := make([]string, len(key))
	for i, k := range key {
		terms[i] = fmt.Sprintf("%s.%s IS NOT DISTINCT FROM %s.%s", a, schema.Quote(k), b, schema.Quote(k))
	}
	return strings.Join(terms, " AND ")
}

// spread fills one table of the flat target from the staged rows; a row that lacks what the table requires, such as
// a date of update, has nothing to tell it.
func (s *settlement) spread(ctx context.Context, t *schema.Table) error {
	var columns, values, conditions []string
	add := func(c schema.Column, value string) {
		columns = append(columns, schema.Quote(c.Name))
		values = append(values, value)
	}
	for _, c := range t.Columns {
		source := slices.IndexFunc(s.plan.columns, func(f schema.Column) bool { return slices.Contains(f.Fills, t.Name+"."+c.Name) })
		switch {
		case source >= 0:
			add(c, schema.Quote(s.plan.columns[source].Name))
			if c.Required {
				conditions = append(conditions, schema.Quote(s.plan.columns[source].Name)+" IS NOT NULL")
			}
		case c.Codes == "update_source":
			add(c, "'catalogue'")
		}
	}
	return s.exec(ctx, fmt.Sprintf("INSERT INTO %s (%s, load_id, source_line) SELECT %s, load_id, source_line FROM %s WHERE %s",
		schema.Quote(t.Name), strings.Join(columns, ", "), strings.Join(values, ", "), stageTable, strings.Join(conditions, " AND ")))
}
