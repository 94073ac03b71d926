//go:build duckdb_arrow

package store

import (
	"context"
	"database/sql/driver"
	"io"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/duckdb/duckdb-go/v2"
)

// ArrowSupported tells whether this build writes Arrow streams.
const ArrowSupported = true

// WriteArrow runs a query without parameters and writes its rows as an Arrow IPC stream.
func (s *Sandbox) WriteArrow(ctx context.Context, query string, out io.Writer) error {
	return s.conn.Raw(func(connection any) (err error) {
		arrow, err := duckdb.NewArrowFromConn(connection.(driver.Conn))
		if err != nil {
			return err
		}
		rows, err := arrow.QueryContext(ctx, query)
		if err != nil {
			return err
		}
		defer rows.Release()
		w := ipc.NewWriter(out, ipc.WithSchema(rows.Schema()))
		for rows.Next() {
			if err := w.Write(rows.RecordBatch()); err != nil {
				return err
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
		return w.Close()
	})
}
