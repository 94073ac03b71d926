package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"weir/ingest/draft"
	"weir/ingest/mapping"
	"weir/ingest/source"
	"weir/ingest/workbook"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/queries/schema"
)

// sampleRows is how many rows of a file a draft looks at, sampleText how much of its text.
const (
	sampleRows = 2000
	sampleText = 2 << 20
)

// Draft proposes a mapping of the identifier for a file: the one that ships where the file is a platform's, else one
// guessed from names and content of its columns. Target is the table or flat target to fill; "" chooses.
func Draft(ctx context.Context, model *schema.Model, file, id, target string) (draft.Draft, error) {
	if err := source.Check(file); err != nil {
		return draft.Draft{}, err
	}
	in := input{path: file}
	if err := in.detect(""); err != nil {
		return draft.Draft{}, err
	}
	s := draft.Sample{File: filepath.Base(file), Format: in.format}
	if shipped, found, err := recognised(model, file, id); err != nil || found {
		return shipped, err
	}
	var err error
	switch in.format {
	case "xlsx":
		err = sampleWorkbook(file, &s)
	case "arrow":
		err = sampleReader(ctx, in, &s)
	case "parquet":
		err = sampleParquet(ctx, file, &s)
	default:
		err = sampleOfText(file, in.format, &s)
	}
	if err != nil {
		return draft.Draft{}, err
	}
	if len(s.Rows) == 0 {
		return draft.Draft{}, problem.Of(file, lang.T("文件没有可供参考的数据行", "the file has no rows to go by"), lang.T("用含数据的导出起草", "draft from an export with rows"))
	}
	return draft.New(id, target, s, model)
}

var ownName = regexp.MustCompile(`(?m)^mapping: .*$`)

// recognised gives the shipped mapping of a platform's file under the new name, with what told it.
func recognised(model *schema.Model, file, id string) (_ draft.Draft, found bool, err error) {
	what, ok, err := input{path: file}.recognise()
	if err != nil || !ok {
		return draft.Draft{}, false, err
	}
	known, problems := Mappings(model, nil)
	i := slices.IndexFunc(known, func(m *mapping.Mapping) bool { return m.ID == what.Mapping })
	if i < 0 || len(problems) > 0 {
		return draft.Draft{}, false, problems.Err()
	}
	text := fmt.Sprintf("# %s：%s。以下是内置映射 %s，不写映射也按它装载；要改变落法时修改。\n# %s, since %s: this is the shipped mapping %s, by which it lands as it is.\n",
		what.Title.Zh, what.Why.Zh, what.Mapping, what.Title.En, what.Why.En, what.Mapping) + string(ownName.ReplaceAll(known[i].Text(), []byte("mapping: "+id)))
	if _, problems := mapping.Parse(id+".yaml", []byte(text), model); len(problems) > 0 {
		return draft.Draft{}, false, problems.Err()
	}
	d := draft.Draft{Text: []byte(text), Target: known[i].Target}
	for _, c := range known[i].Columns {
		d.Mapped = append(d.Mapped, c.Target)
	}
	return d, true, nil
}

// sampleOfText samples JSON and delimited text.
func sampleOfText(file, format string, s *draft.Sample) (err error) {
	f, err := source.Open(file, source.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if f.Detected && f.Encoding != source.UTF8 {
		s.Encoding = f.Encoding
		s.Doubts = append(s.Doubts, "编码按内容判断为 the encoding was guessed to be "+f.Encoding)
	}
	if format == "json" {
		return sampleJSON(f, s)
	}
	text := make([]byte, sampleText)
	n, err := io.ReadFull(f, text)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return err
	}
	whole := err != nil
	text = text[:n]
	if !whole {
		// The last line is cut.
		text = text[:bytes.LastIndexByte(text, '\n')+1]
	}
	best, table := delimiterOf(text)
	if len(table.rows) == 0 {
		return problem.Of(file, lang.T("文件没有数据行", "the file has no rows"), lang.T("重新导出", "export it again"))
	}
	if s.Format = "csv"; best == '\t' {
		s.Format = "tsv"
	} else if best != ',' {
		s.Delimiter = string(best)
	}
	table.fill(s)
	return nil
}

// sampleWorkbook samples the first sheet that is not hidden and has rows.
func sampleWorkbook(file string, s *draft.Sample) (err error) {
	f, err := source.OpenDisk(file, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	wrong := func(err error) error {
		if p := (workbook.Problem{}); errors.As(err, &p) {
			return problem.Of(file, p.What, p.Cure)
		}
		return err
	}
	book, err := workbook.Open(f.Disk(), f.DiskSize())
	if err != nil {
		return wrong(err)
	}
	var t grid
	for i, sheet := range book.Sheets() {
		if sheet.Hidden {
			continue
		}
		if t, err = sheetGrid(book, sheet); err != nil {
			return wrong(err)
		}
		if len(t.rows) > 1 {
			if i > 0 || len(book.Sheets()) > 1 {
				s.Sheet = sheet.Name
				s.Doubts = append(s.Doubts, "取第一个有数据的可见工作表 the first visible sheet with rows")
			}
			break
		}
	}
	if len(t.rows) > 0 {
		t.fill(s)
	}
	return nil
}

func sheetGrid(book *workbook.Book, sheet workbook.Sheet) (t grid, err error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for len(t.rows) <= sampleRows {
		line, cells, err := rows.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return t, err
		}
		row := make([]string, cells[len(cells)-1].Column+1)
		for _, c := range cells {
			row[c.Column] = string(c.Text)
		}
		t.rows, t.lines = append(t.rows, row), append(t.lines, line)
	}
	// Blank cells at the end of a row are not written: all rows are as wide as the widest.
	width := 0
	for _, r := range t.rows {
		width = max(width, len(r))
	}
	for i, r := range t.rows {
		t.rows[i] = append(r, make([]string, width-len(r))...)
	}
	return t, nil
}

// sampleReader samples what a reader passes on, as text.
func sampleReader(ctx context.Context, in input, s *draft.Sample) (err error) {
	f, r, err := in.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	s.Columns = r.Columns()
	s.Rows, err = firstRows(ctx, r, sampleRows)
	for _, row := range s.Rows {
		for i, v := range row {
			if !utf8.ValidString(v) {
				row[i] = ""
			}
		}
	}
	return err
}

// sampleParquet has the engine read the first rows, each value as the text that a mapping gets of it.
func sampleParquet(ctx context.Context, file string, s *draft.Sample) (err error) {
	st, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	c, err := st.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	p, err := openParquet(ctx, c, file)
	if err != nil {
		return err
	}
	texts := make([]string, len(p.columns))
	for i, column := range p.columns {
		s.Columns = append(s.Columns, column.name)
		texts[i] = "coalesce(CAST(" + schema.Quote(column.name) + " AS VARCHAR), '')"
	}
	rows, err := c.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM read_parquet(%s) LIMIT %d", strings.Join(texts, ", "), schema.Literal(file), sampleRows))
	if err != nil {
		return p.damaged(err)
	}
	for rows.Next() {
		row := make([]string, len(texts))
		places := make([]any, len(texts))
		for i := range row {
			places[i] = &row[i]
		}
		if err := rows.Scan(places...); err != nil {
			return errors.Join(err, rows.Close())
		}
		s.Rows = append(s.Rows, row)
	}
	return errors.Join(rows.Err(), rows.Close())
}
