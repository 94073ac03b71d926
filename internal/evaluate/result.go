package evaluate

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"weir/internal/calendar"
	"weir/internal/store"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

// Row is one figure: an indicator of a department (metrics.City for all), for all kinds of data or one of them.
type Row struct {
	DepartmentID string
	DataKind     string // "" for all kinds
	State        scoring.State
	// Numerator and Denominator are nil where the page gives a value that is no quotient. They are exact.
	Numerator, Denominator *big.Rat
	// Value is in the unit of the page, so that a proportion is in percent. It is nil unless State is value.
	Value *big.Rat
	// N is the number of cases behind the figure.
	N int64
}

// Float is the value as the nearest floating-point number; ok is false where there is none.
func (r Row) Float() (value float64, ok bool) {
	if r.Value == nil {
		return 0, false
	}
	value, _ = r.Value.Float64()
	return value, true
}

// Result is an indicator of one month: a row for every department in being, further rows by kind of data where the
// page has kinds, and the total of the city, in the order of department and kind.
type Result struct {
	Indicator *page.Indicator
	Month     calendar.Month
	Measured  bool   // false: the source is connected for nobody
	Note      string // why a model gives no figure; "" where it does
	Rows      []Row
	Total     Row
}

// Find is the row of a department over all kinds of data.
func (r *Result) Find(department string) (Row, bool) {
	if department == metrics.City {
		return r.Total, true
	}
	i := slices.IndexFunc(r.Rows, func(w Row) bool { return w.DepartmentID == department && w.DataKind == "" })
	if i < 0 {
		return Row{}, false
	}
	return r.Rows[i], true
}

// Run computes an indicator for the month of the session.
func (s *Session) Run(ctx context.Context, p *page.Indicator) (*Result, error) {
	r := &Result{Indicator: p, Month: s.Month, Total: Row{DepartmentID: metrics.City, State: scoring.NotMeasured}}
	var err error
	if r.Measured, err = s.measured(ctx, p); err != nil {
		return nil, err
	}
	if !r.Measured {
		for _, d := range s.departments {
			r.Rows = append(r.Rows, Row{DepartmentID: d.ID, State: scoring.NotMeasured})
		}
		return r, nil
	}
	if p.Method == page.DEA {
		return r, s.envelop(ctx, r)
	}
	cells, err := s.query(ctx, p, p.SQL)
	if err != nil {
		return nil, err
	}
	s.fill(r, cells)
	return r, nil
}

// cell is a row as a page's query gives it.
type cell struct {
	department, kind         string
	allDepartments, allKinds bool // NULL in the key: a total that the query itself gives
	numerator, denominator   *big.Rat
	value                    *big.Rat
	n, expected              *big.Rat
}

// query runs the SQL of a page and reads its columns by name.
func (s *Session) query(ctx context.Context, p *page.Indicator, q page.Query) ([]cell, error) {
	wrapped := "SELECT COLUMNS(*)::VARCHAR FROM (\n" + q.Text + "\n) AS asked"
	r, err := store.Collect(ctx, s.conn, wrapped, s.parameters)
	if err != nil {
		return nil, sqlError(p, q, err, 1)
	}
	index := map[string]int{}
	for i, c := range r.Columns {
		index[strings.ToLower(c.Name)] = i
	}
	if err := checkColumns(p, q, index); err != nil {
		return nil, err
	}
	var cells []cell
	seen := map[[2]string]bool{}
	for _, row := range r.Rows {
		c, err := readCell(p, index, row)
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", p.File, q.Line, err)
		}
		key := [2]string{c.department + fmt.Sprint(c.allDepartments), c.kind + fmt.Sprint(c.allKinds)}
		if seen[key] {
			return nil, fmt.Errorf("%s: line %d: two rows for department %q, kind %q; group by department_id and data_kind", p.File, q.Line, c.department, c.kind)
		}
		seen[key] = true
		cells = append(cells, c)
	}
	return cells, nil
}

// columnsKnown are the columns that a page's query may give.
var columnsKnown = []string{"department_id", "data_kind", "numerator", "denominator", "value", "n", "expected"}

func checkColumns(p *page.Indicator, q page.Query, index map[string]int) error {
	var wrong []string
	for name := range index {
		if !slices.Contains(columnsKnown, name) {
			wrong = append(wrong, name)
		}
	}
	slices.Sort(wrong)
	has := func(name string) bool { _, ok := index[name]; return ok }
	switch {
	case len(wrong) > 0:
		return fmt.Errorf("%s:%d: the query gives unknown columns %s; give department_id, data_kind (with kinds), numerator and denominator or value, n, expected", p.File, q.Line, strings.Join(wrong, ", "))
	case !has("department_id"):
		return fmt.Errorf("%s:%d: the query gives no department_id", p.File, q.Line)
	case (p.Grain == page.ByKind) != has("data_kind"):
		return fmt.Errorf("%s:%d: grain %s and column data_kind do not go together; correct one of them", p.File, q.Line, p.Grain)
	case has("value") == (has("numerator") && has("denominator")):
		return fmt.Errorf("%s:%d: the query must give numerator and denominator, or value", p.File, q.Line)
	case has("value") && p.Total == page.TotalSum:
		return fmt.Errorf("%s:%d: a value cannot be added up; write total: query and give the total rows, or total: none", p.File, q.Line)
	}
	return nil
}

func readCell(p *page.Indicator, index map[string]int, row []any) (cell, error) {
	var c cell
	text := func(name string) (string, bool) {
		i, ok := index[name]
		if !ok {
			return "", false
		}
		value, ok := row[i].(string)
		return value, ok
	}
	department, ok := text("department_id")
	c.department, c.allDepartments = department, !ok
	if _, has := index["data_kind"]; has {
		kind, ok := text("data_kind")
		c.kind, c.allKinds = kind, !ok
	} else {
		c.allKinds = true
	}
	for name, target := range map[string]**big.Rat{"numerator": &c.numerator, "denominator": &c.denominator, "value": &c.value, "n": &c.n, "expected": &c.expected} {
		value, ok := text(name)
		if !ok {
			continue
		}
		number, ok := new(big.Rat).SetString(value)
		if !ok {
			return c, fmt.Errorf("column %s of department %q is %q, which is no number", name, department, value)
		}
		*target = number
	}
	if (c.allDepartments || c.allKinds && p.Grain == page.ByKind) && p.Total != page.TotalQuery {
		return c, fmt.Errorf("a row without department or kind; write total: query where the query gives totals itself")
	}
	return c, nil
}

// measured reports whether every source of the page holds something for anyone before the end of the period.
func (s *Session) measured(ctx context.Context, p *page.Indicator) (bool, error) {
	for _, source := range p.Sources {
		ok, err := s.connected(ctx, source)
		if err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// connected reports whether a table holds a row, or a column a value, dated before the end of the period.
func (s *Session) connected(ctx context.Context, source string) (bool, error) {
	if known, ok := s.sources[source]; ok {
		return known, nil
	}
	table, column, hasColumn := strings.Cut(source, ".")
	where := "true"
	if hasColumn {
		where = column + " IS NOT NULL"
		if column == "rows" {
			where = `"rows" IS NOT NULL`
		}
	}
	if name, isDate, err := timeColumn(table); err == nil {
		end := "$period_end"
		if isDate {
			end = "$next_month"
		}
		where += fmt.Sprintf(" AND (%s < %s OR %s IS NULL)", name, end, name)
	}
	r, err := store.Collect(ctx, s.conn, fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM "%s" WHERE %s LIMIT 1)`, table, where), s.parameters)
	if err != nil {
		return false, err
	}
	s.sources[source] = r.Rows[0][0].(int64) > 0
	return s.sources[source], nil
}
