package figure

import (
	"strings"

	gocharts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"weir/internal/lang"
	"weir/reports/document"
)

// rowChart is the frame that figures with one row per name share: names at the
// left, a value axis, words at the right.
type rowChart struct {
	head      Head
	ts        typesetter
	names     rowNames
	links     []string
	plot      frame
	rowHeight int
	low, high float64
	cells     [][]m
	headCells []m
}

// rowColumn is a column of words at the right of the rows.
type rowColumn struct {
	title string
	words []string
	bold  bool
}

// Heads of the columns of words: their size, and the width from which they break where the words are narrower.
const (
	headSize   = 11
	widestHead = 76
)

// newRowChart breaks the names and makes room for the columns of words.
func newRowChart(h Head, ts typesetter, rowLabels []Label, low, high float64, columns []rowColumn) *rowChart {
	c := &rowChart{head: h, ts: ts, low: low, high: high, cells: make([][]m, len(rowLabels)), links: make([]string, len(rowLabels))}
	c.names = ts.rowNames(nameList(rowLabels), h.Half)
	for i, l := range rowLabels {
		c.links[i], c.cells[i] = l.Link, []m{}
	}
	c.rowHeight = max(rowHeightOf(len(rowLabels)), c.names.lines*closeLine+9)
	room, headLines := 12, 1
	for _, column := range columns {
		width := 0.0
		for _, w := range column.words {
			width = max(width, ts.fonts.Width(w, labelSize, column.bold))
		}
		if width == 0 {
			continue // a head without a word below it
		}
		// A long head breaks, so that its column does not take the room of the plot.
		title, _ := ts.wrap(column.title, headSize, max(width, widestHead), 3)
		for _, line := range title {
			width = max(width, ts.fonts.Width(line, headSize, false))
		}
		headLines = max(headLines, len(title))
		room += int(width) + 1
		c.headCells = append(c.headCells, m{"side": "right", "dx": room, "dy": -(len(title) - 1) * lineHeight / 2, "text": strings.Join(title, "\n"), "align": "right", "color": muted, "size": headSize})
		for i, w := range column.words {
			if w != "" {
				c.cells[i] = append(c.cells[i], m{"side": "right", "dx": room, "text": w, "align": "right", "bold": column.bold, "color": ink})
			}
		}
		room += 14
	}
	c.plot = frame{left: int(c.names.width) + 14, right: room - 10, top: 22 + (headLines-1)*lineHeight, bottom: 24}
	return c
}

// rowHeightOf is the height of a row of one line: many rows stand closer, so that
// a figure leaves room on its page.
func rowHeightOf(rows int) int {
	if rows > 16 {
		return 21
	}
	return 25
}

// height is the height of the whole figure.
func (c *rowChart) height() int { return c.plot.top + len(c.names.labels)*c.rowHeight + c.plot.bottom }

// stateWord writes the reason for no value into a row.
func (c *rowChart) stateWord(l lang.Lang, row int, s document.State) {
	c.cells[row] = append(c.cells[row], m{"side": "plot", "dx": 6, "text": s.Sign() + " " + s.Word(l), "color": muted})
}

// option makes the option with axes and words; the caller adds the series. The
// first series, of go-echarts' custom kind, holds the spans.
func (c *rowChart) option(l lang.Lang, name string, spans []any, look m) (option, error) {
	custom := gocharts.NewCustom()
	custom.AddSeries(name, []opts.CustomData{})
	o, err := fromChart(custom)
	if err != nil {
		return nil, c.head.errorf("%w", err)
	}
	set(o.series(0), m{"data": listOf(spans), "encode": m{"x": []int{0, 1}, "y": 2}, "renderItem": look, "z": 2})
	o["grid"] = c.plot.grid()
	o["yAxis"], o["xAxis"] = rows(c.names, c.links), valueAxis(l, c.low, c.high)
	o.add(words(c.cells, c.low))
	if len(c.headCells) > 0 {
		o.add(header(c.headCells, c.low, 10))
	}
	return o, nil
}

// finish closes the figure with the note on shortened names.
func (c *rowChart) finish(l lang.Lang, o option, alt string, table document.Table) ([]*document.Figure, error) {
	h := c.head
	if c.names.cut > 0 {
		h.Note = joinNotes(l, h.Note, cutNote(l, c.names.cut))
	}
	f, err := h.figure(o, c.height(), alt, table)
	if err != nil {
		return nil, err
	}
	return []*document.Figure{f}, nil
}
