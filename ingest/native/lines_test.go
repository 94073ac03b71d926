package native

import (
	"github.com/apache/arrow-go/v18/arrow/array"

	"weir/ingest/record"
)

// linesOf gives the lines of the batch at hand.
func linesOf(s *record.Stream) []int64 {
	row := s.RecordBatch().Column(0).(*array.Struct)
	return row.Field(0).(*array.Int64).Int64Values()
}
