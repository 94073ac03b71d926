package lang

import "testing"

func TestQuotesAndNumerals(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Quotes(Zh, "等级“良”"), "等级“良”"}, {Quotes(En, "grade “good”, the month’s"), `grade "good", the month's`},
		{ChineseNumeral(1), "一"}, {ChineseNumeral(10), "十"}, {ChineseNumeral(19), "十九"}, {ChineseNumeral(20), "二十"}, {ChineseNumeral(44), "四十四"}, {ChineseNumeral(0), "0"}, {ChineseNumeral(100), "100"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
