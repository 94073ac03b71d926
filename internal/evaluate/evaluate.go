// Package evaluate computes indicators: it builds the marts of a month, runs the pages' SQL, tells the four states
// of a figure apart, lists the evidence behind it and recomputes it by the page's independent check.
//
// It knows numerators and denominators, exact and unrounded. Points, grades, intervals and texts are made from
// them elsewhere; nothing here writes a closed value.
package evaluate

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"weir/internal/calendar"
	"weir/internal/store"
	"weir/queries/macros"
	"weir/queries/marts"
	"weir/queries/page"
	"weir/queries/schema"
)

// Evaluator computes indicators over one store with one set of pages and settings. It is safe for concurrent use.
type Evaluator struct {
	store    *store.Store
	pages    *page.Set
	settings Settings
	calendar *calendar.Calendar
	zone     *time.Location
	wanted   []*marts.Mart // what the pages read, and what those read
}

// New makes an evaluator. A nil calendar is that of mainland China.
func New(s *store.Store, pages *page.Set, settings Settings, c *calendar.Calendar) (*Evaluator, error) {
	if err := settings.Validate(); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	if c == nil {
		c = calendar.China()
	}
	zone, err := time.LoadLocation(s.TimeZone())
	if err != nil {
		return nil, err
	}
	return &Evaluator{store: s, pages: pages, settings: settings, calendar: c, zone: zone, wanted: wantedMarts(pages)}, nil
}

// alwaysWanted are the marts that a session and its callers read whatever the pages are.
var alwaysWanted = []string{"mart_department", "mart_request", "mart_usage_day", "mart_usage_month"}

var martName = regexp.MustCompile(`\bmart_[a-z_]+\b`)

// wantedMarts lists the marts that the pages name, each after those it reads.
func wantedMarts(pages *page.Set) []*marts.Mart {
	names := map[string]bool{}
	var want func(name string)
	want = func(name string) {
		m, ok := marts.Find(name)
		if !ok || names[name] {
			return
		}
		names[name] = true
		for other := range m.Marts {
			want(other)
		}
	}
	for _, name := range alwaysWanted {
		want(name)
	}
	for _, id := range pages.IDs() {
		for _, p := range pages.Versions(id) {
			for _, q := range []page.Query{p.SQL, p.Evidence, p.Check, p.Cases} {
				for _, name := range martName.FindAllString(page.Bare(q.Text), -1) {
					want(name)
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(marts.All()), func(m *marts.Mart) bool { return !names[m.Name] })
}

// Settings are the rules in use.
func (e *Evaluator) Settings() Settings { return e.settings }

// Pages are the indicators in use.
func (e *Evaluator) Pages() *page.Set { return e.pages }

// Session is one month, ready to be asked: its marts are built. It holds a connection; close it.
type Session struct {
	Month calendar.Month
	AsOf  time.Time // zero for a whole month
	Built []Built   // every mart that the month needs, built or reused
	Notes []string  // what limits the figures, such as due days beyond the calendar

	evaluator   *Evaluator
	conn        *sql.Conn
	parameters  map[string]any
	departments []Department
	sources     map[string]bool // connected, by table or table.column
	temporary   bool
	readings    *readings
	succession  Succession
}

// Department is a department in being in the month.
type Department struct {
	ID         string
	Class      string
	IsProvider bool
	IsDemander bool
	IsBureau   bool
}

// Plays reports whether the department plays one of the roles.
func (d Department) Plays(roles []page.Role) bool {
	return slices.ContainsFunc(roles, func(r page.Role) bool {
		return r == page.Any || r == page.Provider && d.IsProvider || r == page.Demander && d.IsDemander || r == page.Bureau && d.IsBureau
	})
}

// Open builds what the month needs and gives a session. A zero asOf means the whole month; another instant means
// that nothing dated from it on has happened yet, and the period ends there at the latest. Marts of whole months
// are kept and rebuilt only when what they read has changed; those of an as-of session live and end with it.
func (e *Evaluator) Open(ctx context.Context, month calendar.Month, asOf time.Time) (_ *Session, err error) {
	start, _ := month.Limits(e.zone)
	if !asOf.IsZero() && !asOf.After(start) {
		return nil, fmt.Errorf("as of %s nothing of %s has happened; give a later instant", asOf.In(e.zone).Format(time.DateTime), month)
	}
	s := &Session{Month: month, AsOf: asOf, evaluator: e, temporary: !asOf.IsZero(), sources: map[string]bool{}}
	s.parameters = e.Parameters(month, asOf)
	if !s.temporary {
		if err := e.buildKept(ctx, s); err != nil {
			return nil, fmt.Errorf("marts of %s: %w", month, err)
		}
	}
	s.conn, err = e.store.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = s.Close()
		}
	}()
	if err := defineMacros(ctx, s.conn); err != nil {
		return nil, err
	}
	if s.temporary {
		b := &builder{evaluator: e, conn: s.conn, wanted: e.wanted, temporary: true, asOf: asOf}
		if s.Built, err = b.build(ctx, month); err != nil {
			return nil, fmt.Errorf("marts of %s as of %s: %w", month, asOf.In(e.zone).Format(time.DateTime), err)
		}
	}
	if s.readings, err = newReadings(ctx, s.conn, s.temporary); err != nil {
		return nil, err
	}
	follow, err := s.readings.succession(ctx, month)
	if err != nil {
		return nil, err
	}
	s.succession = follow
	if err := s.readings.set(ctx, follow); err != nil {
		return nil, err
	}
	if err := s.readDepartments(ctx); err != nil {
		return nil, err
	}
	return s, s.readNotes(ctx)
}

// buildKept builds the marts of a whole month in one transaction.
func (e *Evaluator) buildKept(ctx context.Context, s *Session) error {
	return e.store.Write(ctx, func(ctx context.Context, conn *sql.Conn) error {
		if err := defineMacros(ctx, conn); err != nil {
			return err
		}
		b := &builder{evaluator: e, conn: conn, wanted: e.wanted}
		var err error
		s.Built, err = b.build(ctx, s.Month)
		return err
	})
}

func defineMacros(ctx context.Context, conn *sql.Conn) error {
	for _, statement := range macros.DuckDB() {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("macros: %w", err)
		}
	}
	return nil
}

// Close gives the connection back. Temporary marts would stay on it, so they are dropped.
func (s *Session) Close() error {
	if s.conn == nil {
		return nil
	}
	ctx := context.Background()
	if s.readings != nil {
		_ = s.readings.drop(ctx)
	}
	if s.temporary {
		for _, m := range marts.All() {
			_, _ = s.conn.ExecContext(ctx, "DROP TABLE IF EXISTS temp."+asOfName(m.Name))
		}
		for _, name := range ruleTableNames {
			_, _ = s.conn.ExecContext(ctx, "DROP TABLE IF EXISTS temp."+name)
		}
		_, _ = s.conn.ExecContext(ctx, "DROP TABLE IF EXISTS temp.mart_build")
	}
	err := s.conn.Close()
	s.conn = nil
	return err
}

// Departments lists the departments in being in the month, by id.
func (s *Session) Departments() []Department { return slices.Clone(s.departments) }

// Succession tells who answers in the month for departments that are gone.
func (s *Session) Succession() Succession { return maps.Clone(s.succession) }

// Indicators lists the pages that judge the month, by dimension, then id.
func (s *Session) Indicators() []*page.Indicator {
	return s.evaluator.pages.AllOn(s.Month.Add(1).Day().AddDate(0, 0, -1))
}

// Indicator is the page of an id that judges the month.
func (s *Session) Indicator(id string) (*page.Indicator, bool) {
	return s.evaluator.pages.On(id, s.Month.Add(1).Day().AddDate(0, 0, -1))
}

// Parameters are the values that the month's queries bind, by name.
func (s *Session) Parameters() map[string]any { return maps.Clone(s.parameters) }

func (s *Session) readDepartments(ctx context.Context) error {
	r, err := store.Collect(ctx, s.conn, `SELECT department_id, coalesce(class, ''), is_provider, is_demander, is_bureau
		FROM mart_department WHERE month = $month ORDER BY department_id`, s.parameters)
	if err != nil {
		return err
	}
	for _, row := range r.Rows {
		s.departments = append(s.departments, Department{ID: row[0].(string), Class: row[1].(string),
			IsProvider: row[2].(bool), IsDemander: row[3].(bool), IsBureau: row[4].(bool)})
	}
	return nil
}

// readNotes says what limits the figures of the month.
func (s *Session) readNotes(ctx context.Context) error {
	first, last := s.evaluator.calendar.First(), s.evaluator.calendar.Last()
	if day := s.Month.Day(); day.Before(first) || day.After(last) {
		s.Notes = append(s.Notes, fmt.Sprintf("the working-day calendar covers %s to %s: nothing stated in working days is judged in %s", dateText(first), dateText(last), s.Month))
	}
	r, err := store.Collect(ctx, s.conn, `SELECT count(*) FROM mart_request WHERE month = $month AND due_is_unknown`, s.parameters)
	if err != nil {
		return err
	}
	if n := r.Rows[0][0].(int64); n > 0 {
		s.Notes = append(s.Notes, fmt.Sprintf("%d requests fall due on days that the working-day calendar does not cover; import the holiday arrangement of that year", n))
	}
	return nil
}

func literal(text string) string { return schema.Literal(text) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
