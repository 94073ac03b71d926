package cli

import (
	"fmt"

	"weir/internal/closing"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
)

type improveCommand struct {
	Department string `required:"" placeholder:"ID" help:"${department}"`
	Month      string `placeholder:"YYYY-MM" help:"${month}"`
	Indicator  string `placeholder:"ID" help:"${improve_indicator}"`
	Top        int    `default:"5" help:"${improve_top}"`
	Rows       int    `default:"10" help:"${improve_rows}"`
}

func improveTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"improve":           lang.T("某部门还能在哪些指标上得分，以及背后的具体事项", "where a department can still gain points, with the concrete cases behind"),
		"improve_indicator": lang.T("只列一个指标背后的事项", "only the cases behind one indicator"),
		"improve_top":       lang.T("列出前几个指标背后的事项", "number of indicators whose cases are listed"),
		"improve_rows":      lang.T("每个指标最多列出的事项数，0 为全部", "cases of each at most, 0 for all"),
	}
}

// Run ranks the indicators by the points to gain and lists the overdue requests, stale resources or dormant storage
// behind the first of them.
func (c improveCommand) Run(e *env) error {
	if c.Top < 0 || c.Rows < 0 {
		return usageError{"--top and --rows: want at least 0"}
	}
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		closer, err := closerOf(w, s)
		if err != nil {
			return err
		}
		if m, err := closing.Read(e.ctx, s, c.Month); err != nil {
			return err
		} else if err := knownDepartment(m, c.Department); err != nil {
			return err
		}
		top := c.Top
		if c.Indicator != "" || e.format == "json" {
			top = 1 << 30
		}
		m, steps, err := closer.Improve(e.ctx, c.Department, c.Month, top, c.Rows)
		if err != nil {
			return err
		}
		if c.Indicator != "" {
			return c.one(e, m, steps)
		}
		list := []section{{id: "improvements", title: c.title(e, m), table: c.list(e, m, steps)}}
		if e.format == "csv" || e.format == "arrow" {
			return e.print(list[0].table)
		}
		for i, step := range steps {
			if step.Evidence != nil && (i < c.Top || e.format == "json") {
				list = append(list, c.cases(e, i, step))
			}
		}
		return e.printSections(list)
	})
}

// one prints only the cases behind an indicator.
func (c improveCommand) one(e *env, m *metrics.Month, steps []closing.Step) error {
	var ids []string
	for i, step := range steps {
		ids = append(ids, step.Indicator)
		if step.Indicator != c.Indicator {
			continue
		}
		if step.Evidence == nil {
			return fmt.Errorf(e.lang.Pick("%s 在 %s 为“%s”，没有可列的事项", "%s is %[3]s in %[2]s: there are no cases to list"), c.Indicator, m.Month, stateWord(e, step.State))
		}
		return e.printSections([]section{c.cases(e, i, step)})
	}
	return usageError{fmt.Sprintf("%s can gain no points on %q in %s; %s", c.Department, c.Indicator, m.Month, problem.DidYouMean(c.Indicator, ids))}
}

func (c improveCommand) title(e *env, m *metrics.Month) string {
	r, _ := m.Score(c.Department)
	title := fmt.Sprintf(e.lang.Pick("%s %s：%s 分，等级“%s”", "%s %s: score %s, grade %q"),
		departmentNames(m, e)[c.Department], m.Month, document.FormatNumber(r.Total.Score, 2), r.Grade)
	if next := nextGrade(m, r); next[0] != nil {
		title += fmt.Sprintf(e.lang.Pick("，距“%s”还差 %s 分", "; %[2]s points to %[1]q"), next[0], document.FormatNumber(next[1].(float64), 2))
	}
	return title
}

func (c improveCommand) list(e *env, m *metrics.Month, steps []closing.Step) *table {
	t := &table{columns: []string{"place", "indicator_id", "indicator", "state", "value", "needed", "unit", "gain", "failing_cases", "reaches_next_grade"}}
	for i, step := range steps {
		var needed any
		if step.NeededKnown {
			needed = scoring.Round(step.Needed, step.Page.Decimals+1)
		}
		t.add(i+1, step.Indicator, step.Page.Name.In(e.lang), string(step.State), rounded(step.Value.Value, step.Page.Decimals), needed,
			page.UnitLabel(step.Page.Unit).In(e.lang), step.Gain, optional(step.Failing), step.ReachesNext)
	}
	return t
}

// rounded is a value with the decimals that its page prints.
func rounded(v *float64, decimals int) any {
	if v == nil {
		return nil
	}
	return scoring.Round(*v, decimals)
}

func (c improveCommand) cases(e *env, place int, step closing.Step) section {
	s := section{id: step.Indicator, table: &table{rows: step.Evidence.Rows}}
	s.title = fmt.Sprintf(e.lang.Pick("%d. %s：可再得 %s 分", "%d. %s: %s points to gain"), place+1, step.Page.Name.In(e.lang), document.FormatNumber(step.Gain, 2))
	if step.Failing != nil {
		s.title += fmt.Sprintf(e.lang.Pick("，未达要求 %d 件", ", %d cases at fault"), *step.Failing)
	}
	for _, column := range step.Evidence.Columns {
		s.table.columns = append(s.table.columns, column.Name)
	}
	if step.More {
		s.notes = append(s.notes, fmt.Sprintf(e.lang.Pick("仅列前 %d 行；全部：weir improve --department %s --indicator %s --rows 0", "the first %d rows; all of them: weir improve --department %s --indicator %s --rows 0"),
			len(step.Evidence.Rows), c.Department, step.Indicator))
	}
	return s
}
