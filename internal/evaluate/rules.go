package evaluate

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"weir/internal/calendar"
	"weir/internal/lang"
	"weir/queries/marts"
)

// ruleTable is a reference table made from the settings, which marts and pages join.
type ruleTable struct {
	name    string
	label   lang.Text
	columns []marts.Column
	rows    []string // SQL tuples
}

// sql makes the table anew.
func (r ruleTable) sql(temporary bool) []string {
	statements := []string{fmt.Sprintf("CREATE OR REPLACE TEMP TABLE %s (%s)", r.name, r.definition())}
	if !temporary {
		statements = []string{fmt.Sprintf("CREATE OR REPLACE TABLE %s (%s)", r.name, r.definition())}
		statements = append(statements, marts.Comments(r.name, r.label, r.columns)...)
	}
	for chunk := range slices.Chunk(r.rows, 1000) {
		statements = append(statements, fmt.Sprintf("INSERT INTO %s VALUES %s", r.name, strings.Join(chunk, ", ")))
	}
	return statements
}

func (r ruleTable) definition() string {
	list := make([]string, len(r.columns))
	for i, c := range r.columns {
		list[i] = c.Name + " " + c.Type
	}
	return strings.Join(list, ", ")
}

// content is the text by which a change of the table is seen.
func (r ruleTable) content() string { return r.definition() + "\n" + strings.Join(r.rows, "\n") }

func column(name, sqlType, zh, en, unit string) marts.Column {
	return marts.Column{Name: name, Type: sqlType, Text: lang.T(zh, en), Unit: unit}
}

// ruleTables makes every rule table. The cadences are those that the catalogue promises.
func (e *Evaluator) ruleTables(ctx context.Context, conn *sql.Conn) ([]ruleTable, error) {
	cadences, err := promisedCadences(ctx, conn)
	if err != nil {
		return nil, err
	}
	cadence, err := e.cadenceRules(cadences)
	if err != nil {
		return nil, err
	}
	shelf, err := e.shelfLifeRules()
	if err != nil {
		return nil, err
	}
	return []ruleTable{cadence, shelf, e.timeLimitRules(), workingDays(e.calendar)}, nil
}

func promisedCadences(ctx context.Context, conn *sql.Conn) ([]string, error) {
	rows, err := conn.QueryContext(ctx, "SELECT DISTINCT cadence FROM dataset WHERE cadence IS NOT NULL ORDER BY cadence")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}

// realtime is how a promise of 实时 or 即时 may be written: a word, or a period of seconds.
var realtime = regexp.MustCompile(`^(realtime|PT\d+S|P0D|PT0M)$`)

// cadenceRules says of each promised cadence how it is judged. irregular and static promise no slot; a cadence
// that cannot be read promises none either and leaves its resources without one, which the indicator reports.
func (e *Evaluator) cadenceRules(cadences []string) (ruleTable, error) {
	t := ruleTable{name: "rule_cadence", label: lang.T("更新周期规则", "how promised update periods are judged"), columns: []marts.Column{
		column("cadence", "VARCHAR", "目录所载更新周期", "period as the catalogue states it", ""),
		column("is_regular", "BOOLEAN", "是否承诺定期更新", "promises regular updates", ""),
		column("months", "BIGINT", "按自然月计的周期", "period in calendar months, 0 where it is counted in minutes", "month"),
		column("minutes", "BIGINT", "按分钟计的周期", "period in minutes, 0 where it is counted in months", "min"),
		column("nominal_minutes", "BIGINT", "周期折合分钟", "nominal length of the period", "min"),
		column("grace_percent", "BIGINT", "宽限占周期的百分比", "grace after a slot, as a part of it", "%"),
		column("shelf_life_minutes", "BIGINT", "默认保鲜期", "shelf life where the kind of data states none", "min"),
	}}
	shortest, err := ParseSpan(e.settings.Cadence.Shortest)
	if err != nil {
		return t, err
	}
	for _, text := range cadences {
		written := text
		if realtime.MatchString(text) {
			written = e.settings.Cadence.Realtime
		}
		span, err := ParseSpan(written)
		if err != nil {
			if text == "irregular" || text == "static" {
				t.rows = append(t.rows, fmt.Sprintf("(%s, false, 0, 0, NULL, NULL, NULL)", literal(text)))
			}
			continue
		}
		if span.Nominal() < shortest.Nominal() {
			span = shortest
		}
		nominal := span.Nominal()
		shelf := int64(math.Round(float64(nominal) * e.settings.ShelfLife.Periods))
		t.rows = append(t.rows, fmt.Sprintf("(%s, true, %d, %d, %d, %d, %d)", literal(text), span.Months, span.Minutes, nominal, e.settings.Cadence.GracePercent, shelf))
	}
	return t, nil
}

func (e *Evaluator) shelfLifeRules() (ruleTable, error) {
	t := ruleTable{name: "rule_shelf_life", label: lang.T("数据保鲜期规则", "shelf lives by kind of data"), columns: []marts.Column{
		column("data_kind", "VARCHAR", "数据种类", "kind of data", ""),
		column("minutes", "BIGINT", "保鲜期", "shelf life", "min"),
	}}
	for _, kind := range sortedKeys(e.settings.ShelfLife.ByKind) {
		span, err := ParseSpan(e.settings.ShelfLife.ByKind[kind])
		if err != nil {
			return t, err
		}
		t.rows = append(t.rows, fmt.Sprintf("(%s, %d)", literal(kind), span.Nominal()))
	}
	return t, nil
}

// timeLimitRules lays the limits of a rule end to end: at each day the newest local limit in force holds, else the
// newest national one.
func (e *Evaluator) timeLimitRules() ruleTable {
	t := ruleTable{name: "rule_time_limit", label: lang.T("法定时限规则", "limits in working days, by the law of their time"), columns: []marts.Column{
		column("rule", "VARCHAR", "规则", "rule", ""),
		column("effective_from", "DATE", "施行日期", "first day in force", ""),
		column("effective_to", "DATE", "失效日期", "first day no longer in force", ""),
		column("days", "BIGINT", "时限", "limit", "working day"),
		column("maximum_extension", "BIGINT", "最长延期", "longest extension", "working day"),
	}}
	for _, rule := range Rules {
		var limits []TimeLimit
		var starts []time.Time
		for _, l := range e.settings.TimeLimits {
			if l.Rule == rule && (l.Jurisdiction == "" || l.Jurisdiction == e.settings.Jurisdiction) {
				limits = append(limits, l)
				starts = append(starts, l.From.Time)
			}
		}
		slices.SortFunc(starts, time.Time.Compare)
		starts = slices.Compact(starts)
		for i, from := range starts {
			to := calendar.Date(9999, time.December, 31)
			if i+1 < len(starts) {
				to = starts[i+1]
			}
			l := inForce(limits, from)
			t.rows = append(t.rows, fmt.Sprintf("(%s, DATE '%s', DATE '%s', %d, %d)", literal(rule), dateText(from), dateText(to), l.Days, l.MaximumExtension))
		}
	}
	return t
}

// inForce is the limit that holds on a day: a local one before a national one, the newest of either.
func inForce(limits []TimeLimit, day time.Time) TimeLimit {
	var best *TimeLimit
	for i := range limits {
		l := &limits[i]
		if l.From.After(day) {
			continue
		}
		if best == nil || (l.Jurisdiction != "") && best.Jurisdiction == "" ||
			(l.Jurisdiction == "") == (best.Jurisdiction == "") && l.From.After(best.From.Time) {
			best = l
		}
	}
	return *best
}

func workingDays(c *calendar.Calendar) ruleTable {
	t := ruleTable{name: "working_day", label: lang.T("工作日历", "calendar of working days"), columns: []marts.Column{
		column("day", "DATE", "日期", "day", ""),
		column("is_working", "BOOLEAN", "是否工作日", "is a working day", ""),
		column("ordinal", "BIGINT", "累计工作日数", "working days up to and including this day", ""),
	}}
	for _, d := range c.Days() {
		t.rows = append(t.rows, fmt.Sprintf("(DATE '%s', %t, %d)", dateText(d.Date), d.IsWorking, d.Ordinal))
	}
	return t
}

func dateText(t time.Time) string { return t.Format(time.DateOnly) }
