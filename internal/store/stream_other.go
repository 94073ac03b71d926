//go:build !duckdb_arrow

package store

import (
	"database/sql"
	"errors"

	"github.com/apache/arrow-go/v18/arrow/array"
)

// Stream needs the build tag duckdb_arrow.
func Stream(*sql.Conn, string, array.RecordReader) (release func(), err error) {
	return nil, errors.New("this build of weir cannot read text files; build it with make, which sets the tag duckdb_arrow")
}
