// Package reader splits files into records: delimited text, JSON, log lines, spreadsheets and Arrow files.
//
// A reader reports what it finds and where; whether a value is right is decided later, for all formats alike. A
// record that cannot be split is rejected alone; what leaves in doubt where records begin fails the whole file.
package reader

import (
	"fmt"
	"io"

	"weir/ingest/record"
	"weir/internal/lang"
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

// tooLong is the same in both languages, as the end of a file.
var tooLong = nothingLoaded(lang.T(fmt.Sprintf("一条记录超过 %d MB", maxRecord>>20), errTooLong.Error()))

// nothingLoaded adds to what is wrong that nothing of the file was loaded.
func nothingLoaded(what lang.Text) lang.Text {
	return lang.T(what.Zh+"，未装入任何内容", what.En+"; nothing of the file was loaded")
}

// Cures that several readers give.
var (
	exportAgain  = lang.T("重新导出", "export it again")
	sendAgain    = lang.T("重新传输或导出该文件", "transfer or export the file again")
	correctNames = lang.T("改正映射中的列名清单", "correct the list of names")
)

// otherHeader says that a mapping names other columns than the header has.
func otherHeader(found, named int) lang.Text {
	return lang.T(fmt.Sprintf("表头有 %d 列，映射列出 %d 列", found, named), fmt.Sprintf("the header has %d columns, the mapping names %d", found, named))
}

// failure is a problem of a file at a line.
func failure(file string, line int64, what, cure lang.Text) error {
	return problem.Of(file, what, cure).At(int(line))
}
