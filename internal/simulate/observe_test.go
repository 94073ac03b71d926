package simulate

import (
	"time"

	"weir/internal/calendar"
)

// figure is an indicator's value for one department: scale times numerator over denominator.
type figure struct{ numerator, denominator, scale float64 }

func (f figure) value() float64 { return f.scale * f.numerator / f.denominator }

func (f figure) plus(g figure) figure {
	return figure{f.numerator + g.numerator, f.denominator + g.denominator, g.scale}
}

// observer computes indicators from the files alone, by the definitions of the catalogue and without SQL.
type observer struct {
	files
	calendar  *calendar.Calendar
	resource  map[string]row
	dataset   map[string]row
	delivered []exchange // X with rows, across departments
	byMonth   map[string][]exchange
	effective map[string][]exchange // distinct consumer, resource, scenario and clock hour, by month
	loads     map[string][]time.Time
	users     map[[2]int64]map[string]map[string]bool // consumers by resource, by period
	keys      map[string][]row                        // entity keys by resource
	permits   map[string]row                          // authorizations
	purposes  map[string]string
	months    map[string]map[string][]row // rows of a table by the month of a column
}

type exchange struct {
	row
	at                                     time.Time
	provider, consumer, resource, scenario string
}

func observe(f files) *observer {
	o := &observer{
		files: f, calendar: calendar.China(), resource: map[string]row{}, dataset: map[string]row{},
		byMonth: map[string][]exchange{}, effective: map[string][]exchange{}, loads: map[string][]time.Time{}, months: map[string]map[string][]row{}, users: map[[2]int64]map[string]map[string]bool{},
	}
	for _, r := range f["resource"] {
		o.resource[r["resource_id"]] = r
	}
	for _, r := range f["dataset"] {
		o.dataset[r["dataset_id"]] = r
	}
	for _, r := range f["update_event"] {
		if r.yes("ok") {
			o.loads[r["resource_id"]] = append(o.loads[r["resource_id"]], r.at("loaded_at"))
		}
	}
	seen, hours := map[string]bool{}, map[string]bool{}
	for _, r := range f["usage_event"] {
		if seen[r["event_id"]] || !r.yes("ok") || r.yes("is_probe") || r["rows"] == "0" || r["provider_id"] == r["consumer_id"] {
			continue
		}
		seen[r["event_id"]] = true
		x := exchange{r, r.at("occurred_at"), r["provider_id"], r["consumer_id"], r["resource_id"], r["scenario_id"]}
		o.delivered = append(o.delivered, x)
		m := x.at.Format("2006-01")
		o.byMonth[m] = append(o.byMonth[m], x)
		key := r["consumer_id"] + "/" + r["resource_id"] + "/" + r["scenario_id"] + "/" + x.at.Format("2006-01-02T15")
		if !hours[key] {
			hours[key] = true
			o.effective[m] = append(o.effective[m], x)
		}
	}
	return o
}

func bounds(m string) (from, to time.Time) {
	from, err := time.ParseInLocation("2006-01", m, zone)
	if err != nil {
		panic(err)
	}
	return from, from.AddDate(0, 1, 0)
}

// in lists the rows of a table whose column falls in a month.
func (o *observer) in(table, column, m string) []row {
	key := table + "." + column
	if o.months[key] == nil {
		of := map[string][]row{}
		for _, r := range o.files[table] {
			if r[column] != "" {
				of[r[column][:7]] = append(of[r[column][:7]], r)
			}
		}
		o.months[key] = of
	}
	return o.months[key][m]
}

// shareable lists R⁺ of a department at a moment.
func (o *observer) shareable(p string, at time.Time) []row {
	var list []row
	for _, r := range o.files["resource"] {
		retired := r.at("retired_at")
		if r["department_id"] == p && o.dataset[r["dataset_id"]]["share_attribute"] != "N" && r.at("mounted_at").Before(at) && (retired.IsZero() || !retired.Before(at)) {
			list = append(list, r)
		}
	}
	return list
}

// used gives the consumers of each resource in [from, to).
func (o *observer) used(from, to time.Time) map[string]map[string]bool {
	key := [2]int64{from.Unix(), to.Unix()}
	if used := o.users[key]; used != nil {
		return used
	}
	used := map[string]map[string]bool{}
	o.users[key] = used
	for _, x := range o.delivered {
		if x.at.Before(from) || !x.at.Before(to) {
			continue
		}
		if used[x.resource] == nil {
			used[x.resource] = map[string]bool{}
		}
		used[x.resource][x.consumer] = true
	}
	return used
}

// due is the end of the n-th working day after the day of a moment; false beyond the announced years.
func (o *observer) due(at time.Time, n int) (time.Time, bool) {
	day, err := o.calendar.Due(calendar.DateOf(at, zone), n)
	if err != nil {
		return time.Time{}, false
	}
	return time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, zone), true
}

// inMonth tells whether a deadline that ends at a midnight falls in the month of the day before.
func inMonth(deadline, from, to time.Time) bool {
	last := deadline.Add(-time.Second)
	return !last.Before(from) && last.Before(to)
}

// rate adds one case to a rate in percent.
func (f *figure) add(good bool) {
	f.scale = 100
	f.denominator++
	if good {
		f.numerator++
	}
}
