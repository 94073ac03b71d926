package cli

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"weir/internal/calendar"
	"weir/internal/closing"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/metrics"
	"weir/metrics/scoring"
	"weir/reports/reading"
)

type scoreCommand struct {
	Month       string  `placeholder:"YYYY-MM" help:"${month}"`
	Department  string  `placeholder:"ID" help:"${score_department}"`
	Lines       bool    `help:"${score_lines}"`
	Changes     string  `enum:",month,year" default:"" placeholder:"month|year" help:"${score_changes}"`
	Differences string  `enum:",month,year,median" default:"" placeholder:"month|year|median" help:"${score_differences}"`
	Integrity   bool    `help:"${score_integrity}"`
	Sensitivity bool    `help:"${score_sensitivity}"`
	Spread      float64 `default:"0.25" placeholder:"PART" help:"${score_spread}"`
}

func scoreTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"score":             lang.T("列出各部门得分、等级、名次及其区间", "list scores, grades and ranks of the departments, each with its interval"),
		"score_department":  lang.T("只列一个部门", "one department only"),
		"score_lines":       lang.T("列出每个指标的得分", "list the points of every indicator"),
		"score_changes":     lang.T("把得分较上月（month）或上年同月（year）的变化分解到指标、目标、权重", "split the change of scores since last month or the same month last year into indicators, targets, weights"),
		"score_differences": lang.T("列出经检验并校正的显著差异：较上月、上年同月或中位部门", "list the differences that a corrected test calls significant: from last month, last year or the median department"),
		"score_integrity":   lang.T("列出数据真实性度量及标记", "list the measures of the integrity of the records, with flags"),
		"score_sensitivity": lang.T("哪些权重、目标会改变名次，距上一等级多远", "which weight or target moves a rank, how far the next grade is"),
		"score_spread":      lang.T("敏感性分析中权重与目标的变动幅度", "part by which weights and targets are moved in the sensitivity analysis"),
	}
}

// Run lists the scores of a closed month or one of the views behind them, each a single table.
func (c scoreCommand) Run(e *env) error {
	views := 0
	for _, chosen := range []bool{c.Lines, c.Changes != "", c.Differences != "", c.Integrity, c.Sensitivity} {
		if chosen {
			views++
		}
	}
	if views > 1 {
		return usageError{"--lines, --changes, --differences, --integrity and --sensitivity each print a table of their own: give one"}
	}
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		m, err := closing.Read(e.ctx, s, c.Month)
		if err != nil {
			return err
		}
		if err := knownDepartment(m, c.Department); err != nil {
			return err
		}
		var t *table
		switch {
		case m.Scheme == nil:
			return fmt.Errorf(e.lang.Pick("%s 没有计分指标，因而没有得分", "%s has no scored indicator and so no scores"), m.Month)
		case c.Lines:
			t, err = c.lines(e, w, m)
		case c.Changes != "":
			t, err = c.changes(e, s, m)
		case c.Differences != "":
			t, err = c.differences(e, s, m)
		case c.Integrity:
			t, err = c.integrity(e, w, m)
		case c.Sensitivity:
			t, err = c.sensitivity(e, m)
		default:
			t = c.scores(e, m)
		}
		if err != nil {
			return err
		}
		return e.printRounded(t, 4)
	})
}

// knownDepartment refuses an identifier that the month does not know, since an empty answer would read as "no score".
func knownDepartment(m *metrics.Month, id string) error {
	if id == "" {
		return nil
	}
	ids := make([]string, len(m.Departments))
	for i, d := range m.Departments {
		ids[i] = d.ID
	}
	if slices.Contains(ids, id) {
		return nil
	}
	return usageError{fmt.Sprintf("no department %q in %s; %s", id, m.Month, problem.DidYouMean(id, ids))}
}

// picked gives the scores asked for, the best rank first, those without a score last.
func (c scoreCommand) picked(m *metrics.Month) []scoring.Result {
	list := slices.Clone(m.Scores)
	slices.SortStableFunc(list, func(a, b scoring.Result) int {
		last := func(r scoring.Result) int {
			if r.Rank == 0 {
				return math.MaxInt
			}
			return r.Rank
		}
		if x, y := last(a), last(b); x != y {
			if x < y {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Department, b.Department)
	})
	return slices.DeleteFunc(list, func(r scoring.Result) bool { return c.Department != "" && r.Department != c.Department })
}

// scores is the contract of the command: a row for each department.
func (c scoreCommand) scores(e *env, m *metrics.Month) *table {
	t := &table{columns: []string{"month", "revision", "department_id", "department"}}
	var groups []string
	for _, n := range m.Scheme.Total.Children {
		groups = append(groups, n.ID)
	}
	t.columns = append(t.columns, groups...)
	for _, n := range m.Scheme.Indices {
		t.columns = append(t.columns, "index_"+n.ID)
	}
	t.columns = append(t.columns, "total", "low", "high", "grade", "rank", "rank_low", "rank_high", "rank_low_weights", "rank_high_weights")
	bands := m.Scheme.Bands
	if len(bands) == 0 {
		bands = scoring.DefaultBands()
	}
	for _, b := range bands {
		t.columns = append(t.columns, "p_"+b.Grade)
	}
	t.columns = append(t.columns, "coverage", "flags", "cap_reason")
	names := departmentNames(m, e)
	for _, r := range c.picked(m) {
		row := []any{m.Month, m.Revision, r.Department, names[r.Department]}
		for _, id := range groups {
			row = append(row, groupScore(r.Total, id))
		}
		for _, i := range r.Indices {
			row = append(row, whenScored(i.Scored, i.Score))
		}
		row = append(row, whenScored(r.Total.Scored, r.Total.Score))
		s, _ := m.Standing(r.Department)
		row = append(row, rangeCells(s.Data.Scored, s.Data.Score, 2)...)
		row = append(row, text(r.Grade), positive(r.Rank))
		row = append(row, rangeCells(s.Data.Scored, s.Data.Rank, 0)...)
		row = append(row, rangeCells(s.Weights.Scored, s.Weights.Rank, 0)...)
		for _, b := range bands {
			row = append(row, probability(s.Data, b.Grade))
		}
		t.add(append(row, scoring.Round(r.Total.Coverage, 4), len(m.Flags(r.Department)), text(reading.CapReason(r.CapReason, e.lang)))...)
	}
	return t
}

func groupScore(t scoring.Tally, id string) any {
	for _, g := range t.Groups {
		if g.ID == id && g.Depth == 1 {
			return whenScored(g.Scored, g.Score)
		}
	}
	return nil
}

func whenScored(scored bool, score float64) any {
	if !scored {
		return nil
	}
	return score
}

// rangeCells are the limits of an interval, rounded outwards no further than they print.
func rangeCells(scored bool, r scoring.Range, decimals int) []any {
	if !scored {
		return []any{nil, nil}
	}
	return []any{scoring.Round(r.Low, decimals), scoring.Round(r.High, decimals)}
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func positive(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

func probability(s scoring.Simulated, grade string) any {
	for _, g := range s.Grades {
		if g.Grade == grade {
			return scoring.Round(g.Probability, 4)
		}
	}
	return nil
}

// lines lists the points of every indicator.
func (c scoreCommand) lines(e *env, w *workspace.Workspace, m *metrics.Month) (*table, error) {
	names, err := indicatorNames(e, w, m)
	if err != nil {
		return nil, err
	}
	t := &table{columns: []string{"month", "department_id", "group", "indicator_id", "indicator", "state", "value", "low", "high", "target", "n", "nominal_weight", "weight", "points", "remark"}}
	for _, r := range c.picked(m) {
		for _, l := range r.Total.Lines {
			v, _ := m.Find(l.Indicator, r.Department)
			group := ""
			if len(l.Groups) > 0 {
				group = strings.Join(l.Groups[1:], "/")
			}
			remark := ""
			if l.Reason != "" {
				zh, en := l.Reason.Text()
				remark = e.lang.Pick(zh, en)
			}
			t.add(m.Month, r.Department, group, l.Indicator, names[l.Indicator], string(l.Observed.State), optional(v.Value), optional(v.Low), optional(v.High), optional(v.Target),
				optional(v.N), l.Nominal, l.Weight, l.Points, text(remark))
		}
	}
	return t, nil
}

// indicatorNames are those of the definitions by which a month was closed.
func indicatorNames(e *env, w *workspace.Workspace, m *metrics.Month) (map[string]string, error) {
	pages, err := pagesOf(w)
	if err != nil {
		return nil, err
	}
	names := map[string]string{metrics.TotalScore: e.lang.Pick("总分", "total score")}
	for _, v := range m.Values {
		for _, p := range pages.Versions(v.Indicator) {
			if p.Version == v.Version {
				names[p.ID] = p.Name.In(e.lang)
			}
		}
	}
	return names, nil
}

// earlier reads the month to compare with; nil where it is not closed.
func earlier(e *env, s *store.Store, m *metrics.Month, since string) (*metrics.Month, error) {
	month, err := calendar.ParseMonth(m.Month)
	if err != nil {
		return nil, err
	}
	back := -1
	if since == "year" {
		back = -12
	}
	before := month.Add(back).String()
	old, err := closing.Read(e.ctx, s, before)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.lang.Pick("无从比较", "nothing to compare with"), err)
	}
	return old, nil
}

// changes splits the change of each score exactly.
func (c scoreCommand) changes(e *env, s *store.Store, m *metrics.Month) (*table, error) {
	before, err := earlier(e, s, m, c.Changes)
	if err != nil {
		return nil, err
	}
	list, err := metrics.Decompose(m, before)
	if err != nil {
		return nil, err
	}
	t := &table{columns: []string{"month", "since", "department_id", "indicator_id", "change", "by_value", "by_target", "by_weight", "by_availability", "score_before", "score_after"}}
	for _, d := range list {
		if c.Department != "" && d.Department != c.Department {
			continue
		}
		t.add(m.Month, before.Month, d.Department, metrics.TotalScore, d.Change, d.Value, d.Target, d.Weight, d.Availability, d.Before, d.After)
		for _, l := range d.Lines {
			if l.Total != 0 || l.Value != 0 || l.Target != 0 || l.Weight != 0 || l.Availability != 0 {
				t.add(m.Month, before.Month, d.Department, l.Indicator, l.Total, l.Value, l.Target, l.Weight, l.Availability, nil, nil)
			}
		}
	}
	return t, nil
}

// differences lists what a corrected test calls significant; for one department everything that was tested.
func (c scoreCommand) differences(e *env, s *store.Store, m *metrics.Month) (*table, error) {
	var list []metrics.Comparison
	against := ""
	if c.Differences == "median" {
		var err error
		if list, err = metrics.CompareMedian(m); err != nil {
			return nil, err
		}
		against = "median"
	} else {
		before, err := earlier(e, s, m, c.Differences)
		if err != nil {
			return nil, err
		}
		if list, err = metrics.Compare(m, before); err != nil {
			return nil, err
		}
		against = before.Month
		for _, p := range m.Predecessors {
			if joined := m.Joined(before, p.Successor); slices.Contains(joined, p) {
				e.say(fmt.Sprintf("%s 含原 %s（至 %s）的数据，%s 不含：不作检验", p.Successor, p.ID, p.Until, against),
					fmt.Sprintf("%s holds the figures of the former %s (until %s), in %s it did not: it is not tested", p.Successor, p.ID, p.Until, against))
			}
		}
	}
	t := &table{columns: []string{"month", "against", "department_id", "indicator_id", "value", "reference", "difference", "p", "q", "better", "verdict"}}
	tested := 0
	for _, d := range list {
		if d.Verdict != metrics.Untested {
			tested++
		}
		significant := d.Verdict == metrics.Higher || d.Verdict == metrics.Lower
		if c.Department != "" && d.Department != c.Department || c.Department == "" && !significant {
			continue
		}
		row := []any{m.Month, against, d.Department, d.Indicator, scoring.Round(d.Value, 4), scoring.Round(d.Reference, 4), scoring.Round(d.Difference, 4), nil, nil, nil, d.Verdict.Words(d.Against).In(e.lang)}
		if d.Verdict != metrics.Untested {
			row[7], row[8] = printedProbability(d.P), printedProbability(d.Q)
		}
		if significant && d.Better != 0 {
			row[9] = d.Better > 0
		}
		t.add(row...)
	}
	e.say(fmt.Sprintf("共检验 %d 项，错误发现率控制在 %g（Benjamini–Hochberg）", tested, metrics.FalseDiscoveryRate),
		fmt.Sprintf("%d tests in all, false discovery rate %g (Benjamini-Hochberg)", tested, metrics.FalseDiscoveryRate))
	return t, nil
}

// printedProbability keeps six decimals; 0 means below 0.0000005.
func printedProbability(p float64) float64 { return scoring.Round(p, 6) }

// integrity lists the measures beside the scores.
func (c scoreCommand) integrity(e *env, w *workspace.Workspace, m *metrics.Month) (*table, error) {
	names, err := indicatorNames(e, w, m)
	if err != nil {
		return nil, err
	}
	t := &table{columns: []string{"month", "department_id", "measure_id", "measure", "value", "n", "limit", "flagged", "evidence"}}
	for _, i := range m.Integrity {
		if c.Department != "" && i.Department != c.Department {
			continue
		}
		t.add(m.Month, i.Department, i.Indicator, names[i.Indicator], optional(i.Value), optional(i.N), text(limitText(i)), i.Flagged, text(evidenceText(i)))
	}
	if len(m.Integrity) == 0 {
		e.say("没有数据真实性度量", "no measure of integrity is defined")
	}
	return t, nil
}

func limitText(i metrics.Integrity) string {
	if i.Limit == nil {
		return ""
	}
	if i.Above {
		return "> " + format(*i.Limit)
	}
	return "< " + format(*i.Limit)
}

// evidenceText writes the first rows behind a flag in one cell: column=value, rows apart by semicolons.
func evidenceText(i metrics.Integrity) string {
	var rows []string
	for _, row := range i.Evidence {
		var cells []string
		for k, cell := range row {
			if cell != "" {
				cells = append(cells, i.Columns[k]+"="+cell)
			}
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	return strings.Join(rows, "; ")
}
