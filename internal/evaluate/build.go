package evaluate

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
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

	rules    map[string]string // rule table → hash of its content
	sources  map[string]string // event or reference table and month → hash of the rows
	done     map[string]record // mart and month ensured in this call
	first    map[string]calendar.Month
	reported []Built
}

// record is what mart_build keeps of a mart's month.
type record struct {
	fingerprint string // of all that went into it
	content     string // of its rows; states that are carried on only
	rows        int64
}

// build ensures every mart of the month and of the months before it that pages read.
func (b *builder) build(ctx context.Context, month calendar.Month) ([]Built, error) {
	b.rules, b.sources, b.done, b.first = map[string]string{}, map[string]string{}, map[string]record{}, map[string]calendar.Month{}
	if err := b.prepare(ctx); err != nil {
		return nil, err
	}
	for _, m := range b.evaluator.marts {
		from := month
		switch first, ok, err := b.firstMonth(ctx, m); {
		case err != nil:
			return nil, err
		case m.History == marts.AllMonths && ok && first.Before(month):
			from = first
		case m.History > 0:
			from = month.Add(-m.History)
			// Before the first event there is nothing to keep.
			if !ok {
				from = month
			} else if from.Before(first) && !month.Before(first) {
				from = first
			}
		}
		for k := from; !month.Before(k); k = k.Add(1) {
			if _, err := b.ensure(ctx, m, k); err != nil {
				return nil, err
			}
		}
	}
	return b.reported, nil
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
	tables, err := b.evaluator.ruleTables(ctx, b.conn)
	if err != nil {
		return err
	}
	for _, t := range tables {
		hash := digest(t.content())
		b.rules[t.name] = hash
		old, err := b.recorded(ctx, t.name, calendar.Month{Year: 1, Month: 1})
		if err != nil {
			return err
		}
		if old.fingerprint == hash {
			continue
		}
		for _, statement := range t.sql(b.temporary) {
			if err := b.exec(ctx, statement, nil); err != nil {
				return err
			}
		}
		if err := b.keep(ctx, t.name, calendar.Month{Year: 1, Month: 1}, record{fingerprint: hash}); err != nil {
			return err
		}
	}
	for _, m := range b.evaluator.marts {
		if err := b.create(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// create makes a mart's table, anew when its definition has changed.
func (b *builder) create(ctx context.Context, m *marts.Mart) error {
	definition := digest(m.CreateSQL(false), m.SQL)
	old, err := b.recorded(ctx, m.Name, calendar.Month{Year: 1, Month: 1})
	if err != nil || old.fingerprint == definition {
		return err
	}
	statements := []string{"DROP TABLE IF EXISTS " + m.Name, m.CreateSQL(b.temporary)}
	if b.temporary {
		statements = statements[1:]
	} else {
		statements = append(statements, m.CommentSQL()...)
	}
	for _, s := range statements {
		if err := b.exec(ctx, s, nil); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	if err := b.exec(ctx, "DELETE FROM mart_build WHERE name = $name", map[string]any{"name": m.Name}); err != nil {
		return err
	}
	return b.keep(ctx, m.Name, calendar.Month{Year: 1, Month: 1}, record{fingerprint: definition})
}

// ensure makes one month of a mart valid: its fingerprint is compared, and it is built only when that differs.
func (b *builder) ensure(ctx context.Context, m *marts.Mart, month calendar.Month) (record, error) {
	key := m.Name + " " + month.String()
	if r, ok := b.done[key]; ok {
		return r, nil
	}
	fingerprint, prior, err := b.fingerprint(ctx, m, month)
	if err != nil {
		return record{}, err
	}
	r, err := b.recorded(ctx, m.Name, month)
	if err != nil {
		return record{}, err
	}
	reused := r.fingerprint == fingerprint
	if !reused {
		if err := b.ensureRead(ctx, m, month, prior); err != nil {
			return record{}, err
		}
		if r, err = b.buildMonth(ctx, m, month, prior, fingerprint); err != nil {
			return record{}, fmt.Errorf("%s of %s: %w", m.Name, month, err)
		}
	}
	b.done[key] = r
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
			if _, err := b.ensure(ctx, other, month.Add(k)); err != nil {
				return err
			}
		}
	}
	return nil
}

// buildMonth replaces one month of a mart.
func (b *builder) buildMonth(ctx context.Context, m *marts.Mart, month calendar.Month, prior bool, fingerprint string) (record, error) {
	parameters := b.parameters(m, month, prior)
	if err := b.exec(ctx, "DELETE FROM "+m.Name+" WHERE month = CAST($month AS DATE)", parameters); err != nil {
		return record{}, err
	}
	inserted, err := b.conn.ExecContext(ctx, m.InsertSQL(), store.Bind(m.InsertSQL(), parameters)...)
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
	return r, b.keep(ctx, m.Name, month, r)
}

// parameters are those of the month and, for a state, from where on to read.
func (b *builder) parameters(m *marts.Mart, month calendar.Month, prior bool) map[string]any {
	asOf := b.asOf
	if _, end := month.Limits(b.evaluator.zone); !asOf.IsZero() && asOf.After(end) && m.Chain {
		// A state of an earlier month does not depend on what became known later.
		asOf = time.Time{}
	}
	p := b.evaluator.parameters(month, asOf)
	if !m.Chain {
		return p
	}
	p["chain_month"], p["chain_from_month"], p["chain_start"] = "0001-01-01", dateText(month.Add(-12).Day()), "0001-01-01 00:00:00"
	if prior {
		p["chain_month"], p["chain_from_month"], p["chain_start"] = dateText(month.Add(-1).Day()), p["month"], p["period_start"]
	}
	return p
}

func (b *builder) recorded(ctx context.Context, name string, month calendar.Month) (record, error) {
	result, err := store.Collect(ctx, b.conn, "SELECT fingerprint, coalesce(content, ''), row_count FROM mart_build WHERE name = $name AND month = CAST($month AS DATE)",
		map[string]any{"name": name, "month": dateText(month.Day())})
	if err != nil || len(result.Rows) == 0 {
		return record{}, err
	}
	row := result.Rows[0]
	return record{fingerprint: row[0].(string), content: row[1].(string), rows: row[2].(int64)}, nil
}

func (b *builder) keep(ctx context.Context, name string, month calendar.Month, r record) error {
	p := map[string]any{"name": name, "month": dateText(month.Day()), "fingerprint": r.fingerprint, "content": r.content, "rows": r.rows}
	if err := b.exec(ctx, "DELETE FROM mart_build WHERE name = $name AND month = CAST($month AS DATE)", p); err != nil {
		return err
	}
	return b.exec(ctx, "INSERT INTO mart_build VALUES ($name, CAST($month AS DATE), $fingerprint, $content, $rows)", p)
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
