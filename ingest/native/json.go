package native

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"weir/ingest/reason"
)

// object is a JSON object of which only some members matter.
type object map[string]any

// parse reads an object; numbers keep their spelling.
func parse(raw []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var o object
	err := d.Decode(&o)
	return o, err
}

// badJSON rejects a document that is no object.
func (r *rows) badJSON(line int64, err error, raw []byte) error {
	if !utf8.Valid(raw) {
		return r.reject(line, string(reason.Encoding), "", raw)
	}
	return r.reject(line, string(reason.JSON), err.Error(), raw)
}

// at walks down nested objects.
func (o object) at(names ...string) object {
	for _, name := range names {
		inner, _ := o[name].(map[string]any)
		o = inner
	}
	return o
}

// list gives the objects of a member that holds one or several.
func (o object) list(name string) []object {
	var all []object
	switch v := o[name].(type) {
	case map[string]any:
		all = append(all, v)
	case []any:
		for _, e := range v {
			if inner, ok := e.(map[string]any); ok {
				all = append(all, inner)
			}
		}
	}
	return all
}

// text gives the first member that holds a text, a number or a boolean, "" for none.
func (o object) text(names ...string) string {
	for _, name := range names {
		if t := plain(o[name]); t != "" {
			return t
		}
	}
	return ""
}

func plain(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// texts gives the distinct texts of a member that holds one or several, in the order of the file.
func texts(values ...string) []string {
	seen := map[string]bool{}
	var all []string
	for _, v := range values {
		if v != "" && !seen[v] {
			seen[v] = true
			all = append(all, v)
		}
	}
	return all
}

// total adds what is a whole number; "" where nothing is.
func total(values ...string) string {
	sum, any := int64(0), false
	for _, v := range values {
		n, err := strconv.ParseInt(v, 10, 64)
		if err == nil && n >= 0 && sum+n >= sum {
			sum, any = sum+n, true
		}
	}
	if !any {
		return ""
	}
	return strconv.FormatInt(sum, 10)
}

// tail is the last part of an identifier such as http://purl.org/cld/freq/monthly.
func tail(id string) string {
	if !strings.Contains(id, "://") && !strings.HasPrefix(id, "urn:") {
		return id
	}
	id = strings.TrimRight(id, "/#")
	return id[strings.LastIndexAny(id, "/#:")+1:]
}
