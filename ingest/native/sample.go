package native

import (
	"bytes"
	"encoding/json"
	"strings"

	"weir/ingest/source"
)

// sampleSize is how much of the start of a file is looked at.
const sampleSize = 256 << 10

// sample is the start of a text with the members that its first JSON record has.
type sample struct {
	text    []byte
	members map[string]bool // dotted; [] stands for the first element of an array; nil for a text that is not JSON
}

func newSample(text []byte) *sample {
	s := &sample{text: text}
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] != '{' && trimmed[0] != '[' {
		return s
	}
	s.members = map[string]bool{}
	d := json.NewDecoder(bytes.NewReader(trimmed))
	d.UseNumber()
	s.walk(d, "", 0)
	return s
}

// walk notes the members of the value at hand; it ends where the text breaks off. Of an array only the first element
// is looked at, the others are read over.
func (s *sample) walk(d *json.Decoder, name string, depth int) bool {
	token, err := d.Token()
	if err != nil {
		return false
	}
	open, ok := token.(json.Delim)
	if !ok {
		return true
	}
	for first := true; d.More(); first = false {
		inner := name + "[]"
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return false
			}
			text, _ := key.(string)
			inner = strings.TrimPrefix(name+"."+text, ".")
			if depth < 6 {
				s.members[inner] = true
			}
		} else if !first {
			// Whole elements: what is not first tells nothing new.
			var skipped json.RawMessage
			if d.Decode(&skipped) != nil {
				return false
			}
			continue
		}
		if !s.walk(d, inner, depth+1) {
			return false
		}
	}
	_, err = d.Token()
	return err == nil
}

// record tells whether the first record has all the members, wherever in the document it stands.
func (s *sample) record(names ...string) bool {
	for _, prefix := range []string{"", "[].", "records[].", "data[]."} {
		all := true
		for _, n := range names {
			all = all && s.members[prefix+n]
		}
		if all {
			return true
		}
	}
	return false
}

// has tells whether the document has the member.
func (s *sample) has(name string) bool { return s.members[name] }

// envelope is the path of the packages in an answer of CKAN.
func envelope(f *source.File) string {
	text, _ := f.Text().Peek(sampleSize)
	s := newSample(text)
	switch {
	case s.has("result.results"):
		return "result.results"
	case s.has("result") || s.has("success"):
		return "result"
	}
	return ""
}
