package reader

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"weir/ingest/reason"
	"weir/ingest/record"
	"weir/ingest/source"
	"weir/ingest/workbook"
	"weir/internal/lang"
	"weir/internal/problem"
)

// XLSXOptions describe the sheet of a workbook.
type XLSXOptions struct {
	Sheet    string   // name of the sheet; "": the first that is not hidden
	Table    string   // a sheet of this name goes before the first one
	NoHeader bool     // the first row is data
	Names    []string // column names where there is no header, or in place of it
	Skip     int      // rows before the header
}

// XLSX reads a sheet of a workbook. Its lines are the numbers of the rows. Rows and columns that are hidden or
// filtered away are read like the others; blank rows are skipped.
type XLSX struct {
	file    *source.File
	rows    *workbook.Rows
	options XLSXOptions
	columns []string
	header  int // row of the header
	chosen  workbook.Sheet
	sheets  int
	merged  int
	first   []workbook.Cell // a row that was read while looking for the columns
	line    int
	row     []string
}

// NewXLSX reads up to the header. The file must be open on the disk.
func NewXLSX(f *source.File, o XLSXOptions) (*XLSX, error) {
	book, err := workbook.Open(f.Disk(), f.DiskSize())
	if err != nil {
		return nil, ofWorkbook(f, 0, err)
	}
	x := &XLSX{file: f, options: o, sheets: len(book.Sheets())}
	if x.chosen, err = x.choose(book.Sheets()); err != nil {
		return nil, err
	}
	if x.rows, err = book.Rows(x.chosen); err != nil {
		return nil, ofWorkbook(f, 0, err)
	}
	x.merged = x.rows.Merged()
	f.OnClose(x.rows.Close)
	return x, x.readHeader()
}

// choose finds the sheet to read.
func (x *XLSX) choose(sheets []workbook.Sheet) (workbook.Sheet, error) {
	names := make([]string, len(sheets))
	for i, s := range sheets {
		names[i] = s.Name
		if s.Name == x.options.Sheet && s.Name != "" {
			return s, nil
		}
	}
	if x.options.Sheet != "" {
		return workbook.Sheet{}, failure(x.file.Path, 0, lang.T(fmt.Sprintf("工作簿中没有工作表 %q", x.options.Sheet), fmt.Sprintf("the workbook has no sheet %q", x.options.Sheet)), problem.Meant(x.options.Sheet, names))
	}
	for _, s := range sheets {
		if strings.EqualFold(s.Name, x.options.Table) {
			return s, nil
		}
	}
	for _, s := range sheets {
		if !s.Hidden {
			return s, nil
		}
	}
	return sheets[0], nil
}

func (x *XLSX) readHeader() error {
	for {
		line, cells, err := x.rows.Next()
		if err == io.EOF {
			return failure(x.file.Path, 0, lang.T(fmt.Sprintf("工作表 %q 没有表头和数据", x.chosen.Name), fmt.Sprintf("the sheet %q has no header and no rows", x.chosen.Name)),
				lang.T("写明存放数据的工作表，或重新导出", "name the sheet that holds the table, or export it again"))
		}
		if err != nil {
			return ofWorkbook(x.file, 0, err)
		}
		if line <= x.options.Skip {
			continue
		}
		x.header = line
		last := cells[len(cells)-1].Column
		if x.options.NoHeader {
			x.first, x.line, x.columns = cells, line, x.options.Names
			if x.columns == nil {
				x.columns = numbered(last + 1)
			}
			return nil
		}
		fields := make([][]byte, last+1)
		for _, c := range cells {
			fields[c.Column] = c.Text
		}
		x.columns = headerNames(fields)
		if x.options.Names != nil {
			if len(x.options.Names) != len(x.columns) {
				return failure(x.file.Path, int64(line), otherHeader(len(x.columns), len(x.options.Names)), correctNames)
			}
			x.columns = x.options.Names
		}
		return nil
	}
}

// Columns names the columns of the sheet.
func (x *XLSX) Columns() []string { return x.columns }

// HeaderLine is the row of the header, for messages.
func (x *XLSX) HeaderLine() int { return x.header }

// Notes says which sheet was read and what of it may surprise.
func (x *XLSX) Notes() []lang.Text {
	var notes []lang.Text
	if x.sheets > 1 {
		notes = append(notes, lang.T(fmt.Sprintf("工作簿有 %d 个工作表，读取的是“%s”（第 %d 行起）", x.sheets, x.chosen.Name, x.header),
			fmt.Sprintf("of the %d sheets of the workbook %q was read, from row %d on", x.sheets, x.chosen.Name, x.header)))
	}
	if x.merged > 0 {
		notes = append(notes, lang.T(fmt.Sprintf("有 %d 处跨行合并的单元格：文字和日期用于其中每一行，数字只用于首行", x.merged),
			fmt.Sprintf("%d cells are merged over several rows: texts and dates hold for each of these, numbers for the first alone", x.merged)))
	}
	return notes
}

// Read passes every row on.
func (x *XLSX) Read(w *record.Writer, place []int) error {
	for {
		line, cells := x.line, x.first
		if x.first = nil; cells == nil {
			var err error
			if line, cells, err = x.rows.Next(); err == io.EOF {
				return nil
			} else if err != nil {
				return ofWorkbook(x.file, 0, err)
			}
		}
		if !w.Wants(int64(line)) {
			continue
		}
		w.Begin(int64(line))
		if err := x.pass(w, place, cells); err != nil {
			return err
		}
	}
}

// pass hands one row on. A cell without a value that is used rejects it.
func (x *XLSX) pass(w *record.Writer, place []int, cells []workbook.Cell) error {
	raw := x.raw(cells)
	if last := cells[len(cells)-1].Column; last >= len(x.columns) {
		return w.Reject(string(reason.Ragged), "", fmt.Appendf(nil, "%d ≠ %d", last+1, len(x.columns)), raw)
	}
	for _, c := range cells {
		switch {
		case place[c.Column] < 0:
		case c.Kind == workbook.Failed:
			return w.Reject(string(reason.CellError), x.columns[c.Column], c.Text, raw)
		case c.Kind == workbook.Uncalculated:
			return w.Reject(string(reason.NotCalculated), x.columns[c.Column], nil, raw)
		}
	}
	for _, c := range cells {
		if p := place[c.Column]; p >= 0 {
			w.Field(p, c.Text)
		}
	}
	return w.End(raw)
}

// Layout is that of the lines of CSV by which the quarantine keeps rows.
func (x *XLSX) Layout() (columns []string, delimiter byte) { return x.columns, ',' }

// raw writes the row as a line of CSV.
func (x *XLSX) raw(cells []workbook.Cell) []byte {
	x.row = x.row[:0]
	for _, c := range cells {
		for len(x.row) < c.Column {
			x.row = append(x.row, "")
		}
		x.row = append(x.row, string(c.Text))
	}
	return csvLine(x.row)
}

// csvLine writes fields as a line of CSV without its end.
func csvLine(fields []string) []byte {
	var b strings.Builder
	w := csv.NewWriter(&b)
	// A builder takes everything.
	_ = w.Write(fields)
	w.Flush()
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}

// ofWorkbook names the file in a problem of a workbook.
func ofWorkbook(f *source.File, line int64, err error) error {
	var p workbook.Problem
	if errors.As(err, &p) {
		return failure(f.Path, line, nothingLoaded(p.What), p.Cure)
	}
	return err
}
