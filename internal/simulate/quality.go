package simulate

import (
	"cmp"
	"slices"
)

// The measures of GB/T 36344-2018 that are checked by rule. For 0303 (repetition) and 0305 (dirty data) the
// standard counts the elements at fault: passed holds those without fault.
var measures = []string{"0101", "0103", "0201", "0202", "0301", "0302", "0303", "0305", "0401", "0501"}

func (c *city) writeQuality(s *sink) {
	c.writeChecks(s)
	c.writeTickets(s)
	c.writeCleaning(s)
	c.writeLinking(s)
}

type check struct {
	at              instant
	resource        *resource
	measure, mode   string
	checked, passed int
	signed          string
}

// writeChecks checks every resource online each quarter by two measures, and offline, with a signature, the share
// of the plan.
func (c *city) writeChecks(s *sink) {
	d := c.dice("checks")
	var list []check
	for _, p := range c.departments {
		for n, r := range p.resources {
			signed := d.chance(p.profile.offline)
			for i := range c.Months {
				at := c.days.deskMoment(d, c.month(i))
				if (n+i)%3 != 0 || !r.live(at) || r.stateAt(at) == 0 {
					continue
				}
				for k := range 2 * c.Scale {
					list = append(list, c.newCheck(d, r, at+instant(k*minute), measures[(n+i+5*k)%len(measures)]))
				}
				if signed {
					e := c.newCheck(d, r, at+instant(d.between(1, 2)*hour), "0301")
					e.mode, e.checked, e.signed = "offline", 50, pick(d, p.persons)
					e.passed = 50 - min(d.n(3), 1)*d.quota(50, 1000-p.profile.passing)
					list = append(list, e)
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b check) int { return cmp.Compare(a.at, b.at) })
	t := s.table("quality_check", "check_id", "run_at", "resource_id", "standard_code", "mode", "checked", "passed", "signed_by")
	for n, e := range list {
		t.row("HY-"+pad(n+1, 5), e.at.String(), e.resource.id, e.measure, e.mode, itoa(e.checked), itoa(e.passed), e.signed)
	}
	t.close()
}

func (c *city) newCheck(d dice, r *resource, at instant, measure string) check {
	checked := min(r.rows, 20000) / d.between(1, 4)
	share := min(r.dataset.department.profile.passing+d.between(-6, 6), 1000)
	return check{at: at, resource: r, measure: measure, mode: "online", checked: max(checked, 10), passed: max(checked, 10) * share / 1000}
}

type ticket struct {
	id                     string
	resource               *resource
	rule                   string
	by                     *department
	filed, fixed, feedback instant
	valid                  bool
	again                  *ticket
}

// writeTickets files defects found by users of data: two a month for some providers, one for others. The share of
// the plan is answered late, and some corrected defects come back within 80 days.
func (c *city) writeTickets(s *sink) {
	d := c.dice("tickets")
	var list []*ticket
	for _, p := range c.departments {
		due := map[month][]*ticket{}
		for i := range c.Months {
			if !p.in(c.month(i+1).first() - 1) {
				continue
			}
			for range c.ticketsOf(p) {
				e := c.newTicket(d, p, i)
				if e == nil {
					continue
				}
				list = append(list, e)
				if limit := c.days.due(e.filed.day(), 10); limit != unknown {
					due[limit.month()] = append(due[limit.month()], e)
				}
			}
		}
		for i := range c.Months + 1 {
			cohort := due[c.month(i)]
			late := d.quota(len(cohort), p.profile.lateCorrection.at(i))
			for k, e := range cohort {
				c.answer(d, e, k < late)
			}
		}
	}
	list = append(list, c.recur(d, list)...)
	slices.SortStableFunc(list, func(a, b *ticket) int { return cmp.Compare(a.filed, b.filed) })
	for n, e := range list {
		e.id = "JH-" + pad(n+1, 4)
	}
	t := s.table("correction_ticket", "ticket_id", "resource_id", "rule_code", "filed_by", "filed_at", "valid", "fixed_at", "feedback_at", "reraised_ticket_id")
	for _, e := range list {
		if !c.happened(e.filed) {
			continue
		}
		earlier, valid := "", ""
		if e.again != nil {
			earlier = e.again.id
		}
		if c.happened(e.feedback) {
			valid = yes(e.valid)
		}
		t.row(e.id, e.resource.id, e.rule, e.by.id, e.filed.String(), valid, c.known(e.fixed), c.known(e.feedback), earlier)
	}
	t.close()
}

func (c *city) ticketsOf(p *department) int {
	switch p.id {
	case "GA", "YJ", "SCJG":
		return 6 * c.Scale
	}
	return c.Scale
}

// newTicket is filed by a department that uses the resource at the time; nil where nothing of the provider is used.
func (c *city) newTicket(d dice, p *department, i int) *ticket {
	at := c.days.onlineMoment(d, c.month(i))
	var using []*relation
	for _, rel := range c.relationsOf(p) {
		if rel.from != 0 && rel.from < at && (rel.to == 0 || rel.to > at) {
			using = append(using, rel)
		}
	}
	if len(using) == 0 {
		return nil
	}
	rel := pick(d, using)
	return &ticket{resource: rel.resource, rule: pick(d, measures), by: rel.consumer, filed: at, valid: d.chance(880)}
}

func (c *city) answer(d dice, e *ticket, late bool) {
	on := c.days.due(e.filed.day(), d.between(1, 10))
	if late {
		on = c.days.due(e.filed.day(), d.between(11, 25))
	}
	e.feedback = officeHours(d, on)
	if e.valid {
		e.fixed = e.feedback - instant(d.between(10, 50)*minute)
	}
}

func (c *city) recur(d dice, list []*ticket) []*ticket {
	var again []*ticket
	for _, e := range list {
		if e.fixed == 0 || !d.chance(e.resource.dataset.department.profile.recurring) {
			continue
		}
		r := &ticket{resource: e.resource, rule: e.rule, by: e.by, filed: officeHours(d, c.days.due(e.feedback.day()+day(d.between(5, 60)), 1)), valid: true, again: e}
		c.answer(d, r, false)
		again = append(again, r)
	}
	return again
}

// writeCleaning runs a cleaning job a month in every department.
func (c *city) writeCleaning(s *sink) {
	d := c.dice("cleaning")
	t := s.table("clean_job", "job_id", "department_id", "resource_id", "run_at", "fields_in", "fields_kept", "keys_in", "keys_out")
	number := 0
	for i := range c.Months {
		for _, p := range c.departments {
			r := pick(d, p.resources)
			at := c.month(i).first().at(2, d.n(60), 0) + instant(d.n(20)*secondsPerDay)
			if !p.in(at.day()) || !r.live(at) {
				continue
			}
			number++
			// Twenty-five fields, so that the share of the plan is met closely.
			fields, keys := 25, r.rows
			kept := fields * min(p.profile.kept+d.between(0, 40), 1000) / 1000
			t.row("QXZ-"+pad(number, 4), p.id, r.id, at.String(), itoa(fields), itoa(kept), itoa(keys), itoa(keys-keys*d.n(12)/1000))
		}
	}
	t.close()
}

// writeLinking runs a comparison of records a month in the departments that keep registers.
func (c *city) writeLinking(s *sink) {
	d := c.dice("linking")
	t := s.table("link_run", "run_id", "department_id", "resource_id", "run_at", "attempted", "matched", "attributes_compared", "attributes_agreeing")
	number := 0
	for i := range c.Months {
		for _, p := range c.departments {
			r := pick(d, p.resources)
			at := c.month(i).first().at(3, d.n(60), 0) + instant(d.n(25)*secondsPerDay)
			if !p.in(at.day()) || !r.live(at) {
				continue
			}
			number++
			attempted := d.between(2000, 90000)
			matched := attempted * (p.profile.linked + d.between(-8, 8)) / 1000
			compared := matched * d.between(3, 6)
			t.row("BD-"+pad(number, 4), p.id, r.id, at.String(), itoa(attempted), itoa(matched), itoa(compared), itoa(compared*d.between(978, 992)/1000))
		}
	}
	t.close()
}
