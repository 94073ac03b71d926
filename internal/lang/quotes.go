package lang

import "strings"

var straight = strings.NewReplacer("“", `"`, "”", `"`, "‘", "'", "’", "'")

// Quotes is the text with the quotation marks of its language in a Chinese font,
// which draws “ and ” as wide as a character: English takes straight ones.
func Quotes(l Lang, text string) string {
	if l != En {
		return text
	}
	return straight.Replace(text)
}
