// Package workbook reads the cells of a spreadsheet file (.xlsx, ECMA-376) row by row, in memory that does not grow
// with the sheet.
//
// A cell is given as it was entered: numbers with the 15 digits that spreadsheet programs keep, dates and times in
// ISO 8601 by the cell's number format, formulas with the result that was saved with them. Nothing is calculated and
// no other format of a number is shown. Workbooks that unfold to far more than they should are refused.
//
// The library that writes the reports' workbooks cannot do this: its stream of rows gives neither type nor number
// format of a cell, so that a date is only a number or what the format happens to show, and a formula without result is
// blank; a sheet loaded whole takes some 390 bytes a cell. Here archive/zip and encoding/xml do the work.
package workbook

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"weir/internal/lang"
)

// Book is an open workbook.
type Book struct {
	parts  map[string]*zip.File // by name in small letters
	sheets []Sheet
	shared texts
	dates  []bool // whether the cell format of that number shows a date or time
	since  int    // 1904 where serial dates count from there, else 1900
}

// Sheet is a sheet with cells.
type Sheet struct {
	Name   string
	Hidden bool
	part   string
}

// Limits of what is read; no spreadsheet program writes more than the first two.
const (
	maxRows    = 1 << 20
	maxColumns = 1 << 14

	maxParts    = 20_000
	maxTexts    = 512 << 20 // bytes of the texts that cells share: they are held in memory
	maxPart     = 64 << 20  // bytes of the small parts
	maxSheet    = 8 << 30   // bytes of a sheet
	bombSize    = 64 << 20  // from this size on a part may unfold …
	bombRatio   = 400       // … at most so many times; real sheets unfold 10 to 50 times
	mostFormats = 100_000
)

// Problem is what is wrong with a workbook and what cures it.
type Problem struct{ What, Cure lang.Text }

func (p Problem) Error() string { return p.What.En + "; " + p.Cure.En }

func damaged(format string, arguments ...any) error {
	detail := fmt.Sprintf(format, arguments...)
	return Problem{lang.T("工作簿中断或损坏："+detail, "the workbook is cut off or damaged: "+detail), lang.T("重新传输或导出该文件", "transfer or export the file again")}
}

// Open reads everything of a workbook but the cells of its sheets.
func Open(r io.ReaderAt, size int64) (*Book, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged("%v", err)
	}
	if len(z.File) > maxParts {
		return nil, Problem{lang.T(fmt.Sprintf("工作簿有 %d 个部件", len(z.File)), fmt.Sprintf("the workbook has %d parts", len(z.File))),
			lang.T("把需要的部分另存为一个工作簿", "save what is needed as a workbook of its own")}
	}
	b := &Book{parts: map[string]*zip.File{}, since: 1900}
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		if _, twice := b.parts[name]; !twice {
			b.parts[name] = f
		}
	}
	main, err := b.main()
	if err != nil {
		return nil, err
	}
	if err := b.readMain(main); err != nil {
		return nil, err
	}
	return b, nil
}

// Sheets lists the sheets in the order of the workbook.
func (b *Book) Sheets() []Sheet { return b.sheets }

// main finds the part that lists the sheets, or says what the file is instead.
func (b *Book) main() (string, error) {
	links, err := b.links("_rels/.rels")
	if err != nil {
		return "", err
	}
	for _, l := range links {
		if !strings.HasSuffix(l.kind, "/officeDocument") {
			continue
		}
		switch name := resolve("", l.target); {
		case strings.HasSuffix(name, ".bin"):
			return "", Problem{lang.T("这是二进制工作簿（.xlsb）", "this is a binary workbook (.xlsb)"), lang.T("另存为 .xlsx", "save it as .xlsx")}
		case b.parts[name] != nil && strings.HasPrefix(name, "xl/"):
			return name, nil
		}
		return "", Problem{lang.T("这是办公文档，不是工作簿", "this is a document of an office program, but no workbook"), lang.T("把表格另存为 .xlsx 或 .csv", "save the table as .xlsx or .csv")}
	}
	if b.parts["content.xml"] != nil && b.parts["mimetype"] != nil {
		return "", Problem{lang.T("这是 OpenDocument 文件", "this is an OpenDocument file"), lang.T("另存为 .xlsx 或 .csv", "save it as .xlsx or .csv")}
	}
	return "", Problem{lang.T("这是 zip 压缩包，不是工作簿", "this is a zip archive, but no workbook"), lang.T("解压后装入其中的文件", "unpack it, then ingest the files in it")}
}

// link is a reference of one part to another.
type link struct{ id, kind, target string }

func (b *Book) links(part string) ([]link, error) {
	var links []link
	err := b.each(part, func(t token) error {
		if t.kind == opening && t.name == "Relationship" {
			links = append(links, link{t.value("Id"), t.value("Type"), t.value("Target")})
		}
		return nil
	})
	return links, err
}

// resolve gives the name of a part that another in the folder refers to.
func resolve(folder, target string) string {
	if !strings.HasPrefix(target, "/") {
		target = path.Join(folder, target)
	}
	return strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))
}

// readMain reads the list of sheets and what the cells share.
func (b *Book) readMain(main string) error {
	folder := path.Dir(main)
	links, err := b.links(path.Join(folder, "_rels", path.Base(main)+".rels"))
	if err != nil {
		return err
	}
	sheets := map[string]string{}
	for _, l := range links {
		part := resolve(folder, l.target)
		switch kind := l.kind[strings.LastIndexByte(l.kind, '/')+1:]; kind {
		case "worksheet":
			sheets[l.id] = part
		case "sharedStrings":
			err = errors.Join(err, b.readTexts(part))
		case "styles":
			err = errors.Join(err, b.readFormats(part))
		}
	}
	if err != nil {
		return err
	}
	err = b.each(main, func(t token) error {
		if t.kind != opening {
			return nil
		}
		switch t.name {
		case "workbookPr":
			if v := t.value("date1904"); v == "1" || v == "true" || v == "on" {
				b.since = 1904
			}
		case "sheet":
			// Sheets of charts have no cells and no link of the kind.
			if part, ok := sheets[t.value("id")]; ok {
				state := t.value("state")
				b.sheets = append(b.sheets, Sheet{Name: t.value("name"), Hidden: state != "" && state != "visible", part: part})
			}
		}
		return nil
	})
	if err == nil && len(b.sheets) == 0 {
		err = Problem{lang.T("工作簿中没有含单元格的工作表", "the workbook has no sheet with cells"), lang.T("重新导出", "export it again")}
	}
	return err
}

// each passes the tokens of a small part on; a part that is missing has none.
func (b *Book) each(part string, use func(token) error) error {
	if b.parts[strings.ToLower(part)] == nil {
		return nil
	}
	content, err := b.open(part, maxPart)
	if err != nil {
		return err
	}
	defer content.Close()
	s := newScanner(content)
	for {
		t, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = use(t)
		}
		if err != nil {
			return worded(part, err)
		}
	}
}

// worded makes a problem of an error in a part.
func worded(part string, err error) error {
	var p Problem
	if errors.As(err, &p) {
		return p
	}
	return damaged("%s: %v", part, err)
}

// open gives the content of a part, refusing what unfolds to more than it may.
func (b *Book) open(part string, limit uint64) (io.ReadCloser, error) {
	f := b.parts[strings.ToLower(part)]
	if f == nil {
		return nil, damaged("%s is missing", part)
	}
	size := f.UncompressedSize64
	if size > limit || size > bombSize && size/bombRatio > f.CompressedSize64 {
		times := size / max(1, f.CompressedSize64)
		return nil, Problem{lang.T(fmt.Sprintf("%s 解压后为 %d MB，是其在文件中大小的 %d 倍，按压缩炸弹拒收", part, size>>20, times),
			fmt.Sprintf("%s unfolds to %d MB, %d times its size in the file: it was refused as a zip bomb", part, size>>20, times)),
			lang.T("把表格另存为 .csv，或拆分工作簿", "save the table as .csv, or split the workbook")}
	}
	// The decompressor of the archive stops where more comes than the file states.
	content, err := f.Open()
	if err != nil {
		return nil, damaged("%s: %v", part, err)
	}
	return content, nil
}
