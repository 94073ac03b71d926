package simulate

import (
	"bytes"
	"strconv"
)

var usageColumns = []string{"event_id", "occurred_at", "resource_id", "provider_id", "consumer_id", "scenario_id", "matter_id", "purpose", "authorization_id", "channel", "ok", "rows", "bytes",
	"duration_ms", "data_as_of", "person_key", "is_probe", "is_personal", "trace_complete"}

// redelivered is the number of rows at the end of the eleventh month that the platform hands over a second time with
// the twelfth: exact repetitions, as overlapping exports bring them.
const redelivered = 25

const redeliveryMonth = 10

// repeatedAtOnce is the number of rows that Options.Repeated holds back before it writes them again.
const repeatedAtOnce = 500

// writeUsage draws and writes one month of use after the other, and the days that departments declare as empty.
func (c *city) writeUsage(s *sink) {
	c.indexRelations()
	pulls := c.pullsByMonth(c.dice("pulls"))
	zero := s.table("zero_report", "department_id", "day")
	w := usageWriter{city: c, dice: c.dice("usage rows"), repeats: c.dice("repeated rows")}
	d := c.dice("usage")
	var carried []event
	for i := range c.Months {
		if w.table == nil || c.MonthlyParts {
			folder := ""
			if c.MonthlyParts {
				folder = c.month(i).String() + "/"
			}
			w.table = s.part(folder, "usage_event", usageColumns...)
		}
		list := c.eventsOf(d, i, pulls[i])
		c.writeZeroReports(zero, list, i)
		list = append(list, carried...)
		sortEvents(list)
		end := c.month(i + 1).first().start()
		cut := len(list)
		for cut > 0 && i < c.Months-1 && list[cut-1].recorded() >= end {
			cut--
		}
		carried = append([]event(nil), list[cut:]...)
		w.writeMonth(i, list[:cut])
		if c.MonthlyParts || i == c.Months-1 {
			w.table.close()
		}
	}
	zero.close()
}

func (c *city) indexRelations() {
	c.relationIndex = make(map[*relation]int, len(c.relations))
	for n, rel := range c.relations {
		c.relationIndex[rel] = n
	}
}

// writeZeroReports declares the days of a month on which a careful department took part in no exchange.
func (c *city) writeZeroReports(t *table, list []event, i int) {
	first := c.month(i).first()
	seen := map[string]bool{}
	mark := func(p *department, at instant) { seen[p.id+"/"+itoa(at.day()-first)] = true }
	for _, e := range list {
		switch e.kind {
		case own, probe:
			mark(c.resources[e.of].dataset.department, e.at)
		default:
			rel := c.relations[e.of]
			mark(rel.consumer, e.at)
			mark(c.providerOf(rel.resource, e.at), e.at)
		}
	}
	for _, p := range c.departments {
		for on := first; on < (c.month(i + 1)).first(); on++ {
			if p.profile.idleDays && p.in(on) && !seen[p.id+"/"+itoa(on-first)] {
				t.row(p.id, on.String())
			}
		}
	}
}

// providerOf is the department that the platform writes for a resource: after a merger the successor.
func (c *city) providerOf(r *resource, at instant) *department {
	p := r.dataset.department
	if p.successor != nil && !p.in(at.day()) {
		return p.successor
	}
	return p
}

type usageWriter struct {
	city  *city
	dice  dice
	table *table
	line  []byte
	kept  [][]byte // rows that will be delivered once more

	repeats  dice
	again    []byte // rows to repeat
	repeated int    // their number
}

func (w *usageWriter) writeMonth(i int, list []event) {
	for _, line := range w.kept {
		w.table.line(line)
	}
	w.kept = nil
	prefix := "E" + w.city.month(i).compact() + "-"
	for n, e := range list {
		w.line = append(w.line[:0], prefix...)
		w.line = appendPadded(w.line, n+1, 5)
		w.format(e)
		w.table.line(w.line)
		if w.city.Repeated > 0 && w.repeats.chance(w.city.Repeated) {
			w.again = append(w.again, w.line...)
			w.repeated++
		}
		if w.repeated == repeatedAtOnce || n == len(list)-1 {
			w.repeat()
		}
		if i == redeliveryMonth && len(list)-n <= redelivered && i < w.city.Months-1 {
			w.city.repeated++
			w.kept = append(w.kept, append([]byte(nil), w.line...))
		}
	}
}

// repeat writes the rows once more that were chosen for it.
func (w *usageWriter) repeat() {
	for line := range bytes.Lines(w.again) {
		w.table.line(line)
	}
	w.city.repeated += w.repeated
	w.again, w.repeated = w.again[:0], 0
}

func appendPadded(b []byte, n, width int) []byte {
	for limit := 10; width > 1; width-- {
		if n < limit {
			for range width - 1 {
				b = append(b, '0')
			}
			break
		}
		limit *= 10
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// use is what a row says beyond who used what.
type use struct {
	resource             *resource
	consumer             *department
	scenario, matter     string
	purpose, authority   string
	channel, person      string
	ok, unknown          bool // unknown: the half with the answer never arrived
	rows                 int
	asOf                 instant
	isProbe, isCompleted bool
}

func (w *usageWriter) format(e event) {
	u := w.draw(e)
	b := w.line
	text := func(s string) { b = append(append(b, ','), s...) }
	number := func(n int) { b = strconv.AppendInt(append(b, ','), int64(n), 10) }
	b = e.at.append(append(b, ','))
	text(u.resource.id)
	text(w.city.providerOf(u.resource, e.at).id)
	text(u.consumer.id)
	text(u.scenario)
	text(u.matter)
	text(u.purpose)
	text(u.authority)
	text(u.channel)
	text(yes(u.ok))
	if u.unknown || !u.ok {
		b = append(b, ',', ',')
	} else {
		number(u.rows)
		number(u.rows * (u.resource.bytes / u.resource.rows))
	}
	if u.unknown {
		b = append(b, ',')
	} else {
		number(w.duration(u))
	}
	b = u.asOf.append(append(b, ','))
	text(u.person)
	text(yes(u.isProbe))
	text(yes(u.resource.dataset.personal))
	text(yes(u.isCompleted))
	w.line = append(b, '\n')
}

func (w *usageWriter) duration(u use) int {
	if u.channel == "api" {
		return w.dice.between(18, 420)
	}
	return 2000 + 10*w.dice.n(4000)
}
