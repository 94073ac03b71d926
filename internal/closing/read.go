package closing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"weir/internal/store"
	"weir/metrics"
	"weir/metrics/scoring"
)

// Closed is one line of the list of closed months.
type Closed struct {
	Month    string
	Revision int
	AsOf     time.Time
	ClosedAt time.Time
	Stamp    string
}

// ErrNotClosed says that a month has no revision.
var ErrNotClosed = errors.New("the month is not closed")

// List gives every revision of every closed month, oldest first.
func List(ctx context.Context, s *store.Store) ([]Closed, error) {
	r, err := s.Query(ctx, "SELECT month, revision, as_of, closed_at, stamp FROM month_close ORDER BY month, revision", nil)
	if err != nil {
		return nil, err
	}
	list := make([]Closed, len(r.Rows))
	for i, row := range r.Rows {
		list[i] = Closed{Month: row[0].(string), Revision: int(row[1].(int64)), AsOf: row[2].(time.Time), ClosedAt: row[3].(time.Time), Stamp: row[4].(string)}
	}
	return list, nil
}

// newest gives the newest revision of a month, or of the newest month where month is "".
func newest(ctx context.Context, s *store.Store, month string) (Closed, error) {
	list, err := List(ctx, s)
	if err != nil {
		return Closed{}, err
	}
	for i := len(list) - 1; i >= 0; i-- {
		if month == "" || list[i].Month == month {
			return list[i], nil
		}
	}
	if month == "" {
		return Closed{}, fmt.Errorf("%w: none is; close one with weir close YYYY-MM", ErrNotClosed)
	}
	return Closed{}, fmt.Errorf("%w: %s; close it with weir close %s", ErrNotClosed, month, month)
}

// Read gives a closed month as it was frozen: its newest revision, or the newest month where month is "".
func Read(ctx context.Context, s *store.Store, month string) (*metrics.Month, error) {
	closed, err := newest(ctx, s, month)
	if err != nil {
		return nil, err
	}
	return read(ctx, s, closed)
}

// read gives the content of one revision.
func read(ctx context.Context, s *store.Store, closed Closed) (_ *metrics.Month, err error) {
	m := &metrics.Month{Month: closed.Month, Revision: closed.Revision, AsOf: closed.AsOf, ClosedAt: closed.ClosedAt, Stamp: closed.Stamp}
	var frozen content
	if err := readJSON(ctx, s, "content", closed, &frozen); err != nil {
		return nil, err
	}
	m.Departments, m.Predecessors, m.Scores, m.Flows, m.Sources = frozen.Departments, frozen.Predecessors, frozen.Scores, frozen.Flows, frozen.Sources
	m.Scheme, m.Caps, m.Standings, m.Integrity = frozen.Scheme, frozen.Caps, frozen.Standings, frozen.Integrity
	m.Values, err = readValues(ctx, s, closed)
	return m, err
}

// readJSON reads one of the JSON columns of a close.
func readJSON(ctx context.Context, s *store.Store, column string, c Closed, into any) error {
	r, err := s.Query(ctx, "SELECT "+column+" FROM month_close WHERE month = $month AND revision = $revision", map[string]any{"month": c.Month, "revision": c.Revision})
	if err != nil {
		return err
	}
	if len(r.Rows) != 1 {
		return fmt.Errorf("%w: %s revision %d", ErrNotClosed, c.Month, c.Revision)
	}
	return json.Unmarshal([]byte(r.Rows[0][0].(string)), into)
}

// readValues reads the frozen values. Numerators are decimals in the table; as floats they are exact up to 2^53.
func readValues(ctx context.Context, s *store.Store, c Closed) ([]metrics.Value, error) {
	r, err := s.Query(ctx, `SELECT indicator_id, indicator_version, department_id, data_kind, state, CAST(numerator AS DOUBLE), CAST(denominator AS DOUBLE),
		value, n, low, high, target, unit, standard_error, cases, coalesce(interval_method, '') FROM indicator_value WHERE month = $month AND revision = $revision
		ORDER BY indicator_id, department_id, data_kind`, map[string]any{"month": c.Month, "revision": c.Revision})
	if err != nil {
		return nil, err
	}
	values := make([]metrics.Value, len(r.Rows))
	for i, row := range r.Rows {
		values[i] = metrics.Value{
			Indicator: row[0].(string), Version: int(row[1].(int64)), Department: row[2].(string), DataKind: row[3].(string), State: scoring.State(row[4].(string)),
			Numerator: float(row[5]), Denominator: float(row[6]), Value: float(row[7]), N: integer(row[8]),
			Low: float(row[9]), High: float(row[10]), Target: float(row[11]), Unit: row[12].(string),
			StandardError: float(row[13]), Cases: integer(row[14]), Method: metrics.IntervalMethod(row[15].(string)),
		}
	}
	return values, nil
}

func float(cell any) *float64 {
	v, ok := cell.(float64)
	if !ok {
		return nil
	}
	return &v
}

func integer(cell any) *int64 {
	v, ok := cell.(int64)
	if !ok {
		return nil
	}
	return &v
}

// lastRevision is the newest revision of the month inside a transaction, 0 for none, with its stamp.
func lastRevision(ctx context.Context, c *sql.Conn, month string) (revision int, stamp string, err error) {
	err = c.QueryRowContext(ctx, "SELECT revision, stamp FROM month_close WHERE month = ? ORDER BY revision DESC LIMIT 1", month).Scan(&revision, &stamp)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", nil
	}
	return revision, stamp, err
}
