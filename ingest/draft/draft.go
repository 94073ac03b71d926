// Package draft proposes a mapping for a file that nobody has described yet: it guesses from the names of the columns,
// in Chinese and English, and from what stands in them, and writes every doubt beside its line.
//
// A draft is a sound mapping that loads the file as it is. It is a proposal for a person: nothing is ever loaded by a
// draft that nobody has seen.
package draft

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"weir/ingest/mapping"
	"weir/queries/schema"
)

// Sample is what is known of the file.
type Sample struct {
	File      string // its name without folder
	Format    string // one of mapping.Formats
	Encoding  string // "" where it needs no mention
	Delimiter string // "" where the reader finds it
	NoHeader  bool
	Skip      int    // lines before the header
	Path      string // of the records in a JSON document
	Sheet     string // "" for the first one
	Columns   []string
	Rows      [][]string // values of the first rows, "" for what is missing
	Doubts    []string   // of how the file is read
}

// Draft is a proposal.
type Draft struct {
	Text   []byte   // the mapping file
	Target string   // what it fills
	Mapped []string // columns of the target that it fills
	Doubts int      // how many are written into it
}

// New drafts the mapping of the identifier. Target is the table or flat target to fill; "" chooses.
func New(id, target string, s Sample, model *schema.Model) (Draft, error) {
	s.Columns = slices.Clone(s.Columns)
	for i, c := range s.Columns {
		s.Columns[i] = strings.ToValidUTF8(c, "�")
	}
	var nulls []string
	s.Rows, nulls = withoutNulls(s.Rows)
	profiles := make([]profile, len(s.Columns))
	for i := range s.Columns {
		profiles[i] = profileOf(s, i)
	}
	best := proposal{points: math.Inf(-1)}
	known := targets(model)
	if target != "" {
		known = append(known, rest(model)...)
	}
	for _, t := range known {
		if target != "" && t.name != target {
			continue
		}
		p := propose(t, profiles, model)
		if target != "" || t.flat || p.complete() && p.points > best.points {
			best = p
		}
	}
	if best.target.name == "" {
		return Draft{}, fmt.Errorf("there is no target %q", target)
	}
	w := writer{id: id, sample: s, proposal: best, profiles: profiles, nulls: nulls, model: model}
	text := w.write()
	if _, problems := mapping.Parse(id+".yaml", text, model); len(problems) > 0 {
		return Draft{}, fmt.Errorf("the draft is not sound, please report this with the file: %w", problems.Err())
	}
	d := Draft{Text: text, Target: best.target.name, Doubts: w.doubts}
	for _, c := range best.target.columns {
		if w.fills[c.Name] {
			d.Mapped = append(d.Mapped, c.Name)
		}
	}
	return d, nil
}

// target is what a mapping may fill.
type target struct {
	name    string
	columns []schema.Column
	flat    bool
}

// targets lists what files of platforms mostly hold first; of equally good ones the first is taken.
func targets(model *schema.Model) []target {
	flat := target{model.Flat.Name, model.Flat.Columns, true}
	var all []target
	for _, t := range model.Tables {
		if t.Name != "dataset" && t.Name != "resource" && t.Name != "update_event" { // the flat target fills these
			all = append(all, target{t.Name, t.Columns, false})
		}
	}
	slices.SortStableFunc(all, func(a, b target) int { return rank(a.name) - rank(b.name) })
	return append([]target{flat}, all...)
}

// rest are the tables that the flat target fills, for those who name them.
func rest(model *schema.Model) []target {
	var all []target
	for _, name := range model.Flat.Tables {
		if t, ok := model.Table(name); ok {
			all = append(all, target{t.Name, t.Columns, false})
		}
	}
	return all
}

func rank(name string) int {
	if name == "usage_event" {
		return 0
	}
	return 1
}

// match is a column of the file that fills one of the target.
type match struct {
	column  int // of the file
	name    float64
	content float64
	other   int // column of the file that was nearly as good, -1 for none
}

// proposal says what fills a target.
type proposal struct {
	target  target
	matches map[string]match
	points  float64
}

// enough is how sure a match must be: a name that holds the word, or content that can hardly be anything else.
const enough = 0.6

// propose gives each column of the target the column of the file that fits best, the surest first.
func propose(t target, profiles []profile, model *schema.Model) proposal {
	type pair struct {
		target string
		match
	}
	var pairs []pair
	for _, c := range t.columns {
		for i, p := range profiles {
			if c.Required && 2*len(p.values) < p.rows {
				continue
			}
			m := match{column: i, name: likeness(c, p.name), other: -1}
			m.content = p.fits(c, model)
			if m.content > -1 && m.name+m.content >= enough {
				pairs = append(pairs, pair{c.Name, m})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		switch d := b.name + b.content - a.name - a.content; {
		case d > 0:
			return 1
		case d < 0:
			return -1
		}
		return 0
	})
	p := proposal{target: t, matches: map[string]match{}}
	taken := map[int]bool{}
	for _, one := range pairs {
		if m, filled := p.matches[one.target]; filled {
			if m.other < 0 && !taken[one.column] && m.name+m.content-one.name-one.content < 0.2 {
				m.other = one.column
				p.matches[one.target] = m
			}
			continue
		}
		if !taken[one.column] {
			taken[one.column] = true
			p.matches[one.target] = one.match
			p.points += one.name + one.content
		}
	}
	// A required column that nothing fills makes a target unlikely.
	for _, c := range t.columns {
		if _, ok := p.matches[c.Name]; c.Required && !ok {
			p.points -= missing(t, c.Name)
		}
	}
	return p
}

// complete tells that something fills every required column that cannot be made up.
func (p proposal) complete() bool {
	for _, c := range p.target.columns {
		if _, ok := p.matches[c.Name]; c.Required && !ok && missing(p.target, c.Name) >= 1 && c.Type != schema.Boolean {
			return false
		}
	}
	return true
}

// missing is what it costs a target that nothing fills a required column: identifiers can be made.
func missing(t target, column string) float64 {
	if strings.HasSuffix(column, "_id") && column == t.columns[0].Name {
		return 0.2
	}
	return 2
}
