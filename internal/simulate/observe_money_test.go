package simulate

import (
	"math"
	"time"
)

func init() {
	for name, compute := range map[string]indicator{
		"dual_monitor_gap": func(o *observer, p, m string) figure {
			var done, weights float64
			for _, k := range o.aims(p, m) {
				weights += k.weight
				done += k.weight * min(k.share, 1)
			}
			if weights == 0 {
				return figure{}
			}
			spent := indicators["budget_execution_rate"](o, p, m)
			// Five, so that the figure counts in a ranking.
			return figure{5 * math.Abs(100*done/weights-spent.value()), 5, 1}
		},
		"target_attainment_score": func(o *observer, p, m string) figure {
			var points, weights float64
			for _, k := range o.aims(p, m) {
				weights += k.weight
				points += k.weight * k.points
			}
			if weights == 0 {
				return figure{}
			}
			return figure{5 * points, 5 * weights, 100}
		},
		"target_differentiation_index": differentiation,
		"unit_share_cost": func(o *observer, p, m string) figure {
			_, end := bounds(m)
			uses := map[string]bool{}
			for month := end.AddDate(-1, 0, 0); month.Before(end); month = month.AddDate(0, 1, 0) {
				for _, x := range o.byMonth[month.Format("2006-01")] {
					if x.provider == p {
						uses[month.Format("2006-01")+x.resource+x.consumer+x.scenario] = true
					}
				}
			}
			spent := 0.0
			for _, s := range o.spent(p, end) {
				spent += float64(s.fen("amount")) / 100
			}
			return figure{spent, float64(len(uses)), 1}
		},
		"soft_hard_ratio": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			f.scale = 1
			for _, s := range o.spent(p, end) {
				switch s["category"] {
				case "software", "tool", "data_service":
					f.numerator += float64(s.fen("amount"))
				case "hardware":
					f.denominator += float64(s.fen("amount"))
				}
			}
			return f
		},
		"operation_spend_share": func(o *observer, p, m string) (f figure) {
			_, end := bounds(m)
			f.scale = 100
			for _, s := range o.spent(p, end) {
				f.denominator += float64(s.fen("amount"))
				if s["category"] == "operation" {
					f.numerator += float64(s.fen("amount"))
				}
			}
			return f
		},
		"result_application_rate": func(o *observer, p, m string) (f figure) {
			for _, e := range o.in("assessment", "assessed_at", m) {
				if e["department_id"] == p && e.yes("requires_action") {
					f.add(e["action_recorded_at"] != "")
				}
			}
			return f
		},
		"satisfaction": func(o *observer, p, m string) (f figure) {
			f.scale = 100
			for _, e := range o.in("survey", "rated_at", m) {
				if e["department_id"] == p {
					f.numerator += float64(e.fen("score"))
					f.denominator += float64(e.fen("max_score"))
				}
			}
			return f
		},
		"dea_efficiency": dominance,
	} {
		indicators[name] = compute
	}
}

// spent lists the payments of the twelve months before a moment.
func (o *observer) spent(p string, end time.Time) []row {
	var list []row
	for _, s := range o.files["spend"] {
		if at := s.at("paid_at"); s["department_id"] == p && at.Before(end) && !at.Before(end.AddDate(-1, 0, 0)) {
			list = append(list, s)
		}
	}
	return list
}

// aimState is a target with its newest reported progress: share of the target reached, and points by its rule as a
// share of the weight.
type aimState struct{ weight, share, points float64 }

// aims lists the targets of the fiscal year that have been reported on by the end of the month.
func (o *observer) aims(p, m string) []aimState {
	_, end := bounds(m)
	newest := map[string]row{}
	for _, e := range o.files["kpi_progress"] {
		if e.at("reported_at").Before(end) {
			newest[e["kpi_id"]] = e
		}
	}
	var list []aimState
	for _, k := range o.files["kpi_target"] {
		e := newest[k["kpi_id"]]
		if k["department_id"] != p || k["fiscal_year"] != m[:4] || e == nil {
			continue
		}
		s := aimState{weight: float64(k.fen("weight"))}
		switch k["rule"] {
		case "qualitative":
			s.share = float64(e.fen("qualitative_score")) / 10000
			s.points = s.share
		case "reverse":
			a, t := float64(e.fen("actual")), float64(k.fen("target"))
			s.points = max(0, min(1, 1-(a-t)/t))
			s.share = s.points
		default:
			s.share = float64(e.fen("actual")) / float64(k.fen("target"))
			s.points = min(s.share, 1)
		}
		list = append(list, s)
	}
	return list
}

// differentiation is the mean over titles of the spread of targets over classes relative to that of baselines.
func differentiation(o *observer, _, m string) figure {
	class := map[string]string{}
	for _, d := range o.files["department"] {
		class[d["department_id"]] = d["class"]
	}
	type cell struct{ target, baseline, n float64 }
	titles := map[string]map[string]cell{}
	for _, k := range o.files["kpi_target"] {
		if k["fiscal_year"] != m[:4] || k["target"] == "" {
			continue
		}
		if titles[k["title"]] == nil {
			titles[k["title"]] = map[string]cell{}
		}
		key := k["data_kind"] + "/" + class[k["department_id"]]
		c := titles[k["title"]][key]
		titles[k["title"]][key] = cell{c.target + float64(k.fen("target")), c.baseline + float64(k.fen("baseline")), c.n + 1}
	}
	f := figure{scale: 1}
	for _, classes := range titles {
		var targets, baselines []float64
		for _, c := range classes {
			targets, baselines = append(targets, c.target/c.n), append(baselines, c.baseline/c.n)
		}
		f.denominator++
		f.numerator += min(1, variation(targets)/variation(baselines))
	}
	return f
}

// variation is the coefficient of variation; rounding errors of equal values count as 0.
func variation(values []float64) float64 {
	mean, squares := 0.0, 0.0
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for _, v := range values {
		squares += (v - mean) * (v - mean) / float64(len(values))
	}
	if cv := math.Sqrt(squares) / mean; cv > 1e-9 {
		return cv
	}
	return 0
}

// dominance bounds the input-oriented CCR efficiency from above: some other department, scaled to at least the same
// outputs (exchanging pairs and matters), needs only that share of every input (money and posts).
func dominance(o *observer, p, m string) figure {
	_, end := bounds(m)
	inputs := func(id string) (in [2]float64) {
		for _, s := range o.spent(id, end) {
			in[0] += float64(s.fen("amount"))
		}
		for _, e := range o.files["staff"] {
			if e["department_id"] == id && e.yes("is_data_post") && e.employed(end) {
				in[1]++
			}
		}
		return in
	}
	outputs := func(id string) (out [2]float64) {
		pairs := map[string]bool{}
		for month := end.AddDate(-1, 0, 0); month.Before(end); month = month.AddDate(0, 1, 0) {
			for _, x := range o.byMonth[month.Format("2006-01")] {
				if x.provider == id || x.consumer == id {
					pairs[x.resource+"/"+x.consumer] = true
				}
			}
		}
		for _, e := range o.files["matter"] {
			if at := e.at("handled_at"); e["department_id"] == id && at.Before(end) && !at.Before(end.AddDate(-1, 0, 0)) {
				out[1]++
			}
		}
		return [2]float64{float64(len(pairs)), out[1]}
	}
	in, out := inputs(p), outputs(p)
	best := 1.0
	for _, d := range o.departments(m) {
		peerIn, peerOut := inputs(d["department_id"]), outputs(d["department_id"])
		scale := 0.0
		for k := range out {
			if out[k] > 0 {
				scale = max(scale, out[k]/peerOut[k])
			}
		}
		best = min(best, max(scale*peerIn[0]/in[0], scale*peerIn[1]/in[1]))
	}
	return figure{best, 1, 1}
}
