package document

import (
	"errors"
	"fmt"
	"regexp"
)

var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// Validate reports everything in which the document contradicts itself: ids that
// stand twice or that a link could not carry, links that lead nowhere, rows that
// do not fit their columns. Renderers call it first, so that a report is whole
// or not there.
func (d *Document) Validate() error {
	v := validator{sections: map[string]bool{}, parts: map[string]bool{}, explained: map[string]bool{}}
	for i := range d.Definitions {
		v.define(d.Definitions[i].ID)
	}
	for i := range d.Explanations {
		v.define(d.Explanations[i].ID)
	}
	for _, s := range d.Sections {
		v.declare(s, 1)
	}
	for i, e := range d.Explanations {
		if d.definition(e.Definition) == nil {
			v.problem("explanation %s belongs to definition %q, which is not in the document", d.Explanations[i].ID, e.Definition)
		}
		v.link(e.ID, e.Link)
	}
	for _, s := range d.Sections {
		v.section(s)
	}
	return errors.Join(v.problems...)
}

func (d *Document) definition(id string) *Definition {
	for i := range d.Definitions {
		if d.Definitions[i].ID == id {
			return &d.Definitions[i]
		}
	}
	return nil
}

type validator struct {
	sections, parts, explained map[string]bool
	problems                   []error
}

func (v *validator) problem(format string, a ...any) {
	v.problems = append(v.problems, fmt.Errorf(format, a...))
}

func (v *validator) unique(kind, id string, seen map[string]bool) {
	if !idPattern.MatchString(id) {
		v.problem("%s id %q: use letters, digits, '-', '_', '.'", kind, id)
	}
	if seen[id] {
		v.problem("%s id %q stands twice", kind, id)
	}
	seen[id] = true
}

func (v *validator) define(id string) { v.unique("explanation", id, v.explained) }

func (v *validator) declare(s Section, level int) {
	v.unique("section", s.ID, v.sections)
	if level > 3 {
		v.problem("section %s lies deeper than three levels", s.ID)
	}
	for _, b := range s.Blocks {
		switch b := b.(type) {
		case *Figure:
			v.unique("figure", b.ID, v.parts)
			if b.Table.ID != "" {
				v.unique("table", b.Table.ID, v.parts)
			}
		case *Table:
			v.unique("table", b.ID, v.parts)
		case *RuledForm:
			v.unique("form", b.ID, v.parts)
		}
	}
	for _, sub := range s.Sections {
		v.declare(sub, level+1)
	}
}

func (v *validator) link(where, section string) {
	if section != "" && !v.sections[section] {
		v.problem("%s leads to section %q, which is not in the document", where, section)
	}
}

func (v *validator) explain(where, id string) {
	if id != "" && !v.explained[id] {
		v.problem("%s refers to explanation %q, which is not in the document", where, id)
	}
}

func (v *validator) section(s Section) {
	for _, b := range s.Blocks {
		switch b := b.(type) {
		case *Paragraph:
			v.paragraph(s.ID, *b)
		case *List:
			for _, p := range b.Items {
				v.paragraph(s.ID, p)
			}
		case *Note:
			for _, p := range b.Body {
				v.paragraph(s.ID, p)
			}
		case *KeyFigures:
			for _, k := range b.Items {
				v.link("key figure "+k.Label, k.Link)
				v.explain("key figure "+k.Label, k.Explain)
			}
		case *Figure:
			v.explain("figure "+b.ID, b.Explain)
			if b.Option == nil && b.Empty == "" {
				v.problem("figure %s has neither a chart nor a reason why there is none", b.ID)
			}
			v.table(b.Table)
		case *Table:
			v.table(*b)
		case *RuledForm:
			if _, err := b.Places(); err != nil {
				v.problems = append(v.problems, err)
			}
			v.table(b.Table)
		default:
			v.problem("section %s holds a block of unknown kind %T", s.ID, b)
		}
	}
	for _, sub := range s.Sections {
		v.section(sub)
	}
}

func (v *validator) paragraph(where string, p Paragraph) {
	for _, span := range p.Spans {
		v.link("text in section "+where, span.Link)
		v.explain("text in section "+where, span.Explain)
	}
}

func (v *validator) table(t Table) {
	columns := map[string]bool{}
	for _, c := range t.Columns {
		if columns[c.ID] {
			v.problem("table %s has column %q twice", t.ID, c.ID)
		}
		columns[c.ID] = true
	}
	for _, c := range t.Columns {
		for _, id := range append([]string{c.Ratio.Numerator, c.Ratio.Denominator}, c.SumOf...) {
			if id != "" && !columns[id] {
				v.problem("table %s: column %s is made from column %q, which is not in the table", t.ID, c.ID, id)
			}
		}
	}
	for i, r := range t.Rows {
		if len(r.Cells) != len(t.Columns) {
			v.problem("table %s: row %d has %d cells for %d columns", t.ID, i+1, len(r.Cells), len(t.Columns))
			continue
		}
		for _, c := range r.Cells {
			v.link(fmt.Sprintf("table %s, row %d", t.ID, i+1), c.Link)
			v.explain(fmt.Sprintf("table %s, row %d", t.ID, i+1), c.Explain)
		}
	}
}
