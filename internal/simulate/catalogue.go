package simulate

// dataset is an item of the catalogue.
type dataset struct {
	id           string
	department   *department
	title        string
	share        string // U, C or N
	open, basis  string
	cadence      cadence
	kind         string
	level        string
	published    instant
	retired      instant
	personal     bool
	entities     string
	resources    []*resource
	requestedOwn bool // somebody asked for it before a resource was mounted
}

// resource is what can be called, exchanged or downloaded.
type resource struct {
	id        string
	dataset   *dataset
	title     string
	mounted   instant
	retired   instant
	standard  bool
	complete  bool
	formats   string
	protocol  string
	bytes     int
	rows      int
	system    string
	number    int // position in the city
	inUse     bool
	shared    bool
	abandoned instant // from then on nothing is loaded any more; 0 for never
	derived   bool    // made from other resources
	fresh     bool    // newly mounted within the city's time
	updates   []update
	slots     []slot
	uses      []*relation
}

// live tells whether the resource is mounted at a moment.
func (r *resource) live(at instant) bool {
	return r.mounted < at && (r.retired == 0 || r.retired >= at)
}

func (r *resource) shareable() bool { return r.dataset.share != "N" }

func (c *city) inventCatalogue() {
	d := c.dice("catalogue")
	all := subjects()
	for i, n := range c.shares() {
		p := c.departments[i]
		own := all[p.id]
		if own == nil {
			own = all["*"]
		}
		c.inventDatasets(d, p, own, n)
	}
	c.inventLineage()
	c.chooseUsed()
}

// shares divides the resources among the departments by weight, largest remainders first.
func (c *city) shares() []int {
	total := 0
	for _, d := range c.departments {
		total += d.profile.resources
	}
	counts, given := make([]int, len(c.departments)), 0
	for i, d := range c.departments {
		counts[i] = c.Resources * d.profile.resources / total
		given += counts[i]
	}
	for i := 0; given < c.Resources; i, given = (i+1)%len(counts), given+1 {
		counts[i]++
	}
	return counts
}

// inventDatasets gives a department its resources: old ones under some three quarters as many datasets, new ones
// under datasets of their own, and datasets that were never mounted.
func (c *city) inventDatasets(d dice, p *department, own []subject, resources int) {
	fresh := min(p.profile.newResources, resources/2)
	old := resources - fresh
	items := (old*3 + 3) / 4
	titles := 0
	next := func() *dataset {
		s := own[titles%len(own)]
		item := c.newDataset(d, p, s, qualifier(titles/len(own)))
		titles++
		return item
	}
	for range items {
		item := next()
		item.published = c.pastMoment(d)
		c.mount(d, item, item.published, false)
	}
	for i := range old - items {
		item := p.datasets[i%items]
		k := 1
		if item.cadence.regular() {
			k = 1 + d.n(3)
		}
		mounted := item.cadence.after(item.published, k)
		if !item.cadence.regular() || mounted >= (c.start-15).first().start() {
			mounted = item.published
		}
		c.mount(d, item, mounted, false)
	}
	for i := range fresh {
		c.newlyMounted(d, next(), i, fresh)
	}
	mountedItems := len(p.datasets)
	for range mountedItems*(1000-p.profile.mounted)/p.profile.mounted + d.n(2) {
		item := next()
		item.published = c.pastMoment(d)
		if item.share == "N" && p.profile.mounted < 600 {
			item.share, item.basis = "C", ""
		}
	}
}

func qualifier(n int) string {
	if n < len(qualifiers) {
		return qualifiers[n]
	}
	return "（第" + itoa(n-len(qualifiers)+2) + "批）"
}

func (c *city) newDataset(d dice, p *department, s subject, suffix string) *dataset {
	item := &dataset{
		id: p.id + "-D" + pad(len(p.datasets)+1, 3), department: p, title: s.title + suffix, cadence: s.cadence, kind: s.kind,
		personal: s.personal, entities: s.entities, share: "C", level: "一般数据/L2",
	}
	switch {
	case !s.personal && d.chance(620), s.personal && d.chance(240):
		item.share = "U"
	case d.chance(110):
		item.share = "N"
		if d.chance(850) {
			item.basis = "法律法规明确规定不予共享（条款见目录说明）"
		}
	}
	switch {
	case suffix == "（历史库）":
		item.cadence = "S"
	case suffix == "（归档）", suffix == "（抽样库）":
		item.cadence = "I"
	}
	if s.personal {
		item.level, item.open = "敏感数据/L3", "closed"
	} else {
		item.open = []string{"unconditional", "conditional", "closed"}[d.weighted([]int{5, 3, 2})]
		if item.open == "unconditional" {
			item.level = "公开数据/L1"
		}
	}
	p.datasets = append(p.datasets, item)
	c.datasets = append(c.datasets, item)
	return item
}

// pastMoment is a moment at the desk, on one of the days 1-28, so long before the city's first month that requests
// and use can follow it; working days are known from 2022.
func (c *city) pastMoment(d dice) instant {
	first, last := max(c.start-38, month(2022*12)), c.start-16
	m := first + month(d.n(int(last-first)+1))
	return officeHours(d, c.days.due(m.first()+day(d.n(18)), 1))
}

// newlyMounted mounts the i-th of n new resources at a moment within the city's time. Where somebody asked for it
// before, the catalogue item is 40 days older than the resource and has no period of updates.
func (c *city) newlyMounted(d dice, item *dataset, i, n int) {
	m := c.month(min(1+i*max(c.Months-5, 1)/max(n, 1), c.Months-1))
	at := officeHours(d, c.days.due(m.first()+day(d.n(18)), 1))
	item.published = at
	item.share, item.basis = "U", ""
	if d.chance(item.department.profile.askedFirst) {
		item.cadence, item.requestedOwn = "I", true
		item.published = at - 40*secondsPerDay
	}
	c.mount(d, item, at, true)
}

func (c *city) mount(d dice, item *dataset, at instant, fresh bool) {
	p := item.department
	r := &resource{
		id: p.id + "-R" + pad(len(p.resources)+1, 3), dataset: item, title: item.title, mounted: at, fresh: fresh,
		number: len(c.resources), complete: !d.chance(40), standard: d.chance(p.profile.standard),
		rows: d.spread(3, 7), system: p.id + "-SYS" + itoa(1+len(p.resources)%3),
	}
	switch item.cadence {
	case "D", "W":
		r.formats, r.protocol = "JSON", "REST"
	default:
		r.formats, r.protocol = pick(d, []string{"CSV", "XLSX", "JSON"}), "REST"
	}
	if !r.standard {
		r.protocol = pick(d, []string{"FTP", "SOAP 1.1", "数据库直连"})
	}
	width := d.between(60, 420)
	if item.kind == "时空" {
		r.formats, width = pick(d, []string{"SHP", "GeoTIFF", "GeoJSON"}), d.between(2000, 9000)
		if p.id == "ZRZY" {
			width *= 40 // imagery and models
		}
	}
	r.bytes = r.rows * width
	if n := len(item.resources); n > 0 {
		r.title += []string{"（接口）", "（库表）", "（文件）"}[(n-1)%3]
	}
	item.resources = append(item.resources, r)
	p.resources = append(p.resources, r)
	c.resources = append(c.resources, r)
}

// chooseUsed decides which resources others use at all. In ZRZY nothing of 时空 is ever used by others, everything
// else is; elsewhere the share of the plan is drawn.
func (c *city) chooseUsed() {
	d := c.dice("used")
	for _, p := range c.departments {
		var old []*resource
		for _, r := range p.resources {
			switch {
			case !r.shareable() || p.id == "ZRZY" && r.dataset.kind == "时空":
			case r.fresh, r.derived:
				r.inUse, r.shared = true, r.derived
			default:
				old = append(old, r)
			}
		}
		shuffle(d, old)
		used := (len(old)*p.profile.active + 500) / 1000
		sharedCount := (used*p.profile.shared + 500) / 1000
		for i, r := range old[:used] {
			r.inUse, r.shared = true, i < sharedCount
		}
		for i, r := range p.resources {
			r.shared = r.shared || r.fresh && i%2 == 0
		}
		c.retire(d, p, old[used:])
	}
}

// retire takes one in twelve of the unused old resources off the platform, and at the merger nearly all of the
// department that ceases.
func (c *city) retire(d dice, p *department, unused []*resource) {
	for _, r := range unused {
		if p.id != "ZRZY" && d.chance(80) {
			r.retired = c.days.deskMoment(d, c.month(d.between(2, max(c.Months-1, 2))))
		}
	}
	if p.to == 0 {
		return
	}
	for i, r := range p.resources {
		if i >= 2 {
			r.retired = p.to.start() - hour
		}
	}
	for _, item := range p.datasets {
		kept := false
		for _, r := range item.resources {
			kept = kept || r.retired == 0
		}
		if !kept {
			item.retired = p.to.start()
		}
	}
}
