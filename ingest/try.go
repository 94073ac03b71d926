package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"weir/ingest/reason"
	"weir/internal/lang"
	"weir/internal/store"
	"weir/queries/schema"
)

// Trial says how a file would land by a mapping.
type Trial struct {
	Result  Result
	Columns []string   // source_line, then the columns of the target that the mapping fills
	Rows    [][]string // the first rows that would land
	Faults  []Fault    // why others would not, the most frequent first
}

// Fault is a reason for which rows would not land.
type Fault struct {
	Code    string
	Reason  lang.Text
	Cure    lang.Text
	Column  string
	Rows    int64
	Line    int64 // of the first one
	Example string
}

// Try loads the file into a store in memory that knows the departments of from, and shows the first rows. Nothing is
// written anywhere else; from may be nil.
func Try(ctx context.Context, from *store.Store, s Settings, path string, o Options, first int) (t Trial, err error) {
	zone := ""
	if from != nil {
		zone = from.TimeZone()
	}
	st, err := store.Open(ctx, "", store.Options{TimeZone: zone})
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if from != nil {
		for _, name := range []string{"department", "department_alias"} {
			if err := copyTable(ctx, from, st, name); err != nil {
				return t, err
			}
		}
	}
	if s.Key == nil {
		s.Key = []byte("of a trial, whose rows are forgotten")
	}
	o.MaxQuarantine, o.DryRun = math.MaxInt64, false
	results, err := Files(ctx, st, s, []string{path}, o)
	if err != nil {
		return t, err
	}
	t.Result = results[0]
	if t.Faults, err = faultsOf(ctx, st); err != nil {
		return t, err
	}
	return t, t.show(ctx, st, first)
}

func copyTable(ctx context.Context, from, to *store.Store, name string) error {
	table, ok := from.Model().Table(name)
	if !ok {
		return fmt.Errorf("there is no table %s", name)
	}
	columns := quoted(columnNames(table.Columns), "")
	rows, err := from.Query(ctx, fmt.Sprintf("SELECT %s FROM %s", columns, schema.Quote(name)), nil)
	if err != nil {
		return err
	}
	return to.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(table.Columns)), ", ")
		for _, r := range rows.Rows {
			if _, err := c.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (%s, load_id, source_line) VALUES (%s, 0, 0)", schema.Quote(name), columns, marks), r...); err != nil {
				return err
			}
		}
		return nil
	})
}

func faultsOf(ctx context.Context, st *store.Store) ([]Fault, error) {
	r, err := st.Query(ctx, `SELECT code, coalesce(column_name, '') AS c, count(*), min(line), coalesce(arg_min(coalesce(value, raw), line), '')
		FROM quarantine GROUP BY code, c ORDER BY count(*) DESC, min(line)`, nil)
	if err != nil {
		return nil, err
	}
	var all []Fault
	for _, row := range r.Rows {
		f := Fault{}
		f.Code, _ = row[0].(string)
		f.Column, _ = row[1].(string)
		f.Rows, _ = row[2].(int64)
		f.Line, _ = row[3].(int64)
		f.Example, _ = row[4].(string)
		e := reason.Of(reason.Code(f.Code))
		f.Reason, f.Cure = e.Reason, e.Cure
		all = append(all, f)
	}
	return all, nil
}

// show reads the first rows of what was filled, without columns that are empty throughout.
func (t *Trial) show(ctx context.Context, st *store.Store, first int) error {
	names, query := landed(st.Model(), t.Result.Table)
	r, err := st.Query(ctx, fmt.Sprintf("SELECT * FROM (%s) ORDER BY source_line LIMIT %d", query, first), nil)
	if err != nil {
		return err
	}
	var keep []int
	for i := range names {
		if i == 0 || slices.ContainsFunc(r.Rows, func(row []any) bool { return row[i] != nil }) {
			keep = append(keep, i)
			t.Columns = append(t.Columns, names[i])
		}
	}
	for _, row := range r.Rows {
		var cells []string
		for _, i := range keep {
			text, _ := row[i].(string)
			cells = append(cells, text)
		}
		t.Rows = append(t.Rows, cells)
	}
	return nil
}

// landed gives the columns of a target, and a query for them as text; times are shown in the session's zone. The tables
// that the flat target fills are put together again.
func landed(model *schema.Model, target string) (names []string, query string) {
	shown := func(c schema.Column, column string) string {
		if c.Type == schema.Timestamp {
			column = "strftime(timezone(current_setting('TimeZone'), timezone('UTC', " + column + ")), '%Y-%m-%d %H:%M:%S')"
		}
		return "CAST(" + column + " AS VARCHAR) AS " + schema.Quote(c.Name)
	}
	names = []string{"source_line"}
	var fields []string
	if t, ok := model.Table(target); ok {
		for _, c := range t.Columns {
			names, fields = append(names, c.Name), append(fields, shown(c, schema.Quote(c.Name)))
		}
		return names, "SELECT CAST(source_line AS VARCHAR) AS line, " + strings.Join(fields, ", ") + ", source_line FROM " + schema.Quote(target) + " WHERE load_id > 0"
	}
	for _, c := range model.Flat.Columns {
		names, fields = append(names, c.Name), append(fields, shown(c, c.Fills[0]))
	}
	return names, "SELECT CAST(dataset.source_line AS VARCHAR) AS line, " + strings.Join(fields, ", ") +
		", dataset.source_line FROM dataset JOIN resource USING (dataset_id) LEFT JOIN update_event ON update_event.resource_id = resource.resource_id"
}
