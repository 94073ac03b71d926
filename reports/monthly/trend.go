package monthly

import (
	"fmt"

	"weir/metrics"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/figure"
)

// TrendMonths is how far back the trends look: a year and the month itself.
const TrendMonths = 13

// trend shows the whole city by month, one panel for each unit of measure, and the score of each department.
func (b *builder) trend() (document.Section, error) {
	s := document.Section{ID: "trend", Title: b.l.Pick("趋势", "Trends"), PageBreak: true}
	months := append(append([]*metrics.Month(nil), b.Earlier...), b.Month)
	if len(months) > TrendMonths {
		months = months[len(months)-TrendMonths:]
	}
	if len(months) < 2 {
		s.Blocks = append(s.Blocks, document.P(b.l.Pick("只有一个已结月份，暂无趋势。", "Only one month is closed: there is no trend yet.")))
		return s, nil
	}
	var periods []string
	for _, m := range months {
		periods = append(periods, m.Month)
	}
	builders := b.cityTrends(months, periods)
	builders = append(builders, b.scoreTrend(months, periods))
	return s, figure.Add(&s, b.l, builders...)
}

// linesAFigure is the most lines that a panel holds legibly.
const linesAFigure = 4

func (b *builder) cityTrends(months []*metrics.Month, periods []string) []figure.Builder {
	var units []string
	series := map[string][]figure.Series{}
	decimals := map[string]int{}
	for _, p := range b.Indicators {
		line := figure.Series{Label: figure.Label{ID: p.ID, Name: p.Name.In(b.l)}}
		measured := 0
		for _, m := range months {
			v, _ := m.Find(p.ID, metrics.City)
			line.Values = append(line.Values, number(v))
			if number(v).Ok() {
				measured++
			}
		}
		if measured < 2 {
			continue
		}
		if series[p.Unit] == nil {
			units = append(units, p.Unit)
		}
		series[p.Unit] = append(series[p.Unit], line)
		decimals[p.Unit] = max(decimals[p.Unit], p.Decimals)
	}
	var builders []figure.Builder
	for _, unit := range units {
		all := series[unit]
		for part := 0; len(all) > 0; part++ {
			n := min(linesAFigure, len(all))
			builders = append(builders, b.cityTrend(unit, part, all[:n], decimals[unit], periods))
			all = all[n:]
		}
	}
	return builders
}

func (b *builder) cityTrend(unit string, part int, lines []figure.Series, decimals int, periods []string) figure.Builder {
	first := lines[0]
	from, to := ends(first.Values)
	title := fmt.Sprintf(b.l.Pick("全市%s由 %s 变为 %s", "All departments: %s went from %s to %s"), first.Name,
		document.FormatNumber(from, decimals), document.FormatNumber(to, decimals))
	f := figure.Trend{Head: figure.Head{
		ID: fmt.Sprintf("trend-%s-%d", safe(unit), part+1), Title: title, Unit: b.axisUnit(unit), Source: b.source(),
		Note: b.l.Pick("全市值以分子、分母分别相加得出。", "Totals add numerators and denominators."),
	}, Periods: periods, Series: lines, Decimals: decimals}
	if unit == "%" {
		f.Low, f.High = 0, 100
	}
	return f
}

// ends are the first and the last measured value.
func ends(values []document.Value) (first, last float64) {
	found := false
	for _, v := range values {
		if v.Ok() {
			if !found {
				first, found = v.Number, true
			}
			last = v.Number
		}
	}
	return first, last
}

// axisUnit names a unit where it must not be empty.
func (b *builder) axisUnit(unit string) string {
	if label := page.UnitLabel(unit).In(b.l); label != "" {
		return label
	}
	return b.l.Pick("指数", "index")
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
		ID: "trend-scores", Title: b.l.Pick("各部门得分的走势", "How each department's score moved"), Unit: b.l.Pick("分", "points"), Source: b.source(),
		Note: b.l.Pick("断点表示该月未结算或不计分。", "A gap is a month that is not closed or not scored."),
	}, Periods: periods, Decimals: 2, Low: 0, High: 100}
	for _, d := range b.Month.Departments {
		panel := figure.Series{Label: b.label(d.ID)}
		for _, m := range months {
			value := document.None(document.NotApplicable)
			for _, r := range m.Scores {
				if r.Department == d.ID && r.Total.Scored {
					value = document.Num(r.Total.Score)
				}
			}
			panel.Values = append(panel.Values, value)
		}
		f.Panels = append(f.Panels, panel)
	}
	return f
}
