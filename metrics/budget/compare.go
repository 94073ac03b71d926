package budget

import (
	"fmt"
	"math"

	"weir/metrics/efficiency/simplex"
)

// Compare returns the three plans: uniform, grade-linked, optimised. All keep
// the same bounds and protected items.
//
// Uniform: every amount is the same share of the current one, as far as bounds
// allow, with the whole cap divided.
//
// Grade-linked: the current amount changed by the rate of the grade. If that
// exceeds the cap, what lies above the floors shrinks by one common share; what
// the rule does not use stays unallocated.
//
// Optimised: the division of most effect, Σ value·amount, a linear program
// under cap and bounds. Departments of equal value are treated alike: they
// share what the program gives them together in proportion to their current
// amounts.
//
// A department without a score takes its uniform share in all three.
func Compare(departments []Department, opt Options) ([]Plan, error) {
	p, err := prepare(departments, opt)
	if err != nil {
		return nil, err
	}
	uniform := cents(fill(p.current, p.floor, p.ceiling, p.opt.Cap), p.ceiling, p.opt.Cap)
	best, marginal, err := p.optimise(uniform)
	if err != nil {
		return nil, err
	}
	amounts := map[Scenario][]float64{Uniform: uniform, GradeLinked: p.byGrade(uniform), Optimised: best}
	var plans []Plan
	for _, s := range []Scenario{Uniform, GradeLinked, Optimised} {
		plan := p.plan(s, amounts[s], uniform)
		if s == Optimised {
			plan.Marginal = marginal
		}
		plans = append(plans, plan)
	}
	return plans, nil
}

// byGrade applies the rates.
func (p *prepared) byGrade(uniform []float64) []float64 {
	wanted := make([]float64, len(p.departments))
	var sum, floors float64
	for i, d := range p.departments {
		if !d.Scored {
			wanted[i] = uniform[i]
		} else {
			wanted[i] = math.Min(p.ceiling[i], math.Max(p.floor[i], d.Current*(1+p.opt.Rates[d.Grade])))
			floors += p.floor[i]
		}
		sum += wanted[i]
	}
	if sum > p.opt.Cap {
		var fixed float64
		for i, d := range p.departments {
			if !d.Scored {
				fixed += wanted[i]
			}
		}
		share := 0.0
		if above := sum - fixed - floors; above > 0 {
			share = math.Max(0, (p.opt.Cap-fixed-floors)/above)
		}
		for i, d := range p.departments {
			if d.Scored {
				wanted[i] = p.floor[i] + share*(wanted[i]-p.floor[i])
			}
		}
	}
	return cents(wanted, p.ceiling, p.opt.Cap)
}

// optimise solves the program. Variables: what a department gets up to its
// current amount, then what it gets beyond.
func (p *prepared) optimise(uniform []float64) (amounts []float64, marginal float64, err error) {
	n := len(p.departments)
	lp := simplex.Problem{Objective: make([]float64, 2*n), Lower: make([]float64, 2*n), Upper: make([]float64, 2*n)}
	row := simplex.Row{Sense: simplex.LessEqual, RHS: p.opt.Cap, Coefficients: make([]float64, 2*n)}
	for i, d := range p.departments {
		base := math.Min(p.ceiling[i], math.Max(p.floor[i], d.Current))
		lp.Lower[i], lp.Upper[i], lp.Upper[n+i] = p.floor[i], base, p.ceiling[i]-base
		if !d.Scored {
			lp.Lower[i], lp.Upper[i], lp.Upper[n+i] = uniform[i], uniform[i], 0
		}
		lp.Objective[i], lp.Objective[n+i] = -p.value[i], -p.value[i]*(1-p.opt.Diminishing)
		row.Coefficients[i], row.Coefficients[n+i] = 1, 1
	}
	lp.Rows = []simplex.Row{row}
	sol, err := simplex.Solve(lp, simplex.Options{})
	if err != nil {
		return nil, 0, fmt.Errorf("optimised plan: %w", err)
	}
	amounts = make([]float64, n)
	for i := range amounts {
		amounts[i] = sol.X[i] + sol.X[n+i]
	}
	p.treatAlike(amounts)
	return cents(amounts, p.ceiling, p.opt.Cap), math.Max(0, -sol.Duals[0]), nil
}

// treatAlike shares what departments of equal value got together in proportion
// to their current amounts; the effect stays the same.
func (p *prepared) treatAlike(amounts []float64) {
	done := make([]bool, len(amounts))
	for i := range amounts {
		if done[i] || !p.departments[i].Scored {
			continue
		}
		var at []int
		var sizes, floor, ceiling []float64
		var total float64
		for j := i; j < len(amounts); j++ {
			if p.departments[j].Scored && !done[j] && math.Abs(p.value[j]-p.value[i]) <= 1e-12*math.Max(1, p.value[i]) {
				done[j] = true
				at = append(at, j)
				sizes, floor, ceiling = append(sizes, p.current[j]), append(floor, p.floor[j]), append(ceiling, p.ceiling[j])
				total += amounts[j]
			}
		}
		if len(at) < 2 {
			continue
		}
		for k, x := range fill(sizes, floor, ceiling, total) {
			amounts[at[k]] = x
		}
	}
}

// plan writes up a division.
func (p *prepared) plan(s Scenario, amounts, uniform []float64) Plan {
	plan := Plan{Scenario: s, Cap: p.opt.Cap, EffectUnit: p.unit}
	var total int64
	for i, d := range p.departments {
		l := Line{Department: d.ID, Current: d.Current, Amount: amounts[i], Change: inCents(amounts[i] - d.Current),
			Bound: p.bound(i, amounts[i]), Effect: p.effect(i, amounts[i])}
		if d.Current > 0 {
			share := l.Change / d.Current
			l.ChangeShare = &share
		}
		l.LostByUniform = l.Effect - p.effect(i, uniform[i])
		l.Reason = p.reason(s, i, l)
		total += int64(math.Round(amounts[i] * 100))
		plan.Effect += l.Effect
		plan.LostByUniform += l.LostByUniform
		plan.Lines = append(plan.Lines, l)
	}
	plan.Total = float64(total) / 100
	plan.Unallocated = math.Max(0, inCents(p.opt.Cap-plan.Total))
	return plan
}

func inCents(x float64) float64 { return math.Round(x*100) / 100 }

// bound names what holds an amount, to the cent.
func (p *prepared) bound(i int, amount float64) string {
	switch {
	case amount <= p.floor[i]+.01 && p.departments[i].Protected >= p.floor[i] && p.floor[i] > 0:
		return "protected"
	case amount <= p.floor[i]+.01:
		return "floor"
	case amount >= p.ceiling[i]-.01:
		return "ceiling"
	}
	return ""
}
