package workspace

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Setting is one value of the configuration and where it comes from.
type Setting struct {
	Key    string
	Value  string
	Origin string // default, or file and line
}

// Settings lists the whole effective configuration in the order of Config.
func (w *Workspace) Settings() ([]Setting, error) {
	var effective yaml.Node
	if err := effective.Encode(w.Config); err != nil {
		return nil, err
	}
	lines := map[string]int{}
	var document yaml.Node
	if err := yaml.Unmarshal(w.text, &document); err != nil {
		return nil, err
	}
	if len(document.Content) > 0 {
		walk(document.Content[0], "", func(key string, n *yaml.Node) { lines[key] = n.Line })
	}
	var settings []Setting
	walk(&effective, "", func(key string, n *yaml.Node) {
		origin := "default"
		for k := key; ; {
			if line, ok := lines[k]; ok {
				origin = fmt.Sprintf("%s:%d", ConfigFile, line)
				break
			}
			dot := strings.LastIndexByte(k, '.')
			if dot < 0 {
				break
			}
			// A list is replaced whole: its items come from where the list stands.
			k = k[:dot]
		}
		settings = append(settings, Setting{Key: key, Value: n.Value, Origin: origin})
	})
	return settings, nil
}

// walk visits the scalars below n with their dotted keys; an empty list or map counts as one.
func walk(n *yaml.Node, key string, visit func(string, *yaml.Node)) {
	join := func(part string) string {
		if key == "" {
			return part
		}
		return key + "." + part
	}
	switch {
	case n.Kind == yaml.MappingNode && len(n.Content) > 0:
		for i := 0; i+1 < len(n.Content); i += 2 {
			walk(n.Content[i+1], join(n.Content[i].Value), visit)
		}
	case n.Kind == yaml.SequenceNode && len(n.Content) > 0:
		for i, item := range n.Content {
			walk(item, join(fmt.Sprint(i+1)), visit)
		}
	default:
		visit(key, n)
	}
}
