package reporttest

import (
	"fmt"
	"math"
	"sort"

	"weir/internal/lang"
	"weir/reports/document"
	"weir/reports/figure"
)

func head(l lang.Lang, id, zh, en, unit string) figure.Head {
	return figure.Head{
		ID: id, Title: l.Pick(zh, en), Unit: unit,
		Source: l.Pick("共享交换平台日志，2026年10月", "exchange logs, October 2026"),
		Note:   l.Pick("n 为当期到期件数；n<5 不评级。", "n is the number of cases due; not graded where n < 5."),
	}
}

// Bands are the usual grades.
func Bands(l lang.Lang) []figure.Band {
	return []figure.Band{
		{Name: l.Pick("优", "excellent"), Min: 90}, {Name: l.Pick("良", "good"), Min: 80},
		{Name: l.Pick("中", "fair"), Min: 60}, {Name: l.Pick("差", "poor"), Min: 0},
	}
}

// GradeOf is the grade of a score.
func GradeOf(l lang.Lang, score float64) string {
	for _, b := range Bands(l) {
		if score >= b.Min {
			return b.Name
		}
	}
	return ""
}

// Ranking is the ranking of n of the departments, the last n so that the hostile
// names are among them.
func Ranking(l lang.Lang, n int) figure.Ranking {
	r := figure.Ranking{Head: head(l, "ranking", "3 个部门达到优，民政局上升 6 位", "Three departments are excellent; Civil Affairs rose by 6 ranks", l.Pick("分", "points")),
		Decimals: 1, Bands: Bands(l), Low: 0, High: 100}
	target := 85.0
	r.Target = &target
	all := Departments()
	for i, d := range all[len(all)-n:] {
		item := figure.RankingItem{Label: d, Value: Score(i), N: document.Num(float64(3 + i*7)), Change: document.Num(noise(i, 3)*6 - 3)}
		if item.Value.Ok() {
			w := 2 + 5*noise(i, 2)
			item.Interval = &document.Interval{Low: item.Value.Number - w, High: math.Min(100, item.Value.Number+w), Level: 0.95, Method: "Wilson"}
			item.Grade = GradeOf(l, item.Value.Number)
			if i == n/2 {
				item.Grade = ""
			}
		}
		r.Items = append(r.Items, item)
	}
	sort.SliceStable(r.Items, func(i, j int) bool {
		a, b := r.Items[i].Value, r.Items[j].Value
		if a.Ok() != b.Ok() {
			return a.Ok()
		}
		return a.Number > b.Number
	})
	for i := range r.Items {
		if r.Items[i].Value.Ok() {
			r.Items[i].Rank, r.Items[i].RankLow, r.Items[i].RankHigh = i+1, max(1, i-2), min(n, i+4)
		}
	}
	return r
}

// HeatMap is departments × indicators with all four states.
func HeatMap(l lang.Lang, rows, columns int) figure.HeatMap {
	h := figure.HeatMap{Head: head(l, "heatmap", "答复及时率普遍较高，数据更新及时率是短板", "Replies are on time; updates are not", l.Pick("分", "points")), ScoreName: l.Pick("得分", "score")}
	names := []string{l.Pick("活跃流动率", "active flow rate"), l.Pick("沉睡存储占比", "dormant storage share"), l.Pick("跨条块流动占比", "cross-line flow share"), l.Pick("答复及时率", "reply on time"),
		l.Pick("数据更新及时率", "data update on time"), l.Pick("数据新鲜度", "freshness at use"), l.Pick("复用率", "reuse rate"), l.Pick("预算执行率", "budget execution rate")}
	for j := range columns {
		h.Columns = append(h.Columns, figure.Label{ID: fmt.Sprintf("I%02d", j), Name: names[j%len(names)], Group: fmt.Sprint(j / 7)})
	}
	for i, d := range Departments()[:rows] {
		h.Rows = append(h.Rows, d)
		line := make([]figure.HeatCell, columns)
		for j := range line {
			line[j] = figure.HeatCell{Score: State(i, j)}
		}
		h.Cells = append(h.Cells, line)
	}
	return h
}

// Flows are exchanges between departments.
func Flows(l lang.Lang, units int) figure.Flows {
	f := figure.Flows{Head: head(l, "flows", "公安、民政、市场监管三部门提供了一半以上的数据", "Three departments provide more than half of the data", l.Pick("次", "exchanges"))}
	f.Units = Departments()[:units]
	for i := range units {
		for j := range units {
			if r := noise(i*7, j); i != j && r > 0.86 {
				f.Links = append(f.Links, figure.Flow{From: f.Units[i].ID, To: f.Units[j].ID, Amount: math.Round(20 + 3000*math.Pow(r, 9)*noise(i, 99))})
			}
		}
	}
	return f
}

// Trend is four lines with a month without events.
func Trend(l lang.Lang) figure.Trend {
	t := figure.Trend{Head: head(l, "trend", "答复及时率连续 4 个月上升", "Replies on time have risen for four months", "%"), Periods: Months(l, 18), Decimals: 1}
	target := 95.0
	t.Target = &target
	for s, name := range []string{l.Pick("答复及时率", "reply on time"), l.Pick("数据更新及时率", "data update on time"), l.Pick("提供及时率", "delivery on time"), l.Pick("校核更正及时率", "correction on time")} {
		series := figure.Series{Label: figure.Label{ID: fmt.Sprint(s), Name: name}}
		for k := range t.Periods {
			v := document.Num(math.Round(10*(70+float64(k)*1.1-float64(s)*5+8*noise(s, k))) / 10)
			if k == 7 {
				v = document.None(document.NotApplicable)
			}
			series.Values = append(series.Values, v)
		}
		t.Series = append(t.Series, series)
	}
	for _, v := range t.Series[0].Values {
		low, high := v, v
		low.Number, high.Number = v.Number-6, math.Min(100, v.Number+4)
		t.Series[0].Low, t.Series[0].High = append(t.Series[0].Low, low), append(t.Series[0].High, high)
	}
	return t
}

// SmallMultiples is one panel per department.
func SmallMultiples(l lang.Lang, n int) figure.SmallMultiples {
	m := figure.SmallMultiples{Head: head(l, "panels", "更新及时率：5 个部门下降", "Updates on time fell in five departments", "%"), Periods: Months(l, 12), Decimals: 1, Low: 0, High: 100}
	all := Departments()
	for i, d := range all[len(all)-n:] {
		s := figure.Series{Label: d}
		for k := range m.Periods {
			v := State(i, k)
			if i == 3 && k > 4 {
				v = document.None(document.NotMeasured)
			}
			s.Values = append(s.Values, v)
		}
		m.Panels = append(m.Panels, s)
	}
	return m
}

// Funnel is 进得来 做得了 出得去.
func Funnel(l lang.Lang) figure.Funnel {
	f := figure.Funnel{Head: head(l, "funnel", "挂接之后流失最多：仅 38% 的资源被申请", "Most is lost after mounting: 38% are asked for", l.Pick("个资源", "resources"))}
	for i, name := range []string{l.Pick("编目", "catalogued"), l.Pick("挂接", "mounted"), l.Pick("申请", "requested"), l.Pick("提供", "delivered"), l.Pick("使用", "used")} {
		f.Stages = append(f.Stages, figure.Stage{Label: figure.Label{ID: fmt.Sprint(i), Name: name}, Value: document.Num([]float64{12840, 9012, 3402, 3100, 1244}[i])})
	}
	f.Stages[3].Value = document.None(document.NotMeasured)
	return f
}

// BarLine is spending, with 13 digits, and a rate.
func BarLine(l lang.Lang) figure.BarLine {
	b := figure.BarLine{Head: head(l, "barline", "支出达 1,234,567,890,123 元，执行率回升", "Spending reached 1,234,567,890,123 yuan", l.Pick("元", "yuan")), LineUnit: "%", LineDecimals: 1}
	bars := []figure.Series{{Label: figure.Label{ID: "budget", Name: l.Pick("全年预算", "budget")}}, {Label: figure.Label{ID: "spent", Name: l.Pick("累计执行", "spent")}}}
	line := figure.Series{Label: figure.Label{ID: "rate", Name: l.Pick("执行率", "execution rate")}}
	for k, m := range Months(l, 12) {
		b.Categories = append(b.Categories, figure.Label{ID: m, Name: m})
		bars[0].Values = append(bars[0].Values, document.Num(1234567890123))
		if k == 5 {
			bars[1].Values = append(bars[1].Values, document.None(document.Missing))
			line.Values = append(line.Values, document.None(document.Missing))
			continue
		}
		bars[1].Values = append(bars[1].Values, document.Num(math.Round(1234567890123*float64(k+1)/13)))
		line.Values = append(line.Values, document.Num(math.Round(1000*float64(k+1)/13)/10))
	}
	b.Bars, b.Lines = bars, []figure.Series{line}
	return b
}

// Shares are stacked bars that add up to 100 with the noise of binary arithmetic, and series with long names.
func Shares(l lang.Lang) figure.BarLine {
	b := figure.BarLine{Head: head(l, "shares", "数据服务与运营占三成", "Data services and operation take a third", "%"), BarDecimals: 1, Horizontal: true, Stacked: true}
	parts := []float64{24.1, 21.3, 36.7}
	rest := 100.00000001
	for i, name := range []string{l.Pick("硬件", "Hardware"), l.Pick("软件与工具", "Software and tools"), l.Pick("数据服务与运营", "Data services and operation"), l.Pick("运行维护与其他", "Maintenance and other")} {
		part := rest
		if i < len(parts) {
			part = parts[i]
			rest -= part
		}
		s := figure.Series{Label: figure.Label{ID: fmt.Sprint(i), Name: name}}
		for range 12 {
			s.Values = append(s.Values, document.Num(part))
		}
		b.Bars = append(b.Bars, s)
	}
	for i := range 12 {
		b.Categories = append(b.Categories, figure.Label{ID: fmt.Sprint(i), Name: l.Pick("人力资源和社会保障局", "Bureau of Human Resources and Social Security")})
	}
	return b
}

// HorizontalBars are bars with long names.
func HorizontalBars(l lang.Lang) figure.BarLine {
	b := figure.BarLine{Head: head(l, "kinds", "日更数据及时，年更数据滞后", "Daily data are on time, yearly data are late", l.Pick("个", "items")), Horizontal: true, Stacked: true}
	on, late := figure.Series{Label: figure.Label{ID: "on", Name: l.Pick("按时", "on time")}}, figure.Series{Label: figure.Label{ID: "late", Name: l.Pick("逾期", "late")}}
	for i, name := range []string{l.Pick("实时", "real time"), l.Pick("每日", "daily"), l.Pick("每月", "monthly"), l.Pick("每年", "yearly"), l.Pick("自然人婚姻登记信息与社会救助对象信息", "marriage registrations and social assistance")} {
		b.Categories = append(b.Categories, figure.Label{ID: fmt.Sprint(i), Name: name})
		on.Values = append(on.Values, document.Num(float64(120-20*i)))
		late.Values = append(late.Values, document.Num(float64(5+18*i)))
	}
	late.Values[4] = document.None(document.NotMeasured)
	b.Bars = []figure.Series{on, late}
	return b
}

// Dots are the indicators of one department.
func Dots(l lang.Lang) figure.IntervalDots {
	d := figure.IntervalDots{Head: head(l, "dots", "两项指标低于目标且区间不含目标", "Two indicators are below target beyond doubt", "%"), Decimals: 1, Low: 0, High: 100,
		MedianName: l.Pick("同类中位数", "class median"), EarlierName: l.Pick("上月", "last month")}
	for j, name := range []string{l.Pick("答复及时率", "reply on time"), l.Pick("数据更新及时率", "data update on time"), l.Pick("目录挂接率", "mount rate"), l.Pick("复用率", "reuse rate"), l.Pick("跨条块流动占比", "cross-line flow share"), l.Pick("事项支撑率", "matter support rate")} {
		item := figure.DotItem{Label: figure.Label{ID: fmt.Sprint(j), Name: name}, Value: document.Num(math.Round(1000*noise(j, 5)) / 10), N: document.Num(float64(4 + 30*j))}
		w := 22 / float64(j+1)
		item.Interval = &document.Interval{Low: math.Max(0, item.Value.Number-w), High: math.Min(100, item.Value.Number+w), Level: 0.95, Method: "Wilson"}
		target, median, earlier := 95-5*float64(j), 60+5*noise(j, 8), item.Value.Number-8
		item.Target, item.Median, item.Earlier = &target, &median, &earlier
		d.Items = append(d.Items, item)
	}
	d.Items[2].Value, d.Items[2].Interval = document.None(document.NotApplicable), nil
	return d
}

// Waterfall explains a change of a score, through zero.
func Waterfall(l lang.Lang) figure.Waterfall {
	w := figure.Waterfall{Head: head(l, "waterfall", "得分上升 3.4 分，主要来自答复及时率", "The score rose by 3.4 points, mostly by replies on time", l.Pick("分", "points")),
		StartName: l.Pick("2026年9月", "September 2026"), EndName: l.Pick("2026年10月", "October 2026"), Start: 78.1, End: 81.5, Decimals: 1}
	for i, s := range []struct {
		zh, en string
		v      float64
	}{{"答复及时率", "reply on time", 4.2}, {"数据更新及时率", "data update on time", -1.9}, {"复用率", "reuse rate", 1.6}, {"其他 11 项指标", "11 other indicators", 0.3}, {"权重调整", "weights changed", -0.8}} {
		w.Steps = append(w.Steps, figure.Step{Label: figure.Label{ID: fmt.Sprint(i), Name: l.Pick(s.zh, s.en)}, Amount: s.v})
	}
	return w
}
