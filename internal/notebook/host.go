package notebook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"weir/internal/lake"
	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/runner"
	"weir/queries/page"
)

// Host is where notebooks run: a runner, and the lake of a close.
type Host struct {
	Runner       *runner.Runner
	Snapshot     *lake.Snapshot
	Source       runner.Source // what Snapshot publishes
	Limits       runner.Limits // of each query; a notebook may ask for less, never for more
	Organisation lang.Text
	Zone         *time.Location
}

// limits are those of the host, lowered where the notebook asks for less.
func (h *Host) limits(n *page.Notebook) runner.Limits {
	l := h.Limits
	d := runner.DefaultLimits()
	if l.Time == 0 {
		l.Time = d.Time
	}
	if l.Memory == 0 {
		l.Memory = d.Memory
	}
	if l.Rows == 0 {
		l.Rows = d.Rows
	}
	if s := time.Duration(n.Limits.Seconds) * time.Second; s > 0 {
		l.Time = min(l.Time, s)
	}
	if m := n.Limits.MemoryMiB << 20; m > 0 {
		l.Memory = min(l.Memory, m)
	}
	if n.Limits.Rows > 0 {
		l.Rows = min(l.Rows, n.Limits.Rows)
	}
	return l
}

// request is a query of a notebook: reproducible, on the host's source.
func (h *Host) request(n *page.Notebook, sql string, values map[string]any) runner.Request {
	return runner.Request{SQL: sql, Parameters: values, Source: h.Source, Limits: h.limits(n), Reproducible: true}
}

// names are what texts of notebooks may name.
func (h *Host) names(values map[string]any, further ...string) runner.Names {
	n := runner.Names{Parameters: values, Reproducible: true, Tables: further}
	for _, v := range h.Source.Views {
		n.Tables = append(n.Tables, v.Name)
	}
	for _, f := range h.Source.Functions {
		n.Functions = append(n.Functions, f.Name)
	}
	return n
}

// located turns a failure of a composed query into a problem of the page, at its line.
func located(n *page.Notebook, c composed, err error, l lang.Lang) error {
	var f *runner.Failure
	if !errors.As(err, &f) {
		return fmt.Errorf("%s: %w", n.File, err)
	}
	return problem.List{failed(n, c, f, l)}
}

// failed is a failure of a composed query as a problem of the page.
func failed(n *page.Notebook, c composed, f *runner.Failure, l lang.Lang) problem.Problem {
	cell, line := c.place(f.Line)
	p := problem.Problem{File: n.File, Line: line, Column: f.Column, What: l.Pick("单元 ", "cell ") + cell + l.Pick("：", ": ") + f.What.In(l), Cure: f.Cure.In(l)}
	if f.Line == 0 {
		p.Column = 0
	}
	return p
}

// ask runs a small query of the host's own, such as the list of departments.
func (h *Host) ask(ctx context.Context, sql string) ([][]any, error) {
	result, err := h.Runner.Query(ctx, runner.Request{SQL: sql, Source: h.Source, Limits: runner.Limits{Rows: 100_000}})
	if err != nil {
		return nil, err
	}
	return result.Rows, nil
}
