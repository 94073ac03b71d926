package mapping

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"weir/internal/problem"
	"weir/queries/schema"
)

// keys of a mapping file, in the order in which the documentation names them.
var keys = []string{"mapping", "title", "files", "format", "encoding", "delimiter", "header", "names", "skip", "quotes", "path", "pattern", "sheet", "null", "unpivot",
	"target", "departments", "district", "lookups", "columns"}

// Parse reads a mapping; file names it in problems. Every problem is reported, not only the first.
func Parse(file string, text []byte, model *schema.Model) (*Mapping, problem.List) {
	p := &parser{file: file, model: model, m: &Mapping{Source: file, SHA256: digest(text), text: text}}
	name := path.Base(strings.ReplaceAll(file, `\`, "/"))
	p.m.ID = strings.TrimSuffix(strings.TrimSuffix(name, ".yaml"), ".yml")
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		p.add(errorLine(err), 0, strings.TrimPrefix(err.Error(), "yaml: "), "correct the YAML")
		return nil, p.problems
	}
	if len(root.Content) == 0 || root.Content[0].Kind != yaml.MappingNode {
		p.add(1, 1, "a mapping file is a list of keys and values", "known: "+strings.Join(keys, ", "))
		return nil, p.problems
	}
	p.root(root.Content[0])
	p.problems.Sort()
	if len(p.problems) > 0 {
		return nil, p.problems
	}
	return p.m, nil
}

type parser struct {
	file     string
	model    *schema.Model
	m        *Mapping
	problems problem.List
	target   []schema.Column
}

func (p *parser) add(line, column int, what, cure string) {
	p.problems = append(p.problems, problem.Problem{File: p.file, Line: line, Column: column, What: what, Cure: cure})
}

func (p *parser) at(n *yaml.Node, what, cure string) { p.add(n.Line, n.Column, what, cure) }

// pairs walks over a YAML mapping and refuses keys that occur twice.
func (p *parser) pairs(n *yaml.Node, f func(key, value *yaml.Node)) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if seen[key.Value] {
			p.at(key, fmt.Sprintf("%q is given twice", key.Value), "remove one")
			continue
		}
		seen[key.Value] = true
		f(key, value)
	}
}

func (p *parser) root(n *yaml.Node) {
	// The target decides which columns are known, so it is read first.
	var columns *yaml.Node
	targetAt := n
	p.pairs(n, func(key, value *yaml.Node) {
		switch key.Value {
		case "target":
			targetAt = value
			p.m.Target = p.text(value)
		case "columns":
			columns = value
		}
	})
	p.checkTarget(targetAt)
	p.pairs(n, func(key, value *yaml.Node) { p.key(key, value) })
	if p.m.Departments == "" {
		p.m.Departments = Known
	}
	switch {
	case columns == nil:
		p.at(n, "no columns are mapped", "add columns: with target column: source column")
	case columns.Kind != yaml.MappingNode:
		p.at(columns, "columns is a list of target column: source column", "write each as target: source")
	case p.target != nil:
		p.columns(columns)
	}
}

func (p *parser) key(key, value *yaml.Node) {
	r := &p.m.Read
	switch key.Value {
	case "mapping":
		if id := p.text(value); id != p.m.ID {
			p.at(value, fmt.Sprintf("the mapping is called %q, its file %q", id, p.m.ID), "give both one name")
		}
	case "title":
		p.title(value)
	case "files":
		p.m.Files = p.list(value)
		for _, f := range p.m.Files {
			if _, err := path.Match(f, ""); err != nil {
				p.at(value, fmt.Sprintf("%q is no file pattern", f), "use * and ? only")
			}
		}
	case "format":
		r.Format = p.choice(value, Formats())
	case "encoding":
		r.Encoding = strings.ToLower(p.text(value))
	case "delimiter":
		r.Delimiter = p.delimiter(value)
	case "header":
		r.NoHeader = !p.boolean(value)
	case "quotes":
		r.NoQuotes = !p.boolean(value)
	case "names":
		r.Names = p.list(value)
	case "skip":
		n, err := strconv.Atoi(value.Value)
		if err != nil || n < 0 {
			p.at(value, fmt.Sprintf("skip is %q, want a number of lines", value.Value), "write a whole number")
		}
		r.Skip = n
	case "path":
		r.Path = p.text(value)
	case "pattern":
		r.Pattern = p.text(value)
	case "sheet":
		r.Sheet = p.text(value)
	case "null":
		r.Null = p.list(value)
	case "departments":
		p.m.Departments = p.choice(value, []string{Known, Create})
	case "district":
		p.m.District = p.text(value)
	case "unpivot":
		p.unpivot(value)
	case "lookups":
		p.lookups(value)
	case "target", "columns":
	default:
		p.at(key, fmt.Sprintf("unknown key %q", key.Value), problem.DidYouMean(key.Value, keys))
	}
}

func (p *parser) title(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		p.at(n, "title needs zh and en", "write {zh: …, en: …}")
		return
	}
	p.pairs(n, func(key, value *yaml.Node) {
		switch key.Value {
		case "zh":
			p.m.Title.Zh = p.text(value)
		case "en":
			p.m.Title.En = p.text(value)
		default:
			p.at(key, fmt.Sprintf("unknown key %q", key.Value), "known: zh, en")
		}
	})
}

func (p *parser) checkTarget(n *yaml.Node) {
	names := append(p.model.TableNames(), p.model.Flat.Name)
	switch t, ok := p.model.Table(p.m.Target); {
	case ok:
		p.target = t.Columns
	case p.m.Target == p.model.Flat.Name:
		p.target = p.model.Flat.Columns
	case p.m.Target == "":
		p.at(n, "no target", "add target: with one of "+strings.Join(names, ", "))
	default:
		p.at(n, fmt.Sprintf("unknown target %q", p.m.Target), problem.DidYouMean(p.m.Target, names))
	}
}

func (p *parser) columns(n *yaml.Node) {
	known := make([]string, len(p.target))
	for i, c := range p.target {
		known[i] = c.Name
	}
	p.pairs(n, func(key, value *yaml.Node) {
		if !slices.Contains(known, key.Value) {
			p.at(key, fmt.Sprintf("%s has no column %q", p.m.Target, key.Value), problem.DidYouMean(key.Value, known))
			return
		}
		if c, ok := p.column(key, value); ok {
			p.m.Columns = append(p.m.Columns, c)
		}
	})
	for _, c := range p.target {
		if c.Required && !slices.ContainsFunc(p.m.Columns, func(m Column) bool { return m.Target == c.Name }) && !p.failedColumn(n, c.Name) {
			p.at(n, fmt.Sprintf("the required column %s is not mapped", c.Name), fmt.Sprintf("add %s: with a source column, value or sql", c.Name))
		}
	}
}

// failedColumn tells that the column is there but was reported for another reason.
func (p *parser) failedColumn(n *yaml.Node, name string) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return true
		}
	}
	return false
}

var columnKeys = []string{"column", "sql", "value", "words", "else", "epoch", "hash"}

func (p *parser) column(key, n *yaml.Node) (Column, bool) {
	c := Column{Target: key.Value, Else: Refuse, Line: key.Line}
	if n.Kind == yaml.ScalarNode {
		c.Source = n.Value
		if c.Source == "" {
			p.at(n, fmt.Sprintf("nothing fills %s", c.Target), "name a source column")
		}
		return c, c.Source != ""
	}
	if n.Kind != yaml.MappingNode {
		p.at(n, fmt.Sprintf("%s takes a source column or a list of keys", c.Target), "known: "+strings.Join(columnKeys, ", "))
		return c, false
	}
	before, filled := len(p.problems), 0
	p.pairs(n, func(k, v *yaml.Node) {
		switch k.Value {
		case "column":
			c.Source = p.text(v)
			filled++
		case "sql":
			c.SQL = p.text(v)
			filled++
		case "value":
			c.Value = p.text(v)
			filled++
		case "words":
			p.words(v, &c)
		case "else":
			c.Else = p.text(v)
		case "epoch":
			c.Epoch = p.choice(v, []string{"s", "ms"})
		case "hash":
			c.Hash = p.boolean(v)
		default:
			p.at(k, fmt.Sprintf("unknown key %q", k.Value), problem.DidYouMean(k.Value, columnKeys))
		}
	})
	if filled != 1 {
		p.at(n, fmt.Sprintf("%s needs exactly one of column, sql and value", c.Target), "keep one")
	}
	return c, len(p.problems) == before
}

// words is none, or a list of word: code.
func (p *parser) words(n *yaml.Node, c *Column) {
	if n.Kind == yaml.ScalarNode && n.Value == "none" {
		c.Plain = true
		return
	}
	if n.Kind != yaml.MappingNode {
		p.at(n, "words is a list of word: code, or none", "write each as word: code")
		return
	}
	c.Words = map[string]string{}
	p.pairs(n, func(k, v *yaml.Node) { c.Words[k.Value] = p.text(v) })
}

func (p *parser) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		p.at(n, "want a single value here", "write one text")
		return ""
	}
	return n.Value
}

func (p *parser) list(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	var values []string
	if n.Kind != yaml.SequenceNode {
		p.at(n, "want a list here", "write [a, b]")
		return nil
	}
	for _, e := range n.Content {
		values = append(values, p.text(e))
	}
	return values
}

func (p *parser) boolean(n *yaml.Node) bool {
	var b bool
	if err := n.Decode(&b); err != nil {
		p.at(n, fmt.Sprintf("%q is neither true nor false", n.Value), "write true or false")
	}
	return b
}

func (p *parser) choice(n *yaml.Node, choices []string) string {
	v := strings.ToLower(p.text(n))
	if !slices.Contains(choices, v) {
		p.at(n, fmt.Sprintf("%q is not known here", v), problem.DidYouMean(v, choices))
	}
	return v
}

func (p *parser) delimiter(n *yaml.Node) string {
	d := p.text(n)
	switch d {
	case "tab", `\t`:
		d = "\t"
	}
	if len(d) != 1 {
		p.at(n, fmt.Sprintf("the delimiter %q is not one ASCII character", d), `write one character, or tab`)
	}
	return d
}

// errorLine finds the line that yaml names in its message.
func errorLine(err error) int {
	_, rest, ok := strings.Cut(err.Error(), "line ")
	if !ok {
		return 0
	}
	n := 0
	_, _ = fmt.Sscanf(rest, "%d", &n)
	return n
}
