package page

import (
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/strictyaml"
)

// Indicator is the page of one indicator: what it means, whom it holds to what, and the SQL that computes it.
// Its JSON form is the codebook entry.
type Indicator struct {
	File string `yaml:"-" json:"-"`
	Body string `yaml:"-" json:"body"` // Markdown after the front matter

	ID            string    `yaml:"id" json:"id"`
	Version       int       `yaml:"version" json:"version"` // 1, 2, … : a changed definition is a new version
	Status        Status    `yaml:"status" json:"status"`
	EffectiveFrom Date      `yaml:"effective_from" json:"effective_from"` // first day judged by this version
	Name          lang.Text `yaml:"name" json:"name"`
	Question      lang.Text `yaml:"question" json:"question"`     // the question that the figure answers
	Definition    lang.Text `yaml:"definition" json:"definition"` // in words, complete
	Finding       lang.Text `yaml:"finding" json:"finding"`       // sentence for a report, with {placeholders}
	Limits        lang.Text `yaml:"limits" json:"limits"`         // what it does not measure
	Formula       string    `yaml:"formula" json:"formula"`
	FormulaZh     string    `yaml:"formula_zh" json:"formula_zh,omitempty"` // the formula for Chinese readers where it holds words; "" where it is of signs
	Dimension     string    `yaml:"dimension" json:"dimension"`
	Seeds         []string  `yaml:"seeds" json:"seeds"` // seed statements S01 to S30 that it answers

	Unit      string    `yaml:"unit" json:"unit"`
	Decimals  int       `yaml:"decimals" json:"decimals"`
	Direction Direction `yaml:"direction" json:"direction"`
	Kind      Kind      `yaml:"kind" json:"kind"`
	Grain     Grain     `yaml:"grain" json:"grain"`
	Total     Total     `yaml:"total" json:"total"`
	Roles     []Role    `yaml:"roles" json:"roles"`
	Window    string    `yaml:"window" json:"window"`
	Sources   []string  `yaml:"sources" json:"sources"` // tables or table.column without which nobody is measured
	Absent    Absent    `yaml:"absent" json:"absent"`
	Method    Method    `yaml:"method" json:"method,omitempty"` // "" where the query gives the figure itself

	Target   *Target  `yaml:"target" json:"target,omitempty"`
	Scoring  *Scoring `yaml:"scoring" json:"scoring,omitempty"`
	Basis    []Basis  `yaml:"basis" json:"basis"`
	MinimumN int      `yaml:"minimum_n" json:"minimum_n"` // below it a value is shown, not graded; 0: no minimum

	SQL      Query     `yaml:"-" json:"sql"`
	Evidence Query     `yaml:"-" json:"evidence"`
	Check    Query     `yaml:"-" json:"check"`
	Cases    Query     `yaml:"-" json:"cases,omitzero"` // the single cases, from which an interval is computed; may be absent
	Examples []Example `yaml:"-" json:"-"`
}

// FormulaText is the formula as readers of each language have it.
func (p *Indicator) FormulaText() lang.Text {
	if p.FormulaZh == "" {
		return lang.T(p.Formula, p.Formula)
	}
	return lang.T(p.FormulaZh, p.Formula)
}

// Query is SQL of a page and the line of the file at which it begins.
type Query struct {
	Text string `json:"text"`
	Line int    `json:"line"`
}

// Target is what a department is held against. Default is in the unit of the indicator. A frozen target is taken
// from last year's values of the class and holds for the whole year; Default serves until there is such a year.
type Target struct {
	Default  float64            `yaml:"default" json:"default"`
	Lower    float64            `yaml:"lower" json:"lower,omitempty"` // of a band
	Upper    float64            `yaml:"upper" json:"upper,omitempty"`
	ByKind   map[string]float64 `yaml:"by_kind" json:"by_kind,omitempty"`
	ByClass  map[string]float64 `yaml:"by_class" json:"by_class,omitempty"`
	Frozen   Frozen             `yaml:"frozen" json:"frozen,omitempty"`
	FrozenOf string             `yaml:"frozen_of" json:"frozen_of,omitempty"` // kind, class or all
	Mark     Mark               `yaml:"mark" json:"mark"`
}

// Scoring places the indicator in the 10/50/30/10 scheme.
type Scoring struct {
	Group   string  `yaml:"group" json:"group"`
	Weight  float64 `yaml:"weight" json:"weight"`
	Scale   string  `yaml:"scale" json:"scale,omitempty"`     // linear (default) or log10_1p
	Ceiling float64 `yaml:"ceiling" json:"ceiling,omitempty"` // lower is better: value at which no points are left
}

// Basis is what the indicator rests on.
type Basis struct {
	Source  lang.Text `yaml:"source" json:"source"`   // law, standard, notice or literature
	Article string    `yaml:"article" json:"article"` // such as 21¶1
	Says    lang.Text `yaml:"says" json:"says"`       // what it asks for
	Mark    Mark      `yaml:"mark" json:"mark"`
}

// ParseIndicator reads an indicator page and reports all that is wrong with it at once. The page is nil when its
// front matter cannot be read at all.
func ParseIndicator(file string, content []byte) (*Indicator, problem.List) {
	d, problems := Read(file, content)
	if d == nil {
		return nil, problems
	}
	p := &Indicator{File: file, Body: d.Body}
	found := strictyaml.Decode(file, frontMatterLine, d.FrontMatter, p)
	problems = append(problems, found...)
	p.defaults()
	problems = append(problems, p.takeBlocks(d)...)
	problems = append(problems, p.validate(d)...)
	problems.Sort()
	return p, problems
}

// defaults fills keys that may be left out.
func (p *Indicator) defaults() {
	if p.Status == "" {
		p.Status = Active
	}
	if p.Grain == "" {
		p.Grain = ByDepartment
	}
	if p.Total == "" {
		p.Total = TotalSum
	}
	if p.Absent == "" {
		p.Absent = AbsentNotApplicable
	}
}

// takeBlocks finds the SQL and the worked examples.
func (p *Indicator) takeBlocks(d *Document) problem.List {
	var problems problem.List
	examples := exampleReader{file: d.File}
	for _, b := range d.Blocks {
		switch b.Language {
		case "sql":
			problems = append(problems, p.takeSQL(d.File, b)...)
		case "csv":
			examples.take(b)
		}
	}
	p.Examples = examples.finish()
	return append(problems, examples.problems...)
}

func (p *Indicator) takeSQL(file string, b Block) problem.List {
	target, name := &p.SQL, "sql"
	switch {
	case b.Has("evidence"):
		target, name = &p.Evidence, "sql evidence"
	case b.Has("check"):
		target, name = &p.Check, "sql check"
	case b.Has("cases"):
		target, name = &p.Cases, "sql cases"
	case len(b.Words) > 0:
		return problem.List{{File: file, Line: b.InfoLine, What: "unknown word \"" + b.Words[0] + "\" after sql", Cure: problem.DidYouMean(b.Words[0], []string{"evidence", "check", "cases"})}}
	}
	if target.Text != "" {
		return problem.List{{File: file, Line: b.InfoLine, What: "a second block " + name, Cure: "keep one"}}
	}
	*target = Query{Text: b.Text, Line: b.Line}
	if name == "sql cases" {
		// The other three are checked with the body, since they must be there.
		return checkSQL(file, name, *target, false)
	}
	return nil
}
