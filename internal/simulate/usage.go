package simulate

import (
	"cmp"
	"slices"
)

// kind says why a use happened, which decides what its row looks like.
type kind uint8

const (
	ordinary  kind = iota // may fail, be empty or lack a half
	sure                  // delivered with rows
	pulled                // a subscriber's batch after an update
	forMatter             // a call that supports a matter
	own                   // a department's use of its own data
	probe                 // the platform's own health call
)

// event is one use to come: who and what by number, the rest is drawn when it is written.
type event struct {
	at   instant
	late bool // its record arrives a day later
	kind kind
	of   int32 // index of the relation, or of the resource for own and probe
	note int32 // index of the matter for forMatter
}

func (e event) recorded() instant {
	if e.late {
		return e.at + secondsPerDay
	}
	return e.at
}

// Numbers of a month beside the relations' own use.
const (
	probesPermille = 10
	ownPermille    = 10
	taxOwnPermille = 20  // 税务局 uses nothing but its own data
	robotCalls     = 180 // calls of one robot within one hour
	floodHours     = 30  // hours in which one consumer repeats the same call
	floodCalls     = 8
)

// season weighs a month in permille: use grows over time and is low in the month of the Spring Festival.
func (c *city) season(i int) int {
	if c.month(i).number() == 2 {
		return (870 + 15*i) * 7 / 10
	}
	return 870 + 15*i
}

// volume is the number of events wanted in a month; over all months it is EventsPerMonth on average.
func (c *city) volume(i int) int {
	total := 0
	for k := range c.Months {
		total += c.season(k)
	}
	return c.EventsPerMonth * c.Months * c.season(i) / total
}

// eventsOf draws the events of a month in the order in which they are recorded.
func (c *city) eventsOf(d dice, i int, pulls []event) []event {
	from, to := c.month(i).first().start(), c.month(i+1).first().start()
	k := newTimetable(c, c.month(i))
	list := append([]event(nil), pulls...)
	hasPull := map[int32]bool{}
	for _, e := range pulls {
		hasPull[e.of] = true
	}
	list = c.special(d, k, i, list)
	weights, total := make([]int, len(c.relations)), 0
	for n, rel := range c.relations {
		if !rel.during(from, to) {
			continue
		}
		begin, end := max(rel.from, from), to
		if rel.to != 0 && rel.to < to {
			end = rel.to
		}
		// One use a month for certain, and one at the very beginning of a relation.
		switch {
		case rel.from >= from:
			list = append(list, event{at: rel.from, kind: sure, of: int32(n)})
		case !hasPull[int32(n)]:
			list = append(list, event{at: k.moment(d, rel, begin, end), kind: sure, of: int32(n)})
		}
		if !rel.subscribed {
			weights[n] = rel.weight
			total += rel.weight
		}
	}
	if left := c.volume(i) - len(list); left > 0 && total > 0 {
		for n, w := range weights {
			if w == 0 {
				continue
			}
			rel := c.relations[n]
			begin, end := max(rel.from, from), to
			if rel.to != 0 && rel.to < to {
				end = rel.to
			}
			for range (left*w + d.n(total)) / total {
				list = append(list, event{at: k.moment(d, rel, begin, end), kind: ordinary, of: int32(n), late: d.chance(3)})
			}
		}
	}
	return list
}

// special adds what is not a relation's everyday use.
func (c *city) special(d dice, k timetable, i int, list []event) []event {
	for n := range c.matters {
		if m := &c.matters[n]; m.relation != nil && c.index(m.at) == i {
			list = append(list, event{at: m.at - instant(d.between(2, 90)*minute), kind: forMatter, of: int32(c.relationIndex[m.relation]), note: int32(n)})
		}
	}
	live := func(r *resource, at instant) bool { return r.live(at) && r.stateAt(at) != 0 }
	add := func(kind kind, r *resource) {
		if at := k.anyMoment(d); live(r, at) {
			list = append(list, event{at: at, kind: kind, of: int32(r.number)})
		}
	}
	for range c.volume(i) * probesPermille / 1000 {
		add(probe, pick(d, c.resources))
	}
	for range c.volume(i) * ownPermille / 1000 {
		add(own, pick(d, c.resources))
	}
	for range c.volume(i) * taxOwnPermille / 1000 {
		add(own, pick(d, c.byID["SW"].resources))
	}
	if i == 3 || i == 14 {
		at := k.workday(d).at(10, 0, 0)
		if of := c.runningOf("JT", at); of >= 0 {
			for range robotCalls {
				list = append(list, event{at: at + instant(d.n(hour)), kind: sure, of: of})
			}
		}
	}
	if i == 12 {
		for range floodHours {
			at := k.workday(d).at(9+d.n(8), 0, 0)
			if of := c.runningOf("FG", at); of >= 0 {
				for range floodCalls {
					list = append(list, event{at: at + instant(d.n(hour)), kind: sure, of: of})
				}
			}
		}
	}
	// The first and the last second of a month belong to one month only.
	first, last := c.month(i).first().start(), c.month(i+1).first().start()-1
	if of := c.runningOf("ZWFW", first); of >= 0 {
		list = append(list, event{at: first, kind: sure, of: of}, event{at: last, kind: sure, of: of})
	}
	return list
}

// runningOf is the first lasting relation of a consumer that began before a moment; -1 where there is none.
func (c *city) runningOf(consumer string, at instant) int32 {
	for n, rel := range c.relations {
		if rel.consumer.id == consumer && !rel.passing && !rel.subscribed && rel.from != 0 && rel.from < at-secondsPerDay && rel.to == 0 {
			return int32(n)
		}
	}
	return -1
}

// pullsByMonth lists the batches that subscribers fetch after each update, by the month in which they fetch.
func (c *city) pullsByMonth(d dice) [][]event {
	byMonth := make([][]event, c.Months)
	for n, rel := range c.relations {
		if !rel.subscribed || rel.from == 0 {
			continue
		}
		p := rel.resource.dataset.department.profile
		period := rel.resource.dataset.cadence.seconds()
		for _, u := range rel.resource.updates {
			at := u.loaded + instant(period/1000*p.pullDelay.draw(d))
			if i := c.index(at); u.ok && i >= 0 && i < c.Months && rel.from < at && (rel.to == 0 || rel.to > at) {
				byMonth[i] = append(byMonth[i], event{at: at, kind: pulled, of: int32(n)})
			}
		}
	}
	return byMonth
}

func sortEvents(list []event) {
	slices.SortFunc(list, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.recorded(), b.recorded()), cmp.Compare(a.at, b.at), cmp.Compare(a.of, b.of), cmp.Compare(a.kind, b.kind), cmp.Compare(a.note, b.note))
	})
}
