package notebook

import (
	"strings"

	"weir/internal/lang"
	"weir/queries/page"
	"weir/queries/views"
)

// vocabulary names the columns that most notebooks make, so that a page need not explain them again.
var vocabulary = map[string]page.ResultColumn{
	"department":   {Text: lang.T("部门", "Department")},
	"provider":     {Text: lang.T("提供部门", "Provider")},
	"consumer":     {Text: lang.T("使用部门", "Consumer")},
	"requester":    {Text: lang.T("申请部门", "Requester")},
	"scenario":     {Text: lang.T("应用场景", "Scenario")},
	"resource":     {Text: lang.T("数据资源", "Resource")},
	"dataset":      {Text: lang.T("数据目录项", "Dataset")},
	"indicator":    {Text: lang.T("指标", "Indicator")},
	"kind":         {Text: lang.T("数据种类", "Kind of data")},
	"exchanges":    {Text: lang.T("有效交换数", "Effective exchanges"), Unit: "次 | exchanges"},
	"resources":    {Text: lang.T("数据资源数", "Resources"), Unit: "项 | resources"},
	"datasets":     {Text: lang.T("目录项数", "Datasets"), Unit: "项 | datasets"},
	"consumers":    {Text: lang.T("使用部门数", "Consumers"), Unit: "个 | departments"},
	"providers":    {Text: lang.T("提供部门数", "Providers"), Unit: "个 | departments"},
	"requests":     {Text: lang.T("申请数", "Requests"), Unit: "件 | requests"},
	"share":        {Text: lang.T("占比", "Share"), Unit: "%"},
	"working_days": {Text: lang.T("工作日数", "Working days"), Unit: "工作日 | working days"},
	"days":         {Text: lang.T("天数", "Days"), Unit: "天 | days"},
	"low":          {Text: lang.T("下限", "Low")},
	"high":         {Text: lang.T("上限", "High")},
}

// labels name the columns of results: by the notebook itself, else as the published schema names a column of that name,
// else by the column's own name.
type labels struct {
	notebook *page.Notebook
	lang     lang.Lang
}

func newLabels(n *page.Notebook, l lang.Lang) labels { return labels{n, l} }

func (s labels) name(column string) string {
	if c, ok := s.notebook.Columns[column]; ok {
		return c.In(s.lang)
	}
	if c, ok := vocabulary[column]; ok {
		return c.In(s.lang)
	}
	if c, ok := published(column); ok {
		text := c.In(s.lang)
		// A heading needs no explanation in brackets.
		for _, mark := range []string{"（", " (", "，", "：", ": "} {
			text, _, _ = strings.Cut(text, mark)
		}
		return text
	}
	return strings.ReplaceAll(column, "_", " ")
}

// named tells whether a column has a name in both languages.
func (s labels) named(column string) bool {
	_, own := s.notebook.Columns[column]
	_, common := vocabulary[column]
	_, known := published(column)
	return own || common || known
}

// unit is that of the cell's chart, else of the first of the named columns.
func (s labels) unit(cell page.Cell, columns string) string {
	if cell.Unit != "" {
		return lang.Split(cell.Unit).In(s.lang)
	}
	first, _, _ := strings.Cut(columns, ",")
	return s.columnUnit(first)
}

func (s labels) columnUnit(column string) string {
	if c, ok := s.notebook.Columns[column]; ok {
		return lang.Split(c.Unit).In(s.lang)
	}
	if c, ok := vocabulary[column]; ok {
		return lang.Split(c.Unit).In(s.lang)
	}
	if c, ok := published(column); ok {
		return views.Units[c.Unit].In(s.lang)
	}
	return ""
}

// decimals are those stated for a column; ok is false where the values decide.
func (s labels) decimals(column string) (n int, ok bool) {
	if c, found := s.notebook.Columns[column]; found && c.Decimals != nil {
		return *c.Decimals, true
	}
	return 0, false
}

// published is the first published column of a name.
func published(column string) (views.Column, bool) {
	for _, v := range views.All() {
		for _, c := range v.Columns {
			if c.Name == column {
				return c, true
			}
		}
	}
	return views.Column{}, false
}
