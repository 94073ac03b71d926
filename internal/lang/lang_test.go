package lang

import "testing"

func TestTextFallsBackToTheOtherLanguage(t *testing.T) {
	both, onlyZh, onlyEn := T("部门", "department"), Text{Zh: "部门"}, Text{En: "department"}
	for _, c := range []struct {
		text Text
		lang Lang
		want string
	}{
		{both, Zh, "部门"}, {both, En, "department"}, {both, "", "部门"},
		{onlyZh, En, "部门"}, {onlyEn, Zh, "department"}, {Text{}, En, ""},
	} {
		if got := c.text.In(c.lang); got != c.want {
			t.Errorf("%+v in %q: got %q, want %q", c.text, c.lang, got, c.want)
		}
	}
}

func TestPickTakesAnEmptyText(t *testing.T) {
	for l, want := range map[Lang]string{Zh: "第 3 名", En: "rank 3", "": "第 3 名"} {
		if got := l.Pick("第 ", "rank ") + "3" + l.Pick(" 名", ""); got != want {
			t.Errorf("%q: got %q, want %q", l, got, want)
		}
	}
}

func TestParseRefusesOtherLanguages(t *testing.T) {
	if l, err := Parse("en"); l != En || err != nil {
		t.Errorf("en: got %q, %v", l, err)
	}
	for _, name := range []string{"", "EN", "fr", "zh-CN"} {
		if _, err := Parse(name); err == nil {
			t.Errorf("%q was taken as a language", name)
		}
	}
}
