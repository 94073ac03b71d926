package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"weir/ingest/mapping"
	"weir/queries/schema"
)

// resolveDepartments gives the cells that refer to departments the names to resolve by. Where the mapping says so,
// departments that are not registered are registered first, under their names.
func (l *load) resolveDepartments(ctx context.Context, c *sql.Conn) error {
	district := ""
	if l.plan.mapping != nil {
		district = l.plan.mapping.District
	}
	zone, err := time.LoadLocation(l.store.TimeZone())
	if err != nil {
		return err
	}
	n, err := readNames(ctx, c, district, zone)
	if err != nil {
		return err
	}
	l.names = n
	if l.plan.mapping != nil && l.plan.mapping.Departments == mapping.Create {
		if err := l.createDepartments(ctx, c, district); err != nil {
			return err
		}
	}
	for _, cell := range l.projection.cells {
		if cell.column.Ref == "department" {
			cell.names, cell.moment = n, l.moment()
		}
	}
	types, err := n.declare(ctx, c)
	l.types = append(l.types, types...)
	return err
}

// createDepartments registers the names of the file that resolve to nothing yet.
func (l *load) createDepartments(ctx context.Context, c *sql.Conn, district string) error {
	const table = "weir_named"
	for _, cell := range l.projection.cells {
		if cell.column.Ref != "department" {
			continue
		}
		if _, err := l.relation.scan(ctx, c, false, func() error {
			_, err := c.ExecContext(ctx, fmt.Sprintf("CREATE TEMP TABLE %s AS SELECT %s AS name, min(line) AS line FROM (%s) WHERE defect IS NULL AND %s IS NOT NULL GROUP BY ALL",
				table, cell.x(), l.projection.from(false), cell.x()))
			if err != nil {
				return l.queryError(err)
			}
			return nil
		}); err != nil {
			return err
		}
		if err := l.registerNames(ctx, c, table, district); err != nil {
			return err
		}
		if _, err := c.ExecContext(ctx, "DROP TABLE "+table); err != nil {
			return err
		}
	}
	return nil
}

func (l *load) registerNames(ctx context.Context, c *sql.Conn, table, district string) (err error) {
	type named struct {
		name string
		line int64
	}
	rows, err := c.QueryContext(ctx, "SELECT name, line FROM "+table+" ORDER BY line, name")
	if err != nil {
		return err
	}
	var found []named
	for rows.Next() {
		var n named
		if err := rows.Scan(&n.name, &n.line); err != nil {
			return errors.Join(err, rows.Close())
		}
		if !l.names.known(n.name) {
			found = append(found, n)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, n := range found {
		id := n.name
		var of any
		if district != "" {
			id, of = district+"/"+n.name, district
		}
		if _, err := c.ExecContext(ctx, "INSERT INTO department (department_id, name, district, load_id, source_line) VALUES (?, ?, ?, ?, ?)", id, n.name, of, l.id, n.line); err != nil {
			return err
		}
		l.names.add(n.name, claim{id: id, name: true})
		l.names.add(id, claim{id: id, identifier: true})
		l.result.Departments++
	}
	return nil
}

// moment is the expression of the moment whose names count for a row. An event or a case counts by the first of its
// times; a list, such as a catalogue or a budget, states how things are called on the day on which it is loaded.
func (l *load) moment() string {
	now := "TIMESTAMP " + schema.Literal(l.started.Format("2006-01-02 15:04:05"))
	if l.plan.table == nil || len(l.plan.table.Time) == 0 {
		return now
	}
	var times []string
	for _, name := range l.plan.table.Time {
		for _, c := range l.projection.cells {
			if c.column.Name != name {
				continue
			}
			if c.column.Type == schema.Date {
				times = append(times, fmt.Sprintf("timezone('UTC', timezone(%s, CAST(%s AS TIMESTAMP)))", schema.Literal(l.store.TimeZone()), c.value()))
				continue
			}
			times = append(times, c.value())
		}
	}
	return "coalesce(" + strings.Join(append(times, now), ", ") + ")"
}

// keepDecisions keeps what people decided about departments where a list of them, delivered later, still states what was
// before: the old name, or nothing of the merger. What the list says of these departments otherwise is taken.
func (l *load) keepDecisions(ctx context.Context, c *sql.Conn) error {
	if l.plan.table == nil || l.plan.table.Name != "department" {
		return nil
	}
	kept := int64(0)
	for _, query := range []string{
		`UPDATE department SET name = d.name FROM (SELECT department_id, former_name, arg_max(name, decision_id) AS name FROM department_decision WHERE kind = 'rename' GROUP BY department_id, former_name) AS d
			WHERE department.load_id = ? AND department.department_id = d.department_id AND department.name = d.former_name`,
		`UPDATE department SET successor_id = d.successor_id, valid_to = d.valid_to FROM (SELECT department_id, arg_max(successor_id, decision_id) AS successor_id, arg_max(valid_to, decision_id) AS valid_to FROM department_decision WHERE kind = 'merge' GROUP BY department_id) AS d
			WHERE department.load_id = ? AND department.department_id = d.department_id AND department.successor_id IS NULL AND department.valid_to IS NULL`,
	} {
		done, err := c.ExecContext(ctx, query, l.id)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if err != nil {
			return err
		}
		kept += n
	}
	if kept > 0 {
		l.result.warn(fmt.Sprintf("%d 个部门的更名或撤并已有认定，文件仍是以前的状况，以认定为准", kept),
			fmt.Sprintf("the file states %d departments as they were before a decision on their name or merger; the decision stands", kept))
	}
	return nil
}

// stage makes the table in which rows of the flat target are collected before they are spread over its tables.
func (l *load) stage(ctx context.Context, c *sql.Conn) error {
	l.into = stageTable
	t := schema.Table{Name: stageTable, Columns: l.plan.columns}
	ddl := t.CreateSQL()
	_, err := c.ExecContext(ctx, "CREATE TEMP"+ddl[len("CREATE"):])
	return err
}

// warnReferences names identifiers that no row of their table has yet. Files come in any order, so this stops no row.
func (l *load) warnReferences(ctx context.Context, c *sql.Conn) error {
	if l.plan.flat != nil {
		return nil
	}
	for _, column := range l.plan.columns {
		if column.Ref == "" || column.Ref == "department" && l.plan.table.Name != "department" {
			continue
		}
		ref, _ := l.store.Model().Table(column.Ref)
		query := fmt.Sprintf(`SELECT count(*), coalesce(min(k), '') FROM (SELECT DISTINCT %[1]s AS k FROM %[2]s WHERE load_id = %[3]d AND %[1]s IS NOT NULL)
			WHERE k NOT IN (SELECT %[4]s FROM %[5]s WHERE %[4]s IS NOT NULL)`,
			schema.Quote(column.Name), schema.Quote(l.plan.table.Name), l.id, schema.Quote(ref.Key[0]), schema.Quote(ref.Name))
		var n int64
		var example string
		if err := c.QueryRowContext(ctx, query).Scan(&n, &example); err != nil {
			return err
		}
		if n > 0 {
			l.result.warn(fmt.Sprintf("%s：%d 个值在表 %s 中尚无记录（如 %s）", column.Name, n, ref.Name, example),
				fmt.Sprintf("%s: %d values are not in table %s yet (such as %s)", column.Name, n, ref.Name, example))
		}
	}
	return nil
}
