package simulate

// settleRequests replies to every request and delivers what was agreed. Of the requests of a provider that fall due
// in one month, the share of the plan is late, so that a planted share holds in every month and for every seed.
func (c *city) settleRequests() {
	d := c.dice("settle")
	of := map[*department][]*request{}
	for _, q := range c.requests {
		of[q.provider] = append(of[q.provider], q)
	}
	for _, p := range c.departments {
		c.settleReplies(d, p, of[p])
		c.settleDeliveries(d, p, of[p])
	}
	for _, q := range c.requests {
		if q.relation != nil {
			c.begin(d, q)
		}
	}
}

func replyLimit(class string) int {
	if class == "U" {
		return 1
	}
	return 10
}

func (c *city) settleReplies(d dice, p *department, list []*request) {
	byMonth := map[month][]*request{}
	for _, q := range list {
		if q.class != "U" && d.chance(90) {
			q.resent = officeHours(d, c.days.due(q.submitted.day(), d.between(2, 5)))
		}
		limit := replyLimit(q.class)
		q.due = c.days.due(q.clock().day(), limit)
		if q.class != "U" && d.chance(80) {
			q.extension = pick(d, []int{5, 5, 10})
			if !p.profile.unauthorisedExtension && d.chance(700) {
				q.extended = officeHours(d, c.days.due(q.clock().day(), limit-2))
				q.notified = q.extended + instant(d.between(5, 90)*minute)
				q.due = c.days.due(q.clock().day(), limit+q.extension)
			}
		}
		q.promised = d.chance(600)
		if q.fate == withdrawn {
			q.takenBack = q.clock() + instant(d.between(20, 200)*minute)
			continue
		}
		if q.due != unknown {
			byMonth[q.due.month()] = append(byMonth[q.due.month()], q)
		}
	}
	for m := c.start - 40; m <= c.month(c.Months); m++ {
		c.replyMonth(d, p, byMonth[m], int(m-c.start))
	}
}

// replyMonth settles the requests that fall due in one month. Those with an extension that nobody approved are late
// first: the provider believed that it had more time.
func (c *city) replyMonth(d dice, p *department, cohort []*request, index int) {
	late := d.quota(len(cohort), p.profile.lateReply.at(index))
	order := append([]*request(nil), cohort...)
	shuffle(d, order)
	for _, unapproved := range []bool{true, false} {
		for _, q := range order {
			if (q.extension > 0 && q.extended == 0) == unapproved {
				c.reply(d, p, q, late > 0)
				late--
			}
		}
	}
}

func (c *city) reply(d dice, p *department, q *request, late bool) {
	if !late {
		q.replied = c.inTime(d, q)
		if q.extended == 0 {
			q.extension = 0 // it was not needed after all
		}
		return
	}
	if p.profile.unauthorisedExtension && q.class != "U" {
		q.extension = 10
	}
	if !q.planned && d.chance(60) {
		q.fate = refused
		return // never answered
	}
	q.replied = officeHours(d, c.days.due(q.due, d.between(1, 9)))
}

// inTime is a moment of reply within the limit.
func (c *city) inTime(d dice, q *request) instant {
	total := c.days.between(q.clock().day(), q.due)
	if total <= 1 {
		if at := q.clock() + instant(d.between(10, 150)*minute); d.chance(400) && at.day() == q.clock().day() {
			return at
		}
		return officeHours(d, q.due)
	}
	if q.extended != 0 {
		return officeHours(d, c.days.due(q.clock().day(), d.between(replyLimit(q.class)-1, total)))
	}
	return officeHours(d, c.days.due(q.clock().day(), d.between(1, total)))
}

const deliveryLimit = 20

func (c *city) settleDeliveries(d dice, p *department, list []*request) {
	byMonth := map[month][]*request{}
	for _, q := range list {
		if q.replied == 0 || q.fate == refused || q.fate == withdrawn {
			continue
		}
		if q.deliveryDue = c.days.due(q.replied.day(), deliveryLimit); q.deliveryDue != unknown {
			byMonth[q.deliveryDue.month()] = append(byMonth[q.deliveryDue.month()], q)
		}
	}
	for m := c.start - 40; m <= c.month(c.Months+2); m++ {
		cohort := byMonth[m]
		late := d.quota(len(cohort), p.profile.lateDelivery.at(int(m-c.start)))
		shuffle(d, cohort)
		for i, q := range cohort {
			c.deliver(d, q, i < late)
		}
	}
}

func (c *city) deliver(d dice, q *request, late bool) {
	switch {
	case !late:
		from := max(q.replied.day(), q.resource.mounted.day())
		room := c.days.between(from, q.deliveryDue)
		if q.swift {
			room = 2
		}
		on := c.days.due(from, d.between(1, max(room, 1)))
		q.delivered = officeHours(d, on)
	case q.planned || d.chance(880):
		q.delivered = officeHours(d, c.days.due(q.deliveryDue, d.between(1, 18)))
	}
}

// begin starts the relation that a request was made for, after delivery.
func (c *city) begin(d dice, q *request) {
	rel := q.relation
	if q.delivered == 0 {
		rel.from, q.relation = 0, nil
		if q.replied != 0 && q.fate == served {
			q.fate = idle
		}
		return
	}
	switch {
	case rel.passing:
		rel.from = q.delivered + instant(d.between(1, 26)*secondsPerDay-d.n(hour))
		rel.to = rel.from + instant(d.between(20, 110)*secondsPerDay)
	case rel.from == 0:
		rel.from = q.delivered + instant(d.between(1, 20)*secondsPerDay-d.n(hour))
	case rel.from <= q.delivered:
		rel.from = q.delivered + instant(d.between(1, 3)*secondsPerDay)
	}
	if end := c.endOf(rel); end != 0 && (rel.to == 0 || rel.to > end) {
		rel.to = end
	}
	if rel.to != 0 && rel.to <= rel.from {
		rel.from, rel.to, q.relation, q.fate = 0, 0, nil, idle
	}
}
