package pdf

import (
	"slices"
	"strings"
	"testing"

	"weir/internal/fonts"
	"weir/internal/lang"
	"weir/reports/document"
)

// measuring is a builder that knows the widths of the fonts.
func measuring(t *testing.T) *builder {
	t.Helper()
	set, err := fonts.Default()
	if err != nil {
		t.Fatal(err)
	}
	return &builder{set: set}
}

func TestCellsAreBrokenWhereALineMayEnd(t *testing.T) {
	b := measuring(t)
	for _, c := range []struct {
		text  string
		room  float64 // em; a Chinese character takes 1
		lines []string
	}{
		{"数据更新及时率", 7, []string{"数据更新及时率"}},
		{"数据更新及时率", 4, []string{"数据更新", "及时率"}},
		{"数据更新，及时", 4, []string{"数据更", "新，及时"}},             // no comma begins a line
		{"依据《条例》第六条", 3, []string{"依据", "《条", "例》第", "六条"}}, // no opening mark ends a line
		{"依据《条例》第六条", 4, []string{"依据《条", "例》第六", "条"}},     // no closing mark begins one
		{"on time and in full", 5.5, []string{"on time", "and in full"}},
		{"第一行\n第二行", 9, []string{"第一行", "第二行"}},
		{"近180天", 3, []string{"近180", "天"}}, // a quarter of an em stands beside Latin digits
		{"", 5, []string{""}},
		{"中", 0.1, []string{"中"}}, // what fits nowhere stays whole
	} {
		lines := b.broken(c.text, c.room, false)
		if !slices.Equal(lines, c.lines) {
			t.Errorf("%q in %v em is %q, want %q", c.text, c.room, lines, c.lines)
		}
	}
}

func TestNoLineIsWiderThanItsCellAndNothingIsLost(t *testing.T) {
	b := measuring(t)
	for _, text := range []string{
		"《政务数据共享条例》第十条、第十一条、第十二条至第十三条（已核对原文）",
		"Charnes, Cooper, Rhodes (1978); GB/T 36344-2018 信息技术 数据质量评价指标 0401, 0402",
		strings.Repeat("k3y_", 40), "=cmd|'/c calc'!A1" + strings.Repeat("=", 50), "ประชาชน e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301 الحكومة",
	} {
		for _, room := range []float64{2.5, 4, 9, 17.3} {
			lines := b.broken(text, room, true)
			for _, line := range lines {
				if w := b.em(line, true); w > room {
					t.Errorf("%q is %.2f em wide, more than %v", line, w, room)
				}
			}
			bare := strings.NewReplacer(" ", "", "\n", "")
			if got := bare.Replace(strings.Join(lines, "")); got != bare.Replace(text) {
				t.Errorf("%q came out as %q", text, lines)
			}
		}
	}
}

func TestHeadsAreBrokenIntoLinesOfLikeWidth(t *testing.T) {
	b := measuring(t)
	for _, c := range []struct {
		text  string
		room  float64 // em
		lines []string
	}{
		{"已报送目标", 5, []string{"已报送目标"}},
		{"已报送目标", 4.2, []string{"已报送", "目标"}},                           // not one character alone
		{"近365日末次取用", 4.6, []string{"近365日", "末次取用"}},                   // no number is torn
		{"总体效率 CCR", 4.2, []string{"总体效率", "CCR"}},                      // not 总体效, 率 CCR
		{"resource_entity_key", 9, []string{"resource_", "entity_key"}}, // a key breaks behind its strokes
		{"Spending", 2, b.broken("Spending", 2, true)},                  // what must be torn is torn as in other cells
	} {
		if lines := b.balanced(c.text, c.room, true); !slices.Equal(lines, c.lines) {
			t.Errorf("%q in %v em is %q, want %q", c.text, c.room, lines, c.lines)
		}
	}
}

// A name without a space is broken before the margin, and nothing else is touched.
func TestARunWithoutASpaceIsBrokenBeforeTheMargin(t *testing.T) {
	b := measuring(t)
	long := "（三十一）AnEnglishNameWithoutAnyBreakThatIsFarLongerThanAnyColumnOfAnyTableCouldEverBe　公共数据运营与维护"
	const room = 20.0
	lines := strings.Split(b.fitted(long, room, true), "\n")
	if strings.Join(lines, "") != strings.ReplaceAll(long, "\n", "") || len(lines) < 3 {
		t.Errorf("%q", lines)
	}
	for _, line := range lines {
		if w := b.em(line, true); w > room {
			t.Errorf("%q is %.2f em wide", line, w)
		}
	}
	usual := strings.Repeat("综合行政执法和政务服务数据管理局 data bureau ", 3)
	if got := b.fitted(usual, room, true); got != usual {
		t.Errorf("%q", got)
	}
}

// A heading in which the name fills a line alone does not say its number twice.
func TestAHeadingOfALongNameHasItsNumberOnce(t *testing.T) {
	b := measuring(t)
	b.width = officialWidth
	name := "AnEnglishNameWithoutAnyBreakThatIsFarLongerThanAnyColumnOfAnyTableCouldEverBe"
	b.d = &document.Document{Lang: lang.En, Form: document.FormOfficial, Sections: []document.Section{{ID: "one", Title: name}}}
	b.numbers = b.d.Numbers()
	if got := strings.ReplaceAll(b.headingTitle(b.d.Sections[0]), "\n", ""); got != name {
		t.Errorf("%q", got)
	}
}
