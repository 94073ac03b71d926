package closing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"weir/internal/calendar"
	"weir/internal/evaluate"
	"weir/internal/lake"
	"weir/internal/store"
	"weir/queries/marts"
	"weir/queries/schema"
)

// LakeFile is one Parquet file of a closed month.
type LakeFile struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// lakeManifest lists a closed month's files, so that a reader can check what it was given.
type lakeManifest struct {
	Month    string     `json:"month"`
	Revision int        `json:"revision"`
	AsOf     time.Time  `json:"as_of"`
	ClosedAt time.Time  `json:"closed_at"`
	TimeZone string     `json:"time_zone"` // in which the month has its limits
	Stamp    string     `json:"stamp"`
	Files    []LakeFile `json:"files"`
}

// lakeDirectory is where a revision of a month lies below the directory of the lake: partitions that any engine understands.
func lakeDirectory(directory, month string, revision int) string {
	return filepath.Join(directory, "month="+month, fmt.Sprintf("revision=%d", revision))
}

// lakeQuery is one file's content. Each is ordered, so that the same rows give the same bytes. Marts and
// rule tables are read from the session that built them, since those of an as-of close live nowhere else.
type lakeQuery struct {
	name, query string
	session     bool
}

// lakeQueries lists what a closed month puts into the lake: events of the month without what leads to a person, all
// other tables of the model whole, the month's marts with the months before that pages read, the values and the scores.
func lakeQueries(model *schema.Model, m period, revision int) []lakeQuery {
	var list []lakeQuery
	for i := range model.Tables {
		t := &model.Tables[i]
		var columns []string
		for _, c := range t.Stored() {
			if c.Public() {
				columns = append(columns, schema.Quote(c.Name))
			}
		}
		where := ""
		order := t.Key
		if t.Partition != "" {
			column := schema.Quote(t.Partition)
			where = fmt.Sprintf(" WHERE %s >= %s AND %s < %s", column, timestamp(m.start), column, timestamp(m.end))
			order = append([]string{t.Partition}, t.Key...)
		}
		list = append(list, lakeQuery{name: t.Name, query: fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s, load_id, source_line",
			strings.Join(columns, ", "), schema.Quote(t.Name), where, quoteAll(order))})
	}
	for _, mart := range marts.All() {
		list = append(list, lakeQuery{name: mart.Name, session: true, query: fmt.Sprintf("SELECT * FROM %s WHERE month = DATE %s ORDER BY ALL",
			mart.Name, schema.Literal(m.month.String()+"-01"))})
		if mart.History != 0 {
			list = append(list, lakeQuery{name: lake.HistoryOf(mart.Name), session: true, query: historyQuery(mart, m.month)})
		}
	}
	for _, table := range frozenTables {
		list = append(list, lakeQuery{name: table, query: fmt.Sprintf("SELECT * FROM %s WHERE month = %s AND revision = %d ORDER BY ALL", table, schema.Literal(m.month.String()), revision)})
	}
	return append(list, lakeQuery{name: "working_day", session: true, query: "SELECT * FROM working_day ORDER BY day"})
}

// historyQuery reads the months of a mart before the one that is closed, as far back as pages read.
func historyQuery(mart *marts.Mart, month calendar.Month) string {
	query := fmt.Sprintf("SELECT * FROM %s WHERE month < DATE %s", mart.Name, schema.Literal(month.String()+"-01"))
	if mart.History != marts.AllMonths {
		query += " AND month >= DATE " + schema.Literal(month.Add(-mart.History).String()+"-01")
	}
	return query + " ORDER BY ALL"
}

// writeLake writes the files into a directory of their own and moves it into place as the last step, so that a
// month in the lake is whole.
func writeLake(ctx context.Context, c *sql.Conn, session *evaluate.Session, directory string, m lakeManifest, queries []lakeQuery) (err error) {
	target := lakeDirectory(directory, m.Month, m.Revision)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	draft, err := os.MkdirTemp(directory, ".closing-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(draft)) }()
	for _, q := range queries {
		run := func(copy string) (int64, error) { return copyRows(c.ExecContext(ctx, copy)) }
		if q.session {
			run = func(copy string) (int64, error) { return copiedRows(session.Query(ctx, copy, nil)) }
		}
		file, err := writeParquet(draft, q, run)
		if err != nil {
			return fmt.Errorf("lake table %s: %w", q.name, err)
		}
		m.Files = append(m.Files, file)
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(draft, "manifest.json"), append(text, '\n'), 0o644); err != nil {
		return err
	}
	if err := os.Chmod(draft, 0o755); err != nil {
		return err
	}
	// A directory of this name is of a close that ended before it was recorded.
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	return os.Rename(draft, target)
}

// writeParquet writes one file; run executes a COPY and gives the rows it wrote.
func writeParquet(directory string, q lakeQuery, run func(string) (int64, error)) (LakeFile, error) {
	path := filepath.Join(directory, q.name+".parquet")
	rows, err := run(fmt.Sprintf("COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd)", q.query, schema.Literal(path)))
	if err != nil {
		return LakeFile{}, err
	}
	size, hash, err := hashFile(path)
	return LakeFile{Name: q.name + ".parquet", Rows: rows, Bytes: size, SHA256: hash}, err
}

// copyRows is what a COPY that was executed says it wrote.
func copyRows(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// copiedRows is the same of a COPY that was queried, which answers with one number.
func copiedRows(result *store.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	rows, ok := result.Rows[0][0].(int64)
	if !ok {
		return 0, fmt.Errorf("COPY answered %v", result.Rows[0][0])
	}
	return rows, nil
}

func timestamp(t time.Time) string {
	return "TIMESTAMP " + schema.Literal(t.UTC().Format("2006-01-02 15:04:05.999999"))
}

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = schema.Quote(n)
	}
	return strings.Join(quoted, ", ")
}
