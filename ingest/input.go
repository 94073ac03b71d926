package ingest

import (
	"bytes"
	"fmt"

	"weir/ingest/mapping"
	"weir/ingest/native"
	"weir/ingest/reader"
	"weir/ingest/source"
	"weir/internal/lang"
	"weir/internal/problem"
)

// input is a file with what is known about how to read it.
type input struct {
	path   string
	read   mapping.Read
	format string // one of mapping.Formats
	strict bool   // columns that are not wanted are an error: Weir's own tables
	wanted []string
	table  string // name of the target, which a sheet of a workbook may bear
	spool  string // folder for what must be unpacked to be read; "" is that of the system

	compressed bool
}

// detect decides the format by the first bytes, where neither mapping nor command named it, and refuses a file that
// is not what it is said to be.
func (in *input) detect(reader string) error {
	if in.read.Format != "" {
		in.format = in.read.Format
	}
	if reader != "" && reader != "auto" {
		in.format = reader
	}
	found, err := in.found()
	if err != nil {
		return err
	}
	if binary := found == "parquet" || found == "arrow" || found == "xlsx"; binary && in.format != "" && in.format != found {
		return problem.Of(in.path, lang.T(fmt.Sprintf("这是 %s 文件，不是 %s", found, in.format), fmt.Sprintf("this is a %s file, not %s", found, in.format)), lang.T("写出其格式，或不写格式", "name its format, or leave the format out"))
	}
	if in.format == "" {
		in.format = found
	}
	return nil
}

// found tells what the content looks like.
func (in *input) found() (string, error) {
	head, compression, err := source.Head(in.path, 8)
	if err != nil {
		return "", err
	}
	in.compressed = compression != ""
	format, err := in.binary(head)
	if err != nil || format != "" {
		return format, err
	}
	if binaryName(in.path) && in.format == "" {
		return "", in.notBinary()
	}
	f, err := source.Open(in.path, source.Options{Encoding: in.read.Encoding})
	if err != nil {
		return "", err
	}
	text, _ := f.Text().Peek(64)
	return sniff(text, in.path), f.Close()
}

// binary tells the binary formats that are read, and refuses those that are not.
func (in *input) binary(head []byte) (string, error) {
	format := sniffBinary(head)
	switch {
	case format == "parquet" && in.compressed:
		return "", problem.Of(in.path, lang.T("这是又压缩了一次的 Parquet 文件", "this is a Parquet file that was compressed once more"), lang.T("先解压：Parquet 本身已压缩", "unpack it: Parquet is compressed in itself"))
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return "", problem.Of(in.path, lang.T("这是旧版工作簿（.xls），或带密码的工作簿", "this is an old workbook (.xls), or one with a password"), lang.T("另存为不带密码的 .xlsx", "save it as .xlsx without a password"))
	case bytes.HasPrefix(head, []byte("FEA1")):
		return "", problem.Of(in.path, lang.T("这是第 1 版 Feather 文件", "this is a Feather file of version 1"), lang.T("另存为 Arrow IPC，即第 2 版 Feather", "save it as Arrow IPC, which is Feather version 2"))
	}
	return format, nil
}

func (in *input) notBinary() error {
	_, format := source.BaseName(in.path)
	return problem.Of(in.path, lang.T(fmt.Sprintf("这不是 %s 文件：缺少开头的字节，未装入任何内容", format), fmt.Sprintf("this is no %s file: its first bytes are missing; nothing of it was loaded", format)), lang.T("重新传输该文件", "transfer the file again"))
}

func binaryName(path string) bool {
	_, format := source.BaseName(path)
	return format == "parquet" || format == "arrow" || format == "xlsx"
}

// sniffBinary tells the binary formats by their first bytes, "" for none of them.
func sniffBinary(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("PAR1")):
		return "parquet"
	case bytes.HasPrefix(head, []byte("ARROW1")), bytes.HasPrefix(head, []byte{0xFF, 0xFF, 0xFF, 0xFF}):
		return "arrow" // as a file, as a stream
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return "xlsx"
	}
	return ""
}

// sniff tells the text formats by their first characters.
func sniff(head []byte, path string) string {
	if text := bytes.TrimLeft(head, " \t\r\n"); len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return "json"
	}
	if _, format := source.BaseName(path); format == "tsv" {
		return "tsv"
	}
	return "csv"
}

// open opens the file and its reader. Columns of the reader are known after it.
func (in *input) open() (*source.File, reader.Reader, error) {
	f, err := in.source()
	if err != nil {
		return nil, nil, err
	}
	r, err := in.reader(f)
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return f, r, nil
}

func (in *input) source() (*source.File, error) {
	if in.format == "xlsx" || in.format == "arrow" {
		return source.OpenDisk(in.path, in.spool)
	}
	return source.Open(in.path, source.Options{Encoding: in.read.Encoding})
}

func (in *input) reader(f *source.File) (reader.Reader, error) {
	switch in.format {
	case "csv", "tsv":
		o := reader.DelimitedOptions{NoHeader: in.read.NoHeader, Names: in.read.Names, Skip: in.read.Skip, NoQuotes: in.read.NoQuotes}
		switch {
		case in.read.Delimiter != "":
			o.Delimiter = in.read.Delimiter[0]
		case in.format == "tsv":
			o.Delimiter = '\t'
		}
		d, err := reader.NewDelimited(f, o)
		if err != nil || in.read.Unpivot.Pattern == "" {
			return d, err
		}
		return reader.NewUnpivot(d, reader.UnpivotOptions(in.read.Unpivot))
	case "log":
		pattern := in.read.Pattern
		if pattern == "" {
			pattern = "combined"
		}
		return reader.NewLines(f, pattern)
	case "xlsx":
		return reader.NewXLSX(f, reader.XLSXOptions{Sheet: in.read.Sheet, Table: in.table, NoHeader: in.read.NoHeader, Names: in.read.Names, Skip: in.read.Skip})
	case "arrow":
		return reader.NewArrow(f)
	case "json", "ndjson":
		return reader.NewJSON(f, reader.JSONOptions{Columns: in.wanted, Strict: in.strict, Path: in.read.Path}), nil
	}
	if native.Known(in.format) {
		return native.Open(in.format, f, in.wanted, in.read.Path), nil
	}
	return nil, problem.Of(in.path, lang.T(fmt.Sprintf("没有格式 %q", in.format), fmt.Sprintf("the format %q is not known", in.format)), problem.Meant(in.format, mapping.Formats()))
}
