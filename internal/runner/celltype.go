package runner

import (
	"encoding/json"
	"strconv"
	"strings"
)

// cellKind says how a scanned value becomes a cell.
type cellKind int

const (
	asScanned cellKind = iota
	asNumber           // text of a number
	asJSON             // text of a JSON value
)

func (k cellKind) cell(v any) any {
	text, ok := v.(string)
	if !ok {
		return v
	}
	switch k {
	case asNumber:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
		return json.Number(text)
	case asJSON:
		return json.RawMessage(text)
	}
	return text
}

// cellExpression is the SQL by which a column is sent.
func cellExpression(name, columnType string) (string, cellKind) {
	base, _, _ := strings.Cut(columnType, "(")
	switch {
	case strings.HasSuffix(columnType, "]") || base == "STRUCT" || base == "MAP" || base == "UNION":
		return "CAST(to_json(" + name + ") AS VARCHAR)", asJSON
	}
	switch base {
	case "BOOLEAN", "BIGINT", "DOUBLE", "VARCHAR", "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ":
		return name, asScanned
	case "TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER":
		return "CAST(" + name + " AS BIGINT)", asScanned
	case "FLOAT":
		// By way of its shortest text, so that 0.1 stays 0.1.
		return "CAST(CAST(" + name + " AS VARCHAR) AS DOUBLE)", asScanned
	case "UBIGINT", "HUGEINT", "UHUGEINT", "DECIMAL", "BIGNUM":
		return "CAST(" + name + " AS VARCHAR)", asNumber
	case "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS":
		return "CAST(" + name + " AS TIMESTAMP)", asScanned
	case "JSON":
		return "CAST(" + name + " AS VARCHAR)", asJSON
	}
	return "CAST(" + name + " AS VARCHAR)", asScanned
}
