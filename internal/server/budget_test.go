package server

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"weir/internal/lang"
	"weir/reports/document"
)

// review is a budget review with one chapter that the page shows and one that it leaves to the report.
type review struct{ stamp string }

func (v review) Review(_ context.Context, month string, l lang.Lang) (*document.Document, error) {
	table := &document.Table{ID: "t", Title: "执行", Total: true, Columns: []document.Column{
		{ID: "department", Title: "部门"}, {ID: "annual", Title: "预算", Group: "金额", Kind: document.KindNumber, Total: document.TotalSum}, {ID: "spent", Title: "执行", Group: "金额", Kind: document.KindNumber, Total: document.TotalSum},
		{ID: "rate", Title: "执行率", Unit: "%", Kind: document.KindNumber, Decimals: 1, Ratio: document.Ratio{Numerator: "spent", Denominator: "annual", Factor: 100}}},
		Rows: []document.Row{{Cells: []document.Cell{document.Text("部门MZ"), document.Number(200), document.Number(150), document.Number(75)}}, {Cells: []document.Cell{document.Text("部门GA"), document.Number(100), document.Number(30), document.Number(30)}}}}
	return &document.Document{Kind: "budget_review", Lang: l, Stamp: v.stamp, Sections: []document.Section{
		{ID: "notes", Title: "不在页上", Blocks: []document.Block{document.P("只在报告里")}},
		{ID: "analysis", Title: "分析", Sections: []document.Section{{ID: "execution", Title: "执行与双监控", Blocks: []document.Block{table}}}},
		{ID: "proposals", Title: "建议", Blocks: []document.Block{&document.List{Ordered: true, Items: []document.Paragraph{*document.Spans(document.Span{Text: "部门MZ：建议保障", Strong: true}, document.Span{Text: hostile, Explain: "reply_on_time_rate.MZ"})}}}},
	}}, nil
}

func TestBudgetReviewShowsItsChapters(t *testing.T) {
	g := newRig(t)
	g.server.parts.Reviews = review{strings.Repeat("c", 64)}
	_, text := g.as(t, "finance").get("/months/2026-10/budget")
	for _, want := range []string{"<b>部门MZ：建议保障</b>", `href="/months/2026-10/departments/MZ/reply_on_time_rate"`, `<a href="/months/2026-10/departments/MZ">部门MZ</a>`, `colspan="2">金额`,
		`data-v="300">300</td><td class="n" data-v="180">180</td>`, "60.0", `href="#execution"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(text, "只在报告里") || strings.Index(text, `id="proposals"`) > strings.Index(text, `id="execution"`) {
		t.Error("the chapters are not those of the page, in its order")
	}
	if strings.Contains(text, "<script>alert") {
		t.Error("a text of the document is not escaped")
	}
	if _, own := g.as(t, "own").get("/months/2026-10/budget"); strings.Contains(own, "建议保障") || strings.Contains(own, "部门GA") {
		t.Error("a department sees what is proposed for others")
	}
}

func TestBudgetReviewOfAnotherRevisionIsNotShown(t *testing.T) {
	g := newRig(t)
	g.server.parts.Reviews = review{strings.Repeat("d", 64)}
	if code, _ := g.as(t, "finance").get("/months/2026-10/budget"); code != http.StatusConflict {
		t.Errorf("status %d", code)
	}
}
