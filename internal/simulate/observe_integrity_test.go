package simulate

import (
	"slices"
	"time"
)

func init() {
	for name, compute := range map[string]indicator{
		"robot_events": func(o *observer, _, m string) figure {
			runs := map[string]int{}
			for _, x := range o.byMonth[m] {
				runs[x.consumer+x.resource+x.scenario+x.at.Format("2006-01-02T15")]++
			}
			f := figure{denominator: 1, scale: 1}
			for _, n := range runs {
				if n >= 100 {
					f.numerator += float64(n)
				}
			}
			return f
		},
		"effective_ratio_as_consumer": func(o *observer, p, m string) (f figure) {
			f.scale = 100
			for _, x := range o.byMonth[m] {
				if x.consumer == p {
					f.denominator++
				}
			}
			for _, x := range o.effective[m] {
				if x.consumer == p {
					f.numerator++
				}
			}
			return f
		},
		"self_share_as_consumer": func(o *observer, p, m string) (f figure) {
			for _, u := range o.in("usage_event", "occurred_at", m) {
				if u["consumer_id"] == p && u.yes("ok") && !u.yes("is_probe") {
					f.add(u["provider_id"] == p)
				}
			}
			return f
		},
		"last_three_days_as_consumer": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			for _, x := range o.effective[m] {
				if x.consumer == p {
					f.add(!x.at.Before(end.AddDate(0, 0, -3)))
				}
			}
			return f
		},
		"empty_share_as_provider": func(o *observer, p, m string) (f figure) {
			for _, u := range o.in("usage_event", "occurred_at", m) {
				if u["provider_id"] == p && u["consumer_id"] != p && u.yes("ok") && !u.yes("is_probe") {
					f.add(u["rows"] == "0")
				}
			}
			return f
		},
		"log_coverage": func(o *observer, p, m string) (f figure) {
			from, to := bounds(m)
			seen := map[string]bool{}
			for _, u := range o.files["usage_event"] {
				if u["provider_id"] == p || u["consumer_id"] == p {
					seen[u["occurred_at"][:10]] = true
				}
			}
			for _, z := range o.files["zero_report"] {
				if z["department_id"] == p {
					seen[z["day"]] = true
				}
			}
			for on := from; on.Before(to); on = on.AddDate(0, 0, 1) {
				f.add(seen[on.Format(time.DateOnly)])
			}
			return f
		},
	} {
		indicators[name] = compute
	}
	sets["dormant_resources"] = func(o *observer, e Expectation) []string {
		_, end := bounds(e.To)
		since := end.AddDate(0, 0, -180)
		used := o.used(since, end)
		var got []string
		for _, r := range o.shareable(e.Department, end) {
			if used[r["resource_id"]] == nil && !r.at("mounted_at").After(since) {
				got = append(got, r["resource_id"])
			}
		}
		return got
	}
	sets["scenarios_with_several_operators"] = func(o *observer, e Expectation) []string {
		operators := map[string]int{}
		var got []string
		for _, s := range o.files["scenario_operator"] {
			if operators[s["scenario_id"]]++; operators[s["scenario_id"]] == 2 {
				got = append(got, s["scenario_id"])
			}
		}
		slices.Sort(got)
		return got
	}
}

// sets lists the members of what the truths name.
var sets = map[string]func(o *observer, e Expectation) []string{}
