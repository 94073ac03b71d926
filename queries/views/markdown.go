package views

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Markdown writes the reference of the published schema in both languages: of one table, or of all, with functions and
// code lists.
func Markdown(table string) string {
	var b strings.Builder
	if table != "" {
		if v, ok := Find(table); ok {
			v.markdown(&b)
		}
		return b.String()
	}
	b.WriteString("# 公开的数据表 Published tables\n\n")
	b.WriteString("笔记本与 `weir sql` 可读的表。时间戳均为 UTC；月份为该月首日的日期。\n\n")
	b.WriteString("The tables that notebooks and `weir sql` read. Timestamps are UTC; a month is the date of its first day.\n")
	for _, g := range Groups {
		fmt.Fprintf(&b, "\n## %s %s\n", g.Zh, g.En)
		for _, v := range All() {
			if v.Group == g.ID {
				b.WriteByte('\n')
				v.markdown(&b)
			}
		}
	}
	b.WriteString("\n## 函数 Functions\n\n除 DuckDB 的常用函数外，还可使用：\n\nBeside the usual functions of DuckDB:\n\n| 函数 function | 含义 | meaning |\n|---|---|---|\n")
	for _, f := range Functions("UTC") {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Call, cell(f.Zh), cell(f.En))
	}
	b.WriteString("\n## 单位 Units\n\n| 单位 unit | 含义 | meaning |\n|---|---|---|\n| `1` | 无量纲 | pure number |\n")
	for _, name := range UnitNames() {
		if label := Units[name]; label.Zh != "" {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, cell(label.Zh), cell(label.En))
		}
	}
	b.WriteString("\n## 代码表 Code lists\n\n| 代码表 list | 代码 code | 含义 | meaning |\n|---|---|---|---|\n")
	all := codes()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, code := range slices.Sorted(maps.Keys(all[name])) {
			fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", name, code, cell(all[name][code].Zh), cell(all[name][code].En))
		}
	}
	return b.String()
}

func (v *View) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "### `%s` %s %s\n\n| 列 column | 类型 type | 单位 unit | 含义 | meaning |\n|---|---|---|---|---|\n", v.Name, v.Zh, v.En)
	for _, c := range v.Columns {
		zh, en := cell(c.Zh), cell(c.En)
		if c.Codes != "" {
			zh, en = zh+"；代码表 `"+c.Codes+"`", en+"; code list `"+c.Codes+"`"
		}
		if c.Ref != "" {
			zh, en = zh+"；见 `"+c.Ref+"`", en+"; see `"+c.Ref+"`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s |\n", c.Name, c.Type, cell(c.Unit), zh, en)
	}
}

var cellEscape = strings.NewReplacer("|", `\|`, "\n", " ")

func cell(s string) string { return cellEscape.Replace(s) }
