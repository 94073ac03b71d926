package readmodel

import (
	"os"
	"path/filepath"
	"strings"

	"weir/queries/schema"
	"weir/reports/dossier"
)

func (r *reader) projects(d *dossier.Dossier) error {
	return r.each(`WITH paid AS (
			SELECT department_id, coalesce(project_id, '') AS project_id, sum(amount) AS amount
			FROM {spend} WHERE fiscal_year = $fiscal_year AND paid_at < $period_end GROUP BY ALL),
		granted AS (
			SELECT department_id, project_id, max(project_title) AS title, sum(initial_amount) AS initial, sum(annual_amount) AS annual, sum(carried_over) AS carried
			FROM {budget} WHERE fiscal_year = $fiscal_year GROUP BY ALL)
		SELECT g.department_id, g.project_id, coalesce(g.title, ''), CAST(g.initial AS DOUBLE), CAST(g.annual AS DOUBLE), CAST(g.carried AS DOUBLE), CAST(coalesce(p.amount, 0) AS DOUBLE)
		FROM granted AS g LEFT JOIN paid AS p ON p.department_id = g.department_id AND p.project_id = g.project_id
		ORDER BY g.department_id, g.project_id`, func(c row) {
		d.Projects = append(d.Projects, dossier.Project{Department: c.text(0), ID: c.text(1), Title: c.text(2), Initial: c.optional(3), Annual: c.number(4),
			CarriedOver: c.optional(5), Spent: c.number(6)})
	})
}

// carried spreads capital spending evenly over its service life, from the month of the payment on.
const carried = `
	SELECT department_id, coalesce(project_id, '') AS project_id, fiscal_year, category, amount,
		strftime(timezone($time_zone, timezone('UTC', paid_at)), '%Y-%m') AS month,
		CASE WHEN service_life_months > 1 THEN
			CAST(amount AS DOUBLE) / service_life_months * greatest(0, least(12, service_life_months,
				1 + datediff('month', CAST(date_trunc('month', timezone($time_zone, timezone('UTC', paid_at))) AS DATE), CAST($month AS DATE)),
				service_life_months + 11 - datediff('month', CAST(date_trunc('month', timezone($time_zone, timezone('UTC', paid_at))) AS DATE), CAST($month AS DATE))))
		WHEN datediff('month', CAST(date_trunc('month', timezone($time_zone, timezone('UTC', paid_at))) AS DATE), CAST($month AS DATE)) < 12 THEN CAST(amount AS DOUBLE)
		ELSE 0 END AS carried
	FROM {spend} WHERE paid_at < $period_end`

func (r *reader) payments(d *dossier.Dossier) error {
	return r.each(`WITH c AS (`+carried+`)
		SELECT department_id, project_id, fiscal_year, category, month, CAST(sum(amount) AS DOUBLE), CAST(sum(CAST(carried AS DECIMAL(38, 4))) AS DOUBLE)
		FROM c GROUP BY department_id, project_id, fiscal_year, category, month
		HAVING fiscal_year = $fiscal_year OR sum(CAST(carried AS DECIMAL(38, 4))) > 0
		ORDER BY department_id, project_id, fiscal_year, month, category`, func(c row) {
		d.Payments = append(d.Payments, dossier.Payment{Department: c.text(0), Project: c.text(1), FiscalYear: int(c.integer(2)), Category: c.text(3), Month: c.text(4),
			Amount: c.number(5), Carried: c.number(6)})
	})
}

func (r *reader) targets(d *dossier.Dossier) error {
	return r.each(`WITH newest AS (
			SELECT * FROM {kpi_progress} WHERE reported_at < $period_end
			QUALIFY row_number() OVER (PARTITION BY kpi_id ORDER BY reported_at DESC) = 1)
		SELECT t.department_id, coalesce(t.project_id, ''), t.kpi_id, coalesce(t.level1, ''), coalesce(t.level2, ''), t.title, t.rule, coalesce(t.unit, ''),
			CAST(t.baseline AS DOUBLE), CAST(t.target AS DOUBLE), CAST(t.weight AS DOUBLE), CAST(n.actual AS DOUBLE), CAST(n.qualitative_score AS DOUBLE),
			coalesce(n.deviation_reason, ''), n.reported_at
		FROM {kpi_target} AS t LEFT JOIN newest AS n ON n.kpi_id = t.kpi_id
		WHERE t.fiscal_year = $fiscal_year ORDER BY t.department_id, 2, t.kpi_id`, func(c row) {
		d.Targets = append(d.Targets, dossier.Target{Department: c.text(0), Project: c.text(1), ID: c.text(2), Level1: c.text(3), Level2: c.text(4), Title: c.text(5),
			Rule: c.text(6), Unit: c.text(7), Baseline: c.optional(8), Target: c.optional(9), Weight: c.number(10), Actual: c.optional(11), Qualitative: c.optional(12),
			Reason: c.text(13), ReportedAt: c.moment(14)})
	})
}

func (r *reader) units(d *dossier.Dossier) error {
	matters, err := r.supportedMatters()
	if err != nil {
		return err
	}
	return r.each(`WITH c AS (`+carried+`),
		cost AS (SELECT department_id, CAST(sum(CAST(carried AS DECIMAL(38, 4))) AS DOUBLE) AS spend FROM c GROUP BY department_id),
		post AS (SELECT department_id, count(*) AS staff FROM {staff}
			WHERE is_data_post AND joined_on <= CAST($last_day AS DATE) AND coalesce(left_on > CAST($last_day AS DATE), true) GROUP BY department_id),
		pair AS (SELECT provider_id AS department_id, count(*) AS pairs FROM
			(SELECT DISTINCT provider_id, resource_id, consumer_id, scenario_id FROM {mart_use_state} WHERE last_day >= CAST($from_365 AS DATE)) GROUP BY provider_id)
		SELECT m.department_id, coalesce(c.spend, 0), coalesce(p.staff, 0), coalesce(q.pairs, 0)
		FROM {mart_department} AS m
		LEFT JOIN cost AS c ON c.department_id = m.department_id
		LEFT JOIN post AS p ON p.department_id = m.department_id
		LEFT JOIN pair AS q ON q.department_id = m.department_id
		ORDER BY m.department_id`, func(c row) {
		d.Units = append(d.Units, dossier.Unit{Department: c.text(0), Spend: c.number(1), Staff: int(c.integer(2)), Pairs: int(c.integer(3)), Matters: matters[c.text(0)]})
	})
}

// supportedMatters counts the matters of twelve months that data calls supported. The months before are read in the
// newest revision of the time of the close.
func (r *reader) supportedMatters() (map[string]int, error) {
	first := r.at.Add(-11).String()
	closed, err := r.Store.Query(r.ctx, `SELECT month, max(revision) FROM month_close WHERE month >= $first AND month < $last AND closed_at <= $closed_at
		GROUP BY month ORDER BY month`, map[string]any{"first": first, "last": r.month.Month, "closed_at": r.month.ClosedAt.UTC()})
	if err != nil {
		return nil, err
	}
	var files []string
	add := func(month string, revision int) {
		path := filepath.Join(r.directory(month, revision), "mart_matter.parquet")
		if _, err := os.Stat(path); err == nil {
			files = append(files, schema.Literal(path))
		}
	}
	for _, c := range closed.Rows {
		add(c[0].(string), int(c[1].(int64)))
	}
	add(r.month.Month, r.month.Revision)
	matters := map[string]int{}
	if len(files) == 0 {
		return matters, nil
	}
	of := r.succession.Reading("read_parquet(["+strings.Join(files, ", ")+"])", []string{"department_id"})
	err = r.each("SELECT department_id, count(*) FILTER (WHERE calls > 0) FROM ("+of+") GROUP BY department_id ORDER BY department_id", func(c row) {
		matters[c.text(0)] = int(c.integer(1))
	})
	return matters, err
}
