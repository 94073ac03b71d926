package notebook

import (
	"context"
	"fmt"
	"slices"

	"weir/internal/lang"
	"weir/internal/problem"
	"weir/internal/runner"
	"weir/queries/page"
	"weir/queries/views"
)

// Check plans every cell with its default values, without reading any data, and reports every problem at its line:
// names that hide tables, cells without order, columns that a chart names and the cell does not give.
func (h *Host) Check(ctx context.Context, n *page.Notebook, l lang.Lang) (problem.List, error) {
	var problems problem.List
	add := func(line, column int, zhWhat, enWhat, zhCure, enCure string) {
		problems = append(problems, problem.Problem{File: n.File, Line: line, Column: column, What: l.Pick(zhWhat, enWhat), Cure: l.Pick(zhCure, enCure)})
	}
	values, err := h.Resolve(ctx, n, nil)
	if err != nil {
		return problem.List{{File: n.File, Line: 1, What: err.Error()}}, nil
	}
	for _, cell := range n.Cells {
		if _, published := views.Find(cell.Name); published {
			add(cell.SQL.Line-1, 0, "单元 "+cell.Name+" 与公开的表同名", "the cell "+cell.Name+" has the name of a published table", "换一个名称", "choose another name")
		}
	}
	faulty, err := h.checkTexts(ctx, n, Bound(values), l, add)
	if err != nil {
		return nil, err
	}
	var cells []page.Cell
	var queries []composed
	var texts []string
	for _, cell := range n.Cells {
		if !faulty[cell.Name] {
			c := compose(n, cell)
			cells, queries, texts = append(cells, cell), append(queries, c), append(texts, c.sql)
		}
	}
	planned, err := h.Runner.Plan(ctx, h.request(n, "", Bound(values)), texts...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.File, err)
	}
	for i, cell := range cells {
		// A cell fails with those that it uses, and is at fault itself only when they are sound.
		if slices.ContainsFunc(closure(n, cell), func(c page.Cell) bool { return faulty[c.Name] }) {
			faulty[cell.Name] = true
			continue
		}
		if f := planned[i].Failure; f != nil {
			problems, faulty[cell.Name] = append(problems, failed(n, queries[i], f, l)), true
			continue
		}
		checkChart(n, cell, planned[i].Columns, add)
	}
	problems.Sort()
	return problems, nil
}

// checkTexts judges each cell by itself, which gives exact places, and notes which are not fit to be planned.
func (h *Host) checkTexts(ctx context.Context, n *page.Notebook, bound map[string]any, l lang.Lang, add func(int, int, string, string, string, string)) (map[string]bool, error) {
	texts := make([]string, len(n.Cells))
	var names []string
	for i, c := range n.Cells {
		texts[i], names = c.SQL.Text, append(names, c.Name)
	}
	found, err := h.Runner.Inspect(ctx, texts, h.names(bound, names...))
	if err != nil {
		return nil, err
	}
	faulty := map[string]bool{}
	for i, f := range found {
		cell := n.Cells[i]
		if f.Refusal != nil {
			faulty[cell.Name] = true
			line := cell.SQL.Line
			if f.Refusal.Line > 0 {
				line += f.Refusal.Line - 1
			}
			add(line, f.Refusal.Column, "单元 "+cell.Name+"："+f.Refusal.What.Zh, "cell "+cell.Name+": "+f.Refusal.What.En, f.Refusal.Cure.Zh, f.Refusal.Cure.En)
			continue
		}
		for _, t := range f.Statement.Tables {
			if j := slices.Index(names, t.Name); j >= i {
				faulty[cell.Name] = true
				add(cell.SQL.Line+t.Line-1, t.Column, "单元 "+cell.Name+" 使用了其后的单元 "+t.Name, "the cell "+cell.Name+" uses "+t.Name+", which does not stand before it", "只能使用前面的单元", "a cell may use the cells above it")
			}
		}
		if !f.Statement.Ordered && cell.Chart != "hidden" {
			add(cell.SQL.Line, 0, "单元 "+cell.Name+" 的结果没有次序", "the rows of the cell "+cell.Name+" have no order", "以 ORDER BY 结束，使同样的数据得到同样的次序", "end it with ORDER BY, so that the same data give the same order")
		}
	}
	return faulty, nil
}

// checkChart finds columns that the chart names and the cell does not give, and what the chart lacks.
func checkChart(n *page.Notebook, cell page.Cell, columns []runner.Column, add func(int, int, string, string, string, string)) {
	line := cell.SQL.Line - 1
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	for _, role := range chartRoles(cell) {
		for _, name := range role.columns {
			if !slices.Contains(names, name) {
				cure := problem.DidYouMean(name, names)
				add(line, 0, fmt.Sprintf("单元 %s：%s= 的列 %s 不在结果中", cell.Name, role.key, name), fmt.Sprintf("cell %s: %s= names %s, which is no column of the result", cell.Name, role.key, name), cure, cure)
			}
		}
		if role.required && len(role.columns) == 0 {
			add(line, 0, fmt.Sprintf("单元 %s：图形 %s 需要 %s=", cell.Name, cell.Chart, role.key), fmt.Sprintf("cell %s: the chart %s needs %s=", cell.Name, cell.Chart, role.key), "写在代码块首行", "write it on the first line of the block")
		}
	}
	if drawn(cell) && cell.Chart != "number" && cell.Chart != "flows" && newLabels(n, lang.En).unit(cell, cell.Y) == "" {
		add(line, 0, "单元 "+cell.Name+"：图形没有单位", "cell "+cell.Name+": the chart has no unit", "写 unit=，或在 columns 中给出该列的单位", "write unit=, or give the column's unit under columns")
	}
	if drawn(cell) && cell.Title == "" {
		add(line, 0, "单元 "+cell.Name+"：图形没有标题", "cell "+cell.Name+": the chart has no title", "写 title=\"中文 | English\"", "write title=\"中文 | English\"")
	}
}
