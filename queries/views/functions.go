package views

import (
	"strings"

	"weir/internal/lang"
	"weir/queries/schema"
)

// Function is a function that the published schema adds to those of the engine.
type Function struct {
	Name  string
	Call  string   // as written, with its arguments
	SQL   string   // CREATE MACRO
	Reads []string // published tables that it reads
	lang.Text
}

// Functions are the functions of a workspace in a time zone. They are macros, so that an exported script takes them
// along.
func Functions(zone string) []Function {
	z := schema.Literal(zone)
	list := []Function{
		{Call: "local_time(instant)", SQL: "timezone(" + z + ", timezone('UTC', instant))", Text: lang.T("UTC 时间戳在工作区时区的当地时间", "wall-clock time of a UTC timestamp in the workspace's zone")},
		{Call: "local_day(instant)", SQL: "CAST(timezone(" + z + ", timezone('UTC', instant)) AS DATE)", Text: lang.T("UTC 时间戳在工作区时区的日期", "calendar day of a UTC timestamp in the workspace's zone")},
		{Call: "month_start(month)", SQL: "timezone('UTC', timezone(" + z + ", CAST(month AS TIMESTAMP)))", Text: lang.T("月份开始的时刻（UTC，含）", "moment at which a month begins (UTC, included)")},
		{Call: "month_end(month)", SQL: "timezone('UTC', timezone(" + z + ", CAST(month AS TIMESTAMP) + INTERVAL 1 MONTH))", Text: lang.T("月份结束的时刻（UTC，不含）", "moment at which a month ends (UTC, excluded)")},
		{Call: "working_days(earlier, later)", Reads: []string{"working_day"}, SQL: "((SELECT max(ordinal) FROM working_day WHERE day = CAST(later AS DATE)) - (SELECT max(ordinal) FROM working_day WHERE day = CAST(earlier AS DATE)))",
			Text: lang.T("两个日期之间的工作日数（不含起日，含止日；超出日历为空）", "working days after the first day up to and with the second; NULL beyond the calendar")},
		{Call: "quotient(a, b)", SQL: "CAST(CAST(a AS DOUBLE) / nullif(CAST(b AS DOUBLE), 0) AS DECIMAL(38, 12))",
			Text: lang.T("商，取十二位小数的精确数，求和不受次序影响；分母为零时为空", "quotient as an exact number of twelve decimals, so that sums of it do not depend on their order; NULL where b is 0")},
		{Call: "share(part, whole)", SQL: "CASE WHEN whole > 0 THEN round(100.0 * part / whole, 1) END", Text: lang.T("百分比，一位小数；分母为零时为空", "percentage with one decimal; NULL where the whole is 0")},
	}
	for i := range list {
		name, _, _ := strings.Cut(list[i].Call, "(")
		list[i].Name = name
		list[i].SQL = "CREATE MACRO " + list[i].Call + " AS " + list[i].SQL
	}
	return list
}

// FunctionNames lists the names of Functions.
func FunctionNames() []string {
	var names []string
	for _, f := range Functions("UTC") {
		names = append(names, f.Name)
	}
	return names
}
