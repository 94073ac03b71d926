package runner

import (
	"regexp"
	"strings"

	"weir/internal/lang"
)

// saying puts one kind of message of the engine into Chinese; $1 and $2 stand for its parts.
type saying struct {
	pattern *regexp.Regexp
	zh      string
	cure    lang.Text
}

var sayings = []saying{
	{regexp.MustCompile(`^Referenced column "([^"]*)" not found in FROM clause!\s*Candidate bindings: (.*)$`), `找不到列 $1；可用的列如 $2`, lang.Text{}},
	{regexp.MustCompile(`^Referenced column "([^"]*)" not found`), `找不到列 $1`, lang.Text{}},
	{regexp.MustCompile(`^Referenced table "([^"]*)" not found!`), `找不到表或别名 $1`, lang.Text{}},
	{regexp.MustCompile(`^(?:Table|Values list) "([^"]*)" does not have a column named "([^"]*)"`), `表 $1 没有列 $2`, lang.Text{}},
	{regexp.MustCompile(`^Ambiguous reference to column name "([^"]*)" \(use: (.*)\)$`), `列名 $1 指代不明，请写 $2`, lang.Text{}},
	{regexp.MustCompile(`^column "([^"]*)" must appear in the GROUP BY clause`), `列 $1 须写入 GROUP BY，或放进聚合函数`, lang.Text{}},
	{regexp.MustCompile(`^WHERE clause cannot contain aggregates`), `WHERE 中不能使用聚合函数，请改用 HAVING`, lang.Text{}},
	{regexp.MustCompile(`^aggregate function calls cannot be nested`), `聚合函数不能嵌套`, lang.Text{}},
	{regexp.MustCompile(`^No function matches the given name and argument types '([^']*)'`), `函数的参数个数或类型不符：$1`, lang.T("必要时用 CAST 转换类型", "convert with CAST where needed")},
	{regexp.MustCompile(`^Could not choose a best candidate function for the function call "([^"]*)"`), `无法确定参数类型：$1`, lang.T("用 CAST 写明类型", "state the types with CAST")},
	{regexp.MustCompile(`^Could not convert string '(.*)' to (\w+)`), `文本“$1”不能转换为 $2`, lang.T("可用 TRY_CAST，转换不了时为空", "TRY_CAST gives NULL where that fails")},
	{regexp.MustCompile(`^date field value out of range: "(.*)"`), `不存在的日期：$1`, lang.Text{}},
	{regexp.MustCompile(`^Set operations can only apply to expressions with the same number of result columns`), `UNION 等两侧的列数不同`, lang.Text{}},
	{regexp.MustCompile(`^More than one row returned by a subquery`), `作为一个值的子查询返回了多行`, lang.Text{}},
	{regexp.MustCompile(`^Overflow in (.*)!?$`), `数值溢出：$1`, lang.Text{}},
}

// engineWords gives a message of the engine in both languages. English keeps the engine's first sentence, and what
// candidates it names; settings that it recommends are not the user's to change.
func engineWords(message string) (what, cure lang.Text) {
	english, _, _ := strings.Cut(message, "\n\n")
	english, _, _ = strings.Cut(english, "\n\tCandidate functions:")
	english = strings.ReplaceAll(strings.TrimSpace(english), "\n", " ")
	for _, s := range sayings {
		if m := s.pattern.FindStringSubmatchIndex(english); m != nil {
			return lang.T(string(s.pattern.ExpandString(nil, s.zh, english, m)), english), s.cure
		}
	}
	return lang.T("语句有误："+english, english), lang.Text{}
}
