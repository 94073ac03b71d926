package scorecard

import (
	"time"

	"weir/reports/document"
	"weir/reports/dossier"
)

// objections say how the department objects, and list those that it filed until the month was closed.
func (b *builder) objections() (document.Section, error) {
	s := document.Section{ID: "objections", Title: b.T("申诉", "Objections")}
	contact := b.terms.Contact.In(b.Lang)
	if contact == "" {
		contact = b.Organisation.In(b.Lang)
	}
	deadline := b.F("月结之日起 %d 个工作日内", "within %d working days of the close", b.terms.Days)
	if !b.terms.Deadline.IsZero() {
		deadline += b.F("（至 %s）", " (until %s)", b.terms.Deadline.Format(time.DateOnly))
	}
	step := func(head, text string) document.Paragraph {
		return *document.Spans(document.Span{Text: head, Strong: true}, document.Span{Text: text})
	}
	s.Blocks = append(s.Blocks, document.P(b.T("对本评分卡中的任何数值有异议，可按下列方式提出。申诉期间数值照常列示；成立的，更正数据后重新月结，形成新的版次，旧版次保留。",
		"Any figure on this scorecard can be objected to as follows. It stands while the objection is examined; where the objection holds, the data are corrected and the month is closed again as a new revision, and the old one is kept.")),
		&document.List{Ordered: true, Items: []document.Paragraph{
			step(b.T("期限。", "When. "), deadline+b.T("。", ".")),
			step(b.T("途径。", "Where. "), b.F("在系统的部门页面点开该指标，选择“提出申诉”；或书面报送%s。", "On the department's page of the service open the indicator and choose “object”; or write to %s.", contact)),
			step(b.T("写明。", "What to state. "), b.F("引用编号（月份.版次/部门/指标，如 %s.%d/%s/update_on_time_rate）、认为有误的行（附录或清单中的编号）、应为何值、佐证材料。",
				"The reference (month.revision/department/indicator, such as %s.%d/%s/update_on_time_rate), the rows held to be wrong (by their numbers in the lists or the appendix), what they should be, and proof.",
				b.Month.Month, b.Month.Revision, b.department)),
			step(b.T("答复。", "The answer. "), b.T("逐条书面答复并说明依据；不成立的，说明理由。", "Each is answered in writing with its grounds; where it does not hold, the reason is given.")),
		}})
	var own []dossier.Objection
	for _, o := range b.Dossier.Objections {
		if o.Department == b.department {
			own = append(own, o)
		}
	}
	if len(own) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("截至月结，本部门没有登记的申诉。", "Until the close this department had no objection on record.")))
		return s, nil
	}
	t := &document.Table{ID: "objections-filed", Title: b.F("截至月结登记的 %d 件申诉", "%d objections on record until the close", len(own)), Source: b.Source(), Columns: []document.Column{
		{ID: "number", Title: b.T("编号", "Number"), Kind: document.KindNumber}, {ID: "month", Title: b.T("针对月份", "Month"), Kind: document.KindMonth},
		{ID: "indicator", Title: b.T("指标", "Indicator")}, {ID: "filed", Title: b.T("提出日期", "Filed"), Kind: document.KindDate}, {ID: "state", Title: b.T("状态", "State")},
	}}
	for _, o := range own {
		name := b.T("综合得分", "score")
		if p := b.Indicator(o.Indicator); p != nil {
			name = p.Name.In(b.Lang)
		} else if o.Indicator != "" {
			name = o.Indicator
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.Number(float64(o.Number)), document.Text(o.Month), document.Text(name), document.Text(b.Day(&o.FiledAt)), document.Text(b.objectionState(o.State))}})
	}
	s.Blocks = append(s.Blocks, t)
	return s, nil
}

func (b *builder) objectionState(state string) string {
	switch state {
	case "open":
		return b.T("办理中", "open")
	case "accepted":
		return b.T("成立", "accepted")
	case "rejected":
		return b.T("不成立", "rejected")
	case "withdrawn":
		return b.T("已撤回", "withdrawn")
	}
	return state
}
