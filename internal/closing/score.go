package closing

import (
	"context"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"weir/internal/evaluate"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

// score maps the values to points. A department is held against its own targets, so that its points do not move
// because of another's data.
func (c *Closer) score(ctx context.Context, session *evaluate.Session, d *draft, seed uint64) error {
	pages := session.Indicators()
	scheme, err := Scheme(pages, c.rules.Bands, c.rules.Settings.MinimumN)
	if err != nil || len(scheme.Indicators) == 0 {
		return err
	}
	byID := map[string]*page.Indicator{}
	for _, p := range pages {
		byID[p.ID] = p
	}
	leaks, err := leaks(ctx, session)
	if err != nil {
		return err
	}
	observations := map[string]map[string]scoring.Observation{}
	for _, department := range session.Departments() {
		observations[department.ID] = map[string]scoring.Observation{}
	}
	for _, v := range d.values {
		if v.DataKind == "" && v.Department != metrics.City && observations[v.Department] != nil {
			observations[v.Department][v.Indicator] = observation(byID[v.Indicator], v.Value)
		}
	}
	var departments []scoring.Department
	for _, department := range session.Departments() {
		s := scoring.Department{ID: department.ID, Observations: observations[department.ID]}
		if day := leaks[department.ID]; day != "" && c.rules.LeakCap != "" {
			s.GradeCap, s.CapReason = c.rules.LeakCap, "数据泄露于 "+day+" 确认 / data leak confirmed on "+day
			d.content.Caps = append(d.content.Caps, metrics.Cap{Department: s.ID, Grade: s.GradeCap, Reason: s.CapReason})
		}
		departments = append(departments, s)
	}
	d.content.Scheme = scheme
	if d.content.Scores, err = scheme.ScoreAll(departments); err != nil {
		return err
	}
	d.content.Standings, err = standings(scheme, departments, c.rules.Uncertainty, seed)
	return err
}

func observation(p *page.Indicator, v metrics.Value) scoring.Observation {
	o := scoring.Observation{State: v.State}
	if v.State != scoring.HasValue || v.Value == nil {
		return o
	}
	o.Value = *v.Value
	if v.N != nil {
		o.N = *v.N
	}
	if p.Unit == "%" && p.Kind != page.Ratio {
		o.Low, o.High = 0, 100
	}
	if v.Low != nil && v.High != nil {
		// The wider side counts, so that draws reach as far as the printed interval also where a bound cuts the other
		// side, as at a rate of 100 %.
		o.StandardError = math.Max(*v.High-o.Value, o.Value-*v.Low) / distuv.UnitNormal.Quantile(1-(1-confidence)/2)
	}
	if p.Scoring != nil && v.Target != nil {
		r := rule(p)
		r.Target = *v.Target
		o.Rule = &r
	}
	return o
}

// leaks gives the departments with a leak confirmed in the twelve months up to the end of the month, with the day.
func leaks(ctx context.Context, session *evaluate.Session) (map[string]string, error) {
	r, err := session.Query(ctx, `SELECT department_id, strftime(max(local_day(confirmed_at, $time_zone)), '%Y-%m-%d')
		FROM security_incident WHERE is_leak AND confirmed_at < $period_end AND confirmed_at >= CAST($period_end AS TIMESTAMP) - INTERVAL 12 MONTH
		GROUP BY department_id ORDER BY department_id`, nil)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, row := range r.Rows {
		found[row[0].(string)] = row[1].(string)
	}
	return found, nil
}
