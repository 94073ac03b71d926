package pdf

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"weir/internal/fonts"
	"weir/internal/lang"
	"weir/reports/document"
)

// measured is the table as it goes to the template, on a page of the usual width.
func measured(t *testing.T, table document.Table) (tableBlock, *builder) {
	t.Helper()
	set, err := fonts.Default()
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{d: &document.Document{Lang: lang.En}, set: set, width: 174}
	return b.table(table, annexSize), b
}

func numbers(id, title string) document.Column {
	return document.Column{ID: id, Title: title, Kind: document.KindNumber}
}

// No word of a head reaches into the neighbouring column, and no key is broken.
func TestWordsFitTheirColumns(t *testing.T) {
	table := document.Table{ID: "t", Title: "t", Columns: []document.Column{{ID: "a", Title: "Table"}, {ID: "k", Title: "Name"}, numbers("b", "Loads"), numbers("c", "Read"), numbers("d", "Duplicates"), numbers("e", "Quarantined")}}
	for range 30 {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{document.Text("days for which a department declares that nothing was exchanged at all"), document.Text("off_platform_flow"),
			document.Number(1), document.Number(1), document.Number(1), document.Number(0)}})
	}
	view, b := measured(t, table)
	part := view.Parts[0]
	for i, want := range map[int]string{1: "off_platform_flow", 4: "Duplicates", 5: "Quarantined"} {
		if need := b.set.Width(want, part.Points, i > 1) * mmPerPoint; part.Widths[i]-2*part.Inset < need {
			t.Errorf("%s needs %.1f mm and has %.1f", want, need, part.Widths[i]-2*part.Inset)
		}
	}
}

// A year and a month more stand side by side; where columns are divided, no part has but one.
func TestColumnsOfMonthsAreDividedEvenly(t *testing.T) {
	series := func(months int, value float64) document.Table {
		table := document.Table{ID: "t", Title: "t", Columns: []document.Column{{ID: "a", Title: "Department"}}}
		cells := []document.Cell{document.Text("Bureau of Human Resources and Social Security")}
		for i := range months {
			table.Columns = append(table.Columns, document.Column{ID: fmt.Sprint("m", i), Title: fmt.Sprintf("2026-%02d", i%12+1), Kind: document.KindNumber, Decimals: 2})
			cells = append(cells, document.Number(value))
		}
		table.Rows = []document.Row{{Cells: cells}}
		return table
	}
	if view, _ := measured(t, series(13, 88.37)); len(view.Parts) != 1 {
		t.Errorf("13 months of scores take %d parts", len(view.Parts))
	}
	view, _ := measured(t, series(13, 123_456.78))
	if len(view.Parts) != 2 || len(view.Parts[0].Columns) != 8 || len(view.Parts[1].Columns) != 7 {
		t.Errorf("13 months of amounts are divided into %d parts, the first of %d columns", len(view.Parts), len(view.Parts[0].Columns))
	}
}

// The ends of an interval are not torn apart.
func TestColumnsUnderOneHeadingStayTogether(t *testing.T) {
	table := document.Table{ID: "t", Title: "t", Columns: []document.Column{{ID: "a", Title: "Indicator"}}}
	cells := []document.Cell{document.Text("Guarantee mechanism index")}
	for i := range 12 {
		c := numbers(fmt.Sprint("c", i), "Denominator")
		if i == 5 || i == 6 {
			c.Group = "95% interval"
		}
		table.Columns, cells = append(table.Columns, c), append(cells, document.Number(123_456_789_012))
	}
	table.Rows = []document.Row{{Cells: cells}}
	view, _ := measured(t, table)
	if len(view.Parts) < 2 {
		t.Fatal("the table is not divided")
	}
	columns := 0
	for _, p := range view.Parts {
		columns += len(p.Columns) - 1
		for _, g := range p.Groups {
			if g.Title != "" && g.Span != 2 {
				t.Errorf("%s spans %d columns of a part", g.Title, g.Span)
			}
		}
	}
	if columns != 12 {
		t.Errorf("%d columns of 12 are printed", columns)
	}
}

// Room goes to the column that makes the rows high.
func TestRoomGoesToTheLongestTexts(t *testing.T) {
	table := document.Table{ID: "t", Title: "t", Columns: []document.Column{{ID: "a", Title: "Duty"}, {ID: "b", Title: "Basis"}, {ID: "c", Title: "Departments"}}}
	for range 3 {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{document.Text("Reply to requests for unconditional sharing"), document.Text("Regulations on Government Data Sharing, article 21"),
			document.Text("Administrative Approval Bureau 5, Finance Bureau 1, Development and Reform Commission 1, Bureau of Human Resources and Social Security 1, Bureau of Housing 1, Bureau of Education 1, Meteorological Bureau 1 and some of their neighbours")}})
	}
	view, _ := measured(t, table)
	w := view.Parts[0].Widths
	if w[2] < w[0]+w[1] {
		t.Errorf("widths %v: the longest texts have less than the others together", w)
	}
}

// A row that heads others stands with the next one; the last rows stand together, so that no total is alone on a page.
func TestRowsThatStayTogether(t *testing.T) {
	table := document.Table{ID: "t", Title: "t", Total: true, Columns: []document.Column{{ID: "a", Title: "Indicator"}, {ID: "b", Title: "Value", Kind: document.KindNumber, Total: document.TotalSum}}}
	for i := range 20 {
		row := document.Row{Level: 1, Cells: []document.Cell{document.Text("x"), document.Number(1)}}
		if i%5 == 0 {
			row = document.Row{Strong: true, Cells: []document.Cell{document.Text("group"), document.Empty()}}
		}
		table.Rows = append(table.Rows, row)
	}
	view, _ := measured(t, table)
	var got []int
	for _, r := range view.Parts[0].Rows {
		got = append(got, r.Keep)
	}
	if want := []int{2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 3, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("rows that stay with the next ones: %v, want %v", got, want)
	}
	table.Rows = table.Rows[:8] // stands on one page as it is
	if view, _ := measured(t, table); slices.ContainsFunc(view.Parts[0].Rows, func(r tableRow) bool { return r.Keep != 0 }) {
		t.Error("a short table has rows to keep together")
	}
}

// A few months beside a long name stay whole: broken, they would not even keep the name on one line.
func TestAFewMonthsAreNotBroken(t *testing.T) {
	table := document.Table{ID: "t", Title: "t", Columns: []document.Column{{ID: "d", Title: "部门"}}}
	row := document.Row{Cells: []document.Cell{document.Text(strings.Repeat("没有任何空格的特别长的名称", 5))}}
	for i := range fewMonths {
		table.Columns = append(table.Columns, numbers(fmt.Sprint("m", i), fmt.Sprintf("2026-%02d", i+5)))
		row.Cells = append(row.Cells, document.Number(80.25))
	}
	table.Rows = []document.Row{row}
	view, b := measured(t, table)
	part := view.Parts[0]
	for i, c := range part.Columns[1:] {
		if need := b.set.Width(c.Title, part.Points, true) * mmPerPoint; strings.ContainsAny(c.Title, "\u200b\n") || part.Widths[i+1]-2*part.Inset < need {
			t.Errorf("%q needs %.1f mm in one line and has %.1f", c.Title, need, part.Widths[i+1]-2*part.Inset)
		}
	}
}

// A long form on a page of its own takes the room which that page has, and no more: the longer, the closer its rows.
func TestALongFormIsSetAsWideAsItsPage(t *testing.T) {
	b := measuring(t)
	b.d = &document.Document{Lang: lang.Zh, Form: document.FormOfficial}
	b.width = officialWidth
	pad := func(rows int, headings ...string) float64 {
		f := &document.RuledForm{ID: "f", Widths: []float64{1, 1}}
		for range rows {
			f.Rows = append(f.Rows, document.FormRow{Cells: []document.FormCell{{Text: "指标"}, {Text: "≥ 95.0%"}}})
		}
		places, err := f.Places()
		if err != nil {
			t.Fatal(err)
		}
		view, err := b.form(f)
		if err != nil {
			t.Fatal(err)
		}
		b.spread(&view, places, headings...)
		if height := float64(rows) * (2*view.Pad + lineEm*formSize*mmPerPoint); view.Pad > leastPad && height > officialHeight-aroundForm-headingLine+1e-9 {
			t.Errorf("%d rows are %.0f mm high", rows, height)
		}
		return view.Pad
	}
	short, long, longest := pad(40, "局"), pad(48, "局"), pad(80, "局")
	if short != mostPad || long >= mostPad || long <= leastPad || longest != leastPad {
		t.Errorf("40, 48 and 80 rows have %.2f, %.2f and %.2f mm", short, long, longest)
	}
	if under := pad(48, "（十六）\nName"); under >= long {
		t.Errorf("a heading that was broken before counts as one line: %.2f mm, %.2f under a short one", under, long)
	}
	if under := pad(48, strings.Repeat("名称很长的局", 10)); under >= long {
		t.Errorf("a heading of several lines takes no room: %.2f mm, %.2f under a short one", under, long)
	}
	if under := pad(48, "局", "附件"); under >= long {
		t.Errorf("the heading of the annex above takes no room: %.2f mm, %.2f without it", under, long)
	}
}
