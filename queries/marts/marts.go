// Package marts holds the SQL that condenses the events of one month to what indicators need: use by day, cases
// with working-day clocks, update slots, spending by month. Indicators read marts and reference tables only, so
// that closing month 25 costs what month 1 cost.
//
// A mart is one file: a header that says what it reads and what each column means, and one SELECT. This package
// describes; internal/evaluate builds. No indicator is computed here.
package marts

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/strictyaml"
	"weir/queries/schema"
)

//go:embed *.sql
var files embed.FS

// Mart is one table that is built month by month; its first column is the month.
type Mart struct {
	File string `yaml:"-"`
	SQL  string `yaml:"-"` // one SELECT that gives Columns without the month, in order
	Line int    `yaml:"-"` // line of the file at which SQL begins

	Name    string    `yaml:"name"`
	Label   lang.Text `yaml:"label"`
	Columns []Column  `yaml:"columns"`
	// Events names the event tables it reads and the months of rows, relative to its own: [-6, 0] is the six
	// months before and its own.
	Events map[string][2]int `yaml:"events"`
	// References names the tables it reads whole.
	References []string `yaml:"references"`
	// Marts names the marts that it reads for its own month and, by [-12, 0], for months before.
	Marts map[string][2]int `yaml:"marts"`
	// History is the number of months before the evaluated one that pages read, or AllMonths.
	History int `yaml:"history"`
	// Chain marks a state that is carried from month to month: $chain_month is the month of the state to go on
	// from (0001-01-01 where there is none), $chain_start and $chain_from_month say from where on to read.
	Chain bool `yaml:"chain"`
}

// AllMonths as History means every month since the first event.
const AllMonths = -1

// Column is a column of a mart.
type Column struct {
	Name      string `yaml:"name"`
	Type      string `yaml:"type"` // SQL type
	lang.Text `yaml:",inline"`
	Unit      string `yaml:"unit"`
	Codes     string `yaml:"codes"` // code list that its values come from
	Ref       string `yaml:"ref"`   // department, where the column names one; it follows the successor after a merger
}

// All lists the marts so that each stands after those it reads.
var All = sync.OnceValue(func() []*Mart {
	list, problems := Load(files)
	if err := problems.Err(); err != nil {
		// The files are embedded and tested: a failure here is a broken build.
		panic(err)
	}
	return list
})

// Find is the mart of a name.
func Find(name string) (*Mart, bool) {
	i := slices.IndexFunc(All(), func(m *Mart) bool { return m.Name == name })
	if i < 0 {
		return nil, false
	}
	return All()[i], true
}

// Load reads every mart of a folder.
func Load(folder fs.FS) ([]*Mart, problem.List) {
	var list []*Mart
	var problems problem.List
	names, err := fs.Glob(folder, "*.sql")
	if err != nil {
		return nil, problem.List{{File: ".", What: err.Error()}}
	}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			problems = append(problems, problem.Problem{File: name, What: err.Error()})
			continue
		}
		m, found := parse(name, string(text))
		problems = append(problems, found...)
		list = append(list, m)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return sortMarts(list)
}

// parse reads the header, a block comment of YAML, and the SQL after it.
func parse(file, text string) (*Mart, problem.List) {
	m := &Mart{File: file}
	header, sql, ok := strings.Cut(text, "*/\n")
	header, opened := strings.CutPrefix(header, "/*\n")
	if !ok || !opened {
		return m, problem.List{{File: file, Line: 1, What: "no header", Cure: "begin the file with /*, the YAML keys and */, each on its own lines"}}
	}
	m.SQL = sql
	m.Line = strings.Count(header, "\n") + 3
	problems := strictyaml.Decode(file, 2, []byte(header), m)
	add := func(what, cure string) {
		problems = append(problems, problem.Problem{File: file, Line: 2, What: what, Cure: cure})
	}
	if want := strings.TrimSuffix(path.Base(file), ".sql"); m.Name != want {
		add(fmt.Sprintf("name %q in a file named %s", m.Name, file), "write name: "+want)
	}
	if m.Label.Zh == "" || m.Label.En == "" {
		add("label is not complete", "give label.zh and label.en")
	}
	if len(m.Columns) == 0 {
		add("no columns", "list what the SELECT gives, in order, without the month")
	}
	for _, c := range m.Columns {
		if c.Name == "" || c.Type == "" || c.Zh == "" || c.En == "" {
			add(fmt.Sprintf("column %q is not complete", c.Name), "give name, type, zh and en")
		}
		if c.Ref != "" && c.Ref != "department" {
			add(fmt.Sprintf("column %q refers to %q", c.Name, c.Ref), "write ref: department, or leave it out")
		}
	}
	model := schema.Default()
	for _, t := range slices.Concat(keys(m.Events), m.References) {
		if _, ok := model.Table(t); !ok && !strings.HasPrefix(t, "rule_") && t != "working_day" {
			add(fmt.Sprintf("reads %q, which is no table", t), problem.DidYouMean(t, model.TableNames()))
		}
	}
	return m, problems
}

// sortMarts puts each mart after those that it reads.
func sortMarts(list []*Mart) ([]*Mart, problem.List) {
	var sorted []*Mart
	var problems problem.List
	state := map[string]int{} // 1 being visited, 2 done
	byName := map[string]*Mart{}
	for _, m := range list {
		byName[m.Name] = m
	}
	var visit func(m *Mart)
	visit = func(m *Mart) {
		if state[m.Name] != 0 {
			if state[m.Name] == 1 {
				problems = append(problems, problem.Problem{File: m.File, Line: 2, What: "it reads itself by way of other marts", Cure: "break the circle"})
			}
			return
		}
		state[m.Name] = 1
		for _, name := range keys(m.Marts) {
			other, ok := byName[name]
			if !ok {
				problems = append(problems, problem.Problem{File: m.File, Line: 2, What: fmt.Sprintf("reads %q, which is no mart", name), Cure: problem.DidYouMean(name, keys(byName))})
				continue
			}
			visit(other)
		}
		state[m.Name] = 2
		sorted = append(sorted, m)
	}
	for _, m := range list {
		visit(m)
	}
	return sorted, problems
}

func keys[V any](m map[string]V) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// CreateSQL is the DDL of the mart under its own name, or under another.
func (m *Mart) CreateSQL(name string, temporary bool) string {
	lines := []string{"  month DATE"}
	for _, c := range m.Columns {
		lines = append(lines, fmt.Sprintf("  %s %s", schema.Quote(c.Name), c.Type))
	}
	kind := "TABLE"
	if temporary {
		kind = "TEMP TABLE"
	}
	return fmt.Sprintf("CREATE %s %s (\n%s\n)", kind, name, strings.Join(lines, ",\n"))
}

// CommentSQL gives the statements that set the bilingual comments.
func (m *Mart) CommentSQL() []string {
	month := Column{Name: "month", Type: "DATE", Text: lang.T("月份首日", "first day of the month")}
	return Comments(m.Name, m.Label, append([]Column{month}, m.Columns...))
}

// Comments gives the statements that set the bilingual comments of a table.
func Comments(table string, label lang.Text, columns []Column) []string {
	comments := []string{fmt.Sprintf("COMMENT ON TABLE %s IS %s", table, schema.Literal(label.Zh+" | "+label.En))}
	for _, c := range columns {
		text := c.Zh + " | " + c.En
		if c.Unit != "" {
			text += " [" + c.Unit + "]"
		}
		if c.Type == "TIMESTAMP" {
			text += " (UTC)"
		}
		comments = append(comments, fmt.Sprintf("COMMENT ON COLUMN %s.%s IS %s", table, schema.Quote(c.Name), schema.Literal(text)))
	}
	return comments
}

// InsertSQL builds one month into a table.
func (m *Mart) InsertSQL(into string) string {
	return fmt.Sprintf("INSERT INTO %s SELECT CAST($month AS DATE), built.* FROM (\n%s) AS built", into, strings.TrimRight(m.SQL, "\n \t"))
}
