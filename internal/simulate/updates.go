package simulate

import (
	"cmp"
	"slices"
	"sort"
)

// update is one load of a resource.
type update struct {
	loaded, asOf instant
	changed      int
	ok           bool
}

// slot is one period of a resource in which an update is due.
type slot struct {
	end instant
	met bool
}

// inventUpdates loads every resource once in each period, except in the share of periods that the plan makes late:
// there nothing arrives in the period or the grace after it.
func (c *city) inventUpdates() {
	d := c.dice("updates")
	for _, p := range c.departments {
		c.inventSlots(p)
		c.abandon(d, p)
		c.missSlots(d, p)
		for _, r := range p.resources {
			c.load(d, r)
			slices.SortStableFunc(r.updates, func(a, b update) int { return cmp.Compare(a.loaded, b.loaded) })
		}
	}
}

// inventSlots lays out the periods of a department's resources, counted from the moment of mounting: from the one
// that ends last before the city's first month (60 days for short periods) to the one that ends after its last.
func (c *city) inventSlots(p *department) {
	for _, r := range p.resources {
		k := r.dataset.cadence
		if !k.regular() {
			continue
		}
		history := c.opening.start() - instant(max(60*secondsPerDay, k.seconds()+5*secondsPerDay))
		for n := 1; ; n++ {
			end := k.after(r.mounted, n)
			if end > c.extract+instant(k.seconds()) || r.retired != 0 && end > r.retired {
				break
			}
			if end >= history {
				r.slots = append(r.slots, slot{end, true})
			}
		}
	}
}

// abandon lets a department forget some of what nobody uses: after a while nothing is loaded any more. What is
// loaded daily runs by itself.
func (c *city) abandon(d dice, p *department) {
	for _, r := range p.resources {
		if r.inUse || r.dataset.cadence == "D" || !d.chance(p.profile.abandons) {
			continue
		}
		r.abandoned = c.month(d.between(-2, max(c.Months-6, 1))).first().start()
		for k := range r.slots {
			r.slots[k].met = r.slots[k].end < r.abandoned
		}
	}
}

// missSlots takes the planned share of the periods that end in each month.
func (c *city) missSlots(d dice, p *department) {
	for i := range c.Months {
		from, to := c.month(i).first().start(), c.month(i+1).first().start()
		var due []*slot
		for _, r := range p.resources {
			for k := range r.slots {
				if r.slots[k].met && r.slots[k].end >= from && r.slots[k].end < to {
					due = append(due, &r.slots[k])
				}
			}
		}
		shuffle(d, due)
		for _, s := range due[:d.quota(len(due), p.profile.lateUpdate.at(i))] {
			s.met = false
		}
	}
}

// load turns periods into updates. An update that is in time arrives in its period, or now and then within the
// grace of a tenth after it; in a missed period there is a failed attempt at most.
func (c *city) load(d dice, r *resource) {
	k, p := r.dataset.cadence, r.dataset.department.profile
	c.loadOnce(d, r, r.mounted, p)
	if k == "I" {
		for at := r.mounted + instant(d.between(30, 120)*secondsPerDay); at < c.extract && (r.retired == 0 || at < r.retired) && (r.abandoned == 0 || at < r.abandoned); at += instant(d.between(40, 130) * secondsPerDay) {
			c.loadOnce(d, r, at, p)
		}
	}
	period := k.seconds()
	for n, s := range r.slots {
		graced := n+1 < len(r.slots) && r.slots[n+1].met && d.chance(50)
		at := s.end - instant(period*d.between(50, 450)/1000)
		if graced {
			at = s.end + instant(period*d.between(10, 80)/1000)
		}
		switch {
		case r.retired != 0 && at >= r.retired:
		case s.met:
			c.loadOnce(d, r, at, p)
		case d.chance(250) && r.abandoned == 0:
			r.updates = append(r.updates, update{loaded: at, ok: false})
		}
	}
}

func (c *city) loadOnce(d dice, r *resource, at instant, p profile) {
	u := update{loaded: at, ok: true, changed: 1 + r.rows*d.between(2, 60)/1000}
	u.asOf = at - instant(r.dataset.cadence.seconds()/1000*p.age.draw(d))
	if k := r.dataset.cadence; k == "I" || k == "S" {
		u.asOf = at - instant(d.between(1, 10)*secondsPerDay)
	}
	if p.redates {
		u.asOf, u.changed = at, 0
	}
	r.updates = append(r.updates, u)
}

// stateAt is the data's moment that a use at a moment sees; 0 where nothing was loaded before.
func (r *resource) stateAt(at instant) instant {
	i := sort.Search(len(r.updates), func(i int) bool { return r.updates[i].loaded > at })
	for i--; i >= 0; i-- {
		if r.updates[i].ok {
			return r.updates[i].asOf
		}
	}
	return 0
}

// writeUpdates writes what happened since the period before the city's first month. Of half the resources of one
// approval bureau only the catalogue's last-updated date is known.
func (c *city) writeUpdates(s *sink) {
	t := s.table("update_event", "resource_id", "loaded_at", "data_as_of", "rows_changed", "ok", "source")
	for _, r := range c.resources {
		fromCatalogue := r.dataset.department.id == "YQSP" && r.number%2 == 0
		for _, u := range r.updates {
			if !c.happened(u.loaded) {
				continue
			}
			source, asOf, changed := "event", u.asOf.String(), itoa(u.changed)
			if !u.ok {
				changed = ""
			}
			if fromCatalogue {
				if !u.ok {
					continue
				}
				source, asOf, changed = "catalogue", "", ""
			}
			t.row(r.id, u.loaded.String(), asOf, changed, yes(u.ok), source)
		}
	}
	t.close()
}
