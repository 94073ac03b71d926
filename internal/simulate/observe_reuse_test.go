package simulate

import (
	"slices"
	"time"
)

func init() {
	for name, compute := range map[string]indicator{
		"reuse_h_index": func(o *observer, p, m string) figure {
			_, end := bounds(m)
			users := map[string]map[string]bool{}
			for _, x := range o.delivered {
				id := x.resource
				if x.provider != p || x.at.Before(end.AddDate(0, 0, -365)) || !x.at.Before(end) {
					continue
				}
				if users[id] == nil {
					users[id] = map[string]bool{}
				}
				users[id][x.consumer+"/"+x.scenario] = true
			}
			var counts []int
			for _, u := range users {
				counts = append(counts, len(u))
			}
			slices.Sort(counts)
			h := 0
			for h < len(counts) && counts[len(counts)-1-h] > h {
				h++
			}
			// The denominator only says that there is enough to rank.
			return figure{float64(h), float64(max(len(counts), 1)), float64(max(len(counts), 1))}
		},
		"scenario_coverage": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			active, bound := o.activeScenarios(end), map[string]bool{}
			for _, b := range o.files["scenario_resource"] {
				until := b.at("unbound_at")
				if active[b["scenario_id"]] && b.at("bound_at").Before(end) && (until.IsZero() || !until.Before(end)) {
					bound[b["resource_id"]] = true
				}
			}
			for _, r := range o.shareable(p, end) {
				f.add(bound[r["resource_id"]])
			}
			return f
		},
		"recombination_rate": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			resources, providers := map[string]map[string]bool{}, map[string]map[string]bool{}
			for _, x := range o.delivered {
				s := x.scenario
				if s == "" || x.at.Before(end.AddDate(0, 0, -90)) || !x.at.Before(end) {
					continue
				}
				if resources[s] == nil {
					resources[s], providers[s] = map[string]bool{}, map[string]bool{}
				}
				resources[s][x.resource], providers[s][x.provider] = true, true
			}
			for _, s := range o.files["scenario"] {
				if id := s["scenario_id"]; s["department_id"] == p && resources[id] != nil {
					f.add(len(resources[id]) >= 2 && len(providers[id]) >= 2)
				}
			}
			return f
		},
		"demand_fulfilment_rate": demandFulfilment,
		"duplicate_collection_rate": func(o *observer, p, m string) (f figure) {
			for _, e := range o.in("data_collection", "collected_at", m) {
				if e["department_id"] == p {
					same := o.dataset[e["same_dataset_id"]]
					f.add(same != nil && same["department_id"] != p && same["share_attribute"] != "N")
				}
			}
			return f
		},
		"matter_support_rate": func(o *observer, p, m string) (f figure) {
			supported := map[string]bool{}
			for _, x := range o.delivered {
				supported[x.row["matter_id"]] = true
			}
			for _, e := range o.in("matter", "handled_at", m) {
				if e["department_id"] == p {
					f.add(supported[e["matter_id"]])
				}
			}
			return f
		},
		"trigger_mix_matter": func(o *observer, p, m string) (f figure) {
			for _, x := range o.byMonth[m] {
				if x.consumer == p {
					f.add(x.row["matter_id"] != "")
				}
			}
			return f
		},
		"external_fusion_rate": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			kinds := map[string]map[bool]bool{}
			for _, b := range o.files["scenario_resource"] {
				if b.at("bound_at").Before(end) {
					if kinds[b["scenario_id"]] == nil {
						kinds[b["scenario_id"]] = map[bool]bool{}
					}
					kinds[b["scenario_id"]][b["source_kind"] == "government"] = true
				}
			}
			for _, s := range o.files["scenario"] {
				if s["department_id"] == p && s.yes("needs_external_data") {
					f.add(kinds[s["scenario_id"]][true] && kinds[s["scenario_id"]][false])
				}
			}
			return f
		},
		"reproduction_depth": reproductionDepth,
	} {
		indicators[name] = compute
	}
}

// activeScenarios are those with a delivered use within 90 days.
func (o *observer) activeScenarios(end time.Time) map[string]bool {
	active := map[string]bool{}
	for _, x := range o.delivered {
		if !x.at.Before(end.AddDate(0, 0, -90)) && x.at.Before(end) && x.scenario != "" {
			active[x.scenario] = true
		}
	}
	return active
}

// demandFulfilment judges a request in the month in which its fate is sealed: 30 days after delivery, at the
// refusal, or when the reply or the delivery became overdue.
func demandFulfilment(o *observer, p, m string) (f figure) {
	from, to := bounds(m)
	first := map[string]time.Time{}
	for _, q := range o.files["request"] {
		if q["provider_id"] != p || q["withdrawn_at"] != "" || q["share_attribute"] == "N" {
			continue
		}
		replied, delivered := q.at("replied_at"), q.at("delivered_at")
		var sealed time.Time
		known := true
		switch {
		case !delivered.IsZero():
			sealed = delivered.AddDate(0, 0, 30)
		case q["decision"] == "refused":
			sealed = replied
		case q["decision"] == "agreed":
			sealed, known = o.due(replied, 20)
		default:
			sealed, known = o.due(q.at("submitted_at"), 10)
		}
		if !known || sealed.Before(from) || !sealed.Before(to) {
			continue
		}
		key := q["requester_id"] + "/" + q["resource_id"] + "/" + q["scenario_id"] + "/" + q["delivered_at"]
		if _, ok := first[key]; !ok && !delivered.IsZero() {
			for _, x := range o.delivered {
				if x.consumer == q["requester_id"] && x.resource == q["resource_id"] && x.scenario == q["scenario_id"] && !x.at.Before(delivered) {
					first[key] = x.at
					break
				}
			}
		}
		use, used := first[key]
		f.add(used && use.Before(sealed.Add(time.Second)))
	}
	return f
}

// reproductionDepth is the mean number of steps from raw sources to the derived resources of a department that
// somebody used within a year.
func reproductionDepth(o *observer, p, m string) (f figure) {
	_, end := bounds(m)
	sources := map[string][]string{}
	for _, l := range o.files["lineage"] {
		sources[l["derived_resource_id"]] = append(sources[l["derived_resource_id"]], l["source_resource_id"])
	}
	var depth func(id string) int
	depth = func(id string) int {
		deepest := 0
		for _, s := range sources[id] {
			deepest = max(deepest, depth(s)+1)
		}
		return deepest
	}
	used := o.used(end.AddDate(-1, 0, 0), end)
	f.scale = 1
	for id := range sources {
		if o.resource[id]["department_id"] == p && used[id] != nil {
			f.denominator++
			f.numerator += float64(depth(id))
		}
	}
	return f
}
