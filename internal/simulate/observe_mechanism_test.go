package simulate

import (
	"time"
)

func init() {
	for name, compute := range map[string]indicator{
		"guarantee_mechanism_index": func(o *observer, p, m string) figure {
			_, end := bounds(m)
			done := map[string]bool{}
			for _, e := range o.files["mechanism"] {
				at := e.at("exercised_at")
				if e["department_id"] == p && (e["in_force_to"] == "" || e["in_force_to"] >= end.Format(time.DateOnly)) && at.Before(end) && !at.Before(end.AddDate(-1, 0, 0)) {
					done[e["item_code"]] = true
				}
			}
			return figure{float64(len(done)), 8, 100}
		},
		"proactive_supply_rate": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			for _, r := range o.resource {
				mounted := r.at("mounted_at")
				if r["department_id"] != p || !mounted.Before(end) || mounted.Before(end.AddDate(-1, 0, 0)) {
					continue
				}
				asked := false
				for _, q := range o.files["request"] {
					asked = asked || q["dataset_id"] == r["dataset_id"] && q.at("submitted_at").Before(mounted)
				}
				f.add(!asked)
			}
			return f
		},
		"incentive_realisation_rate": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			for _, e := range o.files["incentive"] {
				if due := e.at("due_at"); e["department_id"] == p && due.Before(end) && !due.Before(end.AddDate(-1, 0, 0)) {
					f.add(e["granted_at"] != "")
				}
			}
			return f
		},
		"compliant_use_rate": compliantUse,
		"data_post_match_rate": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			for _, e := range o.files["staff"] {
				if e["department_id"] == p && e.yes("is_data_post") && e.employed(end) {
					f.add(e.yes("is_qualified"))
				}
			}
			return f
		},
		"talent_retention": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			for _, e := range o.files["staff"] {
				if e["department_id"] == p && e.yes("is_data_post") && e.employed(end.AddDate(-1, 0, 0)) {
					f.add(e.employed(end))
				}
			}
			return f
		},
		"software_iteration_age": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			newest := map[string]time.Time{}
			for _, e := range o.files["system_release"] {
				if at := e.at("released_at"); at.Before(end) && at.After(newest[e["system_id"]]) {
					newest[e["system_id"]] = at
				}
			}
			f.scale = 1
			for _, x := range o.effective[m] {
				if at := newest[o.resource[x.resource]["system_id"]]; x.provider == p && !at.IsZero() {
					f.denominator++
					f.numerator += end.Sub(at).Hours() / 24 / 30.4375
				}
			}
			return f
		},
		"coordination_effect_rate": func(o *observer, p, m string) (f figure) {
			for _, e := range o.in("coordination", "due_at", m) {
				if e["bureau_id"] == p {
					closed := e.at("closed_at")
					f.add(!closed.IsZero() && !closed.After(e.at("due_at")))
				}
			}
			return f
		},
		"off_platform_flow_share": func(o *observer, p, m string) (f figure) {
			pairs := map[string]bool{}
			for _, x := range o.byMonth[m] {
				if x.consumer == p {
					pairs[x.resource] = true
				}
			}
			f.scale, f.denominator = 100, float64(len(pairs))
			for _, e := range o.in("off_platform_flow", "found_at", m) {
				if e["consumer_id"] == p {
					f.numerator++
					f.denominator++
				}
			}
			return f
		},
	} {
		indicators[name] = compute
	}
}

// employed tells whether a person holds the post at the end of the day before a midnight.
func (r row) employed(at time.Time) bool {
	day := at.Format(time.DateOnly)
	return r["joined_on"] < day && (r["left_on"] == "" || r["left_on"] >= day)
}

// compliantUse counts the delivered uses of a consumer that its authorization covers in every respect.
func compliantUse(o *observer, p, m string) (f figure) {
	if o.permits == nil {
		o.permits, o.purposes = map[string]row{}, map[string]string{}
		for _, a := range o.files["authorization"] {
			o.permits[a["authorization_id"]] = a
		}
		for _, s := range o.files["scenario"] {
			o.purposes[s["scenario_id"]] = s["purpose"]
		}
	}
	for _, x := range o.byMonth[m] {
		u := x.row
		if u["consumer_id"] != p {
			continue
		}
		a := o.permits[u["authorization_id"]]
		good := a != nil && a["resource_id"] == u["resource_id"] && a["consumer_id"] == p && u.yes("trace_complete") &&
			!x.at.Before(a.at("valid_from")) && (a["valid_to"] == "" || x.at.Before(a.at("valid_to")))
		if purpose, ok := o.purposes[u["scenario_id"]]; ok && purpose != u["purpose"] {
			good = false
		}
		if good && u.yes("is_personal") {
			good = a["legal_basis"] != "" && a.yes("is_masked")
		}
		f.add(good)
	}
	return f
}
