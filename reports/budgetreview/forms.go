package budgetreview

import (
	"strings"

	"weir/internal/lang"
	"weir/metrics/scoring"
	"weir/queries/page"
	"weir/reports/document"
	"weir/reports/reading"
)

// departmentTables is annex 1: the self-evaluation of every department.
func (b *builder) departmentTables() (document.Section, error) {
	s := document.Section{ID: "annex-departments", Title: b.T("附件1　部门绩效自评表", "Annex 1: self-evaluation by department"), PageBreak: true, Unnumbered: true}
	for _, d := range b.Month.Departments {
		section := document.Section{ID: reading.DepartmentSection(d.ID), Title: b.Name(d.ID), PageBreak: len(s.Sections) > 0}
		if text := b.Succession(d.ID); text != "" {
			section.Blocks = append(section.Blocks, document.P(text))
		}
		r, ok := b.Score(d.ID)
		if !ok || !r.Total.Scored {
			section.Blocks = append(section.Blocks, document.P(b.T("没有可计分的指标，不填报得分。", "No indicator can be scored: no points are entered.")))
		} else {
			section.Blocks = append(section.Blocks, b.departmentForm(d.ID, r))
		}
		s.Sections = append(s.Sections, section)
	}
	return s, nil
}

// formWidths are the columns of both forms in millimetres: level 1, level 2, level 3 in two, target, actual, weight,
// points, reason. The money of a project stands in the same columns. English names of levels are single words that
// must not reach over the rules.
var (
	formWidths        = []float64{13, 14, 17, 21, 22, 22, 10, 13, 24}
	formWidthsEnglish = []float64{16.5, 18.5, 16.5, 21, 21, 20.5, 10, 10.5, 21.5}
)

func (b *builder) formWidths() []float64 {
	if b.Lang == lang.En {
		return formWidthsEnglish
	}
	return formWidths
}

func label(text string, columns int) document.FormCell {
	return document.FormCell{Text: text, Columns: columns, Label: true}
}

func filled(text string, columns int) document.FormCell {
	return document.FormCell{Text: text, Columns: columns}
}

func number(v document.Value, decimals int) document.FormCell {
	return document.FormCell{Number: true, Value: v, Decimals: decimals}
}

// part is a number that counts in the sum at the end of the form.
func part(v document.Value) document.FormCell {
	return document.FormCell{Number: true, Value: v, Decimals: 2, Part: v.Ok()}
}

func sum(v float64) document.FormCell {
	return document.FormCell{Number: true, Value: document.Num(v), Decimals: 2, Sum: true}
}

// formHead is the row that names the columns of the indicators.
func (b *builder) formHead() document.FormRow {
	return document.FormRow{Head: true, Cells: []document.FormCell{
		label(b.T("一级指标", "Level 1"), 1), label(b.T("二级指标", "Level 2"), 1), label(b.T("三级指标", "Level 3"), 2), label(b.T("年度指标值（A）", "Target (A)"), 1),
		label(b.T("实际完成值（B）", "Actual (B)"), 1), label(b.T("分值", "Max."), 1), label(b.T("得分", "Points"), 1), label(b.T("偏差原因分析及改进措施", "Explanation"), 1),
	}}
}

// indicatorRows turns the rows of the table behind into rows of the form: levels 1 and 2 stand once for all their rows.
func indicatorRows(t document.Table) []document.FormRow {
	var rows []document.FormRow
	for i, r := range t.Rows {
		var cells []document.FormCell
		for level := range 2 {
			if i > 0 && same(t.Rows[i-1], r, level) {
				continue
			}
			n := 1
			for i+n < len(t.Rows) && same(t.Rows[i+n], r, level) {
				n++
			}
			cells = append(cells, document.FormCell{Text: r.Cells[level].Text, Rows: n})
		}
		cells = append(cells, filled(r.Cells[2].Text, 2), filled(r.Cells[3].Text, 1), filled(r.Cells[4].Text, 1))
		for _, c := range r.Cells[5:7] {
			if c.Blank {
				cells = append(cells, filled("", 1))
			} else {
				cells = append(cells, part(c.Value))
			}
		}
		rows = append(rows, document.FormRow{Cells: append(cells, filled(r.Cells[7].Text, 1))})
	}
	return rows
}

// same reports whether two rows belong to the same indicator of a level and of the levels above it.
func same(x, y document.Row, level int) bool {
	for k := range level + 1 {
		if x.Cells[k].Text != y.Cells[k].Text {
			return false
		}
	}
	return true
}

func (b *builder) departmentForm(department string, r scoring.Result) *document.RuledForm {
	t := document.Table{ID: "self-" + reading.Slug(department), Title: b.F("%s政务数据绩效自评表", "%s: self-evaluation", b.Name(department)), Source: b.Source(), Columns: b.formColumns()}
	lines := map[string]scoring.Line{}
	for _, line := range r.Total.Lines {
		lines[line.Indicator] = line
	}
	for _, part := range schemeParts {
		for _, p := range b.inPart(lines, part.id) {
			line := lines[p.ID]
			level2 := ""
			if len(line.Groups) > 2 {
				level2 = b.GroupName(line.Groups[2])
			}
			v, _ := b.Value(p.ID, department)
			points, weight := document.Empty(), document.Empty()
			if line.Weight > 0 {
				points, weight = document.Number(line.Points), document.Number(line.Weight)
			}
			target, actual := b.TargetText(p, v), b.Figure(p, v)
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(b.T(part.zh, part.en)), document.Text(level2), document.Text(p.Name.In(b.Lang)), document.Text(target),
				document.Text(actual), weight, points, document.Text(b.deviation(line, !strings.HasSuffix(target, " "+actual)))}})
		}
	}
	f := &document.RuledForm{ID: "form-" + reading.Slug(department), Title: b.T("部门政务数据绩效自评表", "Self-evaluation of government data"), Subtitle: b.F("（%d 年度，截至 %s）", "(%d, as of %s)", b.Dossier.FiscalYear, b.Date().Format("2006-01-02")), Source: b.Source(), Widths: b.formWidths(), Table: t}
	f.Rows = append(f.Rows, document.FormRow{Head: true, Cells: []document.FormCell{label(b.T("部门名称", "Department"), 2), filled(b.Name(department), 3), label(b.T("得分、等级", "Score, grade"), 1),
		filled(b.F("%s 分，%s", "%s, %s", document.FormatNumber(r.Total.Score, 2), b.Grade(r.Grade)), 3)}}, b.formHead())
	f.Rows = append(f.Rows, indicatorRows(t)...)
	f.Rows = append(f.Rows, document.FormRow{Cells: []document.FormCell{label(b.T("总分", "Total"), 6), sum(r.Total.Weight), sum(r.Total.Points), filled("", 1)}})
	f.Note = b.T("不适用与样本不足者不评分，分值由同组指标分担；未测者对所有部门均不计；缺数计 0 分。百分制得分＝总得分÷总分值×100。",
		"What does not apply or has too few cases is not graded and its weight is shared within its group; what is not measured counts for no department; what is missing counts 0. The score out of 100 is the points as a share of the weights. ") + b.capText(r)
	return f
}

// inPart are the indicators of a part of the scheme, those of one second level together.
func (b *builder) inPart(lines map[string]scoring.Line, part string) []*page.Indicator {
	var order []string
	groups := map[string][]*page.Indicator{}
	for _, p := range b.Indicators {
		line, ok := lines[p.ID]
		if !ok || len(line.Groups) < 2 || line.Groups[1] != part {
			continue
		}
		level2 := ""
		if len(line.Groups) > 2 {
			level2 = line.Groups[2]
		}
		if groups[level2] == nil {
			order = append(order, level2)
		}
		groups[level2] = append(groups[level2], p)
	}
	var list []*page.Indicator
	for _, level2 := range order {
		list = append(list, groups[level2]...)
	}
	return list
}

func (b *builder) capText(r scoring.Result) string {
	if r.CapReason == "" {
		return ""
	}
	return b.Cap(r)
}

// formColumns are the columns of the official form.
func (b *builder) formColumns() []document.Column {
	return []document.Column{
		{ID: "level1", Title: b.T("一级指标", "Level 1")}, {ID: "level2", Title: b.T("二级指标", "Level 2")}, {ID: "level3", Title: b.T("三级指标", "Level 3")},
		{ID: "target", Title: b.T("年度指标值（A）", "Target (A)")}, {ID: "actual", Title: b.T("实际完成值（B）", "Actual (B)")},
		{ID: "weight", Title: b.T("分值", "Max."), Kind: document.KindNumber, Decimals: 2}, {ID: "points", Title: b.T("得分", "Points"), Kind: document.KindNumber, Decimals: 2},
		{ID: "reason", Title: b.T("偏差原因分析及改进措施", "Explanation")},
	}
}

// deviation says why points are missing as far as the data tell; the rest is for the department to say. A target may be
// missed by so little that no point is lost: it asks for a reason where the printed figures differ.
func (b *builder) deviation(line scoring.Line, differs bool) string {
	switch line.Reason { // the note below the form says what follows from each
	case scoring.ReasonNotApplicable:
		return b.T("不适用", "not applicable")
	case scoring.ReasonTooFew:
		return b.T("样本不足", "too few cases")
	case scoring.ReasonNotMeasured:
		return b.T("未测", "not measured")
	case scoring.ReasonMissing:
		return b.T("缺数", "missing")
	}
	if line.Points >= line.Weight && (line.Fraction >= 1 || !differs) {
		return ""
	}
	return b.unexplained()
}

func (b *builder) unexplained() string { return b.T("待部门说明", "to be explained") }
