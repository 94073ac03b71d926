package reading

import (
	"slices"
	"weir/internal/lang"

	"weir/reports/document"
	"weir/reports/dossier"
)

// OverdueTable lists cases whose limit passed. named adds the department in charge.
func (r *Reading) OverdueTable(id, title string, list []dossier.Overdue, named bool) *document.Table {
	t := &document.Table{ID: id, Title: title, Source: r.Source(), Columns: []document.Column{
		{ID: "department", Title: r.T("责任部门", "Department")},
		{ID: "duty", Title: r.T("事项", "Duty")},
		{ID: "case", Title: r.T("编号", "Case")},
		{ID: "subject", Title: r.T("内容", "Subject")},
		{ID: "counterpart", Title: r.T("对方部门", "Other department")},
		{ID: "start", Title: r.T("起算日", "From"), Kind: document.KindDate},
		{ID: "due", Title: r.T("到期日", "Due"), Kind: document.KindDate},
		{ID: "done", Title: r.T("办结日", "Done"), Kind: document.KindDate},
		{ID: "late", Title: r.T("逾期", "Late by"), Unit: r.T("工作日", "working days"), Kind: document.KindNumber},
	}}
	for _, o := range list {
		rule, _ := r.Dossier.Rule(o.Rule)
		done := document.Text(r.T("未办结", "open"))
		if o.Done != nil {
			done = document.Text(r.Day(o.Done))
		}
		other := document.Empty()
		if o.Counterpart != "" {
			other = document.Text(r.Name(o.Counterpart))
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(r.Name(o.Department)), document.Text(rule.Name.In(r.Lang)), document.Text(o.Case), document.Text(o.Subject),
			other, document.Text(r.Day(&o.Start)), document.Text(r.Day(&o.Due)), done, document.Number(float64(o.DaysLate))}})
	}
	if !named {
		dropFirst(t)
	}
	return t
}

// SleepersTable lists dormant resources. named adds the department.
func (r *Reading) SleepersTable(id, title string, list []dossier.Dormant, named bool) *document.Table {
	t := &document.Table{ID: id, Title: title, Source: r.Source(), Columns: []document.Column{
		{ID: "department", Title: r.T("部门", "Department")},
		{ID: "title", Title: r.T("资源", "Resource")},
		{ID: "resource", Title: r.T("标识", "Identifier")},
		{ID: "kind", Title: r.T("数据种类", "Kind of data")},
		{ID: "bytes", Title: r.T("存储量", "Stored"), Unit: "GB", Kind: document.KindNumber, Decimals: 1},
		{ID: "days", Title: r.T("挂接天数", "Days mounted"), Unit: r.T("天", "days"), Kind: document.KindNumber},
		{ID: "used", Title: r.T("近 365 日末次取用", "Last taken within 365 days"), Kind: document.KindDate},
	}}
	for _, d := range list {
		used := document.Text(r.T("无", "never"))
		if d.LastUsed != nil {
			used = document.Text(r.Day(d.LastUsed))
		}
		days := document.Empty()
		if d.Days > 0 {
			days = document.Number(float64(d.Days))
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(r.Name(d.Department)), document.Text(d.Title), document.Text(d.Resource), document.Text(d.DataKind),
			document.Number(float64(d.Bytes) / 1e9), days, used}})
	}
	if !named {
		dropFirst(t)
	}
	return t
}

// StaleTable lists resources that missed updates they promised.
func (r *Reading) StaleTable(id, title string, list []dossier.Stale) *document.Table {
	t := &document.Table{ID: id, Title: title, Source: r.Source(), Columns: []document.Column{
		{ID: "title", Title: r.T("资源", "Resource")},
		{ID: "resource", Title: r.T("标识", "Identifier")},
		{ID: "kind", Title: r.T("数据种类", "Kind of data")},
		{ID: "cadence", Title: r.T("承诺周期", "Promised period")},
		{ID: "due", Title: r.T("到期周期", "Periods due"), Kind: document.KindNumber},
		{ID: "missed", Title: r.T("落空", "Missed"), Kind: document.KindNumber},
		{ID: "last", Title: r.T("最近更新", "Last update"), Kind: document.KindDate},
	}}
	for _, s := range list {
		last := document.Text(r.T("无记录", "none on record"))
		if s.LastUpdate != nil {
			last = document.Text(s.LastUpdate.In(r.Zone).Format("2006-01-02"))
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Text(s.Title), document.Text(s.Resource), document.Text(s.DataKind), document.Text(r.Cadence(s.Cadence)),
			document.Number(float64(s.Due)), document.Number(float64(s.Missed)), last}})
	}
	return t
}

// cadences are the usual update periods in words.
var cadences = map[string][2]string{
	"PT1H": {"每小时", "hourly"}, "P1D": {"每日", "daily"}, "P7D": {"每周", "weekly"}, "P1W": {"每周", "weekly"}, "P10D": {"每旬", "every ten days"},
	"P15D": {"每半月", "every half month"}, "P1M": {"每月", "monthly"}, "P2M": {"每两月", "every two months"}, "P3M": {"每季", "quarterly"},
	"P6M": {"每半年", "every half year"}, "P1Y": {"每年", "yearly"}, "P12M": {"每年", "yearly"}, "realtime": {"实时", "real time"}, "irregular": {"不定期", "irregular"}, "static": {"不更新", "static"},
}

// Cadence is a promised update period in words; one that is not usual stays as the catalogue states it.
func (r *Reading) Cadence(period string) string { return Cadence(period, r.Lang) }

// Cadence is a promised update period in words of a language; one that is not usual stays as it is stated.
func Cadence(period string, l lang.Lang) string {
	if words, ok := cadences[period]; ok {
		return l.Pick(words[0], words[1])
	}
	return period
}

// dropFirst removes the first column.
func dropFirst(t *document.Table) {
	t.Columns = slices.Delete(t.Columns, 0, 1)
	for i := range t.Rows {
		t.Rows[i].Cells = t.Rows[i].Cells[1:]
	}
}
