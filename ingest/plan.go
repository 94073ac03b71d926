package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"weir/ingest/mapping"
	"weir/ingest/source"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/queries/schema"
)

// plan says what a file fills and how.
type plan struct {
	input   input
	mapping *mapping.Mapping // nil: one of Weir's own tables
	table   *schema.Table    // nil: the flat target
	flat    *schema.Flat     // nil: a single table
	columns []schema.Column  // of the target
	found   lang.Text        // what the file was taken for by its content, and why; empty where its name or the command said it
}

// target is the name of what the file fills.
func (p *plan) target() string {
	if p.flat != nil {
		return p.flat.Name
	}
	return p.table.Name
}

// key is the natural key of the target.
func (p *plan) key() []string {
	if p.flat != nil {
		return []string{p.flat.Columns[0].Name}
	}
	return p.table.Key
}

// plan decides by command and file name what the file fills.
func (l *loader) plan(path string) (*plan, error) {
	if err := source.Check(path); err != nil {
		return nil, err
	}
	p := &plan{input: input{path: path, spool: l.settings.Temp}}
	model := l.store.Model()
	switch {
	case l.options.Table != "" && l.options.Mapping != "":
		return nil, problem.Of(path, lang.T("同时给出了表与映射", "both a table and a mapping are named"), lang.T("只给一个：映射自带目标表", "name one: a mapping has its own target"))
	case l.options.Table != "":
		t, ok := model.Table(l.options.Table)
		if !ok {
			return nil, problem.Of(path, lang.T(fmt.Sprintf("没有表 %q", l.options.Table), fmt.Sprintf("there is no table %q", l.options.Table)), problem.Meant(l.options.Table, model.TableNames()))
		}
		p.table = t
	case l.options.Mapping != "":
		m, err := l.mapping(l.options.Mapping)
		if err != nil {
			return nil, err
		}
		p.mapping = m
	default:
		p.table = tableOf(path, model)
		if p.table == nil {
			p.mapping = l.mappingOf(path)
		}
		if p.table == nil && p.mapping == nil {
			if err := l.recognise(p); err != nil {
				return nil, err
			}
		}
		if p.table == nil && p.mapping == nil {
			return nil, problem.Of(path, lang.T("无法判断文件属于哪个表", "nothing says which table the file holds"),
				lang.T("给出 --table 或 --mapping，或让文件名以表名开头，如 usage_event_2026-10.csv", "pass --table or --mapping, or begin the file's name with the table's, such as usage_event_2026-10.csv"))
		}
	}
	if p.mapping != nil {
		p.input.read = p.mapping.Read
	}
	if l.options.Sheet != "" {
		p.input.read.Sheet = l.options.Sheet
	}
	if p.mapping != nil {
		if p.mapping.Target == model.Flat.Name {
			p.flat, p.columns = &model.Flat, model.Flat.Columns
			return p, nil
		}
		p.table, _ = model.Table(p.mapping.Target)
	}
	p.columns, p.input.table = p.table.Columns, p.table.Name
	p.input.strict = p.mapping == nil
	return p, nil
}

// tableOf finds the table whose name the file's name begins with, the longest one that fits.
func tableOf(path string, model *schema.Model) *schema.Table {
	name, _ := source.BaseName(path)
	var best *schema.Table
	for i := range model.Tables {
		t := &model.Tables[i]
		rest, ok := strings.CutPrefix(name, t.Name)
		if ok && (rest == "" || !isLetter(rest[0])) && (best == nil || len(t.Name) > len(best.Name)) {
			best = t
		}
	}
	return best
}

// isLetter holds for what may go on with a word: usage_event_2 is usage_event, usage_events is not.
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 0x80 }

func (l *loader) mappingOf(path string) *mapping.Mapping {
	i := slices.IndexFunc(l.mappings, func(m *mapping.Mapping) bool { return m.Matches(path) })
	if i < 0 {
		return nil
	}
	return l.mappings[i]
}

// mapping finds a mapping by name, else reads the file of that path.
func (l *loader) mapping(name string) (*mapping.Mapping, error) {
	for _, m := range l.mappings {
		if m.ID == name {
			return m, nil
		}
	}
	if ext := filepath.Ext(name); ext != ".yaml" && ext != ".yml" {
		ids := make([]string, len(l.mappings))
		for i, m := range l.mappings {
			ids[i] = m.ID
		}
		return nil, problem.Of(name, lang.T(fmt.Sprintf("没有映射 %q", name), fmt.Sprintf("there is no mapping %q", name)), problem.Meant(name, ids))
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, problem.Of(name, lang.T("无法读取映射文件："+err.Error(), "the mapping file cannot be read: "+err.Error()), lang.T("检查路径", "check the path"))
	}
	m, problems := mapping.Parse(name, text, l.store.Model())
	return m, problems.Err()
}
