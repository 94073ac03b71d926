package reading

import (
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
)

// Detail chooses the columns of an indicator table. The first column is always the indicator.
type Detail struct {
	Parts     bool // numerator, denominator and interval
	Class     bool // median of the class
	Past      bool // last month and a year ago
	Points    bool
	Basis     bool
	Dimension bool // a heading row for each dimension
}

// IndicatorTable lists indicators of one department, or of metrics.City. Indicators without any row in the month
// are left out; the states of the others stand in words.
func (r *Reading) IndicatorTable(id, title, department string, indicators []*page.Indicator, detail Detail) *document.Table {
	t := &document.Table{ID: id, Title: title, Source: r.Source(), Columns: r.indicatorColumns(detail)}
	dimension := ""
	for _, p := range indicators {
		if _, ok := r.Value(p.ID, department); !ok {
			continue
		}
		if detail.Dimension && p.Dimension != dimension {
			dimension = p.Dimension
			head := document.Row{Strong: true, Cells: []document.Cell{document.Text(r.DimensionName(dimension))}}
			for range t.Columns[1:] {
				head.Cells = append(head.Cells, document.Empty())
			}
			t.Rows = append(t.Rows, head)
		}
		row := document.Row{Cells: r.indicatorCells(p, department, detail)}
		if detail.Dimension {
			row.Level = 1
		}
		t.Rows = append(t.Rows, row)
	}
	used := t.Used("indicator", "value", "target")
	return &used
}

func (r *Reading) indicatorColumns(detail Detail) []document.Column {
	number := func(id, title, group string, decimals int) document.Column {
		return document.Column{ID: id, Title: title, Group: group, Kind: document.KindNumber, Decimals: decimals}
	}
	columns := []document.Column{
		{ID: "indicator", Title: r.T("指标", "Indicator")},
		{ID: "unit", Title: r.T("单位", "Unit")},
		number("value", r.T("数值", "Value"), "", 2),
	}
	if detail.Parts {
		columns = append(columns,
			number("numerator", r.T("分子", "Numerator"), "", 0), number("denominator", r.T("分母", "Denominator"), "", 0),
			number("low", r.T("下限", "low"), r.T("95% 区间", "95% interval"), 2), number("high", r.T("上限", "high"), r.T("95% 区间", "95% interval"), 2))
	}
	columns = append(columns, number("target", r.T("目标", "Target"), "", 2))
	if detail.Class {
		columns = append(columns, number("class", r.T("同类中位数", "Class median"), "", 2))
	}
	if detail.Past {
		columns = append(columns, number("before", r.T("上月", "Last month"), "", 2), number("year", r.T("上年同月", "A year ago"), "", 2))
	} else {
		columns = append(columns, number("change", r.T("较上月", "Change"), "", 2))
	}
	if detail.Points {
		columns = append(columns, number("points", r.T("得分", "Points"), "", 2), number("weight", r.T("分值", "Of"), "", 2))
	}
	columns = append(columns, document.Column{ID: "note", Title: r.T("说明", "Note")})
	if detail.Basis {
		columns = append(columns, document.Column{ID: "basis", Title: r.T("依据", "Basis")})
	}
	return columns
}

func (r *Reading) indicatorCells(p *page.Indicator, department string, detail Detail) []document.Cell {
	v, _ := r.Value(p.ID, department)
	value := document.Explained(Number(v), ExplanationID(p.ID, department))
	name := document.Text(p.Name.In(r.Lang))
	name.Explain = DefinitionID(p.ID)
	part := func(x *float64) document.Cell {
		if x == nil {
			return document.Empty()
		}
		return document.Number(*x)
	}
	cells := []document.Cell{name, document.Text(r.Unit(p)), value}
	if detail.Parts {
		cells = append(cells, part(v.Numerator), part(v.Denominator), part(v.Low), part(v.High))
	}
	cells = append(cells, part(v.Target))
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
	cells = append(cells, document.Text(r.Remark(p.ID, department)))
	if detail.Basis {
		text := ""
		if len(p.Basis) > 0 {
			text = p.Basis[0].Citation(r.Lang)
		}
		cells = append(cells, document.Text(text))
	}
	return cells
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
