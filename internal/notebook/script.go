package notebook

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/internal/runner"
	"weir/queries/schema"
)

// Script is a run as an SQL script that DuckDB runs unchanged in the directory of the lake: the tables and functions
// that the cells use, each cell as it ran, and its values. It needs nothing of Weir.
func (h *Host) Script(ctx context.Context, r *Run, lakeDirectory string, l lang.Lang) (string, error) {
	used, err := h.used(ctx, r)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	comment := func(text string) { b.WriteString("-- " + strings.ReplaceAll(text, "\n", " ") + "\n") }
	comment(r.Notebook.Title.Zh + " " + r.Notebook.Title.En)
	comment(l.Pick("月结 ", "close ") + r.Close.Name() + l.Pick("，运行印记 ", ", stamp of the run ") + r.Stamp)
	comment(l.Pick("在数据湖目录中运行：duckdb < 本文件", "run it in the directory of the lake: duckdb < this file"))
	b.WriteString("SET TimeZone = " + schema.Literal(h.Source.TimeZone) + ";\n")
	for _, v := range used.views {
		sql, err := relativeFiles(v.SQL, h.Source.Files, lakeDirectory)
		if err != nil {
			return "", err
		}
		b.WriteString("\nCREATE TEMP VIEW " + schema.Quote(v.Name) + " AS " + sql + ";\n")
	}
	for _, f := range used.functions {
		b.WriteString("\n" + strings.Replace(f.SQL, "CREATE MACRO", "CREATE TEMP MACRO", 1) + ";\n")
	}
	for i, c := range r.Cells {
		if c.Chart == "hidden" {
			continue // it stands in the cells that use it
		}
		b.WriteString("\n")
		comment(Title(&r.Cells[i], l))
		b.WriteString(statement(c, used.parameters[c.Name], Bound(r.Values)))
	}
	return b.String(), nil
}

// statement is a cell with its values: a plain query where it has none, else prepared and executed, so that the text of
// the query stays as it is.
func statement(c Cell, parameters []string, bound map[string]any) string {
	text := strings.TrimRight(c.Query, "\n \t;")
	if len(parameters) == 0 {
		return text + "\n;\n"
	}
	values := make([]string, len(parameters))
	for i, name := range parameters {
		values[i] = name + " := " + sqlLiteral(bound[name])
	}
	name := schema.Quote("cell_" + c.Name)
	return fmt.Sprintf("PREPARE %s AS\n%s\n;\nEXECUTE %s(%s);\nDEALLOCATE %s;\n", name, text, name, strings.Join(values, ", "), name)
}

// sqlLiteral writes a bound value as SQL.
func sqlLiteral(bound any) string {
	switch v := bound.(type) {
	case nil:
		return "NULL"
	case string:
		return schema.Literal(v)
	case runner.Date:
		return "DATE " + schema.Literal(time.Time(v).Format(time.DateOnly))
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64) + "::DOUBLE"
	case int64:
		return strconv.FormatInt(v, 10) + "::BIGINT"
	case []string:
		quoted := make([]string, len(v))
		for i, s := range v {
			quoted[i] = schema.Literal(s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	return fmt.Sprint(bound)
}

// uses is what the cells of a run read: views and functions in the order in which they may be made, and the values that
// each cell names.
type uses struct {
	views      []runner.View
	functions  []runner.Function
	parameters map[string][]string
}

func (h *Host) used(ctx context.Context, r *Run) (*uses, error) {
	texts := make([]string, len(r.Cells))
	for i, c := range r.Cells {
		texts[i] = c.Query
	}
	found, err := h.Runner.Inspect(ctx, texts, h.names(Bound(r.Values)))
	if err != nil {
		return nil, err
	}
	u := &uses{parameters: map[string][]string{}}
	tables, functions := map[string]bool{}, map[string]bool{}
	for i, f := range found {
		if f.Refusal != nil {
			return nil, fmt.Errorf("cell %s: %w", r.Cells[i].Name, f.Refusal)
		}
		u.parameters[r.Cells[i].Name] = f.Statement.Parameters
		for _, t := range f.Statement.Tables {
			tables[t.Name] = true
		}
		for _, name := range f.Statement.Functions {
			functions[name] = true
		}
	}
	for _, f := range h.Source.Functions {
		if functions[strings.ToLower(f.Name)] {
			u.functions = append(u.functions, f)
			for _, t := range f.Reads {
				tables[t] = true
			}
		}
	}
	for _, v := range h.Source.Views {
		if tables[v.Name] {
			u.views = append(u.views, v)
		}
	}
	return u, nil
}

var fileLiteral = regexp.MustCompile(`'(?:[^']|'')*\.parquet'`)

// relativeFiles writes the paths of files relative to a directory, so that a script can move with the lake.
func relativeFiles(sql string, files []string, directory string) (string, error) {
	directory, err := filepath.Abs(directory)
	if err != nil {
		return "", err
	}
	return fileLiteral.ReplaceAllStringFunc(sql, func(literal string) string {
		path := strings.ReplaceAll(literal[1:len(literal)-1], "''", "'")
		relative, err := filepath.Rel(directory, path)
		if err != nil || !slices.Contains(files, path) {
			return literal
		}
		return schema.Literal(filepath.ToSlash(relative))
	}), nil
}
