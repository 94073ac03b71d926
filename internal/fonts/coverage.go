package fonts

import (
	"fmt"
	"strings"
	"unicode"
)

// Missing lists the characters of the text that would print as an empty box,
// each once, in the order of the text.
func (s *Set) Missing(text string) []rune {
	s.mu.Lock()
	defer s.mu.Unlock()
	var missing []rune
	seen := map[rune]bool{}
	for _, r := range text {
		if !seen[r] && !s.look(r, false).covered {
			seen[r] = true
			missing = append(missing, r)
		}
	}
	return missing
}

// Printable returns the text with every character that has no glyph, every
// control character and every mark that would turn the direction of the text
// around it written as its code, such as [U+1F600]. A reader then sees that
// something stands there, and what.
func (s *Set) Printable(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	clean := true
	for _, r := range text {
		if !s.printable(r) {
			clean = false
			break
		}
	}
	if clean {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if s.printable(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "[U+%04X]", r)
		}
	}
	return b.String()
}

func (s *Set) printable(r rune) bool {
	if r == '\n' || r == '\t' {
		return true
	}
	if unicode.IsControl(r) || r == unicode.ReplacementChar || turnsDirection(r) {
		return false
	}
	return s.look(r, false).covered
}

// turnsDirection reports embeddings, overrides and isolates, which can make a
// name show its neighbours in reverse.
func turnsDirection(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// Visible returns the text with control characters and marks that turn the
// direction of the text written as codes. Unlike Printable it keeps characters
// without a glyph, for pages on which the reader's machine may have one.
func (s *Set) Visible(text string) string {
	hidden := func(r rune) bool {
		return r != '\n' && r != '\t' && unicode.IsControl(r) || turnsDirection(r)
	}
	if !strings.ContainsFunc(text, hidden) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if hidden(r) {
			fmt.Fprintf(&b, "[U+%04X]", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
