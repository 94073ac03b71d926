package export

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

const batchRows = 8192

// arrowSchema maps the engine's types; what has no counterpart is text.
func arrowSchema(columns []Column) *arrow.Schema {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.Name, Type: arrowType(c.Type), Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}

func arrowType(name string) arrow.DataType {
	switch name {
	case "BOOLEAN":
		return arrow.FixedWidthTypes.Boolean
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT":
		return arrow.PrimitiveTypes.Int64
	case "DOUBLE", "FLOAT":
		return arrow.PrimitiveTypes.Float64
	case "DATE":
		return arrow.FixedWidthTypes.Date32
	case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ":
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	}
	return arrow.BinaryTypes.String
}

// writeArrow writes an Arrow IPC stream.
func writeArrow(w io.Writer, columns []Column, next Next) (err error) {
	schema := arrowSchema(columns)
	out := ipc.NewWriter(w, ipc.WithSchema(schema))
	defer func() { err = errors.Join(err, out.Close()) }()
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	rows := 0
	flush := func() error {
		batch := b.NewRecordBatch()
		defer batch.Release()
		rows = 0
		return out.Write(batch)
	}
	err = each(next, func(row []any) error {
		for i, cell := range row {
			if err := appendCell(b.Field(i), cell, columns[i].Type); err != nil {
				return fmt.Errorf("column %s: %w", columns[i].Name, err)
			}
		}
		if rows++; rows == batchRows {
			return flush()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

func appendCell(b array.Builder, cell any, columnType string) error {
	if cell == nil {
		b.AppendNull()
		return nil
	}
	switch b := b.(type) {
	case *array.BooleanBuilder:
		if v, ok := cell.(bool); ok {
			b.Append(v)
			return nil
		}
	case *array.Int64Builder:
		if v, err := strconv.ParseInt(Text(cell, columnType), 10, 64); err == nil {
			b.Append(v)
			return nil
		}
	case *array.Float64Builder:
		if v, err := strconv.ParseFloat(Text(cell, columnType), 64); err == nil {
			b.Append(v)
			return nil
		}
	case *array.Date32Builder:
		if v, ok := cell.(time.Time); ok {
			b.Append(arrow.Date32FromTime(v))
			return nil
		}
	case *array.TimestampBuilder:
		if v, ok := cell.(time.Time); ok {
			b.Append(arrow.Timestamp(v.UnixMicro()))
			return nil
		}
	case *array.StringBuilder:
		b.Append(Text(cell, columnType))
		return nil
	}
	return fmt.Errorf("a cell of %T in a column of %s", cell, columnType)
}
