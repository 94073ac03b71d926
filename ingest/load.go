package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"weir/ingest/mapping"
	"weir/ingest/record"
	"weir/ingest/source"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
)

// ReaderVersion is kept with every load: it is raised when a reader understands a file differently than before.
const ReaderVersion = 1

// loader loads files with one set of options.
type loader struct {
	store    *store.Store
	settings Settings
	options  Options
	mappings []*mapping.Mapping
}

// load is one file on its way into the tables.
type load struct {
	*loader
	plan       *plan
	relation   relation
	projection projection
	names      *names
	types      []string // temporary types to be dropped at the end
	extra      []string // expressions of columns that lookups make of those of the file
	tables     []string // temporary tables likewise
	id         int64
	into       string // relation that the rows are inserted into: the table, or a staging table
	started    time.Time
	layout     layout
	result     Result
}

// relation is a file that the engine can read while use runs.
type relation interface {
	scan(ctx context.Context, c *sql.Conn, raw bool, use func() error) (scanned, error)
}

// errDryRun ends the transaction of a dry run.
var errDryRun = errors.New("dry run")

// file loads one file.
func (l *loader) file(ctx context.Context, path string) (Result, error) {
	p, err := l.plan(path)
	if err != nil {
		return Result{}, err
	}
	if err := p.input.detect(l.options.Reader); err != nil {
		return Result{}, err
	}
	p.tellFormat()
	one := &load{loader: l, plan: p, started: l.options.Now().UTC()}
	one.result = Result{File: path, Table: p.target(), Reader: p.input.format}
	if p.mapping != nil {
		one.result.Mapping = p.mapping.ID
	}
	if !p.found.Empty() {
		one.result.Warnings = append(one.result.Warnings, p.found)
	}
	if done, err := one.loadedBefore(ctx); err != nil || done {
		return one.result, err
	}
	if err := one.checkSpace(); err != nil {
		return Result{}, err
	}
	err = l.store.Write(ctx, one.transaction)
	if errors.Is(err, errDryRun) {
		one.result.LoadID = 0
		return one.result, nil
	}
	if errors.Is(err, store.ErrDiskFull) {
		return Result{}, one.noSpace(err)
	}
	return one.result, err
}

// transaction does the work of one load; an error rolls all of it back.
func (l *load) transaction(ctx context.Context, c *sql.Conn) error {
	if err := c.QueryRowContext(ctx, "SELECT nextval('load_id')").Scan(&l.id); err != nil {
		return err
	}
	l.result.LoadID = l.id
	if err := l.prepare(ctx, c); err != nil {
		return err
	}
	if err := l.fill(ctx, c); err != nil {
		return err
	}
	if err := l.register(ctx, c); err != nil {
		return err
	}
	if l.options.DryRun {
		return errDryRun
	}
	return nil
}

// prepare makes relation and projection.
func (l *load) prepare(ctx context.Context, c *sql.Conn) (err error) {
	parquet := l.plan.input.format == "parquet"
	switch {
	case l.plan.mapping == nil && parquet:
		err = l.identityParquet(ctx, c)
	case l.plan.mapping == nil:
		err = l.identity()
	default:
		err = l.mapped(ctx, c)
	}
	if err != nil {
		return err
	}
	switch r := l.relation.(type) {
	case *stream:
		if r.options.Hash == nil && hasPersonal(r.options.Columns) {
			return l.noKey()
		}
		r.progress = l.progress()
	case *parquetFile:
		r.progress = l.progress()
	}
	if departmentColumns(l.plan.columns) && l.plan.target() != "department" {
		if err := l.resolveDepartments(ctx, c); err != nil {
			return err
		}
	}
	l.projection.finish(l.store.Model(), l.plan.flat != nil)
	return nil
}

// progress tells the caller how far the file is read, nil where nobody asked.
func (l *load) progress() func(int64) {
	if l.options.Progress == nil {
		return nil
	}
	total := l.fileSize()
	return func(done int64) {
		l.options.Progress(Progress{File: l.plan.input.path, Done: done, Total: total})
	}
}

func (l *load) noKey() error {
	return problem.Of(l.plan.input.path, lang.T("文件含有个人编号，而没有散列所用的密钥，未装入任何内容", "the file holds codes of persons, and there is no key to hash them with; nothing was loaded"),
		lang.T("在本文件夹运行 weir init，或恢复 hash.key", "run weir init in this folder, or restore hash.key"))
}

func hasPersonal(columns []record.Column) bool {
	for _, c := range columns {
		if c.Personal {
			return true
		}
	}
	return false
}

// fill moves the rows into the tables and settles what is repeated, known or invalid.
func (l *load) fill(ctx context.Context, c *sql.Conn) error {
	l.into = quotedTable(l.plan.target())
	if l.plan.flat != nil {
		if err := l.stage(ctx, c); err != nil {
			return err
		}
	}
	var inserted int64
	seen, err := l.relation.scan(ctx, c, false, func() error {
		done, err := c.ExecContext(ctx, l.projection.insert(l.into, l.id))
		if err != nil {
			return l.queryError(err)
		}
		inserted, err = done.RowsAffected()
		return err
	})
	if err != nil {
		return err
	}
	l.result.SHA256, l.result.RowsIn = seen.sha256, seen.counts.Rows
	s := settlement{load: l, conn: c, sha256: seen.sha256}
	if err := s.run(ctx, seen.counts, inserted); err != nil {
		return err
	}
	if err := l.keepDecisions(ctx, c); err != nil {
		return err
	}
	if err := l.warnReferences(ctx, c); err != nil {
		return err
	}
	for _, t := range l.tables {
		if _, err := c.ExecContext(ctx, "DROP TABLE "+t); err != nil {
			return err
		}
	}
	for _, t := range l.types {
		if _, err := c.ExecContext(ctx, "DROP TYPE "+t); err != nil {
			return err
		}
	}
	return nil
}

// queryError words an error of the projection: most often an expression of the mapping.
func (l *load) queryError(err error) error {
	if l.plan.mapping != nil {
		file := filepath.Base(l.plan.input.path)
		return problem.Of(l.plan.mapping.Source, lang.T("映射不能用于 "+file+"："+err.Error(), "the mapping cannot be applied to "+file+": "+err.Error()),
			lang.T("改正消息中指出的表达式", "correct the expression that the message names"))
	}
	return fmt.Errorf("%s: %w", l.plan.input.path, err)
}

// register writes the load and checks its sum.
func (l *load) register(ctx context.Context, c *sql.Conn) error {
	r := l.result
	if r.RowsIn != r.RowsLoaded+r.RowsDuplicate+r.RowsQuarantined {
		return fmt.Errorf("%s: of %d rows %d were loaded, %d are duplicates and %d were quarantined, which does not add up; nothing was loaded; please report this with the file",
			r.File, r.RowsIn, r.RowsLoaded, r.RowsDuplicate, r.RowsQuarantined)
	}
	var id, sum any
	if m := l.plan.mapping; m != nil {
		id, sum = m.ID, m.SHA256
	}
	names, delimiter, err := l.layout.stored()
	if err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, `INSERT INTO load (load_id, file, sha256, bytes, table_name, mapping, mapping_sha256, reader, reader_version,
			started_at, finished_at, rows_in, rows_loaded, rows_duplicate, rows_quarantined, column_names, delimiter) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.id, filepath.Base(r.File), r.SHA256, l.fileSize(), r.Table, id, sum, r.Reader, ReaderVersion,
		l.started, l.options.Now().UTC(), r.RowsIn, r.RowsLoaded, r.RowsDuplicate, r.RowsQuarantined, names, delimiter)
	return err
}

// loadedBefore looks for a load of the same content into the same target by the same mapping. Content is compared
// only where a load has the file's size.
func (l *load) loadedBefore(ctx context.Context) (done bool, err error) {
	conn, err := l.store.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	mappingSum := ""
	if l.plan.mapping != nil {
		mappingSum = l.plan.mapping.SHA256
	}
	const sameSize = `SELECT count(*) FROM load WHERE bytes = ? AND table_name = ? AND coalesce(mapping_sha256, '') = ?`
	var n int
	if err := conn.QueryRowContext(ctx, sameSize, l.fileSize(), l.plan.target(), mappingSum).Scan(&n); err != nil || n == 0 {
		return false, err
	}
	sum, err := source.Hash(l.plan.input.path)
	if err != nil {
		return false, err
	}
	const same = `SELECT load_id, rows_in, rows_loaded, rows_duplicate, rows_quarantined FROM load
		WHERE sha256 = ? AND table_name = ? AND coalesce(mapping_sha256, '') = ? AND reader_version = ? ORDER BY load_id LIMIT 1`
	r := &l.result
	err = conn.QueryRowContext(ctx, same, sum, l.plan.target(), mappingSum, ReaderVersion).Scan(&r.LoadID, &r.RowsIn, &r.RowsLoaded, &r.RowsDuplicate, &r.RowsQuarantined)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	r.AlreadyLoaded, r.SHA256 = err == nil, sum
	return err == nil, err
}
