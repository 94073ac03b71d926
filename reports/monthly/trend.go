package monthly

import (
	"errors"

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
	s := document.Section{ID: "trend", Title: b.T("趋势", "Trends")}
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
		builders = append(builders, b.scoreTrend(months, periods))
	}
	return s, figure.Add(&s, b.Lang, builders...)
}

// cityTrends is one figure for each dimension, a small panel for each of its indicators.
func (b *builder) cityTrends(months []*metrics.Month, periods []string) ([]figure.Builder, error) {
	var builders []figure.Builder
	for _, group := range b.Grouped() {
		f := figure.Panels{Head: figure.Head{
			ID: "trend-" + group.ID, Unit: b.T("见各幅", "beside each panel"), Source: b.Source(),
			Note: b.T("全市值由各部门分子、分母分别相加得出；各幅刻度不同。“持续”指 Mann-Kendall 检验 p < 0.05；断开处无数值。",
				"Totals add numerators and denominators; each panel has its own scale. A steady movement passes the Mann-Kendall test at p < 0.05; a gap has no value."),
		}, Periods: periods}
		var moved []string
		for _, p := range group.Indicators {
			panel, measured := b.panel(p, months)
			if measured < 2 {
				continue
			}
			word, from, to, err := b.steady(panel.Values)
			if err != nil {
				return nil, err
			}
			if word != "" && b.Amount(p, from) != b.Amount(p, to) {
				panel.Note = map[bool]string{true: "▲ ", false: "▼ "}[to > from] + b.T("持续", "steadily ") + word
				moved = append(moved, b.F("%s%s（%s 至 %s）", "%s %s (%s to %s)", p.Name.In(b.Lang), word, b.Amount(p, from), b.Amount(p, to)))
			}
			f.Items = append(f.Items, panel)
		}
		if len(f.Items) > 0 {
			f.Title = b.trendTitle(group, moved, periods)
			builders = append(builders, f)
		}
	}
	return builders, nil
}

// panel is one indicator over the months, and in how many of them it has a value.
func (b *builder) panel(p *page.Indicator, months []*metrics.Month) (figure.Panel, int) {
	panel := figure.Panel{Label: figure.Label{ID: p.ID, Name: p.Name.In(b.Lang)}, Unit: page.UnitLabel(p.Unit).In(b.Lang), Decimals: p.Decimals}
	measured := 0
	for _, m := range months {
		v, _ := m.Find(p.ID, metrics.City)
		panel.Values = append(panel.Values, reading.Number(v))
		if reading.Number(v).Ok() {
			measured++
		}
	}
	return panel, measured
}

// trendTest is the level at which a movement counts as a trend.
const trendTest = 0.05

// steady says in which direction the values move by the Mann-Kendall test, with the first and the last of them; word is
// empty where there is no such movement, or where first and last contradict it.
func (b *builder) steady(values []document.Value) (word string, from, to float64, err error) {
	var times, known []float64
	for i, v := range values {
		if v.Ok() {
			times, known = append(times, float64(i)), append(known, v.Number)
		}
	}
	t, err := stats.MannKendall(times, known, 0.95)
	if errors.Is(err, stats.ErrNoData) {
		return "", 0, 0, nil
	}
	if err != nil {
		return "", 0, 0, err
	}
	from, to = known[0], known[len(known)-1]
	switch {
	case t.P >= trendTest:
	case t.Tau > 0 && to > from:
		word = b.T("上升", "rose")
	case t.Tau < 0 && to < from:
		word = b.T("下降", "fell")
	}
	return word, from, to, nil
}

// mostMoved is how many movements a title names.
const mostMoved = 3

// trendTitle names the steady movements, or says that there is none.
func (b *builder) trendTitle(group reading.Dimension, moved []string, periods []string) string {
	if len(moved) == 0 {
		return b.F("%s：%s以来没有持续的升降", "%s: no steady rise or fall since %s", group.Name, b.Period(periods[0]))
	}
	text := b.List(moved[:min(mostMoved, len(moved))])
	if more := len(moved) - mostMoved; more > 0 {
		text += b.F("，另有 %d 项", " and %d more", more)
	}
	return group.Name + b.T("：", ": ") + text
}

func (b *builder) scoreTrend(months []*metrics.Month, periods []string) figure.Builder {
	f := figure.SmallMultiples{Head: figure.Head{
		ID: "trend-scores", Unit: b.T("分", "points"), Source: b.Source(),
		Note: b.T("断点表示该月未结算或不计分；纵轴不自零起。预算执行等按年累计的指标使得分随年度推进而升高，并在年初回落。",
			"A gap is a month that is not closed or not scored; the axis does not start at zero. Indicators that add up over the year, such as budget execution, make scores rise with the year and fall back at its start."),
	}, Periods: periods, Decimals: 2}
	risen, fallen := 0, 0
	var unlike []string
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
			case len(b.Month.Joined(months[0], d.ID)) > 0:
				unlike = append(unlike, b.Name(d.ID))
			case last.Number > first.Number:
				risen++
			case last.Number < first.Number:
				fallen++
			}
		}
		f.Panels = append(f.Panels, panel)
	}
	if len(unlike) > 0 {
		f.Note += b.F("%s其间并入了原部门，不计入升降。", " Not counted as risen or fallen, since it took over a former department in between: %s.", b.List(unlike))
	}
	f.Title = b.F("与 %s相比，%d 个部门得分升高，%d 个降低", "Against %s, the scores of %d departments rose and of %d fell", b.Period(periods[0]), risen, fallen)
	return f
}
