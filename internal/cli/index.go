package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"weir/internal/lang"
	"weir/internal/problem"
	"weir/metrics/scoring/composite"
)

type indexCommand struct {
	Table  string `arg:"" placeholder:"TABLE.csv" help:"${index_table}"`
	Method string `arg:"" placeholder:"METHOD.yaml" help:"${index_method}"`
	Stage  string `placeholder:"ID" help:"${index_stage}"`
}

func indexTexts() map[string]lang.Text {
	return map[string]lang.Text{
		"index":        lang.T("按方法文件从任意表格重建综合指数，逐步列出", "rebuild a composite index of any table by a method file, every stage as a table"),
		"index_table":  lang.T("单位×指标的表格（CSV，首行为列名）", "table of units × indicators (CSV with a head)"),
		"index_method": lang.T("方法文件", "method file"),
		"index_stage":  lang.T("只列一个步骤，如 normalised、weights、ranking", "one stage only, such as normalised, weights, ranking"),
	}
}

// Run computes the index and prints its stages in order.
func (c indexCommand) Run(e *env) error {
	t, err := readTable(e, c.Table)
	if err != nil {
		return err
	}
	f, err := os.Open(c.Method)
	if err != nil {
		return err
	}
	defer f.Close()
	m, err := composite.LoadMethodology(f, c.Method)
	if err != nil {
		return err
	}
	r, err := composite.Run(t, m)
	if err != nil {
		return fmt.Errorf("%s, %s: %w", c.Table, c.Method, err)
	}
	var list []section
	var ids []string
	for _, s := range r.Stages {
		ids = append(ids, s.ID)
		if c.Stage == "" || c.Stage == s.ID {
			list = append(list, e.stage(s))
		}
	}
	if len(list) == 0 {
		return usageError{fmt.Sprintf("no stage %q; %s", c.Stage, problem.DidYouMean(c.Stage, ids))}
	}
	return e.printSections(list)
}

// readTable reads a CSV table from a file, or from standard input where the name is -.
func readTable(e *env, name string) (composite.Table, error) {
	if name == "-" {
		return composite.ReadTable(e.stdin, "-")
	}
	f, err := os.Open(name)
	if err != nil {
		return composite.Table{}, err
	}
	t, err := composite.ReadTable(io.Reader(f), name)
	return t, errors.Join(err, f.Close())
}

// stage turns a stage of the engine into a table; a missing value stays empty.
func (e *env) stage(s composite.Stage) section {
	out := section{id: s.ID, title: e.text(s.Title), table: &table{columns: append([]string{e.headOf(s)}, s.Columns...)}}
	for _, n := range s.Notes {
		out.notes = append(out.notes, e.text(n))
	}
	for i, name := range s.Rows {
		row := []any{name}
		for _, cell := range s.Cells[i] {
			row = append(row, optional(cell))
		}
		out.table.add(row...)
	}
	return out
}

// headOf names the first column: for people in their language, for programs the same in both.
func (e *env) headOf(s composite.Stage) string {
	if e.format == "table" || e.format == "markdown" {
		return e.text(s.Head)
	}
	return "row"
}

// text picks a text of the engine in the language of the call, the other one where it is empty.
func (e *env) text(t composite.Text) string {
	if chosen := e.lang.Pick(t.ZH, t.EN); chosen != "" {
		return chosen
	}
	return t.ZH + t.EN
}
