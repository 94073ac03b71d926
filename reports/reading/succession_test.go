package reading

import (
	"testing"

	"weir/internal/lang"
	"weir/metrics"
)

// TestASuccessionIsSaidByNameAndDay tells of a chain of mergers, of namesakes, and from which month on each counts.
func TestASuccessionIsSaidByNameAndDay(t *testing.T) {
	c := metrics.Department{ID: "C", Name: lang.T("文化和旅游局", "Tourism")}
	a, b := metrics.Department{ID: "A", Name: lang.T("文化馆", "Cultural Centre")}, metrics.Department{ID: "B", Name: lang.T("文旅中心", "")}
	pa, pb := metrics.Predecessor{ID: "A", Name: a.Name, Successor: "C", Until: "2025-12-31"}, metrics.Predecessor{ID: "B", Name: b.Name, Successor: "C", Until: "2026-05-31"}
	ab := pa
	ab.Successor = "B"
	april := &metrics.Month{Month: "2026-04", Departments: []metrics.Department{b, c}, Predecessors: []metrics.Predecessor{ab}}
	may := &metrics.Month{Month: "2026-05", Departments: []metrics.Department{b, c}, Predecessors: []metrics.Predecessor{ab}}
	june := &metrics.Month{Month: "2026-06", Departments: []metrics.Department{c}, Predecessors: []metrics.Predecessor{pa, pb}}
	july := &metrics.Month{Month: "2026-07", Departments: []metrics.Department{c}, Predecessors: []metrics.Predecessor{pa, pb}}
	for _, x := range []struct {
		in         Input
		department string
		zh, en     string
	}{
		{Input{Month: april}, "C", "", ""},
		{Input{Month: april}, "B", "含原文化馆（至 2025-12-31）的数据。", "Includes the figures of the former Cultural Centre (until 2025-12-31)."},
		{Input{Month: june, Earlier: []*metrics.Month{april, may}}, "C",
			"含原文化馆（至 2025-12-31）、原文旅中心（至 2026-05-31）的数据。2026年5月及以前各月不含原文化馆、原文旅中心的数据，与其相比口径不同。较上月的变化不作检验，不列为发现。",
			"Includes the figures of the former Cultural Centre (until 2025-12-31), the former 文旅中心 (until 2026-05-31). May 2026 and the months before are without the former Cultural Centre, the former 文旅中心: comparisons with them are not like for like. Changes since last month are not tested and are no findings."},
		{Input{Month: july, Earlier: []*metrics.Month{may, june}}, "C",
			"含原文化馆（至 2025-12-31）、原文旅中心（至 2026-05-31）的数据。2026年5月及以前各月不含原文化馆、原文旅中心的数据，与其相比口径不同。",
			"Includes the figures of the former Cultural Centre (until 2025-12-31), the former 文旅中心 (until 2026-05-31). May 2026 and the months before are without the former Cultural Centre, the former 文旅中心: comparisons with them are not like for like."},
		{Input{Month: july, Earlier: []*metrics.Month{june}}, "C", "含原文化馆（至 2025-12-31）、原文旅中心（至 2026-05-31）的数据。",
			"Includes the figures of the former Cultural Centre (until 2025-12-31), the former 文旅中心 (until 2026-05-31)."},
		{Input{Month: &metrics.Month{Month: "2026-06", Departments: []metrics.Department{c, {ID: "D", Name: a.Name}}, Predecessors: []metrics.Predecessor{pa}}}, "C",
			"含原文化馆（A）（至 2025-12-31）的数据。", "Includes the figures of the former Cultural Centre (A) (until 2025-12-31)."},
	} {
		for l, want := range map[lang.Lang]string{lang.Zh: x.zh, lang.En: x.en} {
			r, err := New(x.in, l)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Succession(x.department); got != want {
				t.Errorf("%s, %s:\ngot  %s\nwant %s", x.in.Month.Month, x.department, got, want)
			}
		}
	}
}
