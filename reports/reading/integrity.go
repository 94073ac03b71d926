package reading

import (
	"strings"

	"weir/internal/lang"
	"weir/metrics"
	"weir/reports/document"
)

// evidenceShown is how many pieces of evidence a row of the table quotes.
const evidenceShown = 2

// IntegrityTable lists the flagged measures of the departments with limit and evidence.
func (r *Reading) IntegrityTable(id, title string, departments ...string) *document.Table {
	t := &document.Table{ID: id, Title: title, Source: r.Source(),
		Note: r.T("超出限值只作提示，不影响得分，由人核查判断。", "A flag is a hint to look and lowers no score: people decide."),
		Columns: []document.Column{
			{ID: "department", Title: r.T("部门", "Department")}, {ID: "measure", Title: r.T("度量", "Measure")},
			{ID: "value", Title: r.T("数值", "Value")}, {ID: "limit", Title: r.T("限值", "Limit")},
			{ID: "n", Title: "n", Kind: document.KindNumber}, {ID: "evidence", Title: r.T("证据（前几条）", "Evidence (first rows)")},
		}}
	for _, department := range departments {
		for _, flag := range r.Month.Flags(department) {
			n := document.Empty()
			if flag.N != nil {
				n = document.Number(float64(*flag.N))
			}
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(r.Name(department)), document.Text(r.measure(flag.Indicator)),
				document.Text(r.measured(flag, flag.Value)), document.Text(r.limit(flag)), n, document.Text(r.evidence(flag))}})
		}
	}
	used := t.Used("department", "measure", "value", "limit", "n") // a month without records has no rows to quote
	return &used
}

func (r *Reading) measure(id string) string {
	if p := r.indicators[id]; p != nil {
		return p.Name.In(r.Lang)
	}
	return id
}

func (r *Reading) measured(flag metrics.Integrity, v *float64) string {
	if v == nil {
		return ""
	}
	if p := r.indicators[flag.Indicator]; p != nil {
		return r.Amount(p, *v)
	}
	return document.FormatNumber(*v, 2)
}

func (r *Reading) limit(flag metrics.Integrity) string {
	side := "≥ "
	if flag.Above {
		side = "≤ "
	}
	return side + r.measured(flag, flag.Limit)
}

// evidenceWords name the columns that the integrity measures quote; another column is named by its identifier.
var evidenceWords = map[string]lang.Text{
	"day": {Zh: "", En: ""}, "resource_id": {Zh: "资源", En: "resource"}, "consumer_id": {Zh: "使用部门", En: "used by"}, "scenario_id": {Zh: "场景", En: "scenario"},
	"delivered": {Zh: "送达次数", En: "delivered"}, "exchanges": {Zh: "有效交换次数", En: "effective exchanges"}, "empty_events": {Zh: "空返回次数", En: "empty returns"},
	"ok_events": {Zh: "成功调用次数", En: "successful calls"}, "events": {Zh: "事件数", En: "events"}, "zero_reports": {Zh: "零报告数", En: "zero reports"},
	"is_last_three_days": {Zh: "月末三日", En: "last three days"}, "robot_events": {Zh: "机器密集调用次数", En: "machine-dense calls"},
	"self_events": {Zh: "自用次数", En: "own use"}, "delivered_events": {Zh: "送达次数", En: "delivered"},
}

// evidence quotes the first rows in words.
func (r *Reading) evidence(flag metrics.Integrity) string {
	var rows []string
	for i, row := range flag.Evidence {
		if i == evidenceShown {
			break
		}
		var cells []string
		for k, cell := range row {
			if cell != "" && k < len(flag.Columns) {
				cells = append(cells, r.quote(flag.Columns[k], cell))
			}
		}
		rows = append(rows, strings.Join(cells, r.T("，", ", ")))
	}
	return strings.Join(rows, r.T("；", "; "))
}

func (r *Reading) quote(column, cell string) string {
	switch {
	case cell == "true":
		cell = r.T("是", "yes")
	case cell == "false":
		cell = r.T("否", "no")
	case column == "consumer_id":
		cell = r.Name(cell)
	}
	word, known := evidenceWords[column]
	if !known {
		return column + " = " + cell
	}
	return strings.TrimSpace(word.In(r.Lang) + " " + cell)
}
