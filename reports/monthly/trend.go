package monthly

import (
	"errors"
	"fmt"

	"weir/metrics"
	"weir/metrics/stats"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/reading"
)

// TrendMonths is how far back the trends look: a year and the month itself.
const TrendMonths = 13

// trend shows the whole city by month, dimension by dimension and unit by unit, and the score of each department.
func (b *builder) trend() (document.Section, error) {
	s := document.Section{ID: "trend", Title: b.T("趋势", "Trends"), PageBreak: true}
	months := b.Months(TrendMonths)
	if len(months) < 2 {
		s.Blocks = append(s.Blocks, document.P(b.T("只有一个已结月份，暂无趋势。", "Only one month is closed: there is no trend yet.")))
		return s, nil
	}
	var periods []string
	for _, m := range months {
		periods = append(periods, m.Month)
	}
	builders, err := b.cityTrends(months, periods)
	if err != nil {
		return s, err
	}
	if len(b.Month.Departments) > 0 {
		builders = append([]figure.Builder{b.scoreTrend(months, periods)}, builders...)
	}
	return s, figure.Add(&s, b.Lang, builders...)
}

// linesAFigure is the most lines that a panel holds legibly.
const linesAFigure = 4

func (b *builder) cityTrends(months []*metrics.Month, periods []string) ([]figure.Builder, error) {
	var builders []figure.Builder
	for _, group := range b.Grouped() {
		var units []string
		lines := map[string][]trendLine{}
		for _, p := range group.Indicators {
			line, measured := b.line(p, months)
			if measured < 2 {
				continue
			}
			if lines[p.Unit] == nil {
				units = append(units, p.Unit)
			}
			lines[p.Unit] = append(lines[p.Unit], line)
		}
		for _, unit := range units {
			all := lines[unit]
			for part := 0; len(all) > 0; part++ {
				n := min(linesAFigure, len(all))
				f, err := b.cityTrend(group, unit, part, all[:n], periods)
				if err != nil {
					return nil, err
				}
				builders, all = append(builders, f), all[n:]
			}
		}
	}
	return builders, nil
}

// trendLine is one indicator over the months.
type trendLine struct {
	page   *page.Indicator
	series figure.Series
}

func (b *builder) line(p *page.Indicator, months []*metrics.Month) (trendLine, int) {
	line := trendLine{p, figure.Series{Label: figure.Label{ID: p.ID, Name: p.Name.In(b.Lang)}}}
	measured := 0
	for _, m := range months {
		v, _ := m.Find(p.ID, metrics.City)
		line.series.Values = append(line.series.Values, reading.Number(v))
		if reading.Number(v).Ok() {
			measured++
		}
	}
	return line, measured
}

func (b *builder) cityTrend(group reading.Dimension, unit string, part int, lines []trendLine, periods []string) (figure.Builder, error) {
	title, err := b.trendTitle(group, lines, periods)
	if err != nil {
		return nil, err
	}
	f := figure.Trend{Head: figure.Head{
		ID: fmt.Sprintf("trend-%s-%s-%d", group.ID, safe(unit), part+1), Title: title, Unit: b.axisUnit(unit), Source: b.Source(),
		Note: b.T("全市值以分子、分母分别相加得出。", "Totals add numerators and denominators."),
	}, Periods: periods}
	for _, line := range lines {
		f.Series = append(f.Series, line.series)
		f.Decimals = max(f.Decimals, line.page.Decimals)
	}
	if unit == "%" {
		f.Low, f.High = 0, 100
	}
	return f, nil
}

// trendTest is the level at which a movement counts as a trend.
const trendTest = 0.05

// trendTitle names the movements that the Mann-Kendall test takes for a trend, or says that there is none.
func (b *builder) trendTitle(group reading.Dimension, lines []trendLine, periods []string) (string, error) {
	var moved []string
	for _, line := range lines {
		var times, values []float64
		for i, v := range line.series.Values {
			if v.Ok() {
				times, values = append(times, float64(i)), append(values, v.Number)
			}
		}
		t, err := stats.MannKendall(times, values, 0.95)
		if errors.Is(err, stats.ErrNoData) {
			continue
		}
		if err != nil {
			return "", err
		}
		if t.P >= trendTest || t.Tau == 0 {
			continue
		}
		word := b.T("上升", "rose")
		if t.Tau < 0 {
			word = b.T("下降", "fell")
		}
		moved = append(moved, b.F("%s%s（%s 至 %s）", "%s %s (%s to %s)", line.page.Name.In(b.Lang), word, b.Amount(line.page, values[0]), b.Amount(line.page, values[len(values)-1])))
	}
	if len(moved) == 0 {
		return b.F("%s：%s 以来没有持续的升降", "%s: no steady rise or fall since %s", group.Name, periods[0]), nil
	}
	return group.Name + b.T("：", ": ") + b.List(moved), nil
}

// axisUnit names a unit where it must not be empty.
func (b *builder) axisUnit(unit string) string {
	if label := page.UnitLabel(unit).In(b.Lang); label != "" {
		return label
	}
	return b.T("指数", "index")
}

// safe makes a unit part of an identifier.
func safe(unit string) string {
	if unit == "%" {
		return "percent"
	}
	return unit
}

func (b *builder) scoreTrend(months []*metrics.Month, periods []string) figure.Builder {
	f := figure.SmallMultiples{Head: figure.Head{
		ID: "trend-scores", Unit: b.T("分", "points"), Source: b.Source(),
		Note: b.T("断点表示该月未结算或不计分。预算执行等按年累计的指标使得分随年度推进而升高，并在年初回落。",
			"A gap is a month that is not closed or not scored. Indicators that add up over the year, such as budget execution, make scores rise with the year and fall back at its start."),
	}, Periods: periods, Decimals: 2, Low: 0, High: 100}
	risen, fallen := 0, 0
	for _, d := range b.Month.Departments {
		panel := figure.Series{Label: b.label(d.ID)}
		for _, m := range months {
			value := document.None(document.NotApplicable)
			if s, ok := reading.ScoreIn(m, d.ID); ok && s.Total.Scored {
				value = document.Num(s.Total.Score)
			}
			panel.Values = append(panel.Values, value)
		}
		first, last := panel.Values[0], panel.Values[len(panel.Values)-1]
		if first.Ok() && last.Ok() {
			switch {
			case last.Number > first.Number:
				risen++
			case last.Number < first.Number:
				fallen++
			}
		}
		f.Panels = append(f.Panels, panel)
	}
	f.Title = b.F("与 %s 相比，%d 个部门得分升高，%d 个降低", "Against %s, the scores of %d departments rose and of %d fell", b.Period(periods[0]), risen, fallen)
	return f
}
