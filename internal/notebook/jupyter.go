package notebook

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"path/filepath"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/internal/runner"
)

// The form of Jupyter notebooks, nbformat 4.5 (https://nbformat.readthedocs.io/en/latest/format_description.html).
type jupyter struct {
	Cells    []any          `json:"cells"`
	Metadata map[string]any `json:"metadata"`
	Format   int            `json:"nbformat"`
	Minor    int            `json:"nbformat_minor"`
}

type jupyterText struct {
	ID       string         `json:"id"`
	Type     string         `json:"cell_type"`
	Metadata map[string]any `json:"metadata"`
	Source   string         `json:"source"`
}

type jupyterCode struct {
	jupyterText
	Outputs []jupyterOutput `json:"outputs"`
	Count   *int            `json:"execution_count"`
}

type jupyterOutput struct {
	Type     string         `json:"output_type"`
	Count    *int           `json:"execution_count"`
	Metadata map[string]any `json:"metadata"`
	Data     map[string]any `json:"data"`
}

// Jupyter is a run as a Jupyter notebook for Python with the package duckdb: its prose, the published tables as views
// over the lake, each cell with its values bound, and the answers as they were.
func (h *Host) Jupyter(ctx context.Context, r *Run, lakeDirectory string, l lang.Lang) ([]byte, error) {
	used, err := h.used(ctx, r)
	if err != nil {
		return nil, err
	}
	setup, err := h.jupyterSetup(r, used, lakeDirectory)
	if err != nil {
		return nil, err
	}
	doc := jupyter{Format: 4, Minor: 5, Metadata: map[string]any{
		"kernelspec":    map[string]any{"name": "python3", "display_name": "Python 3", "language": "python"},
		"language_info": map[string]any{"name": "python"},
		"weir":          map[string]any{"notebook": r.Notebook.ID, "close": r.Close.Name(), "stamp": r.Stamp},
	}}
	id := 0
	text := func(source string) {
		id++
		doc.Cells = append(doc.Cells, jupyterText{fmt.Sprintf("text-%d", id), "markdown", map[string]any{}, source})
	}
	code := func(name, source string, outputs ...jupyterOutput) {
		doc.Cells = append(doc.Cells, jupyterCode{jupyterText{name, "code", map[string]any{}, source}, append([]jupyterOutput{}, outputs...), nil})
	}
	text("# " + r.Notebook.Title.In(l) + "\n\n" + l.Pick("月结 ", "Close ") + r.Close.Name() + l.Pick("；运行印记 ", "; stamp of the run ") + r.Stamp)
	code("setup", setup)
	for _, p := range pieces(r.Notebook.Body, l) {
		switch {
		case p.heading > 0:
			text(strings.Repeat("#", p.heading) + " " + p.title)
		case p.block != nil:
			text(markdownOf(p.block))
		case p.cell >= 0 && p.cell < len(r.Cells) && r.Cells[p.cell].Chart != "hidden":
			c := &r.Cells[p.cell]
			code("cell-"+strings.ReplaceAll(c.Name, "_", "-"), jupyterCell(c, used.parameters[c.Name]), jupyterAnswer(c))
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	err = encoder.Encode(doc)
	return out.Bytes(), err
}

// jupyterSetup opens the engine, makes views and functions, and sets the values.
func (h *Host) jupyterSetup(r *Run, used *uses, lakeDirectory string) (string, error) {
	lakeDirectory, err := filepath.Abs(lakeDirectory)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# pip install duckdb pandas\nimport datetime, os\nimport duckdb\n\n")
	fmt.Fprintf(&b, "os.chdir(%s)  # the lake\ncon = duckdb.connect()\ncon.execute(%s)\n", pythonText(lakeDirectory), pythonText("SET TimeZone = '"+h.Source.TimeZone+"'"))
	for _, v := range used.views {
		sql, err := relativeFiles(v.SQL, h.Source.Files, lakeDirectory)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "con.execute(%s)\n", pythonText(`CREATE VIEW "`+v.Name+`" AS `+sql))
	}
	for _, f := range used.functions {
		fmt.Fprintf(&b, "con.execute(%s)\n", pythonText(f.SQL))
	}
	b.WriteString("\nvalues = {\n")
	for _, v := range r.Values {
		fmt.Fprintf(&b, "    %s: %s,\n", pythonText(v.Param.Name), pythonValue(v.Bound))
	}
	b.WriteString("}\n\n\ndef ask(query, *names):\n    return con.execute(query, {name: values[name] for name in names}).df()\n")
	return b.String(), nil
}

func jupyterCell(c *Cell, parameters []string) string {
	names := ""
	for _, p := range parameters {
		names += ", " + pythonText(p)
	}
	return c.Name + " = ask(" + pythonText(strings.TrimRight(c.Query, "\n \t")) + names + ")\n" + c.Name
}

// jupyterRows is how many rows of an answer the file shows.
const jupyterRows = 50

// jupyterAnswer shows an answer as Jupyter shows a table.
func jupyterAnswer(c *Cell) jupyterOutput {
	var page, plain strings.Builder
	page.WriteString("<table>\n<thead><tr>")
	for i, column := range c.Result.Columns {
		page.WriteString("<th>" + html.EscapeString(column.Name) + "</th>")
		if i > 0 {
			plain.WriteByte('\t')
		}
		plain.WriteString(column.Name)
	}
	page.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range c.Result.Rows[:min(len(c.Result.Rows), jupyterRows)] {
		page.WriteString("<tr>")
		plain.WriteByte('\n')
		for i, v := range row {
			text := runner.FormatCell(v, c.Result.Columns[i].Type)
			page.WriteString("<td>" + html.EscapeString(text) + "</td>")
			if i > 0 {
				plain.WriteByte('\t')
			}
			plain.WriteString(text)
		}
		page.WriteString("</tr>\n")
	}
	page.WriteString("</tbody>\n</table>\n")
	if more := len(c.Result.Rows) - jupyterRows; more > 0 {
		fmt.Fprintf(&page, "<p>+ %d</p>\n", more)
	}
	return jupyterOutput{Type: "execute_result", Metadata: map[string]any{}, Data: map[string]any{"text/html": page.String(), "text/plain": plain.String()}}
}

// pythonText writes a text as a Python literal: between three quotes where nothing in it would end or escape there,
// else with the escapes of JSON, which are also Python's.
func pythonText(s string) string {
	if strings.ContainsAny(s, "\n\"") && !strings.Contains(s, `"""`) && !strings.Contains(s, `\`) && !strings.HasSuffix(s, `"`) {
		return `"""` + s + `"""`
	}
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return "''" // a Go string always has a JSON form
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func pythonValue(bound any) string {
	switch v := bound.(type) {
	case nil:
		return "None"
	case string:
		return pythonText(v)
	case runner.Date:
		day := time.Time(v)
		return fmt.Sprintf("datetime.date(%d, %d, %d)", day.Year(), day.Month(), day.Day())
	case []string:
		parts := make([]string, len(v))
		for i, s := range v {
			parts[i] = pythonText(s)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(bound)
}
