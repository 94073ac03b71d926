package evaluate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"weir/internal/calendar"
	"weir/internal/problem"
	"weir/internal/store"
	"weir/queries/marts"
	"weir/queries/page"
	"weir/queries/schema"
)

// Lint finds what only the engine can see in pages: columns that do not exist, raw events read, types that do not
// fit, worked examples that disagree, checks that contradict. It works on an empty database in memory.
func Lint(ctx context.Context, pages []*page.Indicator, settings Settings) (problems problem.List, err error) {
	// Tables of a handful of rows: a second thread costs more than it brings.
	s, err := store.Open(ctx, "", store.Options{Threads: 1})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	// On empty tables one session serves the queries of all pages.
	e, err := New(s, page.NewSet(pages...), settings, nil)
	if err != nil {
		return nil, err
	}
	session, err := e.Open(ctx, lintMonth, time.Time{})
	if err != nil {
		return nil, err
	}
	sound := make([]bool, len(pages))
	for i, p := range pages {
		found := session.tryPage(ctx, p)
		// Examples would only repeat what is wrong with the SQL.
		sound[i] = len(found) == 0
		problems = append(problems, found...)
	}
	if err := session.Close(); err != nil {
		return nil, err
	}
	l := linter{store: s}
	if err := l.clear(ctx); err != nil {
		return nil, err
	}
	for i, p := range pages {
		if !sound[i] {
			continue
		}
		// Of the marts only those that the page reads are built.
		if l.evaluator, err = New(s, page.NewSet(p), settings, nil); err != nil {
			return nil, err
		}
		for number, x := range p.Examples {
			found, err := l.example(ctx, p, number, x)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.File, err)
			}
			problems = append(problems, found...)
		}
	}
	problems.Sort()
	return problems, nil
}

type linter struct {
	evaluator *Evaluator
	store     *store.Store
}

// lintMonth is the month for which queries are tried on empty tables.
var lintMonth = calendar.Month{Year: 2026, Month: time.October}

// tryPage tries the queries of a page on empty tables.
func (s *Session) tryPage(ctx context.Context, p *page.Indicator) (problems problem.List) {
	problems = append(problems, checkTables(ctx, s.conn, p, "sql", p.SQL)...)
	problems = append(problems, checkTables(ctx, s.conn, p, "sql evidence", p.Evidence)...)
	if p.Cases.Text != "" {
		problems = append(problems, checkTables(ctx, s.conn, p, "sql cases", p.Cases)...)
		if _, _, err := s.Cases(ctx, p); err != nil {
			problems = append(problems, asProblem(p, p.Cases, err))
		}
	}
	for _, q := range []page.Query{p.SQL, p.Check} {
		if q.Text == "" {
			continue
		}
		if err := s.try(ctx, p, q); err != nil {
			problems = append(problems, asProblem(p, q, err))
		}
	}
	if p.Evidence.Text != "" {
		if _, _, err := s.Evidence(ctx, p, "", 1); err != nil {
			problems = append(problems, asProblem(p, p.Evidence, err))
		}
	}
	return problems
}

func asProblem(p *page.Indicator, q page.Query, err error) problem.Problem {
	var found problem.Problem
	if errors.As(err, &found) {
		return found
	}
	return problem.Problem{File: p.File, Line: q.Line, What: err.Error(), Cure: "correct the SQL"}
}

// example puts the given rows into the empty tables, computes the page and compares; the tables are emptied again.
func (l linter) example(ctx context.Context, p *page.Indicator, number int, x page.Example) (problems problem.List, err error) {
	defer func() { err = errors.Join(err, l.clear(ctx)) }()
	month, err := calendar.ParseMonth(x.Month)
	if err != nil {
		return problem.List{{File: p.File, Line: x.Expect.Line, What: err.Error(), Cure: "write csv expect month=2026-10"}}, nil
	}
	asOf, err := l.asOf(x.AsOf)
	if err != nil {
		return problem.List{{File: p.File, Line: x.Expect.Line, What: fmt.Sprintf("as_of %q", x.AsOf), Cure: "write as_of=2026-10-18 or as_of=2026-10-18T12:00"}}, nil
	}
	for _, given := range x.Given {
		problems = append(problems, l.insert(ctx, p, given)...)
	}
	if len(problems) > 0 {
		return problems, nil
	}
	s, err := l.evaluator.Open(ctx, month, asOf)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	r, err := s.Run(ctx, p)
	if err != nil {
		return problem.List{asProblem(p, p.SQL, err)}, nil
	}
	problems = append(problems, compare(p, x.Expect, r)...)
	if !r.Measured {
		return problems, nil
	}
	disagreements, err := s.Check(ctx, p)
	if err != nil {
		return append(problems, asProblem(p, p.Check, err)), nil
	}
	for _, d := range disagreements {
		problems = append(problems, problem.Problem{File: p.File, Line: p.Check.Line, What: fmt.Sprintf("example %d: %s", number+1, d), Cure: "one of the two formulations is wrong"})
	}
	return problems, nil
}

// asOf reads a day, which is meant to its end, or an instant in the workspace's zone.
func (l linter) asOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, l.evaluator.zone); err == nil {
		return day.AddDate(0, 0, 1), nil
	}
	return time.ParseInLocation("2006-01-02T15:04", text, l.evaluator.zone)
}

// insert writes given rows, each with its line.
func (l linter) insert(ctx context.Context, p *page.Indicator, given page.Rows) problem.List {
	table, _ := schema.Default().Table(given.Table)
	columns, values := "", ""
	for _, name := range given.Columns {
		c, _ := table.Column(name)
		columns += schema.Quote(name) + ", "
		if c.Type == schema.Timestamp {
			values += "timezone('UTC', CAST(? AS TIMESTAMPTZ)), "
		} else {
			values += fmt.Sprintf("CAST(? AS %s), ", c.Type.SQL())
		}
	}
	statement := fmt.Sprintf("INSERT INTO %s (%sload_id, source_line) VALUES (%s0, ?)", schema.Quote(given.Table), columns, values)
	insert := func(ctx context.Context, c *sql.Conn, i int) error {
		arguments := make([]any, 0, len(given.Columns)+1)
		for _, text := range given.Cells[i] {
			if text == "" {
				arguments = append(arguments, nil)
			} else {
				arguments = append(arguments, text)
			}
		}
		_, err := c.ExecContext(ctx, statement, append(arguments, given.Lines[i])...)
		return err
	}
	var problems problem.List
	// A failure ends a transaction, so that rows after it are tried in one of their own.
	for next := 0; next < len(given.Cells); next++ {
		failed := -1
		err := l.store.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
			for i := next; i < len(given.Cells); i++ {
				if err := insert(ctx, c, i); err != nil {
					failed = i
					return err
				}
			}
			return nil
		})
		if err == nil {
			break
		}
		at := given.Line
		if failed >= 0 {
			at, next = given.Lines[failed], failed
		}
		problems = append(problems, problem.Problem{File: p.File, Line: at, What: fmt.Sprintf("table %s: %v", given.Table, err), Cure: "write values of the columns' types; times as 2026-10-01 08:00"})
	}
	return problems
}

// clear empties the event tables and the marts.
func (l linter) clear(ctx context.Context) error {
	return l.store.Write(ctx, func(ctx context.Context, c *sql.Conn) error {
		statements := []string{"DELETE FROM mart_build WHERE month > DATE '0001-01-01'"}
		for _, t := range schema.Default().TableNames() {
			statements = append(statements, "DELETE FROM "+schema.Quote(t))
		}
		for _, m := range marts.All() {
			statements = append(statements, "DELETE FROM "+m.Name)
		}
		for _, s := range statements {
			if _, err := c.ExecContext(ctx, s); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	})
}
