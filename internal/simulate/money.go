package simulate

import "time"

// purse is a department's data money: yearly amount in yuan, the share of it that is spent by the year's end, and
// what it is spent on, in permille of spendCategories.
type purse struct {
	yearly   int
	executed int
	mix      []int
}

var spendCategories = []string{"hardware", "software", "tool", "data_service", "operation", "maintenance", "other"}

// Months over which capital spending serves.
var serviceLife = map[string]int{"hardware": 60, "software": 36, "tool": 36}

var (
	usualMix = []int{240, 150, 60, 120, 250, 150, 30}
	purses   = map[string]purse{
		"YQ":  {14_400_000, 880, []int{700, 80, 10, 30, 60, 100, 20}},
		"DSJ": {12_800_000, 985, []int{160, 160, 40, 80, 430, 110, 20}},
		"FG":  {3_600_000, 450, usualMix},
		"HG":  {1_500_000, 970, usualMix},
		"CZ":  {2_500_000, 1000, usualMix},
	}
)

// paidByMonth is the share of the year's spending that is paid by the end of each month.
var paidByMonth = [12]int{40, 100, 190, 300, 370, 450, 550, 640, 740, 830, 920, 1000}

func (c *city) purseOf(d dice, p *department) purse {
	if own, ok := purses[p.id]; ok {
		return own
	}
	hardware, operation := d.between(180, 320), d.between(170, 290)
	mix := []int{hardware, 150, 60, 120, operation, 640 - hardware - operation, 30}
	return purse{d.between(12, 48) * 100_000, d.between(880, 1000), mix}
}

// project is 1 for operation and services, 2 for building.
func project(category int) int {
	if category < 3 {
		return 2
	}
	return 1
}

var projectTitles = map[int]string{1: "公共数据运营与维护", 2: "数据平台建设"}

// ledger keeps what was budgeted and paid, for the truths: fen by department, year and month number.
type ledger struct {
	budget map[string]map[int]int
	paid   map[string]map[int][13]int
}

func (c *city) writeMoney(s *sink) {
	d := c.dice("money")
	c.ledger = ledger{map[string]map[int]int{}, map[string]map[int][13]int{}}
	budgets := s.table("budget", "budget_id", "department_id", "project_id", "project_title", "fiscal_year", "initial_amount", "annual_amount", "carried_over")
	spends := s.table("spend", "spend_id", "department_id", "project_id", "fiscal_year", "category", "amount", "service_life_months", "paid_at")
	number := 0
	for i, p := range c.departments {
		purse := c.purseOf(d, p)
		if c.Hostile && i == 0 {
			purse.yearly = hostileBudget
		}
		c.ledger.budget[p.id], c.ledger.paid[p.id] = map[int]int{}, map[int][13]int{}
		for year := c.start.year(); year <= c.extract.month().year() && p.in(dayOf(year, time.January, 1)); year++ {
			if dayOf(year, time.January, 1).start() >= c.extract {
				break
			}
			amounts := c.budget(d, budgets, p, purse, year)
			number = c.spend(d, spends, p, purse, year, amounts, number)
		}
	}
	budgets.close()
	spends.close()
	c.writeTargets(s)
	c.writeAssessments(s)
	c.writeSurveys(s)
}

// budget writes the two projects of a year and returns the amount of each category in fen.
func (c *city) budget(d dice, t *table, p *department, purse purse, year int) []int {
	amounts, totals := make([]int, len(spendCategories)), map[int]int{}
	for k := range spendCategories {
		amounts[k] = purse.yearly / 1000 * purse.mix[k] * 100
		totals[project(k)] += amounts[k]
	}
	for n := 1; n <= 2; n++ {
		initial := totals[n] / 100 * d.between(90, 104)
		carried := totals[n] / 100 * d.n(6)
		t.row("YS-"+itoa(year)+"-"+p.id+"-"+itoa(n), p.id, p.id+"-P"+itoa(n), projectTitles[n], itoa(year), money(initial), money(totals[n]), money(carried))
		c.ledger.budget[p.id][year] += totals[n]
	}
	return amounts
}

// spend pays each category up to its share of the year by the end of each month.
func (c *city) spend(d dice, t *table, p *department, purse purse, year int, amounts []int, number int) int {
	var paid [13]int
	for m := 1; m <= 12; m++ {
		paid[m] = paid[m-1]
		in := month(year*12 + m - 1)
		if in.first().start() >= c.extract {
			continue
		}
		for k, category := range spendCategories {
			before := 0
			if m > 1 {
				before = paidByMonth[m-2]
			}
			amount := amounts[k]/1000*purse.executed/1000*paidByMonth[m-1] - amounts[k]/1000*purse.executed/1000*before
			if amount == 0 {
				continue
			}
			number++
			paid[m] += amount
			t.row("ZF-"+pad(number, 5), p.id, p.id+"-P"+itoa(project(k)), itoa(year), category, money(amount), optional(serviceLife[category]), c.days.deskMoment(d, in).String())
		}
	}
	c.ledger.paid[p.id][year] = paid
	return number
}

// writeSurveys sends a rating form with every delivery; three of five come back.
func (c *city) writeSurveys(s *sink) {
	d := c.dice("surveys")
	t := s.table("survey", "survey_id", "department_id", "rater_id", "request_id", "sent_at", "rated_at", "score", "max_score")
	number := 0
	for _, q := range c.requests {
		sent := q.delivered + instant(d.between(1, 4)*hour)
		if q.delivered == 0 || q.delivered < c.opening.start() || !c.happened(sent) {
			continue
		}
		number++
		rated, score := "", ""
		if at := sent + instant(d.between(1, 12)*secondsPerDay); d.chance(620) && c.happened(at) {
			rated = at.String()
			points := min(q.provider.profile.satisfied/10+d.between(-9, 6), 100)
			score = money(points * 10)
		}
		t.row("PJ-"+pad(number, 4), q.provider.id, q.requester.id, q.id, sent.String(), rated, score, "10.00")
	}
	t.close()
}

// writeAssessments assesses every department's first project each March for the year before; in the first and last
// month some further projects follow. 发展和改革委员会 never records the action that its grade requires.
func (c *city) writeAssessments(s *sink) {
	d := c.dice("assessments")
	t := s.table("assessment", "assessment_id", "department_id", "project_id", "fiscal_year", "grade", "assessed_at", "requires_action", "action", "action_recorded_at")
	number := 0
	row := func(p *department, projectNumber int, in month, grade string) {
		number++
		at := c.days.deskMoment(d, in)
		requires := grade == "fair" || grade == "poor"
		action, recorded := "", instant(0)
		if requires && p.id != "FG" {
			action, recorded = map[string]string{"fair": "压缩下年度同类支出并限期整改", "poor": "暂停安排下年度预算"}[grade], officeHours(d, c.days.due(at.day(), d.between(2, 15)))
		}
		if !c.happened(recorded) {
			action, recorded = "", 0
		}
		t.row("PG-"+pad(number, 4), p.id, p.id+"-P"+itoa(projectNumber), itoa(in.year()-1), grade, at.String(), yes(requires), action, recorded.String())
	}
	for i := range c.Months {
		in := c.month(i)
		for n, p := range c.departments {
			grade := []string{"excellent", "good", "good", "fair"}[(n+in.year())%4]
			switch p.id {
			case "YQ":
				grade = "poor"
			case "FG":
				grade = "fair"
			case "SCJG":
				grade = "excellent"
			}
			switch {
			case !p.in((in + 1).first()):
			case in.number() == 3:
				row(p, 1, in, grade)
			case i == 0 || i == c.Months-1 && n%6 == 1:
				row(p, 2, in, grade)
			}
		}
	}
	t.close()
}
