package ingest

import (
	"fmt"

	"weir/ingest/native"
	"weir/ingest/source"
	"weir/internal/lang"
	"weir/internal/problem"
)

// recognise chooses the mapping of a platform's file by its content, where neither command nor name says what it is.
// A reader that the command names has the mapping of its name. The plan stays without mapping where nothing fits.
func (l *loader) recognise(p *plan) (err error) {
	if reader := l.options.Reader; reader != "" && reader != "auto" {
		if m, err := l.mapping(reader); err == nil {
			p.mapping = m
		}
		return nil
	}
	found, ok, err := p.input.recognise()
	if err != nil || !ok {
		return err
	}
	if p.mapping, err = l.mapping(found.Mapping); err != nil {
		return problem.Of(p.input.path, lang.T(fmt.Sprintf("文件为%s，但没有映射 %q", found.Title.Zh, found.Mapping), fmt.Sprintf("the file is a %s, and there is no mapping %q", found.Title.En, found.Mapping)),
			lang.T("用 --mapping 指定映射", "name a mapping with --mapping"))
	}
	p.found = lang.T(
		fmt.Sprintf("按内容识别为%s（%s），按映射 %s 装载", found.Title.Zh, found.Why.Zh, p.mapping.ID),
		fmt.Sprintf("taken for %s, since %s; it lands by the mapping %s", found.Title.En, found.Why.En, p.mapping.ID))
	return nil
}

// recognise looks at the start of a text, or at the columns of a workbook or an Arrow file.
func (in input) recognise() (found native.Recognised, ok bool, err error) {
	head, compression, err := source.Head(in.path, 8)
	if err != nil {
		return found, false, err
	}
	in.compressed = compression != ""
	if in.format, err = in.binary(head); err != nil || in.format == "parquet" {
		return found, false, err
	}
	if in.format == "" && binaryName(in.path) {
		return found, false, in.notBinary()
	}
	if in.format != "" {
		f, r, err := in.open()
		if err != nil {
			return found, false, err
		}
		found, ok = native.RecogniseColumns(r.Columns())
		return found, ok, f.Close()
	}
	f, err := source.Open(in.path, source.Options{})
	if err != nil {
		return found, false, err
	}
	found, ok = native.Recognise(f)
	return found, ok, f.Close()
}

// binaryTitles names the formats that are known by their first bytes.
var binaryTitles = map[string]lang.Text{
	"parquet": lang.T("Parquet 文件（首字节为 PAR1）", "a Parquet file, since its first bytes are PAR1"),
	"arrow":   lang.T("Arrow IPC 文件（首字节为 ARROW1 或 FF FF FF FF）", "an Arrow IPC file, since its first bytes are ARROW1 or FF FF FF FF"),
	"xlsx":    lang.T("电子表格工作簿（首字节为 PK）", "a workbook, since its first bytes are PK"),
}

// tellFormat says what the file was taken for where its name does not tell.
func (p *plan) tellFormat() {
	title, binary := binaryTitles[p.input.format]
	if binary && p.found.Empty() && !binaryName(p.input.path) {
		p.found = lang.T("按内容识别为"+title.Zh, "taken for "+title.En)
	}
}
