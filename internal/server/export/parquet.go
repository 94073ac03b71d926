package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Engine writes Parquet: it reads a CSV file as WriteExchange made it and copies it.
type Engine interface {
	// CopyParquet runs COPY (query) TO target (FORMAT parquet).
	CopyParquet(query, target string) error
}

// null stands for no value in the exchange file. A text of these very characters is escaped by quotation marks.
const null = `\N`

// Parquet writes rows as Parquet through the engine, by way of a private directory.
func Parquet(w io.Writer, columns []Column, next Next, directory string, engine Engine) (err error) {
	private, err := os.MkdirTemp(directory, "export-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(private)) }()
	source, target := filepath.Join(private, "rows.csv"), filepath.Join(private, "rows.parquet")
	if err := writeExchange(source, columns, next); err != nil {
		return err
	}
	types := make([]string, len(columns))
	for i, c := range columns {
		types[i] = quote(c.Name) + ": " + quote(exchangeType(c.Type))
	}
	query := fmt.Sprintf("SELECT * FROM read_csv(%s, header = false, delim = ',', quote = '\"', escape = '\"', nullstr = %s, allow_quoted_nulls = false, auto_detect = false, max_line_size = 16777216, columns = {%s})",
		quote(source), quote(null), strings.Join(types, ", "))
	if err := engine.CopyParquet(query, target); err != nil {
		return err
	}
	f, err := os.Open(target)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// exchangeType keeps types that a CSV field can hold; others are text.
func exchangeType(name string) string {
	base, _, _ := strings.Cut(name, "(")
	switch base {
	case "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DATE", "TIMESTAMP", "DECIMAL":
		return name
	case "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ":
		return "TIMESTAMP WITH TIME ZONE"
	}
	return "VARCHAR"
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func writeExchange(path string, columns []Column, next Next) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 256<<10)
	err = each(next, func(row []any) error {
		for i, cell := range row {
			if i > 0 {
				out.WriteByte(',')
			}
			if cell == nil {
				out.WriteString(null)
				continue
			}
			out.WriteByte('"')
			out.WriteString(strings.ReplaceAll(Text(cell, columns[i].Type), `"`, `""`))
			out.WriteByte('"')
		}
		return out.WriteByte('\n') // the writer keeps its first error
	})
	return errors.Join(err, out.Flush())
}
