package document

import (
	"testing"

	"weir/internal/lang"
)

func TestSectionsAreNumberedAsTheLanguageDoes(t *testing.T) {
	for _, c := range []struct {
		place []int
		zh    string
		en    string
	}{
		{[]int{1}, "一、", "1"}, {[]int{10}, "十、", "10"}, {[]int{21}, "二十一、", "21"}, {[]int{2, 30}, "（三十）", "2.30"}, {[]int{1, 2, 3}, "3.", "1.2.3"}, {[]int{7, 115}, "（115）", "7.115"},
	} {
		if zh, en := SectionNumber(lang.Zh, c.place), SectionNumber(lang.En, c.place); zh != c.zh || en != c.en {
			t.Errorf("%v: %s and %s, want %s and %s", c.place, zh, en, c.zh, c.en)
		}
	}
}

// Totals add numerators and denominators; they never average ratios, and a value
// that is absent is not added as zero.
func TestTotals(t *testing.T) {
	table := Table{
		Columns: []Column{
			{ID: "name"}, {ID: "met", Kind: KindNumber, Total: TotalSum}, {ID: "due", Kind: KindNumber, Total: TotalSum},
			{ID: "rate", Kind: KindNumber, Ratio: Ratio{Numerator: "met", Denominator: "due", Factor: 100}}, {ID: "none", Kind: KindNumber, Total: TotalSum},
		},
		Rows: []Row{
			{Cells: []Cell{Text("a"), Number(1), Number(2), Number(50), Of(None(Missing))}},
			{Cells: []Cell{Text("b"), Number(90), Number(98), Number(91.8), Empty()}},
			{Cells: []Cell{Text("c"), Of(None(Missing)), Of(None(Missing)), Of(None(Missing)), Empty()}},
		},
	}
	got := table.Totals()
	if got[1].Value != Num(91) || got[2].Value != Num(100) || got[3].Value != Num(91) {
		t.Errorf("sums %v and %v, rate %v; want 91, 100 and 91 (not the mean 70.9)", got[1].Value, got[2].Value, got[3].Value)
	}
	if !got[0].Blank || !got[4].Blank {
		t.Error("a column without numbers has a total")
	}
}

func TestColumnPrintsNumbersAndReasons(t *testing.T) {
	number, text := Column{Kind: KindNumber, Decimals: 1}, Column{}
	word := func(s State) string { return s.Word(lang.Zh) }
	for _, c := range []struct {
		column Column
		cell   Cell
		want   string
	}{
		{number, Number(0), "0.0"}, {number, Empty(), ""}, {number, Cell{}, "未测"}, {number, Of(None(Missing)), "缺数"}, {number, Of(None(NotApplicable)), "不适用"},
		{text, Text("甲"), "甲"}, {text, Of(None(Missing)), "缺数"}, {text, Text(""), ""},
	} {
		if got := c.column.Print(c.cell, word); got != c.want {
			t.Errorf("%+v: %q, want %q", c.cell, got, c.want)
		}
	}
}

func TestUsedKeepsWhatSaysSomething(t *testing.T) {
	table := Table{Columns: []Column{{ID: "a"}, {ID: "b", Kind: KindNumber}, {ID: "c", Kind: KindNumber}, {ID: "d", Kind: KindNumber}},
		Rows: []Row{{Cells: []Cell{Text("x"), {}, Empty(), Of(None(Missing))}}}}
	got := table.Used("a")
	if len(got.Columns) != 2 || got.Columns[1].ID != "d" || len(got.Rows[0].Cells) != 2 {
		t.Errorf("columns %+v: want a and d, which states a reason", got.Columns)
	}
	if len(table.Columns) != 4 {
		t.Error("the table itself was changed")
	}
}

func TestASectionWithoutNumberLeavesTheOthersTheirs(t *testing.T) {
	d := &Document{Lang: lang.Zh, Sections: []Section{{ID: "summary", Unnumbered: true}, {ID: "a"}, {ID: "annex", Unnumbered: true, Sections: []Section{{ID: "first"}}}, {ID: "b"}}}
	for l, want := range map[lang.Lang][]string{lang.Zh: {"", "一、", "", "（一）", "二、"}, lang.En: {"", "1 ", "", "1 ", "2 "}} {
		d.Lang = l
		n := d.Numbers()
		for i, id := range []string{"summary", "a", "annex", "first", "b"} {
			if got := n.Heading(id); got != want[i] {
				t.Errorf("%s, %s: %q, want %q", l, id, got, want[i])
			}
		}
	}
}

func TestTheReasonForAnAbsentFigureIsSaidOnce(t *testing.T) {
	for note, want := range map[string]string{"": "不适用", "不适用": "不适用", "样本不足，不评分": "不适用（样本不足，不评分）"} {
		if got := ExplanationText(lang.Zh, Definition{}, Explanation{Value: None(NotApplicable), Note: note}); got != want {
			t.Errorf("note %q: %q, want %q", note, got, want)
		}
	}
}
