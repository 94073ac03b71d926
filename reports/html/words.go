package html

import (
	"encoding/json"
	"html/template"

	"weir/internal/lang"
)

// words are the fixed texts of a page.
type words struct {
	Contents, Stamp, Appendix, AppendixIntro, Unit, Source, Remark, How, Behind, SQL string

	Figure, Table, Interval, Target string
	NoteKinds                       [3]string
	Total                           string
	Script                          template.JS // for page.js
}

func wordsIn(l lang.Lang) (words, error) {
	script, err := json.Marshal(map[string]string{"sort": l.Pick("点击排序", "sort")})
	return words{
		Contents: l.Pick("目录", "Contents"),
		Stamp:    l.Pick("数据指纹", "Stamp"),
		Appendix: l.Pick("附录　数据如何得来", "Appendix: how the figures were made"),
		AppendixIntro: l.Pick("每项指标列出定义、公式、依据与查询语句，随后逐部门列出分子、分母、样本量与区间。正文中带虚下划线的数字链接至此。",
			"Each indicator is given with its definition, formula, basis and query, followed by numerator, denominator, number of cases and interval of every department. Figures with a dotted underline lead here."),
		Unit: l.Pick("单位：", "Unit: "), Source: l.Pick("来源：", "Source: "), Remark: l.Pick("注：", "Note: "),
		How: l.Pick("数据如何得来", "How this was made"), Behind: l.Pick("图中数据", "Data of the figure"), SQL: l.Pick("查询语句", "Query (SQL)"),
		Figure: l.Pick("图 %d", "Figure %d"), Table: l.Pick("表 %d", "Table %d"),
		Interval: l.Pick("区间", "interval"), Target: l.Pick("目标", "target"),
		NoteKinds: [3]string{l.Pick("说明", "Note"), l.Pick("注意", "Caution"), l.Pick("超限", "Breach")},
		Total:     l.Pick("合计", "Total"),
		Script:    template.JS(script),
	}, err
}
