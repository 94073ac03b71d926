package closing

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"time"

	"weir/metrics/scoring"
)

// decimals of the numerators and denominators as they are stored.
const storedDecimals = 6

// rowsAnInsert keeps a statement of many tuples within what the parser takes easily.
const rowsAnInsert = 200

// insert writes rows by statements of many tuples: one statement a row would take seconds for a large city.
func insert(ctx context.Context, c *sql.Conn, table string, casts []string, rows [][]any) error {
	tuple := "(" + strings.Join(casts, ", ") + ")"
	for len(rows) > 0 {
		chunk := rows[:min(len(rows), rowsAnInsert)]
		rows = rows[len(chunk):]
		tuples := make([]string, len(chunk))
		var arguments []any
		for i, row := range chunk {
			tuples[i] = tuple
			arguments = append(arguments, row...)
		}
		if _, err := c.ExecContext(ctx, "INSERT INTO "+table+" VALUES "+strings.Join(tuples, ", "), arguments...); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return nil
}

func insertValues(ctx context.Context, c *sql.Conn, month string, revision int, values []frozenValue) error {
	rows := make([][]any, len(values))
	for i, v := range values {
		rows[i] = []any{month, revision, v.Indicator, v.Version, v.Department, v.DataKind, string(v.State),
			decimal(v.numerator), decimal(v.denominator), cell(v.Value.Value), cell(v.N), cell(v.Low), cell(v.High), cell(v.Target), v.Unit}
	}
	return insert(ctx, c, "indicator_value", []string{"?", "?", "?", "?", "?", "?", "?",
		"CAST(? AS DECIMAL(38,6))", "CAST(? AS DECIMAL(38,6))", "?", "?", "?", "?", "?", "?"}, rows)
}

func insertScores(ctx context.Context, c *sql.Conn, month string, revision int, results []scoring.Result) error {
	var rows [][]any
	for _, r := range results {
		add := func(scope string, scored bool, points, weight, score, coverage float64, grade string, rank int) {
			row := []any{month, revision, r.Department, scope, nil, weight, nil, coverage, nil, nil}
			if scored {
				row[4], row[6] = points, score
			}
			if grade != "" {
				row[8] = grade
			}
			if rank > 0 {
				row[9] = rank
			}
			rows = append(rows, row)
		}
		add("total", r.Total.Scored, r.Total.Points, r.Total.Weight, r.Total.Score, r.Total.Coverage, r.Grade, r.Rank)
		for _, g := range r.Total.Groups {
			if g.Depth > 0 {
				add(g.ID, g.Scored, g.Points, g.Weight, g.Score, coverageOf(g), "", 0)
			}
		}
		for _, t := range r.Indices {
			add("index:"+t.ID, t.Scored, t.Points, t.Weight, t.Score, t.Coverage, "", 0)
		}
	}
	return insert(ctx, c, "department_score", []string{"?", "?", "?", "?", "?", "?", "?", "?", "?", "?"}, rows)
}

// coverageOf is the share of a group's weight that counts.
func coverageOf(g scoring.Group) float64 {
	if g.Nominal == 0 {
		return 0
	}
	return g.Weight / g.Nominal
}

func insertClose(ctx context.Context, c *sql.Conn, s *Summary, cover manifest, frozen content, now time.Time) error {
	covered, err := json.Marshal(cover)
	if err != nil {
		return err
	}
	kept, err := json.Marshal(frozen)
	if err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, "INSERT INTO month_close VALUES (?, ?, ?, ?, ?, ?, ?)",
		s.Month, s.Revision, s.AsOf.UTC(), now, s.Stamp, string(covered), string(kept))
	return err
}

func decimal(r *big.Rat) any {
	if r == nil {
		return nil
	}
	return r.FloatString(storedDecimals)
}

func cell[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}
