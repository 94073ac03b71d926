package evaluate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"weir/internal/calendar"
	"weir/internal/store"
	"weir/queries/marts"
	"weir/queries/schema"
)

// fingerprint is the hash of all that a month of a mart is made from: its definition, the values it binds, the rows
// of its events and references, and the fingerprints of the marts it reads. prior tells whether a state goes on
// from the month before.
func (b *builder) fingerprint(ctx context.Context, m *marts.Mart, month calendar.Month) (text string, prior bool, err error) {
	priorContent := ""
	if m.Chain {
		if priorContent, prior, err = b.priorState(ctx, m, month); err != nil {
			return "", false, err
		}
	}
	text, err = b.fingerprintFrom(ctx, m, month, prior, priorContent)
	return text, prior, err
}

func (b *builder) fingerprintFrom(ctx context.Context, m *marts.Mart, month calendar.Month, prior bool, priorContent string) (string, error) {
	parts := []string{m.CreateSQL(m.Name, false), m.SQL}
	bound, err := boundText(m.InsertSQL(m.Name), b.parameters(m, month, prior))
	if err != nil {
		return "", err
	}
	parts = append(parts, bound, priorContent)
	s, err := b.succession(ctx, month)
	if err != nil {
		return "", err
	}
	if len(s) > 0 {
		parts = append(parts, s.text())
	}
	for _, name := range m.References {
		hash, err := b.reference(ctx, name)
		if err != nil {
			return "", err
		}
		parts = append(parts, name, hash)
	}
	for _, name := range sortedKeys(m.Events) {
		hash, err := b.events(ctx, m, name, month, prior)
		if err != nil {
			return "", err
		}
		parts = append(parts, name, hash)
	}
	for _, name := range sortedKeys(m.Marts) {
		other, _ := marts.Find(name)
		months := m.Marts[name]
		if prior {
			months = [2]int{0, 0}
		}
		for k := months[0]; k <= months[1]; k++ {
			token, err := b.token(ctx, other, month.Add(k))
			if err != nil {
				return "", err
			}
			parts = append(parts, name, fmt.Sprint(k), token)
		}
	}
	return digest(parts...), nil
}

// priorState is the content of the state one month before, made valid first where it has been built at all.
func (b *builder) priorState(ctx context.Context, m *marts.Mart, month calendar.Month) (content string, ok bool, err error) {
	before := month.Add(-1)
	if b.records[recordKey{m.Name, before}].fingerprint == "" {
		return "", false, nil
	}
	r, err := b.ensure(ctx, m, before)
	return r.content, true, err
}

// token stands for a month of a mart in the fingerprint of another: the content of a state, so that an old event
// that changes nothing in it changes nothing further on; for other marts all that went into them.
func (b *builder) token(ctx context.Context, m *marts.Mart, month calendar.Month) (string, error) {
	if m.Chain {
		r, err := b.ensure(ctx, m, month)
		return r.content, err
	}
	text, _, err := b.fingerprint(ctx, m, month)
	return text, err
}

// reference is the hash of a whole table, or of a rule table made from the settings.
func (b *builder) reference(ctx context.Context, table string) (string, error) {
	if hash, ok := b.rules[table]; ok {
		return hash, nil
	}
	return b.rowsHash(ctx, table, "true", nil, table)
}

// events is the hash of the rows of an event table in the months that a mart reads.
func (b *builder) events(ctx context.Context, m *marts.Mart, table string, month calendar.Month, prior bool) (string, error) {
	column, isDate, err := timeColumn(table)
	if err != nil {
		return "", err
	}
	var parts []string
	months := m.Events[table]
	if m.Chain && !prior {
		// Without a state to go on from, everything up to the month is read.
		_, end := month.Limits(b.evaluator.zone)
		hash, err := b.rowsHash(ctx, table, column+" < $end", map[string]any{"end": boundary(end, month.Add(1), isDate)}, table+" until "+month.String())
		return hash, err
	}
	for k := months[0]; k <= months[1]; k++ {
		one := month.Add(k)
		start, end := one.Limits(b.evaluator.zone)
		p := map[string]any{"start": boundary(start, one, isDate), "end": boundary(end, one.Add(1), isDate)}
		hash, err := b.rowsHash(ctx, table, column+" >= $start AND "+column+" < $end", p, table+" "+one.String())
		if err != nil {
			return "", err
		}
		parts = append(parts, hash)
	}
	return strings.Join(parts, " "), nil
}

// rowsHash counts and hashes rows. A stored row never changes under its load and line: a correction brings a new
// row, so these two say all about the content.
func (b *builder) rowsHash(ctx context.Context, table, where string, parameters map[string]any, key string) (string, error) {
	if hash, ok := b.sources[key]; ok {
		return hash, nil
	}
	query := fmt.Sprintf("SELECT count(*) || ' ' || coalesce(CAST(sum(hash(load_id, source_line)) AS VARCHAR), '') FROM %s WHERE %s", schema.Quote(table), where)
	r, err := store.Collect(ctx, b.conn, query, parameters)
	if err != nil {
		return "", err
	}
	b.sources[key] = r.Rows[0][0].(string)
	return b.sources[key], nil
}

// contentOf hashes the rows of a mart's month, whatever their order.
func (b *builder) contentOf(ctx context.Context, m *marts.Mart, month calendar.Month) (string, error) {
	columns := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		columns[i] = schema.Quote(c.Name)
	}
	query := fmt.Sprintf("SELECT count(*) || ' ' || coalesce(CAST(sum(hash(%s)) AS VARCHAR), '') FROM %s WHERE month = CAST($month AS DATE)", strings.Join(columns, ", "), b.readings.mart(m.Name))
	r, err := store.Collect(ctx, b.conn, query, map[string]any{"month": dateText(month.Day())})
	if err != nil {
		return "", err
	}
	return r.Rows[0][0].(string), nil
}

// timeColumn is the column that says in which month a row of an event table lies.
func timeColumn(table string) (column string, isDate bool, err error) {
	t, ok := schema.Default().Table(table)
	if !ok || len(t.Time) == 0 {
		return "", false, fmt.Errorf("%s is no event table", table)
	}
	c, _ := t.Column(t.Time[0])
	return c.Name, c.Type == schema.Date, nil
}

func boundary(instant time.Time, month calendar.Month, isDate bool) string {
	if isDate {
		return dateText(month.Day())
	}
	return instantText(instant)
}

// firstMonth is the month of the first event that a mart reads, directly or by way of other marts.
func (b *builder) firstMonth(ctx context.Context, m *marts.Mart) (calendar.Month, bool, error) {
	var first calendar.Month
	found := false
	for _, table := range eventTables(m) {
		month, ok, err := b.firstEvent(ctx, table)
		if err != nil {
			return first, false, err
		}
		if ok && (!found || month.Before(first)) {
			first, found = month, true
		}
	}
	return first, found, nil
}

func (b *builder) firstEvent(ctx context.Context, table string) (calendar.Month, bool, error) {
	if m, ok := b.first[table]; ok {
		return m, !m.IsZero(), nil
	}
	column, isDate, err := timeColumn(table)
	if err != nil {
		return calendar.Month{}, false, err
	}
	value := "strftime(local_time(min(" + column + "), $time_zone), '%Y-%m')"
	if isDate {
		value = "strftime(min(" + column + "), '%Y-%m')"
	}
	r, err := store.Collect(ctx, b.conn, fmt.Sprintf("SELECT %s FROM %s", value, schema.Quote(table)), map[string]any{"time_zone": b.evaluator.zone.String()})
	if err != nil {
		return calendar.Month{}, false, err
	}
	text, ok := r.Rows[0][0].(string)
	if !ok {
		b.first[table] = calendar.Month{}
		return calendar.Month{}, false, nil
	}
	month, err := calendar.ParseMonth(text)
	b.first[table] = month
	return month, err == nil, err
}

// eventTables lists the event tables behind a mart.
func eventTables(m *marts.Mart) []string {
	names := map[string]bool{}
	for name := range m.Events {
		names[name] = true
	}
	for name := range m.Marts {
		other, _ := marts.Find(name)
		for _, n := range eventTables(other) {
			names[n] = true
		}
	}
	return sortedKeys(names)
}
