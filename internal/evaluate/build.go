package evaluate

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"weir/internal/calendar"
	"weir/internal/lang"
	"weir/internal/store"
	"weir/queries/marts"
)

// Built tells of one mart of one month whether it had to be built.
type Built struct {
	Mart   string
	Month  calendar.Month
	Reused bool
	Rows   int64
}

var ruleTableNames = []string{"rule_cadence", "rule_shelf_life", "rule_time_limit", "working_day"}

// builder builds marts on one connection.
type builder struct {
	evaluator *Evaluator
	conn      *sql.Conn
	temporary bool
	asOf      time.Time

	wanted   []*marts.Mart        // what to build, each after those it reads
	rules    map[string]string    // rule table → hash of its content
	sources  map[string]string    // event or reference table and month → hash of the rows
	records  map[recordKey]record // mart_build as it stands, with what this call has changed
	changed  map[recordKey]bool   // to be written
	done     map[recordKey]bool   // ensured in this call
	readings *readings
	follow   map[calendar.Month]Succession // who answers for whom in a month
	first    map[string]calendar.Month     // event table → month of its first row, zero where it is empty
	reported []Built
}

// recordKey is a mart or rule table and a month; the month of definitions is the zero month.
type recordKey struct {
	name  string
	month calendar.Month
}

// record is what mart_build keeps of a mart's month.
type record struct {
	fingerprint string // of all that went into it
	content     string // of its rows; states that are carried on only
	rows        int64
}

// build ensures every wanted mart of the month and of the months before it that pages read.
func (b *builder) build(ctx context.Context, month calendar.Month) ([]Built, error) {
	b.rules, b.sources, b.first = map[string]string{}, map[string]string{}, map[string]calendar.Month{}
	b.records, b.changed, b.done = map[recordKey]record{}, map[recordKey]bool{}, map[recordKey]bool{}
	b.follow = map[calendar.Month]Succession{}
	var err error
	if b.readings, err = newReadings(ctx, b.conn, b.temporary); err != nil {
		return nil, err
	}
	if err := b.prepare(ctx); err != nil {
		return nil, err
	}
	for _, m := range b.wanted {
		from, err := b.historyOf(ctx, m, month)
		if err != nil {
			return nil, err
		}
		for k := from; !month.Before(k); k = k.Add(1) {
			if _, err := b.ensure(ctx, m, k); err != nil {
				return nil, err
			}
		}
	}
	if err := b.readings.drop(ctx); err != nil {
		return nil, err
	}
	return b.reported, b.flush(ctx)
}

// succession is who answers for whom in a month.
func (b *builder) succession(ctx context.Context, month calendar.Month) (Succession, error) {
	if s, ok := b.follow[month]; ok {
		return s, nil
	}
	s, err := b.readings.succession(ctx, month)
	b.follow[month] = s
	return s, err
}

// historyOf is the first month of a mart that pages of a month read. Before the first event there is nothing.
func (b *builder) historyOf(ctx context.Context, m *marts.Mart, month calendar.Month) (calendar.Month, error) {
	if m.History == 0 {
		return month, nil
	}
	first, ok, err := b.firstMonth(ctx, m)
	if err != nil || !ok || month.Before(first) {
		return month, err
	}
	if from := month.Add(-m.History); m.History != marts.AllMonths && first.Before(from) {
		return from, nil
	}
	return first, nil
}

// prepare creates the tables, and the rule tables where the settings or the catalogue's promises have changed.
func (b *builder) prepare(ctx context.Context) error {
	kind := "TABLE"
	if b.temporary {
		kind = "TEMP TABLE"
	}
	create := fmt.Sprintf(`CREATE %s IF NOT EXISTS mart_build (name VARCHAR, month DATE, fingerprint VARCHAR, content VARCHAR, row_count BIGINT)`, kind)
	statements := []string{create}
	if !b.temporary {
		statements = append(statements, marts.Comments("mart_build", lang.T("集市构建记录", "what each mart was built from"), []marts.Column{
			column("name", "VARCHAR", "集市或规则表", "mart or rule table", ""),
			column("month", "DATE", "月份首日（表定义为0001-01-01）", "first day of the month, 0001-01-01 for the definition", ""),
			column("fingerprint", "VARCHAR", "输入的指纹", "hash of all that it was made from", ""),
			column("content", "VARCHAR", "内容的指纹（逐月结转的状态）", "hash of its rows, for states carried on", ""),
			column("row_count", "BIGINT", "行数", "rows", "row"),
		})...)
	}
	for _, s := range statements {
		if err := b.exec(ctx, s, nil); err != nil {
			return err
		}
	}
	if err := b.readRecords(ctx); err != nil {
		return err
	}
	tables, err := b.evaluator.ruleTables(ctx, b.conn)
	if err != nil {
		return err
	}
	for _, t := range tables {
		hash := digest(t.content())
		b.rules[t.name] = hash
		if b.records[recordKey{name: t.name}].fingerprint == hash {
			continue
		}
		for _, statement := range t.sql(b.temporary) {
			if err := b.exec(ctx, statement, nil); err != nil {
				return err
			}
		}
		b.keep(recordKey{name: t.name}, record{fingerprint: hash})
	}
	for _, m := range marts.All() {
		if err := b.create(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// create makes a mart's table, anew when its definition has changed.
func (b *builder) create(ctx context.Context, m *marts.Mart) error {
	definition := digest(m.CreateSQL(m.Name, false), m.SQL)
	if b.records[recordKey{name: m.Name}].fingerprint == definition {
		return nil
	}
	statements := []string{m.CreateSQL(asOfName(m.Name), true)}
	if !b.temporary {
		statements = append([]string{"DROP TABLE IF EXISTS " + m.Name, m.CreateSQL(m.Name, false)}, m.CommentSQL()...)
	}
	for _, s := range statements {
		if err := b.exec(ctx, s, nil); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	for key := range b.records {
		if key.name == m.Name {
			b.keep(key, record{})
		}
	}
	b.keep(recordKey{name: m.Name}, record{fingerprint: definition})
	return nil
}

// ensure makes one month of a mart valid: its fingerprint is compared, and it is built only when that differs.
func (b *builder) ensure(ctx context.Context, m *marts.Mart, month calendar.Month) (record, error) {
	key := recordKey{m.Name, month}
	if b.done[key] {
		return b.records[key], nil
	}
	fingerprint, prior, err := b.fingerprint(ctx, m, month)
	if err != nil {
		return record{}, err
	}
	r := b.records[key]
	reused := r.fingerprint == fingerprint
	if !reused && prior && r.fingerprint != "" {
		// The state may have been made from all history, before the one of the month before was there.
		whole, err := b.fingerprintFrom(ctx, m, month, false, "")
		if err != nil {
			return record{}, err
		}
		if reused = r.fingerprint == whole; reused {
			r.fingerprint = fingerprint
			b.keep(key, r)
		}
	}
	if !reused {
		if err := b.ensureRead(ctx, m, month, prior); err != nil {
			return record{}, err
		}
		if r, err = b.buildMonth(ctx, m, month, prior, fingerprint); err != nil {
			return record{}, fmt.Errorf("%s of %s: %w", m.Name, month, err)
		}
	}
	b.done[key] = true
	b.reported = append(b.reported, Built{Mart: m.Name, Month: month, Reused: reused, Rows: r.rows})
	return r, nil
}

// ensureRead makes the marts valid that a mart reads when it is built.
func (b *builder) ensureRead(ctx context.Context, m *marts.Mart, month calendar.Month, prior bool) error {
	for _, name := range sortedKeys(m.Marts) {
		other, _ := marts.Find(name)
		months := m.Marts[name]
		if m.Chain && prior {
			months = [2]int{0, 0}
		}
		for k := months[0]; k <= months[1]; k++ {
			if nothing, err := b.nothingIn(ctx, other, month.Add(k)); nothing || err != nil {
				if err != nil {
					return err
				}
				continue
			}
			if _, err := b.ensure(ctx, other, month.Add(k)); err != nil {
				return err
			}
		}
	}
	return nil
}

// nothingIn tells whether a month of a mart of events lies before the first of them, and no earlier build has left rows there.
func (b *builder) nothingIn(ctx context.Context, m *marts.Mart, month calendar.Month) (bool, error) {
	if m.History == 0 || b.records[recordKey{m.Name, month}].rows > 0 {
		return false, nil
	}
	first, found, err := b.firstMonth(ctx, m)
	return err == nil && (!found || month.Before(first)), err
}

// buildMonth replaces one month of a mart.
func (b *builder) buildMonth(ctx context.Context, m *marts.Mart, month calendar.Month, prior bool, fingerprint string) (record, error) {
	parameters := b.parameters(m, month, prior)
	s, err := b.succession(ctx, month)
	if err != nil {
		return record{}, err
	}
	if err := b.readings.set(ctx, s); err != nil {
		return record{}, err
	}
	table := b.readings.mart(m.Name)
	if err := b.exec(ctx, "DELETE FROM "+table+" WHERE month = CAST($month AS DATE)", parameters); err != nil {
		return record{}, err
	}
	insert := m.InsertSQL(table)
	inserted, err := b.conn.ExecContext(ctx, insert, store.Bind(insert, parameters)...)
	if err != nil {
		return record{}, err
	}
	r := record{fingerprint: fingerprint}
	if r.rows, err = inserted.RowsAffected(); err != nil {
		return record{}, err
	}
	if m.Chain {
		if r.content, err = b.contentOf(ctx, m, month); err != nil {
			return record{}, err
		}
	}
	b.keep(recordKey{m.Name, month}, r)
	return r, nil
}

// parameters are those of the month and, for a state, from where on to read.
func (b *builder) parameters(m *marts.Mart, month calendar.Month, prior bool) map[string]any {
	asOf := b.asOf
	if _, end := month.Limits(b.evaluator.zone); !asOf.IsZero() && asOf.After(end) && m.Chain {
		// A state of an earlier month does not depend on what became known later.
		asOf = time.Time{}
	}
	p := b.evaluator.Parameters(month, asOf)
	if !m.Chain {
		return p
	}
	p["chain_month"], p["chain_from_month"], p["chain_start"] = "0001-01-01", dateText(month.Add(-12).Day()), "0001-01-01 00:00:00"
	if prior {
		p["chain_month"], p["chain_from_month"], p["chain_start"] = dateText(month.Add(-1).Day()), p["month"], p["period_start"]
	}
	return p
}

// readRecords reads mart_build once; everything after works on the copy.
func (b *builder) readRecords(ctx context.Context) error {
	result, err := store.Collect(ctx, b.conn, "SELECT name, month, fingerprint, coalesce(content, ''), row_count FROM mart_build ORDER BY name, month", nil)
	if err != nil {
		return err
	}
	for _, row := range result.Rows {
		key := recordKey{name: row[0].(string)}
		if day := row[1].(time.Time); day.Year() > 1 {
			key.month = calendar.MonthOf(day)
		}
		b.records[key] = record{fingerprint: row[2].(string), content: row[3].(string), rows: row[4].(int64)}
	}
	return nil
}

func (b *builder) keep(key recordKey, r record) {
	b.records[key] = r
	b.changed[key] = true
}

// flush writes what has changed in mart_build.
func (b *builder) flush(ctx context.Context) error {
	var keys, rows []string
	for key := range b.changed {
		day := "DATE '0001-01-01'"
		if !key.month.IsZero() {
			day = "DATE '" + dateText(key.month.Day()) + "'"
		}
		keys = append(keys, fmt.Sprintf("(%s, %s)", literal(key.name), day))
		if r := b.records[key]; r.fingerprint != "" {
			rows = append(rows, fmt.Sprintf("(%s, %s, %s, %s, %d)", literal(key.name), day, literal(r.fingerprint), literal(r.content), r.rows))
		}
	}
	slices.Sort(keys)
	slices.Sort(rows)
	for chunk := range slices.Chunk(keys, 500) {
		if err := b.exec(ctx, "DELETE FROM mart_build WHERE (name, month) IN ("+strings.Join(chunk, ", ")+")", nil); err != nil {
			return err
		}
	}
	for chunk := range slices.Chunk(rows, 500) {
		if err := b.exec(ctx, "INSERT INTO mart_build VALUES "+strings.Join(chunk, ", "), nil); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) exec(ctx context.Context, query string, parameters map[string]any) error {
	_, err := b.conn.ExecContext(ctx, query, store.Bind(query, parameters)...)
	return err
}

// digest is the SHA-256 of texts, kept apart.
func digest(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%d:%s\n", len(t), t)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// boundText writes the values that a query binds, for its fingerprint.
func boundText(query string, parameters map[string]any) (string, error) {
	var names []string
	for _, a := range store.Bind(query, parameters) {
		names = append(names, a.(sql.NamedArg).Name)
	}
	slices.Sort(names)
	bound := make([][2]any, len(names))
	for i, n := range names {
		bound[i] = [2]any{n, parameters[n]}
	}
	text, err := json.Marshal(bound)
	return string(text), err
}
