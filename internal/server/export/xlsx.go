package export

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// mostRows is what a sheet holds beside its head.
const mostRows = 1_048_575

// writeXLSX writes one sheet with typed cells and a frozen head. Texts are stored as texts, never as formulas.
func writeXLSX(w io.Writer, columns []Column, next Next) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	const name = "data"
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	sheet, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	moment, err := book.NewStyle(&excelize.Style{CustomNumFmt: text("yyyy-mm-dd hh:mm:ss")})
	if err != nil {
		return err
	}
	day, err := book.NewStyle(&excelize.Style{CustomNumFmt: text("yyyy-mm-dd")})
	if err != nil {
		return err
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = excelize.Cell{StyleID: bold, Value: c.Name}
	}
	if err := sheet.SetRow("A1", head); err != nil {
		return err
	}
	line := 1
	err = each(next, func(row []any) error {
		if line++; line > mostRows+1 {
			return fmt.Errorf("a sheet holds %d rows at most; choose csv or parquet", mostRows)
		}
		cells := make([]any, len(row))
		for i, cell := range row {
			cells[i] = sheetCell(cell, columns[i].Type, moment, day)
		}
		return sheet.SetRow("A"+strconv.Itoa(line), cells)
	})
	if err != nil {
		return err
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}

func text(s string) *string { return &s }

func sheetCell(cell any, columnType string, moment, day int) any {
	switch v := cell.(type) {
	case nil:
		return nil
	case time.Time:
		if columnType == "DATE" {
			return excelize.Cell{StyleID: day, Value: v}
		}
		return excelize.Cell{StyleID: moment, Value: v.UTC()}
	case string, bool, float64, int, int32, int64:
		return v
	}
	if n, ok := number(cell); ok {
		return n
	}
	return Text(cell, columnType)
}

// number reads decimals and large integers as floats where nothing is lost.
func number(cell any) (float64, bool) {
	s, ok := cell.(fmt.Stringer)
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(s.String(), 64)
	if err != nil || strconv.FormatFloat(f, 'f', -1, 64) != trimZeros(s.String()) {
		return 0, false
	}
	return f, true
}

func trimZeros(s string) string {
	for i := range s {
		if s[i] == '.' {
			end := len(s)
			for end > i+1 && s[end-1] == '0' {
				end--
			}
			if end == i+1 {
				end = i
			}
			return s[:end]
		}
	}
	return s
}
