// Package views is the published schema: the tables that notebooks and `weir sql` read, each with meaning, units and
// code lists in Chinese and English. It is stable: names and meanings stay when the tables beneath change, columns are
// added at the end and never taken away within a major version. Nothing that identifies a person is published.
//
// A view is described once and defined twice, over the database of a workspace and over the Parquet files of its lake.
// The package describes and writes SQL; it opens nothing.
package views

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"weir/internal/lang"
	"weir/internal/strictyaml"
	"weir/queries/marts"
	"weir/queries/schema"
)

// View is one published table.
type View struct {
	Name      string `yaml:"name"`
	Group     string `yaml:"group"`
	lang.Text `yaml:",inline"`
	Columns   []Column `yaml:"columns"`

	kind      kind
	partition bool // the lake holds each month's rows with that month
}

// Column is one column of a view.
type Column struct {
	Name      string `yaml:"name"`
	Type      string `yaml:"type"` // SQL type
	lang.Text `yaml:",inline"`
	Unit      string `yaml:"unit"`
	Codes     string `yaml:"codes"` // code list that its values come from
	Ref       string `yaml:"ref"`   // table whose key it holds

	computed string // SQL over the columns of the table beneath; "" for one of them
}

// kind says where the rows of a view come from.
type kind int

const (
	event    kind = iota // a table of the event model
	mart                 // a table built month by month
	result               // values and scores, of which the newest revision of each month counts
	closes               // the register of closed months
	constant             // rows that stand in the definition itself
	workdays             // the calendar
)

//go:embed own.yaml
var ownYAML []byte

// All lists the published tables: results first, then reference tables, events by group, marts.
var All = sync.OnceValue(func() []*View {
	var own []*View
	if problems := strictyaml.Decode("queries/views/own.yaml", 1, ownYAML, &own); len(problems) > 0 {
		// The file is embedded and tested: a failure here is a broken build.
		panic(problems.Error())
	}
	for _, v := range own {
		switch v.Name {
		case "indicator_value", "department_score", "grade_probability", "integrity_measure":
			v.kind, v.partition = result, true
		case "month_close":
			v.kind = closes
		case "working_day":
			v.kind = workdays
		default:
			v.kind = constant
		}
	}
	list := own
	for i := range schema.Default().Tables {
		list = append(list, ofTable(&schema.Default().Tables[i]))
	}
	for _, m := range marts.All() {
		list = append(list, ofMart(m))
	}
	return list
})

// ofTable publishes an event table without what identifies a person and without the marks of its loads.
func ofTable(t *schema.Table) *View {
	v := &View{Name: t.Name, Group: t.Group, Text: t.Text, kind: event, partition: t.Partition != ""}
	for _, c := range t.Columns {
		if c.Public() {
			v.Columns = append(v.Columns, Column{Name: c.Name, Type: c.Type.SQL(), Text: c.Text, Unit: c.Unit, Codes: c.Codes, Ref: c.Ref})
		}
	}
	v.Columns = append(v.Columns, computed[t.Name]...)
	return v
}

// computed are columns that the published schema adds to event tables.
var computed = map[string][]Column{
	"department": {{Name: "unique_name", Type: "VARCHAR", Text: lang.T("唯一名称（重名部门加注区划或标识）", "name that tells namesakes apart by district or identifier"),
		computed: "CASE WHEN count(*) OVER (PARTITION BY name) = 1 THEN name " +
			"WHEN district IS NOT NULL AND count(*) OVER (PARTITION BY name, district) = 1 THEN name || '（' || district || '）' " +
			"ELSE name || '（' || department_id || '）' END"}},
}

func ofMart(m *marts.Mart) *View {
	v := &View{Name: m.Name, Group: "mart", Text: m.Label, kind: mart, partition: true}
	v.Columns = append(v.Columns, Column{Name: "month", Type: "DATE", Text: lang.T("月份首日", "first day of the month")})
	for _, c := range m.Columns {
		v.Columns = append(v.Columns, Column{Name: c.Name, Type: c.Type, Text: c.Text, Unit: c.Unit, Codes: c.Codes})
	}
	return v
}

// Find is the view of a name.
func Find(name string) (*View, bool) {
	i := slices.IndexFunc(All(), func(v *View) bool { return v.Name == name })
	if i < 0 {
		return nil, false
	}
	return All()[i], true
}

// Names lists the published tables.
func Names() []string {
	var names []string
	for _, v := range All() {
		names = append(names, v.Name)
	}
	return names
}

// Groups are the groups of tables in the order of All, with what they hold.
var Groups = []struct {
	ID string
	lang.Text
}{
	{"result", lang.T("月结结果", "results of closed months")},
	{"reference", lang.T("基础资料", "reference tables")},
	{"catalogue", lang.T("目录与资源", "catalogue and resources")},
	{"exchange", lang.T("申请、使用与更新", "requests, use and updates")},
	{"use", lang.T("场景与办件", "scenarios and matters")},
	{"quality", lang.T("质量与校核", "quality and correction")},
	{"mechanism", lang.T("机制与人员", "mechanisms and people")},
	{"performance", lang.T("预算与绩效", "money and performance")},
	{"mart", lang.T("按月汇总表（mart）", "tables condensed month by month (marts)")},
}

// columnList writes the columns of a view, quoted, with those that are computed.
func (v *View) columnList() string {
	names := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		names[i] = schema.Quote(c.Name)
		if c.computed != "" {
			names[i] = c.computed + " AS " + names[i]
		}
	}
	return strings.Join(names, ", ")
}

// empty is a query that has the columns of the view and no rows.
func (v *View) empty() string {
	columns := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		columns[i] = "CAST(NULL AS " + c.Type + ") AS " + schema.Quote(c.Name)
	}
	return "SELECT " + strings.Join(columns, ", ") + " WHERE false"
}
