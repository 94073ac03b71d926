package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// parseParameters reads -p name=text and -p name:=JSON, where JSON is a number, true, false, null, a text or a list, or
// @FILE that holds one. Values are bound by name, so that nothing in them can become part of the query.
func parseParameters(given []string) (map[string]any, error) {
	values := map[string]any{}
	for _, g := range given {
		name, text, found := strings.Cut(g, "=")
		typed := strings.HasSuffix(name, ":")
		name = strings.TrimSuffix(name, ":")
		if !found || name == "" {
			return nil, usageError{fmt.Sprintf("-p %s: write name=text, or name:=JSON for a number, a list or null", g)}
		}
		if _, twice := values[name]; twice {
			return nil, usageError{fmt.Sprintf("-p %s is given twice; keep one", name)}
		}
		if !typed {
			values[name] = text
			continue
		}
		value, err := typedParameter(text)
		if err != nil {
			return nil, usageError{fmt.Sprintf("-p %s: %v", name, err)}
		}
		values[name] = value
	}
	return values, nil
}

func typedParameter(text string) (any, error) {
	if path, isFile := strings.CutPrefix(text, "@"); isFile {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		text = string(content)
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("%s is no JSON (%v); for a text write name=text", short(text), err)
	}
	if list, isList := value.([]any); isList {
		return listParameter(list)
	}
	switch v := value.(type) {
	case json.Number:
		return number(v)
	case map[string]any:
		return nil, fmt.Errorf("an object cannot be a value; give a number, a text, a list, true, false or null")
	}
	return value, nil
}

// number is a whole number where it is written as one.
func number(n json.Number) (any, error) {
	if whole, err := n.Int64(); err == nil {
		return whole, nil
	}
	return n.Float64()
}

// listParameter makes a list of one kind: texts, or numbers.
func listParameter(list []any) (any, error) {
	var texts []string
	var numbers []float64
	for i, e := range list {
		switch v := e.(type) {
		case string:
			texts = append(texts, v)
		case json.Number:
			f, err := v.Float64()
			if err != nil {
				return nil, err
			}
			numbers = append(numbers, f)
		default:
			return nil, fmt.Errorf("element %d of the list is neither a text nor a number", i+1)
		}
	}
	switch {
	case len(numbers) == 0:
		return append([]string{}, texts...), nil
	case len(texts) > 0:
		return nil, fmt.Errorf("the list mixes texts and numbers; make them all of one kind")
	}
	return numbers, nil
}

func short(text string) string {
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return text
}
