//go:build !duckdb_arrow

package store

import (
	"context"
	"errors"
	"io"
)

// ArrowSupported tells whether this build writes Arrow streams.
const ArrowSupported = false

// WriteArrow is an error in a build without the tag duckdb_arrow.
func (s *Sandbox) WriteArrow(context.Context, string, io.Writer) error {
	return errors.New("Arrow output is off in this build; build with -tags duckdb_arrow, or ask for another format")
}
