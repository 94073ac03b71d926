package identity

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"weir/internal/store"
	"weir/queries/schema"
)

// Kind is what a decision does.
type Kind string

// The kinds of decisions.
const (
	Add    Kind = "add"    // Department is a new one of this Name
	Alias  Kind = "alias"  // Name means Department, From..To
	Rename Kind = "rename" // Department is called Name from From on; the name before it is its alias until then
	Merge  Kind = "merge"  // Department ends with To; Successor took over its duties
)

// Decision is what a person decided about a department's identity.
type Decision struct {
	ID         int64     `json:"decision_id"`
	Kind       Kind      `json:"kind"`
	Department string    `json:"department_id"`
	Name       string    `json:"name,omitempty"`
	Former     string    `json:"former_name,omitempty"` // the name before a rename
	District   string    `json:"district,omitempty"`    // of a new department; not kept with the decision
	Successor  string    `json:"successor_id,omitempty"`
	From       string    `json:"valid_from,omitempty"` // YYYY-MM-DD
	To         string    `json:"valid_to,omitempty"`   // first day no longer
	By         string    `json:"decided_by"`
	At         time.Time `json:"decided_at"`
	Reason     string    `json:"reason"`
	LoadID     int64     `json:"load_id"`
}

// Refused is a decision that cannot be meant; its text says why.
type Refused struct{ error }

// Decisions lists what was decided, the newest last; of one department where it is given.
func Decisions(ctx context.Context, st *store.Store, department string) ([]Decision, error) {
	r, err := st.Query(ctx, `SELECT decision_id, kind, department_id, coalesce(name, ''), coalesce(former_name, ''), coalesce(successor_id, ''), coalesce(valid_from::VARCHAR, ''), coalesce(valid_to::VARCHAR, ''),
			decided_by, decided_at, reason, load_id
		FROM department_decision WHERE $department = '' OR department_id = $department OR successor_id = $department ORDER BY decision_id`, map[string]any{"department": department})
	if err != nil {
		return nil, err
	}
	list := make([]Decision, len(r.Rows))
	for i, row := range r.Rows {
		list[i] = Decision{ID: row[0].(int64), Kind: Kind(text(row[1])), Department: text(row[2]), Name: text(row[3]), Former: text(row[4]), Successor: text(row[5]), From: text(row[6]), To: text(row[7]),
			By: text(row[8]), At: row[9].(time.Time), Reason: text(row[10]), LoadID: row[11].(int64)}
	}
	return list, nil
}

// Decide checks a decision, records it and puts it into the tables, all in one transaction.
func Decide(ctx context.Context, st *store.Store, d Decision) (Decision, error) {
	d.Name, d.Reason, d.By = strings.TrimSpace(d.Name), strings.TrimSpace(d.Reason), strings.TrimSpace(d.By)
	departments, err := Departments(ctx, st)
	if err != nil {
		return d, err
	}
	if err := d.check(departments); err != nil {
		return d, Refused{err}
	}
	d.At = d.At.UTC().Truncate(time.Microsecond)
	err = st.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
		if err := c.QueryRowContext(ctx, "SELECT coalesce(max(decision_id), 0) + 1, nextval('load_id') FROM department_decision").Scan(&d.ID, &d.LoadID); err != nil {
			return err
		}
		rows, table, err := d.apply(ctx, c, st.Model())
		if err != nil {
			return err
		}
		return d.record(ctx, c, table, rows)
	})
	return d, err
}

// check refuses what cannot be meant, or would make a name ambiguous.
func (d *Decision) check(departments []Department) error {
	if d.By == "" || d.Reason == "" {
		return errors.New("a decision names who decided and why")
	}
	for name, date := range map[string]string{"from": d.From, "to": d.To} {
		if err := day(name, date); err != nil {
			return err
		}
	}
	if d.From != "" && d.To != "" && d.To <= d.From {
		return fmt.Errorf("it would end on %s, not after it begins on %s", d.To, d.From)
	}
	if d.Kind == Add {
		return d.checkNew(departments)
	}
	one, err := find(departments, d.Department)
	if err != nil {
		return err
	}
	switch d.Kind {
	case Alias:
		return d.checkName(departments)
	case Rename:
		if d.From == "" {
			return errors.New("a rename needs the day from which on the new name counts")
		}
		if d.Former = one.Name; d.Name == one.Name {
			return fmt.Errorf("%s is called %s already", one.ID, one.Name)
		}
		return d.checkName(departments)
	case Merge:
		return d.checkMerge(one, departments)
	}
	return fmt.Errorf("there is no decision %q", d.Kind)
}

func (d *Decision) checkNew(departments []Department) error {
	if d.Department == "" || d.Name == "" {
		return errors.New("a new department needs an identifier and a name")
	}
	for _, other := range departments {
		if other.ID == d.Department {
			return fmt.Errorf("the department %s exists already: %s", other.ID, other.Name)
		}
		if other.Name == d.Name && other.District == d.District {
			return fmt.Errorf("%s has this name in the same district; give the new department its district, or register an alias", other.ID)
		}
	}
	return nil
}

// checkName sees that a name does not mean another department on the same day. A name that several departments have in
// their own right, such as that of a bureau of several districts, cannot be an alias without dates of one of them.
func (d *Decision) checkName(departments []Department) error {
	if d.Name == "" {
		return errors.New("the name is empty")
	}
	own := Name{d.Name, d.From, d.To}
	for _, other := range departments {
		if other.ID == d.Name && other.ID != d.Department {
			return fmt.Errorf("%q is the identifier of another department", d.Name)
		}
		for _, a := range append([]Name{{other.Name, other.From, other.To}}, other.Aliases...) {
			if a.Text != d.Name || !overlap(own, a) {
				continue
			}
			switch {
			case other.ID != d.Department:
				return fmt.Errorf("%s stands for %s (%s) at the same time; limit the dates, or have the files write the identifier", a, other.ID, other.Name)
			case d.Kind == Alias && a.Text == other.Name:
				return fmt.Errorf("%s is called %s already", other.ID, other.Name)
			case d.Kind == Alias && a.From == d.From && a.To == d.To:
				return fmt.Errorf("%s is an alias of %s already", a, other.ID)
			}
		}
	}
	return nil
}

func (d *Decision) checkMerge(one Department, departments []Department) error {
	if d.To == "" {
		return errors.New("a merger needs the first day on which the department is no longer in being")
	}
	if one.Successor != "" && one.To != "" {
		return fmt.Errorf("%s went into %s on %s already", one.ID, one.Successor, one.To)
	}
	if one.From != "" && d.To <= one.From {
		return fmt.Errorf("%s is in being since %s only", one.ID, one.From)
	}
	next, err := find(departments, d.Successor)
	if err != nil {
		return err
	}
	for steps := 0; steps <= len(departments); steps++ {
		if next.ID == one.ID {
			return fmt.Errorf("%s cannot go into %s: that would be a circle", one.ID, d.Successor)
		}
		if next.Successor == "" {
			return nil
		}
		if next, err = find(departments, next.Successor); err != nil {
			return nil // it went into a department that no list has
		}
	}
	return nil
}

// apply changes the tables and says how many rows it wrote into which.
func (d *Decision) apply(ctx context.Context, c *sql.Conn, model *schema.Model) (rows int, table string, err error) {
	exec := func(query string, arguments ...any) {
		if err == nil {
			_, err = c.ExecContext(ctx, query, arguments...)
		}
	}
	alias := func(name, from, to string, line int) {
		err = errors.Join(err, d.supersede(ctx, c, model, "department_alias", "name = ? AND valid_from IS NOT DISTINCT FROM try_cast(? AS DATE) AND department_id = ?", name, from, d.Department))
		exec("DELETE FROM department_alias WHERE name = ? AND valid_from IS NOT DISTINCT FROM try_cast(? AS DATE) AND department_id = ?", name, from, d.Department)
		exec("INSERT INTO department_alias (name, department_id, valid_from, valid_to, load_id, source_line) VALUES (?, ?, try_cast(? AS DATE), try_cast(? AS DATE), ?, ?)", name, d.Department, from, to, d.LoadID, line)
	}
	change := func(replaced string, arguments ...any) {
		const draft = "weir_decided"
		err = errors.Join(err, d.supersede(ctx, c, model, "department", "department_id = ?", d.Department))
		exec("CREATE TEMP TABLE "+draft+" AS SELECT * REPLACE ("+replaced+", ? AS load_id, 1 AS source_line) FROM department WHERE department_id = ?", append(arguments, d.LoadID, d.Department)...)
		exec("DELETE FROM department WHERE department_id = ?", d.Department)
		exec("INSERT INTO department BY NAME SELECT * FROM " + draft)
		exec("DROP TABLE " + draft)
	}
	switch d.Kind {
	case Add:
		exec("INSERT INTO department (department_id, name, district, valid_from, load_id, source_line) VALUES (?, ?, nullif(?, ''), try_cast(? AS DATE), ?, 1)", d.Department, d.Name, d.District, d.From, d.LoadID)
		return 1, "department", err
	case Alias:
		alias(d.Name, d.From, d.To, 1)
		return 1, "department_alias", err
	case Rename:
		change("? AS name", d.Name)
		alias(d.Former, "", d.From, 2)
		return 2, "department", err
	default:
		change("? AS successor_id, CAST(? AS DATE) AS valid_to", d.Successor, d.To)
		return 1, "department", err
	}
}

// supersede keeps the version of a row that is about to change.
func (d *Decision) supersede(ctx context.Context, c *sql.Conn, model *schema.Model, table, where string, arguments ...any) error {
	t, _ := model.Table(table)
	object := func(names []string) string {
		members := make([]string, len(names))
		for i, n := range names {
			members[i] = schema.Quote(n) + " := " + schema.Quote(n)
		}
		return "to_json(struct_pack(" + strings.Join(members, ", ") + "))::VARCHAR"
	}
	query := fmt.Sprintf("INSERT INTO superseded (table_name, key, content, load_id, source_line, superseded_by, superseded_at) SELECT '%s', %s, %s, load_id, source_line, ?, CAST(? AS TIMESTAMP) FROM %s WHERE %s",
		table, object(t.Key), object(t.ColumnNames()), table, where)
	_, err := c.ExecContext(ctx, query, append([]any{d.LoadID, d.moment()}, arguments...)...)
	return err
}

// moment is when it was decided, as the tables hold it: in UTC, whatever the zone of the connection.
func (d *Decision) moment() string { return d.At.UTC().Format("2006-01-02 15:04:05.000000") }

// record writes the decision, and the load under which its rows stand.
func (d *Decision) record(ctx context.Context, c *sql.Conn, table string, rows int) error {
	content, err := json.Marshal(d)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	if _, err := c.ExecContext(ctx, `INSERT INTO load (load_id, file, sha256, bytes, table_name, reader, reader_version, started_at, finished_at, rows_in, rows_loaded, rows_duplicate, rows_quarantined)
		VALUES (?, ?, ?, ?, ?, 'decision', 1, CAST(? AS TIMESTAMP), CAST(? AS TIMESTAMP), ?, ?, 0, 0)`, d.LoadID, fmt.Sprintf("department decision %d", d.ID), hex.EncodeToString(sum[:]), len(content), table, d.moment(), d.moment(), rows, rows); err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, `INSERT INTO department_decision VALUES (?, ?, ?, nullif(?, ''), nullif(?, ''), nullif(?, ''), try_cast(? AS DATE), try_cast(? AS DATE), ?, CAST(? AS TIMESTAMP), ?, ?)`,
		d.ID, string(d.Kind), d.Department, d.Name, d.Former, d.Successor, d.From, d.To, d.By, d.moment(), d.Reason, d.LoadID)
	return err
}
