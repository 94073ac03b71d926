package monthly

import (
	"weir/reports/document"
)

// integrity lists the measures of how far the records can be trusted that lie beyond their limits. They lower
// nothing: people decide.
func (b *builder) integrity() (document.Section, error) {
	s := document.Section{ID: "integrity", Title: b.T("数据真实性提示", "Can the records be trusted")}
	if len(b.Month.Integrity) == 0 {
		return s, nil
	}
	t := b.IntegrityTable("integrity-flags", "", b.Departments()...)
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, document.P(b.T("各部门的真实性度量均在限值之内。", "All measures of all departments lie within their limits.")))
		return s, nil
	}
	t.Title = b.F("%d 项度量超出限值，建议核查", "%d measures lie beyond their limits; proposal: look into them", len(t.Rows))
	s.Blocks = append(s.Blocks, t)
	return s, nil
}
