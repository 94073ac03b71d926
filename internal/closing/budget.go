package closing

import (
	"context"

	"weir/internal/calendar"
	"weir/metrics"
)

// BudgetOf is what a department has for data in the budget year of a month.
type BudgetOf struct {
	Department string
	Budgeted   float64 // yuan, budget of the whole year
	Spent      float64 // yuan, paid until the end of the month
}

// Budgets adds up budgets and payments of the departments of a closed month, in the order of their ids. Departments
// without a budget are left out.
func (c *Closer) Budgets(ctx context.Context, m *metrics.Month) (year int, list []BudgetOf, err error) {
	month, err := calendar.ParseMonth(m.Month)
	if err != nil {
		return 0, nil, err
	}
	year = month.Year
	if int(month.Month) < c.rules.Settings.FiscalYearStart {
		year--
	}
	r, err := c.store.Query(ctx, `SELECT b.department_id, CAST(b.budgeted AS DOUBLE), CAST(coalesce(p.spent, 0) AS DOUBLE)
		FROM (SELECT department_id, sum(annual_amount) AS budgeted FROM budget WHERE fiscal_year = $year GROUP BY department_id) AS b
		LEFT JOIN (SELECT department_id, sum(amount) AS spent FROM spend WHERE fiscal_year = $year AND paid_at < CAST($until AS TIMESTAMP) GROUP BY department_id) AS p
			ON p.department_id = b.department_id
		ORDER BY b.department_id`, map[string]any{"year": year, "until": m.AsOf.UTC().Format("2006-01-02 15:04:05.999999")})
	if err != nil {
		return year, nil, err
	}
	known := map[string]bool{}
	for _, d := range m.Departments {
		known[d.ID] = true
	}
	for _, row := range r.Rows {
		if b := (BudgetOf{row[0].(string), row[1].(float64), row[2].(float64)}); known[b.Department] {
			list = append(list, b)
		}
	}
	return year, list, nil
}
