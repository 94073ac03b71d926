package evaluate

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"weir/internal/store"
	"weir/metrics"
	"weir/metrics/efficiency"
	"weir/metrics/scoring"
	"weir/queries/page"
)

// table is what the query of a page with a method gives: a row of numbers for each department.
type table struct {
	columns     []string // without department_id, in the query's order
	departments []string
	numbers     [][]*big.Rat
}

// table runs a query whose columns are numbers.
func (s *Session) table(ctx context.Context, p *page.Indicator, q page.Query) (*table, error) {
	r, err := store.Collect(ctx, s.conn, "SELECT COLUMNS(*)::VARCHAR FROM (\n"+q.Text+"\n) AS asked", s.parameters)
	if err != nil {
		return nil, sqlError(p, q, err, 1)
	}
	t := &table{}
	if len(r.Columns) == 0 || r.Columns[0].Name != "department_id" {
		return nil, fmt.Errorf("%s:%d: the first column must be department_id", p.File, q.Line)
	}
	for _, c := range r.Columns[1:] {
		if !strings.HasPrefix(c.Name, "input_") && !strings.HasPrefix(c.Name, "output_") {
			return nil, fmt.Errorf("%s:%d: column %s; method %s takes columns named input_… and output_…", p.File, q.Line, c.Name, p.Method)
		}
		t.columns = append(t.columns, c.Name)
	}
	for _, row := range r.Rows {
		numbers := make([]*big.Rat, len(t.columns))
		for i, cell := range row[1:] {
			text, _ := cell.(string)
			number, ok := new(big.Rat).SetString(text)
			if !ok {
				return nil, fmt.Errorf("%s:%d: column %s of department %v is %q, which is no number", p.File, q.Line, t.columns[i], row[0], text)
			}
			numbers[i] = number
		}
		department, _ := row[0].(string)
		t.departments = append(t.departments, department)
		t.numbers = append(t.numbers, numbers)
	}
	return t, nil
}

// try runs a query only to see whether it can be run.
func (s *Session) try(ctx context.Context, p *page.Indicator, q page.Query) error {
	if p.Method != "" {
		_, err := s.table(ctx, p, q)
		return err
	}
	_, err := s.query(ctx, p, q)
	return err
}

// envelop solves data envelopment analysis over the departments that have inputs and outputs. Where there are too
// few of them to tell apart, or a column is empty for all, nobody has a figure and the note says why.
func (s *Session) envelop(ctx context.Context, r *Result) error {
	t, err := s.table(ctx, r.Indicator, r.Indicator.SQL)
	if err != nil {
		return err
	}
	scores := map[string]float64{}
	results, err := efficiency.Radial(t.units(), efficiency.Options{})
	switch {
	case errors.Is(err, efficiency.ErrTooFew), errors.Is(err, efficiency.ErrInvalid):
		r.Note = err.Error()
	case err != nil:
		return fmt.Errorf("%s: %w", r.Indicator.File, err)
	}
	for _, u := range results {
		if !u.Infeasible {
			scores[u.Unit] = u.Score
		}
	}
	for _, d := range s.departments {
		row := Row{DepartmentID: d.ID, State: scoring.NotApplicable}
		if score, ok := scores[d.ID]; ok {
			row.State, row.Value, row.N = scoring.HasValue, new(big.Rat).SetFloat64(score), int64(len(scores))
		}
		r.Rows = append(r.Rows, row)
	}
	r.Total = Row{DepartmentID: metrics.City, State: scoring.NotApplicable}
	return nil
}

// units splits the table into inputs and outputs. It leaves out departments that have none of either, and columns
// of sources that nobody delivers.
func (t *table) units() efficiency.Table {
	t = t.withoutEmpty()
	var e efficiency.Table
	for _, c := range t.columns {
		if name, ok := strings.CutPrefix(c, "input_"); ok {
			e.InputNames = append(e.InputNames, name)
		} else {
			e.OutputNames = append(e.OutputNames, strings.TrimPrefix(c, "output_"))
		}
	}
	for i, department := range t.departments {
		var in, out []float64
		sums := [2]float64{}
		for k, c := range t.columns {
			v, _ := t.numbers[i][k].Float64()
			if strings.HasPrefix(c, "input_") {
				in, sums[0] = append(in, v), sums[0]+v
			} else {
				out, sums[1] = append(out, v), sums[1]+v
			}
		}
		if sums[0] > 0 && sums[1] > 0 {
			e.Units, e.Inputs, e.Outputs = append(e.Units, department), append(e.Inputs, in), append(e.Outputs, out)
		}
	}
	return e
}

func (t *table) withoutEmpty() *table {
	kept := &table{departments: t.departments, numbers: make([][]*big.Rat, len(t.numbers))}
	for c, name := range t.columns {
		if !slices.ContainsFunc(t.numbers, func(row []*big.Rat) bool { return row[c].Sign() != 0 }) {
			continue
		}
		kept.columns = append(kept.columns, name)
		for i, row := range t.numbers {
			kept.numbers[i] = append(kept.numbers[i], row[c])
		}
	}
	return kept
}

// checkTable compares what the page's query and its check give to the model, number by number.
func (s *Session) checkTable(ctx context.Context, p *page.Indicator) ([]Disagreement, error) {
	main, err := s.table(ctx, p, p.SQL)
	if err != nil {
		return nil, err
	}
	check, err := s.table(ctx, p, p.Check)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(main.columns, check.columns) {
		return nil, fmt.Errorf("%s:%d: the check gives %s, the page %s", p.File, p.Check.Line, strings.Join(check.columns, ", "), strings.Join(main.columns, ", "))
	}
	var found []Disagreement
	for i, department := range main.departments {
		k := slices.Index(check.departments, department)
		for c, name := range main.columns {
			var other *big.Rat
			if k >= 0 {
				other = check.numbers[k][c]
			}
			if !agree(main.numbers[i][c], other) {
				found = append(found, Disagreement{DepartmentID: department, Column: name, Page: numberText(main.numbers[i][c]), Check: numberText(other)})
			}
		}
	}
	return found, nil
}
