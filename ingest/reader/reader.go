// Package reader splits files into records: delimited text, JSON, log lines, spreadsheets and Arrow files.
//
// A reader reports what it finds and where; whether a value is right is decided later, for all formats alike. A
// record that cannot be split is rejected alone; what leaves in doubt where records begin fails the whole file.
package reader

import (
	"fmt"
	"io"

	"weir/ingest/record"
	"weir/internal/problem"
)

// Reader gives the records of one file, once.
type Reader interface {
	// Columns names the columns of the file in its order.
	Columns() []string
	// Read passes every record to w. Place says for each column which column of the writer takes it, -1 for none.
	Read(w *record.Writer, place []int) error
}

// maxRecord is the longest record in bytes: what is longer is most likely an unclosed quote.
const maxRecord = 16 << 20

// window is a buffered view of a text: the record at hand always lies in one piece.
type window struct {
	from  io.Reader
	buf   []byte
	start int // where the record begins
	end   int // where the valid bytes end
	eof   bool
}

func newWindow(from io.Reader) window { return window{from: from, buf: make([]byte, 1<<20)} }

// fill reads more behind the record at hand, moving it to the front and growing the buffer as needed. It returns
// false at the end of the text.
func (w *window) fill() (bool, error) {
	if w.eof {
		return false, nil
	}
	if w.start > 0 {
		copy(w.buf, w.buf[w.start:w.end])
		w.end -= w.start
		w.start = 0
	}
	if w.end == len(w.buf) {
		if len(w.buf) >= 2*maxRecord {
			return false, errTooLong
		}
		w.buf = append(w.buf, make([]byte, len(w.buf))...)
	}
	for {
		n, err := w.from.Read(w.buf[w.end:])
		w.end += n
		if err == io.EOF {
			w.eof = true
			return n > 0, nil
		}
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
}

var errTooLong = fmt.Errorf("a record is longer than %d MB", maxRecord>>20)

// failure is a problem of a file at a line.
func failure(file string, line int64, what, cure string) error {
	return problem.Problem{File: file, Line: int(line), What: what, Cure: cure}
}
