package xlsx

import (
	"fmt"
	"slices"
	"strings"

	"weir/reports/document"
)

// codeEntry is one column of one sheet, for the codebook.
type codeEntry struct {
	sheet, letter string
	column        document.Column
	computed      string
}

// describe notes the columns of a sheet for the codebook.
func (b *book) describe(lay layout) {
	for i, c := range lay.table.Columns {
		letter := strings.TrimRight(cellName(i, 1), "1")
		b.codes = append(b.codes, codeEntry{lay.sheet, letter, c, b.computed(lay, c)})
	}
}

// computed says in words how a column is made from others.
func (b *book) computed(lay layout, c document.Column) string {
	title := func(id string) string { return lay.table.Columns[lay.place(id)].Title }
	switch {
	case c.Ratio.Numerator != "":
		return title(c.Ratio.Numerator) + " ÷ " + title(c.Ratio.Denominator) + strings.Replace(times(c.Ratio.Factor), "*", " × ", 1)
	case len(c.SumOf) > 0:
		return fmt.Sprintf(b.d.Lang.Pick("%d 列之和", "sum of %d columns"), len(c.SumOf))
	}
	return ""
}

// codebook is the sheet that explains every column of every other sheet, and the
// words that stand in place of numbers.
func (b *book) codebook() error {
	l := b.d.Lang
	kinds := map[document.Kind]string{
		document.KindText: l.Pick("文本", "text"), document.KindNumber: l.Pick("数值", "number"), document.KindDate: l.Pick("日期", "date"),
		document.KindMonth: l.Pick("月份", "month"), document.KindGrade: l.Pick("等级", "grade"),
	}
	t := document.Table{
		Title: l.Pick("编码表：各列含义", "Codebook: what each column means"),
		Note: l.Pick("数值列中的文字：未测＝数据源未接入；缺数＝应有而无；不适用＝无此职责或分母为零。三者均不是零，求和时不计。",
			"Words in number columns: not measured = source not connected; missing = should exist and does not; not applicable = no such role, or denominator zero. None is zero, none is added."),
		Columns: []document.Column{
			{ID: "sheet", Title: l.Pick("工作表", "Sheet")}, {ID: "column", Title: l.Pick("列", "Column")}, {ID: "id", Title: l.Pick("标识", "Identifier")}, {ID: "title", Title: l.Pick("名称", "Title")},
			{ID: "unit", Title: l.Pick("单位", "Unit")}, {ID: "kind", Title: l.Pick("类型", "Type")}, {ID: "decimals", Title: l.Pick("小数位", "Decimals"), Kind: document.KindNumber},
			{ID: "computed", Title: l.Pick("计算", "Computed")}, {ID: "meaning", Title: l.Pick("含义", "Meaning")},
		},
	}
	for _, e := range b.codes {
		decimals := document.Empty()
		if e.column.Kind == document.KindNumber {
			decimals = document.Number(float64(e.column.Decimals))
		}
		title := e.column.Title
		if e.column.Group != "" {
			title = e.column.Group + " / " + title
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			document.Text(e.sheet), document.Text(e.letter), document.Text(e.column.ID), document.Text(title), document.Text(e.column.Unit),
			document.Text(kinds[e.column.Kind]), decimals, document.Text(e.computed), document.Text(e.column.Meaning),
		}})
	}
	b.codes = nil
	return b.table(l.Pick("编码表", "Codebook"), t)
}

// explanations is the sheet with what lies behind every figure, one per row.
func (b *book) explanations() error {
	if len(b.d.Explanations) == 0 {
		return nil
	}
	l := b.d.Lang
	number := func(id, zh, en string, decimals int) document.Column {
		return document.Column{ID: id, Title: l.Pick(zh, en), Kind: document.KindNumber, Decimals: decimals}
	}
	t := document.Table{Title: l.Pick("逐项数据：每个数字的分子、分母与区间", "All figures: numerator, denominator and interval of each"), Columns: []document.Column{
		{ID: "id", Title: l.Pick("标识", "Identifier")}, {ID: "indicator", Title: l.Pick("指标", "Indicator")}, {ID: "subject", Title: l.Pick("对象", "Subject")},
		number("value", "数值", "Value", 4), {ID: "unit", Title: l.Pick("单位", "Unit")}, number("numerator", "分子", "Numerator", 2), number("denominator", "分母", "Denominator", 2), number("n", "n", "n", 0),
		number("low", "区间下限", "Interval low", 4), number("high", "区间上限", "Interval high", 4), {ID: "method", Title: l.Pick("区间方法", "Interval method")},
		number("target", "目标", "Target", 2), number("points", "得分", "Points", 2), number("points_max", "满分", "Possible", 2), {ID: "note", Title: l.Pick("说明", "Note")},
	}}
	names, units := map[string]string{}, map[string]string{}
	for _, d := range b.d.Definitions {
		names[d.ID], units[d.ID] = d.Name, d.Unit
	}
	for _, e := range b.d.Explanations {
		low, high, target, method := document.Empty(), document.Empty(), document.Empty(), ""
		if e.Interval != nil {
			low, high, method = document.Number(e.Interval.Low), document.Number(e.Interval.High), document.IntervalName(l, *e.Interval)
		}
		if e.Target != nil {
			target = document.Number(*e.Target)
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			document.Text(e.ID), document.Text(names[e.Definition]), document.Text(e.Subject), document.Of(e.Value), document.Text(units[e.Definition]),
			document.Of(e.Numerator), document.Of(e.Denominator), document.Of(e.N), low, high, document.Text(method), target, document.Of(e.Points), document.Of(e.PointsMax), document.Text(e.Note),
		}})
	}
	return b.table(l.Pick("逐项数据", "All figures"), t)
}

// definitions is the sheet of indicators with their queries.
func (b *book) definitions() error {
	if len(b.d.Definitions) == 0 {
		return nil
	}
	l := b.d.Lang
	t := document.Table{Title: l.Pick("指标：定义、公式、依据与查询", "Indicators: definition, formula, basis and query"), Columns: []document.Column{
		{ID: "id", Title: l.Pick("标识", "Identifier")}, {ID: "name", Title: l.Pick("名称", "Name")}, {ID: "question", Title: l.Pick("回答的问题", "Question")}, {ID: "meaning", Title: l.Pick("定义", "Definition")},
		{ID: "formula", Title: l.Pick("公式", "Formula")}, {ID: "numerator", Title: l.Pick("分子", "Numerator")}, {ID: "denominator", Title: l.Pick("分母", "Denominator")}, {ID: "unit", Title: l.Pick("单位", "Unit")},
		{ID: "direction", Title: l.Pick("方向", "Direction")}, {ID: "basis", Title: l.Pick("依据", "Basis")}, {ID: "version", Title: l.Pick("版本", "Version")}, {ID: "sql", Title: l.Pick("查询语句", "Query (SQL)")},
	}}
	for _, d := range b.d.Definitions {
		var basis []string
		for _, x := range d.Basis {
			basis = append(basis, strings.TrimSpace(x.Text+" "+x.Read))
		}
		row := document.Row{}
		for _, s := range []string{d.ID, d.Name, d.Question, d.Meaning, d.Formula, d.Numerator, d.Denominator, d.Unit, d.Direction, strings.Join(basis, "\n"), d.Version, d.SQL} {
			row.Cells = append(row.Cells, document.Text(s))
		}
		t.Rows = append(t.Rows, row)
	}
	return b.table(l.Pick("指标", "Indicators"), t)
}

// cover is the first sheet: what the report is, and a list of the sheets.
func (b *book) cover(sheet string) error {
	l, f := b.d.Lang, b.file
	row := 1
	put := func(column int, value string, look style) error {
		id, err := b.id(look)
		if err != nil {
			return err
		}
		name := cellName(column, row)
		if err := f.SetCellStr(sheet, name, b.text(value)); err != nil {
			return err
		}
		return f.SetCellStyle(sheet, name, name, id)
	}
	lines := []document.Fact{{Label: l.Pick("编制单位", "Issued by"), Value: b.d.Organisation}, {Label: l.Pick("报告期", "Period"), Value: strings.TrimSpace(b.d.Period + " " + b.d.Issue)}}
	lines = append(lines, b.d.Facts...)
	if b.d.Stamp != "" {
		lines = append(lines, document.Fact{Label: l.Pick("数据指纹", "Stamp"), Value: b.d.Stamp})
	}
	if err := put(0, b.d.Title, style{bold: true, size: 16, color: accent}); err != nil {
		return err
	}
	row += 2
	for i, line := range lines {
		if line.Value == "" || slices.Contains(lines[:i], line) {
			continue
		}
		if err := put(0, line.Label, style{color: muted}); err != nil {
			return err
		}
		if err := put(1, line.Value, style{}); err != nil {
			return err
		}
		row++
	}
	row++
	if err := put(0, l.Pick("工作表", "Sheets"), style{bold: true, under: true}); err != nil {
		return err
	}
	row++
	for _, s := range b.sheets {
		if err := f.SetCellHyperLink(sheet, cellName(0, row), "'"+s.name+"'!A1", "Location"); err != nil {
			return err
		}
		if err := put(0, s.name, style{color: accent, link: true}); err != nil {
			return err
		}
		if err := put(1, s.title, style{}); err != nil {
			return err
		}
		row++
	}
	if err := f.SetColWidth(sheet, "A", "A", 20); err != nil {
		return err
	}
	if err := f.SetColWidth(sheet, "B", "B", 80); err != nil {
		return err
	}
	f.SetActiveSheet(0)
	return b.fitWidth(sheet, "portrait")
}
