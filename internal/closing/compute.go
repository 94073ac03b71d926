package closing

import (
	"context"
	"fmt"
	"math/big"

	"weir/internal/evaluate"
	"weir/internal/lang"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

// frozenValue is a value as it will stand in the table: with its exact numerator and denominator.
type frozenValue struct {
	metrics.Value
	numerator, denominator *big.Rat
}

// draft is a month computed and not yet frozen.
type draft struct {
	values  []frozenValue
	frozen  []frozenTarget // targets of the year that this close would freeze
	content content
}

func (d *draft) measured() int {
	n := 0
	for _, v := range d.values {
		if v.State == scoring.HasValue {
			n++
		}
	}
	return n
}

func (c *Closer) compute(ctx context.Context, session *evaluate.Session, p period) (*draft, error) {
	d := &draft{}
	targets, err := c.targets(ctx, session, p)
	if err != nil {
		return nil, err
	}
	d.frozen = targets.fresh
	for _, indicator := range session.Indicators() {
		result, err := session.Run(ctx, indicator)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", indicator.File, err)
		}
		book, err := cases(ctx, session, indicator, result)
		if err != nil {
			return nil, err
		}
		for _, row := range append(result.Rows, result.Total) {
			v, err := value(indicator, row, book)
			if err != nil {
				return nil, err
			}
			v.Target = targets.of(indicator, row, result.Rows)
			d.values = append(d.values, v)
		}
	}
	if d.content.Departments, err = departments(ctx, session); err != nil {
		return nil, err
	}
	if d.content.Predecessors, err = predecessors(ctx, session); err != nil {
		return nil, err
	}
	if d.content.Flows, err = flows(ctx, session); err != nil {
		return nil, err
	}
	if d.content.Sources, err = c.sources(ctx); err != nil {
		return nil, err
	}
	d.content.Integrity, err = c.integrity(ctx, session, d.values)
	return d, err
}

// value turns a row into a frozen value with the interval that belongs to its kind.
func value(p *page.Indicator, row evaluate.Row, book *caseBook) (frozenValue, error) {
	v := frozenValue{Value: metrics.Value{Indicator: p.ID, Version: p.Version, Department: row.DepartmentID, DataKind: row.DataKind, State: row.State, Unit: p.Unit},
		numerator: row.Numerator, denominator: row.Denominator}
	v.Numerator, v.Denominator = rational(row.Numerator), rational(row.Denominator)
	if row.State != scoring.HasValue {
		return v, nil
	}
	n := row.N
	v.N = &n
	if f, ok := row.Float(); ok {
		v.Value.Value = &f
	}
	if err := addInterval(&v, p, row, book); err != nil {
		return v, fmt.Errorf("interval of %s of %s: %w", p.ID, row.DepartmentID, err)
	}
	return v, nil
}

func rational(r *big.Rat) *float64 {
	if r == nil {
		return nil
	}
	f, _ := r.Float64()
	return &f
}

// departments lists the departments in being with their names.
func departments(ctx context.Context, session *evaluate.Session) ([]metrics.Department, error) {
	r, err := session.Query(ctx, `SELECT d.department_id, d.name, coalesce(d.name_en, ''), coalesce(d.system_type, ''), coalesce(d.line_code, ''), coalesce(d.class, '')
		FROM mart_department AS m JOIN department AS d ON d.department_id = m.department_id WHERE m.month = $month ORDER BY d.department_id`, nil)
	if err != nil {
		return nil, err
	}
	list := make([]metrics.Department, len(r.Rows))
	for i, row := range r.Rows {
		list[i] = metrics.Department{ID: row[0].(string), Name: lang.T(row[1].(string), row[2].(string)), SystemType: row[3].(string), LineCode: row[4].(string), Class: row[5].(string)}
	}
	return list, nil
}

// predecessors lists the departments that are gone and count for another, with their names; renames are no
// successions.
func predecessors(ctx context.Context, session *evaluate.Session) ([]metrics.Predecessor, error) {
	list := []metrics.Predecessor{} // none is not the same as not kept
	succession := session.Succession()
	if len(succession) == 0 {
		return list, nil
	}
	r, err := session.Query(ctx, `SELECT department_id, name, coalesce(name_en, ''), CAST(valid_to - 1 AS VARCHAR) FROM department
		WHERE valid_to IS NOT NULL ORDER BY department_id`, nil)
	if err != nil {
		return nil, err
	}
	for _, row := range r.Rows {
		id := row[0].(string)
		if successor, ok := succession[id]; ok {
			list = append(list, metrics.Predecessor{ID: id, Name: lang.T(row[1].(string), row[2].(string)), Successor: successor, Until: row[3].(string)})
		}
	}
	return list, nil
}

// flows adds the month's effective exchanges by provider and consumer.
func flows(ctx context.Context, session *evaluate.Session) ([]metrics.Flow, error) {
	r, err := session.Query(ctx, `SELECT provider_id, consumer_id, CAST(sum(exchanges) AS BIGINT), CAST(coalesce(sum(exchange_rows), 0) AS BIGINT)
		FROM mart_usage_day WHERE month = $month AND provider_id <> consumer_id
		GROUP BY provider_id, consumer_id HAVING sum(exchanges) > 0 ORDER BY provider_id, consumer_id`, nil)
	if err != nil {
		return nil, err
	}
	list := make([]metrics.Flow, len(r.Rows))
	for i, row := range r.Rows {
		list[i] = metrics.Flow{Provider: row[0].(string), Consumer: row[1].(string), Exchanges: row[2].(int64), Rows: row[3].(int64)}
	}
	return list, nil
}

// sources adds up what was loaded into each table.
func (c *Closer) sources(ctx context.Context) ([]metrics.Source, error) {
	r, err := c.store.Query(ctx, `SELECT table_name, count(*), CAST(sum(rows_loaded) AS BIGINT), CAST(sum(rows_duplicate) AS BIGINT), CAST(sum(rows_quarantined) AS BIGINT)
		FROM load GROUP BY table_name ORDER BY table_name`, nil)
	if err != nil {
		return nil, err
	}
	list := make([]metrics.Source, len(r.Rows))
	for i, row := range r.Rows {
		list[i] = metrics.Source{Table: row[0].(string), Loads: row[1].(int64), Rows: row[2].(int64), Duplicates: row[3].(int64), Quarantined: row[4].(int64)}
	}
	return list, nil
}
