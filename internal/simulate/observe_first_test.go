package simulate

import (
	"strings"
	"time"
)

type indicator func(o *observer, department, month string) figure

// indicators computes what the planted truths speak of.
var indicators = map[string]indicator{
	"active_flow_rate": func(o *observer, p, m string) (f figure) {
		_, end := bounds(m)
		used := o.used(end.AddDate(0, 0, -90), end)
		for _, r := range o.shareable(p, end) {
			f.add(used[r["resource_id"]] != nil)
		}
		return f
	},
	"dormant_storage_share": func(o *observer, p, m string) (f figure) {
		_, end := bounds(m)
		since := end.AddDate(0, 0, -180)
		used := o.used(since, end)
		f.scale = 100
		for _, r := range o.shareable(p, end) {
			f.denominator += float64(r.whole("bytes"))
			if used[r["resource_id"]] == nil && !r.at("mounted_at").After(since) {
				f.numerator += float64(r.whole("bytes"))
			}
		}
		return f
	},
	"cross_line_flow_share": func(o *observer, p, m string) (f figure) {
		lines := map[string]string{}
		for _, d := range o.files["department"] {
			lines[d["department_id"]] = d["line_code"]
		}
		for _, x := range o.effective[m] {
			if x.provider == p || x.consumer == p {
				f.add(lines[x.provider] != lines[x.consumer])
			}
		}
		return f
	},
	"reply_on_time_rate":    replyOnTime,
	"delivery_on_time_rate": deliveryOnTime,
	"update_on_time_rate":   updateOnTime,
	"freshness_index":       freshness,
	"reuse_rate": func(o *observer, p, m string) (f figure) {
		_, end := bounds(m)
		for id, consumers := range o.used(end.AddDate(0, 0, -365), end) {
			if o.resource[id]["department_id"] == p {
				f.add(len(consumers) >= 2)
			}
		}
		return f
	},
	"budget_execution_rate": func(o *observer, p, m string) (f figure) {
		_, end := bounds(m)
		f.scale = 100
		year := m[:4]
		for _, b := range o.files["budget"] {
			if b["department_id"] == p && b["fiscal_year"] == year {
				f.denominator += float64(b.fen("annual_amount")) / 100
			}
		}
		paid := 0
		for _, s := range o.files["spend"] {
			if s["department_id"] == p && s["fiscal_year"] == year && s.at("paid_at").Before(end) {
				paid += s.fen("amount")
			}
		}
		f.numerator = float64(paid) / 100
		return f
	},
	"exchanges_as_consumer": func(o *observer, p, m string) figure {
		f := figure{denominator: 1, scale: 1}
		for _, x := range o.byMonth[m] {
			if x.consumer == p {
				f.numerator++
			}
		}
		return f
	},
	"rows_changed_by_updates": func(o *observer, p, m string) figure {
		f := figure{denominator: 1, scale: 1}
		for _, u := range o.in("update_event", "loaded_at", m) {
			if o.resource[u["resource_id"]]["department_id"] == p && u["rows_changed"] != "" {
				f.numerator += float64(u.whole("rows_changed"))
			}
		}
		return f
	},
}

func replyOnTime(o *observer, p, m string) (f figure) {
	from, to := bounds(m)
	for _, q := range o.files["request"] {
		if q["provider_id"] != p || q["share_attribute"] == "N" {
			continue
		}
		clock := q.at("submitted_at")
		if again := q.at("resubmitted_at"); !again.IsZero() {
			clock = again
		}
		limit := map[string]int{"U": 1, "C": 10}[q["share_attribute"]]
		if q["extension_approved_at"] != "" && q["extension_notified_at"] != "" {
			limit += min(q.whole("extension_days"), 10)
		}
		deadline, known := o.due(clock, limit)
		taken := q.at("withdrawn_at")
		if !known || !inMonth(deadline, from, to) || !taken.IsZero() && taken.Before(deadline) {
			continue
		}
		replied := q.at("replied_at")
		f.add(!replied.IsZero() && replied.Before(deadline))
	}
	return f
}

// updateOnTime counts calendar periods from publication, met by an update within the period or a tenth of it after.
func updateOnTime(o *observer, p, m string) (f figure) {
	from, to := bounds(m)
	for id, r := range o.resource {
		item := o.dataset[r["dataset_id"]]
		if r["department_id"] != p || !strings.HasPrefix(item["cadence"], "P") {
			continue
		}
		mounted, retired := r.at("mounted_at"), r.at("retired_at")
		for k := 1; ; k++ {
			begin, end := periodEnd(item, k-1), periodEnd(item, k)
			if !end.Before(to) {
				break
			}
			if end.Before(from) || !end.After(mounted) || !retired.IsZero() && end.After(retired) {
				continue
			}
			grace := end.Add(end.Sub(begin) / 10)
			met := false
			for _, at := range o.loads[id] {
				met = met || at.After(begin) && !at.After(grace)
			}
			f.add(met)
		}
	}
	return f
}

func periodEnd(item row, k int) time.Time {
	published := item.at("published_at")
	switch item["cadence"] {
	case "P1D":
		return published.AddDate(0, 0, k)
	case "P1W":
		return published.AddDate(0, 0, 7*k)
	case "P1M":
		return published.AddDate(0, k, 0)
	case "P3M":
		return published.AddDate(0, 3*k, 0)
	}
	return published.AddDate(k, 0, 0)
}

var periodDays = map[string]float64{"P1D": 1, "P1W": 7, "P1M": 30, "P3M": 91, "P1Y": 365}

// freshness is the mean of Ballou's currency over delivered uses, with a shelf life of two periods.
func freshness(o *observer, p, m string) (f figure) {
	f.scale = 1
	for _, x := range o.byMonth[m] {
		days := periodDays[o.dataset[o.resource[x.resource]["dataset_id"]]["cadence"]]
		if x.provider != p || days == 0 || x.row["data_as_of"] == "" {
			continue
		}
		age := max(0, x.at.Sub(x.row.at("data_as_of")).Hours()/24)
		f.denominator++
		f.numerator += max(0, 1-age/(2*days))
	}
	return f
}

func deliveryOnTime(o *observer, p, m string) (f figure) {
	from, to := bounds(m)
	for _, q := range o.files["request"] {
		if q["provider_id"] != p || q["decision"] != "agreed" {
			continue
		}
		deadline, known := o.due(q.at("replied_at"), 20)
		if known && inMonth(deadline, from, to) {
			delivered := q.at("delivered_at")
			f.add(!delivered.IsZero() && delivered.Before(deadline))
		}
	}
	return f
}
