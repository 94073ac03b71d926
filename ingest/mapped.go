package ingest

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"weir/ingest/mapping"
	"weir/ingest/record"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/queries/schema"
)

// mapped plans a file that a mapping describes.
func (l *load) mapped(ctx context.Context, c *sql.Conn) error {
	used, err := l.usedColumns(ctx, c)
	if err != nil {
		return err
	}
	if l.extra, err = l.lookups(ctx, c, used); err != nil {
		return err
	}
	if l.plan.input.format == "parquet" {
		return l.mappedParquet(ctx, c, used)
	}
	l.plan.input.wanted = used.names
	f, r, err := l.plan.input.open()
	if err != nil {
		return err
	}
	columns := r.Columns()
	l.notes(r)
	if err := f.Close(); err != nil {
		return err
	}
	s := &stream{input: &l.plan.input, options: l.recordOptions()}
	for _, name := range columns {
		place := -1
		if i := slices.IndexFunc(used.names, func(u string) bool { return strings.EqualFold(u, name) }); i >= 0 && !used.found[i] {
			used.found[i] = true
			place = len(s.options.Columns)
			s.options.Columns = append(s.options.Columns, record.Column{Name: name, Personal: used.personal[i]})
		}
		s.place = append(s.place, place)
	}
	if err := l.allFound(used, columns); err != nil {
		return err
	}
	l.relation = s
	fields := make([]string, len(s.options.Columns))
	for i, c := range s.options.Columns {
		fields[i] = fmt.Sprintf("%s.%s AS %s", record.Row, record.TextField(i), schema.Quote(c.Name))
	}
	l.cells(func(bool) string {
		return fmt.Sprintf("SELECT %s FROM %s", strings.Join(append([]string{record.Row + " AS " + rowColumn}, fields...), ", "), streamView)
	})
	return nil
}

// allFound reports the first column that the mapping uses and the file does not have.
func (l *load) allFound(used *usedColumns, columns []string) error {
	for i, name := range used.names {
		if !used.found[i] {
			return problem.Of(l.plan.mapping.Source, lang.T(fmt.Sprintf("%s 没有列 %q，未装入任何内容", l.plan.input.path, name), fmt.Sprintf("%s has no column %q; nothing was loaded", l.plan.input.path, name)),
				problem.Meant(name, columns)).At(used.line[i])
		}
	}
	return nil
}

// mappedParquet plans a Parquet file that a mapping describes: its columns are read as text.
func (l *load) mappedParquet(ctx context.Context, c *sql.Conn, used *usedColumns) error {
	p, err := openParquet(ctx, c, l.plan.input.path)
	if err != nil {
		return err
	}
	var fields, names []string
	for _, col := range p.columns {
		names = append(names, col.name)
		i := slices.IndexFunc(used.names, func(u string) bool { return strings.EqualFold(u, col.name) })
		if i < 0 {
			continue
		}
		used.found[i] = true
		if used.personal[i] {
			if err := l.hashColumn(ctx, c, p, col.name); err != nil {
				return err
			}
		}
		text := fmt.Sprintf("nullif(trim(CAST(%s AS VARCHAR)), '')", p.column(col.name))
		if null := l.plan.input.read.Null; len(null) > 0 {
			text = fmt.Sprintf("CASE WHEN %s NOT IN (%s) THEN %s END", text, literals(null), text)
		}
		fields = append(fields, text+" AS "+schema.Quote(col.name))
	}
	if err := l.allFound(used, names); err != nil {
		return err
	}
	l.relation = p
	l.cells(func(raw bool) string {
		row := fmt.Sprintf("(SELECT struct_pack(line := line, defect := defect, fault_column := fault_column, fault_value := fault_value, repeat := repeat, raw := raw) AS %s, * FROM (SELECT *, %s FROM %s))", rowColumn, p.row(raw), p.from())
		return fmt.Sprintf("SELECT %s FROM %s", strings.Join(append([]string{rowColumn}, fields...), ", "), row)
	})
	return nil
}

// usedColumns are the columns of the file that a mapping uses.
type usedColumns struct {
	names    []string
	line     []int // of the mapping where the name is used first
	personal []bool
	found    []bool
}

func (u *usedColumns) add(name string, line int, personal bool) {
	if i := slices.Index(u.names, name); i >= 0 {
		u.personal[i] = u.personal[i] || personal
		return
	}
	u.names, u.line = append(u.names, name), append(u.line, line)
	u.personal, u.found = append(u.personal, personal), append(u.found, false)
}

func (l *load) usedColumns(ctx context.Context, c *sql.Conn) (*usedColumns, error) {
	m, used := l.plan.mapping, &usedColumns{}
	for _, column := range m.Columns {
		personal := column.Hash || l.target(column.Target).Personal
		if one, _, ok := m.Lookup(column.Source); ok {
			used.add(one.Column, one.Line, false)
		} else if column.Source != "" {
			used.add(column.Source, column.Line, personal)
		}
		if column.SQL == "" {
			continue
		}
		names, err := expressionColumns(ctx, c, column.SQL)
		if err != nil {
			return nil, problem.Problem{File: m.Source, Line: column.Line, What: fmt.Sprintf("%s: the expression is not sound: %v", column.Target, err), Cure: "write one DuckDB expression over columns of the file; quote names with other signs than letters, digits and _"}
		}
		for _, name := range names {
			if one, _, ok := m.Lookup(name); ok {
				used.add(one.Column, one.Line, false)
				continue
			}
			used.add(name, column.Line, personal)
		}
	}
	return used, nil
}

// target finds a column of the target; the mapping was checked for it.
func (l *load) target(name string) schema.Column {
	i := slices.IndexFunc(l.plan.columns, func(c schema.Column) bool { return c.Name == name })
	return l.plan.columns[i]
}

// cells makes the cells of the mapping's columns. Inner gives the record as rowColumn and the columns of the file as
// text under their names.
func (l *load) cells(inner func(raw bool) string) {
	m := l.plan.mapping
	var tries, texts []string
	add := func(target string, expression string, from mapping.Column) *cell {
		n := len(l.projection.cells)
		c := &cell{column: l.target(target), n: n, other: from.Else}
		if from.SQL != "" {
			c.tries = fmt.Sprintf("e%d", n)
			tries = append(tries, fmt.Sprintf("TRY(struct_pack(v := CAST((%s) AS VARCHAR))) AS %s", expression, c.tries))
			expression = fmt.Sprintf("nullif(trim(struct_extract(%s, 'v')), '')", c.tries)
		}
		texts = append(texts, expression+" AS "+c.x())
		if from.Epoch != "" {
			c.own = sinceEpoch(c.x(), from.Epoch)
		}
		if !from.Plain {
			c.words = mapping.Vocabulary(l.store.Model(), c.column, from.Words)
		}
		l.projection.cells = append(l.projection.cells, c)
		return c
	}
	mapsTo := func(name string) bool {
		return slices.ContainsFunc(m.Columns, func(c mapping.Column) bool { return c.Target == name })
	}
	for _, column := range m.Columns {
		var expression string
		switch {
		case column.Source != "":
			expression = schema.Quote(column.Source)
		case column.SQL != "":
			expression = column.SQL
		default:
			expression = schema.Literal(column.Value)
		}
		add(column.Target, expression, column)
		// The words of an update frequency are kept beside the period that they mean.
		if column.Target == mapping.Cadence && !mapsTo("cadence_text") && l.hasColumn("cadence_text") {
			add("cadence_text", expression, mapping.Column{SQL: column.SQL, Plain: true})
		}
	}
	l.projection.from = func(raw bool) string {
		guarded := "SELECT *"
		if len(tries) > 0 {
			guarded += ", " + strings.Join(tries, ", ")
		}
		names := make([]string, 0, len(tries))
		for _, c := range l.projection.cells {
			if c.tries != "" {
				names = append(names, c.tries)
			}
		}
		from := inner(raw)
		if len(l.extra) > 0 {
			from = fmt.Sprintf("SELECT *, %s FROM (%s)", strings.Join(l.extra, ", "), from)
		}
		return fmt.Sprintf("SELECT %s, %s FROM (%s FROM (%s))", frame(rowColumn), strings.Join(append(texts, names...), ", "), guarded, from)
	}
}

// sinceEpoch reads a count of seconds or milliseconds since 1970 in UTC.
func sinceEpoch(x, unit string) string {
	micros := map[string]int{"s": 1_000_000, "ms": 1_000}[unit]
	return fmt.Sprintf("CASE WHEN regexp_full_match(%[1]s, '[0-9]{1,12}') OR %[3]t AND regexp_full_match(%[1]s, '[0-9]{13,14}') THEN make_timestamp(TRY_CAST(%[1]s AS BIGINT) * %[2]d) END", x, micros, unit == "ms")
}

func (l *load) hasColumn(name string) bool {
	return slices.ContainsFunc(l.plan.columns, func(c schema.Column) bool { return c.Name == name })
}

// rowColumn is the record beside the columns of the file, under a name that no file has.
const rowColumn = `"weir:row"`
