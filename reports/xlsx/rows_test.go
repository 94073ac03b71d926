package xlsx_test

import (
	"bytes"
	"strings"
	"testing"

	"weir/internal/lang"
	"weir/reports/document"
	"weir/reports/xlsx"
)

// A name that breaks has its lines, and a text stands clear of the number before it.
func TestLongNamesShowAllTheirLines(t *testing.T) {
	long := strings.Repeat("Integrated Administrative Enforcement and Government Data Services, ", 3) + "(BPQYJ)"
	d := &document.Document{ID: "d", Lang: lang.En, Title: "t", Sections: []document.Section{{ID: "s", Title: "s", Blocks: []document.Block{&document.Table{
		ID: "t", Title: "t", Columns: []document.Column{{ID: "rank", Title: "Rank", Kind: document.KindNumber}, {ID: "name", Title: "Department"}},
		Rows: []document.Row{{Cells: []document.Cell{document.Number(1), document.Text("short")}}, {Cells: []document.Cell{document.Number(2), document.Text(long)}}},
	}}}}}
	var out bytes.Buffer
	if err := xlsx.Render(&out, d); err != nil {
		t.Fatal(err)
	}
	f := open(t, out.Bytes())
	sheet := f.GetSheetList()[1]
	one, err := f.GetRowHeight(sheet, 5)
	if err != nil {
		t.Fatal(err)
	}
	if many, err := f.GetRowHeight(sheet, 6); err != nil || many < 3*one*0.9 {
		t.Errorf("a name of four lines has a row of %.1f points, one of a line %.1f (%v)", many, one, err)
	}
	id, err := f.GetCellStyle(sheet, "B5")
	if err != nil {
		t.Fatal(err)
	}
	if style, err := f.GetStyle(id); err != nil || style.Alignment == nil || style.Alignment.Indent != 1 {
		t.Errorf("the text behind a number is not set off: %+v (%v)", style, err)
	}
}

// A text that fits its column takes one line, and a head that does not has all its lines.
func TestRowsAreAsHighAsTheirTexts(t *testing.T) {
	d := &document.Document{ID: "d", Lang: lang.En, Title: "t", Sections: []document.Section{{ID: "s", Title: "s", Blocks: []document.Block{&document.Table{
		ID: "t", Title: "t", Columns: []document.Column{{ID: "name", Title: "Department"}, {ID: "late", Title: "Progress less execution of the budget", Unit: "percentage points", Kind: document.KindNumber}},
		Rows: []document.Row{{Cells: []document.Cell{document.Text("Bureau of Human Resources and Social Security"), document.Number(1)}}, {Cells: []document.Cell{document.Text("Tax Service"), document.Number(2)}}},
	}}}}}
	var out bytes.Buffer
	if err := xlsx.Render(&out, d); err != nil {
		t.Fatal(err)
	}
	f := open(t, out.Bytes())
	sheet := f.GetSheetList()[1]
	height := func(row int) float64 {
		h, err := f.GetRowHeight(sheet, row)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	if longest, short := height(5), height(6); longest != short {
		t.Errorf("the longest name has a row of %.1f points, a short one %.1f", longest, short)
	}
	if head := height(4); head < 2*height(6)*0.9 {
		t.Errorf("a head of two lines has a row of %.1f points, a line %.1f", head, height(6))
	}
}

// A number is not broken, so it makes no row of a form higher, and what fits its cell takes one line: rows that differ
// without a reason look like rows with something left out.
func TestRowsOfAFormAreAsHighAsTheirTexts(t *testing.T) {
	cell := func(text string) document.FormCell { return document.FormCell{Text: text} }
	number := document.FormCell{Number: true, Value: document.Num(100), Decimals: 2}
	form := &document.RuledForm{ID: "f", Title: "表", Widths: []float64{80, 22, 22, 10, 22}, Rows: []document.FormRow{
		{Cells: []document.FormCell{cell("复用率"), cell("≥ 50.0%"), cell("54.5%"), cell(""), cell("")}},
		{Cells: []document.FormCell{cell("数据周转率"), cell("≥ 1.23 次/年"), cell("2.27 次/年"), number, cell("待部门说明")}},
		{Cells: []document.FormCell{cell("传播时滞"), cell("≤ 0.25 倍更新周期"), cell(""), cell(""), cell("")}},
	}, Table: document.Table{ID: "x", Title: "x", Columns: []document.Column{{ID: "a", Title: "a"}}}}
	d := &document.Document{ID: "d", Lang: lang.Zh, Title: "t", Sections: []document.Section{{ID: "s", Title: "s", Blocks: []document.Block{form}}}}
	var out bytes.Buffer
	if err := xlsx.Render(&out, d); err != nil {
		t.Fatal(err)
	}
	f := open(t, out.Bytes())
	sheet := f.GetSheetList()[1]
	var height [3]float64
	for i := range height {
		var err error
		if height[i], err = f.GetRowHeight(sheet, 3+i); err != nil {
			t.Fatal(err)
		}
	}
	if height[0] != height[1] || height[2] < 1.5*height[0] {
		t.Errorf("rows of one, one and two lines are %v points high", height)
	}
}
