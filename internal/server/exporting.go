package server

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/internal/server/export"
)

var exportFormats = export.Formats

// exportChunk is how many rows are asked for at a time.
const exportChunk = 5000

// export writes rows as a file: all of them, not the page that is shown.
func (s *Server) export(w http.ResponseWriter, r *request, format, name string, fetch func(offset, limit int) (*Table, error)) error {
	if !slices.Contains(exportFormats, format) {
		return failf(invalid, "没有“%s”这种格式，可用：%s", "format %q is not known: use %s", format, strings.Join(exportFormats, ", "))
	}
	if format == "parquet" && s.parts.Engine == nil {
		return fail(unavail, "Parquet 导出不可用", "Parquet is not available here")
	}
	table, err := fetch(0, exportChunk)
	if err != nil {
		return err
	}
	columns := make([]export.Column, len(table.Columns))
	for i, c := range table.Columns {
		columns[i] = export.Column{Name: c.Name, Type: c.Type}
	}
	offset := 0
	next := func() ([][]any, error) {
		if table == nil {
			return nil, nil
		}
		rows := table.Rows
		offset += len(rows)
		if !table.More {
			table = nil
			return rows, nil
		}
		var err error
		table, err = fetch(offset, exportChunk)
		return rows, err
	}
	attach(w, name+"."+format, export.ContentType(format))
	if format == "csv" || format == "json" {
		asText(w, r)
	}
	// An error after the first bytes cannot be told in the status: the connection is cut, so that nobody takes half a
	// file for a whole one.
	out := bufio.NewWriterSize(w, 64<<10)
	if format == "parquet" {
		err = export.Parquet(out, columns, next, s.parts.Files, s.parts.Engine)
	} else {
		err = export.Write(out, format, columns, next)
	}
	if err != nil {
		return abort(w, err)
	}
	return out.Flush()
}

// abort cuts the connection when an answer that has begun fails; one that has not begun is answered with the error.
func abort(w http.ResponseWriter, err error) error {
	if own, ok := w.(*response); ok && own.status == 0 {
		own.Header().Del("Content-Disposition")
		return err
	}
	panic(http.ErrAbortHandler)
}

// attach names a download; names with other than plain letters go by RFC 5987.
func attach(w http.ResponseWriter, name, contentType string) {
	plain := strings.Map(func(c rune) rune {
		if c < 0x20 || c > 0x7e || strings.ContainsRune(`"\/:;%`, c) {
			return '_'
		}
		return c
	}, name)
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, url.PathEscape(name)))
}

func isNumeric(columnType string) bool {
	switch name, _, _ := strings.Cut(columnType, "("); name {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "UBIGINT", "UINTEGER":
		return true
	}
	return false
}

// cellText writes a cell for a page: times in the workspace's zone, yes and no in words.
func cellText(cell any, columnType string, zone *time.Location, l lang.Lang) string {
	switch v := cell.(type) {
	case bool:
		if v {
			return l.Pick("是", "yes")
		}
		return l.Pick("否", "no")
	case time.Time:
		if columnType != "DATE" {
			return v.In(zone).Format("2006-01-02 15:04")
		}
	}
	return export.Text(cell, columnType)
}

// drain reads what a caller still sends, so that the answer reaches it, and gives up soon.
func drain(body io.Reader) {
	_, _ = io.CopyN(io.Discard, body, 1<<20)
}
