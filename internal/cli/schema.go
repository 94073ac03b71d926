package cli

import (
	"io"

	"weir/internal/problem"
	"weir/queries/views"
)

type schemaCommand struct {
	Table string `arg:"" optional:"" placeholder:"TABLE" help:"${schema_table}"`
}

// Run lists the published tables and their columns; as Markdown it writes the whole reference in both languages.
func (c schemaCommand) Run(e *env) error {
	if _, known := views.Find(c.Table); c.Table != "" && !known {
		return usageError{"no table " + c.Table + "; " + problem.DidYouMean(c.Table, views.Names())}
	}
	if _, err := e.workspace(); err != nil && e.lang == "" {
		e.lang = "zh" // the schema is the same everywhere: no workspace is needed
	}
	if e.format == "markdown" {
		_, err := io.WriteString(e.stdout, views.Markdown(c.Table))
		return err
	}
	t := &table{columns: []string{"table", "column", "type", "unit", "codes", "refers_to", "meaning"}}
	for _, v := range views.All() {
		if c.Table != "" && v.Name != c.Table {
			continue
		}
		t.add(v.Name, "", "", "", "", "", v.In(e.lang))
		for _, column := range v.Columns {
			t.add(v.Name, column.Name, column.Type, column.Unit, column.Codes, column.Ref, column.In(e.lang))
		}
	}
	if c.Table == "" {
		for _, f := range views.Functions("Asia/Shanghai") {
			t.add("", f.Call, "", "", "", "", f.In(e.lang))
		}
	}
	return e.print(t)
}
