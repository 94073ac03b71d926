package document

import (
	"strings"
	"testing"

	"weir/internal/lang"
)

func TestPlacesOfMergedCells(t *testing.T) {
	f := RuledForm{ID: "f", Widths: []float64{1, 1, 1}, Rows: []FormRow{
		{Cells: []FormCell{{Text: "a", Rows: 2}, {Text: "b", Columns: 2}}},
		{Cells: []FormCell{{Text: "c"}, {Text: "d"}}},
	}}
	places, err := f.Places()
	if err != nil || places[1][0] != 1 || places[1][1] != 2 {
		t.Errorf("places %v, error %v", places, err)
	}
	for name, rows := range map[string][]FormRow{
		"reaches beyond column 3":     {{Cells: []FormCell{{Columns: 2}, {Columns: 2}}}},
		"has nothing in column 3":     {{Cells: []FormCell{{}, {}}}},
		"lies over another":           {{Cells: []FormCell{{}, {Rows: 2}, {}}}, {Cells: []FormCell{{Columns: 2}, {}}}},
		"reaches beyond the last row": {{Cells: []FormCell{{Rows: 2}, {}, {}}}},
	} {
		d := Document{Sections: []Section{{ID: "s", Blocks: []Block{&RuledForm{ID: "f", Widths: f.Widths, Rows: rows}}}}}
		if err := d.Validate(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want %q", err, name)
		}
	}
}

func TestAFormPrintsReasonsForAbsentNumbers(t *testing.T) {
	for want, c := range map[string]FormCell{
		"1,234.50": {Number: true, Value: Num(1234.5), Decimals: 2}, "缺数": {Number: true, Value: None(Missing)}, "text": {Text: "text"},
	} {
		if got := c.Print(lang.Zh); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
