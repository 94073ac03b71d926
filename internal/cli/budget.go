package cli

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"weir/internal/closing"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/metrics"
	"weir/metrics/budget"
	"weir/metrics/scoring"
	"weir/metrics/scoring/composite"
)

type budgetCommand struct {
	Scenarios scenariosCommand `cmd:"" help:"${budget_scenarios}"`
}

type scenariosCommand struct {
	Table       string             `arg:"" optional:"" placeholder:"TABLE.csv" help:"${budget_table}"`
	Month       string             `placeholder:"YYYY-MM" help:"${month}"`
	Cap         *float64           `placeholder:"CNY" help:"${budget_cap}"`
	Change      *float64           `placeholder:"PERCENT" help:"${budget_change}"`
	MaxCut      float64            `default:"30" placeholder:"PERCENT" help:"${budget_cut}"`
	MaxRise     float64            `default:"20" placeholder:"PERCENT" help:"${budget_rise}"`
	Rate        map[string]float64 `placeholder:"GRADE=PERCENT" help:"${budget_rate}"`
	Diminishing float64            `default:"0" placeholder:"PERCENT" help:"${budget_diminishing}"`
}

func budgetTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"budget":             lang.T("下一年度数据预算的测算建议", "proposals for next year's data budgets"),
		"budget_scenarios":   lang.T("比较三种分配方案：一刀切、与等级挂钩、约束下最优（只是建议，由人决定）", "compare three ways of dividing: uniform, linked to grades, optimised (proposals; people decide)"),
		"budget_table":       lang.T("预算表（CSV：department_id, current，可有 protected, floor, ceiling）；缺省取工作区的预算", "budget table (CSV: department_id, current, optionally protected, floor, ceiling); default the budgets of the workspace"),
		"budget_cap":         lang.T("总额上限（元）", "cap of all departments together, in yuan"),
		"budget_change":      lang.T("总额较本年的变动（%），如 --change=-5", "change of the total against this year in percent, such as --change=-5"),
		"budget_cut":         lang.T("单个部门最多削减（%）", "largest cut of a department in percent"),
		"budget_rise":        lang.T("单个部门最多增加（%）", "largest rise of a department in percent"),
		"budget_rate":        lang.T("各等级的调整幅度（%），如 优=5;良=0;中=-10;差=-30", "change of each grade in percent, such as 优=5;良=0;中=-10;差=-30"),
		"budget_diminishing": lang.T("增加部分每元效果的递减（%）", "part by which a yuan above this year's amount is worth less, in percent"),
	}
}

// Run divides next year's total in three ways and says for each department what is proposed and why.
func (c scenariosCommand) Run(e *env) error {
	if (c.Cap == nil) == (c.Change == nil) {
		return usageError{e.lang.Pick("请给出 --cap（元）或 --change（%）之一", "give either --cap in yuan or --change in percent")}
	}
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		closer, err := closerOf(w, s)
		if err != nil {
			return err
		}
		m, err := closing.Read(e.ctx, s, c.Month)
		if err != nil {
			return err
		}
		departments, err := c.departments(e, closer, m)
		if err != nil {
			return err
		}
		plans, err := budget.Compare(departments, c.options(departments))
		if err != nil {
			return err
		}
		e.say(fmt.Sprintf("以下为依据 %s 得分的测算建议，不是决定；预期效果单位：%s", m.Month, plans[0].EffectUnit.ZH),
			fmt.Sprintf("proposals from the scores of %s, no decision; unit of the expected effect: %s", m.Month, plans[0].EffectUnit.EN))
		return e.print(c.table(e, m, plans))
	})
}

func (c scenariosCommand) options(departments []budget.Department) budget.Options {
	o := budget.Options{MaxCut: c.MaxCut / 100, MaxRise: c.MaxRise / 100, Diminishing: c.Diminishing / 100}
	if c.Cap != nil {
		o.Cap = *c.Cap
	} else {
		for _, d := range departments {
			o.Cap += d.Current
		}
		o.Cap = scoring.Round(o.Cap*(1+*c.Change/100), 2)
	}
	if len(c.Rate) > 0 {
		o.Rates = budget.DefaultRates()
		for grade, percent := range c.Rate {
			o.Rates[grade] = percent / 100
		}
	}
	return o
}

// departments joins the budgets with the scores and what a yuan has yielded.
func (c scenariosCommand) departments(e *env, closer *closing.Closer, m *metrics.Month) ([]budget.Department, error) {
	var list []budget.Department
	var err error
	if c.Table != "" {
		list, err = c.fromTable(e, m)
	} else {
		list, err = c.fromWorkspace(e, closer, m)
	}
	if err != nil {
		return nil, err
	}
	for i := range list {
		d := &list[i]
		r, ok := m.Score(d.ID)
		if !ok || !r.Total.Scored {
			continue
		}
		d.Scored, d.Score, d.Grade = true, r.Total.Score, r.Grade
		if s, ok := m.Standing(d.ID); ok {
			if p, ok := probability(s.Data, r.Grade).(float64); ok {
				d.GradeProbability = p
			}
		}
		if v, ok := m.Find("unit_share_cost", d.ID); ok && v.Value != nil && *v.Value > 0 {
			effect := 1 / *v.Value
			d.EffectPerYuan = &effect
		}
	}
	return list, nil
}

func (c scenariosCommand) fromWorkspace(e *env, closer *closing.Closer, m *metrics.Month) ([]budget.Department, error) {
	year, budgets, err := closer.Budgets(e.ctx, m)
	if err != nil {
		return nil, err
	}
	if len(budgets) == 0 {
		return nil, fmt.Errorf(e.lang.Pick("工作区没有 %d 年度的预算；装入 budget 表，或给出预算表文件", "the workspace holds no budget of %d; ingest the table budget, or name a budget table"), year)
	}
	var list []budget.Department
	for _, b := range budgets {
		list = append(list, budget.Department{ID: b.Department, Current: b.Budgeted})
	}
	return list, nil
}

// fromTable reads a budget table; an empty optional cell keeps the general bounds.
func (c scenariosCommand) fromTable(e *env, m *metrics.Month) ([]budget.Department, error) {
	t, err := readTable(e, c.Table)
	if err != nil {
		return nil, err
	}
	known := []string{"department_id", "department", "current", "protected", "floor", "ceiling"}
	for _, column := range t.Columns {
		if !slices.Contains(known, column) {
			return nil, fmt.Errorf("%s:1: unknown column %q; %s", t.Name, column, problem.DidYouMean(column, known))
		}
	}
	ids, err := t.Text("department_id")
	if err != nil {
		return nil, err
	}
	current, err := completeRows(t, []string{"current"})
	if err != nil {
		return nil, err
	}
	list := make([]budget.Department, len(ids))
	for i, id := range ids {
		if err := knownDepartment(m, id); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", t.Name, t.Lines[i], err)
		}
		list[i] = budget.Department{ID: id, Current: current[i][0]}
	}
	for name, set := range map[string]func(d *budget.Department, x float64){
		"protected": func(d *budget.Department, x float64) { d.Protected = x },
		"floor":     func(d *budget.Department, x float64) { d.Floor = &x },
		"ceiling":   func(d *budget.Department, x float64) { d.Ceiling = &x },
	} {
		if err := optionalColumn(t, name, func(i int, x float64) { set(&list[i], x) }); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// optionalColumn visits the numbers of a column that may be absent.
func optionalColumn(t composite.Table, name string, visit func(i int, x float64)) error {
	if !slices.Contains(t.Columns, name) {
		return nil
	}
	numbers, err := t.Numbers(name)
	if err != nil {
		return err
	}
	for i, x := range numbers {
		if !math.IsNaN(x) {
			visit(i, x)
		}
	}
	return nil
}

func (c scenariosCommand) table(e *env, m *metrics.Month, plans []budget.Plan) *table {
	t := &table{columns: []string{"scenario", "scenario_name", "department_id", "department", "score", "grade", "current", "amount", "change", "change_percent", "bound", "effect", "lost_by_uniform", "reason"}}
	names := departmentNames(m, e)
	money := func(x float64) float64 { return scoring.Round(x, 2) }
	for _, p := range plans {
		name := e.lang.Pick(p.Scenario.Name().ZH, p.Scenario.Name().EN)
		var current float64
		for _, l := range p.Lines {
			current += l.Current
			r, _ := m.Score(l.Department)
			row := []any{string(p.Scenario), name, l.Department, names[l.Department], whenScored(r.Total.Scored, r.Total.Score), text(r.Grade), l.Current, l.Amount, money(l.Change), nil,
				text(l.Bound), money(l.Effect), money(l.LostByUniform), strings.TrimSpace(e.lang.Pick(l.Reason.ZH, l.Reason.EN))}
			if l.ChangeShare != nil {
				row[9] = scoring.Round(100**l.ChangeShare, 2)
			}
			t.add(row...)
		}
		total := []any{string(p.Scenario), name, metrics.City, names[metrics.City], nil, nil, money(current), money(p.Total), money(p.Total - current), nil, nil, money(p.Effect), money(p.LostByUniform),
			fmt.Sprintf(e.lang.Pick("上限 %s 元，未分配 %s 元", "cap %s yuan, not allocated %s yuan"), format(p.Cap), format(money(p.Unallocated)))}
		if current > 0 {
			total[9] = scoring.Round(100*(p.Total/current-1), 2)
		}
		t.add(total...)
	}
	return t
}
