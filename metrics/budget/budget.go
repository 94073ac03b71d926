// Package budget compares ways of dividing next year's data budgets under a
// cap: a uniform cut (一刀切), a rule linked to grades, and the division that
// promises the most effect. For each department it gives amount, change, reason
// and what the uniform cut would have lost.
//
// It recommends; people decide. Never added here: money that moves by itself,
// effects that nobody measured.
package budget

import (
	"errors"
	"fmt"
	"math"
)

var (
	// ErrInvalid says that a department or an option cannot be used.
	ErrInvalid = errors.New("invalid budget input")
	// ErrInfeasible says that floors and protected items exceed the cap.
	ErrInfeasible = errors.New("the cap is too low")
)

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

// Text is a text in both languages.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Department is what a department brings. Amounts are in yuan.
type Department struct {
	ID      string
	Current float64 // this year's data budget
	// Protected is the part that must not fall: security, duties by law,
	// contracts that run on.
	Protected float64
	// Floor and Ceiling replace the bounds that the options imply; nil keeps
	// them.
	Floor, Ceiling *float64
	// Scored is false for a department without a score; it then takes the
	// uniform share in every scenario.
	Scored bool
	Score  float64 // 0 to 100
	Grade  string
	// GradeProbability is the probability of the grade by simulation, 0 if
	// not known. Below 0.8 the reason says that the grade is uncertain.
	GradeProbability float64
	// EffectPerYuan is measured output for each yuan, for example effective
	// shares; nil if not measured. It counts only if every scored department
	// has it, else the score takes its place.
	EffectPerYuan *float64
}

// Options steers Compare.
type Options struct {
	Cap float64 // yuan for all departments together
	// MaxCut and MaxRise bound each department's change as shares of its
	// current amount; both 0 mean 0.30 and 0.20.
	MaxCut, MaxRise float64
	// Rates are the changes by grade of the grade-linked rule, as shares; nil
	// = DefaultRates. A grade without a rate is refused.
	Rates map[string]float64
	// Diminishing is the share by which a yuan above the current amount is
	// worth less than one below it; 0 = no difference.
	Diminishing float64
}

// DefaultRates strengthen the best grade, keep the second, and reduce the
// others, in the sense of 优先保障、保障、压缩.
func DefaultRates() map[string]float64 {
	return map[string]float64{"优": .05, "良": 0, "中": -.10, "差": -.30}
}

// Scenario names a way of dividing.
type Scenario string

// The scenarios, in the order of Compare.
const (
	Uniform     Scenario = "uniform"
	GradeLinked Scenario = "grade_linked"
	Optimised   Scenario = "optimised"
)

// Name returns the scenario's name.
func (s Scenario) Name() Text {
	switch s {
	case Uniform:
		return Text{"统一比例调整（一刀切）", "Uniform adjustment"}
	case GradeLinked:
		return Text{"与绩效等级挂钩", "Linked to grades"}
	}
	return Text{"约束条件下的最优分配", "Optimised within bounds"}
}

// Line is one department in a plan. Amounts are in yuan, to the cent.
type Line struct {
	Department string  `json:"department"`
	Current    float64 `json:"current"`
	Amount     float64 `json:"amount"`
	Change     float64 `json:"change"`
	// ChangeShare is Change / Current; nil for a department without a current
	// budget.
	ChangeShare *float64 `json:"change_share"`
	// Bound says what holds the amount: floor, ceiling, protected or "".
	Bound string `json:"bound"`
	// Effect is what the amount promises, in the plan's unit of effect.
	Effect float64 `json:"effect"`
	// LostByUniform is Effect less the effect under the uniform scenario: what
	// the department would have lost (above 0) or gained (below 0) there.
	LostByUniform float64 `json:"lost_by_uniform"`
	Reason        Text    `json:"reason"`
}

// Plan is one scenario.
type Plan struct {
	Scenario Scenario `json:"scenario"`
	Cap      float64  `json:"cap"`
	Total    float64  `json:"total"` // never above Cap
	// Unallocated is Cap − Total: money that the rule or the ceilings leave.
	Unallocated   float64 `json:"unallocated"`
	Effect        float64 `json:"effect"`
	LostByUniform float64 `json:"lost_by_uniform"`
	// Marginal is the effect of one more yuan of cap; only in the optimised
	// plan, 0 where the cap does not bind.
	Marginal   float64 `json:"marginal"`
	EffectUnit Text    `json:"effect_unit"`
	Lines      []Line  `json:"lines"` // in the order of the departments
}

// prepared holds checked departments with their bounds and values.
type prepared struct {
	departments []Department
	opt         Options
	current     []float64
	floor       []float64
	ceiling     []float64
	value       []float64 // effect of a yuan
	unit        Text
}

func prepare(departments []Department, opt Options) (*prepared, error) {
	if len(departments) == 0 {
		return nil, invalid("no departments")
	}
	if opt.MaxCut == 0 && opt.MaxRise == 0 {
		opt.MaxCut, opt.MaxRise = .30, .20
	}
	if opt.Rates == nil {
		opt.Rates = DefaultRates()
	}
	switch {
	case !isAmount(opt.Cap):
		return nil, invalid("cap %v, want an amount of at least 0", opt.Cap)
	case !(opt.MaxCut >= 0 && opt.MaxCut <= 1) || !(opt.MaxRise >= 0 && opt.MaxRise <= 100):
		return nil, invalid("largest cut %v and rise %v, want shares of at least 0, the cut at most 1", opt.MaxCut, opt.MaxRise)
	case !(opt.Diminishing >= 0 && opt.Diminishing <= 1):
		return nil, invalid("diminishing %v, want a share from 0 to 1", opt.Diminishing)
	}
	for g, r := range opt.Rates {
		if !(r >= -1 && r <= 100) {
			return nil, invalid("rate %v of grade %q, want a share of at least -1", r, g)
		}
	}
	p := &prepared{departments: departments, opt: opt}
	seen := map[string]bool{}
	for _, d := range departments {
		if seen[d.ID] {
			return nil, invalid("department %q appears twice", d.ID)
		}
		seen[d.ID] = true
		if err := p.add(d); err != nil {
			return nil, err
		}
	}
	var least float64
	for _, f := range p.floor {
		least += f
	}
	if least > opt.Cap+.005 {
		return nil, fmt.Errorf("%w: floors and protected items sum to %.2f yuan, the cap is %.2f; raise the cap by %.2f or lower floors", ErrInfeasible, least, opt.Cap, least-opt.Cap)
	}
	p.values()
	return p, nil
}

// isAmount accepts amounts below ten trillion yuan, which float64 holds to the
// cent.
func isAmount(x float64) bool { return x >= 0 && x < 1e13 }

func (p *prepared) add(d Department) error {
	for name, x := range map[string]*float64{"current": &d.Current, "protected": &d.Protected, "floor": d.Floor, "ceiling": d.Ceiling} {
		if x != nil && !isAmount(*x) {
			return invalid("department %q: %s %v, want an amount of at least 0", d.ID, name, *x)
		}
	}
	if d.Scored && !(d.Score >= 0 && d.Score <= 100) {
		return invalid("department %q: score %v, want 0 to 100", d.ID, d.Score)
	}
	if _, ok := p.opt.Rates[d.Grade]; d.Scored && !ok {
		return invalid("department %q: grade %q has no rate", d.ID, d.Grade)
	}
	if e := d.EffectPerYuan; e != nil && (!(*e >= 0) || math.IsInf(*e, 0)) {
		return invalid("department %q: effect per yuan %v", d.ID, *e)
	}
	floor, ceiling := d.Current*(1-p.opt.MaxCut), d.Current*(1+p.opt.MaxRise)
	if d.Floor != nil {
		floor = *d.Floor
	}
	if d.Ceiling != nil {
		ceiling = *d.Ceiling
	}
	floor = math.Max(floor, d.Protected)
	if d.Ceiling == nil {
		ceiling = math.Max(ceiling, floor)
	}
	if floor > ceiling {
		return invalid("department %q: floor %.2f (protected %.2f) lies above its ceiling %.2f", d.ID, floor, d.Protected, ceiling)
	}
	p.current, p.floor, p.ceiling = append(p.current, d.Current), append(p.floor, floor), append(p.ceiling, ceiling)
	return nil
}

// values chooses the effect of a yuan: measured where every scored department
// has it, else the share of targets attained.
func (p *prepared) values() {
	measured, any := true, false
	for _, d := range p.departments {
		any = any || d.Scored
		measured = measured && (!d.Scored || d.EffectPerYuan != nil)
	}
	measured = measured && any
	p.unit = Text{"按得分折算的有效金额（元）", "yuan weighted by score"}
	if measured {
		p.unit = Text{"有效产出（按单位成本测算）", "measured output"}
	}
	for _, d := range p.departments {
		switch {
		case !d.Scored:
			p.value = append(p.value, 0)
		case measured:
			p.value = append(p.value, *d.EffectPerYuan)
		default:
			p.value = append(p.value, d.Score/100)
		}
	}
}

// effect is what an amount promises department i.
func (p *prepared) effect(i int, amount float64) float64 {
	base := math.Min(amount, p.current[i])
	return p.value[i] * (base + (1-p.opt.Diminishing)*(amount-base))
}
