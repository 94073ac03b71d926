package publish

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"weir/internal/store"
	"weir/queries/schema"
	"weir/reports/datapackage"
)

// Columnar writes Parquet through the store's engine, by way of a private directory.
type Columnar struct {
	Store     *store.Store
	Directory string // for the private directory; "" is the system's
}

// Parquet reads the rows as CSV and copies them.
func (c Columnar) Parquet(rows []byte, columns []datapackage.Typed) (_ []byte, err error) {
	if c.Directory != "" {
		if err := os.MkdirAll(c.Directory, 0o755); err != nil {
			return nil, err
		}
	}
	private, err := os.MkdirTemp(c.Directory, "parquet-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(private)) }()
	source, target := filepath.Join(private, "rows.csv"), filepath.Join(private, "rows.parquet")
	if err := os.WriteFile(source, rows, 0o600); err != nil {
		return nil, err
	}
	types := make([]string, len(columns))
	for i, column := range columns {
		kind := "VARCHAR"
		if column.Number {
			kind = "DOUBLE"
		}
		types[i] = schema.Literal(column.Name) + ": " + schema.Literal(kind)
	}
	query := fmt.Sprintf(`COPY (SELECT * FROM read_csv(%s, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = %s, allow_quoted_nulls = false,
		new_line = '\n', parallel = false, max_line_size = 16777216, columns = {%s})) TO %s (FORMAT parquet, COMPRESSION zstd)`,
		schema.Literal(source), schema.Literal(datapackage.Null), strings.Join(types, ", "), schema.Literal(target))
	if _, err := c.Store.Query(context.Background(), query, nil); err != nil {
		return nil, err
	}
	return os.ReadFile(target)
}
