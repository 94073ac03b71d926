// Package strictyaml decodes the YAML that people write (weir.yaml, mappings, front matter, methods) and reports
// every unknown key and wrong type at once, with line, column and cure.
//
// It knows nothing of what the keys mean: checks of meaning belong to the package that owns the type.
package strictyaml

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"weir/internal/problem"
)

// Decode reads one YAML document into the struct that into points to. firstLine is the line of the file at which
// text begins, 1 for a whole file. An empty text leaves into as it is.
func Decode(file string, firstLine int, text []byte, into any) problem.List {
	d := decoder{file: file, offset: firstLine - 1}
	decoding := yaml.NewDecoder(strings.NewReader(string(text)))
	var document, more yaml.Node
	switch err := decoding.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return d.syntax(err)
	}
	if err := decoding.Decode(&more); err == nil {
		d.add(more.Line, more.Column, "a second YAML document", "keep one document a file")
	} else if !errors.Is(err, io.EOF) {
		return d.syntax(err)
	}
	root := document.Content[0]
	d.check(root, reflect.TypeOf(into).Elem(), "")
	if err := root.Decode(into); err != nil {
		d.types(err)
	}
	d.problems.Sort()
	return d.problems
}

type decoder struct {
	file     string
	offset   int
	problems problem.List
}

func (d *decoder) add(line, column int, what, cure string) {
	if line > 0 {
		line += d.offset
	}
	d.problems = append(d.problems, problem.Problem{File: d.file, Line: line, Column: column, What: what, Cure: cure})
}

var lineOf = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)

// syntax reports what the YAML parser could not read.
func (d *decoder) syntax(err error) problem.List {
	d.message(err.Error(), "write it as YAML: two spaces for each level, quotes around text with : or #")
	return d.problems
}

// types reports values that do not fit their field.
func (d *decoder) types(err error) {
	var wrong *yaml.TypeError
	if !errors.As(err, &wrong) {
		d.message(err.Error(), "")
		return
	}
	for _, message := range wrong.Errors {
		d.message(message, "give a value of that type")
	}
}

func (d *decoder) message(message, cure string) {
	line := 0
	if m := lineOf.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
	}
	d.add(line, 0, strings.TrimPrefix(message, "yaml: "), cure)
}

var unmarshaler = reflect.TypeFor[yaml.Unmarshaler]()

// check walks the document beside the type and reports keys that no field takes.
func (d *decoder) check(n *yaml.Node, t reflect.Type, path string) {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(unmarshaler) {
		return
	}
	switch {
	case t.Kind() == reflect.Struct && n.Kind == yaml.MappingNode:
		fields := map[string]reflect.Type{}
		collect(t, fields)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			field, ok := fields[key.Value]
			if !ok {
				d.add(key.Line, key.Column, fmt.Sprintf("unknown key %q%s", key.Value, under(path)), problem.DidYouMean(key.Value, names(fields)))
				continue
			}
			d.check(n.Content[i+1], field, join(path, key.Value))
		}
	case t.Kind() == reflect.Map && n.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			d.check(n.Content[i+1], t.Elem(), join(path, n.Content[i].Value))
		}
	case t.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode:
		for _, item := range n.Content {
			d.check(item, t.Elem(), path)
		}
	}
}

func under(path string) string {
	if path == "" {
		return ""
	}
	return " under " + path
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// collect gathers the YAML names of a struct's fields, inlined structs included.
func collect(t reflect.Type, fields map[string]reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case strings.Contains(options, "inline"):
			collect(f.Type, fields)
		case name == "-" || !f.IsExported():
		case name == "":
			fields[strings.ToLower(f.Name)] = f.Type
		default:
			fields[name] = f.Type
		}
	}
}

func names(fields map[string]reflect.Type) []string {
	var list []string
	for name := range fields {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}
