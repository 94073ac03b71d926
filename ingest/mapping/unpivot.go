package mapping

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"weir/internal/problem"
)

// unpivot reads {columns: pattern with one *, name: column, value: column}.
func (p *parser) unpivot(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		p.at(n, "unpivot needs columns, name and value", `write {columns: "Spent *", name: year, value: amount}`)
		return
	}
	u := &p.m.Read.Unpivot
	p.pairs(n, func(k, v *yaml.Node) {
		switch k.Value {
		case "columns":
			u.Pattern = p.text(v)
		case "name":
			u.Name = p.text(v)
		case "value":
			u.Value = p.text(v)
		default:
			p.at(k, fmt.Sprintf("unknown key %q", k.Value), problem.DidYouMean(k.Value, []string{"columns", "name", "value"}))
		}
	})
	if strings.Count(u.Pattern, "*") != 1 || strings.ContainsAny(u.Pattern, `?[]\`) || u.Name == "" || u.Value == "" {
		p.at(n, "unpivot needs columns with one *, name and value", `write {columns: "Spent *", name: year, value: amount}`)
	}
}
