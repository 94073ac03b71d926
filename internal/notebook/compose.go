package notebook

import (
	"slices"
	"strings"

	"weir/queries/page"
	"weir/queries/schema"
)

// composed is one query made of a cell and of the earlier cells that it uses, which become a WITH clause. Each part
// stands on lines of its own, so that a line of the query leads back to the line of the page.
type composed struct {
	sql   string
	parts []part
}

// part is where a cell stands: from line first of the query on, and at line of the page.
type part struct {
	cell        string
	first, last int
	line        int
}

// compose makes the query of a cell.
func compose(n *page.Notebook, cell page.Cell) composed {
	used := closure(n, cell)
	if len(used) == 0 {
		return composed{cell.SQL.Text, []part{{cell.Name, 1, strings.Count(cell.SQL.Text, "\n") + 1, cell.SQL.Line}}}
	}
	var c composed
	var b strings.Builder
	line := 1
	write := func(before string, cell page.Cell, after string) {
		b.WriteString(before)
		line += strings.Count(before, "\n")
		text := strings.TrimRight(cell.SQL.Text, "\n")
		lines := strings.Count(text, "\n") + 1
		c.parts = append(c.parts, part{cell.Name, line, line + lines - 1, cell.SQL.Line})
		b.WriteString(text + after)
		line += strings.Count(text+after, "\n")
	}
	for i, u := range used {
		before := "WITH\n"
		if i > 0 {
			before = ",\n"
		}
		write(before+schema.Quote(u.Name)+" AS (\n", u, "\n)")
	}
	write("\nSELECT * FROM (\n", cell, "\n)")
	c.sql = b.String()
	return c
}

// closure lists the cells that a cell uses, directly or by way of others, in the order of the page.
func closure(n *page.Notebook, cell page.Cell) []page.Cell {
	needed := map[string]bool{}
	var need func(names []string)
	need = func(names []string) {
		for _, name := range names {
			if i := slices.IndexFunc(n.Cells, func(c page.Cell) bool { return c.Name == name }); i >= 0 && !needed[name] {
				needed[name] = true
				need(n.Cells[i].Uses)
			}
		}
	}
	need(cell.Uses)
	var list []page.Cell
	for _, c := range n.Cells {
		if needed[c.Name] {
			list = append(list, c)
		}
	}
	return list
}

// place gives the cell and the line of the page of a line of the query.
func (c composed) place(line int) (cell string, pageLine int) {
	for _, p := range c.parts {
		if line >= p.first && line <= p.last {
			return p.cell, p.line + line - p.first
		}
	}
	last := c.parts[len(c.parts)-1]
	return last.cell, last.line
}
