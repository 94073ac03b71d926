package composite

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// LoadMethodology reads a methodology file. It is strict: an unknown or
// repeated key, a value of the wrong kind and a second document are errors
// that name file, line and column, all of them at once. The methodology is
// validated as far as that is possible without a table.
func LoadMethodology(r io.Reader, name string) (*Methodology, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, invalid("%s: the file is empty", name)
		}
		return nil, invalid("%s: %v", name, err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, invalid("%s: more than one document", name)
	}
	problems := checkKeys(doc.Content[0], reflect.TypeFor[Methodology](), name)
	if len(problems) > 0 {
		return nil, invalid("%s", strings.Join(problems, "\n"))
	}
	m := &Methodology{}
	if err := doc.Content[0].Decode(m); err != nil {
		return nil, invalid("%s: %v", name, err)
	}
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// checkKeys compares the keys of a YAML tree with the fields of a type.
func checkKeys(n *yaml.Node, t reflect.Type, file string) []string {
	for n.Kind == yaml.AliasNode {
		return []string{fmt.Sprintf("%s:%d:%d: anchors and aliases are not used here", file, n.Line, n.Column)}
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	at := func(n *yaml.Node, format string, args ...any) string {
		return fmt.Sprintf("%s:%d:%d: %s", file, n.Line, n.Column, fmt.Sprintf(format, args...))
	}
	var problems []string
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		if n.Kind != yaml.SequenceNode {
			return []string{at(n, "want a list")}
		}
		for _, c := range n.Content {
			problems = append(problems, checkKeys(c, t.Elem(), file)...)
		}
	case reflect.Struct:
		if n.Kind != yaml.MappingNode {
			return []string{at(n, "want keys and values")}
		}
		fields := map[string]reflect.Type{}
		var names []string
		for i := range t.NumField() {
			key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
			fields[key] = t.Field(i).Type
			names = append(names, key)
		}
		var seen []string
		for i := 0; i+1 < len(n.Content); i += 2 {
			k, v := n.Content[i], n.Content[i+1]
			ft, ok := fields[k.Value]
			switch {
			case !ok:
				problems = append(problems, at(k, "unknown key %q%s", k.Value, didYouMean(k.Value, names)))
			case slices.Contains(seen, k.Value):
				problems = append(problems, at(k, "key %q appears twice", k.Value))
			default:
				problems = append(problems, checkKeys(v, ft, file)...)
			}
			seen = append(seen, k.Value)
		}
	default:
		if n.Kind != yaml.ScalarNode {
			return []string{at(n, "want a single value")}
		}
		v := reflect.New(t)
		err := n.Decode(v.Interface())
		switch t.Kind() {
		case reflect.Float64:
			if !isFinite(v.Elem().Float()) {
				err = ErrInvalid
			}
		case reflect.Int, reflect.Uint64: // the decoder would cut 1.5 to 1
			if n.Tag != "!!int" {
				err = ErrInvalid
			}
		}
		if err != nil {
			problems = append(problems, at(n, "%q is not %s", n.Value, kindName(t)))
		}
	}
	return problems
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Float64:
		return "a finite number"
	case reflect.Int, reflect.Uint64:
		return "a whole number"
	case reflect.Bool:
		return "true or false"
	}
	return "a text"
}
