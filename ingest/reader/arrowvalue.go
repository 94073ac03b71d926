package reader

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// valuerOf gives the text of the values of a column. Times without zone are written without offset, so that they are
// taken in the workspace's zone; those with a zone are instants and written in UTC.
func valuerOf(column arrow.Array) valuer {
	write := textOf(column)
	return func(to []byte, row int) ([]byte, bool) {
		if column.IsNull(row) {
			return to, false
		}
		return write(to, row), true
	}
}

func textOf(column arrow.Array) func(to []byte, row int) []byte {
	switch c := column.(type) {
	case *array.String:
		return func(to []byte, row int) []byte { return append(to, c.Value(row)...) }
	case *array.LargeString:
		return func(to []byte, row int) []byte { return append(to, c.Value(row)...) }
	case *array.StringView:
		return func(to []byte, row int) []byte { return append(to, c.Value(row)...) }
	case *array.Binary:
		return func(to []byte, row int) []byte { return append(to, c.Value(row)...) }
	case *array.LargeBinary:
		return func(to []byte, row int) []byte { return append(to, c.Value(row)...) }
	case *array.Int64:
		return func(to []byte, row int) []byte { return strconv.AppendInt(to, c.Value(row), 10) }
	case *array.Int32:
		return func(to []byte, row int) []byte { return strconv.AppendInt(to, int64(c.Value(row)), 10) }
	case *array.Float64:
		return func(to []byte, row int) []byte { return strconv.AppendFloat(to, c.Value(row), 'f', -1, 64) }
	case *array.Float32:
		return func(to []byte, row int) []byte { return strconv.AppendFloat(to, float64(c.Value(row)), 'f', -1, 32) }
	case *array.Boolean:
		return func(to []byte, row int) []byte { return strconv.AppendBool(to, c.Value(row)) }
	case *array.Date32:
		return func(to []byte, row int) []byte { return c.Value(row).ToTime().AppendFormat(to, time.DateOnly) }
	case *array.Date64:
		return func(to []byte, row int) []byte { return c.Value(row).ToTime().UTC().AppendFormat(to, time.DateOnly) }
	case *array.Timestamp:
		kind := c.DataType().(*arrow.TimestampType)
		form := "2006-01-02 15:04:05.999999"
		if kind.TimeZone != "" {
			form += "Z"
		}
		return func(to []byte, row int) []byte { return c.Value(row).ToTime(kind.Unit).UTC().AppendFormat(to, form) }
	case *array.Dictionary:
		inner := textOf(c.Dictionary())
		return func(to []byte, row int) []byte { return inner(to, c.GetValueIndex(row)) }
	case array.ExtensionArray:
		return textOf(c.Storage())
	case *array.List, *array.LargeList, *array.FixedSizeList, *array.ListView, *array.Struct, *array.Map:
		return func(to []byte, row int) []byte {
			value, err := json.Marshal(column.GetOneForMarshal(row))
			if err != nil {
				// What JSON cannot hold, such as NaN inside a list, is shown as Arrow writes it.
				return append(to, column.ValueStr(row)...)
			}
			return append(to, value...)
		}
	}
	return func(to []byte, row int) []byte { return append(to, column.ValueStr(row)...) }
}

// appendJSON appends a text as a JSON string.
func appendJSON(to, text []byte) []byte {
	quoted, err := json.Marshal(string(text))
	if err != nil {
		return append(to, `""`...)
	}
	return append(to, quoted...)
}
