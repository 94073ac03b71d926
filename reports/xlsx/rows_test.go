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
