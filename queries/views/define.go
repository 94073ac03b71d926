package views

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"weir/internal/lang"
	"weir/queries/page"
	"weir/queries/schema"
)

// Definition is a view as an engine makes it. Else is used where SQL finds its table missing: a workspace that has
// closed no month has no marts yet.
type Definition struct {
	Name string
	SQL  string
	Else string
}

// Close is one line of the register of closed months.
type Close struct {
	Month    string // YYYY-MM
	Revision int
	AsOf     time.Time
	ClosedAt time.Time
	Stamp    string
}

// OverDatabase defines the published tables over a database attached as workspace.
func OverDatabase(indicators []*page.Indicator) []Definition {
	var list []Definition
	for _, v := range All() {
		d := Definition{Name: v.Name, Else: v.empty()}
		from := "workspace." + schema.Quote(v.Name)
		switch v.kind {
		case constant:
			d.SQL = v.constant(indicators)
		case result:
			d.SQL = fmt.Sprintf("SELECT %s FROM %s WHERE (month, revision) IN (SELECT (month, max(revision)) FROM workspace.month_close GROUP BY month)", v.monthAsDate(), from)
		case closes:
			d.SQL = fmt.Sprintf("SELECT %s FROM %s QUALIFY row_number() OVER (PARTITION BY month ORDER BY revision DESC) = 1", v.monthAsDate(), from)
		default:
			d.SQL = "SELECT " + v.columnList() + " FROM " + from
		}
		list = append(list, d)
	}
	return list
}

// OverLake defines the published tables over Parquet files. files gives those of a table: of the close itself, or of
// every month up to it where the table lies in the lake month by month.
func OverLake(indicators []*page.Indicator, register []Close, files func(table string, everyMonth bool) []string) []Definition {
	var list []Definition
	for _, v := range All() {
		d := Definition{Name: v.Name, Else: v.empty()}
		switch v.kind {
		case constant:
			d.SQL = v.constant(indicators)
		case closes:
			d.SQL = v.register(register)
		default:
			d.SQL = v.overParquet(files(v.Name, v.partition))
		}
		list = append(list, d)
	}
	return list
}

// overParquet reads files by the names of their columns. A column that older files lack is NULL, also where all lack it.
func (v *View) overParquet(files []string) string {
	if len(files) == 0 {
		return v.empty()
	}
	quoted := make([]string, len(files))
	for i, f := range files {
		quoted[i] = schema.Literal(f)
	}
	columns := v.columnList()
	if v.kind == result {
		columns = v.monthAsDate()
	}
	var missing []string
	for _, c := range v.Columns {
		kind := c.Type
		if v.kind == result && c.Name == "month" {
			kind = "VARCHAR"
		}
		if c.computed == "" {
			missing = append(missing, "CAST(NULL AS "+kind+") AS "+schema.Quote(c.Name))
		}
	}
	return fmt.Sprintf(`SELECT %s
FROM (
  SELECT * FROM read_parquet([
    %s
  ], union_by_name = true, hive_partitioning = false)
  UNION ALL BY NAME -- columns that older files lack are NULL
  SELECT %s WHERE false
)`, columns, strings.Join(quoted, ",\n    "), strings.Join(missing, ", "))
}

// monthAsDate lists the columns with the month, a text in the tables of results, as the date of its first day.
func (v *View) monthAsDate() string {
	return strings.Replace(v.columnList(), `"month"`, `CAST("month" || '-01' AS DATE) AS "month"`, 1)
}

func (v *View) register(list []Close) string {
	rows := make([][]string, len(list))
	for i, c := range list {
		rows[i] = []string{schema.Literal(c.Month + "-01"), fmt.Sprint(c.Revision), instant(c.AsOf), instant(c.ClosedAt), schema.Literal(c.Stamp)}
	}
	return v.values(rows)
}

func (v *View) constant(indicators []*page.Indicator) string {
	if v.Name == "code" {
		return v.values(codeRows())
	}
	return v.values(indicatorRows(indicators))
}

// values writes rows of literals as a query with the view's columns and types.
func (v *View) values(rows [][]string) string {
	if len(rows) == 0 {
		return v.empty()
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = "(" + strings.Join(row, ", ") + ")"
	}
	columns := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		columns[i] = fmt.Sprintf("CAST(%s AS %s) AS %s", schema.Quote(c.Name), c.Type, schema.Quote(c.Name))
	}
	return fmt.Sprintf("SELECT %s FROM (VALUES %s) AS listed(%s)", strings.Join(columns, ", "), strings.Join(lines, ", "), v.columnList())
}

func codeRows() [][]string {
	var rows [][]string
	all := codes()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, code := range slices.Sorted(maps.Keys(all[name])) {
			label := all[name][code]
			rows = append(rows, []string{schema.Literal(name), schema.Literal(code), schema.Literal(label.Zh), schema.Literal(label.En)})
		}
	}
	return rows
}

func indicatorRows(indicators []*page.Indicator) [][]string {
	var rows [][]string
	for _, p := range indicators {
		group, weight := "NULL", "NULL"
		if p.Scoring != nil {
			group, weight = schema.Literal(p.Scoring.Group), fmt.Sprint(p.Scoring.Weight)
		}
		rows = append(rows, []string{schema.Literal(p.ID), fmt.Sprint(p.Version), schema.Literal(p.Name.In(lang.Zh)), schema.Literal(p.Name.In(lang.En)),
			schema.Literal(p.Dimension), schema.Literal(p.Unit), fmt.Sprint(p.Decimals), schema.Literal(string(p.Direction)), group, weight,
			schema.Literal(p.Definition.In(lang.Zh)), schema.Literal(p.Definition.In(lang.En))})
	}
	return rows
}

func instant(t time.Time) string { return schema.Literal(t.UTC().Format("2006-01-02 15:04:05.999999")) }
