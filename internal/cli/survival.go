package cli

import (
	"fmt"
	"math"
	"strings"

	"weir/internal/lang"
	"weir/metrics/scoring/composite"
	"weir/metrics/survival"
)

type survivalCommand struct {
	Table      string  `arg:"" placeholder:"TABLE.csv" help:"${survival_table}"`
	Time       string  `required:"" placeholder:"COLUMN" help:"${survival_time}"`
	Event      string  `required:"" placeholder:"COLUMN" help:"${survival_event}"`
	Group      string  `placeholder:"COLUMN" help:"${survival_group}"`
	Confidence float64 `default:"0.95" help:"${survival_confidence}"`
	Limits     string  `enum:"log-log,log,plain" default:"log-log" placeholder:"log-log|log|plain" help:"${survival_limits}"`
}

func survivalTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"survival":            lang.T("生存分析：Kaplan–Meier 曲线及置信限、四分位数、log-rank 检验", "survival analysis: Kaplan-Meier with limits, quartiles, log-rank test"),
		"survival_table":      lang.T("个案表格（CSV，首行为列名）", "table of cases (CSV with a head)"),
		"survival_time":       lang.T("时间列", "column of the time"),
		"survival_event":      lang.T("事件列：1 或 true 已发生，0 或 false 仍未发生", "column of the event: 1 or true happened, 0 or false still open"),
		"survival_group":      lang.T("分组列", "column of the group"),
		"survival_confidence": lang.T("置信水平", "confidence level"),
		"survival_limits":     lang.T("置信限的尺度", "scale of the limits"),
	}
}

// Run prints quartiles, the test between groups, and the curves.
func (c survivalCommand) Run(e *env) error {
	t, err := readTable(e, c.Table)
	if err != nil {
		return err
	}
	cases, err := c.cases(t)
	if err != nil {
		return err
	}
	r, err := survival.Compare(cases, survival.Options{Confidence: c.Confidence, Limits: survival.Limits(c.Limits)})
	if err != nil {
		return fmt.Errorf("%s: %w", c.Table, err)
	}
	list := []section{c.quartiles(e, r)}
	if c.Group != "" {
		list = append(list, c.test(e, r)...)
	}
	return e.printSections(append(list, c.curves(e, r)))
}

func (c survivalCommand) cases(t composite.Table) ([]survival.Case, error) {
	times, err := t.Numbers(c.Time)
	if err != nil {
		return nil, err
	}
	events, err := t.Text(c.Event)
	if err != nil {
		return nil, err
	}
	groups := make([]string, len(times))
	if c.Group != "" {
		if groups, err = t.Text(c.Group); err != nil {
			return nil, err
		}
	}
	cases := make([]survival.Case, len(times))
	for i := range cases {
		if math.IsNaN(times[i]) || times[i] < 0 {
			return nil, fmt.Errorf("%s:%d: column %q: want a time of at least 0; leave cases without one out", t.Name, t.Lines[i], c.Time)
		}
		cases[i] = survival.Case{Time: times[i], Group: groups[i]}
		switch strings.ToLower(events[i]) {
		case "1", "true", "yes", "是":
			cases[i].Event = true
		case "0", "false", "no", "否":
		default:
			return nil, fmt.Errorf("%s:%d: column %q: %q; write 1 where the event happened and 0 where the case is still open", t.Name, t.Lines[i], c.Event, events[i])
		}
	}
	return cases, nil
}

func (c survivalCommand) quartiles(e *env, r survival.Comparison) section {
	t := &table{columns: []string{"group", "n", "events", "q25", "median", "median_low", "median_high", "q75"}}
	for _, curve := range r.Curves {
		q := curve.Quartiles
		t.add(curve.Group, curve.N, curve.Events, optional(q[0].Time), optional(q[1].Time), optional(q[1].Low), optional(q[1].High), optional(q[2].Time))
	}
	return section{id: "quartiles", title: e.lang.Pick("四分位数", "Quartiles"), table: t,
		notes: []string{e.lang.Pick("空白：观察期内未达到", "empty: not reached while cases were followed")}}
}

// test gives the log-rank test and the events that each group was to expect.
func (c survivalCommand) test(e *env, r survival.Comparison) []section {
	test := section{id: "log_rank", title: e.lang.Pick("log-rank 检验", "Log-rank test"), table: &table{columns: []string{"test", "chi_square", "degrees_of_freedom", "p"}}}
	if r.LogRank == nil {
		test.notes = []string{e.lang.Pick("无法检验：", "no test: ") + r.Reason}
		return []section{test}
	}
	test.table.add("log-rank", r.LogRank.ChiSquare, r.LogRank.DegreesOfFreedom, r.LogRank.P)
	groups := section{id: "expected", title: e.lang.Pick("各组事件数", "Events of each group"), table: &table{columns: []string{"group", "n", "observed", "expected"}}}
	for _, g := range r.LogRank.Groups {
		groups.table.add(g.Group, g.N, g.Observed, g.Expected)
	}
	return []section{test, groups}
}

func (c survivalCommand) curves(e *env, r survival.Comparison) section {
	t := &table{columns: []string{"group", "time", "at_risk", "events", "censored", "survival", "standard_error", "low", "high"}}
	for _, curve := range r.Curves {
		for _, p := range curve.Points {
			t.add(curve.Group, p.Time, p.AtRisk, p.Events, p.Censored, p.Survival, p.StandardError, p.Low, p.High)
		}
	}
	return section{id: "curve", title: e.lang.Pick("Kaplan–Meier 曲线", "Kaplan-Meier curve"), table: t}
}
