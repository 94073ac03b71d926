package figure

import (
	"regexp"
	"strings"
	"unicode"

	"weir/internal/fonts"
)

// typesetter measures and breaks labels in the embedded fonts.
type typesetter struct{ fonts *fonts.Set }

func newTypesetter() (typesetter, error) {
	set, err := fonts.Default()
	return typesetter{set}, err
}

// clean makes a name fit for one label: what cannot be printed becomes visible,
// and breaks become spaces.
func (t typesetter) clean(name string) string {
	return strings.Join(strings.Fields(t.fonts.Printable(name)), " ")
}

// rowNames are the broken names of rows, the width that they need, the most
// lines of one and how many had to be shortened.
type rowNames struct {
	labels     []string
	width      float64
	lines, cut int
	size       float64
}

// room is one way to set the names of rows.
type room struct {
	size, width float64
	lines       int
}

// rowNames breaks the names of rows: on one line where the longest allows it,
// else on two or three, smaller and in more width, until as few as can be are cut.
func (t typesetter) rowNames(names []string, half bool) rowNames {
	if half {
		return t.fit(names, room{labelSize, 120, 1}, room{11, 110, 2}, room{11, 126, 3})
	}
	return t.fit(names, room{labelSize, 264, 1}, room{11, 210, 2}, room{11, 270, 2}, room{11, 236, 3})
}

// fit takes the first of the rooms in which no name is cut, or the one in which
// the fewest are; of two alike the later, which holds more of each name.
func (t typesetter) fit(names []string, rooms ...room) rowNames {
	var best rowNames
	for i, r := range rooms {
		n := rowNames{size: r.size}
		n.labels, n.width, n.lines, n.cut = t.column(names, r.size, r.width, r.lines)
		if i == 0 || n.cut <= best.cut {
			best = n
		}
		if best.cut == 0 {
			break
		}
	}
	return best
}

// distinction is a short remark in brackets at the end of a name.
var distinction = regexp.MustCompile(`[(（][^()（）]{1,8}[)）]$`)

// column breaks the names of an axis so that each fits into at most maxWidth and
// maxLines, and returns them with the width the column needs and the largest
// number of lines. Cut counts the names that had to be shortened; the table
// behind the figure has them in full.
func (t typesetter) column(names []string, size, maxWidth float64, maxLines int) (labels []string, width float64, lines, cut int) {
	lines = 1
	for _, name := range names {
		parts, short := t.wrap(t.clean(name), size, maxWidth, maxLines)
		if short {
			cut++
		}
		for _, p := range parts {
			width = max(width, t.fonts.Width(p, size, false))
		}
		lines = max(lines, len(parts))
		labels = append(labels, strings.Join(parts, "\n"))
	}
	return labels, width, lines, cut
}

// wrap breaks text into lines of about equal length, none wider than width. What
// needs more than maxLines ends in an ellipsis, and short is true; what stands in
// brackets at the end, by which like names are told apart, is kept behind it.
func (t typesetter) wrap(text string, size, width float64, maxLines int) (lines []string, short bool) {
	lines = t.fill(text, size, width)
	if len(lines) > maxLines {
		last, end := lines[maxLines-1], "…"+distinction.FindString(text)
		for last != "" && t.fonts.Width(last+end, size, false) > width {
			r := []rune(last)
			last = string(r[:len(r)-1])
		}
		return append(lines[:maxLines-1:maxLines-1], last+end), true
	}
	if len(lines) < 2 {
		return lines, false
	}
	least := t.fonts.Width(text, size, false) / float64(len(lines))
	for _, unit := range units(text) { // no word is broken to make lines even
		least = max(least, min(width, t.fonts.Width(strings.TrimSpace(unit), size, false)))
	}
	for w := least; w < width; w += size / 2 {
		if even := t.fill(text, size, w); len(even) == len(lines) {
			return even, false
		}
	}
	return lines, false
}

// fill breaks text greedily.
func (t typesetter) fill(text string, size, width float64) []string {
	var lines []string
	line := ""
	flush := func() {
		if s := strings.TrimSpace(line); s != "" {
			lines = append(lines, s)
		}
		line = ""
	}
	for _, unit := range units(text) {
		if t.fonts.Width(strings.TrimSpace(line+unit), size, false) > width {
			flush()
		}
		for t.fonts.Width(strings.TrimSpace(unit), size, false) > width && len([]rune(unit)) > 1 {
			r := []rune(unit)
			n := 1
			for n < len(r) && t.fonts.Width(string(r[:n+1]), size, false) <= width {
				n++
			}
			line = string(r[:n])
			flush()
			unit = string(r[n:])
		}
		line += unit
	}
	flush()
	if len(lines) == 0 {
		lines = []string{""}
	}
	return lines
}

const (
	noLineStart = "，。、；：？！）》」』】〉”’％·,.;:?!)]}%…—"
	noLineEnd   = "（《「『【〈“‘([{"
)

// units splits text into the pieces between which a line may break: Chinese
// characters one by one, words whole, punctuation with its neighbour.
func units(text string) []string {
	var out []string
	for _, r := range text {
		n := len(out)
		if n == 0 {
			out = append(out, string(r))
			continue
		}
		previous := []rune(out[n-1])
		before := previous[len(previous)-1]
		switch {
		case strings.ContainsRune(noLineStart, r), strings.ContainsRune(noLineEnd, before), unicode.IsSpace(r):
			out[n-1] += string(r)
		case unicode.Is(unicode.Mn, r):
			out[n-1] += string(r)
		case !wide(before) && !wide(r) && !unicode.IsSpace(before) && before != '-' && before != '/':
			out[n-1] += string(r)
		default:
			out = append(out, string(r))
		}
	}
	return out
}

// wide reports characters between which a line may break anywhere.
func wide(r rune) bool {
	return r >= 0x2E80 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF || r >= 0xFE30 && r <= 0xFE4F ||
		r >= 0xFF00 && r <= 0xFFEF || r >= 0x20000
}
