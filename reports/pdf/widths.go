package pdf

import (
	"math"
	"strings"

	"weir/reports/document"
)

// widthStep is how finely room is given to columns, in millimetres.
const widthStep = 1.0

// looseRun is the number of letters without a space from which a run of them
// may be broken anywhere.
const looseRun = 18

// longestWord is the width of the longest part of a text that is not broken, in
// em. Chinese characters break one by one.
func (b *builder) longestWord(s string, bold bool) float64 {
	longest := 0.0
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\u200b' || r >= 0x2E80 }) {
		if len(word) < looseRun {
			longest = max(longest, b.em(word, bold))
		}
	}
	return longest
}

// widen gives the room that is left to the columns that make rows high: in turns
// to the one whose texts are the highest cell of most rows, until each is as wide
// as it wishes. Shared evenly, room would go to columns whose neighbours make the
// row high anyhow.
func (b *builder) widen(p *tablePart, wishes []float64, left float64) {
	texts := b.textWidths(p)
	for ; left >= widthStep; left -= widthStep {
		best, most := -1, 0.0
		scores := make([]float64, len(wishes))
		for _, line := range texts {
			score(scores, line, p)
		}
		for i, s := range scores {
			if p.Widths[i] >= wishes[i] {
				continue
			}
			// Of columns that matter alike, the one furthest from its wish comes first.
			if s += 0.5 * (1 - p.Widths[i]/wishes[i]); best < 0 || s > most {
				best, most = i, s
			}
		}
		if best < 0 {
			return
		}
		p.Widths[best] = min(wishes[best], p.Widths[best]+widthStep)
	}
}

// crowdedLines is the number of lines of one cell above which smaller letters read better.
const crowdedLines = 7

// crowded tells whether a text takes many lines at the size.
func (b *builder) crowded(t document.Table, rows []tableRow, needs []measuredColumn, columns []int, size float64) bool {
	if !fits(needs, columns, size, b.width) {
		return false
	}
	p := b.part(t, rows, needs, columns, size)
	for _, line := range b.textWidths(&p) {
		for i, w := range line {
			if linesOf(w, p.Widths[i]-2*p.Inset) > crowdedLines {
				return true
			}
		}
	}
	return false
}

// score adds to each column the lines by which its cell makes the row higher than one line, where no cell is higher.
func score(scores, line []float64, p *tablePart) {
	highest := 1.0
	lines := make([]float64, len(line))
	for i, w := range line {
		lines[i] = linesOf(w, p.Widths[i]-2*p.Inset)
		highest = max(highest, lines[i])
	}
	for i, n := range lines {
		if n == highest && n > 1 {
			scores[i] += n - 1
		}
	}
}

// linesOf is about how many lines a text of the width takes; words leave some room at the end of a line.
func linesOf(width, room float64) float64 {
	if width <= room || room <= 0 {
		return 1
	}
	return math.Ceil(1.08 * width / room)
}

// textWidths are the widths of all texts of the part on one line in millimetres, those of the head first.
func (b *builder) textWidths(p *tablePart) [][]float64 {
	width := func(s string, bold bool) float64 { return b.em(s, bold) * p.Points * mmPerPoint }
	head := make([]float64, len(p.Columns))
	for i, c := range p.Columns {
		head[i] = width(c.Title, true)
	}
	out := [][]float64{head}
	for _, r := range p.Rows {
		if r.Alone {
			continue // takes the room of the whole row
		}
		line := make([]float64, len(r.Cells))
		for i, c := range r.Cells {
			line[i] = width(c.Text, r.Strong)
		}
		out = append(out, line)
	}
	return out
}

// fewMonths is the number of months that stand beside each other unbroken.
const fewMonths = 6

func isMonth(title string) bool {
	return len(title) == 7 && title[4] == '-' && strings.Trim(title, "0123456789-") == ""
}

// title is the head of a column. The months of a year may break at their hyphens, which leaves room for the names; a
// few months would gain nothing by it.
func (b *builder) title(t document.Table, column int) string {
	title, months := b.text(t.Columns[column].Title), 0
	if !isMonth(title) {
		return title
	}
	for _, c := range t.Columns {
		if isMonth(b.text(c.Title)) {
			months++
		}
	}
	if months <= fewMonths {
		return title
	}
	return title[:5] + "\u200b" + title[5:]
}

// Rows that stay on one page with others: the last rows with the total and the source below them.
const (
	keptRows   = 3
	keptHeight = 45.0 // mm
)

// keep marks the rows that stand on one page: a row that heads others with the
// next one, and the last rows, so that no total and no source stands alone on a page.
func (p *tablePart) keep() {
	n := len(p.Rows)
	if n == 0 {
		return
	}
	last, height := n-1, p.rowHeight(n-1)
	for last > 0 && n-last < keptRows && height+p.rowHeight(last-1) < keptHeight {
		last--
		height += p.rowHeight(last)
	}
	for i := 0; i < n; {
		end := i + 1
		for end < n && (heads(p.Rows, end-1) || end > last) {
			end++
		}
		if end > i+1 || end == n {
			p.Rows[i].Keep = end - i
		}
		i = end
	}
}

// heads tells whether a row is a heading of the next one: the next one is indented deeper.
func heads(rows []tableRow, i int) bool { return rows[i].Strong && rows[i].Level < rows[i+1].Level }

// rowHeight is how high a row is, in millimetres.
func (p *tablePart) rowHeight(i int) float64 { return p.Rows[i].Height * p.Points * mmPerPoint }

// height is how high the rows of a part are, in millimetres.
func (p *tablePart) height() float64 {
	height := 0.0
	for i := range p.Rows {
		height += p.rowHeight(i)
	}
	return height
}

// headHeight is about how high title, unit and heads of a table are, in millimetres.
func (b *builder) headHeight(t document.Table, p *tablePart) float64 {
	lines := 1.0
	for i, c := range p.Columns {
		lines = max(lines, linesOf(b.set.Width(c.Title, p.Points, true)*mmPerPoint, p.Widths[i]-2*p.Inset)+1)
	}
	title := linesOf(b.set.Width(t.Title, 10, true)*mmPerPoint, b.width/2-gutter)
	return p.Points*mmPerPoint*(1.25*lines+0.85) + 6*title + 8
}
