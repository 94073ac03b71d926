package simulate

import (
	"time"
)

func init() {
	for name, compute := range map[string]indicator{
		"rule_pass_rate": func(o *observer, p, m string) (f figure) {
			f.scale = 100
			of := map[string][2]float64{}
			for _, e := range o.in("quality_check", "run_at", m) {
				if o.resource[e["resource_id"]]["department_id"] == p {
					d := of[e["standard_code"][:2]]
					of[e["standard_code"][:2]] = [2]float64{d[0] + float64(e.whole("passed")), d[1] + float64(e.whole("checked"))}
				}
			}
			for _, d := range of {
				f.numerator += d[0] / d[1]
				f.denominator++
			}
			return f
		},
		"defect_recurrence_rate": func(o *observer, p, m string) (f figure) {
			again := map[string]time.Time{}
			for _, e := range o.files["correction_ticket"] {
				if e["reraised_ticket_id"] != "" {
					again[e["reraised_ticket_id"]] = e.at("filed_at")
				}
			}
			for _, e := range o.in("correction_ticket", "feedback_at", m) {
				if o.resource[e["resource_id"]]["department_id"] == p && e["fixed_at"] != "" {
					at, ok := again[e["ticket_id"]]
					f.add(ok && at.Before(e.at("feedback_at").AddDate(0, 0, 90)))
				}
			}
			return f
		},
		"double_check_coverage": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			seen := map[string]map[string]time.Time{}
			for _, e := range o.files["quality_check"] {
				if at := e.at("run_at"); at.Before(end) {
					if seen[e["resource_id"]] == nil {
						seen[e["resource_id"]] = map[string]time.Time{}
					}
					seen[e["resource_id"]][e["mode"]] = at
				}
			}
			for _, r := range o.shareable(p, end) {
				days := max(periodDays[o.dataset[r["dataset_id"]]["cadence"]], 90)
				since := end.AddDate(0, 0, -int(days))
				f.add(!seen[r["resource_id"]]["online"].Before(since) && !seen[r["resource_id"]]["offline"].Before(since))
			}
			return f
		},
		"detail_retention_rate": func(o *observer, p, m string) (f figure) {
			f.scale = 100
			for _, e := range o.in("clean_job", "run_at", m) {
				if e["department_id"] == p {
					f.denominator++
					f.numerator += float64(e.whole("fields_kept")) / float64(e.whole("fields_in")) * float64(e.whole("keys_out")) / float64(e.whole("keys_in"))
				}
			}
			return f
		},
		"interface_conformance_rate": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			calls, good := map[string]int{}, map[string]int{}
			for _, u := range o.in("usage_event", "occurred_at", m) {
				if !u.yes("is_probe") {
					calls[u["resource_id"]]++
					if u.yes("ok") {
						good[u["resource_id"]]++
					}
				}
			}
			for _, r := range o.shareable(p, end) {
				id := r["resource_id"]
				f.add(r.yes("protocol_is_standard") && r.yes("metadata_complete") && calls[id] > 0 && good[id]*100 >= calls[id]*99)
			}
			return f
		},
		"entity_link_coverage": func(o *observer, p, m string) (f figure) {
			of := map[string]*figure{}
			_, end := bounds(m)
			for _, r := range o.shareable(p, end) {
				for _, k := range o.keysOf(r["resource_id"]) {
					if k.yes("eligible") {
						if of[k["entity"]] == nil {
							of[k["entity"]] = &figure{}
						}
						of[k["entity"]].add(k.yes("has_standard_key"))
					}
				}
			}
			for _, e := range of {
				f.numerator += e.value() / 100
				f.denominator++
			}
			// Four entities, counted as enough to rank.
			return figure{f.numerator * 5, f.denominator * 5, 100}
		},
		"linked_consistency_rate": func(o *observer, p, m string) figure {
			var attempted, matched, compared, agreeing float64
			for _, e := range o.in("link_run", "run_at", m) {
				if e["department_id"] == p {
					attempted += float64(e.whole("attempted"))
					matched += float64(e.whole("matched"))
					compared += float64(e.whole("attributes_compared"))
					agreeing += float64(e.whole("attributes_agreeing"))
				}
			}
			if attempted == 0 {
				return figure{}
			}
			return figure{matched / attempted * agreeing / compared, 1, 100}
		},
	} {
		indicators[name] = compute
	}
}

func (o *observer) keysOf(resource string) []row {
	if o.keys == nil {
		o.keys = map[string][]row{}
		for _, k := range o.files["resource_entity_key"] {
			o.keys[k["resource_id"]] = append(o.keys[k["resource_id"]], k)
		}
	}
	return o.keys[resource]
}
