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
// something stands there, and what. Raised and lowered characters without a
// glyph are written as in plain formulas: R⁺ as R^+, t₁ as t_1.
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
	var shift rune
	for _, r := range text {
		plain, mark := unshifted(r)
		switch {
		case s.printable(r):
			b.WriteRune(r)
			mark = 0
		case mark != 0:
			if mark != shift {
				b.WriteRune(mark)
			}
			b.WriteRune(plain)
		default:
			fmt.Fprintf(&b, "[U+%04X]", r)
		}
		shift = mark
	}
	return b.String()
}

const (
	raised       = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"
	raisedPlain  = "0123456789+−=()ni"
	lowered      = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ"
	loweredPlain = "0123456789+−=()aeoxhklmnpstijruv"
)

// unshifted is the plain character of a raised or lowered one and the mark that
// stands before it in a formula of plain characters; mark is 0 for all others.
func unshifted(r rune) (plain, mark rune) {
	for _, set := range []struct {
		from, to string
		mark     rune
	}{{raised, raisedPlain, '^'}, {lowered, loweredPlain, '_'}} {
		to := []rune(set.to)
		for i, x := range []rune(set.from) {
			if x == r {
				return to[i], set.mark
			}
		}
	}
	return r, 0
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
