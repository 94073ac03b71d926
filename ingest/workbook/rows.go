package workbook

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"weir/internal/lang"
)

// Kind says what a cell holds.
type Kind int

// The kinds of cells. A blank cell is none.
const (
	Text         Kind = iota
	Number            // plain decimal
	Date              // YYYY-MM-DD, with HH:MM:SS and milliseconds behind it, or a time of day alone
	Boolean           // true or false
	Failed            // an error such as #N/A
	Uncalculated      // a formula whose result was not saved
)

// Cell is a cell that is not blank. Its text is valid until the next row is read.
type Cell struct {
	Column int // from 0
	Kind   Kind
	Text   []byte
}

// Rows gives the rows of a sheet in order.
type Rows struct {
	book    *Book
	part    string
	content io.ReadCloser
	scanner *scanner
	row     int
	ended   bool
	cells   []Cell
	scratch []byte
	merged  []area // by first row, those that the row at hand has reached left out
	areas   int
	open    []held // areas that the row at hand lies in
}

// area is a range of cells that were merged over several rows.
type area struct{ top, bottom, column int }

// held is what an area shows in each of its rows.
type held struct {
	area
	kind Kind
	text []byte // nil where it is blank, or a number
}

// maxMerged bounds the memory that merged cells take.
const maxMerged = 1_000_000

// Rows opens a sheet of the book.
func (b *Book) Rows(s Sheet) (*Rows, error) {
	merged, err := b.merged(s.part)
	if err != nil {
		return nil, err
	}
	content, err := b.open(s.part, maxSheet)
	if err != nil {
		return nil, err
	}
	return &Rows{book: b, part: s.part, content: content, scanner: newScanner(content), merged: merged, areas: len(merged)}, nil
}

// Close releases the sheet.
func (r *Rows) Close() error { return r.content.Close() }

// Merged counts the areas of cells that were merged over several rows.
func (r *Rows) Merged() int { return r.areas }

// merged reads which cells were merged: that stands behind the cells.
func (b *Book) merged(part string) ([]area, error) {
	content, err := b.open(part, maxSheet)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	s := newScanner(content)
	// The cells are read over: twice the name of the element that holds them.
	for range 2 {
		if found, err := s.skipBehind("sheetData>"); err != nil || !found {
			return nil, wordedOrNil(part, err)
		}
	}
	var all []area
	for {
		t, err := s.next()
		if err == io.EOF {
			slices.SortFunc(all, func(a, b area) int { return a.top - b.top })
			return all, nil
		}
		if err != nil {
			return nil, worded(part, err)
		}
		if t.kind != opening || t.name != "mergeCell" {
			continue
		}
		from, to, _ := strings.Cut(t.value("ref"), ":")
		column, top, ok := reference(from)
		_, bottom, ok2 := reference(to)
		if ok && ok2 && bottom > top {
			all = append(all, area{top, bottom, column})
		}
		if len(all) > maxMerged {
			return nil, Problem{lang.T(fmt.Sprintf("工作表的合并单元格超过 %d 处", maxMerged), fmt.Sprintf("the sheet has more than %d merged cells", maxMerged)), lang.T("把表格另存为 .csv", "save the table as .csv")}
		}
	}
}

func wordedOrNil(part string, err error) error {
	if err == nil {
		return nil
	}
	return worded(part, err)
}

// Next gives the number of the next row, from 1, and its cells from left to right; a text, date or yes-or-no that was
// merged over several rows stands in each of them, a number only in the first, since it may be their total. The error
// is io.EOF behind the last row.
func (r *Rows) Next() (int, []Cell, error) {
	for !r.ended {
		t, err := r.scanner.next()
		if err == io.EOF {
			err = errCut
		}
		if err != nil {
			return 0, nil, r.worded(err)
		}
		switch name := t.name; {
		case name == "sheetData" && t.kind == closing:
			r.ended = true
		case name == "row" && t.kind == opening:
			if err := r.read(t); err != nil {
				return 0, nil, r.worded(err)
			}
			if len(r.cells) > 0 {
				r.fill()
				return r.row, r.cells, nil
			}
			r.fill()
		}
	}
	// What stands behind the cells is read too: only then the archive has compared its checksum.
	if _, err := io.Copy(io.Discard, r.content); err != nil {
		return 0, nil, r.worded(err)
	}
	return 0, nil, io.EOF
}

func (r *Rows) worded(err error) error {
	if r.row > 0 {
		err = fmt.Errorf("row %d: %w", r.row, err)
	}
	return worded(r.part, err)
}

// read reads the cells of a row.
func (r *Rows) read(t token) error {
	row := r.row + 1
	if n := t.number("r"); n >= 0 {
		row = n
	}
	if row <= r.row || row > maxRows {
		return damaged("%s: row %d behind row %d", r.part, row, r.row)
	}
	r.row, r.cells, r.scratch = row, r.cells[:0], r.scratch[:0]
	for column := -1; ; {
		t, err := r.scanner.next()
		if err == io.EOF {
			err = errCut
		}
		if err != nil {
			return err
		}
		switch name := t.name; {
		case name == "row" && t.kind == closing:
			return nil
		case name == "c" && t.kind == opening:
			at := column + 1
			if ref, ok := t.attribute("r"); ok {
				if at, _, ok = reference(ref); !ok {
					return fmt.Errorf("%q is no cell", ref)
				}
			}
			if at <= column || at >= maxColumns {
				return fmt.Errorf("cell %d behind cell %d", at+1, column+1)
			}
			column = at
			if err := r.cell(t, column); err != nil {
				return err
			}
		}
	}
}

// written is what the elements of a cell say.
type written struct {
	kind    string
	style   int
	value   []byte
	valued  bool // there is a value, which may be blank
	formula bool
}

// cell reads one cell.
func (r *Rows) cell(t token, column int) error {
	w := written{kind: "n", style: t.number("s")}
	if v, ok := t.attribute("t"); ok {
		w.kind = v
	}
	from, inValue := len(r.scratch), false
	for {
		t, err := r.scanner.next()
		if err == io.EOF {
			err = errCut
		}
		if err != nil {
			return err
		}
		if t.kind == text {
			if inValue {
				r.scratch = append(r.scratch, t.text...)
			}
			continue
		}
		switch name := t.name; {
		case name == "v":
			inValue = t.kind == opening
			w.valued = true
		case name == "f":
			w.formula = true
		case name == "is" && t.kind == opening:
			if r.scratch, err = richText(r.scanner, "is", r.scratch); err != nil {
				return err
			}
			w.valued = true
		case name == "c" && t.kind == closing:
			w.value = r.scratch[from:]
			return r.add(w, column)
		}
	}
}

// add keeps what the cell holds.
func (r *Rows) add(w written, column int) error {
	c := Cell{Column: column, Kind: Text, Text: w.value}
	if len(bytes.TrimSpace(w.value)) == 0 {
		// A formula may result in a blank text; any other result has signs.
		if w.formula && !(w.valued && w.kind == "str") {
			c.Kind = Uncalculated
			r.cells = append(r.cells, c)
		}
		return nil
	}
	switch w.kind {
	case "s":
		i, err := strconv.Atoi(string(bytes.TrimSpace(w.value)))
		if err != nil {
			i = -1
		}
		text, ok := r.book.shared.at(i)
		if !ok {
			return fmt.Errorf("there is no shared text %q", w.value)
		}
		if c.Text = text; len(bytes.TrimSpace(text)) == 0 {
			return nil
		}
	case "str":
		c.Text = controls(w.value)
	case "b":
		c.Kind, c.Text = Boolean, []byte(strconv.FormatBool(string(w.value) == "1" || string(w.value) == "true"))
	case "e":
		c.Kind = Failed
	case "d":
		c.Kind = Date
	case "n":
		return r.addNumber(w, c)
	}
	r.cells = append(r.cells, c)
	return nil
}

func (r *Rows) addNumber(w written, c Cell) error {
	value := bytes.TrimSpace(w.value)
	c.Kind = Number
	if w.style >= 0 && w.style < len(r.book.dates) && r.book.dates[w.style] {
		serial, err := strconv.ParseFloat(string(value), 64)
		if err != nil {
			serial = math.NaN()
		}
		if d := date(serial, r.book.since); d != "" {
			c.Kind, c.Text = Date, []byte(d)
			r.cells = append(r.cells, c)
			return nil
		}
	}
	number, ok := plain(value)
	if !ok {
		return fmt.Errorf("%q is no number", value)
	}
	c.Text = []byte(number)
	r.cells = append(r.cells, c)
	return nil
}

// fill writes what merged areas show into the row at hand. A row with nothing of its own stays blank.
func (r *Rows) fill() {
	for len(r.merged) > 0 && r.merged[0].top <= r.row {
		a := r.merged[0]
		r.merged = r.merged[1:]
		h := held{area: a}
		if i := slices.IndexFunc(r.cells, func(c Cell) bool { return c.Column == a.column }); i >= 0 && a.top == r.row {
			if c := r.cells[i]; c.Kind == Text || c.Kind == Date || c.Kind == Boolean {
				h.kind, h.text = c.Kind, bytes.Clone(c.Text)
			}
		}
		if h.text != nil {
			r.open = append(r.open, h)
		}
	}
	if len(r.open) == 0 {
		return
	}
	r.open = slices.DeleteFunc(r.open, func(h held) bool { return h.bottom < r.row })
	if len(r.cells) == 0 {
		return
	}
	for _, h := range r.open {
		i, taken := slices.BinarySearchFunc(r.cells, h.column, func(c Cell, column int) int { return c.Column - column })
		if !taken {
			r.cells = slices.Insert(r.cells, i, Cell{Column: h.column, Kind: h.kind, Text: h.text})
		}
	}
}

// reference reads B7 as column 1 and row 7.
func reference(b string) (column, row int, ok bool) {
	i := 0
	for ; i < len(b) && b[i] >= 'A' && b[i] <= 'Z' && column < maxColumns; i++ {
		column = column*26 + int(b[i]-'A') + 1
	}
	if i == 0 || i == len(b) {
		return 0, 0, false
	}
	row, err := strconv.Atoi(b[i:])
	return column - 1, row, err == nil && row > 0
}
