package closing

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"slices"
)

// Cause says why a frozen value differs from the revision before.
type Cause string

// The causes. Where data and rules changed together the cause is both, since one close cannot tell them apart.
const (
	DataChanged Cause = "data"
	RuleChanged Cause = "rule"
	BothChanged Cause = "data and rule"
)

// Change is a value that differs from the revision before; a nil side has no value there.
type Change struct {
	Indicator, Department, DataKind string
	Before, After                   *float64
	StateBefore, StateAfter         string
	Cause                           Cause
}

type valueKey struct{ indicator, department, kind string }

type oldValue struct {
	state string
	value *float64
}

// changes compares a draft with the last revision.
func (c *Closer) changes(ctx context.Context, conn *sql.Conn, month string, last int, d *draft, cover manifest) ([]Change, error) {
	before, err := oldValues(ctx, conn, month, last)
	if err != nil {
		return nil, err
	}
	covered, err := oldManifest(ctx, conn, month, last)
	if err != nil {
		return nil, err
	}
	var list []Change
	for _, v := range d.values {
		k := valueKey{v.Indicator, v.Department, v.DataKind}
		was, ok := before[k]
		delete(before, k)
		if ok && was.state == string(v.State) && equal(was.value, v.Value.Value) {
			continue
		}
		list = append(list, Change{Indicator: v.Indicator, Department: v.Department, DataKind: v.DataKind,
			Before: was.value, After: v.Value.Value, StateBefore: was.state, StateAfter: string(v.State), Cause: cause(v.Indicator, covered, cover)})
	}
	for k, was := range before {
		list = append(list, Change{Indicator: k.indicator, Department: k.department, DataKind: k.kind, Before: was.value, StateBefore: was.state, Cause: cause(k.indicator, covered, cover)})
	}
	slices.SortFunc(list, func(x, y Change) int {
		return slices.Compare([]string{x.Indicator, x.Department, x.DataKind}, []string{y.Indicator, y.Department, y.DataKind})
	})
	return list, nil
}

// cause compares what the two stamps cover.
func cause(indicator string, before, after manifest) Cause {
	rule := before.Definitions[indicator] != after.Definitions[indicator] || before.Configuration != after.Configuration ||
		before.Engine != after.Engine || digest(before.Targets) != digest(after.Targets)
	data := !slices.Equal(before.Loads, after.Loads) || !before.AsOf.Equal(after.AsOf)
	switch {
	case rule && data:
		return BothChanged
	case rule:
		return RuleChanged
	default:
		return DataChanged
	}
}

func oldValues(ctx context.Context, conn *sql.Conn, month string, revision int) (_ map[valueKey]oldValue, err error) {
	rows, err := conn.QueryContext(ctx, "SELECT indicator_id, department_id, data_kind, state, value FROM indicator_value WHERE month = ? AND revision = ?", month, revision)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	values := map[valueKey]oldValue{}
	for rows.Next() {
		var k valueKey
		var v oldValue
		if err := rows.Scan(&k.indicator, &k.department, &k.kind, &v.state, &v.value); err != nil {
			return nil, err
		}
		values[k] = v
	}
	return values, rows.Err()
}

func oldManifest(ctx context.Context, conn *sql.Conn, month string, revision int) (manifest, error) {
	var text string
	var m manifest
	if err := conn.QueryRowContext(ctx, "SELECT manifest FROM month_close WHERE month = ? AND revision = ?", month, revision).Scan(&text); err != nil {
		return m, err
	}
	return m, json.Unmarshal([]byte(text), &m)
}

// equal compares values bit for bit: a closed month is recomputed exactly or has changed.
func equal(x, y *float64) bool {
	if x == nil || y == nil {
		return x == y
	}
	return math.Float64bits(*x) == math.Float64bits(*y)
}
