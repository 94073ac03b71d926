package lang

import "strconv"

// ChineseNumeral writes 1 to 99 in characters, as headings and articles of laws
// do: 二十一. Other numbers stay in figures.
func ChineseNumeral(n int) string {
	digits := []rune("零一二三四五六七八九")
	if n < 1 || n > 99 {
		return strconv.Itoa(n)
	}
	text := ""
	if n >= 20 {
		text = string(digits[n/10])
	}
	if n >= 10 {
		text += "十"
	}
	if n%10 > 0 {
		text += string(digits[n%10])
	}
	return text
}
