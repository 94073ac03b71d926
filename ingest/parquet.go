package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"weir/ingest/record"
	"weir/ingest/source"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/queries/schema"
)

// parquetFile is a Parquet file as a relation: the engine reads it itself, with the row's number as its line.
type parquetFile struct {
	path     string
	columns  []parquetColumn
	rows     int64
	progress func(done int64)
	hashed   map[string]string // column with personal codes → expression of its hash
	joins    string            // joins with the tables of hashes
}

type parquetColumn struct {
	name, kind string
	filled     bool // the file's own statistics say that no text of the column is empty
}

// openParquet reads the file's description.
func openParquet(ctx context.Context, c *sql.Conn, path string) (*parquetFile, error) {
	p := &parquetFile{path: path, hashed: map[string]string{}}
	if err := c.QueryRowContext(ctx, "SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata("+schema.Literal(path)+")").Scan(&p.rows); err != nil {
		return nil, p.damaged(err)
	}
	rows, err := c.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet("+schema.Literal(path)+"))")
	if err != nil {
		return nil, p.damaged(err)
	}
	for rows.Next() {
		var col parquetColumn
		if err := rows.Scan(&col.name, &col.kind); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		p.columns = append(p.columns, col)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	return p, p.readStatistics(ctx, c)
}

// readStatistics finds the columns whose least text is not the empty one in any part of the file: their values need
// not be looked at for blanks.
func (p *parquetFile) readStatistics(ctx context.Context, c *sql.Conn) error {
	rows, err := c.QueryContext(ctx, "SELECT path_in_schema FROM parquet_metadata("+schema.Literal(p.path)+") GROUP BY ALL HAVING bool_and(coalesce(stats_min_value, stats_min, '') <> '')")
	if err != nil {
		return p.damaged(err)
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return errors.Join(err, rows.Close())
		}
		for i := range p.columns {
			if p.columns[i].name == name {
				p.columns[i].filled = true
			}
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

func (p *parquetFile) damaged(err error) error {
	return problem.Of(p.path, lang.T("Parquet 文件不完整或已损坏，未装入任何内容（"+firstLine(err)+"）", "the Parquet file is cut off or damaged; nothing of it was loaded ("+firstLine(err)+")"),
		lang.T("重新传输或导出该文件", "transfer or export the file again"))
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// scan hashes the file, has the engine read it, and checks that it stayed the same.
func (p *parquetFile) scan(ctx context.Context, c *sql.Conn, raw bool, use func() error) (result scanned, err error) {
	f, err := source.OpenBinary(p.path)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	f.Watch(p.progress)
	// The hash is computed while the engine reads.
	hashed := make(chan error, 1)
	go func() {
		var failed error
		result.sha256, failed = f.Finish()
		hashed <- failed
	}()
	err = use()
	if failed := <-hashed; failed != nil {
		return result, failed
	}
	if err != nil {
		if strings.Contains(err.Error(), "arquet") || strings.Contains(err.Error(), "IO Error") {
			return result, p.damaged(err)
		}
		return result, err
	}
	result.counts = record.Counts{Rows: p.rows}
	return result, f.Unchanged()
}

// row gives the frame of the stream for the rows of the file.
func (p *parquetFile) row(raw bool) string {
	text := "NULL::VARCHAR"
	if raw {
		members := make([]string, len(p.columns))
		for i, c := range p.columns {
			members[i] = schema.Quote(c.name) + " := " + p.column(c.name)
		}
		text = "to_json(struct_pack(" + strings.Join(members, ", ") + "))::VARCHAR"
	}
	return "file_row_number + 1 AS line, NULL::VARCHAR AS defect, NULL::VARCHAR AS fault_column, NULL::VARCHAR AS fault_value, NULL::BOOLEAN AS repeat, " + text + " AS raw"
}

func (p *parquetFile) from() string {
	return "read_parquet(" + schema.Literal(p.path) + ", file_row_number = true)" + p.joins
}

// column is the expression of a column, hashed where it is personal.
func (p *parquetFile) column(name string) string {
	if e, ok := p.hashed[name]; ok {
		return e
	}
	return schema.Quote(name)
}

// typed is the expression of a column as a value of the target's type, "" where it is to be read as text.
func (c parquetColumn) typed(t schema.Type) string {
	name := schema.Quote(c.name)
	kind, _, _ := strings.Cut(c.kind, "(")
	switch {
	case t == schema.Integer && integerKinds[kind]:
		return "CAST(" + name + " AS BIGINT)"
	case t == schema.Boolean && kind == "BOOLEAN", t == schema.Date && kind == "DATE":
		return name
	case t == schema.Timestamp && kind == "TIMESTAMP WITH TIME ZONE":
		return "make_timestamp(epoch_us(" + name + "))"
	case t == schema.Timestamp && strings.HasPrefix(kind, "TIMESTAMP"):
		// Without offset: a time of the session's zone.
		return "make_timestamp(epoch_us(CAST(CAST(" + name + " AS TIMESTAMP) AS TIMESTAMPTZ)))"
	}
	return ""
}

var integerKinds = map[string]bool{"TINYINT": true, "SMALLINT": true, "INTEGER": true, "BIGINT": true, "UTINYINT": true, "USMALLINT": true, "UINTEGER": true}

// identityParquet plans a Parquet file of one of Weir's own tables.
func (l *load) identityParquet(ctx context.Context, c *sql.Conn) error {
	p, err := openParquet(ctx, c, l.plan.input.path)
	if err != nil {
		return err
	}
	names := make([]string, len(p.columns))
	for i, col := range p.columns {
		names[i] = col.name
	}
	if err := l.checkHeader(names, 0); err != nil {
		return err
	}
	var fields []string
	for i, col := range p.columns {
		target, _ := l.plan.table.Column(col.name)
		if target.Personal {
			if err := l.hashColumn(ctx, c, p, col.name); err != nil {
				return err
			}
		}
		one := &cell{column: *target, n: i}
		switch t := col.typed(target.Type); {
		case t != "":
			one.own = one.t()
			fields = append(fields, "NULL::VARCHAR AS "+one.x(), t+" AS "+one.t())
		case col.filled && col.kind == "VARCHAR":
			fields = append(fields, p.column(col.name)+" AS "+one.x())
		default:
			fields = append(fields, fmt.Sprintf("nullif(CAST(%s AS VARCHAR), '') AS %s", p.column(col.name), one.x()))
		}
		l.projection.cells = append(l.projection.cells, one)
	}
	l.projection.from = func(raw bool) string {
		return fmt.Sprintf("SELECT %s, %s FROM %s", p.row(raw), strings.Join(fields, ", "), p.from())
	}
	l.relation = p
	return nil
}

// hashColumn prepares the hash of a personal column: the distinct codes are hashed here, into a table that the file
// is joined with.
func (l *load) hashColumn(ctx context.Context, c *sql.Conn, p *parquetFile, name string) error {
	if l.settings.Key == nil {
		return l.noKey()
	}
	code := fmt.Sprintf("nullif(trim(CAST(%s AS VARCHAR)), '')", schema.Quote(name))
	table := fmt.Sprintf("weir_person_%d", len(p.hashed))
	l.tables = append(l.tables, table)
	rows, err := c.QueryContext(ctx, fmt.Sprintf("SELECT DISTINCT %s AS k FROM read_parquet(%s) WHERE k IS NOT NULL", code, schema.Literal(p.path)))
	if err != nil {
		return p.damaged(err)
	}
	var codes []string
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			return errors.Join(err, rows.Close())
		}
		codes = append(codes, code)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	if err := l.hashCodes(ctx, c, table, codes); err != nil {
		return err
	}
	p.hashed[name] = table + ".hashed"
	p.joins += fmt.Sprintf(" LEFT JOIN %s ON %s.code = %s", table, table, code)
	return nil
}

// hashCodes makes the table of codes and their hashes; the writer of records hashes what is personal.
func (l *load) hashCodes(ctx context.Context, c *sql.Conn, table string, codes []string) error {
	o := l.recordOptions()
	o.Columns = []record.Column{{Name: "code"}, {Name: "hashed", Personal: true}}
	records := record.Start(ctx, o, func(w *record.Writer) error {
		for i, code := range codes {
			w.Begin(int64(i))
			// The writer cuts blanks off: the quotes keep them, since the file is joined by the code as it stands.
			w.Field(0, []byte(`"`+code+`"`))
			w.Field(1, []byte(code))
			if err := w.End(nil); err != nil {
				return err
			}
		}
		return nil
	})
	release, err := store.Stream(c, streamView, records)
	if err != nil {
		_, closed := records.Close()
		return errors.Join(err, closed)
	}
	_, err = c.ExecContext(ctx, fmt.Sprintf("CREATE TEMP TABLE %s AS SELECT %s.%s[2:-2] AS code, %s.%s AS hashed FROM %s", table, record.Row, record.TextField(0), record.Row, record.TextField(1), streamView))
	if err == nil {
		_, err = c.ExecContext(ctx, "DROP VIEW "+streamView)
	}
	_, closed := records.Close()
	release()
	return errors.Join(err, closed)
}
