package reader

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"weir/ingest/reason"
	"weir/ingest/record"
	"weir/ingest/source"
	"weir/internal/lang"
)

// DelimitedOptions describe a CSV or TSV file.
type DelimitedOptions struct {
	Delimiter byte     // 0: the one of comma, tab, semicolon and bar that splits the first line most often
	NoHeader  bool     // the first line is data
	Names     []string // column names where there is no header, or in place of it
	Skip      int      // lines before the header
	NoQuotes  bool     // quotes are data
}

// Delimited reads CSV and TSV as RFC 4180 describes it, with any delimiter and line end. Blank lines are skipped.
type Delimited struct {
	file    *source.File
	text    window
	options DelimitedOptions
	columns []string
	line    int64 // physical line at which the record at hand begins
	lines   int64 // physical lines of the record at hand
	fields  [][]byte
	scratch []byte
	mangled bool // the encoding may yield replacement characters
	first   bool // a first record is waiting, read while looking for the columns
	raw     []byte
	fault   error
	open    bool // the text ends inside the record at hand: its last value may be cut short
}

// errQuote marks a record with text behind a closing quote; the reader goes on after its line.
var errQuote = errors.New("text after a closing quote")

// NewDelimited reads up to the header.
func NewDelimited(f *source.File, o DelimitedOptions) (*Delimited, error) {
	d := &Delimited{file: f, text: newWindow(f), options: o, line: 1, mangled: f.Encoding != source.UTF8}
	if o.Delimiter == 0 {
		if err := d.guessDelimiter(); err != nil {
			return nil, err
		}
	}
	for range o.Skip {
		if err := d.skipLine(); err != nil {
			return nil, err
		}
	}
	ok, err := d.next()
	if err == nil && !ok {
		err = failure(f.Path, d.line, lang.T("文件没有表头和数据", "the file has no header and no rows"), exportAgain)
	}
	if errors.Is(err, errQuote) {
		err = failure(f.Path, d.line, lang.T("表头的右引号后还有文字", "the header has text after a closing quote"), lang.T("修正表头", "repair the header"))
	}
	if err != nil {
		return nil, err
	}
	if o.NoHeader {
		d.first = true
		d.columns = o.Names
		if d.columns == nil {
			d.columns = numbered(len(d.fields))
		}
		return d, nil
	}
	d.columns = headerNames(d.fields)
	if o.Names != nil {
		if len(o.Names) != len(d.columns) {
			return nil, failure(f.Path, d.line, otherHeader(len(d.columns), len(o.Names)), correctNames)
		}
		d.columns = o.Names
	}
	return d, nil
}

// Columns names the columns of the file.
func (d *Delimited) Columns() []string { return d.columns }

// Layout is how the lines of the file are made: the names that its fields go by and what parts them.
func (d *Delimited) Layout() (columns []string, delimiter byte) {
	return d.columns, d.options.Delimiter
}

// HeaderLine is the line of the header, for messages.
func (d *Delimited) HeaderLine() int { return d.options.Skip + 1 }

func headerNames(fields [][]byte) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = strings.TrimSpace(strings.ToValidUTF8(string(f), "�"))
		if names[i] == "" {
			names[i] = fmt.Sprintf("column%d", i+1)
		}
	}
	return names
}

func numbered(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("column%d", i+1)
	}
	return names
}

// Read passes every record on.
func (d *Delimited) Read(w *record.Writer, place []int) error {
	return d.each(func() error { return d.passAs(w, place, d.line) })
}

// each calls use for every record.
func (d *Delimited) each(use func() error) error {
	for {
		if !d.first {
			ok, err := d.next()
			if err != nil && !errors.Is(err, errQuote) {
				return err
			}
			if !ok {
				return nil
			}
			d.fault = err
		}
		d.first = false
		if err := use(); err != nil {
			return err
		}
	}
}

// sound tells whether every byte of the record could be decoded.
func (d *Delimited) sound() bool {
	return utf8.Valid(d.raw) && !(d.mangled && bytes.Contains(d.raw, []byte("�")))
}

// whole tells whether the record can be split into the file's columns, all of it.
func (d *Delimited) whole() bool {
	return d.fault == nil && !d.open && d.sound() && len(d.fields) == len(d.columns)
}

// passAs hands the record on under a line.
func (d *Delimited) passAs(w *record.Writer, place []int, line int64) error {
	if !w.Wants(line) {
		return nil
	}
	w.Begin(line)
	switch {
	case d.open:
		return w.Reject(string(reason.Unfinished), "", nil, d.raw)
	case d.fault != nil:
		return w.Reject(string(reason.Quote), "", nil, d.raw)
	case !d.sound():
		return w.Reject(string(reason.Encoding), "", nil, d.raw)
	case len(d.fields) != len(d.columns):
		return w.Reject(string(reason.Ragged), "", fmt.Appendf(nil, "%d ≠ %d", len(d.fields), len(d.columns)), d.raw)
	}
	for i, field := range d.fields {
		if p := place[i]; p >= 0 {
			w.Field(p, field)
		}
	}
	return w.End(d.raw)
}

// next reads the next record that is not blank into fields and raw.
func (d *Delimited) next() (bool, error) {
	for {
		d.line += d.lines
		d.lines = 0
		line, size, err := d.peekLine(0)
		if err != nil || size == 0 {
			return false, err
		}
		switch {
		case len(line) == 0 || len(trimBlank(line)) == 0:
			d.text.start += size
			d.lines = 1
		case d.options.NoQuotes || bytes.IndexByte(line, '"') < 0:
			d.open = size == len(line)
			d.text.start += size
			d.split(line)
			return true, nil
		default:
			return true, d.quoted()
		}
	}
}

// trimBlank cuts blanks off the front: only a delimiter makes a line more than blank.
func trimBlank(line []byte) []byte {
	for len(line) > 0 && (line[0] == ' ' || line[0] == '\r') {
		line = line[1:]
	}
	return line
}

// peekLine looks at the line at the offset from the window's start, without its end; size counts the line end too
// and is 0 at the end of the text.
func (d *Delimited) peekLine(offset int) (line []byte, size int, err error) {
	t := &d.text
	searched := offset
	for {
		if i := bytes.IndexByte(t.buf[t.start+searched:t.end], '\n'); i >= 0 {
			return trimReturn(t.buf[t.start+offset : t.start+searched+i]), searched + i + 1 - offset, nil
		}
		searched = t.end - t.start
		more, err := d.fill()
		if err != nil {
			return nil, 0, err
		}
		if !more {
			line := t.buf[t.start+offset : t.end]
			return trimReturn(line), len(line), nil
		}
	}
}

// fill reads more text and says at which line it failed.
func (d *Delimited) fill() (bool, error) {
	more, err := d.text.fill()
	if errors.Is(err, errTooLong) {
		err = failure(d.file.Path, d.line, tooLong, lang.T("检查换行符和引号", "check the line ends and the quotes"))
	}
	return more, err
}

func (d *Delimited) skipLine() error {
	_, size, err := d.peekLine(0)
	d.text.start += size
	d.line++
	return err
}

func trimReturn(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// split cuts a line without quotes.
func (d *Delimited) split(line []byte) {
	d.raw, d.lines = line, 1
	d.fields = d.fields[:0]
	delimiter := d.options.Delimiter
	for {
		i := bytes.IndexByte(line, delimiter)
		if i < 0 {
			d.fields = append(d.fields, line)
			return
		}
		d.fields = append(d.fields, line[:i])
		line = line[i+1:]
	}
}

func (d *Delimited) guessDelimiter() error {
	line, _, err := d.text.firstLine()
	if err != nil {
		return err
	}
	best, most := byte(','), 0
	for _, c := range []byte{',', '\t', ';', '|'} {
		if n := bytes.Count(line, []byte{c}); n > most {
			best, most = c, n
		}
	}
	d.options.Delimiter = best
	return nil
}

// firstLine looks at the first line without taking it.
func (w *window) firstLine() ([]byte, bool, error) {
	for {
		if i := bytes.IndexByte(w.buf[w.start:w.end], '\n'); i >= 0 {
			return w.buf[w.start : w.start+i], true, nil
		}
		more, err := w.fill()
		if err != nil || !more {
			return w.buf[w.start:w.end], w.end > w.start, err
		}
	}
}
