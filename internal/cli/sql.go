package cli

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"weir/internal/lake"
	"weir/internal/runner"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/queries/views"
)

type sqlCommand struct {
	Query   string        `arg:"" placeholder:"SELECT" help:"${sql_query}"`
	Param   []string      `short:"p" sep:"none" placeholder:"NAME=VALUE" help:"${sql_param}"`
	Limit   int64         `default:"10000" placeholder:"N" help:"${sql_limit}"`
	Timeout time.Duration `default:"30s" placeholder:"DURATION" help:"${sql_timeout}"`
	Memory  int64         `default:"1024" placeholder:"MIB" help:"${sql_memory}"`
	AsOf    string        `placeholder:"CLOSE" help:"${sql_as_of}"`
}

// Run answers one query on the published tables. It goes through the runner, as every query of a person does.
func (c sqlCommand) Run(e *env) (err error) {
	w, err := e.workspace()
	if err != nil {
		return err
	}
	query, err := c.text(e)
	if err != nil {
		return err
	}
	q := runner.Request{SQL: query, Limits: runner.Limits{Rows: c.Limit, Time: c.Timeout, Memory: c.Memory << 20}}
	if c.Limit < 1 || c.Timeout <= 0 || c.Memory < 1 {
		return usageError{"--limit, --timeout and --memory must be above 0"}
	}
	if q.Parameters, err = parseParameters(c.Param); err != nil {
		return err
	}
	source, release, err := c.source(e, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	q.Source = source
	r, err := newRunner(w)
	if err != nil {
		return err
	}
	defer r.Close()
	summary, err := c.answer(e, r, q)
	if err != nil {
		return e.failure(err)
	}
	if summary.Cut {
		e.say(fmt.Sprintf("结果在 %d 行处截断；用 --limit 提高上限", c.Limit), fmt.Sprintf("cut at %d rows; raise the limit with --limit", c.Limit))
	}
	return nil
}

// text is the query; - reads it from standard input.
func (c sqlCommand) text(e *env) (string, error) {
	if c.Query != "-" {
		return c.Query, nil
	}
	text, err := io.ReadAll(e.stdin)
	return string(text), err
}

// source is the database of the workspace, or its lake where a close is named. The service holds the database while it
// runs, and lends a copy of it. release gives the source back.
func (c sqlCommand) source(e *env, w *workspace.Workspace) (_ runner.Source, release func() error, err error) {
	release = func() error { return nil }
	pages, err := pagesOf(w)
	if err != nil {
		return runner.Source{}, release, err
	}
	if c.AsOf != "" {
		l, err := lake.Open(w.Lake())
		if err != nil {
			return runner.Source{}, release, err
		}
		snapshot, err := l.At(c.AsOf)
		if err != nil {
			return runner.Source{}, release, err
		}
		return snapshot.Source(pages), release, nil
	}
	if !store.Exists(w.Database()) {
		return runner.Source{}, release, fmt.Errorf("there is no database in %s yet; load files with: weir --dir %s ingest FILE", w.Dir, w.Dir)
	}
	source := runner.Source{Database: w.Database(), TimeZone: w.Config.TimeZone}
	if e.inside != nil {
		if source.Database, release, err = e.inside.copies.borrow(e.ctx); err != nil {
			return source, func() error { return nil }, err
		}
	}
	source.Publish(views.OverDatabase(pages.AllOn(now())), views.Functions(w.Config.TimeZone))
	return source, release, nil
}

func (c sqlCommand) answer(e *env, r *runner.Runner, q runner.Request) (*runner.Summary, error) {
	switch e.format {
	case "arrow":
		if f, isFile := e.stdout.(*os.File); isFile && term.IsTerminal(int(f.Fd())) {
			return nil, usageError{"an Arrow stream is no text for a terminal; send it to a file or a program: weir sql --format arrow … > FILE"}
		}
		q.Format = runner.Arrow
		return r.Stream(e.ctx, q, e.stdout)
	case "csv":
		return streamCSV(e, r, q)
	}
	result, err := r.Query(e.ctx, q)
	if err != nil {
		return nil, err
	}
	return &result.Summary, e.print(tableOf(result, e.format == "json"))
}

// streamCSV writes rows as they come, so that a long answer needs no memory.
func streamCSV(e *env, r *runner.Runner, q runner.Request) (*runner.Summary, error) {
	out := csv.NewWriter(e.stdout)
	var columns []runner.Column
	var cells []string
	summary, err := r.Each(e.ctx, q, func(c []runner.Column) error {
		columns, cells = c, make([]string, len(c))
		for i := range c {
			cells[i] = c[i].Name
		}
		return out.Write(cells)
	}, func(row []any) error {
		for i, cell := range row {
			cells[i] = runner.FormatCell(cell, columns[i].Type)
		}
		return out.Write(cells)
	})
	out.Flush()
	return summary, errors.Join(err, out.Error())
}

// tableOf is an answer as a table of the command line; nested keeps lists and structs as JSON.
func tableOf(result *runner.Result, nested bool) *table {
	t := &table{}
	for _, c := range result.Columns {
		t.columns = append(t.columns, c.Name)
	}
	for _, row := range result.Rows {
		cells := make([]any, len(row))
		for i, cell := range row {
			switch v := cell.(type) {
			case time.Time:
				cells[i] = runner.FormatCell(v, result.Columns[i].Type)
			case json.RawMessage:
				cells[i] = v
				if !nested {
					cells[i] = string(v)
				}
			default:
				cells[i] = v
			}
		}
		t.add(cells...)
	}
	return t
}

// newRunner makes the runner of a workspace.
func newRunner(w *workspace.Workspace) (*runner.Runner, error) {
	return runner.New(filepath.Join(w.Temp(), "queries"))
}

// failure puts a failure of the runner into the language of the call.
func (e *env) failure(err error) error {
	var f *runner.Failure
	if errors.As(err, &f) {
		return errors.New(f.In(e.lang))
	}
	return err
}
