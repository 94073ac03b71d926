package reading

import (
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
)

// Detail chooses the columns of an indicator table. The first column is always the indicator.
type Detail struct {
	Class     bool // median of the class
	Past      bool // last month and a year ago
	Points    bool
	Dimension bool // a heading row for each dimension
}

// IndicatorTable lists indicators of one department, or of metrics.City. Indicators without any row in the month
// are left out; the states of the others stand in words.
func (r *Reading) IndicatorTable(id, title, department string, indicators []*page.Indicator, detail Detail) *document.Table {
	t := &document.Table{ID: id, Title: title, Source: r.Source(), Columns: r.indicatorColumns(detail)}
	r.indicatorRows(t, department, indicators, detail.Dimension, func(p *page.Indicator) []document.Cell { return r.indicatorCells(p, department, detail) })
	used := t.Used("indicator", "value", "target")
	return &used
}

// indicatorRows adds a row for each indicator that has one in the month, under a heading row for each dimension where
// these are asked for. Indicators without cells are left out.
func (r *Reading) indicatorRows(t *document.Table, department string, indicators []*page.Indicator, dimensions bool, cells func(*page.Indicator) []document.Cell) {
	dimension := ""
	for _, p := range indicators {
		if _, ok := r.Value(p.ID, department); !ok {
			continue
		}
		row := document.Row{Cells: cells(p)}
		if len(row.Cells) == 0 {
			continue
		}
		if dimensions && p.Dimension != dimension {
			dimension = p.Dimension
			head := document.Row{Strong: true, Cells: []document.Cell{document.Text(r.DimensionName(dimension))}}
			for range t.Columns[1:] {
				head.Cells = append(head.Cells, document.Empty())
			}
			t.Rows = append(t.Rows, head)
		}
		if dimensions {
			row.Level = 1
		}
		t.Rows = append(t.Rows, row)
	}
}

func (r *Reading) indicatorColumns(detail Detail) []document.Column {
	number := func(id, title string) document.Column {
		return document.Column{ID: id, Title: title, Kind: document.KindNumber, Decimals: 2}
	}
	columns := []document.Column{
		{ID: "indicator", Title: r.T("指标", "Indicator")},
		{ID: "unit", Title: r.T("单位", "Unit")},
		number("value", r.T("数值", "Value")),
	}
	columns = append(columns, number("target", r.T("目标", "Target")))
	if detail.Class {
		columns = append(columns, number("class", r.T("同类中位数", "Class median")))
	}
	if detail.Past {
		columns = append(columns, number("before", r.T("上月", "Last month")), number("year", r.T("上年同月", "A year ago")))
	} else {
		columns = append(columns, number("change", r.T("较上月", "Change")))
	}
	if detail.Points {
		columns = append(columns, number("points", r.T("得分", "Points")), number("weight", r.T("分值", "Of")))
	}
	return append(columns, document.Column{ID: "note", Title: r.T("说明", "Note")})
}

func (r *Reading) indicatorCells(p *page.Indicator, department string, detail Detail) []document.Cell {
	v, _ := r.Value(p.ID, department)
	name, value := r.nameAndValue(p, department)
	cells := []document.Cell{name, document.Text(r.Unit(p)), value, numberOrEmpty(v.Target)}
	if detail.Class {
		cell := document.Empty()
		if median, _, ok := r.ClassMedian(p.ID, department); ok {
			cell = document.Number(median)
		}
		cells = append(cells, cell)
	}
	change, changed := r.Change(p.ID, department)
	good := 0
	if changed && change.Significant {
		good = change.Direction
	}
	if detail.Past {
		before, year := document.Empty(), document.Empty()
		if was, ok := r.Before(p.ID, department); ok {
			before = document.Of(Number(was))
		}
		if was, ok := r.YearBefore(p.ID, department); ok {
			year = document.Of(Number(was))
		}
		cells[2].Good = good
		cells = append(cells, before, year)
	} else {
		cell := document.Empty()
		if changed {
			cell = document.Number(change.Difference)
			cell.Good = good
		}
		cells = append(cells, cell)
	}
	if detail.Points {
		points, weight := document.Empty(), document.Empty()
		if line, ok := r.Line(p.ID, department); ok && line.Weight > 0 {
			points, weight = document.Number(line.Points), document.Number(line.Weight)
		}
		cells = append(cells, points, weight)
	}
	return append(cells, document.Text(r.Remark(p.ID, department)))
}

// Standing says in sentences where the department stands, with the reason where a cap lowered its grade.
func (r *Reading) Standing(department string) string {
	s, ok := r.Score(department)
	if !ok || !s.Total.Scored {
		return r.T("本月没有可计分的指标。", "No indicator can be scored this month.")
	}
	text := r.F("得分 %s，等级“%s”，名次 %d（共 %d 个部门），已测权重占 %s%%。", "Score %s, grade “%s”, rank %d of %d departments; %s%% of the weight was measured.",
		document.FormatNumber(s.Total.Score, 2), r.Grade(s.Grade), s.Rank, len(r.Ranked()), document.FormatNumber(100*s.Total.Coverage, 0))
	if was, found := ScoreIn(r.Previous(), department); found && was.Total.Scored {
		text += r.F("上月得分 %s，等级“%s”，名次 %d。", " Last month: score %s, grade “%s”, rank %d.", document.FormatNumber(was.Total.Score, 2), r.Grade(was.Grade), was.Rank)
	}
	if s.CapReason != "" {
		text += r.T("", " ") + r.Cap(s)
	}
	return text
}

// Cap says why a grade was lowered.
func (r *Reading) Cap(s scoring.Result) string {
	return r.F("按得分应为“%[1]s”，因%[2]s，等级降为“%[3]s”。", "By its score the grade would be “%[1]s”; it was lowered to “%[3]s” because of a %[2]s.",
		r.Grade(s.Uncapped), CapReason(s.CapReason, r.Lang), r.Grade(s.Grade))
}

// Losses names the indicators that cost a department most.
func (r *Reading) Losses(s scoring.Result, most int) string {
	var names []string
	for _, im := range r.Improvements(s) {
		line, _ := r.Line(im.Indicator, s.Department)
		if p := r.indicators[im.Indicator]; p != nil && len(names) < most {
			names = append(names, r.F("%s（得 %s/%s 分）", "%s (scored %s of %s points)", p.Name.In(r.Lang), document.FormatNumber(line.Points, 2), document.FormatNumber(line.Weight, 2)))
		}
	}
	return r.List(names)
}

// Improvements lists what the indicators still hold for a department, the most first.
func (r *Reading) Improvements(s scoring.Result) []scoring.Improvement {
	scheme := r.Month.Scheme
	if scheme == nil {
		scheme = &scoring.Scheme{Bands: r.Bands}
	}
	return scheme.Improvements(s)
}

// Waiting counts the rows in quarantine when the month was closed.
func (r *Reading) Waiting() int64 {
	var sum int64
	if len(r.Dossier.Refused) > 0 {
		for _, f := range r.Dossier.Refused {
			sum += f.Rows
		}
		return sum
	}
	for _, s := range r.Month.Sources {
		sum += s.Quarantined
	}
	return sum
}
