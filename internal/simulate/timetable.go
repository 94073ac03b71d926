package simulate

// timetable draws moments of use within a month: mostly working days and office hours, batches at night.
type timetable struct {
	days    workdays
	first   day
	length  int
	manual  []int // weights of the days for people
	machine []int // weights of the days for machines
}

func newTimetable(c *city, m month) timetable {
	k := timetable{days: c.days, first: m.first(), length: int((m + 1).first() - m.first())}
	for i := range k.length {
		people, machines := 1, 6
		if c.days.working(k.first + day(i)) {
			people, machines = 10, 10
		}
		k.manual, k.machine = append(k.manual, people), append(k.machine, machines)
	}
	return k
}

func (k timetable) workday(d dice) day {
	from, to := k.days.count(k.first-1), k.days.count(k.first+day(k.length)-1)
	return k.days.byCount[from+d.n(to-from)]
}

func (k timetable) anyMoment(d dice) instant {
	return k.first.start() + instant(d.n(k.length*secondsPerDay))
}

// moment draws a use of a relation within [from, to).
func (k timetable) moment(d dice, rel *relation, from, to instant) instant {
	for range 12 {
		on := k.dayOf(d, rel)
		var at instant
		switch {
		case rel.channel == "batch":
			at = on.start() + instant(hour/2+d.n(5*hour))
		case rel.channel == "api" && d.chance(180):
			at = on.start() + instant(d.n(secondsPerDay))
		default:
			at = officeHours(d, on)
		}
		if at >= from && at < to {
			return at
		}
	}
	return from + instant(d.n(int(to-from)))
}

func (k timetable) dayOf(d dice, rel *relation) day {
	if d.chance(rel.consumer.profile.monthEnd) {
		return k.first + day(k.length-1-d.n(3))
	}
	weights := k.manual
	if rel.channel == "batch" {
		weights = k.machine
	}
	return k.first + day(d.weighted(weights))
}
