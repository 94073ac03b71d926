package xlsx_test

import (
	"slices"
	"testing"

	"weir/internal/lang"
	"weir/reports/reporttest"
)

func TestFormsKeepTheirMergedCellsMarginsAndSums(t *testing.T) {
	f := open(t, render(t, lang.Zh))
	const sheet = "自评表1"
	merged, err := f.GetMergeCells(sheet)
	if err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, m := range merged {
		places = append(places, m.GetStartAxis()+":"+m.GetEndAxis())
	}
	for _, want := range []string{"A1:D1", "B3:D3", "A5:A7", "A8:B8"} { // title, name of the project, level 1, total
		if !slices.Contains(places, want) {
			t.Errorf("%s is not merged: %v", want, places)
		}
	}
	if name, _ := f.GetCellValue(sheet, "B3"); name != reporttest.HostileNames[1]+reporttest.HostileNames[2] {
		t.Errorf("the name is %q", name)
	}
	// D6 is missing and stands in the sum by no number.
	for cell, want := range map[string]string{"C8": "SUM(C5:C7)", "D8": "SUM(D5,D7)", "B3": ""} {
		if formula, _ := f.GetCellFormula(sheet, cell); formula != want {
			t.Errorf("%s holds %q, want %q", cell, formula, want)
		}
	}
	margins, err := f.GetPageMargins(sheet)
	if err != nil {
		t.Fatal(err)
	}
	if mm := *margins.Top * 25.4; mm < 36.9 || mm > 37.1 {
		t.Errorf("the margin above is %.1f mm, want 37", mm)
	}
}

func TestEverySheetPrintsOnePageWide(t *testing.T) {
	f := open(t, render(t, lang.En))
	for _, sheet := range f.GetSheetList() {
		props, err := f.GetSheetProps(sheet)
		if err != nil {
			t.Fatal(err)
		}
		layout, err := f.GetPageLayout(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if props.FitToPage == nil || !*props.FitToPage || *layout.FitToWidth != 1 {
			t.Errorf("%s is not printed one page wide", sheet)
		}
	}
}
