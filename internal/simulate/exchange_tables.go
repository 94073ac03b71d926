package simulate

import (
	"cmp"
	"slices"
)

func (c *city) writeExchange(s *sink) {
	c.writeRequests(s)
	c.writeAuthorizations(s)
	c.writeUpdates(s)
	c.writeBackflows(s)
	c.writeOffPlatform(s)
}

var requestReasons = []string{"履行法定职责", "市政府专题会议纪要", "联合监管工作方案", "高效办成一件事清单"}

var refusals = []string{"超出履职所需范围", "申请材料未说明使用时限", "目录项正在整改", "使用场景与用途不一致"}

func (c *city) writeRequests(s *sink) {
	d := c.dice("request table")
	t := s.table("request", "request_id", "requester_id", "provider_id", "dataset_id", "resource_id", "share_attribute", "scenario_id", "legal_basis", "channel", "submitted_at", "resubmitted_at",
		"replied_at", "decision", "reason", "extension_days", "extension_approved_at", "extension_notified_at", "promised_at", "delivered_at", "withdrawn_at")
	for _, q := range c.requests {
		if !c.happened(q.submitted) {
			continue
		}
		decision, reason, resource := "", "", ""
		switch {
		case !c.happened(q.replied):
		case q.fate == refused:
			decision, reason = "refused", pick(d, refusals)
			if q.class == "N" {
				reason = "属不予共享类"
			}
		default:
			decision = "agreed"
		}
		if q.resource != nil && c.happened(q.delivered) {
			resource = q.resource.id
		}
		promised := ""
		if q.promised && q.due != unknown {
			promised = q.due.at(18, 0, 0).String()
		}
		t.row(q.id, q.requester.id, q.provider.id, q.item.id, resource, q.class, idOf(q.scenario), pick(d, requestReasons), q.channel, q.submitted.String(), c.known(q.resent),
			c.known(q.replied), decision, reason, optional(q.extension), c.known(q.extended), c.known(q.notified), promised, c.known(q.delivered), c.known(q.takenBack))
	}
	t.close()
}

func idOf(s *scenario) string {
	if s == nil {
		return ""
	}
	return s.id
}

// writeAuthorizations gives every delivered request its authorization, and batch relations their subscription.
func (c *city) writeAuthorizations(s *sink) {
	d := c.dice("authorizations")
	rows := slices.Clone(c.requests)
	slices.SortStableFunc(rows, func(a, b *request) int { return cmp.Compare(a.delivered, b.delivered) })
	t := s.table("authorization", "authorization_id", "resource_id", "consumer_id", "scenario_id", "purpose", "legal_basis", "is_masked", "valid_from", "valid_to")
	subscriptions := s.table("subscription", "subscription_id", "resource_id", "consumer_id", "valid_from", "valid_to")
	number, subscribed := 0, 0
	for _, q := range rows {
		if !c.happened(q.delivered) {
			continue
		}
		number++
		id := "SQ-A" + pad(number, 5)
		until := c.validity(q)
		purpose, basis, masked := "业务办理核验", "", ""
		if q.scenario != nil {
			purpose = q.scenario.purpose
		}
		if q.item.personal {
			basis, masked = "履行法定职责所必需", yes(!d.chance(30))
		}
		t.row(id, q.resource.id, q.requester.id, idOf(q.scenario), purpose, basis, masked, q.delivered.String(), until.String())
		if rel := q.relation; rel != nil {
			rel.authority, rel.validTo = id, until
			if rel.subscribed {
				subscribed++
				subscriptions.row("DY-"+pad(subscribed, 4), rel.resource.id, rel.consumer.id, q.delivered.String(), rel.to.String())
			}
		}
	}
	t.close()
	subscriptions.close()
}

// validity is the end of what a request was granted: half a year after a short use, otherwise beyond the city's
// time, except where the plan lets a department's authorizations run out while it goes on using the data.
func (c *city) validity(q *request) instant {
	if rel := q.relation; rel != nil && rel.passing {
		return rel.to + 60*secondsPerDay
	}
	if end := q.requester.profile.expires; end > 0 && end < c.Months {
		if at := c.month(end).first().start(); q.delivered < at {
			return at
		}
	}
	return c.extract + 365*secondsPerDay
}

// writeBackflows returns data of the verticals to the districts within 20 working days, late by the plan's share.
func (c *city) writeBackflows(s *sink) {
	d := c.dice("backflow")
	t := s.table("backflow", "backflow_id", "provider_id", "recipient_id", "resource_id", "registered_at", "delivered_at")
	var districts []*department
	for _, p := range c.departments {
		if p.level == "district" {
			districts = append(districts, p)
		}
	}
	number := 0
	for _, id := range []string{"GA", "RS", "MZ", "SCJG", "ZRZY", "WJ", "JY"} {
		p := c.byID[id]
		for i := range c.Months {
			due := c.month(i)
			n := 2 * c.Scale
			if id == "RS" {
				n = 4 * c.Scale // its cohort of a month is counted exactly, see truths.go
			}
			late := n * p.profile.lateBackflow.at(i) / 1000
			if id != "RS" {
				late = d.quota(n, p.profile.lateBackflow.at(i))
			}
			for k := range n {
				number++
				registered := c.registeredFor(d, due)
				limit := c.days.due(registered.day(), deliveryLimit)
				delivered := officeHours(d, c.days.due(registered.day(), d.between(4, 20)))
				if k < late {
					delivered = officeHours(d, c.days.due(limit, d.between(2, 25)))
				}
				t.row("HL-"+pad(number, 4), p.id, pick(d, districts).id, pick(d, p.resources).id, registered.String(), c.known(delivered))
			}
		}
	}
	for range 3 { // needs registered in the last month, not due yet
		number++
		t.row("HL-"+pad(number, 4), "MZ", pick(d, districts).id, "", c.days.deskMoment(d, c.month(c.Months-1)).String(), "")
	}
	t.close()
}

// registeredFor draws a registration whose 20th working day falls in the month.
func (c *city) registeredFor(d dice, due month) instant {
	first, last := c.days.count(due.first()-1), c.days.count((due+1).first()-1)
	on := c.days.byCount[first+d.n(last-first)-deliveryLimit]
	return officeHours(d, on)
}

// writeOffPlatform lists exchanges found outside the platform: most of them of 望澜区.
func (c *city) writeOffPlatform(s *sink) {
	d := c.dice("off platform")
	t := s.table("off_platform_flow", "flow_id", "provider_id", "consumer_id", "title", "means", "found_at", "ended_at")
	number := 0
	row := func(provider, consumer *department, i int) {
		number++
		found := c.days.deskMoment(d, c.month(i))
		ended := instant(0)
		if d.chance(600) {
			ended = officeHours(d, c.days.due(found.day(), d.between(5, 40)))
		}
		t.row("PW-"+pad(number, 4), provider.id, consumer.id, pick(d, provider.datasets).title, pick(d, []string{"移动介质拷贝", "即时通信群传输", "自建点对点接口", "电子邮件"}), found.String(), c.known(ended))
	}
	for i := range c.Months {
		for range 4 {
			row(c.byID[pick(d, []string{"ZJ", "GA", "YQ", "JT"})], c.byID["WL"], i)
		}
		if d.chance(500) || i == c.Months-1 {
			row(c.byID[pick(d, []string{"JY", "WJ", "ZRZY", "FG"})], c.byID[pick(d, []string{"ZWFW", "STHJ", "MZ", "DSJ"})], i)
		}
	}
	t.close()
}
