package typst

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// The module works on values of a browser. In Go they are: undefined{}, nil for
// null, bool, float64, string, int64 and uint64 for whole numbers of 64 bits,
// and pointers to the types below, which compare by identity as objects do.
type (
	undefined struct{}
	iterator  struct{} // the symbol under which an array gives its iterator

	bytesValue  struct{ data []byte }
	wordsValue  struct{ data []uint32 }
	arrayValue  struct{ items []any }
	objectValue struct {
		keys   []string
		fields map[string]any
	}
	functionValue struct {
		call    func(arguments []any) (any, error)
		release func() // gives up the module's own closure, or nil
	}
	errorValue struct{ message string }
	dateValue  struct{}
	// handleValue is an object of the module's own: class and address.
	handleValue struct {
		class   string
		address uint32
	}
)

func (e *errorValue) Error() string { return e.message }

func (o *objectValue) get(key string) any {
	if v, ok := o.fields[key]; ok {
		return v
	}
	return undefined{}
}

func (o *objectValue) set(key string, v any) {
	if o.fields == nil {
		o.fields = map[string]any{}
	}
	if _, ok := o.fields[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.fields[key] = v
}

// absent reports undefined and null.
func absent(v any) bool {
	_, ok := v.(undefined)
	return ok || v == nil
}

// property reads a member of a value as a script would.
func property(of, key any) any {
	switch o := of.(type) {
	case *objectValue:
		if name, ok := key.(string); ok {
			return o.get(name)
		}
	case *arrayValue:
		switch k := key.(type) {
		case float64:
			if k >= 0 && k < float64(len(o.items)) && k == math.Trunc(k) {
				return o.items[int(k)]
			}
		case string:
			if k == "length" {
				return float64(len(o.items))
			}
		case iterator:
			return &functionValue{call: func([]any) (any, error) { return iterate(o), nil }}
		}
	case *bytesValue:
		if key == "buffer" {
			return o
		}
		if key == "length" {
			return float64(len(o.data))
		}
	}
	return undefined{}
}

// iterate is the iterator of an array: an object whose next gives value and
// done.
func iterate(a *arrayValue) *objectValue {
	place := 0
	it := &objectValue{}
	it.set("next", &functionValue{call: func([]any) (any, error) {
		step := &objectValue{}
		step.set("done", place >= len(a.items))
		if place < len(a.items) {
			step.set("value", a.items[place])
			place++
		}
		return step, nil
	}})
	return it
}

// describe writes a value for a message.
func describe(v any) string {
	switch t := v.(type) {
	case *errorValue:
		return t.message
	case *objectValue:
		parts := make([]string, len(t.keys))
		for i, k := range t.keys {
			parts[i] = k + ": " + describe(t.fields[k])
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case *arrayValue:
		parts := make([]string, len(t.items))
		for i, item := range t.items {
			parts[i] = describe(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case *bytesValue:
		return fmt.Sprintf("%d bytes", len(t.data))
	case string:
		quoted, _ := json.Marshal(t)
		return string(quoted)
	case undefined:
		return "undefined"
	case nil:
		return "null"
	}
	return fmt.Sprint(v)
}
