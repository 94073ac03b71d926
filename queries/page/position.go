package page

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"weir/internal/problem"
)

// positions finds the place of a key of the front matter, for problems of meaning that the YAML reader cannot see.
type positions struct {
	file string
	root *yaml.Node
}

func newPositions(d *Document) positions {
	p := positions{file: d.File}
	var document yaml.Node
	if yaml.Unmarshal(d.FrontMatter, &document) == nil && len(document.Content) == 1 {
		p.root = document.Content[0]
	}
	return p
}

// find walks a dotted path such as target.default and gives the place of the key, or of the nearest parent.
func (p positions) find(path string) (line, column int) {
	line, column = 1, 0
	node := p.root
	for key := range strings.SplitSeq(path, ".") {
		if node == nil || node.Kind != yaml.MappingNode {
			break
		}
		next := (*yaml.Node)(nil)
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == key {
				line, column = node.Content[i].Line+frontMatterLine-1, node.Content[i].Column
				next = node.Content[i+1]
			}
		}
		node = next
	}
	return line, column
}

// has reports whether a dotted path is given.
func (p positions) has(path string) bool {
	node := p.root
	for key := range strings.SplitSeq(path, ".") {
		if node == nil || node.Kind != yaml.MappingNode {
			return false
		}
		next := (*yaml.Node)(nil)
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == key {
				next = node.Content[i+1]
			}
		}
		if next == nil {
			return false
		}
		node = next
	}
	return true
}

func (p positions) problem(path, what, cure string) problem.Problem {
	line, column := p.find(path)
	return problem.Problem{File: p.file, Line: line, Column: column, What: what, Cure: cure}
}
