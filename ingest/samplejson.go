package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"weir/ingest/draft"
	"weir/ingest/reader"
	"weir/ingest/source"
)

// errEnough ends a reader after the sample.
var errEnough = errors.New("enough rows")

// sampleJSON samples objects: their members, those of nested objects dotted, are columns in the order in which they
// appear first.
func sampleJSON(f *source.File, s *draft.Sample) error {
	text, _ := f.Text().Peek(sampleText)
	s.Path = pathOfRecords(text)
	var records []map[string]string
	err := reader.Documents(f, s.Path, func(_ int64, raw []byte) error {
		values := map[string]string{}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if token, err := d.Token(); err == nil && token == json.Delim('{') {
			flatten(d, "", 0, func(name, value string) {
				values[name] = value
				if !slices.Contains(s.Columns, name) {
					s.Columns = append(s.Columns, name)
				}
			})
			records = append(records, values)
		}
		if len(records) == sampleRows {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	for _, r := range records {
		row := make([]string, len(s.Columns))
		for i, name := range s.Columns {
			row[i] = r[name]
		}
		s.Rows = append(s.Rows, row)
	}
	return nil
}

// flatten gives the members of the object at hand.
func flatten(d *json.Decoder, prefix string, depth int, use func(name, value string)) {
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return
		}
		name := prefix + fmt.Sprint(key)
		var raw json.RawMessage
		if d.Decode(&raw) != nil {
			return
		}
		switch {
		case raw[0] == '{' && depth < 3:
			inner := json.NewDecoder(bytes.NewReader(raw))
			inner.UseNumber()
			_, _ = inner.Token()
			flatten(inner, name+".", depth+1, use)
		case raw[0] == '"':
			var text string
			_ = json.Unmarshal(raw, &text)
			use(name, text)
		case string(raw) == "null":
			use(name, "")
		default:
			use(name, string(raw))
		}
	}
}

// pathOfRecords finds the first array of objects inside one object, "" where the records stand at the top.
func pathOfRecords(text []byte) string {
	d := json.NewDecoder(bytes.NewReader(text))
	token, err := d.Token()
	if err != nil || token != json.Delim('{') {
		return ""
	}
	return arrayIn(d, "")
}

func arrayIn(d *json.Decoder, prefix string) string {
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return ""
		}
		name := strings.TrimPrefix(prefix+"."+fmt.Sprint(key), ".")
		token, err := d.Token()
		if err != nil {
			return ""
		}
		switch token {
		case json.Delim('['):
			if first, err := d.Token(); err == nil && first == json.Delim('{') {
				return name
			}
			return "" // an array of values: the records are the objects themselves
		case json.Delim('{'):
			if found := arrayIn(d, name); found != "" {
				return found
			}
			if _, err := d.Token(); err != nil {
				return ""
			}
		}
	}
	return ""
}
