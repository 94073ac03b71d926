package closing

import (
	"context"
	"database/sql"
	"fmt"
	"math/big"
	"time"

	"weir/internal/evaluate"
	"weir/metrics/stats"
	"weir/queries/page"
)

// A frozen target needs this many closed months of the year before and this many departments of the class, lest a
// single month or department sets it.
const (
	frozenMonths      = 6
	frozenDepartments = 3
)

// frozenTarget is a target of a year taken from the values of the year before.
type frozenTarget struct {
	year              int
	indicator         string
	class, kind       string
	target            float64
	departments, rest int // departments and months it rests on
}

type targetKey struct{ indicator, class, kind string }

// targetBook gives every target of a month.
type targetBook struct {
	settings evaluate.Settings
	classes  map[string]string // department → class
	frozen   map[targetKey]float64
	fresh    []frozenTarget
}

// targets reads the targets frozen for the year and computes those that are not frozen yet.
func (c *Closer) targets(ctx context.Context, session *evaluate.Session, p period) (*targetBook, error) {
	b := &targetBook{settings: c.rules.Settings, classes: map[string]string{}, frozen: map[targetKey]float64{}}
	for _, d := range session.Departments() {
		b.classes[d.ID] = d.Class
	}
	year := p.month.Year
	r, err := c.store.Query(ctx, "SELECT indicator_id, class, data_kind, target FROM frozen_target WHERE year = $year ORDER BY ALL", map[string]any{"year": year})
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, row := range r.Rows {
		b.frozen[targetKey{row[0].(string), row[1].(string), row[2].(string)}] = row[3].(float64)
		known[row[0].(string)] = true
	}
	for _, indicator := range session.Indicators() {
		if indicator.Target == nil || indicator.Target.Frozen == "" || known[indicator.ID] {
			continue
		}
		fresh, err := c.freezeTargets(ctx, indicator, year)
		if err != nil {
			return nil, fmt.Errorf("frozen target of %s: %w", indicator.ID, err)
		}
		for _, f := range fresh {
			b.frozen[targetKey{f.indicator, f.class, f.kind}] = f.target
		}
		b.fresh = append(b.fresh, fresh...)
	}
	return b, nil
}

// freezeTargets computes the statistic of last year's department values by class. A department's value of the year
// adds its numerators and denominators over the months; where there is no quotient it is the mean of its months.
func (c *Closer) freezeTargets(ctx context.Context, p *page.Indicator, year int) ([]frozenTarget, error) {
	class, kind, kinds := "''", "''", "v.data_kind = ''"
	switch p.Target.FrozenOf {
	case "class":
		class = "coalesce(d.class, '')"
	case "kind":
		kind, kinds = "v.data_kind", "v.data_kind <> ''"
	}
	r, err := c.store.Query(ctx, fmt.Sprintf(`
		WITH newest AS (SELECT month, max(revision) AS revision FROM month_close WHERE left(month, 4) = $year GROUP BY month),
		yearly AS (
			SELECT %s AS class, %s AS kind, v.department_id, count(DISTINCT v.month) AS months,
				CASE WHEN count(v.numerator) = count(*) THEN CAST(sum(v.numerator) AS DOUBLE) / nullif(CAST(sum(v.denominator) AS DOUBLE), 0) * $factor
					ELSE avg(v.value) END AS value
			FROM indicator_value AS v JOIN newest AS n ON n.month = v.month AND n.revision = v.revision
			LEFT JOIN department AS d ON d.department_id = v.department_id
			WHERE v.indicator_id = $indicator AND v.state = 'value' AND v.department_id <> '*' AND %s
			GROUP BY ALL)
		SELECT class, kind, value, (SELECT count(*) FROM newest) AS months FROM yearly WHERE value IS NOT NULL ORDER BY class, kind, department_id`, class, kind, kinds),
		map[string]any{"year": fmt.Sprint(year - 1), "indicator": p.ID, "factor": factor(p)})
	if err != nil || len(r.Rows) == 0 {
		return nil, err
	}
	months := int(r.Rows[0][3].(int64))
	if months < frozenMonths {
		return nil, nil
	}
	var order []targetKey
	groups := map[targetKey][]float64{}
	for _, row := range r.Rows {
		k := targetKey{p.ID, row[0].(string), row[1].(string)}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], row[2].(float64))
	}
	var list []frozenTarget
	for _, k := range order {
		if len(groups[k]) < frozenDepartments {
			continue
		}
		quantile := 0.5
		if p.Target.Frozen == page.FrozenP75 {
			quantile = 0.75
		}
		target, err := stats.Quantile(groups[k], quantile)
		if err != nil {
			return nil, err
		}
		list = append(list, frozenTarget{year: year, indicator: p.ID, class: k.class, kind: k.kind, target: target, departments: len(groups[k]), rest: months})
	}
	return list, nil
}

// factor turns a quotient into the unit of the page.
func factor(p *page.Indicator) float64 {
	if p.Unit == "%" {
		return 100
	}
	return 1
}

// of is the target of a row. Over all kinds of data it is the kinds' targets weighted by their denominators, so
// that a department is held against the mix of data that it has.
func (b *targetBook) of(p *page.Indicator, row evaluate.Row, all []evaluate.Row) *float64 {
	if p.Grain == page.ByKind && row.DataKind == "" && b.byKind(p) {
		if mixed := b.mixed(p, row.DepartmentID, all); mixed != nil {
			return mixed
		}
	}
	return b.single(p, b.classes[row.DepartmentID], row.DataKind)
}

func (b *targetBook) single(p *page.Indicator, class, kind string) *float64 {
	for _, k := range []targetKey{{p.ID, class, ""}, {p.ID, "", kind}, {p.ID, "", ""}} {
		if t, ok := b.frozen[k]; ok {
			return &t
		}
	}
	if t, ok := b.settings.Target(p, class, kind); ok {
		return &t
	}
	return nil
}

// byKind tells whether the kinds of data have targets of their own.
func (b *targetBook) byKind(p *page.Indicator) bool {
	t := p.Target
	if own, ok := b.settings.Targets[p.ID]; ok {
		t = &own
	}
	return t != nil && (len(t.ByKind) > 0 || t.FrozenOf == "kind")
}

func (b *targetBook) mixed(p *page.Indicator, department string, all []evaluate.Row) *float64 {
	sum, weight := new(big.Rat), new(big.Rat)
	for _, r := range all {
		if r.DepartmentID != department || r.DataKind == "" || r.Denominator == nil || r.Denominator.Sign() <= 0 {
			continue
		}
		target := b.single(p, b.classes[department], r.DataKind)
		if target == nil {
			return nil
		}
		sum.Add(sum, new(big.Rat).Mul(r.Denominator, new(big.Rat).SetFloat64(*target)))
		weight.Add(weight, r.Denominator)
	}
	if weight.Sign() == 0 {
		return nil
	}
	return rational(sum.Quo(sum, weight))
}

// keepFrozen writes the targets that this close froze, so that the year keeps them whatever happens to the months
// they came from.
func keepFrozen(ctx context.Context, c *sql.Conn, targets []frozenTarget, now time.Time) error {
	for _, t := range targets {
		_, err := c.ExecContext(ctx, "INSERT INTO frozen_target VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			t.year, t.indicator, t.class, t.kind, t.target, t.departments, t.rest, now.UTC())
		if err != nil {
			return fmt.Errorf("frozen target of %s: %w", t.indicator, err)
		}
	}
	return nil
}
