package reading

import (
	"slices"
	"strings"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
)

// addKinds adds up numerators and denominators of the departments by kind of data, where the close froze no total of
// the kind and the indicator's total is such a sum. The target is that of the departments where they share one.
func (r *Reading) addKinds() {
	for _, p := range r.Indicators {
		k := Key{p.ID, metrics.City}
		if len(r.kinds[k]) > 0 || p.Total != page.TotalSum {
			continue
		}
		factor := 1.0
		if p.Unit == "%" {
			factor = 100
		}
		sums := map[string]*metrics.Value{}
		mixed := map[string]bool{}
		for _, v := range r.Month.Values {
			if v.Indicator != p.ID || v.DataKind == "" || v.Department == metrics.City || v.State != scoring.HasValue || v.Numerator == nil || v.Denominator == nil {
				continue
			}
			s := sums[v.DataKind]
			if s == nil {
				s = &metrics.Value{Indicator: p.ID, Version: p.Version, Department: metrics.City, DataKind: v.DataKind, State: scoring.NotApplicable, Unit: p.Unit,
					Numerator: new(float64), Denominator: new(float64), Target: v.Target}
				sums[v.DataKind] = s
			}
			*s.Numerator += *v.Numerator
			*s.Denominator += *v.Denominator
			mixed[v.DataKind] = mixed[v.DataKind] || s.Target == nil || v.Target == nil || *s.Target != *v.Target
		}
		for kind, s := range sums {
			if mixed[kind] {
				s.Target = nil
			}
			if *s.Denominator != 0 {
				value := factor * *s.Numerator / *s.Denominator
				s.State, s.Value = scoring.HasValue, &value
			}
			r.kinds[k] = append(r.kinds[k], *s)
		}
		slices.SortFunc(r.kinds[k], func(x, y metrics.Value) int { return strings.Compare(x.DataKind, y.DataKind) })
	}
}
