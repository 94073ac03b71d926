package simulate

import (
	"math"
	"slices"
	"time"

	"weir/internal/calendar"
)

func init() {
	for name, compute := range map[string]indicator{
		"flow_turnover": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			f.scale = 12
			for _, x := range o.byMonth[m] {
				if x.provider == p && x.row["rows"] != "" {
					f.numerator += float64(x.row.whole("rows"))
				}
			}
			for _, r := range o.shareable(p, end) {
				f.denominator += float64(r.whole("rows"))
			}
			return f
		},
		"mount_rate": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			live := map[string]bool{}
			for _, r := range o.shareable(p, end) {
				live[r["dataset_id"]] = true
			}
			for id, item := range o.dataset {
				retired := item.at("retired_at")
				if item["department_id"] == p && item["share_attribute"] != "N" && item.at("published_at").Before(end) && (retired.IsZero() || !retired.Before(end)) {
					f.add(live[id])
				}
			}
			return f
		},
		"backflow_on_time_rate": func(o *observer, p, m string) figure {
			return o.onTime("backflow", "provider_id", p, m, "registered_at", "delivered_at", 20)
		},
		"correction_on_time_rate": func(o *observer, p, m string) (f figure) {
			for _, t := range o.files["correction_ticket"] {
				if o.resource[t["resource_id"]]["department_id"] == p {
					o.judge(&f, t, m, "filed_at", "feedback_at", 10)
				}
			}
			return f
		},
		"catalog_update_on_time_rate": func(o *observer, p, m string) (f figure) {
			for _, e := range o.files["dataset_change"] {
				if e["department_id"] == p {
					limit := 10
					if e["extension_approved_at"] != "" {
						limit += min(e.whole("extension_days"), 5)
					}
					o.judge(&f, e, m, "trigger_at", "updated_at", limit)
				}
				if p == "DSJ" && e["received_at"] != "" {
					o.judge(&f, e, m, "received_at", "published_at", 2)
				}
			}
			return f
		},
		"time_to_first_use":    firstUseMedian,
		"propagation_lag":      propagationLag,
		"request_cycle_wd_p90": requestCycle,
		"disuse_decay_gap":     decayGap,
		"flow_network_density": func(o *observer, _, m string) figure {
			pairs := map[string]bool{}
			for _, x := range o.byMonth[m] {
				pairs[x.provider+"/"+x.consumer] = true
			}
			n := float64(len(o.departments(m)))
			return figure{float64(len(pairs)), n * (n - 1), 1}
		},
		"flow_concentration_hhi": func(o *observer, p, m string) figure {
			counts, total := map[string]float64{}, 0.0
			for _, x := range o.effective[m] {
				if x.provider == p {
					counts[x.consumer]++
					total++
				}
			}
			sum := 0.0
			for _, n := range counts {
				sum += n * n
			}
			return figure{sum, total * total, 10_000}
		},
	} {
		indicators[name] = compute
	}
}

// departments lists those in being at the end of a month.
func (o *observer) departments(m string) []row {
	_, end := bounds(m)
	return slices.DeleteFunc(slices.Clone(o.files["department"]), func(d row) bool {
		return d["valid_to"] != "" && d["valid_to"] < end.Format(time.DateOnly)
	})
}

// onTime counts the cases of a department whose n-th working day falls in the month.
func (o *observer) onTime(table, column, p, m, from, done string, n int) (f figure) {
	for _, r := range o.files[table] {
		if r[column] == p {
			o.judge(&f, r, m, from, done, n)
		}
	}
	return f
}

func (o *observer) judge(f *figure, r row, m, from, done string, n int) {
	begin, end := bounds(m)
	if deadline, known := o.due(r.at(from), n); known && inMonth(deadline, begin, end) {
		at := r.at(done)
		f.add(!at.IsZero() && at.Before(deadline))
	}
}

func (o *observer) workingDays(from, to time.Time) float64 {
	n, err := o.calendar.WorkingDays(calendar.DateOf(from, zone), calendar.DateOf(to, zone))
	if err != nil {
		panic(err)
	}
	return float64(n)
}

// firstUseMedian is the Kaplan-Meier median of the working days from the first load to the first use by others, for
// the resources first loaded within twelve months; those not used yet are censored. Where the curve never falls to
// one half, it gives the longest time observed, a lower bound.
func firstUseMedian(o *observer, p, m string) figure {
	_, end := bounds(m)
	type life struct {
		days float64
		used bool
	}
	first := map[string]time.Time{}
	for _, x := range o.delivered {
		id := x.resource
		if at, ok := first[id]; x.at.Before(end) && (!ok || x.at.Before(at)) {
			first[id] = x.at
		}
	}
	var lives []life
	for id, r := range o.resource {
		loads := o.loads[id]
		if r["department_id"] != p || len(loads) == 0 || loads[0].Before(end.AddDate(-1, 0, 0)) || !loads[0].Before(end) || r.at("mounted_at").Before(end.AddDate(-1, 0, 0)) {
			continue
		}
		if at, ok := first[id]; ok {
			lives = append(lives, life{o.workingDays(loads[0], at), true})
		} else {
			lives = append(lives, life{o.workingDays(loads[0], end), false})
		}
	}
	slices.SortFunc(lives, func(a, b life) int {
		if a.days != b.days {
			return int(a.days - b.days)
		}
		return map[bool]int{true: 0, false: 1}[a.used] - map[bool]int{true: 0, false: 1}[b.used]
	})
	survival := 1.0
	for i, l := range lives {
		if l.used {
			if survival *= 1 - 1/float64(len(lives)-i); survival <= 0.5 {
				return figure{l.days, 1, 1}
			}
		}
	}
	if len(lives) == 0 {
		return figure{}
	}
	return figure{lives[len(lives)-1].days, 1, 1}
}

// propagationLag is the median, in periods, of the time until a subscriber receives a version loaded in the month.
func propagationLag(o *observer, p, m string) figure {
	receipts := map[string][]exchange{}
	for _, x := range o.delivered {
		key := x.resource + "/" + x.consumer
		receipts[key] = append(receipts[key], x)
	}
	var lags []float64
	for _, s := range o.files["subscription"] {
		r := o.resource[s["resource_id"]]
		if r["department_id"] != p {
			continue
		}
		period := periodDays[o.dataset[r["dataset_id"]]["cadence"]]
		for _, u := range o.in("update_event", "loaded_at", m) {
			if u["resource_id"] != s["resource_id"] || !u.yes("ok") || u["loaded_at"] < s["valid_from"] {
				continue
			}
			loaded := u.at("loaded_at")
			for _, x := range receipts[s["resource_id"]+"/"+s["consumer_id"]] {
				if !x.at.Before(loaded) && x.row["data_as_of"] >= u["data_as_of"] {
					lags = append(lags, x.at.Sub(loaded).Hours()/24/period)
					break
				}
			}
		}
	}
	return percentile(lags, 0.5)
}

// percentile is the smallest value whose rank reaches the share of the count.
func percentile(values []float64, share float64) figure {
	if len(values) == 0 {
		return figure{}
	}
	slices.Sort(values)
	return figure{values[max(int(math.Ceil(share*float64(len(values)))), 1)-1], 1, 1}
}

// requestCycle is the 90th percentile of working days from submission to delivery of what was delivered in a month.
func requestCycle(o *observer, p, m string) figure {
	var days []float64
	for _, q := range o.in("request", "delivered_at", m) {
		if q["provider_id"] == p {
			days = append(days, o.workingDays(q.at("submitted_at"), q.at("delivered_at")))
		}
	}
	return percentile(days, 0.9)
}

// decayGap is the mean freshness at the end of the month of what was used within a year less that of what was not.
func decayGap(o *observer, _, m string) figure {
	_, end := bounds(m)
	used := o.used(end.AddDate(-1, 0, 0), end)
	newest := map[string]time.Time{}
	for _, u := range o.files["update_event"] {
		if u.yes("ok") && u["data_as_of"] != "" && u.at("loaded_at").Before(end) {
			if at := u.at("data_as_of"); at.After(newest[u["resource_id"]]) {
				newest[u["resource_id"]] = at
			}
		}
	}
	var of [2]figure
	for _, d := range o.departments(m) {
		for _, r := range o.shareable(d["department_id"], end) {
			period := periodDays[o.dataset[r["dataset_id"]]["cadence"]]
			if period == 0 || newest[r["resource_id"]].IsZero() {
				continue
			}
			side := 0
			if used[r["resource_id"]] != nil {
				side = 1
			}
			of[side].denominator++
			of[side].numerator += max(0, 1-end.Sub(newest[r["resource_id"]]).Hours()/24/(2*period))
		}
	}
	return figure{of[1].numerator/of[1].denominator - of[0].numerator/of[0].denominator, 1, 1}
}
