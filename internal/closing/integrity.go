package closing

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/internal/evaluate"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

// integrityDimension is the dimension of the pages that measure how far records can be trusted.
const integrityDimension = "integrity"

// evidenceRows is the number of rows that are kept behind a flag.
const evidenceRows = 5

// Integrity says from where on the records of a department are flagged. A flag lowers no score: people decide.
type Integrity struct {
	MinimumN int64            `yaml:"minimum_n"` // a measure of fewer cases is not flagged
	Limits   map[string]Limit `yaml:"limits"`    // by id of a page of the dimension integrity
}

// Limit is a limit on one side.
type Limit struct {
	Above *float64 `yaml:"above"` // flagged above it
	Below *float64 `yaml:"below"` // flagged below it
}

// DefaultIntegrity are limits beyond which somebody should look, set so that ordinary months of ordinary departments
// stay inside. They are proposals, to be calibrated on local data.
func DefaultIntegrity() Integrity {
	at := func(v float64) *float64 { return &v }
	return Integrity{MinimumN: 30, Limits: map[string]Limit{
		"effective_ratio":  {Below: at(50)}, // every second delivered event repeats one of its hour
		"self_share":       {Above: at(50)}, // most use is of the department's own data
		"period_end_spike": {Above: at(3)},  // three times an ordinary day
		"robot_share":      {Above: at(20)}, // a fifth comes in runs of a hundred and more
		"empty_share":      {Above: at(20)}, // every fifth answer is empty
		"log_coverage":     {Below: at(90)}, // three days of a month without record or zero report
	}}
}

// Validate reports the first limit that cannot be used.
func (i Integrity) Validate() error {
	if i.MinimumN < 0 {
		return fmt.Errorf("integrity.minimum_n %d: want at least 0", i.MinimumN)
	}
	for _, id := range slices.Sorted(maps.Keys(i.Limits)) {
		if l := i.Limits[id]; l.Above != nil && l.Below != nil {
			return fmt.Errorf("integrity.limits.%s has both above and below; keep one, or write {} to lift the limit", id)
		}
	}
	return nil
}

// known refuses limits of measures that no page defines, the built-in ones apart.
func (i Integrity) known(pages *page.Set) error {
	var measures []string
	for _, id := range pages.IDs() {
		if p := pages.Versions(id)[0]; p.Dimension == integrityDimension {
			measures = append(measures, id)
		}
	}
	builtIn := DefaultIntegrity().Limits
	for _, id := range slices.Sorted(maps.Keys(i.Limits)) {
		if _, ok := builtIn[id]; !ok && !slices.Contains(measures, id) {
			return fmt.Errorf("integrity.limits: no measure %q; %s", id, problem.DidYouMean(id, measures))
		}
	}
	return nil
}

// integrity holds the measures of the month against their limits and keeps the first rows behind each flag.
func (c *Closer) integrity(ctx context.Context, session *evaluate.Session, values []frozenValue) ([]metrics.Integrity, error) {
	var list []metrics.Integrity
	for _, p := range session.Indicators() {
		if p.Dimension != integrityDimension {
			continue
		}
		limit := c.rules.Integrity.Limits[p.ID]
		for _, v := range values {
			if v.Indicator != p.ID || v.DataKind != "" || v.Department == metrics.City || v.State == scoring.NotMeasured {
				continue
			}
			m := limit.judge(v.Value, c.rules.Integrity.MinimumN)
			if m.Flagged {
				rows, _, err := session.Evidence(ctx, p, v.Department, evidenceRows)
				if err != nil {
					return nil, err
				}
				m.Columns, m.Evidence = printed(rows)
			}
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b metrics.Integrity) int { return strings.Compare(a.Department, b.Department) })
	return list, nil
}

// judge holds a measure against its limit.
func (l Limit) judge(v metrics.Value, minimum int64) metrics.Integrity {
	m := metrics.Integrity{Department: v.Department, Indicator: v.Indicator, Value: v.Value, N: v.N}
	switch {
	case l.Above != nil:
		m.Limit, m.Above = l.Above, true
		m.Flagged = v.Value != nil && *v.Value > *l.Above
	case l.Below != nil:
		m.Limit = l.Below
		m.Flagged = v.Value != nil && *v.Value < *l.Below
	}
	// A count of 0 stands for a measure that counts no cases.
	if v.N != nil && *v.N > 0 && *v.N < minimum {
		m.Flagged = false
	}
	return m
}

// cellText writes a cell as the command line prints it.
func cellText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return strings.TrimSuffix(v.Format(time.DateTime), " 00:00:00")
	}
	return fmt.Sprint(v)
}

// printed turns rows into text, which is kept the same in the database and in JSON.
func printed(r *store.Result) (columns []string, rows [][]string) {
	for _, c := range r.Columns {
		columns = append(columns, c.Name)
	}
	for _, row := range r.Rows {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = cellText(v)
		}
		rows = append(rows, cells)
	}
	return columns, rows
}
