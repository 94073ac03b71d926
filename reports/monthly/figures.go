package monthly

import (
	"fmt"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/reports/document"
	"weir/reports/figure"
)

func (b *builder) source() string {
	return fmt.Sprintf(b.l.Pick("%s月结第 %d 版", "%s, revision %d of the closed month"), b.period(b.Month.Month), b.Month.Revision)
}

// ranking shows every department's score; those without one stand at the end with the reason.
func (b *builder) ranking() (document.Section, error) {
	s := document.Section{ID: "ranking", Title: b.l.Pick("部门得分与等级", "Scores and grades of the departments"), PageBreak: true}
	f := figure.Ranking{Head: figure.Head{
		ID: "ranking-score", Unit: b.l.Pick("分", "points"), Source: b.source(),
		Note: b.l.Pick("得分按与目标的距离计算，与其他部门的数据无关；覆盖率是已测指标的权重占比。缺数计 0 分，不适用与未测不计入。",
			"Scores follow the distance to targets and do not depend on other departments; coverage is the share of the weight that was measured. Missing data count 0 points; what is not applicable or not measured is left out."),
	}, Decimals: 2, Low: 0, High: 100}
	for _, band := range b.Bands {
		f.Bands = append(f.Bands, figure.Band{Name: band.Grade, Min: band.Min})
	}
	before := map[string]float64{}
	if m := b.previous(); m != nil {
		for _, r := range m.Scores {
			if r.Total.Scored {
				before[r.Department] = r.Total.Score
			}
		}
	}
	ranked := b.ranked()
	for _, r := range ranked {
		item := figure.RankingItem{Label: b.label(r.Department), Value: document.Num(r.Total.Score), Grade: r.Grade, Rank: r.Rank, N: document.None(document.NotApplicable)}
		if was, ok := before[r.Department]; ok {
			item.Change = document.Num(scoring.Round(r.Total.Score-was, 2))
		} else {
			item.Change = document.None(document.NotApplicable)
		}
		f.Items = append(f.Items, item)
	}
	for _, d := range b.Month.Departments {
		if r, ok := b.scores[d.ID]; !ok || !r.Total.Scored {
			f.Items = append(f.Items, figure.RankingItem{Label: b.label(d.ID), Value: document.None(document.NotApplicable), N: document.None(document.NotApplicable), Change: document.None(document.NotApplicable)})
		}
	}
	if len(ranked) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.l.Pick("本月没有可计分的部门。", "No department can be scored this month.")))
		return s, nil
	}
	best, worst := ranked[0], ranked[len(ranked)-1]
	f.Title = fmt.Sprintf(b.l.Pick("%s得分最高（%s），%s最低（%s）", "%s scores highest (%s), %s lowest (%s)"),
		b.names[best.Department], document.FormatNumber(best.Total.Score, 2), b.names[worst.Department], document.FormatNumber(worst.Total.Score, 2))
	return s, figure.Add(&s, b.l, f)
}

func (b *builder) label(department string) figure.Label {
	return figure.Label{ID: department, Name: b.names[department], Link: departmentSection(department)}
}

// heatMap shows which indicator holds which department back.
func (b *builder) heatMap() (document.Section, error) {
	s := document.Section{ID: "heatmap", Title: b.l.Pick("部门与指标", "Departments and indicators"), PageBreak: true}
	f := figure.HeatMap{Head: figure.Head{
		ID: "heatmap-indicators", Unit: b.l.Pick("得分率 %", "share of points, %"), Source: b.source(),
		Note: b.l.Pick("颜色为各指标的得分率（得分÷分值），表中为指标值。样本不足的指标显示其值，不评分。",
			"Colour is the share of points reached; the table holds the values. Indicators with too few cases are shown and not graded."),
	}, Decimals: 0, ScoreName: b.l.Pick("得分率", "share of points")}
	for _, p := range b.Indicators {
		f.Columns = append(f.Columns, figure.Label{ID: p.ID, Name: p.Name.In(b.l), Group: p.Dimension})
	}
	full, cells := 0, 0
	for _, d := range b.Month.Departments {
		f.Rows = append(f.Rows, b.label(d.ID))
		var row []figure.HeatCell
		for _, p := range b.Indicators {
			k := key{p.ID, d.ID}
			v, ok := b.values[k]
			if !ok {
				row = append(row, figure.HeatCell{})
				continue
			}
			cell := figure.HeatCell{Value: number(v), Score: document.None(stateOf(v.State)), Explain: explanationID(p.ID, d.ID)}
			if line, ok := b.lines[k]; ok && line.Graded && v.State == scoring.HasValue {
				cell.Score = document.Num(100 * line.Fraction)
				cells++
				if line.Fraction >= 1 {
					full++
				}
			} else if v.State == scoring.HasValue {
				cell.Score = document.None(document.NotApplicable)
			}
			row = append(row, cell)
		}
		f.Cells = append(f.Cells, row)
	}
	if len(f.Rows) == 0 || len(f.Columns) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.l.Pick("没有部门或指标。", "There are no departments or no indicators.")))
		return s, nil
	}
	f.Title = fmt.Sprintf(b.l.Pick("%d 个可评分的指标值中有 %d 个达到目标", "Of %d values that can be graded, %d reach their target"), cells, full)
	return s, figure.Add(&s, b.l, f)
}

// flows shows who gives to whom.
func (b *builder) flows() (document.Section, error) {
	s := document.Section{ID: "flows", Title: b.l.Pick("部门间数据流转", "Flows between departments"), PageBreak: true}
	f := figure.Flows{Head: figure.Head{
		ID: "flows-departments", Unit: b.l.Pick("有效交换次数", "effective exchanges"), Source: b.source(),
		Note: b.l.Pick("有效交换：同一使用部门、资源、场景在同一小时内的成功调用只计一次；部门自用与探测调用不计。",
			"An effective exchange counts successful calls of one consumer, resource and scenario within a clock hour once; own use and probes do not count."),
	}}
	var total int64
	largest := metrics.Flow{}
	for _, d := range b.Month.Departments {
		f.Units = append(f.Units, b.label(d.ID))
	}
	for _, flow := range b.Month.Flows {
		f.Links = append(f.Links, figure.Flow{From: flow.Provider, To: flow.Consumer, Amount: float64(flow.Exchanges)})
		total += flow.Exchanges
		if flow.Exchanges > largest.Exchanges {
			largest = flow
		}
	}
	if len(f.Links) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.l.Pick("本月没有部门间的有效交换记录。", "No effective exchange between departments was recorded this month.")))
		return s, nil
	}
	f.Title = fmt.Sprintf(b.l.Pick("共 %s 次有效交换，最大一支由%s流向%s（%s 次）", "%s effective exchanges; the largest flow goes from %s to %s (%s)"),
		document.FormatNumber(float64(total), 0), b.names[largest.Provider], b.names[largest.Consumer], document.FormatNumber(float64(largest.Exchanges), 0))
	return s, figure.Add(&s, b.l, f)
}
