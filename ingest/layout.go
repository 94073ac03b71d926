package ingest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// layout is how the lines of a file are made: the names of its fields and what parts them. It is kept with the load, so
// that quarantined rows can be read after the file is gone. The zero value is that of formats whose rows name their
// members themselves, and of logs.
type layout struct {
	columns   []string
	delimiter byte
	noQuotes  bool
}

func (l layout) stored() (columns, delimiter any, err error) {
	if l.columns == nil {
		return nil, nil, nil
	}
	text, err := json.Marshal(l.columns)
	return string(text), string(rune(l.delimiter)), err
}

func readLayout(columns, delimiter string) (l layout, err error) {
	if columns == "" {
		return l, nil
	}
	if delimiter != "" {
		l.delimiter = delimiter[0]
	}
	return l, json.Unmarshal([]byte(columns), &l.columns)
}

// split takes a line apart. ok is false where its fields are not as many as the columns, or cannot be told apart. A row
// of a workbook ends at its last cell: the cells after it are empty.
func (l layout) split(line string, workbook bool) (fields []string, ok bool) {
	if l.noQuotes {
		fields = strings.Split(line, string(rune(l.delimiter)))
	} else {
		r := csv.NewReader(strings.NewReader(line))
		r.Comma, r.FieldsPerRecord = rune(l.delimiter), -1
		var err error
		if fields, err = r.Read(); err != nil {
			return nil, false
		}
		if _, err := r.Read(); err != io.EOF {
			return nil, false
		}
	}
	for workbook && len(fields) < len(l.columns) {
		fields = append(fields, "")
	}
	return fields, len(fields) == len(l.columns)
}

// join makes a line of fields, without its end.
func (l layout) join(fields []string) (string, error) {
	if l.noQuotes {
		for i, f := range fields {
			if strings.ContainsAny(f, "\r\n"+string(rune(l.delimiter))) {
				return "", fmt.Errorf("column %s: the file knows no quotes, so that a value cannot hold its delimiter or a line end", l.columns[i])
			}
		}
		return strings.Join(fields, string(rune(l.delimiter))), nil
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = rune(l.delimiter)
	// A buffer takes everything.
	_ = w.Write(fields)
	w.Flush()
	line := strings.TrimSuffix(b.String(), "\n")
	if strings.TrimSpace(line) == "" {
		line = `""` // a lone empty field, which would be a blank line
	}
	return line, nil
}
