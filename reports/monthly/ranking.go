package monthly

import (
	"math"
	"slices"

	"weir/metrics"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/figure"
	"weir/reports/reading"
)

// ranking shows every department's score; those without one stand at the end with the reason. Lowered grades are
// said in a note, since the bar alone would contradict the grade.
func (b *builder) ranking() (document.Section, error) {
	s := document.Section{ID: "ranking", Title: b.T("部门得分与等级", "Scores and grades of the departments"), PageBreak: true}
	f := figure.Ranking{Head: figure.Head{
		ID: "ranking-score", Unit: b.T("分", "points"), Source: b.Source(),
		Note: b.T("得分按与目标的距离计算，与其他部门的数据无关。缺数计 0 分，不适用与未测不计入。",
			"Scores follow the distance to targets and do not depend on other departments. Missing data count 0 points; what is not applicable or not measured is left out."),
	}, Decimals: 2, Low: 0, High: 100}
	for _, band := range b.Bands {
		f.Bands = append(f.Bands, figure.Band{Name: b.Grade(band.Grade), Min: band.Min})
	}
	ranked := b.Ranked()
	for _, r := range ranked {
		item := figure.RankingItem{Label: b.label(r.Department), Value: document.Num(r.Total.Score), Grade: b.Grade(r.Grade), Rank: r.Rank,
			Change: document.None(document.NotApplicable)}
		if was, ok := reading.ScoreIn(b.Previous(), r.Department); ok && was.Total.Scored && b.Joined(r.Department) == "" {
			item.Change = document.Num(scoring.Round(r.Total.Score-was.Total.Score, 2))
		}
		if standing, ok := b.Month.Standing(r.Department); ok && standing.Data.Scored {
			item.Interval = &document.Interval{Low: standing.Data.Score.Low, High: standing.Data.Score.High, Level: 0.95}
			item.RankLow, item.RankHigh = int(standing.Data.Rank.Low), int(math.Ceil(standing.Data.Rank.High))
		}
		f.Items = append(f.Items, item)
	}
	for _, d := range b.Month.Departments {
		if r, ok := b.Score(d.ID); !ok || !r.Total.Scored {
			absent := document.None(document.NotApplicable)
			f.Items = append(f.Items, figure.RankingItem{Label: b.label(d.ID), Value: absent, Change: absent})
		}
	}
	if len(ranked) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("本月没有可计分的部门。", "No department can be scored this month.")))
		return s, nil
	}
	f.Title = b.rankingTitle(ranked)
	if len(b.Month.Standings) > 0 {
		f.Note += b.T("须线为得分的 95% 区间，名次后括号为名次的 95% 区间，均由各指标数值的不确定性模拟得出。", " Whiskers are 95% intervals of the scores, ranges those of the ranks, both simulated from the uncertainty of the values.")
	}
	if err := figure.Add(&s, b.Lang, f); err != nil {
		return s, err
	}
	for _, note := range []*document.Note{b.caps(ranked), b.successors()} {
		if note != nil {
			s.Blocks = append(s.Blocks, note)
		}
	}
	return s, nil
}

func (b *builder) rankingTitle(ranked []scoring.Result) string {
	best, worst := ranked[0], ranked[len(ranked)-1]
	if len(ranked) == 1 {
		return b.F("%s得 %s 分", "%s scores %s", b.Name(best.Department), document.FormatNumber(best.Total.Score, 2))
	}
	return b.F("%s得分最高（%s），%s最低（%s）", "%s scores highest (%s), %s lowest (%s)",
		b.Name(best.Department), document.FormatNumber(best.Total.Score, 2), b.Name(worst.Department), document.FormatNumber(worst.Total.Score, 2))
}

// caps lists the grades that are lower than the score alone would give.
func (b *builder) caps(ranked []scoring.Result) *document.Note {
	note := &document.Note{Level: document.NoteCaution, Title: b.T("等级低于得分所应得者", "Grades below what the score alone would give")}
	for _, r := range ranked {
		if r.CapReason != "" {
			note.Body = append(note.Body, *document.Spans(b.name(r.Department), document.Span{Text: b.F("得分 %s：", ": score %s. ", document.FormatNumber(r.Total.Score, 2)) + b.Cap(r)}))
		}
	}
	if len(note.Body) == 0 {
		return nil
	}
	return note
}

// successors lists the departments whose figures hold those of a former one. A score that rose since then did not rise
// by the department's own doing alone, so the ranking leaves such a change out.
func (b *builder) successors() *document.Note {
	note := &document.Note{Level: document.NoteInfo, Title: b.T("含原部门数据的部门", "Departments whose figures include a former one")}
	for _, d := range b.Departments() {
		if text := b.Succession(d); text != "" {
			note.Body = append(note.Body, *document.Spans(b.name(d), document.Span{Text: b.T("：", ": ") + text}))
		}
	}
	if len(note.Body) == 0 {
		return nil
	}
	return note
}

func (b *builder) label(department string) figure.Label {
	return figure.Label{ID: department, Name: b.Name(department), Link: reading.DepartmentSection(department)}
}

// heatColumns is how many indicators stand side by side in a heat map.
const heatColumns = 22

// heatMap shows which indicator holds which department back. Dimensions stand side by side as far as they fit.
func (b *builder) heatMap() (document.Section, error) {
	s := document.Section{ID: "heatmap", Title: b.T("部门与指标", "Departments and indicators")}
	var packs [][]reading.Dimension
	width := 0
	for _, group := range b.Grouped() {
		group.Indicators = slices.DeleteFunc(slices.Clone(group.Indicators), func(p *page.Indicator) bool {
			return p.Scoring == nil || p.Scoring.Weight <= 0 || p.Status != page.Active
		})
		n := len(group.Indicators)
		switch {
		case n == 0 || len(b.Month.Departments) == 0:
			continue
		case len(packs) == 0 || width+n > heatColumns:
			packs, width = append(packs, nil), 0
		}
		packs[len(packs)-1], width = append(packs[len(packs)-1], group), width+n
	}
	for _, pack := range packs {
		if err := b.heatFigure(&s, pack); err != nil {
			return s, err
		}
	}
	if len(s.Blocks) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("没有部门或计分指标。", "There are no departments or no scored indicators.")))
	}
	return s, nil
}

func (b *builder) heatFigure(s *document.Section, pack []reading.Dimension) error {
	f := figure.HeatMap{Head: figure.Head{
		ID: "heatmap-" + pack[0].ID, Unit: b.T("得分率 %", "share of points, %"), Source: b.Source(),
		Note: b.T("颜色与格中数字为得分率（得分÷分值），图中数据表为指标值。样本不足的指标不评分，与不适用同样以“–”表示。",
			"Colour and number are the share of points reached; the table behind holds the values. Indicators with too few cases are not graded and show “–” like those that do not apply."),
	}, Decimals: 0, ScoreName: b.T("得分率", "share of points")}
	var scored []*page.Indicator
	var names []string
	for _, group := range pack {
		names = append(names, group.Name)
		for _, p := range group.Indicators {
			scored = append(scored, p)
			f.Columns = append(f.Columns, figure.Label{ID: p.ID, Name: p.Name.In(b.Lang), Group: group.Name})
		}
	}
	full, cells := 0, 0
	for _, d := range b.Month.Departments {
		f.Rows = append(f.Rows, b.label(d.ID))
		var row []figure.HeatCell
		for _, p := range scored {
			cell, graded, reached := b.heatCell(p, d.ID)
			row = append(row, cell)
			if graded {
				cells++
			}
			if reached {
				full++
			}
		}
		f.Cells = append(f.Cells, row)
	}
	f.Title = b.F("%s：%d 个可评分的指标值中有 %d 个达到目标", "%s: of %d values that can be graded, %d reach their target", b.List(names), cells, full)
	return figure.Add(s, b.Lang, f)
}

func (b *builder) heatCell(p *page.Indicator, department string) (cell figure.HeatCell, graded, full bool) {
	v, ok := b.Value(p.ID, department)
	if !ok {
		return figure.HeatCell{}, false, false
	}
	cell = figure.HeatCell{Value: reading.Number(v), Score: document.None(reading.StateOf(v.State)), Explain: reading.ExplanationID(p.ID, department)}
	line, ok := b.Line(p.ID, department)
	switch {
	case ok && line.Graded && v.State == scoring.HasValue:
		cell.Score = document.Num(100 * line.Fraction)
		return cell, true, line.Fraction >= 1
	case v.State == scoring.HasValue:
		cell.Score = document.None(document.NotApplicable)
	}
	return cell, false, false
}

// city lists every indicator over all departments.
func (b *builder) city() (document.Section, error) {
	s := document.Section{ID: "city", Title: b.T("全市指标一览", "All indicators over all departments")}
	var list []*page.Indicator
	reached, held := 0, 0
	for _, group := range b.Grouped() {
		for _, p := range group.Indicators {
			list = append(list, p)
			if v, ok := b.Value(p.ID, metrics.City); ok {
				if meets, has := reading.MeetsTarget(p, v); has {
					held++
					if meets {
						reached++
					}
				}
			}
		}
	}
	t := b.IndicatorTable("city-indicators", b.F("全市 %d 项有目标的指标中，%d 项达到目标", "Of %d indicators with a target, %d reach it over all departments", held, reached),
		metrics.City, list, reading.Detail{Dimension: true})
	t.Note = b.T("全市值以各部门的分子、分母分别相加得出，不取平均；▲▼ 标出显著变化（向好、转差）。", "Totals add numerators and denominators of the departments, no ratios are averaged; ▲▼ mark significant changes to the better or worse.")
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	return s, nil
}

// mostLosses is how many indicators a department's short section names.
const mostLosses = 5

// departments gives each department a short section; all its figures are in its own scorecard and in the appendix.
func (b *builder) departments() (document.Section, error) {
	s := document.Section{ID: "departments", Title: b.T("各部门要点", "The departments in brief")}
	for _, d := range b.Month.Departments {
		section := document.Section{ID: reading.DepartmentSection(d.ID), Title: b.Name(d.ID), Blocks: []document.Block{document.P(b.Standing(d.ID))}}
		if text := b.Succession(d.ID); text != "" {
			section.Blocks = append(section.Blocks, document.P(text))
		}
		var list []*page.Indicator
		if r, ok := b.Score(d.ID); ok {
			for _, im := range b.Improvements(r) {
				if p := b.Indicator(im.Indicator); p != nil && len(list) < mostLosses {
					list = append(list, p)
				}
			}
		}
		for _, p := range b.Indicators {
			if c, ok := b.Change(p.ID, d.ID); ok && c.Significant && !contains(list, p) {
				list = append(list, p)
			}
		}
		if len(list) > 0 {
			t := b.IndicatorTable("indicators-"+reading.Slug(d.ID), b.F("%s：失分最多与显著变化的指标", "%s: most points lost, and significant changes", b.Name(d.ID)), d.ID, list, reading.Detail{Points: true})
			section.Blocks = append(section.Blocks, t)
		}
		s.Sections = append(s.Sections, section)
	}
	return s, nil
}

func contains(list []*page.Indicator, p *page.Indicator) bool {
	for _, x := range list {
		if x == p {
			return true
		}
	}
	return false
}
