package ingest

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"weir/ingest/reason"
	"weir/ingest/record"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/queries/schema"
)

// Temporary tables of a settlement; they live inside the transaction.
const (
	leftTable     = "weir_left"     // rows that the first pass left, with raw text
	conflictTable = "weir_conflict" // rows of which another version stands already
	extraTable    = "weir_extra"    // repeats inside the file
	knownTable    = "weir_known"    // rows whose key is stored
	stageTable    = "weir_staged"   // rows of the flat target
	rawTable      = "weir_raw"      // raw text of conflicts
)

// settlement decides, after the sound rows of a file were inserted, what becomes of repeats, of rows that are stored
// already and of those that cannot be loaded, and counts them.
type settlement struct {
	*load
	conn   *sql.Conn
	sha256 string
	same   int64 // rows that are the same, letter for letter, as an earlier one of the file
}

func (s *settlement) run(ctx context.Context, counts record.Counts, inserted int64) error {
	if err := s.exec(ctx, "CREATE TEMP TABLE "+conflictTable+" (source_line BIGINT, code VARCHAR, other_load BIGINT, other_line BIGINT, raw VARCHAR)"); err != nil {
		return err
	}
	if !counts.Exact {
		if err := s.findRepeats(ctx); err != nil {
			return err
		}
	}
	s.same = counts.Same
	left := counts.Rows > inserted+counts.Same
	if left {
		if err := s.checkLeft(ctx, counts, inserted); err != nil {
			return err
		}
		s.narrow(counts, inserted)
		if err := s.again(ctx, s.projection.leftovers(leftTable)); err != nil {
			return err
		}
		if counts.Repeated > 0 {
			if err := s.settleRepeats(ctx); err != nil {
				return err
			}
		}
	}
	if err := s.distribute(ctx); err != nil {
		return err
	}
	if err := s.quarantine(ctx, left); err != nil {
		return err
	}
	return s.drop(ctx, left)
}

// narrow has the next scan pass on only what the reader itself held back, where nothing else is left.
func (s *settlement) narrow(counts record.Counts, inserted int64) {
	if st, ok := s.relation.(*stream); ok && counts.Rows-inserted-counts.Same == int64(len(counts.Left)) {
		slices.Sort(counts.Left)
		st.lines = counts.Left
	}
}

// again reads the file once more, for raw text; it must be what it was.
func (s *settlement) again(ctx context.Context, query string) error {
	seen, err := s.relation.scan(ctx, s.conn, true, func() error {
		if err := s.exec(ctx, query); err != nil {
			return s.queryError(err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if seen.sha256 != s.sha256 {
		return problem.Of(s.plan.input.path, lang.T("读取时文件发生变化，未装入任何内容", "the file changed while it was read; nothing of it was loaded"), lang.T("待导出完成后再装入", "wait until the export has ended, then ingest it again"))
	}
	return nil
}

// findRepeats looks for keys that the file has more than once among the inserted rows, first by their 64-bit hashes,
// and takes all but the first of each out again.
func (s *settlement) findRepeats(ctx context.Context) error {
	key, all := s.plan.key(), columnNames(s.plan.columns)
	hash := hashOf(key, "")
	const twice = "weir_twice"
	if err := s.exec(ctx, fmt.Sprintf("CREATE TEMP TABLE %s AS SELECT %s AS h FROM %s WHERE load_id = %d GROUP BY h HAVING count(*) > 1", twice, hash, s.into, s.id)); err != nil {
		return err
	}
	n, err := s.count(ctx, "SELECT count(*) FROM "+twice)
	if err != nil || n == 0 {
		return s.or(err, ctx, "DROP TABLE "+twice)
	}
	content := hashOf(all, "")
	return s.exec(ctx,
		fmt.Sprintf(`CREATE TEMP TABLE %s AS SELECT source_line, first_line, same FROM (
			SELECT source_line, first_value(source_line) OVER w AS first_line, %s = first_value(%s) OVER w AS same
			FROM %s WHERE load_id = %d AND %s IN (SELECT h FROM %s)
			WINDOW w AS (PARTITION BY %s ORDER BY source_line)) WHERE source_line <> first_line`,
			extraTable, content, content, s.into, s.id, hash, twice, quoted(key, "")),
		fmt.Sprintf("DELETE FROM %s WHERE load_id = %d AND source_line IN (SELECT source_line FROM %s)", s.into, s.id, extraTable),
		fmt.Sprintf("INSERT INTO %s SELECT source_line, %s, NULL, first_line, NULL FROM %s WHERE NOT same", conflictTable, schema.Literal(string(reason.KeyInFile)), extraTable),
		"DROP TABLE "+twice)
}

// settleRepeats compares the rows that the reader marked as repeats with the rows of their keys.
func (s *settlement) settleRepeats(ctx context.Context) error {
	// A key whose first row was refused is represented by its next row that is sound.
	representative := fmt.Sprintf(`INSERT INTO %s (%s, load_id, source_line) SELECT %s, %d, source_line FROM %s l
		WHERE repeat AND code IS NULL AND NOT EXISTS (SELECT 1 FROM %s x WHERE x.load_id = %d AND %s)
		QUALIFY row_number() OVER (PARTITION BY %s ORDER BY source_line) = 1`,
		s.into, s.projection.names(), s.leftValues("l."), s.id, leftTable, s.into, s.id, s.sameKey(), s.leftKey("l."))
	compare := fmt.Sprintf(`CREATE TEMP TABLE %s AS SELECT l.source_line, x.source_line AS first_line, hash(%s) = hash(%s) AS same, l.raw
		FROM %s l JOIN %s x ON x.load_id = %d AND %s WHERE l.repeat AND l.code IS NULL AND l.source_line <> x.source_line`,
		extraTable, s.leftValues("l."), quoted(s.projection.columns, "x."), leftTable, s.into, s.id, s.sameKey())
	conflicts := fmt.Sprintf("INSERT INTO %s SELECT source_line, %s, NULL, first_line, raw FROM %s WHERE NOT same", conflictTable, schema.Literal(string(reason.KeyInFile)), extraTable)
	if err := s.exec(ctx, compare); err != nil {
		return err
	}
	unmatched, err := s.count(ctx, fmt.Sprintf("SELECT (SELECT count(*) FROM %s WHERE repeat AND code IS NULL) - (SELECT count(*) FROM %s)", leftTable, extraTable))
	if err != nil {
		return err
	}
	if unmatched > 0 {
		if err := s.exec(ctx, representative, "DROP TABLE "+extraTable, compare); err != nil {
			return err
		}
	}
	return s.exec(ctx, conflicts)
}

// sameKey joins leftovers l and stored rows x.
func (s *settlement) sameKey() string {
	var terms []string
	for _, k := range s.plan.key() {
		terms = append(terms, "x."+schema.Quote(k)+" = l."+schema.Quote(valueColumn(k)))
	}
	return strings.Join(terms, " AND ")
}

func (s *settlement) leftKey(prefix string) string {
	names := make([]string, len(s.plan.key()))
	for i, k := range s.plan.key() {
		names[i] = valueColumn(k)
	}
	return quoted(names, prefix)
}

func (s *settlement) leftValues(prefix string) string {
	names := make([]string, len(s.projection.columns))
	for i, n := range s.projection.columns {
		names[i] = valueColumn(n)
	}
	return quoted(names, prefix)
}

// quarantine stores what could not be loaded with reason, cure and raw text, and completes the counts.
func (s *settlement) quarantine(ctx context.Context, left bool) error {
	file := schema.Literal(filepath.Base(s.plan.input.path))
	if left {
		if err := s.exec(ctx, fmt.Sprintf(`INSERT INTO quarantine (load_id, file, line, column_name, code, reason, cure, value, raw)
			SELECT %d, %s, source_line, column_name, l.code, reason, cure, value, coalesce(raw, '') FROM %s l JOIN %s ON reasons.code = l.code`,
			s.id, file, leftTable, reasonValues())); err != nil {
			return err
		}
	}
	unread, err := s.count(ctx, "SELECT count(*) FROM "+conflictTable+" WHERE raw IS NULL")
	if err != nil {
		return err
	}
	if unread > 0 {
		if st, ok := s.relation.(*stream); ok {
			st.lines = nil
		}
		if err := s.again(ctx, fmt.Sprintf("CREATE TEMP TABLE %s AS SELECT line AS source_line, raw FROM (%s) WHERE line IN (SELECT source_line FROM %s WHERE raw IS NULL)",
			rawTable, s.projection.from(true), conflictTable)); err != nil {
			return err
		}
		if err := s.exec(ctx, fmt.Sprintf("UPDATE %s SET raw = r.raw FROM %s r WHERE r.source_line = %s.source_line AND %s.raw IS NULL", conflictTable, rawTable, conflictTable, conflictTable), "DROP TABLE "+rawTable); err != nil {
			return err
		}
	}
	// The value at fault is the place of the other version.
	if err := s.exec(ctx, fmt.Sprintf(`INSERT INTO quarantine (load_id, file, line, column_name, code, reason, cure, value, raw)
		SELECT %d, %s, source_line, %s, k.code, reason, cure, concat_ws(', ', 'load ' || other_load, 'line ' || other_line), coalesce(raw, '')
		FROM %s k JOIN %s ON reasons.code = k.code`,
		s.id, file, schema.Literal(strings.Join(s.plan.key(), ",")), conflictTable, reasonValues())); err != nil {
		return err
	}
	s.result.RowsQuarantined, err = s.count(ctx, fmt.Sprintf("SELECT count(*) FROM quarantine WHERE load_id = %d", s.id))
	return err
}

func (s *settlement) drop(ctx context.Context, left bool) error {
	tables := []string{conflictTable, extraTable, knownTable, stageTable}
	if left {
		tables = append(tables, leftTable)
	}
	for _, t := range tables {
		if err := s.exec(ctx, "DROP TABLE IF EXISTS "+t); err != nil {
			return err
		}
	}
	return nil
}

func (s *settlement) exec(ctx context.Context, statements ...string) error {
	for _, q := range statements {
		if _, err := s.conn.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", s.plan.input.path, err)
		}
	}
	return nil
}

// or runs the statement where there is no error yet.
func (s *settlement) or(err error, ctx context.Context, statement string) error {
	if err != nil {
		return err
	}
	return s.exec(ctx, statement)
}

func (s *settlement) count(ctx context.Context, query string) (n int64, err error) {
	err = s.conn.QueryRowContext(ctx, query).Scan(&n)
	return n, err
}

// hashOf is the engine's 64-bit hash over columns.
func hashOf(names []string, table string) string { return "hash(" + quoted(names, table) + ")" }

func columnNames(columns []schema.Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}
