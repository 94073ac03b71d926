package simulate

// scenario is a purpose for which a department may use data.
type scenario struct {
	id, title, purpose string
	department         *department
	external           bool
	sole               bool        // uses one source only
	source             *department // that source
	approved, ended    instant
	bound              []binding
}

// binding ties a resource, or a source outside government, to a scenario.
type binding struct {
	resource *resource
	outside  string // name of an internet or social source
	kind     string
	from     instant
	until    instant
}

// relation is a department's standing use of a resource in a scenario.
type relation struct {
	resource   *resource
	consumer   *department
	scenario   *scenario // nil where the platform did not record one
	channel    string
	request    *request
	authority  string // authorization identifier
	validTo    instant
	from, to   instant // first use, and the end of use; 0 for none
	weight     int
	subscribed bool
	passing    bool // a short use that follows one request
}

// during tells whether the relation is in use at some time of [from, to).
func (r *relation) during(from, to instant) bool {
	return r.from != 0 && r.from < to && (r.to == 0 || r.to > from)
}

func (c *city) inventScenarios() {
	d := c.dice("scenarios")
	for _, f := range cells(scenarioLines) {
		c.addScenario(d, c.byID[f[0]], f[1], f[2], f[3])
	}
	for _, p := range c.departments[minDepartments:] {
		c.addScenario(d, p, p.district+p.name+"业务核验", "业务资格核验", "")
		c.addScenario(d, p, p.district+p.name+"协同监管", "联合监管", "x")
	}
}

func (c *city) addScenario(d dice, p *department, title, purpose, needs string) {
	s := &scenario{
		id: "CJ-" + p.id + "-" + itoa(len(p.scenarios)+1), title: title, purpose: purpose, department: p, external: needs == "x", sole: needs == "1",
		approved: c.pastMoment(d),
	}
	if p.to != 0 {
		s.ended = p.to.start()
	}
	p.scenarios = append(p.scenarios, s)
	c.scenarios = append(c.scenarios, s)
}

// The sources of 望澜区人民政府: each of its scenarios uses one department only, so nothing is ever combined.
var soleSources = []string{"MZ", "RS"}

// allowed tells whether the plan lets a department use the data of another.
func allowed(provider, consumer *department) bool {
	switch {
	case provider == consumer, consumer.profile.demand == 0:
		return false
	case consumer.id == "WL":
		return provider.id == soleSources[0] || provider.id == soleSources[1]
	case provider.id == "YB" || consumer.id == "YB": // 医保 exchanges inside its own line only
		return provider.line == consumer.line
	case provider.id == "HG" || consumer.id == "HG": // 海关 never does
		return provider.line != consumer.line
	}
	return true
}

func (c *city) consumers(p *department, on instant) ([]*department, []int) {
	var list []*department
	var weights []int
	for _, q := range c.departments {
		if allowed(p, q) && q.in(on.day()) {
			list = append(list, q)
			weights = append(weights, q.profile.demand)
		}
	}
	return list, weights
}

// scenarioFor draws a scenario of the consumer; now and then the platform has none on record. Those of 望澜区 follow
// the source.
func (c *city) scenarioFor(d dice, r *resource, q *department) *scenario {
	if q.id == "WL" {
		if r.dataset.department.id == soleSources[0] {
			return q.scenarios[0]
		}
		return q.scenarios[1]
	}
	if d.chance(40) {
		return nil
	}
	var list []*scenario
	for _, s := range q.scenarios {
		if !s.sole || s.source == nil || s.source == r.dataset.department {
			list = append(list, s)
		}
	}
	s := pick(d, list)
	if s.sole {
		s.source = r.dataset.department
	}
	return s
}

// inventRelations gives every resource in use its consumers: one, or two to five where it is shared. The first ones
// began before the city's first month.
func (c *city) inventRelations() {
	d := c.dice("relations")
	for _, p := range c.departments {
		for _, r := range p.resources {
			if !r.inUse {
				continue
			}
			n := 1
			if r.shared {
				n = d.between(2, 5)
			}
			c.relate(d, r, n)
		}
	}
}

// firstInUse is the first resource of a department that others use; nil where there is none.
func (d *department) firstInUse() *resource {
	for _, r := range d.resources {
		if r.inUse && !r.fresh {
			return r
		}
	}
	return nil
}

func (c *city) relate(d dice, r *resource, n int) {
	p := r.dataset.department
	list, weights := c.consumers(p, max(c.opening.start(), r.mounted))
	for k := 0; k < n && len(list) > 0; k++ {
		at := d.weighted(weights)
		switch {
		case k > 0:
		case p.id == "GA":
			at = indexOf(list, c.byID["ZWFW"])
		case r == p.firstInUse() && (p.id == soleSources[0] || p.id == soleSources[1]):
			at = indexOf(list, c.byID["WL"])
		}
		q := list[at]
		list, weights = removed(list, at), removed(weights, at)
		rel := &relation{resource: r, consumer: q, scenario: c.scenarioFor(d, r, q), channel: channelOf(d, r), weight: pick(d, []int{1, 1, 1, 2, 2, 3, 5, 8})}
		if p.id == "GA" {
			rel.weight = 2
			if k == 0 {
				rel.weight = 8
			}
		}
		rel.subscribed = rel.channel == "batch" && (r.dataset.cadence == "M" || r.dataset.cadence == "W")
		before := k < 2 || d.chance(500)
		switch {
		case r.fresh:
			rel.from = officeHours(d, c.days.due(r.mounted.day(), p.profile.firstUse.draw(d)+k*9))
		case before:
			rel.from = c.opening.start() - instant(d.between(20, 300)*secondsPerDay)
		}
		rel.to = c.endOf(rel)
		c.relations = append(c.relations, rel)
		r.uses = append(r.uses, rel)
	}
}

// endOf is the moment at which a relation must end because a side or the resource ceases.
func (c *city) endOf(rel *relation) instant {
	end := rel.resource.retired
	if to := rel.consumer.to; to != 0 && (end == 0 || to.start() < end) {
		end = to.start()
	}
	return end
}

func channelOf(d dice, r *resource) string {
	weights := []int{5, 3, 2}
	if r.dataset.department.id == "STHJ" && (r.dataset.cadence == "M" || r.dataset.cadence == "W") {
		return "batch" // its subscribers show how slowly a version spreads
	}
	switch r.dataset.cadence {
	case "D":
		weights = []int{9, 1, 0}
	case "M":
		weights = []int{4, 4, 2}
	}
	if r.dataset.kind == "时空" {
		weights = []int{2, 3, 5}
	}
	return []string{"api", "batch", "file"}[d.weighted(weights)]
}

func indexOf[T comparable](list []T, wanted T) int {
	for i, item := range list {
		if item == wanted {
			return i
		}
	}
	return 0
}

func removed[T any](list []T, at int) []T {
	out := append([]T(nil), list[:at]...)
	return append(out, list[at+1:]...)
}
