package simulate

import "slices"

var outsideSources = []struct{ name, kind string }{
	{"招聘网站岗位发布", "internet"}, {"地图平台拥堵指数", "internet"}, {"电商平台价格", "internet"}, {"网络舆情摘要", "internet"},
	{"水电燃气用户用量", "social"}, {"商业银行账户核对", "social"}, {"物流企业运单", "social"}, {"行业协会会员名录", "social"},
}

func (c *city) writeUse(s *sink) {
	c.bindScenarios()
	t := s.table("scenario", "scenario_id", "department_id", "title", "purpose", "needs_external_data", "approved_at", "ended_at")
	for _, sc := range c.scenarios {
		t.row(sc.id, sc.department.id, sc.title, sc.purpose, yes(sc.external), sc.approved.String(), c.known(sc.ended))
	}
	t.close()
	t = s.table("scenario_resource", "scenario_id", "resource_id", "source_kind", "bound_at", "unbound_at")
	for _, sc := range c.scenarios {
		for _, b := range sc.bound {
			id := b.outside
			if b.resource != nil {
				id = b.resource.id
			}
			t.row(sc.id, id, b.kind, b.from.String(), c.known(b.until))
		}
	}
	t.close()
	c.writeOperators(s)
	t = s.table("matter", "matter_id", "department_id", "matter_type", "handled_at")
	for _, m := range c.matters {
		t.row(m.id, m.department.id, m.kind, m.at.String())
	}
	t.close()
	c.writeCollections(s)
}

// bindScenarios binds to a scenario what its relations use, from the delivery on, and outside sources where they are
// needed: always in JT, never in WL, elsewhere in four of five.
func (c *city) bindScenarios() {
	d := c.dice("bindings")
	seen := map[string]int{}
	for _, rel := range c.relations {
		if rel.scenario == nil || rel.from == 0 || !c.happened(rel.request.delivered) {
			continue
		}
		key, from := rel.scenario.id+"/"+rel.resource.id, rel.request.delivered
		if at, ok := seen[key]; ok {
			b := &rel.scenario.bound[at]
			b.from = min(b.from, from)
			if b.until != 0 {
				b.until = laterEnd(b.until, rel.to)
			}
			continue
		}
		seen[key] = len(rel.scenario.bound)
		rel.scenario.bound = append(rel.scenario.bound, binding{resource: rel.resource, kind: "government", from: from, until: rel.to})
	}
	for i, sc := range c.scenarios {
		if !sc.external || sc.department.id == "WL" || sc.department.id != "JT" && d.chance(200) {
			continue
		}
		for k := range d.between(1, 2) {
			o := outsideSources[(i+k*3)%len(outsideSources)]
			sc.bound = append(sc.bound, binding{outside: o.name, kind: o.kind, from: sc.approved})
		}
	}
}

// laterEnd is the later of two ends, where 0 means no end.
func laterEnd(a, b instant) instant {
	if a == 0 || b == 0 {
		return 0
	}
	return max(a, b)
}

// duplicated is the scenario that two platforms serve by three operators.
const duplicated = "CJ-WL-1"

func (c *city) writeOperators(s *sink) {
	t := s.table("scenario_operator", "scenario_id", "platform", "operator", "valid_from", "valid_to")
	for _, sc := range c.scenarios {
		from := sc.approved.day().String()
		until := ""
		if sc.ended != 0 {
			until = sc.ended.day().String()
		}
		t.row(sc.id, "市一体化数据平台", "清澜数据运营有限公司", from, until)
		if sc.id == duplicated {
			t.row(sc.id, "望澜区智慧社区平台", "望澜区大数据中心", from, "")
			t.row(sc.id, "望澜区智慧社区平台", "望澜城投科技公司", c.opening.String(), "")
		}
	}
	t.close()
}

// collectedPerMonth is the number of items that 望澜区 collects each month; of them the planned share is already in
// the catalogue of others.
const collectedPerMonth = 10

func (c *city) writeCollections(s *sink) {
	d := c.dice("collections")
	t := s.table("data_collection", "collection_id", "department_id", "title", "same_dataset_id", "collected_at")
	number := 0
	row := func(p *department, i int, repeated bool) {
		number++
		title, same := "业务表单"+pad(number, 4), ""
		if repeated {
			item := c.sharedByOthers(d, p)
			title, same = item.title+"（再次填报）", item.id
		}
		t.row("CJX-"+pad(number, 4), p.id, title, same, c.days.deskMoment(d, c.month(i)).String())
	}
	for i := range c.Months {
		for _, p := range c.departments {
			if !p.in(c.month(i).first()) {
				continue
			}
			if p.id == "WL" {
				n := collectedPerMonth * c.Scale
				for k := range n {
					row(p, i, k < n*p.profile.collected/1000)
				}
				continue
			}
			for range d.between(1, 3) * c.Scale {
				row(p, i, d.chance(p.profile.collected))
			}
		}
	}
	t.close()
}

// sharedByOthers draws a mounted, shareable dataset of another department.
func (c *city) sharedByOthers(d dice, p *department) *dataset {
	items := slices.DeleteFunc(slices.Clone(c.datasets), func(item *dataset) bool {
		return item.department == p || item.share == "N" || len(item.resources) == 0 || item.retired != 0 || item.published >= c.opening.start()
	})
	return pick(d, items)
}
