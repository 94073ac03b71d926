package runner

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"weir/internal/store"
)

// Date is a value that is bound as a day.
type Date time.Time

// Values may be nil (NULL, by which a query reads "all"), bool, int, int64, float64, string, Date, time.Time, []string,
// []int64 and []float64. They are bound by name and never become part of the text.
type wireValue struct {
	Type  string          `json:"type"`
	Value json.RawMessage `json:"value,omitempty"`
}

// encodeParameters writes values for the child.
func encodeParameters(values map[string]any) (map[string]wireValue, error) {
	wire := make(map[string]wireValue, len(values))
	for name, value := range values {
		kind := ""
		switch v := value.(type) {
		case nil:
			kind = "null"
		case bool:
			kind = "boolean"
		case int:
			kind, value = "integer", int64(v)
		case int64:
			kind = "integer"
		case float64:
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("parameter %s: %v is no number that can be bound", name, v)
			}
			kind = "number"
		case string:
			kind = "text"
		case Date:
			kind, value = "date", time.Time(v).Format(time.DateOnly)
		case time.Time:
			kind, value = "timestamp", v.UTC()
		case []string:
			kind = "texts"
		case []int64:
			kind = "integers"
		case []float64:
			kind = "numbers"
		default:
			return nil, fmt.Errorf("parameter %s: a %T cannot be bound", name, value)
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", name, err)
		}
		wire[name] = wireValue{kind, text}
	}
	return wire, nil
}

// decodeParameters reads the values that encodeParameters wrote.
func decodeParameters(wire map[string]wireValue) (map[string]any, error) {
	values := make(map[string]any, len(wire))
	for name, w := range wire {
		value, err := w.decode()
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", name, err)
		}
		values[name] = value
	}
	return values, nil
}

func (w wireValue) decode() (any, error) {
	switch w.Type {
	case "null":
		return nil, nil
	case "boolean":
		return read[bool](w.Value)
	case "integer":
		return read[int64](w.Value)
	case "number":
		return read[float64](w.Value)
	case "text":
		return read[string](w.Value)
	case "date":
		text, err := read[string](w.Value)
		if err != nil {
			return nil, err
		}
		day, err := time.Parse(time.DateOnly, text)
		return Date(day), err
	case "timestamp":
		return read[time.Time](w.Value)
	case "texts":
		return read[[]string](w.Value)
	case "integers":
		return read[[]int64](w.Value)
	case "numbers":
		return read[[]float64](w.Value)
	}
	return nil, fmt.Errorf("unknown type %q", w.Type)
}

func read[T any](text json.RawMessage) (T, error) {
	var v T
	err := json.Unmarshal(text, &v)
	return v, err
}

// bindable turns a value into what the driver takes.
func bindable(value any) any {
	if d, ok := value.(Date); ok {
		return store.Date(time.Time(d))
	}
	return value
}
