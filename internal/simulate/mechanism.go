package simulate

// The eight items of the guarantee index, by article of 《政务数据共享条例》, and the two incentive rules.
var (
	mechanismItems = []string{"10", "11", "12-13", "18", "20", "26", "35", "38"}
	incentiveRules = []string{"数据共享先进通报", "数源贡献年度奖励"}
)

// missingItems are items that a department never put in force; staleItems were not exercised within twelve months.
var (
	missingItems = map[string][]int{"YQ": {3, 5, 7}, "HG": {4}}
	staleItems   = map[string][]int{"JT": {1, 6}}
)

func (c *city) writeMechanism(s *sink) {
	c.writeMechanisms(s)
	c.writeIncentives(s)
	c.writeCoordination(s)
	c.writeStaff(s)
	c.writeReleases(s)
	c.writeIncidents(s)
}

func has(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}

// writeMechanisms exercises every item once a quarter; a record is written for each exercise.
func (c *city) writeMechanisms(s *sink) {
	d := c.dice("mechanisms")
	t := s.table("mechanism", "mechanism_id", "department_id", "item_code", "in_force_from", "in_force_to", "exercised_at")
	number := 0
	for _, p := range c.departments {
		for n, item := range mechanismItems {
			if has(missingItems[p.id], n) {
				continue
			}
			inForce := (c.start - month(d.between(13, 30))).first() + day(d.n(25))
			for i := -3; i < c.Months; i += 3 {
				at := c.days.deskMoment(d, c.month(i+n%3))
				if !c.happened(at) || !p.in(at.day()) || has(staleItems[p.id], n) && i >= 0 {
					continue
				}
				number++
				until := ""
				if p.to != 0 {
					until = p.to.String()
				}
				t.row("JZ-"+pad(number, 5), p.id, item, inForce.String(), until, at.String())
			}
		}
	}
	t.close()
}

// writeIncentives makes an incentive due for each department every third month; 发展和改革委员会 grants one of four.
func (c *city) writeIncentives(s *sink) {
	d := c.dice("incentives")
	t := s.table("incentive", "incentive_id", "department_id", "rule", "due_at", "granted_at")
	number := 0
	for i := range c.Months {
		for n, p := range c.departments {
			if (i+n)%3 != 0 || !p.in(c.month(i+1).first()-1) {
				continue
			}
			number++
			due := c.days.deskMoment(d, c.month(i))
			granted := due - instant(d.between(1, 20)*secondsPerDay)
			if p.id == "FG" && (i/3)%4 != 0 || p.id != "FG" && d.chance(60) {
				granted = 0
			}
			t.row("JL-"+pad(number, 4), p.id, incentiveRules[i%2], due.String(), c.known(granted))
		}
	}
	t.close()
}

// writeCoordination gives the data bureau three matters due in each month. In the tenth month it closes one of
// three in time, otherwise nearly all.
func (c *city) writeCoordination(s *sink) {
	d := c.dice("coordination")
	t := s.table("coordination", "coordination_id", "bureau_id", "department_id", "subject", "opened_at", "due_at", "closed_at")
	number := 0
	for i := range c.Months {
		for k := range 3 {
			number++
			due := c.days.deskMoment(d, c.month(i)).day()
			opened := officeHours(d, c.days.due(due-day(d.between(20, 40)), 1))
			closed := officeHours(d, c.days.due(due-day(d.between(4, 12)), 1))
			if closed.day() > due || closed <= opened {
				closed = opened + hour
			}
			if i == 9 && k > 0 || i != 9 && d.chance(30) {
				closed = officeHours(d, c.days.due(due, d.between(2, 20)))
			}
			t.row("TC-"+pad(number, 4), "DSJ", pick(d, c.departments).id, []string{"source", "dispute", "rectification"}[k], opened.String(), due.at(18, 0, 0).String(), c.known(closed))
		}
	}
	t.close()
}

// team is the number of people in data posts, how many of them are qualified, and how many left in the last year.
type team struct{ posts, qualified, left int }

var teams = map[string]team{"DSJ": {10, 9, 0}, "YQ": {6, 2, 3}, "SCJG": {8, 7, 1}, "LS": {2, 1, 0}}

func (c *city) writeStaff(s *sink) {
	d := c.dice("staff")
	t := s.table("staff", "staff_id", "department_id", "post", "is_data_post", "is_qualified", "joined_on", "left_on")
	posts := []string{"数据目录管理", "数据质量管理", "数据安全管理", "数据分析"}
	for _, p := range c.departments {
		size, ok := teams[p.id]
		if !ok {
			size = team{posts: d.between(3, 6), left: d.n(2)}
			size.qualified = size.posts * d.between(60, 90) / 100
		}
		number := 0
		row := func(post string, dataPost, qualified bool, left day) {
			number++
			joined := (c.start - month(d.between(14, 60))).first() + day(d.n(28))
			t.row(personKey("staff"+p.id, number), p.id, post, yes(dataPost), yes(qualified), joined.String(), left.String())
		}
		until := p.to
		for k := range size.posts {
			row(posts[k%len(posts)], true, k < size.qualified, until)
		}
		for k := range size.left {
			// They left within the last ten months.
			row(posts[k%len(posts)], true, true, c.month(max(c.Months-4-k*2, 0)).first()+day(d.n(25)))
		}
		for range 2 {
			row("综合文秘", false, false, until)
		}
	}
	t.close()
}

// releaseGap is the number of months between releases of a department's systems.
func releaseGap(id string) int {
	switch id {
	case "ZRZY":
		return 0 // nothing since 30 months before the city's first month
	case "DSJ":
		return 2
	case "STHJ", "YQ":
		return 14
	}
	return 6
}

func (c *city) writeReleases(s *sink) {
	d := c.dice("releases")
	t := s.table("system_release", "release_id", "system_id", "department_id", "kind", "version", "released_at")
	number := 0
	row := func(p *department, system, version int, m month) {
		at := c.days.deskMoment(d, m)
		if !c.happened(at) || !p.in(at.day()) {
			return
		}
		number++
		t.row("FB-"+pad(number, 4), p.id+"-SYS"+itoa(system), p.id, []string{"system", "tool", "algorithm"}[system-1], "V"+itoa(version/3+1)+"."+itoa(version%3), at.String())
	}
	for n, p := range c.departments {
		gap := releaseGap(p.id)
		for system := 1; system <= 3; system++ {
			row(p, system, 0, c.start-30)
			for i, version := n%6+system-8, 1; gap > 0 && i < c.Months; i, version = i+gap, version+1 {
				row(p, system, version, c.month(i))
			}
		}
	}
	t.close()
}

// writeIncidents records one leak, of 交通运输局 in the fourteenth month, and an incident without a leak now and then.
func (c *city) writeIncidents(s *sink) {
	d := c.dice("incidents")
	t := s.table("security_incident", "incident_id", "department_id", "is_leak", "confirmed_at", "note")
	number := 0
	row := func(p string, leak bool, i int, note string) {
		if i < c.Months {
			number++
			t.row("AQ-"+pad(number, 3), p, yes(leak), c.days.deskMoment(d, c.month(i)).String(), note)
		}
	}
	for i := range c.Months {
		switch {
		case i == 13:
			row("JT", true, i, "外包人员导出营运车辆信息")
		case i == c.Months-1 || i%5 == 2:
			row(pick(d, []string{"WJ", "RS", "ZJ", "GA"}), false, i, "接口密钥泄露，已更换，未造成数据泄露")
		}
	}
	t.close()
}
