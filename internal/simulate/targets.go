package simulate

// aim is a performance target that every department has each year.
type aim struct {
	level1, level2, title, rule, unit string
	base, weight                      int
	counted                           bool // grows over the year; others are known from October on
}

var aims = []aim{
	{"产出指标", "数量指标", "共享数据有效调用量", "positive", "万次", 120, 15, true},
	{"产出指标", "数量指标", "新增和更新数据集", "positive", "个", 60, 15, true},
	{"产出指标", "质量指标", "质量问题整改数据集", "positive", "个", 40, 15, true},
	{"产出指标", "成本指标", "单次有效共享成本", "reverse", "元", 300, 10, false},
	{"效益指标", "社会效益指标", "数据支撑办件量", "positive", "百件", 90, 15, true},
	{"效益指标", "可持续影响指标", "数据岗位培训", "equal", "次", 6, 5, true},
	{"效益指标", "社会效益指标", "数据应用成效", "qualitative", "", 0, 10, false},
	{"满意度指标", "服务对象满意度指标", "需求部门满意度", "positive", "%", 80, 5, false},
}

var reportingMonths = []int{4, 6, 8, 10, 12}

// attainment is the share in permille of its targets that a department reaches by the end of a year.
func attainment(d dice, id string) int {
	switch id {
	case "SCJG":
		return 1080
	case "YQ":
		return 520
	case "FG":
		return 1130 // progress far ahead of the money
	}
	return d.between(930, 1120)
}

// writeTargets writes targets and their reported progress. In the first year every department has the same targets
// whatever its starting point (一刀切); from the second year on they follow the baseline of its class.
func (c *city) writeTargets(s *sink) {
	d := c.dice("targets")
	t := s.table("kpi_target", "kpi_id", "department_id", "project_id", "fiscal_year", "level1", "level2", "title", "rule", "unit", "data_kind", "baseline", "target", "weight")
	progress := s.table("kpi_progress", "kpi_id", "reported_at", "actual", "qualitative_score", "deviation_reason")
	for _, p := range c.departments {
		for year := c.start.year(); year <= c.extract.month().year(); year++ {
			january := month(year * 12).first()
			if !p.in(january) || january.start() >= c.extract {
				continue
			}
			reached := attainment(d, p.id)
			for n, a := range aims {
				id := "JX-" + itoa(year) + "-" + p.id + "-" + itoa(n+1)
				baseline := a.base * (600 + 70*c.classNumber(p)) // thousandths
				target := a.base * 1000
				if year > c.start.year() {
					target = baseline * 108 / 100
				}
				if a.rule == "equal" {
					target = target / 1000 * 1000
				}
				written := []string{money(baseline / 10), money(target / 10)}
				if a.rule == "qualitative" {
					written = []string{"", ""}
				}
				t.row(id, p.id, p.id+"-P1", itoa(year), a.level1, a.level2, a.title, a.rule, a.unit, p.mainKind(), written[0], written[1], money(a.weight*100))
				c.report(d, progress, id, a, year, target, reached)
			}
		}
	}
	t.close()
	progress.close()
}

func (c *city) report(d dice, t *table, id string, a aim, year, target, reached int) {
	for _, m := range reportingMonths {
		in := month(year*12 + m - 1)
		if in.first().start() >= c.extract || !a.counted && m < 10 {
			continue
		}
		at := officeHours(d, c.days.byCount[c.days.count((in+1).first()-1)-1])
		actual, score, reason := "", "", ""
		switch {
		case a.rule == "qualitative":
			score = money(min(reached/10-d.between(8, 14), 100) * 100)
		case a.rule == "reverse":
			actual = money(target / 1000 * (2000 - reached) / 10)
		default:
			share := reached
			if a.counted {
				share = reached * paidByMonth[m-1] / 1000
				if reached == 1130 {
					share = min(reached, 350+paidByMonth[m-1]) // 发展和改革委员会
				}
			}
			value := target / 1000 * share
			if a.rule == "equal" {
				value = value / 1000 * 1000
			}
			actual = money(value / 10)
			if m == 12 && value < target {
				reason = "部分任务跨年度实施，次年一季度完成"
			}
		}
		t.row(id, at.String(), actual, score, reason)
	}
}

// mainKind is the kind of most of a department's datasets.
func (d *department) mainKind() string {
	counts := map[string]int{}
	best := ""
	for _, item := range d.datasets {
		counts[item.kind]++
		if counts[item.kind] > counts[best] {
			best = item.kind
		}
	}
	return best
}

// classNumber numbers the classes of departments in the order in which they appear.
func (c *city) classNumber(p *department) int {
	seen := map[string]int{}
	for _, q := range c.departments {
		if _, ok := seen[q.class]; !ok {
			seen[q.class] = len(seen)
		}
	}
	return seen[p.class]
}
