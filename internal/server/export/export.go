// Package export writes rows as files that other programs open: CSV, JSON, XLSX, Parquet and Arrow. Values keep their
// types; a text that a spreadsheet would run as a formula is written so that it stays a text. It asks no database and
// decides nothing.
package export

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Column is a column with DuckDB's name of its type.
type Column struct {
	Name string
	Type string
}

// Next gives the next rows, at most so many as suit the source, and nil at the end.
type Next func() ([][]any, error)

// Formats lists the formats.
var Formats = []string{"csv", "json", "xlsx", "parquet", "arrow"}

// ContentType is the media type of a format, "" for an unknown one.
func ContentType(format string) string {
	switch format {
	case "csv":
		return "text/csv; charset=utf-8"
	case "json":
		return "application/json; charset=utf-8"
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case "parquet":
		return "application/vnd.apache.parquet"
	case "arrow":
		return "application/vnd.apache.arrow.stream"
	}
	return ""
}

// Write writes all rows in the format; Parquet, which needs an engine, goes by Parquet.
func Write(w io.Writer, format string, columns []Column, next Next) error {
	switch format {
	case "csv":
		return writeCSV(w, columns, next)
	case "json":
		return writeJSON(w, columns, next)
	case "xlsx":
		return writeXLSX(w, columns, next)
	case "arrow":
		return writeArrow(w, columns, next)
	}
	return fmt.Errorf("format %q is not known: use csv, json, xlsx or arrow", format)
}

// each hands over every row.
func each(next Next, f func([]any) error) error {
	for {
		rows, err := next()
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return nil
		}
		for _, row := range rows {
			if err := f(row); err != nil {
				return err
			}
		}
	}
}

// Text writes a cell as text: numbers in full, times in ISO form, nothing for nil.
func Text(cell any, columnType string) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return v
	case []byte:
		return string(v)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		if columnType == "DATE" {
			return v.Format(time.DateOnly)
		}
		return v.UTC().Format("2006-01-02T15:04:05.999999Z")
	}
	return fmt.Sprint(cell)
}

// Inert keeps a text from being run as a formula by a spreadsheet: an apostrophe goes before it. Numbers are not
// touched, also where they are negative.
func Inert(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(text)[0]) {
		return "'" + text
	}
	return text
}

func writeCSV(w io.Writer, columns []Column, next Next) error {
	// The mark tells spreadsheets that Chinese text is UTF-8.
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = Inert(c.Name)
	}
	if err := out.Write(head); err != nil {
		return err
	}
	record := make([]string, len(columns))
	err := each(next, func(row []any) error {
		for i, cell := range row {
			record[i] = Text(cell, columns[i].Type)
			if _, isText := cell.(string); isText {
				record[i] = Inert(record[i])
			}
		}
		return out.Write(record)
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

func writeJSON(w io.Writer, columns []Column, next Next) error {
	names := make([][]byte, len(columns))
	for i, c := range columns {
		names[i], _ = json.Marshal(c.Name)
	}
	if _, err := io.WriteString(w, "["); err != nil {
		return err
	}
	first := true
	var b []byte
	err := each(next, func(row []any) error {
		b = b[:0]
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(b, '\n', '{')
		for i, cell := range row {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(b, names[i]...), ':')
			text, err := json.Marshal(Plain(cell, columns[i].Type))
			if err != nil {
				return fmt.Errorf("column %s: %w", columns[i].Name, err)
			}
			b = append(b, text...)
		}
		_, err := w.Write(append(b, '}'))
		return err
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n]\n")
	return err
}

// Plain is a cell as JSON takes it; what JSON has no type for is text.
func Plain(cell any, columnType string) any {
	switch v := cell.(type) {
	case nil, bool, string, int64, int32, int, json.Number, json.RawMessage:
		return v
	case float64:
		if v != v || v > 1.7e308 || v < -1.7e308 {
			return nil
		}
		return v
	}
	text := Text(cell, columnType)
	if strings.HasPrefix(columnType, "DECIMAL") || columnType == "HUGEINT" {
		return json.Number(text)
	}
	return text
}
