package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"weir/internal/closing"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
)

type explainCommand struct {
	Indicator  string `arg:"" placeholder:"ID" help:"${indicator}"`
	Department string `required:"" placeholder:"ID" help:"${department}"`
	Month      string `placeholder:"YYYY-MM" help:"${month}"`
	Rows       int    `default:"10" help:"${explain_rows}"`
}

// Run prints all that stands behind one figure: meaning, law, numbers, points, change, SQL and evidence rows.
func (c explainCommand) Run(e *env) error {
	return e.withStore(func(w *workspace.Workspace, s *store.Store) error {
		closer, err := closerOf(w, s)
		if err != nil {
			return err
		}
		x, err := closer.Explain(e.ctx, c.Indicator, c.Department, c.Month, c.Rows)
		if err != nil {
			return c.cure(err, closer)
		}
		if e.format == "json" {
			out := json.NewEncoder(e.stdout)
			out.SetIndent("", "  ")
			return out.Encode(x)
		}
		_, err = io.WriteString(e.stdout, explanation(e, x))
		if err != nil {
			return err
		}
		return e.printRounded(evidenceTable(x), 4)
	})
}

// cure names the nearest indicator where the one asked for does not exist.
func (c explainCommand) cure(err error, closer *closing.Closer) error {
	ids := closer.Indicators()
	for _, id := range ids {
		if id == c.Indicator {
			return err
		}
	}
	return usageError{fmt.Sprintf("no indicator %q; %s", c.Indicator, problem.DidYouMean(c.Indicator, ids))}
}

func explanation(e *env, x *closing.Explanation) string {
	var b strings.Builder
	line := func(zh, en, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s  %s\n", pad(e.lang.Pick(zh, en), 12), text)
		}
	}
	p := x.Page
	unit := page.UnitLabel(p.Unit).In(e.lang)
	fmt.Fprintf(&b, "%s · %s · %s (%s)\n\n", p.Name.In(e.lang), x.DepartmentName.In(e.lang), x.Month, fmt.Sprintf(e.lang.Pick("第 %d 版", "revision %d"), x.Revision))
	line("问题", "question", p.Question.In(e.lang))
	line("定义", "definition", p.Definition.In(e.lang))
	line("公式", "formula", p.FormulaText().In(e.lang))
	for _, basis := range p.Basis {
		line("依据", "basis", basis.Sentence(e.lang)+e.lang.Pick("（", " (")+basis.Mark.Label().In(e.lang)+e.lang.Pick("）", ")"))
	}
	line("不度量", "not measured", p.Limits.In(e.lang))
	b.WriteString("\n")
	v := x.Value
	if v.State != scoring.HasValue {
		line("状态", "state", stateWord(e, v.State))
	} else {
		line("值", "value", document.FormatNumber(*v.Value, p.Decimals)+" "+unit)
	}
	line("分子", "numerator", figure(v.Numerator, 0))
	line("分母", "denominator", figure(v.Denominator, 0))
	if v.N != nil {
		line("样本量", "n", fmt.Sprint(*v.N))
	}
	if v.Low != nil && v.High != nil {
		line("95% 区间", "95 % interval", figure(v.Low, p.Decimals)+" – "+figure(v.High, p.Decimals))
	}
	line("目标", "target", figure(v.Target, p.Decimals))
	if l := x.Line; l != nil {
		points := fmt.Sprintf(e.lang.Pick("%s / %s 分", "%s of %s points"), document.FormatNumber(l.Points, 2), document.FormatNumber(l.Weight, 2))
		if l.Reason != "" {
			zh, en := l.Reason.Text()
			points += e.lang.Pick("（"+zh+"）", " ("+en+")")
		}
		line("得分", "points", points)
	}
	if x.Before != nil && x.Before.Value != nil && v.Value != nil {
		line("较上月", "since last month", fmt.Sprintf("%s → %s", document.FormatNumber(*x.Before.Value, p.Decimals), document.FormatNumber(*v.Value, p.Decimals)))
	}
	line("印记", "stamp", x.Stamp)
	fmt.Fprintf(&b, "\nSQL\n%s\n", strings.TrimSpace(p.SQL.Text))
	fmt.Fprintf(&b, "\n%s\n", e.lang.Pick("证据行", "evidence rows"))
	if x.More {
		fmt.Fprintf(&b, e.lang.Pick("（仅列前 %d 行，用 --rows 0 列出全部）\n", "(the first %d only; --rows 0 lists all)\n"), len(x.Evidence.Rows))
	}
	return b.String()
}

func evidenceTable(x *closing.Explanation) *table {
	t := &table{}
	for _, c := range x.Evidence.Columns {
		t.columns = append(t.columns, c.Name)
	}
	t.rows = x.Evidence.Rows
	return t
}

func figure(v *float64, decimals int) string {
	if v == nil {
		return ""
	}
	return document.FormatNumber(*v, decimals)
}

// pad fills a label to a number of terminal cells.
func pad(s string, cells int) string {
	return s + strings.Repeat(" ", max(0, cells-cellWidth(s)))
}
