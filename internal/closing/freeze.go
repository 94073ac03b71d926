package closing

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/metrics"
	"weir/metrics/scoring"
)

// decimals of the numerators and denominators as they are stored.
const storedDecimals = 6

// insert writes rows as one statement with one value: a list of lists of text, which the engine casts to the types of the
// columns. Statements of many tuples spend most of their time on planning thousands of placeholders.
func insert(ctx context.Context, c *sql.Conn, table string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	texts := make([][]*string, len(rows))
	for i, row := range rows {
		texts[i] = make([]*string, len(row))
		for k, v := range row {
			if v == nil {
				continue
			}
			text, err := cellValue(v)
			if err != nil {
				return fmt.Errorf("%s: column %d: %w", table, k+1, err)
			}
			texts[i][k] = &text
		}
	}
	list, err := json.Marshal(texts)
	if err != nil {
		return err
	}
	columns := make([]string, len(rows[0]))
	for i := range columns {
		columns[i] = fmt.Sprintf("r[%d]", i+1)
	}
	statement := fmt.Sprintf("INSERT INTO %s SELECT %s FROM (SELECT unnest(CAST(CAST(? AS JSON) AS VARCHAR[][])) AS r)", table, strings.Join(columns, ", "))
	if _, err := c.ExecContext(ctx, statement, string(list)); err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	return nil
}

// cellValue writes a cell so that the engine reads the same value back; of a float the shortest text that gives it again.
func cellValue(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case int:
		return strconv.Itoa(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	}
	return "", fmt.Errorf("%T is not stored", v)
}

func insertValues(ctx context.Context, c *sql.Conn, month string, revision int, values []frozenValue) error {
	rows := make([][]any, len(values))
	for i, v := range values {
		rows[i] = []any{month, revision, v.Indicator, v.Version, v.Department, v.DataKind, string(v.State),
			decimal(v.numerator), decimal(v.denominator), cell(v.Value.Value), cell(v.N), cell(v.Low), cell(v.High), cell(v.Target), v.Unit,
			cell(v.StandardError), cell(v.Cases), none(string(v.Method))}
	}
	return insert(ctx, c, "indicator_value", rows)
}

func insertScores(ctx context.Context, c *sql.Conn, month string, revision int, frozen content) error {
	standings := map[string]metrics.Standing{}
	for _, s := range frozen.Standings {
		standings[s.Department] = s
	}
	var rows [][]any
	for _, r := range frozen.Scores {
		add := func(scope string, scored bool, points, weight, score, coverage float64, grade string, rank int) {
			row := []any{month, revision, r.Department, scope, nil, weight, nil, coverage, nil, nil, nil, nil, nil, nil, nil, nil}
			if scored {
				row[4], row[6] = points, score
			}
			if grade != "" {
				row[8] = grade
			}
			if rank > 0 {
				row[9] = rank
			}
			if s := standings[r.Department]; scope == "total" && s.Data.Scored {
				row[10], row[11] = s.Data.Score.Low, s.Data.Score.High
				row[12], row[13] = int(s.Data.Rank.Low), int(s.Data.Rank.High)
				row[14], row[15] = int(s.Weights.Rank.Low), int(s.Weights.Rank.High)
			}
			rows = append(rows, row)
		}
		add("total", r.Total.Scored, r.Total.Points, r.Total.Weight, r.Total.Score, r.Total.Coverage, r.Grade, r.Rank)
		for _, g := range r.Total.Groups {
			if g.Depth > 0 {
				add(g.ID, g.Scored, g.Points, g.Weight, g.Score, coverageOf(r.Total, g.ID), "", 0)
			}
		}
		for _, t := range r.Indices {
			add("index:"+t.ID, t.Scored, t.Points, t.Weight, t.Score, t.Coverage, "", 0)
		}
	}
	return insert(ctx, c, "department_score", rows)
}

func insertProbabilities(ctx context.Context, c *sql.Conn, month string, revision int, standings []metrics.Standing) error {
	var rows [][]any
	for _, s := range standings {
		for _, part := range []struct {
			varied string
			scoring.Simulated
		}{{"data", s.Data}, {"weights", s.Weights}, {"choices", s.Choices}} {
			for _, g := range part.Grades {
				rows = append(rows, []any{month, revision, s.Department, part.varied, g.Grade, g.Probability})
			}
		}
	}
	return insert(ctx, c, "grade_probability", rows)
}

func insertIntegrity(ctx context.Context, c *sql.Conn, month string, revision int, list []metrics.Integrity) error {
	rows := make([][]any, len(list))
	for i, m := range list {
		rows[i] = []any{month, revision, m.Department, m.Indicator, cell(m.Value), cell(m.N), cell(m.Limit), m.Above, m.Flagged}
	}
	return insert(ctx, c, "integrity_measure", rows)
}

// none stores an empty text as nothing.
func none(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// coverageOf is the share of a group's applicable weight that has a graded value, as the total's coverage is: what does
// not apply or rests on too few cases has handed its weight on and is no part of it.
func coverageOf(t scoring.Tally, group string) float64 {
	var applicable, graded float64
	for _, l := range t.Lines {
		if !slices.Contains(l.Groups, group) || l.Reason == scoring.ReasonNotApplicable || l.Reason == scoring.ReasonTooFew {
			continue
		}
		applicable += l.Nominal
		if l.Graded {
			graded += l.Nominal
		}
	}
	if applicable == 0 {
		return 0
	}
	return graded / applicable
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
