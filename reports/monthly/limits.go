package monthly

import (
	"slices"

	"weir/reports/document"
	"weir/reports/dossier"
	"weir/reports/finding"
)

// mostOverdue is how many single cases the overview lists.
const mostOverdue = 15

// limits lists the time limits that were passed, by article.
func (b *builder) limits() (document.Section, error) {
	s := document.Section{ID: "limits", Title: b.T("法定时限执行情况", "Time limits set by law")}
	tallies := finding.Tallies(b.Reading, "")
	if len(tallies) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("本月没有到期事项，或申请、校核、回流等数据未接入。", "No case fell due this month, or requests, tickets and returns are not connected.")))
		return s, nil
	}
	late := 0
	t := &document.Table{ID: "limits-by-article", Source: b.Source(), Total: true,
		Note: b.T("逾期含到期未办；经批准并告知的延期已扣除。“管理标准”不是法定时限。", "Late includes what is still open; extensions approved and notified are allowed for. A management standard is no legal limit."),
		Columns: []document.Column{
			{ID: "duty", Title: b.T("事项", "Duty")}, {ID: "source", Title: b.T("依据", "Basis")}, {ID: "limit", Title: b.T("时限", "Limit")}, {ID: "nature", Title: b.T("性质", "Nature")},
			{ID: "due", Title: b.T("到期", "Fell due"), Unit: b.T("件", ""), Kind: document.KindNumber, Total: document.TotalSum},
			{ID: "late", Title: b.T("逾期", "Late"), Unit: b.T("件", ""), Kind: document.KindNumber, Total: document.TotalSum},
			{ID: "share", Title: b.T("逾期率", "Share late"), Unit: "%", Kind: document.KindNumber, Decimals: 1, Ratio: document.Ratio{Numerator: "late", Denominator: "due", Factor: 100}},
			{ID: "departments", Title: b.T("逾期部门（件数）", "Departments with late cases")},
		}}
	for _, tally := range tallies {
		nature := b.T("法定", "law")
		if !tally.Rule.IsLaw {
			nature = b.T("管理标准", "standard")
		}
		if tally.Rule.IsLaw {
			late += tally.Late
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			document.Text(tally.Rule.Name.In(b.Lang)), document.Text(tally.Rule.Source.In(b.Lang)), document.Text(tally.Rule.Limit.In(b.Lang)), document.Text(nature),
			document.Number(float64(tally.Due)), document.Number(float64(tally.Late)), document.Number(100 * float64(tally.Late) / float64(tally.Due)), document.Text(b.lateDepartments(tally)),
		}})
	}
	t.Title = b.F("本月有 %d 件超过法定时限", "%d cases passed a legal limit this month", late)
	if late == 0 {
		t.Title = b.T("本月没有事项超过法定时限", "No case passed a legal limit this month")
	}
	s.Blocks = append(s.Blocks, t)
	if longest := b.longest(); len(longest) > 0 {
		title := b.F("拖延最久的 %d 件", "The %d cases that are longest overdue", len(longest))
		o := b.OverdueTable("limits-cases", title, longest, true)
		if more := len(b.Dossier.Overdue) - len(longest); more > 0 {
			o.Note = b.F("另有 %d 件，见各部门评分卡。", "%d more are listed in the scorecards of the departments.", more)
		}
		s.Blocks = append(s.Blocks, o)
	}
	return s, nil
}

// mostNamed is how many departments a cell names.
const mostNamed = 4

func (b *builder) lateDepartments(t finding.Tally) string {
	var names []string
	for i, d := range t.Departments {
		if i == mostNamed {
			more := len(t.Departments) - mostNamed
			word := "%d others"
			if more == 1 {
				word = "%d other"
			}
			names = append(names, b.F("其他 %d 个部门", word, more))
			break
		}
		names = append(names, b.F("%s %d", "%s %d", b.Name(d.Department), d.Late))
	}
	return b.List(names)
}

// longest lists the cases that are overdue longest, those still open first among equals.
func (b *builder) longest() []dossier.Overdue {
	list := slices.Clone(b.Dossier.Overdue)
	slices.SortStableFunc(list, func(x, y dossier.Overdue) int {
		if x.DaysLate != y.DaysLate {
			return y.DaysLate - x.DaysLate
		}
		switch {
		case x.Done == nil && y.Done != nil:
			return -1
		case x.Done != nil && y.Done == nil:
			return 1
		}
		return 0
	})
	return list[:min(mostOverdue, len(list))]
}
