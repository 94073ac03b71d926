package monthly

import "weir/reports/document"

// method is the way from rows to grades in one page.
func (b *builder) method() (document.Section, error) {
	return document.Section{ID: "method", Title: b.T("方法说明", "Method"), Blocks: b.Method()}, nil
}
