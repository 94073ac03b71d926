package pdf

import (
	"fmt"
	"slices"
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
