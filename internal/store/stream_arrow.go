//go:build duckdb_arrow

package store

import (
	"database/sql"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/duckdb/duckdb-go/v2"
)

// Stream lets queries on the connection read the record reader as a table of the given name, once. The reader must
// have one struct column: the engine's scan maps several columns by position and, when a query uses only some of
// them, delivers the wrong ones without an error. Release must be called after the query.
func Stream(c *sql.Conn, name string, reader array.RecordReader) (release func(), err error) {
	if n := reader.Schema().NumFields(); n != 1 {
		return nil, fmt.Errorf("stream %s has %d columns, want one struct", name, n)
	}
	err = c.Raw(func(driverConn any) error {
		arrow, err := duckdb.NewArrowFromConn(driverConn.(*duckdb.Conn))
		if err != nil {
			return err
		}
		release, err = arrow.RegisterView(reader, name)
		return err
	})
	return release, err
}
