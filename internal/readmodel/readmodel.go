// Package readmodel gathers the rows behind a closed month for reports: it reads the Parquet files that the close
// left in the lake, so that what a report prints beside the figures is as frozen as the figures.
//
// It is SQL and plain rows. It computes no indicator, decides no grade and writes nothing.
package readmodel

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"weir/internal/calendar"
	"weir/internal/evaluate"
	"weir/internal/store"
	"weir/metrics"
	"weir/queries/schema"
	"weir/reports/dossier"
)

// Source is where and by which rules the rows are read.
type Source struct {
	Store    *store.Store
	Lake     string // directory of the lake
	Settings evaluate.Settings
}

// reader is one run of Read.
type reader struct {
	Source
	ctx        context.Context
	month      *metrics.Month
	at         calendar.Month
	parameters map[string]any
	succession evaluate.Succession // who answers in the month for departments that are gone
}

// Read gathers the dossier of a closed month. A revision whose files are gone is an error that says how to get them
// back.
func (s Source) Read(ctx context.Context, m *metrics.Month) (*dossier.Dossier, error) {
	r, err := s.reader(ctx, m)
	if err != nil {
		return nil, err
	}
	d := &dossier.Dossier{Month: m.Month, Connected: map[string]bool{}, Districts: map[string]string{}}
	d.PeriodEnd = r.parameters["period_end"].(time.Time)
	d.FiscalYear, d.FiscalMonth = r.fiscal()
	for _, source := range m.Sources {
		if source.Rows > 0 {
			d.Connected[source.Table] = true
		}
	}
	d.Rules = r.rules()
	for _, fill := range []func(*dossier.Dossier) error{
		r.districts, r.duties, r.overdue, r.stale, r.dormant, r.stages, r.refused, r.projects, r.payments, r.targets, r.units, r.objections,
	} {
		if err := fill(d); err != nil {
			return nil, fmt.Errorf("rows behind %s: %w", m.Month, err)
		}
	}
	return d, nil
}

func (s Source) reader(ctx context.Context, m *metrics.Month) (*reader, error) {
	at, err := calendar.ParseMonth(m.Month)
	if err != nil {
		return nil, err
	}
	r := &reader{Source: s, ctx: ctx, month: m, at: at}
	directory := r.directory(m.Month, m.Revision)
	if _, err := os.Stat(directory); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s, where the rows of %s revision %d were kept, is gone; restore it from a backup, or close the month again", directory, m.Month, m.Revision)
		}
		return nil, err
	}
	zone, err := time.LoadLocation(s.Store.TimeZone())
	if err != nil {
		return nil, err
	}
	_, end := at.Limits(zone)
	if m.AsOf.Before(end) {
		end = m.AsOf
	}
	lastDay := calendar.DateOf(end.Add(-time.Microsecond), zone)
	year, _ := r.fiscal()
	r.parameters = map[string]any{
		"period_end": end.UTC(), "last_day": lastDay.Format(time.DateOnly), "time_zone": s.Store.TimeZone(),
		"from_180": lastDay.AddDate(0, 0, -179).Format(time.DateOnly), "from_365": lastDay.AddDate(0, 0, -364).Format(time.DateOnly),
		"month": at.Day().Format(time.DateOnly), "fiscal_year": year, "closed_at": m.ClosedAt.UTC(),
	}
	departments := filepath.Join(directory, "department.parquet")
	if _, err := os.Stat(departments); err == nil {
		ask := func(query string, parameters map[string]any) (*store.Result, error) {
			return s.Store.Query(ctx, query, parameters)
		}
		if r.succession, err = evaluate.SuccessionOf(ask, parquet(departments), at); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func parquet(path string) string { return "read_parquet(" + schema.Literal(path) + ")" }

// fiscal is the budget year of the month and its place in it.
func (r *reader) fiscal() (year, month int) {
	start := r.Settings.FiscalYearStart
	year, month = r.at.Year, int(r.at.Month)-start+1
	if month < 1 {
		year, month = year-1, month+12
	}
	return year, month
}

func (r *reader) directory(month string, revision int) string {
	return filepath.Join(r.Lake, "month="+month, fmt.Sprintf("revision=%d", revision))
}

var tableName = regexp.MustCompile(`\{([a-z_]+)\}`)

// query runs SQL in which {table} stands for the closed month's file of that table. ok is false where one of the
// tables was not written, since nothing needed it.
func (r *reader) query(sql string) (rows [][]any, ok bool, err error) {
	ok = true
	sql = tableName.ReplaceAllStringFunc(sql, func(name string) string {
		name = name[1 : len(name)-1]
		path := filepath.Join(r.directory(r.month.Month, r.month.Revision), name+".parquet")
		if _, err := os.Stat(path); err != nil {
			ok = false
		}
		return "(" + r.succession.Reading(parquet(path), evaluate.DepartmentColumns(name)) + ")"
	})
	if !ok {
		return nil, false, nil
	}
	result, err := r.Store.Query(r.ctx, sql, r.parameters)
	if err != nil {
		return nil, true, err
	}
	return result.Rows, true, nil
}

// each runs the query and hands over every row.
func (r *reader) each(sql string, take func(row)) error {
	rows, _, err := r.query(sql)
	for _, cells := range rows {
		take(cells)
	}
	return err
}

// row reads cells by place; a NULL is the zero value or nil.
type row []any

func (r row) text(i int) string {
	s, _ := r[i].(string)
	return s
}

func (r row) integer(i int) int64 {
	n, _ := r[i].(int64)
	return n
}

func (r row) number(i int) float64 {
	f, _ := r[i].(float64)
	return f
}

func (r row) optional(i int) *float64 {
	f, ok := r[i].(float64)
	if !ok {
		return nil
	}
	return &f
}

func (r row) moment(i int) *time.Time {
	t, ok := r[i].(time.Time)
	if !ok {
		return nil
	}
	return &t
}

func (r row) day(i int) time.Time {
	t, _ := r[i].(time.Time)
	return t
}
