package mapping

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"weir/internal/problem"
)

// Lookup is a table of the mapping that says what a value of the file stands for, such as which department and which
// resource a path prefix, a user or an application key belongs to. Its results are columns: lookup.field.
type Lookup struct {
	Name   string
	Column string // of the file, whose value is looked up
	Prefix bool   // the longest key that the value begins with, else the key that it equals
	Fields []string
	Rows   []LookupRow
	Else   map[string]string // fields of a value that no key fits; NULL where not given
	Line   int
}

// LookupRow is what one key stands for; a field that it does not name is NULL.
type LookupRow struct {
	Key    string
	Values map[string]string
}

// Lookup finds the lookup and the field that a column name refers to.
func (m *Mapping) Lookup(column string) (*Lookup, string, bool) {
	name, field, ok := strings.Cut(column, ".")
	if !ok {
		return nil, "", false
	}
	i := slices.IndexFunc(m.Lookups, func(l Lookup) bool { return l.Name == name })
	if i < 0 || !slices.Contains(m.Lookups[i].Fields, field) {
		return nil, "", false
	}
	return &m.Lookups[i], field, true
}

var lookupKeys = []string{"column", "match", "rows", "else"}

func (p *parser) lookups(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		p.at(n, "lookups is a list of name: {column, match, rows, else}", "known: "+strings.Join(lookupKeys, ", "))
		return
	}
	p.pairs(n, func(key, value *yaml.Node) {
		l := Lookup{Name: key.Value, Line: key.Line}
		if value.Kind != yaml.MappingNode {
			p.at(value, fmt.Sprintf("the lookup %s is a list of keys", l.Name), "known: "+strings.Join(lookupKeys, ", "))
			return
		}
		p.pairs(value, func(k, v *yaml.Node) { p.lookupKey(&l, k, v) })
		switch {
		case strings.Contains(l.Name, "."):
			p.at(key, fmt.Sprintf("the name %q has a dot", l.Name), "choose a name without")
		case l.Column == "":
			p.at(key, fmt.Sprintf("the lookup %s has no column", l.Name), "add column: with the column of the file to look up")
		case len(l.Rows) == 0:
			p.at(key, fmt.Sprintf("the lookup %s has no rows", l.Name), "add rows: with key: {field: value}")
		}
		slices.Sort(l.Fields)
		p.m.Lookups = append(p.m.Lookups, l)
	})
}

func (p *parser) lookupKey(l *Lookup, key, value *yaml.Node) {
	switch key.Value {
	case "column":
		l.Column = p.text(value)
	case "match":
		l.Prefix = p.choice(value, []string{"exact", "prefix"}) == "prefix"
	case "else":
		l.Else = p.fields(l, value)
	case "rows":
		if value.Kind != yaml.MappingNode {
			p.at(value, "rows is a list of key: {field: value}", "write each key with its fields")
			return
		}
		p.pairs(value, func(k, v *yaml.Node) {
			l.Rows = append(l.Rows, LookupRow{Key: k.Value, Values: p.fields(l, v)})
		})
	default:
		p.at(key, fmt.Sprintf("unknown key %q", key.Value), problem.DidYouMean(key.Value, lookupKeys))
	}
}

func (p *parser) fields(l *Lookup, n *yaml.Node) map[string]string {
	if n.Kind != yaml.MappingNode {
		p.at(n, "want fields here", "write {field: value}, such as {resource: R1, provider: D1}")
		return nil
	}
	values := map[string]string{}
	p.pairs(n, func(k, v *yaml.Node) {
		values[k.Value] = p.text(v)
		if !slices.Contains(l.Fields, k.Value) {
			l.Fields = append(l.Fields, k.Value)
		}
	})
	return values
}
