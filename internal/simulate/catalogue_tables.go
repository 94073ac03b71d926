package simulate

import "strings"

// change is an event that obliges a department to update its catalogue.
type change struct {
	item                                            *dataset
	trigger, updated, extended, received, published instant
	extension                                       int
}

// inventLineage derives the synthetic resources of the data bureau from sources of others and from each other, up
// to three steps deep.
func (c *city) inventLineage() {
	first := func(id, title string) *resource {
		for _, r := range c.byID[id].resources {
			if r.dataset.title == title {
				return r
			}
		}
		return nil
	}
	for _, edge := range [][4]string{
		{"DSJ", "人口综合库索引", "GA", "户籍人口基本信息"}, {"DSJ", "人口综合库索引", "MZ", "婚姻登记信息"}, {"DSJ", "人口综合库索引", "RS", "社会保险参保登记信息"},
		{"DSJ", "法人综合库索引", "SCJG", "企业登记基本信息"}, {"DSJ", "法人综合库索引", "SW", "纳税人税务登记信息"}, {"DSJ", "法人综合库索引", "MZ", "社会组织登记信息"},
		{"DSJ", "信用信息归集汇总", "SCJG", "经营异常名录"}, {"DSJ", "信用信息归集汇总", "SW", "欠税公告信息"},
		{"DSJ", "企业画像标签", "DSJ", "法人综合库索引"}, {"DSJ", "企业画像标签", "DSJ", "信用信息归集汇总"},
		{"DSJ", "惠民政策对象标签", "DSJ", "企业画像标签"}, {"DSJ", "惠民政策对象标签", "DSJ", "人口综合库索引"},
		{"ZWFW", "一件事联办办结信息", "ZWFW", "办件过程信息"}, {"FG", "公共信用综合评价结果", "DSJ", "信用信息归集汇总"},
	} {
		derived, source := first(edge[0], edge[1]), first(edge[2], edge[3])
		if derived != nil && source != nil {
			derived.derived = true
			if derived.dataset.share == "N" {
				derived.dataset.share, derived.dataset.basis = "C", ""
			}
			c.lineage = append(c.lineage, [2]*resource{derived, source})
		}
	}
}

// inventChanges draws changes of law or duty, some two a department and quarter, with the department's update and
// the authority's publication. The authority publishes late in the eighth month.
func (c *city) inventChanges() {
	d := c.dice("changes")
	for _, p := range c.departments {
		for i := range c.Months {
			if !p.in(c.month(i).first()) {
				continue
			}
			n := d.quota(c.Scale, 650)
			if p.id == "JY" && i == 9 {
				n = 3 * c.Scale // all fall due and are missed in the following month
			}
			for range n {
				c.changes = append(c.changes, c.newChange(d, p, i))
			}
		}
	}
}

func (c *city) newChange(d dice, p *department, i int) change {
	m := c.month(i)
	trigger := c.days.deskMoment(d, m)
	if p.id == "JY" && i == 9 {
		trigger = officeHours(d, c.days.due(m.first()+19, 1)) // ten working days later is the next month
	}
	e := change{item: pick(d, p.datasets), trigger: trigger}
	due := c.days.due(trigger.day(), 10)
	if d.chance(100) {
		e.extension, e.extended = 5, officeHours(d, c.days.due(trigger.day(), 6))
		due = c.days.due(trigger.day(), 15)
	}
	if due == unknown {
		return e
	}
	if d.chance(p.profile.lateCatalogue.at(int(due.month() - c.start))) {
		e.updated = officeHours(d, c.days.due(due, d.between(1, 12)))
	} else {
		e.updated = officeHours(d, c.days.due(trigger.day(), d.between(1, 9)))
	}
	e.received = e.updated + instant(d.between(5, 50)*minute)
	if d.chance(400) {
		e.received = officeHours(d, c.days.due(e.updated.day(), 1))
	}
	limit := d.between(1, 2)
	if int(e.received.month()-c.start) == 7 {
		limit = d.between(3, 6)
	}
	e.published = officeHours(d, c.days.due(e.received.day(), limit))
	return e
}

func (c *city) writeCatalogue(s *sink) {
	t := s.table("dataset", "dataset_id", "department_id", "title", "share_attribute", "open_attribute", "legal_basis", "cadence", "cadence_text", "data_kind", "classification", "published_at", "retired_at")
	for i, item := range c.datasets {
		iso, text := item.cadence.iso(), item.cadence.text()
		if item.cadence == "I" && i%3 == 0 {
			iso = "" // some catalogues do not say
		}
		t.row(item.id, item.department.id, item.title, item.share, item.open, item.basis, iso, text, item.kind, item.level, c.known(item.published), c.known(item.retired))
	}
	t.close()
	c.writeResources(s)
	t = s.table("lineage", "derived_resource_id", "source_resource_id")
	for _, edge := range c.lineage {
		t.row(edge[0].id, edge[1].id)
	}
	t.close()
	t = s.table("dataset_change", "change_id", "dataset_id", "department_id", "trigger_at", "updated_at", "extension_approved_at", "extension_days", "received_at", "published_at")
	for i, e := range c.changes {
		t.row("GX-"+pad(i+1, 4), e.item.id, e.item.department.id, e.trigger.String(), c.known(e.updated), c.known(e.extended), optional(e.extension), c.known(e.received), c.known(e.published))
	}
	t.close()
}

func (c *city) writeResources(s *sink) {
	d := c.dice("resources")
	t := s.table("resource", "resource_id", "dataset_id", "department_id", "title", "mounted_at", "retired_at", "protocol", "protocol_is_standard", "metadata_complete", "formats", "bytes", "rows", "views", "downloads", "system_id", "url")
	for _, r := range c.resources {
		views, downloads := d.spread(1, 4), 0
		if r.inUse {
			downloads = views / d.between(4, 30)
		}
		t.row(r.id, r.dataset.id, r.dataset.department.id, r.title, c.known(r.mounted), c.known(r.retired), r.protocol, yes(r.standard), yes(r.complete), r.formats,
			itoa(r.bytes), itoa(r.rows), itoa(views), itoa(downloads), r.system, "https://data.qinglan.example/resource/"+r.id)
	}
	t.close()
	t = s.table("resource_entity_key", "resource_id", "entity", "eligible", "has_standard_key")
	for _, p := range c.departments {
		for _, r := range p.resources {
			for _, e := range []struct{ letter, name string }{{"P", "person"}, {"O", "object"}, {"T", "time"}, {"S", "space"}} {
				eligible := strings.Contains(r.dataset.entities, e.letter)
				t.row(r.id, e.name, yes(eligible), yes(eligible && d.chance(p.profile.keyed)))
			}
		}
	}
	t.close()
}
