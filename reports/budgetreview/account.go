package budgetreview

import (
	"weir/metrics/scoring"
	"weir/reports/document"
	"weir/reports/dossier"
)

// account is the money and the targets of one department in the fiscal year.
type account struct {
	department string
	projects   []project

	initial, annual, carried, spent float64
	hasInitial, hasCarried          bool

	progress document.Value // of the targets reported, weighted, %
	targets  int
	reported int
}

// project is one project with its targets and points.
type project struct {
	dossier.Project
	targets  []target
	progress document.Value // %
	reported int
	// execution are the points of 10 for spending; weights and points are those of the targets.
	execution             float64
	weights, points, done float64 // done: weights of the targets reported on
}

// target is one target with its points.
type target struct {
	dossier.Target
	points   float64
	fraction float64
	exceeded bool // 30 % above the target without a reason
	state    document.State
}

// unexplained reports whether the target is missed, as far as reported, and the department has not said why.
func (t target) unexplained() bool {
	return t.state == document.Measured && t.fraction < 1 && t.Reason == ""
}

// executionWeight is the weight of spending in a self-evaluation (财预〔2020〕10 号; read in a secondary source).
const executionWeight = 10

// exceededFactor asks for a reason, since the target may have been set too low.
const exceededFactor = 1.3

// open reads the accounts of all departments with a budget, in the order of the month.
func (b *builder) open() ([]account, error) {
	var list []account
	for _, department := range b.Departments() {
		a := account{department: department, progress: document.None(document.NotApplicable)}
		progress, weights := 0.0, 0.0
		for _, p := range b.Dossier.ProjectsOf(department) {
			x, err := b.project(p)
			if err != nil {
				return nil, err
			}
			a.projects = append(a.projects, x)
			a.annual, a.spent = a.annual+p.Annual, a.spent+p.Spent
			if p.Initial != nil {
				a.initial, a.hasInitial = a.initial+*p.Initial, true
			}
			if p.CarriedOver != nil {
				a.carried, a.hasCarried = a.carried+*p.CarriedOver, true
			}
			a.targets, a.reported = a.targets+len(x.targets), a.reported+x.reported
			for _, t := range x.targets {
				if t.state == document.Measured {
					progress, weights = progress+t.Weight*t.fraction, weights+t.Weight
				}
			}
		}
		if weights > 0 {
			a.progress = document.Num(100 * progress / weights)
		}
		if len(a.projects) > 0 {
			list = append(list, a)
		}
	}
	return list, nil
}

func (b *builder) project(p dossier.Project) (project, error) {
	x := project{Project: p, progress: document.None(document.NotApplicable)}
	var err error
	if p.Annual > 0 {
		if x.execution, err = (scoring.Rule{Kind: scoring.Positive, Target: p.Annual}).Points(p.Spent, executionWeight); err != nil {
			return x, err
		}
	}
	progress := 0.0
	for _, t := range b.Dossier.TargetsOf(p.Department, p.ID) {
		y, err := b.target(t)
		if err != nil {
			return x, err
		}
		x.targets = append(x.targets, y)
		x.weights += t.Weight
		x.points += y.points
		if y.state == document.Measured {
			x.reported++
			x.done += t.Weight
			progress += t.Weight * y.fraction
		}
	}
	if x.done > 0 {
		x.progress = document.Num(100 * progress / x.done)
	}
	return x, nil
}

func (b *builder) target(t dossier.Target) (target, error) {
	x := target{Target: t, state: document.Missing}
	actual := t.Actual
	rule := scoring.Rule{Kind: scoring.RuleKind(t.Rule)}
	if rule.Kind == scoring.Qualitative {
		actual = t.Qualitative
	} else if t.Target == nil {
		return x, nil
	} else {
		rule.Target = *t.Target
	}
	if actual == nil {
		return x, nil
	}
	var err error
	if x.fraction, err = rule.Fraction(*actual); err != nil {
		return x, err
	}
	x.state = document.Measured
	x.exceeded = rule.Overachieved(*actual, exceededFactor) && t.Reason == ""
	x.points, err = rule.Points(*actual, t.Weight)
	return x, err
}

// rate is the execution rate in %, not applicable without a budget.
func rate(spent, annual float64) document.Value {
	if annual <= 0 {
		return document.None(document.NotApplicable)
	}
	return document.Num(100 * spent / annual)
}

// gap is progress less execution in percentage points.
func gap(progress, execution document.Value) document.Value {
	if !progress.Ok() || !execution.Ok() {
		return document.None(document.NotApplicable)
	}
	return document.Num(progress.Number - execution.Number)
}

// threshold is the execution rate below which an alarm is raised in a month of the fiscal year; ok is false before
// the first one.
func (b *builder) threshold(month int) (rate float64, ok bool) {
	for _, a := range b.options.Alarms {
		if a.Month <= month {
			rate, ok = a.Rate, true
		}
	}
	return rate, ok
}

// slow tells whether execution lies below the alarm threshold.
func (b *builder) slow(execution document.Value) bool {
	least, ok := b.threshold(b.Dossier.FiscalMonth)
	return ok && execution.Ok() && execution.Number < least
}

// apart tells whether targets and money advance at a different pace.
func (b *builder) apart(g document.Value) bool {
	return g.Ok() && (g.Number > b.options.Gap || g.Number < -b.options.Gap)
}

// alarm words what is wrong, "" for nothing.
func (b *builder) alarm(execution, g document.Value) string {
	var words []string
	if b.slow(execution) {
		words = append(words, b.T("执行偏慢", "slow execution"))
	}
	if b.apart(g) {
		words = append(words, b.T("进度偏差", "uneven pace"))
	}
	return b.List(words)
}
