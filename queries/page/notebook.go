package page

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/strictyaml"
)

// Notebook is a page of named SQL cells with parameters. Output is never in the file.
type Notebook struct {
	File string `yaml:"-" json:"-"`
	Body string `yaml:"-" json:"body"`

	ID          string    `yaml:"id" json:"id"`
	Title       lang.Text `yaml:"title" json:"title"`
	Description lang.Text `yaml:"description" json:"description"`
	Owner       string    `yaml:"owner" json:"owner,omitempty"`       // who answers for it
	Schedule    string    `yaml:"schedule" json:"schedule,omitempty"` // "close": run after each close; "": when asked
	Limits      Limits    `yaml:"limits" json:"limits"`
	Params      []Param   `yaml:"params" json:"params"`
	Cells       []Cell    `yaml:"-" json:"cells"`

	// Columns explains columns of results; those that bear the name of a published column need no entry.
	Columns map[string]ResultColumn `yaml:"columns" json:"columns,omitempty"`
}

// Limits bound each query of a notebook; 0 leaves it to the server.
type Limits struct {
	Seconds   int   `yaml:"seconds" json:"seconds,omitempty"`
	MemoryMiB int64 `yaml:"memory_mib" json:"memory_mib,omitempty"`
	Rows      int64 `yaml:"rows" json:"rows,omitempty"`
}

// ResultColumn is how a column of a result is called and printed.
type ResultColumn struct {
	lang.Text `yaml:",inline"`
	Unit      string `yaml:"unit" json:"unit,omitempty"`
	Decimals  *int   `yaml:"decimals" json:"decimals,omitempty"` // nil: as many as the values need

	Codes  string               `yaml:"codes" json:"codes,omitempty"`   // code list of the published schema
	Values map[string]lang.Text `yaml:"values" json:"values,omitempty"` // words for the texts in it
}

// Param is a value that the reader of a notebook chooses. It is bound by name.
type Param struct {
	Name       string    `yaml:"name" json:"name"`
	Type       string    `yaml:"type" json:"type"` // month, department, dataset, list, number, text
	Label      lang.Text `yaml:"label" json:"label"`
	Default    string    `yaml:"default" json:"default,omitempty"`
	Options    []string  `yaml:"options" json:"options,omitempty"`         // list only
	OptionsSQL string    `yaml:"options_sql" json:"options_sql,omitempty"` // list only: one column of options
	Min        *float64  `yaml:"min" json:"min,omitempty"`
	Max        *float64  `yaml:"max" json:"max,omitempty"`
}

// Cell is a fenced SQL block. Another cell may select from it by its name.
type Cell struct {
	Name   string   `json:"name"`
	Chart  string   `json:"chart,omitempty"` // "" for a table
	X      string   `json:"x,omitempty"`
	Y      string   `json:"y,omitempty"`
	Series string   `json:"series,omitempty"`
	Low    string   `json:"low,omitempty"`    // column with the lower end of an interval
	High   string   `json:"high,omitempty"`   // column with its upper end
	Target string   `json:"target,omitempty"` // column with a target
	Title  string   `json:"title,omitempty"`
	Unit   string   `json:"unit,omitempty"`
	SQL    Query    `json:"sql"`
	Uses   []string `json:"uses,omitempty"` // earlier cells that it names, in order
}

var (
	paramTypes = []string{"month", "department", "dataset", "list", "number", "text"}
	cellKeys   = []string{"name", "chart", "x", "y", "series", "low", "high", "target", "title", "unit"}
	// Each is drawn by a builder of the reports: what no report draws, no notebook draws.
	charts     = []string{"bar", "line", "panels", "heatmap", "flows", "funnel", "dots", "number", "table", "hidden"}
	identifier = regexp.MustCompile(`^[a-z][a-z0-9_]{0,47}$`)
	word       = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
)

// ParseNotebook reads a notebook page and reports all that is wrong with it at once.
func ParseNotebook(file string, content []byte) (*Notebook, problem.List) {
	d, problems := Read(file, content)
	if d == nil {
		return nil, problems
	}
	n := &Notebook{File: file, Body: d.Body}
	problems = append(problems, strictyaml.Decode(file, frontMatterLine, d.FrontMatter, n)...)
	at := newPositions(d)
	if !validID.MatchString(n.ID) {
		problems = append(problems, at.problem("id", fmt.Sprintf("id %q", n.ID), "use 3 to 48 small letters, digits and underscores, a letter first"))
	}
	if n.Title.Empty() {
		problems = append(problems, at.problem("title", "no title", "add title.zh and title.en"))
	}
	if n.Schedule != "" && n.Schedule != "close" {
		problems = append(problems, at.problem("schedule", fmt.Sprintf("schedule %q", n.Schedule), "write close, to run it after each close, or leave it out"))
	}
	if l := n.Limits; l.Seconds < 0 || l.MemoryMiB < 0 || l.Rows < 0 {
		problems = append(problems, at.problem("limits", "a limit below 0", "give seconds, memory_mib and rows as numbers above 0"))
	}
	for _, name := range slices.Sorted(maps.Keys(n.Columns)) {
		if c := n.Columns[name]; c.Zh == "" || c.En == "" {
			problems = append(problems, at.problem("columns", fmt.Sprintf("column %s is not named in both languages", name), "give zh and en"))
		}
		for _, value := range slices.Sorted(maps.Keys(n.Columns[name].Values)) {
			if text := n.Columns[name].Values[value]; text.Zh == "" || text.En == "" {
				problems = append(problems, at.problem("columns", fmt.Sprintf("column %s: the value %s has no words in both languages", name, value), "give zh and en"))
			}
		}
	}
	problems = append(problems, n.checkParams(at)...)
	for _, b := range d.Blocks {
		if b.Language == "sql" {
			problems = append(problems, n.takeCell(d.File, b)...)
		}
	}
	problems = append(problems, n.checkCells(d)...)
	problems.Sort()
	return n, problems
}

func (n *Notebook) checkParams(at positions) problem.List {
	var problems problem.List
	add := func(what, cure string) { problems = append(problems, at.problem("params", what, cure)) }
	seen := map[string]bool{}
	for _, p := range n.Params {
		switch {
		case !identifier.MatchString(p.Name):
			add(fmt.Sprintf("parameter name %q", p.Name), "use small letters, digits and underscores, a letter first")
		case seen[p.Name]:
			add(fmt.Sprintf("parameter %q stands twice", p.Name), "keep one")
		}
		seen[p.Name] = true
		if !slices.Contains(paramTypes, p.Type) {
			add(fmt.Sprintf("parameter %s: type %q", p.Name, p.Type), problem.DidYouMean(p.Type, paramTypes))
		}
		if hasOptions := len(p.Options) > 0 || p.OptionsSQL != ""; hasOptions != (p.Type == "list") {
			add(fmt.Sprintf("parameter %s: options and type %q", p.Name, p.Type), "a list has options or options_sql, other types have neither")
		}
		if (p.Min != nil || p.Max != nil) && p.Type != "number" {
			add(fmt.Sprintf("parameter %s: min or max for type %q", p.Name, p.Type), "limits belong to numbers")
		}
	}
	return problems
}

func (n *Notebook) takeCell(file string, b Block) problem.List {
	var problems problem.List
	add := func(what, cure string) {
		problems = append(problems, problem.Problem{File: file, Line: b.InfoLine, What: what, Cure: cure})
	}
	c := Cell{Name: b.Value("name"), Chart: b.Value("chart"), X: b.Value("x"), Y: b.Value("y"), Series: b.Value("series"),
		Low: b.Value("low"), High: b.Value("high"), Target: b.Value("target"),
		Title: b.Value("title"), Unit: b.Value("unit"), SQL: Query{Text: b.Text, Line: b.Line}}
	for _, p := range b.Pairs {
		if !slices.Contains(cellKeys, p.Key) {
			add(fmt.Sprintf("unknown key %q", p.Key), problem.DidYouMean(p.Key, cellKeys))
		}
	}
	for _, w := range b.Words {
		add(fmt.Sprintf("word %q after sql", w), "write key=value")
	}
	switch {
	case c.Name == "":
		c.Name = fmt.Sprintf("cell_%d", len(n.Cells)+1)
	case !identifier.MatchString(c.Name):
		add(fmt.Sprintf("cell name %q", c.Name), "use small letters, digits and underscores, a letter first")
	}
	if slices.ContainsFunc(n.Cells, func(o Cell) bool { return o.Name == c.Name }) {
		add(fmt.Sprintf("a second cell named %q", c.Name), "give each cell its own name")
	}
	if c.Chart != "" && !slices.Contains(charts, c.Chart) {
		add(fmt.Sprintf("chart %q", c.Chart), problem.DidYouMean(c.Chart, charts))
	}
	words := word.FindAllString(Bare(c.SQL.Text), -1)
	for _, earlier := range n.Cells {
		if slices.Contains(words, earlier.Name) {
			c.Uses = append(c.Uses, earlier.Name)
		}
	}
	n.Cells = append(n.Cells, c)
	return problems
}

func (n *Notebook) checkCells(d *Document) problem.List {
	if len(n.Cells) == 0 {
		return problem.List{{File: d.File, Line: d.BodyLine, What: "no sql cell", Cure: "add ```sql name=…"}}
	}
	var problems problem.List
	var known []string
	for _, p := range n.Params {
		known = append(known, p.Name)
	}
	for _, c := range n.Cells {
		bare := Bare(c.SQL.Text)
		for _, at := range sqlName.FindAllStringIndex(bare, -1) {
			name := bare[at[0]+1 : at[1]]
			if !slices.Contains(known, name) {
				problems = append(problems, problem.Problem{File: d.File, Line: c.SQL.Line + strings.Count(bare[:at[0]], "\n"),
					What: fmt.Sprintf("cell %s: unknown parameter $%s", c.Name, name), Cure: problem.DidYouMean(name, known)})
			}
		}
	}
	return problems
}
