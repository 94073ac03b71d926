package pdf

import (
	"slices"
	"strings"
	"unicode"
)

// Lines of table cells are broken here and not by the typesetter: with the number of lines of each row known, it sets
// every cell once, where it else sets it three times to find how high its row must be.

// Measures of rows in em, which report.typ repeats: a line is as high as a capital letter.
const (
	lineEm    = 0.733 // height of capitals in Noto Sans SC
	leadingEm = 0.55  // between two lines of a cell
	paddingEm = 0.42  // above and below the lines
	betweenEm = 0.25  // what the typesetter leaves between a Chinese and a Latin character
)

// rowHeight is the height of a row in em of its letters.
func rowHeight(lines int) float64 {
	return 2*paddingEm + lineEm + float64(lines-1)*(lineEm+leadingEm)
}

// em is the width of a text as it is set, in em.
func (b *builder) em(text string, bold bool) float64 {
	return b.set.Width(text, 1, bold) + betweenEm*float64(borders(text))
}

// borders counts the places where Chinese and Latin characters meet.
func borders(text string) int {
	n := 0
	var last rune
	for _, r := range text {
		if last != 0 && meet(last, r) {
			n++
		}
		last = r
	}
	return n
}

func meet(a, b rune) bool { return han(a) && latin(b) || latin(a) && han(b) }

func han(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }

func latin(r rune) bool {
	return unicode.IsDigit(r) || unicode.IsLetter(r) && unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}

// broken divides a text into lines no wider than the room, which is in em. It breaks at spaces, after hyphens,
// strokes and underscores and between Chinese characters, but never before a mark that must not begin a line or behind one that must
// not end it. A word that is wider than the room, such as a key or a hostile name, is broken anywhere.
func (b *builder) broken(text string, room float64, bold bool) []string {
	if !strings.Contains(text, "\n") && b.em(text, bold) <= room {
		return []string{text}
	}
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, piece := range pieces(paragraph) {
			if line == "" || b.em(strings.TrimRight(line+piece, " "), bold) <= room {
				line += piece
			} else {
				lines = append(lines, strings.TrimRight(line, " "))
				line = piece
			}
			for b.em(strings.TrimRight(line, " "), bold) > room {
				head := b.fitting(line, room, bold)
				if head == len(line) {
					break // one character that is wider than the room
				}
				lines = append(lines, line[:head])
				line = line[head:]
			}
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

// fitted breaks a text that runs on without a space into lines no wider than the room in em: where the typesetter breaks
// such a text, the last letter of a line reaches over the margin. Other texts stay for the typesetter to break.
func (b *builder) fitted(text string, room float64, bold bool) string {
	if !slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }), func(run string) bool { return len(run) >= looseRun }) {
		return text
	}
	return strings.Join(b.broken(text, room, bold), "\n")
}

// balanced divides a text into as few lines as broken does, but into lines as narrow as that number allows, so that
// no single character stands on the last one.
func (b *builder) balanced(text string, room float64, bold bool) []string {
	lines := b.broken(text, room, bold)
	if at := b.atSpaces(text, room, bold); len(at) > 0 && len(at) <= len(lines) {
		return at
	}
	for n := len(lines); n > 1; {
		widest := 0.0
		for _, line := range lines {
			widest = max(widest, b.em(line, bold))
		}
		narrower := b.broken(text, widest-0.05, bold)
		if len(narrower) > n || b.splitsWords(text, widest-0.05, bold) {
			break
		}
		lines = narrower
	}
	return lines
}

// atSpaces breaks a Chinese text that has spaces at these only, since what stands between them is a term: 总体效率 CCR. It
// is nil where a term does not fit.
func (b *builder) atSpaces(text string, room float64, bold bool) []string {
	words := strings.Fields(text)
	if len(words) < 2 || !strings.ContainsFunc(text, han) {
		return nil
	}
	var lines []string
	for _, word := range words {
		if b.em(word, bold) > room {
			return nil
		}
		if n := len(lines) - 1; n >= 0 && b.em(lines[n]+" "+word, bold) <= room {
			lines[n] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

// splitsWords reports whether a word of the text is wider than the room.
func (b *builder) splitsWords(text string, room float64, bold bool) bool {
	return slices.ContainsFunc(pieces(text), func(piece string) bool { return b.em(strings.TrimRight(piece, " "), bold) > room })
}

// fitting is the length in bytes of the longest beginning that fits, at least one character with its marks.
func (b *builder) fitting(text string, room float64, bold bool) int {
	fits := 0
	for i, r := range text {
		if i == 0 || joined(r) {
			continue
		}
		if b.em(text[:i], bold) > room {
			if fits == 0 {
				return i
			}
			return fits
		}
		fits = i
	}
	if fits == 0 {
		return len(text)
	}
	return fits
}

// joined reports marks that belong to the character before them.
func joined(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc) || r == '\u200d'
}

// pieces cuts a text at the places where a line may end.
func pieces(text string) []string {
	var out []string
	from := 0
	var last rune
	for i, r := range text {
		if i > 0 && mayBreak(last, r) {
			out = append(out, text[from:i])
			from = i
		}
		last = r
	}
	return append(out, text[from:])
}

const (
	neverFirst = "，。、；：？！）》〉」』】〕〗…—～％‰℃·”’,.;:?!)]}%°″′々ー"
	neverLast  = "（《〈「『【〔〖“‘([{￥$¥"
)

func mayBreak(before, after rune) bool {
	switch {
	case after == ' ' || joined(after):
		return false
	case before == ' ' || before == '\u200b':
		return true
	case strings.ContainsRune(neverFirst, after) || strings.ContainsRune(neverLast, before):
		return false
	case before == '-' || before == '/' || before == '_':
		return unicode.IsLetter(after)
	}
	return wide(before) || wide(after)
}

// wide reports characters between which Chinese text may be broken.
func wide(r rune) bool {
	return han(r) || r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFF60 || strings.ContainsRune("”’…—·", r)
}
