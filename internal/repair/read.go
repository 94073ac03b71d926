package repair

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"weir/ingest"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/server/export"
)

// Read reads a file that Write made and a department has put right. Waiting are the rows of the quarantine: what the
// file says of others, such as rows that went in already, is passed over and counted.
func Read(path string, waiting []ingest.Unrepaired) (repairs []ingest.Repair, passed int, err error) {
	records, err := records(path)
	if err != nil {
		return nil, 0, err
	}
	if len(records) == 0 {
		return nil, 0, problem.Of(path, lang.T("文件为空", "the file is empty"), lang.T("交回 weir quarantine export 写出的文件", "send the file that weir quarantine export wrote"))
	}
	head := records[0]
	at := func(name string) int {
		return slices.IndexFunc(head, func(h string) bool { return strings.TrimPrefix(h, "'") == name })
	}
	load, line, raw := at(loadColumn), at(lineColumn), at(rawColumn)
	if load < 0 || line < 0 {
		return nil, 0, problem.Of(path, lang.T(fmt.Sprintf("缺少 %s 与 %s 两列，无法找到各行原来的位置", loadColumn, lineColumn), fmt.Sprintf("the columns %s and %s, which lead a row back to its place, are missing", loadColumn, lineColumn)),
			lang.T("交回 weir quarantine export 写出的文件，保留全部列", "send the file that weir quarantine export wrote, with all its columns")).At(1)
	}
	byPlace := map[[2]int64]ingest.Unrepaired{}
	for _, w := range waiting {
		byPlace[[2]int64{w.LoadID, w.Line}] = w
	}
	var problems problem.List
	for i, record := range records[1:] {
		cell := func(at int) string {
			if at < 0 || at >= len(record) {
				return ""
			}
			return record[at]
		}
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		place, err := placeOf(cell(load), cell(line))
		if err != nil {
			problems = append(problems, problem.Of(path, lang.T(fmt.Sprintf("批次 %q、行号 %q 无法指明是哪一行", cell(load), cell(line)), err.Error()), lang.T("这两列请保持原样", "leave these two columns as they were")).At(i+2))
			continue
		}
		was, ok := byPlace[place]
		if !ok {
			passed++
			continue
		}
		one := ingest.Repair{LoadID: place[0], Line: place[1]}
		var fields []string
		changed, any := false, false
		for k, name := range was.Columns {
			column := at(export.Inert(name))
			if column < 0 {
				column = at(name)
			}
			if column < 0 {
				problems = append(problems, problem.Of(path, lang.T(fmt.Sprintf("缺少列 %q", name), fmt.Sprintf("the column %q is missing", name)), lang.T("保留文件的全部列", "keep all columns of the file")).At(1))
				return nil, passed, problems.Err()
			}
			before := ""
			if was.Fields != nil {
				before = was.Fields[k]
			}
			field := given(cell(column), before)
			changed, any = changed || field != before, any || field != ""
			fields = append(fields, field)
		}
		text := given(cell(raw), was.Raw)
		switch {
		case was.Fields != nil && changed, was.Fields == nil && any:
			one.Fields = fields
		case was.Fields == nil && text != "" && text != was.Raw:
			one.Text = text
		}
		repairs = append(repairs, one)
	}
	return repairs, passed, problems.Err()
}

// given undoes the apostrophe that keeps a text from being run as a formula. What was not touched is what it was.
func given(cell, before string) string {
	if cell == export.Inert(before) {
		return before
	}
	if rest, ok := strings.CutPrefix(cell, "'"); ok && export.Inert(rest) == cell {
		return rest
	}
	return cell
}

func placeOf(load, line string) (place [2]int64, err error) {
	for i, text := range []string{load, line} {
		if place[i], err = strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(text), ".0"), 10, 64); err != nil {
			return place, fmt.Errorf("load %q and line %q do not say which row this is", load, line)
		}
	}
	return place, nil
}

// records reads the rows of the file. Spreadsheets save CSV in GBK as well.
func records(path string) (_ [][]string, err error) {
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		book, err := excelize.OpenFile(path, excelize.Options{RawCellValue: false})
		if err != nil {
			return nil, problem.Of(path, lang.T("工作簿无法读取："+err.Error(), "the workbook cannot be read: "+err.Error()), lang.T("另存为不设密码的 .xlsx", "save it as .xlsx, without a password"))
		}
		rows, err := book.GetRows(book.GetSheetName(0))
		return rows, errors.Join(err, book.Close())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(text) {
		if text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(text); err != nil {
			return nil, problem.Of(path, lang.T("文件既不是 UTF-8 也不是 GBK", "the file is neither UTF-8 nor GBK"), lang.T("另存为 UTF-8 的 CSV 或 .xlsx", "save it as CSV in UTF-8, or as .xlsx"))
		}
	}
	body := strings.TrimPrefix(string(text), "\ufeff")
	r := csv.NewReader(strings.NewReader(body))
	r.FieldsPerRecord = -1
	if first, _, _ := strings.Cut(body, "\n"); !strings.Contains(first, ",") && strings.Contains(first, ";") {
		r.Comma = ';'
	}
	var all [][]string
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, problem.Of(path, lang.T("文件无法按 CSV 读取："+err.Error(), err.Error()), lang.T("另存为值带引号的 CSV 或 .xlsx", "save the file as CSV with quoted values, or as .xlsx"))
		}
		all = append(all, record)
	}
}
