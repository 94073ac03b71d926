package evaluate

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"weir/internal/calendar"
	"weir/internal/store"
	"weir/queries/marts"
	"weir/queries/schema"
)

// Values follow the successor, history stays. Rows are stored under the department that the platform named. Once a
// department is no longer in being, from the first whole month after its last day on, what a month reads of it counts
// for the department that took over its duties: its resources, open requests, spending, and the use of earlier months
// that a trailing window reaches back to. Months before keep both departments apart, however often they are closed
// again. A department that ended without a successor has no figures any more.

// Succession names for each department that is gone in a month the one that answers for it.
type Succession map[string]string

// Ask runs a query with values bound by name.
type Ask func(query string, parameters map[string]any) (*store.Result, error)

// SuccessionOf reads from a relation of departments who answers for whom in a month. A chain of mergers is followed to
// the end; one that runs in a circle names nobody.
func SuccessionOf(ask Ask, departments string, month calendar.Month) (Succession, error) {
	// The condition is that of mart_department: a department whose last day lies in the month is still in being.
	query := fmt.Sprintf(`SELECT department_id, successor_id FROM %s
		WHERE successor_id IS NOT NULL AND valid_to <= CAST($month AS DATE) ORDER BY department_id`, departments)
	r, err := ask(query, map[string]any{"month": dateText(month.Day())})
	if err != nil {
		return nil, err
	}
	next := Succession{}
	for _, row := range r.Rows {
		next[row[0].(string)] = row[1].(string)
	}
	s := Succession{}
	for gone := range next {
		to := next[gone]
		for steps := 0; steps < len(next) && next[to] != ""; steps++ {
			to = next[to]
		}
		if next[to] == "" && to != gone {
			s[gone] = to
		}
	}
	return s, nil
}

// text writes the succession for fingerprints, "" where nobody succeeds anybody.
func (s Succession) text() string {
	parts := make([]string, 0, len(s))
	for _, gone := range sortedKeys(s) {
		parts = append(parts, gone+"→"+s[gone])
	}
	return strings.Join(parts, " ")
}

// Reading is a relation in which departments that are gone are replaced by those that answer for them.
func (s Succession) Reading(from string, columns []string) string {
	if len(s) == 0 || len(columns) == 0 {
		return "SELECT * FROM " + from
	}
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = s.resolved(schema.Quote(c)) + " AS " + schema.Quote(c)
	}
	return fmt.Sprintf("SELECT * REPLACE (%s) FROM %s", strings.Join(list, ", "), from)
}

// DepartmentColumns lists the columns of a table or mart that name departments and follow a succession. The table of
// departments has none: what a department is called stays.
func DepartmentColumns(name string) []string {
	var columns []string
	if m, ok := marts.Find(name); ok {
		for _, c := range m.Columns {
			if c.Ref == "department" {
				columns = append(columns, c.Name)
			}
		}
	}
	if t, ok := schema.Default().Table(name); ok && name != "department" && name != "department_alias" {
		for _, c := range t.Columns {
			if c.Ref == "department" {
				columns = append(columns, c.Name)
			}
		}
	}
	return columns
}

// resolved is the expression of a column that names departments.
func (s Succession) resolved(column string) string {
	var b strings.Builder
	b.WriteString("CASE " + column)
	for _, gone := range sortedKeys(s) {
		fmt.Fprintf(&b, " WHEN %s THEN %s", literal(gone), literal(s[gone]))
	}
	return b.String() + " ELSE " + column + " END"
}

// readings are the temporary views of a connection under which queries read tables and marts as a month sees them.
// Where nobody succeeds anybody there are none, and queries read the tables themselves. The marts of an as-of session
// are temporary themselves, under names of their own, and are always read through a view.
type readings struct {
	conn      *sql.Conn
	database  string
	temporary bool
	text      string   // succession of the views as they stand
	views     []string // what stands
}

func newReadings(ctx context.Context, conn *sql.Conn, temporary bool) (*readings, error) {
	r := &readings{conn: conn, temporary: temporary}
	return r, conn.QueryRowContext(ctx, "SELECT current_database()").Scan(&r.database)
}

// mart is the name of a mart's table itself.
func (r *readings) mart(name string) string {
	if r.temporary {
		return "temp." + asOfName(name)
	}
	return r.table(name)
}

// succession is who answers for whom in a month, by the departments as they stand.
func (r *readings) succession(ctx context.Context, month calendar.Month) (Succession, error) {
	return SuccessionOf(func(query string, parameters map[string]any) (*store.Result, error) {
		return store.Collect(ctx, r.conn, query, parameters)
	}, r.table("department"), month)
}

func (r *readings) table(name string) string {
	return schema.Quote(r.database) + ".main." + schema.Quote(name)
}

func asOfName(mart string) string { return mart + "_as_of" }

// set makes the views those of a succession.
func (r *readings) set(ctx context.Context, s Succession) error {
	if s.text() == r.text && (!r.temporary || len(r.views) > 0) {
		return nil
	}
	if err := r.drop(ctx); err != nil {
		return err
	}
	for _, m := range marts.All() {
		columns := DepartmentColumns(m.Name)
		reading := s.Reading(r.mart(m.Name), columns)
		if len(s) > 0 && slices.Contains(columns, "provider_id") && slices.Contains(columns, "consumer_id") {
			// What a mart of an earlier month counts as use across departments is own use now.
			reading += fmt.Sprintf(" WHERE provider_id = consumer_id OR %s <> %s", s.resolved("provider_id"), s.resolved("consumer_id"))
		}
		if r.temporary || len(s) > 0 && len(columns) > 0 {
			if err := r.view(ctx, m.Name, reading); err != nil {
				return err
			}
		}
	}
	for _, name := range schema.Default().TableNames() {
		if columns := DepartmentColumns(name); len(s) > 0 && len(columns) > 0 {
			if err := r.view(ctx, name, s.Reading(r.table(name), columns)); err != nil {
				return err
			}
		}
	}
	r.text = s.text()
	return nil
}

func (r *readings) view(ctx context.Context, name, reading string) error {
	if _, err := r.conn.ExecContext(ctx, fmt.Sprintf("CREATE TEMP VIEW %s AS %s", schema.Quote(name), reading)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	r.views = append(r.views, name)
	return nil
}

// drop takes the views away: they would stay on the connection.
func (r *readings) drop(ctx context.Context) error {
	for _, name := range slices.Backward(r.views) {
		if _, err := r.conn.ExecContext(ctx, "DROP VIEW temp."+schema.Quote(name)); err != nil {
			return err
		}
	}
	r.views, r.text = nil, ""
	return nil
}
