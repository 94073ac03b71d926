package simulate

import (
	"cmp"
	"slices"
)

// What becomes of a request.
type fate int

const (
	served    fate = iota // agreed, delivered, the beginning of a relation
	idle                  // agreed, delivered, never used
	refused               // not agreed, with reasons
	withdrawn             // taken back by the requester
)

// request is one request for shared data with everything that follows.
type request struct {
	id                   string
	requester, provider  *department
	item                 *dataset
	resource             *resource
	class                string
	scenario             *scenario
	channel              string
	fate                 fate
	swift                bool // delivered within days: the resource has just been mounted for use
	planned              bool // its relation was invented first; it is never left undelivered
	submitted, resent    instant
	replied              instant
	extension            int
	extended, notified   instant
	promised             bool
	delivered, takenBack instant
	relation             *relation
	due, deliveryDue     day
}

// clock is the moment from which limits count: the resubmission where material was completed.
func (r *request) clock() instant { return cmp.Or(r.resent, r.submitted) }

// inventRequests puts a request before every relation and adds those that lead to short use, idle deliveries,
// refusals and withdrawals until each provider has its number.
func (c *city) inventRequests() {
	d := c.dice("requests")
	perMonth := map[*department][]int{}
	for _, p := range c.departments {
		perMonth[p] = make([]int, c.Months)
	}
	for _, rel := range c.relations {
		q := c.requestFor(d, rel)
		if i := c.index(q.submitted); i >= 0 && i < c.Months {
			perMonth[q.provider][i]++
		}
	}
	for i := range c.Months {
		for _, p := range c.departments {
			if !p.in(c.month(i+1).first() - 1) {
				continue
			}
			for range p.profile.requests*c.Scale + d.n(3) - 1 - perMonth[p][i] {
				c.request(d, p, i)
			}
		}
	}
	slices.SortStableFunc(c.requests, func(a, b *request) int { return cmp.Compare(a.submitted, b.submitted) })
	counts := map[month]int{}
	for _, q := range c.requests {
		m := q.submitted.month()
		counts[m]++
		q.id = "SQ-" + m.compact() + "-" + pad(counts[m], 4)
	}
}

// requestFor is the request that a planned relation began with. Relations without a start get one in the city's time.
func (c *city) requestFor(d dice, rel *relation) *request {
	q := &request{
		requester: rel.consumer, provider: rel.resource.dataset.department, item: rel.resource.dataset, resource: rel.resource,
		class: rel.resource.dataset.share, scenario: rel.scenario, channel: rel.channel, fate: served, planned: true, relation: rel,
	}
	switch {
	case rel.resource.fresh:
		// Asked for before it was mounted, or soon after.
		q.swift = true
		q.submitted = officeHours(d, c.days.due(rel.resource.mounted.day(), 1))
		if rel.resource.dataset.requestedOwn && rel.resource.uses[0] == rel {
			q.submitted = officeHours(d, c.days.due(rel.resource.mounted.day()-day(d.between(10, 30)), 1))
		}
	case rel.from != 0:
		q.submitted = officeHours(d, c.days.due(rel.from.day()-day(d.between(70, 100)), 1))
	default:
		q.submitted = c.days.onlineMoment(d, c.month(d.n(max(c.Months-2, 1))))
	}
	rel.request = q
	c.requests = append(c.requests, q)
	return q
}

// request draws one more request to a provider in a month.
func (c *city) request(d dice, p *department, i int) {
	q := &request{provider: p, submitted: c.days.onlineMoment(d, c.month(i))}
	roll := d.n(1000)
	switch {
	case roll < 110:
		q.fate = refused
	case roll < 160:
		q.fate = withdrawn
	case d.chance(p.profile.idleDelivery):
		q.fate = idle
	}
	var known []*relation
	for _, rel := range c.relationsOf(p) {
		if !rel.passing && !rel.subscribed && rel.resource.live(q.submitted) && !rel.resource.fresh && rel.consumer.in(c.month(i+2).first()) {
			known = append(known, rel)
		}
	}
	if q.fate == served && len(known) > 0 {
		c.repeat(d, q, pick(d, known))
		return
	}
	if q.fate == served {
		q.fate = refused
	}
	c.vain(d, q)
}

// repeat asks again for what the department already uses, for another scenario: reuse by further departments stays
// as planned. A short use follows.
func (c *city) repeat(d dice, q *request, old *relation) {
	q.requester, q.resource, q.item, q.channel = old.consumer, old.resource, old.resource.dataset, old.channel
	q.class = q.item.share
	q.scenario = c.scenarioFor(d, q.resource, q.requester)
	q.relation = &relation{
		resource: q.resource, consumer: q.requester, scenario: q.scenario, channel: "api", request: q, weight: 1, passing: true,
	}
	c.relations = append(c.relations, q.relation)
	q.resource.uses = append(q.resource.uses, q.relation)
	c.requests = append(c.requests, q)
}

// vain asks for any dataset of the provider, also for what may not be shared; nothing will be used.
func (c *city) vain(d dice, q *request) {
	var items []*dataset
	for _, item := range q.provider.datasets {
		if item.published < q.submitted && (item.retired == 0 || item.retired > q.submitted) && (item.share != "N" || q.fate == refused) {
			items = append(items, item)
		}
	}
	list, weights := c.consumers(q.provider, q.submitted)
	if len(items) == 0 || len(list) == 0 {
		return
	}
	q.item = pick(d, items)
	q.class = q.item.share
	q.requester = list[d.weighted(weights)]
	if len(q.item.resources) > 0 {
		q.resource = q.item.resources[0]
	} else if q.fate == idle {
		q.fate = refused
	}
	if len(q.requester.scenarios) > 0 {
		q.scenario = pick(d, q.requester.scenarios)
	}
	q.channel = pick(d, []string{"api", "batch", "file"})
	c.requests = append(c.requests, q)
}

func (c *city) relationsOf(p *department) []*relation {
	var list []*relation
	for _, r := range p.resources {
		list = append(list, r.uses...)
	}
	return list
}
