package simulate

// Shares of rows with something wrong or missing, in permille.
const (
	lostHalves    = 8
	skewedClocks  = 2
	withoutTrace  = 12
	withoutPermit = 6
	otherPurpose  = 6
	bySomebody    = 720 // calls with a person behind them
)

func (w *usageWriter) draw(e event) use {
	d, c := w.dice, w.city
	u := use{ok: true, isCompleted: !d.chance(withoutTrace)}
	switch e.kind {
	case probe:
		u.resource, u.consumer = c.resources[e.of], c.byID["DSJ"]
		u.channel, u.rows, u.isProbe, u.purpose = "api", 1, true, "连通性探测"
	case own:
		u.resource = c.resources[e.of]
		u.consumer = c.providerOf(u.resource, e.at)
		u.channel, u.rows, u.purpose = "api", d.between(1, 40), "本部门使用"
		u.person = pick(d, u.consumer.persons)
	default:
		w.drawRelation(e, &u)
	}
	u.asOf = u.resource.stateAt(e.at)
	if u.asOf != 0 && e.kind == ordinary && d.chance(skewedClocks) {
		u.asOf = e.at + instant(d.between(1, 9)*minute) // a clock that runs ahead
	}
	return u
}

func (w *usageWriter) drawRelation(e event, u *use) {
	d, rel := w.dice, w.city.relations[e.of]
	u.resource, u.consumer, u.channel, u.scenario = rel.resource, rel.consumer, rel.channel, idOf(rel.scenario)
	u.authority, u.purpose = rel.authority, "业务办理核验"
	if rel.scenario != nil {
		u.purpose = rel.scenario.purpose
	}
	if rel.channel != "batch" && d.chance(bySomebody) {
		u.person = pick(d, u.consumer.persons)
	}
	u.rows = 1 + w.volumeOf(rel)
	switch {
	case e.kind == forMatter:
		u.matter, u.channel, u.rows = w.city.matters[e.note].id, "api", d.between(1, 3)
	case e.kind != ordinary:
	case d.chance(rel.resource.dataset.department.profile.failing):
		u.ok = false
	case d.chance(lostHalves):
		u.unknown = true
	case d.chance(rel.resource.dataset.department.profile.empty):
		u.rows = 0
	}
	if e.kind == ordinary {
		if d.chance(withoutPermit) {
			u.authority = ""
		}
		if d.chance(otherPurpose) {
			u.purpose = "统计分析"
		}
	}
}

// volumeOf draws the rows of one use: a few by interface, a share of the resource by batch or file. The weather
// service is small and used whole.
func (w *usageWriter) volumeOf(rel *relation) int {
	d, r := w.dice, rel.resource
	if r.dataset.department.id == "QX" {
		return r.rows * d.between(4, 9) / 10
	}
	switch rel.channel {
	case "batch":
		return r.rows * d.between(2, 30) / 1000
	case "file":
		return r.rows * d.between(10, 60) / 1000
	}
	return d.n(3)
}
