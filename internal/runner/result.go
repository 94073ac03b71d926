package runner

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Column is a column of an answer.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"` // DuckDB's name, such as BIGINT, DECIMAL(18,2), TIMESTAMP, VARCHAR[]
}

// Numeric tells whether the cells of a column are numbers.
func (c Column) Numeric() bool {
	switch name, _, _ := strings.Cut(c.Type, "("); name {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
		"FLOAT", "DOUBLE", "DECIMAL", "BIGNUM":
		return true
	}
	return false
}

// Result is an answer held in memory. A cell is nil, bool, int64, float64, json.Number (decimals and integers beyond
// int64, exact), string, time.Time (DATE and TIMESTAMP as written, in UTC), or json.RawMessage (lists, structs, maps).
type Result struct {
	Columns []Column
	Rows    [][]any
	Summary
}

// Summary tells what a run took and whether its answer is whole.
type Summary struct {
	Rows      int64         `json:"rows"`
	Cut       bool          `json:"cut"` // there were more rows than the limit
	Ordered   bool          `json:"ordered"`
	Bytes     int64         `json:"bytes"` // of the answer
	Elapsed   time.Duration `json:"elapsed"`
	PeakBytes int64         `json:"peak_bytes"` // memory of the child at its highest; 0 where not known
}

// FormatCell writes a cell as text: numbers in full, dates and times in ISO form, nil as nothing.
func FormatCell(cell any, columnType string) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		return v.String()
	case string:
		return v
	case json.RawMessage:
		return string(v)
	case time.Time:
		switch columnType {
		case "DATE":
			return v.Format(time.DateOnly)
		case "TIMESTAMP WITH TIME ZONE":
			return v.Format("2006-01-02 15:04:05.999999Z07:00")
		}
		return v.Format("2006-01-02 15:04:05.999999")
	}
	return ""
}
